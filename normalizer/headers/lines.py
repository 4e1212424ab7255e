"""The lines of a page's head and tail, and what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from normalizer.headers.fields import Part
from normalizer.headers.tables import compact, fold
from normalizer.model import Span

_TOKEN = re.compile(r"\S+")
_EDGE = " \t\r\f\v.,:;'’‘`\"“”_~*|/\\=+«»—–•·^#&<>-{}"
"""What a line may begin or end with that belongs to nothing in it."""
_SPAN, _MATCH = Span._make, re.Match.span
_WIDEST = 200
"""Code points of a line that are looked at: labels and names stand at the front."""
_RUNNING = frozenset(
    "THE OF AND IN IS WAS ARE WERE THAT THIS BY WITH AT ON AS HAS HAD HAVE BEEN BE NOT WHICH WILL WOULD HE HIS IT "  # noqa: SIM905
    "WE OUR YOU YOUR THEY THEIR WHO BUT FROM TO FOR SAID AN A".split()
)
"""Words of running text."""


class Line:
    """One line that is not blank.

    Attributes:
        start, end: Without the margins.
        gap: A blank line stands before it.
        number: Its place among the lines that were cut.
        form: Whether it is of the form and no text or name; None as long as nobody asked.
    """

    __slots__ = ("_cut", "_key", "_text", "_words", "end", "form", "gap", "number", "start")

    def __init__(self, text: str, start: int, end: int, gap: bool, number: int) -> None:
        self.start, self.end, self.gap, self.number = start, end, gap, number
        self._text = text
        self._cut: tuple[Span, ...] | None = None
        self._key: str | None = None
        self._words: list[str] | None = None
        self.form: bool | None = None

    @property
    def key(self) -> str:
        """The whole line, compact."""
        if self._key is None:
            self._key = fold(self._text[self.start : self.end])
        return self._key

    @property
    def words(self) -> list[str]:
        """What spaces part."""
        if self._words is None:
            self._words = self._text[self.start : self.end].split()
        return self._words

    @property
    def tokens(self) -> tuple[Span, ...]:
        """The spans of the words, cut when they are first asked for."""
        if self._cut is None:
            self._cut = tuple(map(_SPAN, map(_MATCH, _TOKEN.finditer(self._text, self.start, self.end))))
        return self._cut


def head_lines(text: str, *, lines: int, chars: int) -> list[Line]:
    """The first lines that are not blank, within the first `chars` code points that are not margin."""
    start = len(text) - len(text.lstrip())
    return cut_lines(text, start, min(len(text), start + chars), lines)


def tail_lines(text: str, top: int, *, lines: int, chars: int) -> list[Line]:
    """The last lines that are not blank, within the last `chars` code points and from `top` on, where a line begins."""
    end = len(text.rstrip())
    start = max(top, end - chars)
    if start > top:
        # A line that is cut in two says nothing.
        start = text.find("\n", start, end)
        if start < 0:
            return []
    return cut_lines(text, start, end)[-lines:]


def cut_lines(text: str, start: int, end: int, most: int | None = None) -> list[Line]:
    """The lines of a stretch that are not blank, the first `most` of them."""
    found: list[Line] = []
    blank, at = False, start
    for whole in text[start:end].split("\n"):
        kept = whole[:_WIDEST].lstrip()
        if kept:
            first = at + min(len(whole), _WIDEST) - len(kept)
            found.append(Line(text, first, first + len(kept.rstrip()), blank, len(found)))
            if len(found) == most:
                break
        blank = not kept
        at += len(whole) + 1
    return found


def part(text: str, start: int, end: int) -> Part | None:
    """What stands between two places, without margins and stray signs at its ends; None where that is nothing."""
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    if end - start > 2 and text[start] in "([" and text[end - 1] in ")]":
        start, end = start + 1, end - 1
    return Part(text[start:end], Span(start, end)) if start < end else None


def pieces(text: str, start: int, end: int, signs: str) -> Iterator[Part]:
    """The parts between any of some signs."""
    at = start
    for here in range(start, end + 1):
        if here == end or text[here] in signs:
            found = part(text, at, here)
            if found:
                yield found
            at = here + 1


def running(line: Line) -> bool:
    """Whether a line is of running text: long, with two words at least that only sentences have."""
    words = line.words
    if len(words) < 6:
        return False
    common = sum(map(_RUNNING.__contains__, map(compact, words)))
    return common >= (2 if len(words) > 8 else 3) and common * 8 >= len(words)
