"""How likely each bearer of a name is meant: a conditional logit over the options of a place and nobody.

    model = shipped_model()
    model.weigh(place, second=False)     # fills in place.nobody and the score of every option

Weights are learnt by `cablenorm learn identity`, which writes what it learnt from into the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from operator import mul
from typing import Any

from normalizer.gazetteer import Form
from normalizer.resolver.evidence import NOBODY, PERSON, THING
from normalizer.resolver.options import Place

DATA = "identity.json"
_UNDATED = 0.4
"""What is left of `rival` where no date tells who lived and held which post."""
LOOKS = ("first", "second")


@dataclass(frozen=True, slots=True)
class Look:
    """Weights of one look at a document, in the order of the rows."""

    person: tuple[float, ...]
    thing: tuple[float, ...]
    nobody: tuple[float, ...]

    def weigh(self, place: Place) -> None:
        """Fill in how likely each option of a place is meant, and nobody."""
        best: dict[int, float] = {}
        for option in place.options:
            weights = self.person if option.marks & Form.PERSON else self.thing
            score = sum(map(mul, option.row, weights))
            if score > best.get(option.number, -1e9):
                best[option.number] = score
        nobody = sum(map(mul, place.row, self.nobody))
        highest = max(nobody, *best.values())
        shares = {number: exp(score - highest) for number, score in best.items()}
        none = exp(nobody - highest)
        whole = none + sum(shares.values())
        place.nobody = none / whole
        for option in place.options:
            option.score = shares[option.number] / whole


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
            _ordered(data[look]["person"], PERSON),
            _ordered(data[look]["thing"], THING),
            _ordered(data[look]["nobody"], NOBODY),
        )
        for look in LOOKS
    )
    return Model(first, second, float(data["link"]), float(data["name"]), float(data["rival"]), float(data["careful"]))


def _ordered(weights: Mapping[str, float], names: Sequence[str]) -> tuple[float, ...]:
    return tuple(float(weights.get(name, 0.0)) for name in names)


@cache
def shipped_model() -> Model:
    """The model that the package ships."""
    return model_from(json.loads(files("normalizer").joinpath("data", DATA).read_text("utf-8")))
