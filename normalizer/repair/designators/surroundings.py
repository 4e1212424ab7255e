"""What the page around a stretch says of it: that it is a label or a number, or that aircraft are spoken of."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from normalizer.folding import HYPHENS
from normalizer.model import Evidence
from normalizer.repair.designators.lookalikes import DASHES, Codes
from normalizer.repair.designators.need import Need
from normalizer.repair.designators.pieces import Piece
from normalizer.words import word_list

_WITHIN: Final = {
    Need.PASSAGE: (40, 40),
    Need.NEAR: (12, 12),
    Need.CLOSE: (6, 6),
    Need.BESIDE: (1, 2),
    Need.OWN: (0, 0),
}
"""So many words before and after are looked through for one that speaks of aircraft."""
_REACH: Final = {Need.PASSAGE: 500, Need.NEAR: 250, Need.CLOSE: 80, Need.BESIDE: 80, Need.OWN: -1}
"""So many code points away may another designator stand, to be one of a list with it."""
_WIDEST = 40
"""No designator is longer, line break and plural included."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ALSO_FLYING = _set(
    "airbase airstrip aviation bombing crew crews engine engines landed mig migs rocket rockets runway runways sam sams"
    " warhead warheads"
)
# What bears a label, before it or behind it: `locker TL-28`, `the TL-28 drawer`.
_HOLDERS = _set(
    "account avenue badge bag bin binder cabinet card carton desk docket document drawer envelope exhibit file files"
    " folder folders form forms highway key locker memo memorandum page paragraph permit pouch road room safe"
    " section shelf street tag tape ticket vault"
)
_MARKED = _set(
    "attached code coded flight labeled labelled marked mission negative numbered photo photograph print stamped tagged"
    " under"
)
_BETWEEN = _set("are bears entitled is named no nr number reads says titled was were")
_BEFORE_DATES = _set("after before by dated from on since through till until")
_DATE = re.compile(r"(?:1[0-2]|[1-9])\W(?:[12]?[0-9]|3[01])")
_WORD, _LAST_WORD = re.compile(r"[^\W\d_]+"), re.compile(r"[^\W_]+\Z")
_NEXT_WORD = re.compile(r"[\"”’')]?[ ]([^\W\d_]+)")
# Beside numbers, percent signs and `p.m.` a pair of figures is no designator.
_NUMBER_BEFORE = re.compile(rf"\d[{HYPHENS}/.,:;)\s]{{1,3}}\Z|[$£#]\Z")
_NUMBER_AFTER = re.compile(rf"[{HYPHENS}/.,:;(\s]{{1,3}}\d|[ ]?[AaPp]\.?[Mm]\b|\s?%|[ ]?\d")
_SHORT_CODE = re.compile(rf"[^\W\d_][{DASHES} .:]?\S{{1,2}}")
_LINE_START, _LABEL_MARK = re.compile(r"(?:\A|\n)[ \t(]*\Z"), re.compile(r"[.):]+(?:\s|\Z)")
_OFFICE = re.compile(r"(?<![^\W_])[A-Z]{2}\s\Z")
_SPEAKS = re.compile(r"[,\s]\s*(?:advised|stated|said|reported|informed|furnished|told|who|whose)\b", re.IGNORECASE)
_OPENING = " .:\n#(\"“‘'"


@cache
def _flying_words() -> frozenset[str]:
    return word_list("aviation_words") | _ALSO_FLYING


def ruled_out(text: str, piece: Piece) -> bool:
    """Whether what stands right around a stretch makes it a label, a source, a time or one of several numbers."""
    before, after = text[max(0, piece.start - 24) : piece.start], text[piece.end : piece.end + 12]
    code, bare = text[piece.start : piece.end], before.rstrip(_OPENING)
    if last := _LAST_WORD.search(bare):
        word = last[0].lower()
        if word in word_list("label_words") or (word in ("no", "nos", "nr") and "." in before[len(bare) :]):
            return True
    if not any(c.isalpha() for c in code):
        if _DATE.fullmatch(code) and last is not None and last[0].lower() in _BEFORE_DATES:
            return True
        return _NUMBER_BEFORE.search(before) is not None or _NUMBER_AFTER.match(after) is not None
    if not _SHORT_CODE.fullmatch(code):
        return False
    # `A-l2.` at the head of a paragraph; `NY T-l` and `T-l advised` are informants.
    opens = _LINE_START.search(before) is not None and _LABEL_MARK.match(after) is not None
    return opens or _OFFICE.search(before) is not None or _SPEAKS.match(after) is not None


def may_be_label(text: str, piece: Piece) -> bool:
    """Whether a stretch may be written on something: `drawer marked TL-28`, `the TL-28 folder`."""
    after = _NEXT_WORD.match(text, piece.end)
    if after is not None and after[1].lower() in _HOLDERS:
        return True
    words = _WORD.findall(text[max(0, piece.start - 48) : piece.start].lower())[-2:]
    if not words or words[-1] in _HOLDERS or words[-1] in _MARKED:
        return bool(words)
    held = words[0] in _HOLDERS or words[0] in _MARKED or words[0] in word_list("label_words")
    return held and words[-1] in _BETWEEN


class Surroundings:
    """What speaks for the damaged designators of one page."""

    def __init__(self, text: str, pieces: Sequence[Piece], codes: Codes) -> None:
        """`pieces`: everything on the page that is no label or number, in order."""
        self._text, self._codes = text, codes
        # What is a designator without support: whole ones, and damaged ones that are no labels.
        sure = [p for p in pieces if p.need == Need.NONE]
        self._sure = [p for p in sure if not p.fit.swaps or not may_be_label(text, p)]
        self._starts = [p.start for p in self._sure]
        # Where on the page each thing is named without doubt for the first time.
        self._first = {codes.entities(p.fit.pattern): p for p in reversed(self._sure)}

    def support(self, piece: Piece) -> Evidence | None:
        """What says that a stretch is a designator, or None."""
        dated = _DATE.fullmatch(self._text, piece.start, piece.end) is not None
        own = self._first.get(self._codes.entities(piece.fit.pattern))
        if dated:
            word = self._flying(piece, 0, 1)
            # `11-28 bombers` is a day more often than an aircraft, unless the page has IL-28 too.
            if word is None or (own is None and len(piece.fit.swaps) > 1):
                return None
        else:
            word = self._flying(piece, *_WITHIN[piece.need])
        if word is not None:
            return Evidence("context", f"{word!r} stands near")
        other, where = own, "elsewhere on the page"
        if other is None and (other := self._listed(piece)) is not None:
            where = "near"
        return None if other is None else Evidence("context", f"{self._text[other.start : other.end]!r} stands {where}")

    def _flying(self, piece: Piece, back: int, on: int) -> str | None:
        """The word that speaks of aircraft so many words before or after, or None."""
        # Eight code points are a long word in the mean: no more is looked through.
        before: list[str] = _WORD.findall(self._text[max(0, piece.start - 8 * back - 8) : piece.start].lower())[
            -back or 999 :
        ]
        after: list[str] = _WORD.findall(self._text[piece.end : piece.end + 8 * on + 8].lower())[:on]
        known = _flying_words()
        if known.isdisjoint(before) and known.isdisjoint(after):
            return None
        return next(w for w in (*reversed(before), *after) if w in known)

    def _listed(self, piece: Piece) -> Piece | None:
        """A designator without doubt near a stretch, or the first of two that might be labels alone: `A-12`."""
        weak: list[Piece] = []
        for other in self._near(piece, _REACH[piece.need]):
            if len(self._codes.gazetteer.patterns[other.fit.pattern].replace(" ", "")) > 3:
                return other
            if all(w.fit.pattern != other.fit.pattern for w in weak):
                weak.append(other)
        return weak[0] if len(weak) > 1 else None

    def _near(self, piece: Piece, reach: int) -> Iterator[Piece]:
        low = bisect_left(self._starts, piece.start - reach - _WIDEST)
        for other in self._sure[low : bisect_right(self._starts, piece.end + reach)]:
            if other.end >= piece.start - reach:
                yield other
