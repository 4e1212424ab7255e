"""What speaks for each bearer of a name: numbers for the model.

Every entry of a row has a name in PERSON, THING or NOBODY and is left out where it is 0; `wording` says the same in
words. What a document says of a person wherever he stands in it is weighed once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Set
from functools import lru_cache
from math import log
from typing import Final

from normalizer.gazetteer import Form, Gazetteer
from normalizer.resolver.bearers import Bearer
from normalizer.resolver.countries import HERE, countries
from normalizer.resolver.identity import Model, total
from normalizer.resolver.options import FULL, INITIALS, NAME, Option, Place, Row
from normalizer.resolver.page import Page, Word
from normalizer.resolver.people import is_given_name
from normalizer.resolver.roles import agreeing_roles, plain_roles, top_roles
from normalizer.resolver.setting import BESIDE, NEAR, Setting
from normalizer.resolver.support import capital_in_lower_case
from normalizer.resolver.usage import beside_odds, word_use

_ARTICLES = frozenset({"the", "a", "an", "this", "that", "these", "no", "any", "each", "every"})
_MISTER = frozenset({"Mr", "MR", "mr"})
_NO_MISTER = frozenset({"president", "king", "general", "admiral", "senator", "secretary-general"})
"""Roles whose holder is called by them and hardly `Mr.`"""
_YEAR = 365.25
_LATE = 20
_NOTHING: Final = frozenset[str]()
_LEVELS: Final = {NAME: "name", FULL: "given", INITIALS: "initials"}
_KINDS: Final = ("country", "capital", "city")


class Known:
    """What a document says of a person wherever his name stands in it.

    Attributes:
        who: The person.
        roles, posted: Of the posts that he held then.
        at_origin: Whether the document comes from one of them.
        no_mister: Whether he held an office whose holder is hardly called `Mr.`
        always: The part of his rows that is the same everywhere.
        first, second: What that part adds up to by either look's weights.
    """

    __slots__ = ("always", "at_origin", "first", "no_mister", "posted", "roles", "second", "who")

    def __init__(self, who: Bearer, setting: Setting, model: Model) -> None:
        when, shares, home = setting.when, setting.shares, who.home
        held = who.held(when)
        self.who = who
        self.roles = {role for t in held for role in t.roles} if held else _NOTHING
        self.posted = {t.country for t in held if t.is_mission} - {"", HERE} if held else _NOTHING
        self.at_origin = bool(self.posted) and not setting.origin.isdisjoint(self.posted)
        self.no_mister = not _NO_MISTER.isdisjoint(self.roles)
        row: Row = {}
        if who.listed:
            row["prominence"], row["listed"] = who.weight, 1.0
        if when is not None:
            if who.active.overlaps(when):
                row["in_years"] = 1.0
            elif who.active.last is not None and when.first is not None and when.first > who.active.last:
                row["years_late"] = min((when.first - who.active.last) / _YEAR, _LATE) / 10
        if held:
            row["holds_post"] = 1.0
            if not top_roles().isdisjoint(self.roles):
                row["top_office"] = 1.0
            if not self.posted.isdisjoint(shares):
                row["post_in_document"] = 1.0
        if not home:
            row["no_country"] = 1.0
        else:
            if shares:
                share = max([shares.get(c, 0.0) for c in home])
                row["country_share" if share else "country_absent"] = share or 1.0
            if not setting.origin.isdisjoint(home):
                row["origin_home"] = 1.0
        self.always = row
        self.first, self.second = total(row, model.first.person), total(row, model.second.person)


def _title(role: str, known: Known) -> str | None:
    """Whether a role on the page fits the post held then, any office, none of those known, or nothing is known."""
    if role == "title" or role in plain_roles():
        return None
    fitting = agreeing_roles(role)
    if known.roles & fitting:
        return "title_post"
    if known.who.roles & fitting:
        return "title_office"
    return "title_against" if known.who.roles else "title_unknown"


class Witness:
    """Fills in the rows of a document's places."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        bearer: Callable[[int], Bearer],
        setting: Setting,
        model: Model,
        own: Collection[int],
        others: set[str],
    ) -> None:
        """Look at one document.

        Args:
            gazetteer: Of the entities.
            bearer: Gives a person's facts.
            setting: What the document says as a whole.
            model: What the rows are weighed with.
            own: Numbers of the entities whose full name stands somewhere.
            others: Forms of family names that somebody else bears in the document.
        """
        self.gazetteer, self.bearer, self.setting, self.page = gazetteer, bearer, setting, setting.page
        self.model, self.own, self.others = model, own, others
        self._known: dict[int, Known] = {}

    def look(self, place: Place) -> None:
        """Fill in the rows of a place and its options."""
        start, end = place.start, place.end
        near = self.setting.countries_within(start, end, NEAR)
        beside = self.setting.countries_within(start, end, BESIDE) if near else near
        signs = self.setting.signs(start, end)
        own = self.own
        rival = {o.number for o in place.options if o.number in own} if own else own
        known = self._known
        plain = not (near or rival or signs or place.calling.role)
        for option in place.people:
            number = option.number
            option.known = known.get(number) or self._know(number)
            if plain and not option.known.at_origin:
                option.row = _plain(option)
            else:
                self._person(option, option.known, place, beside, near, rival, signs=signs)
        for option in place.things:
            option.row = self._thing(option, place, beside, near)
        place.row = self._nobody(place, signs=signs)

    def _know(self, number: int) -> Known:
        known = self._known[number] = Known(self.bearer(number), self.setting, self.model)
        return known

    def _person(
        self,
        option: Option,
        known: Known,
        place: Place,
        beside: Set[str],
        near: Set[str],
        rival: Collection[int],
        *,
        signs: bool,
    ) -> None:
        number, level, role = option.number, option.level, place.calling.role
        row: Row = {}
        title = None
        if role:
            title = _title(role, known)
            if title:
                row[title] = 1.0
            if known.no_mister and place.calling.text in _MISTER:
                row["mister"] = 1.0
            if role == "mrs":
                row["woman" if known.who.woman else "man"] = 1.0
        if known.at_origin:
            row["signs_at_post" if signs else "post_at_origin"] = 1.0
        elif signs and (known.posted or known.who.home):
            row["signs_elsewhere"] = 1.0
        if near:
            if not known.posted.isdisjoint(near):
                row["post_near"] = 1.0
            if not known.who.home.isdisjoint(near):
                row["country_near"] = 1.0
                if not known.who.home.isdisjoint(beside):
                    row["country_beside"] = 1.0
        if rival:
            if number in rival:
                option.is_named_elsewhere = level <= INITIALS
                if title != "title_against":
                    # A title that he never had tells him from the bearer whose full name stands in the document.
                    row["own_name"] = 1.0
            elif title not in ("title_post", "title_office"):
                row["rival_name"] = 1.0
        row.update(_plain(option))
        option.row = row

    def _thing(self, option: Option, place: Place, beside: Set[str], near: Set[str]) -> Row:
        ent = self.gazetteer.entity(option.number)
        row: Row = {}
        kind = ent.kind if ent.type == "place" else None
        row[kind if kind in _KINDS else "other_place" if ent.type == "place" else "thing"] = 1.0
        if option.marks & Form.ALIAS:
            row["alias_thing"] = 1.0
        if ent.country:
            of = countries(ent.country)
            if kind != "country" and near and not of.isdisjoint(near):
                row["near_thing"] = 1.0
                if not of.isdisjoint(beside):
                    row["beside_thing"] = 1.0
            if share := max((self.setting.shares.get(c, 0.0) for c in of), default=0.0):
                row["share_thing"] = share
            if not of.isdisjoint(self.setting.origin):
                row["origin_thing"] = 1.0
        if option.number in self.own:
            row["own_name_thing"] = 1.0
        placed = beside_odds(place.before, place.after, ent.label) - beside_odds(place.before, place.after, "PERSON")
        if placed:
            row["placed"] = placed
        if place.calling.role:
            row["called_thing"] = 1.0
        if option.marks & Form.COMMON:
            row["common_thing"] = 1.0
        if any(o.number in self.own for o in place.people):
            row["person_named"] = 1.0
        return row

    def _nobody(self, place: Place, *, signs: bool) -> Row:
        page, start, end, before, after = self.page, place.start, place.end, place.before, place.after
        surface = page.text[start:end]
        role, people = place.calling.role, place.people
        level = marks = 0
        for option in people:
            marks |= option.marks
            if option.level > level:
                level = option.level
        row: Row = {"always": 1.0}
        if level == 0:
            in_sentence = capital_in_lower_case(page, before, start, end, person=True)
            if in_sentence:
                row["in_sentence"] = 1.0
            elif not role and not place.things:
                if marks & Form.COMMON:
                    row["common"] = 1.0
                row.update(_bare(surface))
                if after is not None and after.text.lower() == "of":
                    row["of"] = 1.0
        if surface.isupper():
            row["capitals"] = 1.0
        elif surface.islower():
            row["small"] = 1.0
        if role:
            plain = "plain_title" if role in plain_roles() else "title"
            row[role if role in ("officer", "mrs") else plain] = 1.0
        first = before is None or "\n" in before.gap
        if first:
            row["line_start"] = 1.0
        if before is not None and before.text.lower() in _ARTICLES:
            row["article"] = 1.0
        if signs:
            row["signs"] = 1.0
        if first and _alone(page, start, end):
            row["alone"] = 1.0
        if odds := beside_odds(before, after, "PERSON"):
            row["beside"] = odds
        if self.others and surface.lower() in self.others:
            row["other_bearer"] = 1.0
        if len(people) > 1:
            row["namesakes"] = log(len(people))
        if place.repair is not None:
            row["repaired"] = log(place.repair.score / (1.01 - place.repair.score))
        if _joined(surface, before, after):
            row["joined"] = 1.0
        if _listed(before, after):
            row["in_list"] = 1.0
        if self.setting.when is None:
            row["no_date"] = 1.0
        if level:
            row["initial_only" if level == INITIALS else "named"] = 1.0
        return row


def _plain(option: Option) -> Row:
    """What the name itself says of a person."""
    row: Row = {}
    if option.level:
        row[_LEVELS[option.level]] = 1.0
    if option.marks & Form.ALIAS:
        row["alias"] = 1.0
    return row


@lru_cache(8192)
def _bare(surface: str) -> Row:
    """What a word alone says of whether it is a name."""
    frequent, small = word_use(surface.lower())
    row: Row = {}
    if is_given_name(surface):
        row["given_word"] = 1.0
    if small:
        row["small_share"] = small
    if frequent:
        row["frequent"] = frequent
    return row


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
