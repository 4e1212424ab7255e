"""What a tagger says of a text: its spans, and how much of each type it sees where the gazetteer sees a name."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from copy import copy
from typing import NamedTuple

from normalizer.resolver.options import TAGGED


class Tagged(NamedTuple):
    """A span with a label, and the probability that it is one."""

    start: int
    end: int
    label: str
    score: float = TAGGED


class Tags:
    """What a tagger says of a text; `shares` only where it says something of every word."""

    def __init__(
        self,
        spans: Iterable[tuple[int, int, str] | Tagged] = (),
        words: Sequence[tuple[int, int]] = (),
        shares: Sequence[Sequence[float]] = (),
        labels: Sequence[str] = (),
    ) -> None:
        """Keep what it says.

        Args:
            spans: (start, end, label), with the score where there is one.
            words: Start and end of each word, ascending.
            shares: Of each word the probability that it is of a name of each label.
            labels: Theirs.
        """
        self._set(spans)
        self._starts, self._ends = [w[0] for w in words], [w[1] for w in words]
        self._shares = shares
        self._column = {label: n for n, label in enumerate(labels)}

    def _set(self, spans: Iterable[tuple[int, int, str] | Tagged]) -> None:
        # Without overlap, as spaCy has them.
        self.spans = sorted(Tagged(*span) for span in spans if span[0] < span[1])
        self._span_starts, self._span_ends = [s.start for s in self.spans], [s.end for s in self.spans]

    def instead(self, spans: Iterable[Tagged]) -> Tags:
        """The same with other spans."""
        other = copy(self)
        other._set(spans)
        return other

    @property
    def speaks(self) -> bool:
        """Whether it says something of every word."""
        return bool(self._column)

    def share(self, start: int, end: int, label: str) -> float | None:
        """The probability that the words of a span are of names of a label, at their mean, or None."""
        column = self._column.get(label)
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        if column is None or first >= last:
            return None
        return sum(self._shares[n][column] for n in range(first, last)) / (last - first)

    def named(self, start: int, end: int) -> float | None:
        """The probability that the words of a span are of any name, at their mean."""
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        if not self._column or first >= last:
            return None
        return sum(sum(self._shares[n]) for n in range(first, last)) / (last - first)

    def overlapping(self, start: int, end: int) -> list[Tagged]:
        """Spans that overlap one."""
        first = bisect_right(self._span_ends, start)
        last = bisect_left(self._span_starts, end)
        return self.spans[first:last]
