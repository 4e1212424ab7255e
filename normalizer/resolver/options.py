"""What a place on the page may mean, before it is decided."""

from __future__ import annotations

from dataclasses import dataclass

from normalizer.model import Evidence, Repair

# Probabilities that a decision is right, set by hand from reading; a calibrated model replaces them
# when there is one.
FULL_NAME, WHOLE_NAME, GIVEN_AGREES, INITIALS_AGREE = 0.99, 0.97, 0.98, 0.95
FAMILY_ALONE, FULL_NAME_ELSEWHERE, SCOPED_MISREADING, MISREADING = 0.92, 0.95, 0.95, 0.88
SHARED_NAME, SOMEBODY_ELSE, TAGGED, CAPITAL = 0.9, 0.9, 0.5, 0.93


PROMINENT, PROMINENT_GIVEN = 6, 30
"""Volumes that list a person whom a family name alone may mean. Read by eye in 50 scans: of 65 links of a bare family
name to people of 1 to 5 volumes none was right. More is asked where the family name is a given name too (Roberto)."""


@dataclass(slots=True, eq=False)
class Option:
    """An entity that a place may mean, on account of one form.

    Attributes:
        number: Of the entity.
        marks: Flags of the form.
        form: Number of the form.
        scoped: Whether a scope holds for it.
        evidence: What the page adds to the name itself.
        score: Probability that the place means the entity, as far as this place tells.
        strong: The place by itself says who is meant, and may say so for others.
        titled: A title stands before it.
        supported: Something speaks for it although it is an English word too.
        weak: It counts only where the same entity is sure elsewhere in the document.
    """

    number: int
    marks: int
    form: int
    scoped: bool
    evidence: tuple[Evidence, ...] = ()
    score: float = 0.0
    strong: bool = False
    titled: bool = False
    supported: bool = False
    weak: bool = False


@dataclass(slots=True, eq=False)
class Place:
    """A span with the options that survived looking at the page around it.

    Attributes:
        start, end: With the given names that stand beside a family name.
        options: At least one.
        somebody_else: Why it is another bearer of the name, if it is.
        sure: Number of the entity that the place says is meant, without need of others.
        repair: What the name was mended by, where the page does not show it.
    """

    start: int
    end: int
    options: list[Option]
    somebody_else: Evidence | None = None
    sure: int | None = None
    repair: Repair | None = None
