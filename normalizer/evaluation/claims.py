"""What a run claims about names, and what it would have claimed below its threshold."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from normalizer.evaluation.aligned import Verdict, spells
from normalizer.evaluation.names import Names
from normalizer.evaluation.output import Found
from normalizer.model import AMBIGUOUS, LINKED, UNKNOWN

REPAIR = "repair"
Sort = Literal["exact", "repair"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A mention with the names it stands for.

    Attributes:
        found: The mention.
        entities: Ids that it may mean.
        keys: `key` of all their names.
        sort: `exact` where the page spells one of the names letter by letter, else `repair`.
        score: Of the decision or, where it was held back, of the best candidate.
        held: Below the threshold: the run abstained, and this is what it abstained from.
    """

    found: Found
    entities: tuple[str, ...]
    keys: frozenset[str]
    sort: Sort
    score: float
    held: bool = False

    @property
    def start(self) -> int:
        """Of the mention."""
        return self.found.start

    @property
    def end(self) -> int:
        """Of the mention."""
        return self.found.end


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim and whether it is right."""

    claim: Claim
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Reach:
    """A gold mention that repairs are asked for: whether it was found, and up to which threshold it is."""

    decided: bool
    threshold: float


class Stretch(Protocol):
    """Anything with a start and an end."""

    @property
    def start(self) -> int: ...  # noqa: D102

    @property
    def end(self) -> int: ...  # noqa: D102


def overlap(a: Stretch, b: Stretch) -> bool:
    """Whether two stretches share a code point, or an empty one lies inside the other."""
    return a.start < b.end and a.end > b.start


def claims(mentions: Iterable[Found], text: str, names: Names, *, ambiguous: bool) -> Iterator[Claim]:
    """The claims of a document, with repairs that were held back.

    Args:
        mentions: Of the document.
        text: Its page.
        names: Of the gazetteer.
        ambiguous: Whether a mention whose name alone is sure claims the names of all its candidates, or nothing.
    """
    for m in mentions:
        score, held = m.score, False
        if m.decision == LINKED and m.entity is not None:
            entities: tuple[str, ...] = (m.entity,)
        elif m.decision == AMBIGUOUS and ambiguous and m.candidates:
            entities = tuple(entity for entity, _ in m.candidates)
        elif m.decision == UNKNOWN and m.method == REPAIR and m.candidates:
            (entity, score), held = m.candidates[0], True
            entities = (entity,)
        else:
            continue
        keys = frozenset().union(*(names.keys(e) for e in entities))
        sort: Sort = "exact" if spells(text[m.start : m.end], keys) else "repair"
        yield Claim(m, entities, keys, sort, score, held)


def reach(hits: Sequence[Claim]) -> Reach:
    """How far a gold mention is found by the claims that hit it; the threshold is for repairs alone."""
    best = max((math.inf if c.sort == "exact" and not c.held else c.score for c in hits), default=-math.inf)
    return Reach(any(not c.held for c in hits), best)


def verdicts(judged: Iterable[Judged]) -> list[dict[str, Any]]:
    """Counts and precision of what was claimed, by sort and then by method; what was held back is left out."""
    seen: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for j in judged:
        if not j.claim.held:
            seen["sort", j.claim.sort][j.verdict] += 1
            seen["method", j.claim.found.method][j.verdict] += 1
    return [
        {
            "by": by,
            "value": value,
            **{verdict: c[verdict] for verdict in ("right", "wrong", "unknown")},
            "precision": ratio(c["right"], c["right"] + c["wrong"]),
        }
        for (by, value), c in sorted(seen.items(), key=lambda s: (s[0][0] != "sort", s[0][1]))
    ]


def ratio(part: float, whole: float) -> float:
    """A share in [0, 1]; 0 of nothing."""
    return part / whole if whole else 0.0


def f1(precision: float, recall: float) -> float:
    """The harmonic mean of precision and recall."""
    return ratio(2 * precision * recall, precision + recall)
