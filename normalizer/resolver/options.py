"""What a place on the page may mean, before it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from normalizer.model import Evidence, Repair
from normalizer.resolver.calling import NOTHING, Calling
from normalizer.resolver.page import Word

if TYPE_CHECKING:
    from normalizer.resolver.evidence import Known

Row = dict[str, float]
"""What the identity model is asked: numbers by name, those that are 0 left out."""

WHOLE_NAME, SCOPED_MISREADING, MISREADING = 0.97, 0.95, 0.88
"""Probabilities that a place, a thing or an attested misreading is right, set by hand from reading; people and names
of several bearers have the model's."""
SOMEBODY_ELSE, TAGGED = 0.9, 0.5

NAME, FULL, INITIALS, FAMILY = 3, 2, 1, 0
"""How much of a person's name the page has: all of a name of his own, given names that agree, initials that agree, or
the family name alone."""


_EMPTY: Row = {}


class Option:
    """An entity that a place may mean, on account of one form; made for every name on a page, so few fields are set.

    Attributes:
        number: Of the entity.
        marks: Flags of the form.
        form: Number of the form.
        scoped: Whether a scope holds for it.
        evidence: What the page adds to the name itself.
        level: Of a person: NAME, FULL, INITIALS or FAMILY.
        supported: Something speaks for it although it is an English word too.
        weak: It counts only where the same entity is sure elsewhere in the document.
        doubtful: A damaged name may as well stand there, and a repair that is sure enough takes its place.
        barred: Dead or not yet active at a date that the page gives: a candidate, and never linked.
        row: What the identity model is asked, by name and without what is 0, filled in when it is.
        known: Of a person: what the document says of him wherever he stands; filled in with the row.
        is_named_elsewhere: The full name of the entity stands elsewhere in the document.
        score: Probability that the place means the entity.
    """

    scoped: bool = False
    evidence: tuple[Evidence, ...] = ()
    level: int = FAMILY
    supported: bool = False
    weak: bool = False
    doubtful: bool = False
    barred: bool = False
    row: Row = _EMPTY
    known: Known | None = None
    is_named_elsewhere: bool = False
    score: float = 0.0

    def __init__(self, number: int, marks: int, form: int) -> None:
        self.number, self.marks, self.form = number, marks, form

    def sign(self, name: str) -> float:
        """An entry of the row, the part that is the same in the whole document included."""
        return self.row.get(name, 0.0) or (self.known.always.get(name, 0.0) if self.known else 0.0)


class Place:
    """A span with the options that survived looking at the page around it.

    Attributes:
        start, end: With the given names that stand beside a family name.
        people, things: Options, of both together at least one.
        before, after: The words beside it.
        calling: What the page calls somebody of this name.
        named: Enough speaks for it that a name stands there, whoever bears it.
        seen: A tagger sees a person there.
        somebody_else: Why it is another bearer of the name, if it is.
        repair: What the name was mended by, where the page does not show it.
        options: People and things together, once those of a worse kind than others are left out.
        is_open: The identity model has a say: a person or several things, and no attested misreading.
        row: What the identity model is asked of the place itself, by name and without what is 0, filled in when it is.
        nobody: Probability that none of the options is meant.
    """

    calling: Calling = NOTHING
    named: bool = True
    seen: bool = False
    somebody_else: Evidence | None = None
    repair: Repair | None = None
    options: Sequence[Option] = ()
    is_open: bool = False
    row: Row = _EMPTY
    nobody: float = 0.0

    def __init__(
        self,
        start: int,
        end: int,
        people: list[Option],
        things: list[Option],
        before: Word | None = None,
        after: Word | None = None,
    ) -> None:
        self.start, self.end, self.people, self.things = start, end, people, things
        self.before, self.after = before, after

    @property
    def is_full(self) -> bool:
        """Whether a person's full name stands here."""
        return self.somebody_else is None and not self.things and any(o.level >= FULL for o in self.people)
