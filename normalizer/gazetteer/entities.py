"""Entries of a gazetteer after loading: frozen, plain, cheap to rebuild from the cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from normalizer.dates import Interval, parse_range


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an alias or a misreading holds; every key that is given must hold.

    Attributes:
        dates: Days in which the document's date must lie; a document without a date fails.
        documents: Globs, one of which must match the document's id or source.
        near: Words, phrases or `id:ENTITY`, one of which must stand near.
        not_near: The same; none may stand near.
        within: How many words on either side are near.
    """

    dates: str | None = None
    documents: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    not_near: tuple[str, ...] = ()
    within: int = 60


@dataclass(frozen=True, slots=True)
class Alias:
    """A true other name. `common` settles whether it needs support; None leaves it to the word list."""

    text: str
    when: Scope | None = None
    common: bool | None = None


@dataclass(frozen=True, slots=True)
class Misreading:
    """What a scan, a typist or a transcriber made of the name, and how that is known."""

    text: str
    when: Scope | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """An office held: `at` is a country, place or body; `dates` a date or range."""

    title: str
    at: str | None = None
    dates: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """One gazetteer entry. Fields as in the format; what a type has not is None or empty."""

    id: str
    type: str
    name: str
    aliases: tuple[Alias, ...] = ()
    misreadings: tuple[Misreading, ...] = ()
    active: str | None = None
    links: dict[str, str] | None = None
    facts: dict[str, str | int | float | bool] | None = None
    source: str | None = None
    common: bool | None = None
    family: str | None = None
    given: str | None = None
    born: str | None = None
    died: str | None = None
    prominence: int = 0
    posts: tuple[Post, ...] = ()
    kind: str | None = None
    country: str | None = None
    location: tuple[float, float] | None = None

    @property
    def label(self) -> str:
        """The label of its mentions: PERSON, AIRCRAFT, PLACE, ..."""
        return self.type.upper()

    def years(self) -> Interval:
        """Days in which a document can speak of the entity as living or in use; open where unknown.

        The years given as `active` and those of all posts, cut off at a death; where neither is known, the
        days from birth to death.
        """
        born = parse_range(self.born).first if self.born else None
        died = parse_range(self.died).last if self.died else None
        spans = [parse_range(dates) for dates in (self.active, *(p.dates for p in self.posts)) if dates]
        if not spans or (self.active is None and (born or died)):
            return Interval(born, died)
        first = None if any(s.first is None for s in spans) else min(s.first for s in spans if s.first is not None)
        last = None if any(s.last is None for s in spans) else max(s.last for s in spans if s.last is not None)
        # The volumes that list somebody go on after a death; a document of that day does not call on the dead.
        return Interval(first, died if last is None or (died is not None and died < last) else last)


def entity_from_dict(data: dict[str, Any]) -> Entity:
    """An entity from its merged, validated dict form (the form that the cache keeps)."""
    data = dict(data)

    def scope(when: dict[str, Any] | None) -> Scope | None:
        if not when:
            return None
        lists = {k: tuple(when.get(k) or ()) for k in ("documents", "near", "not_near")}
        return Scope(dates=when.get("dates"), within=when.get("within") or 60, **lists)

    data["aliases"] = tuple(Alias(a["text"], scope(a.get("when")), a.get("common")) for a in data.get("aliases", ()))
    data["misreadings"] = tuple(
        Misreading(m["text"], scope(m.get("when")), m.get("evidence")) for m in data.get("misreadings", ())
    )
    data["posts"] = tuple(Post(**p) for p in data.get("posts", ()))
    if data.get("location"):
        data["location"] = tuple(data["location"])
    if data["type"] == "person":
        derive_person(data)
    return Entity(**data)


SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})


def derive_person(data: dict[str, Any]) -> None:
    """Fill `family` and `given` from `name` where the entry leaves them out: the last word is the family name."""
    words = data["name"].replace(",", " ").split()
    while len(words) > 1 and words[-1].rstrip(".").lower() in SUFFIXES:
        words.pop()
    family = data.get("family")
    if family is None:
        family = data["family"] = words[-1]
    if data.get("given") is None:
        name = " ".join(words)
        head = name[: -len(family)].strip() if name.endswith(family) else ""
        data["given"] = head or None
