"""What stands around a place on the page: words before and after, windows of folded words."""

from __future__ import annotations

import re
from typing import NamedTuple

from normalizer.model import Folded

_AFTER = re.compile(r"([\W_]*)([^\W_]+)")
_REACH = 64
"""Code points in which a neighbouring word is looked for."""
_LETTERS_A_WORD = 16


class Word(NamedTuple):
    """A neighbouring word: its text, place, and what stands between it and the place asked about."""

    text: str
    start: int
    end: int
    gap: str


_new = tuple.__new__  # what a NamedTuple does, without a call between


class Page:
    """A text beside its folded copy, for questions about the surroundings of a span."""

    def __init__(self, text: str, folded: Folded) -> None:
        self.text = text
        self.folded = folded
        self._last = ((-1, -1, 0), ("", ""))
        self._after: dict[int, Word | None] = {}

    def before(self, start: int) -> Word | None:
        """The word that ends last before `start`, or None at the top of the page."""
        head = self.text[start - _REACH if start > _REACH else 0 : start]
        if head[-1:] == " " and (word := head[:-1].rpartition(" ")[2]).isalnum():
            return _new(Word, (word, start - 1 - len(word), start - 1, " "))  # as nearly all
        # Backwards, for a pattern anchored at its end costs the square of what it looks through.
        found = _AFTER.match(head[::-1])
        if found is None:
            return None
        gap, word = found.groups()
        end = start - len(gap)
        return _new(Word, (word[::-1], end - len(word), end, gap[::-1]))

    def after(self, end: int) -> Word | None:
        """The word that begins first after `end`, or None at the foot of the page."""
        after = self._after
        if end not in after:
            after[end] = self._word_after(end)
        return after[end]

    def _word_after(self, end: int) -> Word | None:
        tail = self.text[end : end + _REACH]
        if tail[:1] == " " and (word := tail[1:].partition(" ")[0]).isalnum():
            return _new(Word, (word, end + 1, end + 1 + len(word), " "))  # as nearly all
        found = _AFTER.match(tail)
        return _new(Word, (found[2], end + found.start(2), end + found.end(2), found[1])) if found else None

    def window(self, start: int, end: int, words: int) -> tuple[str, str]:
        """The folded words on either side, at most `words` each, with a space at both ends."""
        if self._last[0] == (start, end, words):
            return self._last[1]  # as for every misreading of one name
        found = self._window(start, end, words)
        self._last = ((start, end, words), found)
        return found

    def _window(self, start: int, end: int, words: int) -> tuple[str, str]:
        first, last = self.folded.offsets.forward(start, end)
        text = self.folded.text
        reach = words * _LETTERS_A_WORD
        while True:
            left = text[max(0, first - reach) : first].rsplit(None, words)
            right = text[last : last + reach].split(None, words)
            # A word cut at the edge of the slice is not one of the nearest, unless too few were seen.
            enough = (len(left) > words or reach >= first) and (len(right) > words or last + reach >= len(text))
            if enough:
                return f" {' '.join(left[-words:])} ", f" {' '.join(right[:words])} "
            reach *= 2
