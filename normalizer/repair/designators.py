"""Designators of aircraft and missiles that a scan damaged: `1L-28`, `M1G-2l`, `C-l18`.

A stretch of letters and figures is read as a designator of the gazetteer, character by character. A character
may stand for one that looks like it; a figure is never read as another figure, because IL-18 and IL-28 are both true.
Codes that prove little by themselves (`U-Z`, `8-52`, `il-2b`) count only where aircraft are spoken of.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any, Final, NamedTuple

import numpy as np

from normalizer.folding import APOSTROPHES, HYPHENS
from normalizer.gazetteer import Form, Gazetteer
from normalizer.model import Evidence
from normalizer.words import word_list

_ALIKE: Final = (
    # How far the two are apart, then what is meant and what scans make of it. Of two figures none stands for the other.
    (0.15, "1:Iil|! i:1l|! l:1I|! 0:Oo o:0"),
    (0.30, "5:Ss§$ s:5$§ 8:Bb& b:8 2:Zz z:2 6:Gb g:6 0:QD d:0 q:0 9:gq i:Tt 1:L"),
    (0.40, "1:TtJj s:8 c:€¢(Ge g:C€c 4:A a:4@ t:71I b:R r:B u:V v:U d:O o:DQ q:O"),
    (0.45, "m:rn d:cl w:vv w:VV h:ii u:ii h:ll u:ll h:II u:II h:li"),
    (0.50, "8:Ss b:5E f:7EP h:MNK m:HN n:HMU c:O o:CU e:FB£ p:FR r:PK k:RHX x:K v:Y y:VT t:Y u:ON"),
)
_MOST, _PER_CHARACTER, _MARGIN = 0.85, 0.2, 0.2
"""The dearest reading, in all and by character; how much cheaper it must be than that of another thing.

Set by reading every find and every near miss in 14 MB of scans and 51 rendered cables: with these none is false."""
_LIGHT, _FAIR, _PAIR_COST, _PLURAL_COST, _LONGEST = 0.3, 0.4, 0.45, 0.3, 10

_DIGITS, _DATES, _UPRIGHT = frozenset("0123456789"), frozenset("1Il|!4"), frozenset("1Il|!iTt")
_JUNK, _MARKS, _DASHES = frozenset("€§|!£$&@(¢"), "€§|!£$&@¢", f"{HYPHENS}~=_"
_SIGN = rf"(?:[^\W_]|[({_MARKS}])"
# A code bounded by what is no letter or figure, with its plural; no part of a longer number (`8-52-61`).
_STRETCH = re.compile(
    rf"(?<![{HYPHENS}\w$#/.])(?P<code>{_SIGN}{{1,6}}"
    rf"(?:(?:\s?[{_DASHES}]\s{{0,3}}|[ .:]|\.[{HYPHENS}])(?![^\W\d_]{{4}}){_SIGN}{{1,6}}){{0,3}})"
    rf"(?P<plural>[{APOSTROPHES}][sS])?(?!_?[^\W_]|[{HYPHENS}/.:]\d|[{HYPHENS}][^\W\d_]{{1,2}}(?![^\W_]))"
)
_TOKEN = re.compile(
    rf"[0-9\-–](?:(?<=[A-Za-z{_MARKS}][0-9])(?![0-9]{{4}})"  # a figure behind a letter,
    rf"|(?<=[^\s0-9{_DASHES}][{_DASHES}.][0-9])(?![0-9]{{4}})|(?<=\b[0-9][{_DASHES}][0-9])"  # a hyphen, `8-52`,
    rf"|(?<=[A-Z0-9]\s[{_DASHES}][0-9])|(?<=[A-Z0-9][{_DASHES}]\s[0-9])"  # which may stand apart,
    r"|(?<=\b[1T][A-Z]\s[0-9])|(?<=\b[A-Z][1|!T]\s[0-9])|(?<=\b[A-Z][1|!TI][A-Z0-9]\s[0-9])"  # or a short word;
    rf"|(?<=[0-9])[0-9]{{0,2}}+(?=[A-Za-z{_MARKS}])(?!(?:st|nd|rd|th|ST|ND|RD|TH)(?![^\W_]))"  # one before a letter;
    rf"|(?<=[{_DASHES}])(?=[OQDIlZzSBGA|!§$]{{1,3}}(?:['’]?s)?(?![^\W_])))\S*"  # or a hyphen before what may be figures
)
"""From the first figure that may be of a designator to the end of its word."""
# The end of the word before, where it may be the first half of a code: `TL 28`, `1L-` at a line's end.
_BEFORE = re.compile(rf"(?<![^\s(\"“‘])[^\s]{{0,4}}(?:[A-Z0-9][ ]|[{HYPHENS}]\s{{1,2}})\Z")
_ENDS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" + HYPHENS)
_HYPHENATED = re.compile(rf"\S\s?[{_DASHES}]\s{{0,3}}\S")
_NO_SEPARATORS = dict.fromkeys(map(ord, _DASHES + " .:\t\n\r\f"))
_LETTERED = [str.maketrans("01589", f"o{one}sbg") for one in "il"]
_DATE = re.compile(r"[1-9]\W(?:[12]?[0-9]|3[01])")
_WORD, _LAST_WORD = re.compile(r"[^\W\d_]+"), re.compile(r"[^\W_]+\Z")
# Beside numbers, percent signs and `p.m.` a pair of figures is no designator.
_NUMBER_BEFORE = re.compile(rf"\d[{HYPHENS}/.,:;)\s]{{1,3}}\Z|[$£#]\Z")
_NUMBER_AFTER = re.compile(rf"[{HYPHENS}/.,:;(\s]{{1,3}}\d|[ ]?[AaPp]\.?[Mm]\b|\s?%|[ ]?\d")
_SHORT_CODE = re.compile(rf"[^\W\d_][{_DASHES} .:]?\S{{1,2}}")
_LINE_START, _LABEL_MARK = re.compile(r"(?:\A|\n)[ \t(]*\Z"), re.compile(r"[.):]+(?:\s|\Z)")
_OFFICE = re.compile(r"(?<![^\W_])[A-Z]{2}\s\Z")
_SPEAKS = re.compile(r"[,\s]\s*(?:advised|stated|said|reported|informed|furnished|told|who|whose)\b", re.IGNORECASE)
_REACH, _REMEMBERED, _NEAR, _BESIDE = 16, 50_000, 250, 80
_BEHIND = 99
"""The place of a plural ending, behind every character of a designator."""
_BARRED = Form.MISREADING | Form.SCOPED | Form.PLURAL | Form.PERSON
_NO_TYPES = frozenset({"person", "place", "organization"})

_NONE, _AVIATION, _CLOSE, _TIGHT, _OWN = range(5)
"""What a reading needs: nothing, aircraft spoken of near, nearer, right beside it, or itself elsewhere on the page."""
_WITHIN = {_AVIATION: (12, 12), _CLOSE: (6, 6), _TIGHT: (1, 2), _OWN: (0, 0)}
"""So many words before and after are looked through for one that speaks of aircraft."""


@dataclass(frozen=True, slots=True)
class Code:
    """A damaged designator on a page and what it was.

    Attributes:
        start: Where it begins, in code points of the text.
        end: Where it ends, its plural ending included.
        pattern: Number of the gazetteer pattern that it was; `Gazetteer.forms` gives its names.
        name: The designator as the gazetteer writes it.
        cost: Sum of what the swaps cost, in (0, 0.85]; lower is better.
        swaps: What the page shows and what it stands for, in order.
        ending: The plural ending that belongs behind the name: `s`, `'s`, `S` or nothing.
        supported: What around it speaks for it, or None where it needed nothing.
    """

    start: int
    end: int
    pattern: int
    name: str
    cost: float
    swaps: tuple[tuple[str, str], ...]
    ending: str = ""
    supported: Evidence | None = None


class _Fit(NamedTuple):
    """A designator that a stretch may have been; `swaps` are (place in the designator, seen, meant)."""

    cost: float
    pattern: int
    swaps: tuple[tuple[int, str, str], ...]


class _Piece(NamedTuple):
    """A stretch that is a designator, as it stands (no swaps) or damaged, and what support it needs."""

    start: int
    end: int
    fit: _Fit
    need: int
    ending: str = ""


@cache
def _options() -> dict[str, tuple[tuple[str, float], ...]]:
    """What each character, or two, may stand for, itself first, and at what cost."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for char in "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ":
        found[char][char.lower()] = 0.0
    for cost, row in _ALIKE:
        for meant, seen in (entry.split(":") for entry in row.split()):
            for char in [seen] if cost == _PAIR_COST else seen:
                found[char].setdefault(meant, cost)
    return {char: tuple(meant.items()) for char, meant in found.items()}


class Designators:
    """Reads damaged designators; made once for a gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        flags = np.asarray(gazetteer.form_flags)
        marked = np.flatnonzero(flags & Form.DESIGNATOR)
        numbers = np.searchsorted(np.asarray(gazetteer.first_form), marked, "right") - 1
        self._true = frozenset(numbers[(flags[marked] & _BARRED) == 0].tolist())
        self._exact: dict[str, int] = {}
        for number in np.unique(numbers).tolist():
            # Of the spellings of a designator the longest has a space at every turn from letters to figures.
            key = gazetteer.patterns[number].replace(" ", "")
            self._exact[key] = max(number, self._exact.get(key, number), key=lambda n: len(gazetteer.patterns[n]))
        self._trie: dict[str, Any] = {}
        for key, number in self._exact.items():
            if number in self._true:
                node = self._trie
                for char in key:
                    node = node.setdefault(char, {})
                node[""] = number
        self._read: dict[str, tuple[_Piece, ...]] = {}

    def find(self, text: str, known: Callable[[int, int], bool] | None = None) -> Iterator[Code]:
        """Every damaged designator of a text, in order, without overlap.

        Args:
            text: The page.
            known: Whether a name stands at a start and end already; such places are left alone.
        """
        pieces = list(self._pieces(text))
        if not any(p.fit.swaps for p in pieces):
            return
        kept = [p for p in pieces if not _ruled_out(text, p)]
        sure = [p for p in kept if p.need == _NONE]
        for p in kept:
            if not p.fit.swaps or (known is not None and known(p.start, p.end)):
                continue
            support = self._support(text, p, sure) if p.need else None
            if p.need and support is None:
                continue
            cost, pattern, swaps = p.fit
            shown = tuple((seen, meant) for _, seen, meant in swaps)
            yield Code(p.start, p.end, pattern, self._name(pattern), round(cost, 2), shown, p.ending, support)

    def _pieces(self, text: str) -> Iterator[_Piece]:
        """Designators, exact and damaged, wherever figures stand; words are looked at once and remembered."""
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

    def _remembered(self, word: str) -> tuple[_Piece, ...]:
        pieces = self._read.get(word)
        if pieces is None:
            if len(self._read) >= _REMEMBERED:
                self._read.clear()
            pieces = self._read[word] = tuple(self._stretches(word))
        return pieces

    def _stretches(self, word: str) -> Iterator[_Piece]:
        """The designators within a word, exact or damaged."""
        for m in _STRETCH.finditer(word):
            start, end = m.span("code")
            piece = self._piece(word[start:end], start, m["plural"] or "")
            while piece is None and start + 1 < end and word[start] in _JUNK:
                start += 1
                piece = self._piece(word[start:end], start, m["plural"] or "")
            if piece is not None:
                yield piece

    def _piece(self, code: str, start: int, plural: str) -> _Piece | None:
        end = start + len(code) + len(plural)
        key = code.translate(_NO_SEPARATORS).lower()
        if not 1 < len(key) <= _LONGEST or (key == code and code.isdigit()):
            return None
        stem = not plural and code[-1:] in "sS" and code[-2:-1].isalnum()
        exact = self._exact.get(key, self._exact.get(key[:-1]) if stem else None)
        if exact is not None:
            firm = _HYPHENATED.search(code) or (code.isalnum() and code[:2].isalpha())
            sure = self._flies(exact) and firm and code.isupper() and sum(c.isdigit() for c in code) > 1
            return _Piece(start, end, _Fit(0.0, exact, ()), _NONE if sure else _AVIATION)
        if code.isalnum() and (len(code) < 4 or code.islower()):
            return None  # whatever it was, letters and figures in one prove too little
        fits, cut = list(self._fits(code)), list(self._fits(code[:-1])) if stem else []
        fits += cut
        if not fits and not plural and code[-1] in "58" and code[-2] in _DIGITS:
            # `C-475`: every figure stays what it is, but the last may be the ending of C-47s.
            number = self._exact.get(key[:-1])
            fits = list(self._fits(code[:-1])) if number is None else [_Fit(0.0, number, ())]
            plural = "S" if code.isupper() else "s"
            ending = (_BEHIND, code[-1], plural)
            fits = [_Fit(f.cost + _PLURAL_COST, f.pattern, (*f.swaps, ending)) for f in fits]
        best = self._best(fits) if fits else None
        need = None if best is None else _need(code, self._gazetteer.patterns[best.pattern], best)
        if best is None or need is None:
            return None
        # `MI-S` may be the service MI5 too.
        need = need if all(self._flies(f.pattern) for f in fits) else _TIGHT
        return _Piece(start, end, best, need, code[-1] if best in cut else plural)

    def _fits(self, code: str) -> Iterator[_Fit]:
        """Every designator that a stretch becomes by few swaps, with its turns where the stretch is parted."""
        signs = code.translate(_NO_SEPARATORS)
        cuts = {n - i for i, n in enumerate(n for n, c in enumerate(code) if ord(c) in _NO_SEPARATORS)}
        options = _options()
        limit = min(_MOST, _PER_CHARACTER * len(signs)) if _HYPHENATED.search(code) else _LIGHT
        stack: list[tuple[int, str, dict[str, Any], float, tuple[tuple[int, str, str], ...], tuple[int, ...]]]
        stack = [(0, "", self._trie, 0.0, (), ())]
        while stack:
            i, read, node, cost, swaps, turns = stack.pop()
            place, behind = len(read), read != "" and not read.isalpha()
            if i in cuts:
                turns = (*turns, place)
            if i >= len(signs):
                if swaps and (number := node.get("")) is not None:
                    atoms = self._gazetteer.patterns[number].split(" ")
                    if set(accumulate(map(len, atoms))).issuperset(turns):
                        yield _Fit(cost, number, swaps)
                continue
            if signs[i] == "(" and i + 1 not in cuts:
                continue  # a bracket, unless `(-47`
            pair = signs[i : i + 2]
            for seen in (signs[i], pair) if pair in options and len(pair) > 1 and i + 1 not in cuts else (signs[i],):
                for meant, more in options.get(seen, ()):
                    # Behind figures letters tell one variant from another, and any may be a true one.
                    if meant not in node or cost + more > limit or (more and behind and meant not in _DIGITS):
                        continue
                    swapped = (*swaps, (place, seen, meant)) if more else swaps
                    stack.append((i + len(seen), read + meant, node[meant], cost + more, swapped, turns))

    def _best(self, fits: Iterable[_Fit]) -> _Fit | None:
        """The cheapest fit, unless some other thing fits nearly as well."""
        ranked = sorted(f for f in fits if f.cost <= _MOST and self._flies(f.pattern))
        rivals = {self._entities(f.pattern) for f in ranked if f.cost - ranked[0].cost < _MARGIN}
        return ranked[0] if len(rivals) == 1 else None

    def _entities(self, pattern: int) -> frozenset[int]:
        gazetteer, barred = self._gazetteer, Form.MISREADING | Form.SCOPED
        forms = gazetteer.forms(pattern)
        return frozenset(gazetteer.form_entity[f] for f in forms if not gazetteer.form_flags[f] & barred)

    def _flies(self, pattern: int) -> bool:
        """Whether a pattern is of a type of thing with designators, no place (`H-3`) and no organization (`G-2`)."""
        types = {self._gazetteer.entity(n).type for n in self._entities(pattern)}
        return pattern in self._true and not types & _NO_TYPES

    def _name(self, pattern: int) -> str:
        flags = self._gazetteer.form_flags
        forms = self._gazetteer.forms(pattern)
        true = next(f for f in forms if flags[f] & Form.DESIGNATOR and not flags[f] & _BARRED)
        return self._gazetteer.form_text(true)

    def _support(self, text: str, piece: _Piece, sure: list[_Piece]) -> Evidence | None:
        """What around a stretch says that it is a designator, or None."""
        dated = _DATE.fullmatch(text, piece.start, piece.end)
        back, on = (0, 1) if dated else _WITHIN[piece.need]
        before = _WORD.findall(text[max(0, piece.start - 16 * back) : piece.start].lower())[::-1][:back]
        after = _WORD.findall(text[piece.end : piece.end + 16 * on].lower())[:on]
        for word in (*before, *after):
            if word in word_list("aviation_words"):
                return Evidence("context", f"{word!r} stands near")
        reach = _NEAR if piece.need == _AVIATION else -1 if dated or piece.need == _OWN else _BESIDE
        own = self._entities(piece.fit.pattern)
        for other in sure:
            if other.start == piece.start:
                continue
            near = max(other.start - piece.end, piece.start - other.end) <= reach
            if near or self._entities(other.fit.pattern) == own:
                there = "near" if near else "elsewhere on the page"
                return Evidence("context", f"{text[other.start : other.end]!r} stands {there}")
        return None


def _need(code: str, pattern: str, fit: _Fit) -> int | None:
    """What support a damaged designator needs, or None where no support would do."""
    prefix = pattern.split(" ")[0]
    letters, figures = len(prefix), sum(c.isdigit() for c in pattern)
    struck = [(seen, meant) for place, seen, meant in fit.swaps if place < letters]
    upright = all(seen in _UPRIGHT and meant in _UPRIGHT for seen, meant in struck)
    hard = any(seen.isalpha() and not (seen in _UPRIGHT and meant in _UPRIGHT) for seen, meant in struck)
    (last, seen, _), joined = fit.swaps[-1], code.translate(_NO_SEPARATORS) == code
    plural, true_figures = last == _BEHIND, bool(_DIGITS.intersection(code))
    capital = any(c.isupper() for c in code[:letters])
    if not prefix.isalpha() or (figures < 2 and (plural or hard)):
        return None
    if not _HYPHENATED.search(code):
        if fit.cost > _LIGHT or not (upright or letters > 2) or not capital or len(struck) == letters:
            return None
        if letters == 1:
            return None if " " in code or figures < 2 or _reads_as_word(code) or last == figures else _CLOSE
        # What is no figure at the end, is in a word.
        word = figures < 2 or _reads_as_word(code) or (last == letters + figures - 1 and seen not in "Bl")
        return None if joined and word else _AVIATION
    if len(struck) == letters:
        if figures < 2 or (letters == 1 and struck[0][0] in _DATES):
            return None  # `1-28` and `4-11` are dates
        if hard and letters == 1:
            return _CLOSE if figures > 2 else _OWN  # R-36 and B-36 are both true
        return _CLOSE if any(c.isalpha() for c in code) else _TIGHT
    if not true_figures and (figures < 2 or letters == 1):
        # `U-Z`, but not `C-I-A`, `ac-|` or `A-II`.
        odd = code[-1] in "|!" or (letters == 1 and (not pattern[-1].isdigit() or code[-2:] == "II"))
        return None if odd else _CLOSE
    if letters == 1 and figures < 2:
        return _CLOSE
    if hard and letters == 2:
        return _AVIATION if fit.cost <= _FAIR else _OWN  # HC-97 and KC-97 are both true
    weak = figures < (3 if letters == 1 else 2) or plural or not capital or not true_figures
    weak = weak or (letters == 1 and fit.cost > _LIGHT) or (letters == 2 and ("1", "t") in struck)
    return _AVIATION if weak else _NONE


def _reads_as_word(code: str) -> bool:
    """Whether a stretch is an English word with figures for letters: `SA1D`, `M1ll`."""
    return any(code.lower().translate(t) in word_list("english") for t in _LETTERED)


def _ruled_out(text: str, piece: _Piece) -> bool:
    """Whether what stands right around a stretch makes it a label, a source, a time or one of several numbers."""
    before, after = text[max(0, piece.start - 24) : piece.start], text[piece.end : piece.end + 12]
    code, bare = text[piece.start : piece.end], before.rstrip(" .:\n#(")
    if last := _LAST_WORD.search(bare):
        word = last[0].lower()
        if word in word_list("label_words") or (word in ("no", "nos", "nr") and "." in before[len(bare) :]):
            return True
    if not any(c.isalpha() for c in code):
        return _NUMBER_BEFORE.search(before) is not None or _NUMBER_AFTER.match(after) is not None
    if not _SHORT_CODE.fullmatch(code):
        return False
    # `A-l2.` at the head of a paragraph; `NY T-l` and `T-l advised` are informants.
    opens = _LINE_START.search(before) is not None and _LABEL_MARK.match(after) is not None
    return opens or _OFFICE.search(before) is not None or _SPEAKS.match(after) is not None
