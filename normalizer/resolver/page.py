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


class Page:
    """A text beside its folded copy, for questions about the surroundings of a span."""

    def __init__(self, text: str, folded: Folded) -> None:
        self.text = text
        self.folded = folded
        self._last = ((-1, -1, 0), ("", ""))

    def before(self, start: int) -> Word | None:
        """The word that ends last before `start`, or None at the top of the page."""
        # By hand: a pattern anchored at its end costs the square of what it looks through.
        text, lowest = self.text, max(0, start - _REACH)
        end = start
        if start - lowest > 1 and text[start - 1].isspace():
            # As a rule a space stands between, and no sign.
            word = text[lowest : start - 1].rsplit(None, 1)[-1:]
            if word and word[0].isalnum() and text[start - 2].isalnum():
                first = start - 1 - len(word[0])
                return Word(word[0], first, start - 1, text[start - 1])
        while end > lowest and not text[end - 1].isalnum():
            end -= 1
        first = end
        while first > lowest and text[first - 1].isalnum():
            first -= 1
        return Word(text[first:end], first, end, text[end:start]) if first < end else None

    def after(self, end: int) -> Word | None:
        """The word that begins first after `end`, or None at the foot of the page."""
        found = _AFTER.match(self.text, end, min(len(self.text), end + _REACH))
        return Word(found[2], found.start(2), found.end(2), found[1]) if found else None

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
            left, right = text[max(0, first - reach) : first].split(), text[last : last + reach].split()
            # A word cut at the edge of the slice is not one of the nearest, unless too few were seen.
            enough = (len(left) > words or reach >= first) and (len(right) > words or last + reach >= len(text))
            if enough:
                return f" {' '.join(left[-words:])} ", f" {' '.join(right[:words])} "
            reach *= 2
