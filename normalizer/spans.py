"""Spans of a page that do not overlap, and parts that cover one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

Span = tuple[int, int]
"""Start and end, half-open, in code points; never empty."""


class Spans:
    """Spans without overlap, in order of the page."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._spans = sorted(spans)

    def overlapping(self, start: int, end: int) -> list[Span]:
        """Those that overlap a span."""
        first, last = self._slice(start, end)
        return self._spans[first:last]

    def put(self, start: int, end: int) -> None:
        """Put a span in the place of all that it overlaps."""
        first, last = self._slice(start, end)
        self._spans[first:last] = [(start, end)]

    def _slice(self, start: int, end: int) -> tuple[int, int]:
        last = bisect_left(self._spans, (end, end))
        first = last
        while first and self._spans[first - 1][1] > start:
            first -= 1
        return first, last


_BREAKS = tuple(re.compile(p) for p in (r"\n\s*\n", r"\n", r"\s"))


def parts(text: str, most: int) -> Iterator[Span]:
    """Spans of at most `most` code points that cover a text, cut at a paragraph, a line, or at worst a space."""
    start = 0
    while len(text) - start > most:
        latest, earliest = start + most, start + most - most // 10
        end = latest
        for pattern in _BREAKS:
            found = [m.end() for m in pattern.finditer(text, earliest, latest)]
            if found:
                end = found[-1]
                break
        yield start, end
        start = end
    yield start, len(text)
