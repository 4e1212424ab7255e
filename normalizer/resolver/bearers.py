"""What the gazetteer knows of a person, in the form in which a page is asked about it."""

from __future__ import annotations

from dataclasses import dataclass
from math import log1p

from normalizer.dates import Interval, parse_range
from normalizer.folding import fold_name
from normalizer.gazetteer import Entity
from normalizer.resolver.countries import HERE, countries, country
from normalizer.resolver.roles import roles_of_post, womens_names

_SENT = frozenset({"ambassador", "charge", "consul"})
_BY_HAND = 10
"""Volumes that somebody is worth whom no volume lists and a gazetteer that is kept by hand names all the same."""
_ALWAYS = Interval(None, None)
_COMES_OF_AGE = 16 * 365
"""Days after a birth in which nobody is written of as a person of affairs."""


@dataclass(frozen=True, slots=True)
class Tenure:
    """A post held: its title as written, its roles, the country where, and its days."""

    title: str
    roles: frozenset[str]
    country: str
    at: str
    days: Interval

    @property
    def is_mission(self) -> bool:
        """Whether he was sent there, and does not belong there."""
        return not self.roles.isdisjoint(_SENT)

    def __str__(self) -> str:
        return f"{self.title}{f', {self.at}' if self.at else ''}"


@dataclass(frozen=True, slots=True)
class Bearer:
    """A person as evidence sees him.

    Attributes:
        number: Of the entity.
        prominence: Volumes that list him.
        listed: A volume lists him, or somebody who kept a gazetteer by hand thought that documents speak of him.
        weight: The logarithm of his volumes.
        woman: Her given name says so.
        life: Days in which a family name alone may mean him: from the beginning of his affairs to his death.
            The end of `active` is no bound, for the volumes that list somebody end before he does.
        active: Days in which the gazetteer has him in affairs.
        roles: Of all posts and offices, whatever the day.
        home: Countries whose man he is; the United States are left out.
        posted: Countries to which he was sent.
        countries: Both together.
        tenures: Posts with their days.
    """

    number: int
    prominence: int
    listed: bool
    weight: float
    woman: bool
    life: Interval
    active: Interval
    roles: frozenset[str]
    home: frozenset[str]
    posted: frozenset[str]
    countries: frozenset[str]
    tenures: tuple[Tenure, ...]

    def possible(self, when: Interval | None) -> bool:
        """Whether a family name alone can mean him then: neither dead nor before his time."""
        return when is None or self.life.overlaps(when)

    def held(self, when: Interval | None) -> tuple[Tenure, ...]:
        """The posts held on the days of a document."""
        return tuple(t for t in self.tenures if when is not None and t.days.overlaps(when)) if self.tenures else ()


def bearer(number: int, ent: Entity) -> Bearer:
    """What an entity's posts, facts and years say."""
    facts = ent.facts or {}
    offices = frozenset(o.strip() for o in str(facts.get("offices", "")).split(";") if o.strip())
    tenures = tuple(
        Tenure(
            p.title,
            roles_of_post(p.title),
            country(p.at) if p.at else "",
            p.at or "",
            parse_range(p.dates) if p.dates else _ALWAYS,
        )
        for p in ent.posts
    )
    abroad = {t.country for t in tenures if t.is_mission} - {"", HERE}
    roles = offices | frozenset(r for t in tenures for r in t.roles)
    own = {t.country for t in tenures if t.country and not t.is_mission}
    home = (countries(str(facts.get("countries", ""))) | own) - {HERE}
    by_hand = not ent.prominence and "pocom" not in (ent.links or {})
    woman = not womens_names().isdisjoint(fold_name(ent.given or "").split())
    active = ent.years()
    life = _life(ent, active)
    volumes = _BY_HAND if by_hand else ent.prominence
    listed, weight = volumes > 0, log1p(volumes)
    posted = frozenset(abroad)
    return Bearer(
        number, ent.prominence, listed, weight, woman, life, active, roles, home, posted, home | posted, tenures
    )


def _life(ent: Entity, active: Interval) -> Interval:
    first = active.first
    born = parse_range(ent.born).first if ent.born else None
    if born is not None:
        first = born + _COMES_OF_AGE if first is None else max(first, born + _COMES_OF_AGE)
    return Interval(first, parse_range(ent.died).last if ent.died else None)
