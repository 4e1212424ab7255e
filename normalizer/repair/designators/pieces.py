"""Where on a page designators may stand, whole or damaged: stretches of letters and figures and what they read as."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from normalizer.folding import APOSTROPHES, HYPHENS
from normalizer.repair.designators.lookalikes import DASHES, FIGURES, HYPHENATED, Codes, Fit, joined
from normalizer.repair.designators.need import PLURAL_PLACE, Need, may_be_doubted, need_of

_JUNK, _MARKS = frozenset("€§|!£$&@(¢"), "€§|!£$&@¢"
_SIGN = rf"(?:[^\W_]|[({_MARKS}])"
# A code bounded by what is no letter or figure, with its plural; no part of a longer number (`8-52-61`).
_STRETCH = re.compile(
    rf"(?<![{HYPHENS}\w$#/.])(?P<code>{_SIGN}{{1,6}}"
    rf"(?:(?:\s?[{DASHES}]\s{{0,3}}|[ .:]|\.[{HYPHENS}])(?![^\W\d_]{{4}}){_SIGN}{{1,6}}){{0,3}})"
    rf"(?P<plural>[{APOSTROPHES}][sS])?(?!_?[^\W_]|[{HYPHENS}/.:]\d|[{HYPHENS}][^\W\d_]{{1,2}}(?![^\W_]))"
)
_TOKEN = re.compile(
    rf"[0-9\-–—~](?:(?<=[A-Za-z{_MARKS}][0-9])(?![0-9]{{4}})"  # a figure behind a letter,
    rf"|(?<=[{DASHES}.][0-9])(?:(?<=[^\s0-9{DASHES}].[0-9])(?![0-9]{{4}})"  # a hyphen,
    rf"|(?<=\b[0-9][{DASHES}][0-9])|(?<=\b(?:11|55)[{DASHES}][0-9]))"  # `8-52`, `11-28`,
    rf"|(?<=[A-Z0-9]\s[{DASHES}][0-9])|(?<=\s[0-9])(?:(?<=[A-Z0-9][{DASHES}]\s[0-9])"  # which may stand apart,
    r"|(?<=\b[1T][A-Z]\s[0-9])|(?<=\b[A-Z][1|!T]\s[0-9])|(?<=\b[A-Z][1|!TI][A-Z0-9]\s[0-9]))"  # or a short word;
    rf"|(?<=[0-9])[0-9]{{0,2}}+(?=[A-Za-z{_MARKS}])(?!(?:st|nd|rd|th|ST|ND|RD|TH)(?![^\W_]))"  # one before a letter;
    rf"|(?<=[{DASHES}])(?=[OQDIlZzSBGA|!§$]{{1,3}}(?:['’]?s)?(?![^\W_])))\S*"  # or a hyphen before what may be figures
)
"""From the first figure that may be of a designator to the end of its word."""
# The end of the word before, where it may be the first half of a code: `TL 28`, `1L-` at a line's end.
_BEFORE = re.compile(rf"(?<![^\s(\"“‘])[^\s]{{0,4}}(?:[A-Z0-9][ ]|[{HYPHENS}]\s{{1,2}})\Z")
_ENDS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" + HYPHENS)
_PLURAL_COST, _LONGEST, _REACH, _REMEMBERED = 0.3, 10, 16, 50_000


class Piece(NamedTuple):
    """A stretch that is a designator, as it stands (no swaps) or damaged.

    Attributes:
        start: Where it begins, in code points of what was read.
        end: Where it ends, its plural included.
        fit: What it was.
        need: What support it needs.
        ending: Its plural.
        possible: Whether it is to be told as possible where nothing supports it.
    """

    start: int
    end: int
    fit: Fit
    need: Need
    ending: str = ""
    possible: bool = False


class Reader:
    """Reads pages into pieces, remembering words; made once for the designators of a gazetteer."""

    def __init__(self, codes: Codes) -> None:
        self._codes = codes
        self._read: dict[str, tuple[Piece, ...]] = {}

    def pieces(self, text: str) -> Iterator[Piece]:
        """Designators, exact and damaged, wherever figures stand, in order and without overlap."""
        last = done = 0
        for m in _TOKEN.finditer(text):
            at = m.start()
            low = max(last, at - _REACH)
            start = max(low, text.rfind(" ", low, at) + 1, text.rfind("\n", low, at) + 1)
            last = end = m.end()
            if end - start > _REACH:
                continue
            pieces = self._remembered(text[start:end])
            if not pieces and start > 2 and text[start - 2] in _ENDS:
                before = _BEFORE.search(text, max(done, start - 9), start)
                if before is not None:
                    start = before.start()
                    pieces = self._remembered(text[start:end])
            for p in pieces:
                done = p.end + start
                yield p._replace(start=p.start + start, end=done)

    def _remembered(self, word: str) -> tuple[Piece, ...]:
        pieces = self._read.get(word)
        if pieces is None:
            if len(self._read) >= _REMEMBERED:
                self._read.clear()
            pieces = self._read[word] = tuple(self._stretches(word))
        return pieces

    def _stretches(self, word: str) -> Iterator[Piece]:
        """The designators within a word, exact or damaged."""
        for m in _STRETCH.finditer(word):
            start, end = m.span("code")
            piece = self._piece(word[start:end], start, m["plural"] or "")
            while piece is None and start + 1 < end and word[start] in _JUNK:
                start += 1
                piece = self._piece(word[start:end], start, m["plural"] or "")
            if piece is not None:
                yield piece

    def _piece(self, code: str, start: int, plural: str) -> Piece | None:
        codes = self._codes
        end = start + len(code) + len(plural)
        key = joined(code).lower()
        if not 1 < len(key) <= _LONGEST or (key == code and code.isdigit()):
            return None
        stem = not plural and code[-1:] in "sS" and code[-2:-1].isalnum()
        exact = codes.exact(key)
        exact = codes.exact(key[:-1]) if exact is None and stem else exact
        if exact is not None:
            firm = HYPHENATED.search(code) or (code.isalnum() and code[:2].isalpha())
            sure = codes.flies(exact) and firm and code.isupper() and sum(c.isdigit() for c in code) > 1
            return Piece(start, end, Fit(0.0, exact, ()), Need.NONE if sure else Need.NEAR)
        if code.isalnum() and (len(code) < 4 or code.islower()):
            return None  # whatever it was, letters and figures in one prove too little
        fits, cut = list(codes.fits(code)), list(codes.fits(code[:-1])) if stem else []
        fits += cut
        if not fits and not plural and code[-1] in "58§$" and code[-2] in FIGURES:
            # `C-475`: every figure stays what it is, but the last may be the ending of C-47s.
            number = codes.exact(key[:-1])
            fits = list(codes.fits(code[:-1])) if number is None else [Fit(0.0, number, ())]
            plural = "S" if code.isupper() else "s"
            ending = (PLURAL_PLACE, code[-1], plural)
            fits = [Fit(f.cost + _PLURAL_COST, f.pattern, (*f.swaps, ending)) for f in fits]
        best = codes.best(fits) if fits else None
        if best is None:
            return None
        pattern = codes.gazetteer.patterns[best.pattern]
        need = need_of(code, pattern, best, stem=codes.exact(key[:-1]) is not None)
        if need is None:
            return None
        # `MI-S` may be the service MI5 too.
        need = need if all(codes.flies(f.pattern) for f in fits) else Need.BESIDE
        possible = need <= Need.NEAR and may_be_doubted(code, pattern)
        return Piece(start, end, best, need, code[-1] if best in cut else plural, possible)
