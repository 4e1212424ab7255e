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

_BY_HAND = 10
"""Volumes that somebody is worth whom no volume lists and a gazetteer that is kept by hand names all the same."""
_ARTICLES = frozenset({"the", "a", "an", "this", "that", "these", "no", "any", "each", "every"})
_MISTER = frozenset({"Mr", "MR", "mr"})
_NO_MISTER = frozenset({"president", "king", "general", "admiral", "senator", "secretary-general"})
"""Roles whose holder is called by them and hardly `Mr.`"""
_YEAR = 365.25
_LATE = 20


_UNTITLED = (0.0, 0.0, 0.0, 0.0)


class _Known:
    """What a document says of a person wherever his name stands in it.

    Attributes:
        who: The person.
        roles, posted: Of the posts that he held then.
        at_origin: Whether the document comes from one of them.
        always: The part of his rows that is the same everywhere, in the order of PERSON.
    """

    __slots__ = ("always", "at_origin", "posted", "roles", "who")

    def __init__(self, who: Bearer, setting: Setting) -> None:
        when, shares, home = setting.when, setting.shares, who.home
        held = who.held(when)
        self.who = who
        self.roles = {role for t in held for role in t.roles}
        self.posted = {t.country for t in held if t.is_mission} - {"", HERE}
        self.at_origin = not setting.origin.isdisjoint(self.posted)
        in_years = when is not None and who.active.overlaps(when)
        late = 0.0
        if when is not None and not in_years and who.active.last is not None and when.first is not None:
            late = min(max(0.0, (when.first - who.active.last) / _YEAR), _LATE) / 10
        share = max((shares.get(c, 0.0) for c in home), default=0.0)
        self.always = [
            log1p(_BY_HAND if who.by_hand else who.prominence),
            float(who.prominence > 0 or who.by_hand),
            float(in_years),
            late,
            float(bool(held)),
            float(not self.roles.isdisjoint(top_roles())),
            float(any(c in shares for c in self.posted)),
            share,
            float(bool(home) and bool(shares) and not share),
            float(not setting.origin.isdisjoint(home)),
            float(not home),
        ]


def _title(role: str, known: _Known) -> tuple[float, float, float, float]:
    """Whether a role on the page fits the post held then, any office, none of those known, or nothing is known."""
    if role == "title" or role in plain_roles():
        return _UNTITLED
    fitting = agreeing_roles(role)
    if known.roles & fitting:
        return (1.0, 0.0, 0.0, 0.0)
    if known.who.roles & fitting:
        return (0.0, 1.0, 0.0, 0.0)
    return (0.0, 0.0, 1.0, 0.0) if known.who.roles else (0.0, 0.0, 0.0, 1.0)


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
        self._known: dict[int, _Known] = {}

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
        known = self._known.get(option.number)
        if known is None:
            known = self._known[option.number] = _Known(self.bearer(option.number), self.setting)
        option.is_named_elsewhere = option.number in self.own and option.level <= INITIALS
        who, home = known.who, known.who.home
        role = place.calling.role
        title = _title(role, known) if role else _UNTITLED
        woman = role == "mrs"
        return [
            *known.always,
            *title,
            float(place.calling.text in _MISTER and not known.roles.isdisjoint(_NO_MISTER)),
            float(woman and not who.woman),
            float(woman and who.woman),
            float(signs and known.at_origin),
            float(signs and not known.at_origin and bool(known.posted or home)),
            float(known.at_origin and not signs),
            float(bool(near) and not near.isdisjoint(known.posted)),
            float(bool(beside) and not beside.isdisjoint(home)),
            float(bool(near) and not near.isdisjoint(home)),
            # A title that he never had tells him from the bearer whose full name stands in the document.
            float(option.number in self.own and not title[2]),
            float(bool(rival) and option.number not in rival and not title[0] and not title[1]),
            float(option.level == NAME),
            float(option.level == FULL),
            float(option.level == INITIALS),
            float(bool(option.marks & Form.ALIAS)),
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
            beside_odds(place.before, place.after, ent.label) - beside_odds(place.before, place.after, "PERSON"),
            float(bool(place.calling.role)),
            float(bool(option.marks & Form.COMMON)),
            float(any(o.number in self.own for o in place.people)),
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
        in_sentence = level == 0 and capital_in_lower_case(page, place.before, start, end, person=True)
        bare = level == 0 and not role and not in_sentence and not place.things
        return [
            1.0,
            float(common and bare),
            float(bare and is_given_name(surface)),
            float(surface.isupper()),
            float(surface.islower()),
            float(bool(role) and role != "officer" and role not in plain_roles()),
            float(role == "officer"),
            float(role in plain_roles() and role != "mrs"),
            float(role == "mrs"),
            float(place.before is not None and place.before.text.lower() in _ARTICLES),
            float(bare and place.after is not None and place.after.text.lower() == "of"),
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
