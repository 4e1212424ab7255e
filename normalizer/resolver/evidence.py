"""What speaks for each bearer of a name: numbers for the model.

Every entry of a row has a name in PERSON, THING or NOBODY; `wording` says the same in words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from math import log, log1p
from typing import Final

from normalizer.gazetteer import Form, Gazetteer
from normalizer.resolver.bearers import Bearer
from normalizer.resolver.countries import HERE, countries
from normalizer.resolver.options import FULL, INITIALS, NAME, Option, Place
from normalizer.resolver.page import Page, Word
from normalizer.resolver.people import is_given_name
from normalizer.resolver.roles import agreeing_roles, plain_roles, top_roles
from normalizer.resolver.setting import BESIDE, NEAR, Setting
from normalizer.resolver.support import capital_in_lower_case
from normalizer.resolver.usage import beside_odds, word_use

PERSON: Final = (
    *("prominence", "listed", "unlisted", "in_years", "years_late", "prominent_then"),
    *("holds_post", "top_office", "title_post", "title_office", "title_against", "title_unknown", "man", "woman"),
    *("signs_at_post", "signs_elsewhere", "post_at_origin", "post_near", "post_in_document"),
    *("country_beside", "country_near", "country_share", "country_absent", "origin_home", "no_country"),
    *("own_name", "rival_name", "name", "given", "initials", "alias", "misreading", "scoped"),
    *("told", "rival_told", "company"),
)
"""Of a person whom a place may mean. The last three are known when a first look at all places is done."""
THING: Final = (
    *("country", "capital", "city", "other_place", "thing", "alias_thing", "beside_thing", "near_thing"),
    *("share_thing", "origin_thing", "own_name_thing", "placed", "called_thing", "common_thing"),
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
        "signs",
        "alone",
        "line_start",
    ),
    *("in_sentence", "beside", "small_share", "frequent", "other_bearer", "namesakes", "repaired", "joined", "in_list"),
    *("no_date", "initial_only", "named"),
)
"""Of the place itself: how likely nobody of the gazetteer is meant."""

_YEAR = 365.25
_LATE = 20
_AHEAD = frozenset({"ambassador", "charge", "consul"})


class Witness:
    """Fills in the rows of a document's places."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        bearer: Callable[[int], Bearer],
        setting: Setting,
        own: Collection[int],
        others: set[str],
    ) -> None:
        """Look at one document.

        Args:
            gazetteer: Of the entities.
            bearer: Gives a person's facts.
            setting: What the document says as a whole.
            own: Numbers of the entities whose full name stands somewhere.
            others: Forms of family names that somebody else bears in the document.
        """
        self.gazetteer, self.bearer, self.setting, self.page = gazetteer, bearer, setting, setting.page
        self.own, self.others = own, others

    def look(self, place: Place) -> None:
        """Fill in the rows of a place and its options."""
        start, end = place.start, place.end
        beside = self.setting.countries_within(start, end, BESIDE)
        near = self.setting.countries_within(start, end, NEAR)
        signs = self.setting.signs(start, end)
        rival = {o.number for o in place.options if o.number in self.own}
        for option in place.people:
            option.row = self._person(option, place, beside, near, rival, signs=signs)
        for option in place.things:
            option.row = self._thing(option, place, beside, near)
        place.row = self._nobody(place, signs=signs)

    def _person(
        self, option: Option, place: Place, beside: set[str], near: set[str], rival: set[int], *, signs: bool
    ) -> list[float]:
        setting = self.setting
        when, origin, shares = setting.when, setting.origin, setting.shares
        who = self.bearer(option.number)
        held = who.held(when)
        roles = {t.role for t in held}
        posted = {t.country for t in held if t.country and t.country != HERE}
        prominence = log1p(who.prominence)
        in_years = when is not None and who.active.overlaps(when)
        late = 0.0
        if when is not None and not in_years and who.active.last is not None and when.first is not None:
            late = min(max(0.0, (when.first - who.active.last) / _YEAR), _LATE) / 10
        role = place.calling.role
        title = (0.0, 0.0, 0.0, 0.0)
        if role and role != "title" and role not in plain_roles():
            fitting = agreeing_roles(role)
            if roles & fitting:
                title = (1.0, 0.0, 0.0, 0.0)
            elif who.roles & fitting:
                title = (0.0, 1.0, 0.0, 0.0)
            elif who.roles:
                title = (0.0, 0.0, 1.0, 0.0)
            else:
                title = (0.0, 0.0, 0.0, 1.0)
        at_origin = bool(posted & origin)
        home = who.home
        share = max((shares.get(c, 0.0) for c in home), default=0.0)
        return [
            prominence,
            float(who.prominence > 0),
            float(who.by_hand),
            float(in_years),
            late,
            prominence if in_years else 0.0,
            float(bool(held)),
            float(bool(roles & top_roles())),
            *title,
            float(role == "mrs" and not who.woman),
            float(role == "mrs" and who.woman),
            float(signs and at_origin),
            float(signs and not at_origin and bool(posted or home)),
            float(not signs and at_origin),
            float(bool(posted & near)),
            float(any(c in shares for c in posted)),
            float(bool(home & beside)),
            float(bool(home & near)),
            share,
            float(bool(home) and bool(shares) and not share),
            float(bool(home & origin)),
            float(not home),
            # A title that he never had tells him from the bearer whose full name stands in the document.
            float(option.number in self.own and not title[2]),
            float(bool(rival) and option.number not in rival and not title[0] and not title[1]),
            float(option.level == NAME),
            float(option.level == FULL),
            float(option.level == INITIALS),
            float(bool(option.marks & Form.ALIAS)),
            float(bool(option.marks & Form.MISREADING)),
            float(option.scoped),
            0.0,
            0.0,
            0.0,
        ]

    def _thing(self, option: Option, place: Place, beside: set[str], near: set[str]) -> list[float]:
        ent = self.gazetteer.entity(option.number)
        kind = ent.kind if ent.type == "place" else None
        of = countries(ent.country) if ent.country else frozenset()
        seat = kind in ("country", "capital")
        return [
            float(kind == "country"),
            float(kind == "capital"),
            float(kind == "city"),
            float(ent.type == "place" and not seat and kind != "city"),
            float(ent.type != "place"),
            float(bool(option.marks & Form.ALIAS)),
            float(kind != "country" and bool(of & beside)),
            float(kind != "country" and bool(of & near)),
            max((self.setting.shares.get(c, 0.0) for c in of), default=0.0),
            float(bool(of & self.setting.origin)),
            float(option.number in self.own),
            beside_odds(place.before, place.after, ent.label),
            float(bool(place.calling.role)),
            float(bool(option.marks & Form.COMMON)),
        ]

    def _nobody(self, place: Place, *, signs: bool) -> list[float]:
        page, start, end = self.page, place.start, place.end
        surface = page.text[start:end]
        word = page.text[start:end].lower()
        common = any(o.marks & Form.COMMON for o in place.people)
        role = place.calling.role
        frequent, small = word_use(word)
        level = max((o.level for o in place.people), default=0)
        repair = place.repair
        in_sentence = capital_in_lower_case(page, place.before, start, end, person=True)
        bare = level == 0 and not role and not in_sentence and not place.things
        return [
            1.0,
            float(common and bare),
            float(bare and is_given_name(surface)),
            float(surface.isupper()),
            float(surface.islower()),
            float(bool(role) and role != "officer" and role not in plain_roles()),
            float(role == "officer"),
            float(role in plain_roles()),
            float(signs),
            float(_alone(page, start, end)),
            float(place.before is None or "\n" in place.before.gap),
            float(in_sentence),
            beside_odds(place.before, place.after, "PERSON"),
            small if bare else 0.0,
            frequent if bare else 0.0,
            float(word in self.others),
            log(len(place.people) or 1),
            log(repair.score / (1.01 - repair.score)) if repair is not None else 0.0,
            float(_joined(surface, place.before, place.after)),
            float(_listed(place.before, place.after)),
            float(self.setting.when is None),
            float(level == INITIALS),
            float(level >= FULL),
        ]


def _alone(page: Page, start: int, end: int) -> bool:
    """Whether nothing else stands on the line."""
    text = page.text
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    return not text[first:start].strip() and not text[end : last if last >= 0 else len(text)].strip(" .,\t\r")


def _joined(surface: str, before: Word | None, after: Word | None) -> bool:
    """Whether another capitalised word stands right beside a name in a text of small letters, so that it is a part."""
    if surface.isupper():
        return False
    return (after is not None and after.gap == " " and after.text[0].isupper() and not after.text.isupper()) or (
        before is not None and before.gap == " " and before.text[0].isupper() and before.text[1:].islower()
    )


def _listed(before: Word | None, after: Word | None) -> bool:
    """Whether a comma or an `and` stands on both sides, as in a list."""
    left = before is not None and (before.gap == ", " or before.text.lower() == "and")
    return left and after is not None and (after.gap == ", " or after.text.lower() == "and")
