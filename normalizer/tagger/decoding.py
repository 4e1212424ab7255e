"""From probabilities of tags to spans: the likeliest sequence that is one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LABELS = ("PERSON", "PLACE", "AIRCRAFT", "MISSILE", "ORGANIZATION")
OUTSIDE = 0
_PLACES = "BILU"
"""A word begins a name, is inside or last in it, or is all of it."""
TAGS = ("O", *(f"{place}-{label}" for label in LABELS for place in _PLACES))

_SURE = 0.995
"""Probability from which a word is outside of any name whatever stands beside it."""
_NEVER = -1e9


class Tagged(NamedTuple):
    """A span of words, half-open, its label, and the least probability of a tag in it."""

    start: int
    end: int
    label: str
    score: float


def tag_of(place: str, label: str) -> int:
    """The number of a tag: `B`, `I`, `L` or `U`, and a label."""
    return 1 + LABELS.index(label) * len(_PLACES) + _PLACES.index(place)


def tags_of(start: int, end: int, label: str) -> list[int]:
    """The tags of the words of a span."""
    if end - start == 1:
        return [tag_of("U", label)]
    return [tag_of("B", label), *[tag_of("I", label)] * (end - start - 2), tag_of("L", label)]


def _transitions() -> NDArray[np.float32]:
    """0 where a tag may stand after another, a number below all sums where it may not."""
    allowed = np.full((len(TAGS), len(TAGS)), _NEVER, dtype=np.float32)
    for a, before in enumerate(TAGS):
        for b, after in enumerate(TAGS):
            opens = after[0] in "BUO"
            if (before[0] in "BI" and after[0] in "IL" and before[1:] == after[1:]) or (before[0] in "LUO" and opens):
                allowed[a, b] = 0
    return allowed


_ALLOWED = _transitions()
_OPENS = _ALLOWED[OUTSIDE]
_CLOSES = np.ascontiguousarray(_ALLOWED[:, OUTSIDE])


def decode(scores: NDArray[np.float32]) -> list[Tagged]:
    """Spans of a text from the probabilities of its words' tags (N, tags)."""
    path = np.argmax(scores, axis=1)
    # The likeliest tags of all words by themselves are the likeliest sequence wherever they are one.
    steps = np.concatenate(([OUTSIDE], path, [OUTSIDE]))
    broken = _ALLOWED[steps[:-1], steps[1:]] < 0
    if broken.any():
        unsure = scores[:, OUTSIDE] < _SURE
        edges = np.flatnonzero(np.diff(unsure.astype(np.int8), prepend=0, append=0))
        faults = np.concatenate(([0], np.cumsum(broken)))
        for start, end in edges.reshape(-1, 2).tolist():
            if faults[end + 1] > faults[start]:
                path[start:end] = _best(np.log(np.maximum(scores[start:end], 1e-12)))
    return _spans(path, scores)


def _best(logs: NDArray[np.float32]) -> list[int]:
    """The likeliest tags of a run of words with none beside it inside a name (Viterbi)."""
    total = logs[0] + _OPENS
    if len(logs) == 1:
        return [int(np.argmax(total + _CLOSES))]
    back = []
    for row in logs[1:]:
        ways = total[:, None] + _ALLOWED
        before = np.argmax(ways, axis=0)
        back.append(before)
        total = ways[before, np.arange(len(before))] + row
    path = [int(np.argmax(total + _CLOSES))]
    for before in reversed(back):
        path.append(int(before[path[-1]]))
    return path[::-1]


def _spans(path: NDArray[np.intp], scores: NDArray[np.float32]) -> list[Tagged]:
    found, first, least = [], 0, 1.0
    named = np.flatnonzero(path != OUTSIDE)
    for n, tag, score in zip(named.tolist(), path[named].tolist(), scores[named, path[named]].tolist(), strict=True):
        place, label = TAGS[tag][0], TAGS[tag][2:]
        if place in "BU":
            first, least = n, score
        least = min(least, score)
        if place in "LU":
            found.append(Tagged(first, n + 1, label, least))
    return found
