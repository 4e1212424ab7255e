"""What a place on the page may mean, before it is decided."""

from __future__ import annotations

from dataclasses import dataclass, field

from normalizer.model import Evidence

# Probabilities that a decision is right, set by hand from reading; a calibrated model replaces them
# when there is one.
FULL_NAME, WHOLE_NAME, GIVEN_AGREES, INITIALS_AGREE = 0.99, 0.97, 0.98, 0.95
FAMILY_ALONE, FULL_NAME_ELSEWHERE, SCOPED_MISREADING, MISREADING = 0.92, 0.95, 0.95, 0.88
SHARED_NAME, SOMEBODY_ELSE, TAGGED = 0.9, 0.9, 0.5


@dataclass(slots=True)
class Option:
    """An entity that a place may mean, on account of one form."""

    number: int
    marks: int
    form: int
    score: float
    evidence: tuple[Evidence, ...]
    strong: bool = False
    scoped: bool = False
    supported: bool = False


@dataclass(slots=True)
class Place:
    """A span with the options that survived looking at the page around it."""

    start: int
    end: int
    options: list[Option]
    somebody_else: Evidence | None = None
    sure: set[int] = field(default_factory=set)
