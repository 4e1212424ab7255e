"""How likely each bearer of a name is meant: a conditional logit over the options of a place and nobody.

    shipped_model().second.weigh(place, always)     # fills in place.nobody and the score of every option

Weights are learnt by `cablenorm learn identity`, which writes what it learnt from into the file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from typing import Any, Final

from normalizer.resolver.options import Option, Place, Row

PERSON: Final = (
    *("prominence", "listed", "in_years", "years_late", "holds_post", "top_office", "post_in_document"),
    *("country_share", "country_absent", "origin_home", "no_country"),
    *("title_post", "title_office", "title_against", "title_unknown", "mister", "man", "woman"),
    *("signs_at_post", "signs_elsewhere", "post_at_origin", "post_near", "country_beside", "country_near"),
    *("own_name", "rival_name", "name", "given", "initials", "alias", "told", "rival_told", "company"),
)
"""Of a person whom a place may mean. The last three are known when a first look at all places is done."""
THING: Final = (
    *("country", "capital", "city", "other_place", "thing", "alias_thing", "beside_thing", "near_thing"),
    *("share_thing", "origin_thing", "own_name_thing", "placed", "called_thing", "common_thing", "person_named"),
)
"""Of a place or a thing of the same name."""
NOBODY: Final = (
    *(
        "always",
        "common",
        "given_word",
        "capitals",
        "small",
        "title",
        "officer",
        "plain_title",
        "mrs",
        "article",
        "of",
        "signs",
        "alone",
        "line_start",
    ),
    *("in_sentence", "beside", "small_share", "frequent", "other_bearer", "namesakes", "repaired", "joined", "in_list"),
    *("no_date", "initial_only", "named"),
)
"""Of the place itself: how likely nobody of the gazetteer is meant."""

DATA = "identity.json"
_UNDATED = 0.4
"""What is left of `rival` where no date tells who lived and held which post."""
LOOKS = ("first", "second")


def total(row: Row, weights: Mapping[str, float]) -> float:
    """The sum of a row's entries, each times its weight."""
    added = 0.0
    for name, value in row.items():
        added += weights[name] * value
    return added


@dataclass(frozen=True, slots=True)
class Look:
    """Weights of one look at a document by the names of a row's entries."""

    person: dict[str, float]
    thing: dict[str, float]
    nobody: dict[str, float]

    def weigh(self, place: Place, always: Callable[[Option], float]) -> None:
        """Fill in how likely each option of a place is meant, and nobody.

        `always`: what this look makes of that part of a person's row that is the same in the whole document.
        """
        nobody = total(place.row, self.nobody)
        scores = [total(option.row, self.thing) for option in place.things]
        for option in place.people:
            own = option.row
            scores.append(always(option) + total(own, self.person) if own else always(option))
        highest = max(nobody, *scores)
        scores = [exp(score - highest) for score in scores]
        none = whole = exp(nobody - highest)
        for score in scores:
            whole += score
        place.nobody = none / whole
        for option, score in zip(place.options, scores, strict=True):
            option.score = score / whole


@dataclass(frozen=True, slots=True)
class Model:
    """Both looks and the thresholds.

    Attributes:
        first: By what a place and its document show.
        second: With what the first look made of the other places.
        link: From this probability on one bearer is linked.
        name: From this probability on that any bearer is meant the name is sure.
        rival: No bearer is linked beside others that are together more than this part as likely.
        careful: In the place of `link` and `name` where a document gives no date and hardly any volume lists the people
            of a name: then a name may be no more than a word that the scan destroyed.
    """

    first: Look
    second: Look
    link: float
    name: float
    rival: float
    careful: float

    def tells(self, first: float, rivals: float, *, careful: bool = False, dated: bool = True) -> bool:
        """Whether the likeliest bearer of such a probability is linked, that of all others being `rivals`."""
        most = self.rival if dated else self.rival * _UNDATED
        return first >= (self.careful if careful else self.link) and rivals <= most * first


def model_from(data: Mapping[str, Any]) -> Model:
    """The model of a file's content; a weight that the file lacks is 0."""
    first, second = (
        Look(
            _named(data[look]["person"], PERSON),
            _named(data[look]["thing"], THING),
            _named(data[look]["nobody"], NOBODY),
        )
        for look in LOOKS
    )
    return Model(first, second, float(data["link"]), float(data["name"]), float(data["rival"]), float(data["careful"]))


def _named(weights: Mapping[str, float], names: Sequence[str]) -> dict[str, float]:
    return {name: float(weights.get(name, 0.0)) for name in names}


@cache
def shipped_model() -> Model:
    """The model that the package ships."""
    return model_from(json.loads(files("normalizer").joinpath("data", DATA).read_text("utf-8")))
