"""Labels of a better reading carried over to a worse one of the same page, by aligning both."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from normalizer.learn.readings import blocks
from normalizer.tagger.labels import DOUBTED, OPEN, Label

_WORD = re.compile(r"\S+")
_ALIKE = 0.45
"""Similarity from which a stretch is a damaged reading of another."""
_LONGEST = 40
"""Words of a stretch that is aligned by letters; in longer ones the readings are out of step."""


def project(better: str, labels: Sequence[Label], worse: str) -> list[Label]:
    """The labels of the worse reading; where it shows something else than the better one, there is hardly a name."""
    meant, seen = list(_WORD.finditer(better)), list(_WORD.finditer(worse))
    found: list[Label] = []
    rows = blocks([m[0] for m in seen], [m[0] for m in meant])
    mapped = _Map()
    for a0, a1, b0, b1, same in rows:
        if a0 == a1:
            continue
        start, end = seen[a0].start(), seen[a1 - 1].end()
        if same:
            for m, s in zip(meant[b0:b1], seen[a0:a1], strict=True):
                mapped.add(m.start(), m.end(), s.start(), s.end())
            continue
        if b0 == b1 or max(a1 - a0, b1 - b0) > _LONGEST:
            found.append(Label(start, end, DOUBTED))
            continue
        first, last = meant[b0].start(), meant[b1 - 1].end()
        one, other = better[first:last], worse[start:end]
        if Levenshtein.normalized_similarity(one, other) < _ALIKE:
            found.append(Label(start, end, DOUBTED))
            continue
        for op in Levenshtein.opcodes(one, other):
            if op.tag in ("equal", "replace"):
                mapped.add(first + op.src_start, first + op.src_end, start + op.dest_start, start + op.dest_end)
    for label in labels:
        span = mapped.span(label.start, label.end)
        if span is None:
            continue
        start, end = span
        ratio = Levenshtein.normalized_similarity(better[label.start : label.end], worse[start:end])
        kept = ratio >= _ALIKE and end - start < 2 * (label.end - label.start) + 4
        if end - start < 200:
            found.append(Label(start, end, label.label if kept else OPEN))
    return sorted(found)


class _Map:
    """Where pieces of one text stand in another; pieces are added in order."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._at: list[tuple[int, int]] = []

    def add(self, start: int, end: int, there: int, there_end: int) -> None:
        self._starts.append(start)
        self._ends.append(end)
        self._at.append((there, there_end))

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a span stands, or None where nothing of it does."""
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        if first >= last:
            return None
        a, b = self._at[first], self._at[last - 1]
        low = a[0] + max(0, start - self._starts[first])
        high = b[1] - max(0, self._ends[last - 1] - end)
        return (low, high) if low < high else None
