"""The labels of slots: FROM, TO, SUBJECT and their like at the front of a line."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import accumulate
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from normalizer.headers.lines import Line
from normalizer.headers.tables import compact, known_labels, labels, may_be, near_pairs, nearest
from normalizer.headers.tables import words as listed
from normalizer.model import Span

_SIGN = re.compile("[:;]")
_LONGEST = 40
"""Code points that a label with its colon takes at most."""
_MOST_WORDS, _MOST_JUNK, _SHORT = 4, 2, 3
_LEGIBLE = 9
"""Letters of a label that is known without its colon when some of them are wrong."""
_OPEN = frozenset("from to info action subject reference date cite tags order copies class participants".split())  # noqa: SIM905
"""Slots whose label may stand without a colon, in the head only."""
_FAINT = {"INFO": "info", "FROM": "from", "CITE": "cite", "TAGS": "tags", "SUBJ": "subject"}
"""Short labels that are read with one letter wrong, too, in the head only."""
_ALIKE = {
    frozenset(pair)
    for pair in ("FP", "FE", "FT", "ET", "IT", "IL", "ON", "OC", "OQ", "OD", "MN", "MH", "MW", "FR", "OU")
}


class Slot(NamedTuple):
    """A slot of a header.

    Attributes:
        kind: Of `header_labels.txt`.
        label: Span of the label, the colon left out.
        value: Where the value begins.
        colon: The label ends with a colon.
    """

    kind: str
    label: Span
    value: int
    colon: bool


def slot_of(text: str, line: Line, *, head: bool) -> Slot | None:
    """The slot that a line opens, or None.

    Args:
        text: The page.
        line: One of it.
        head: The line stands before the running text, where labels may lack their colon.
    """
    signs = _SIGN.search(text, line.start, line.end) is not None
    words = line.words
    if not signs and not (head and (_may_start(words[0]) or any(map(_may_end, words[:_MOST_WORDS])))):
        return None  # as nearly all lines
    for skipped in range(min(_MOST_JUNK, len(words) - 1) + 1):
        if skipped and not _junk(words[skipped - 1]):
            return None
        found = _with_colon(text, line, skipped) if signs else None
        found = found or (_open(text, line, skipped) if head else None)
        if found:
            return found
    return None


@lru_cache(4096)
def _junk(surface: str) -> bool:
    """Whether a word before a label may be dirt of the margin."""
    return len(surface) <= 2 or not any(map(str.isalnum, surface)) or (len(surface) <= 3 and surface.islower())


def _with_colon(text: str, line: Line, skipped: int) -> Slot | None:
    start = line.tokens[skipped].start if skipped else line.start
    stop = min(line.end, start + _LONGEST)
    if text[start].islower():
        return None
    for sign in ":;":
        colon = text.find(sign, start, stop)
        if colon <= start:
            continue
        key = compact(text[start:colon])
        if not key:
            continue
        known = nearest(key, known_labels())
        kind = labels()[known] if known else _faint(key)
        if kind:
            return Slot(kind, Span(start, _trim(text, start, colon)), colon + 1, True)
    return None


def _open(text: str, line: Line, skipped: int) -> Slot | None:
    words = line.words[skipped : skipped + _MOST_WORDS]
    if words[0][0].islower() or not _may_open(words):
        return _before_office(line, skipped)
    keys = list(accumulate(map(compact, words)))
    table = labels()
    for count in range(len(keys), 0, -1):
        key = keys[count - 1]
        kind = table.get(key)
        if kind is None and len(key) >= _LEGIBLE:
            known = nearest(key, known_labels())
            kind = table[known] if known else None
        if kind not in _OPEN:
            continue
        start, end = line.tokens[skipped].start, line.tokens[skipped + count - 1].end
        if end - start <= _LONGEST and (key != "FOR" or text[start:end].isupper()):
            return Slot(kind, Span(start, _trim(text, start, end)), end, False)
    if len(words) < 2:
        return None
    kind = _faint(keys[0])
    if kind and words[0].upper() == words[0]:
        start, end = line.tokens[skipped]
        return Slot(kind, Span(start, _trim(text, start, end)), end, False)
    return _before_office(line, skipped)


def _may_open(words: list[str]) -> bool:
    """Whether a line that begins with some words can open with a label: others are most, and cost little then."""
    if _may_begin(words[0]):
        return True
    key = ""
    for word in words:
        key += compact(word)
        if len(key) >= _LEGIBLE and may_be(key, known_labels()):
            return True
    return False


@lru_cache(16384)
def _may_start(word: str) -> bool:
    """Whether a line that begins with a word can be a slot without a colon, unless the end of a label is in it."""
    return len(word) <= _SHORT or _junk(word) or _may_begin(word) or compact(word)[:2] in near_pairs(known_labels())[0]


@lru_cache(16384)
def _may_end(word: str) -> bool:
    """Whether a long label can end with a word."""
    key = compact(word)
    return len(key) < 2 or key[-2:] in near_pairs(known_labels())[1]


@lru_cache(8192)
def _may_begin(word: str) -> bool:
    key = compact(word)
    return key in _beginnings() or _faint(key) is not None


@cache
def _beginnings() -> frozenset[str]:
    """All that labels begin with."""
    return frozenset(label[:count] for label in labels() for count in range(len(label) + 1))


def _before_office(line: Line, skipped: int) -> Slot | None:
    """A label of two letters that is hardly legible, before SECSTATE."""
    words = line.words
    if len(words) < skipped + 2 or len(words[skipped]) > _SHORT:
        return None
    if nearest(compact(words[skipped + 1]), listed("office")) == "SECSTATE":
        token = line.tokens[skipped]
        return Slot("to", token, token.end, False)
    return None


@lru_cache(4096)
def _faint(key: str) -> str | None:
    if not 3 <= len(key) <= 5:
        return None
    kinds = {kind for word, kind in _FAINT.items() if Levenshtein.distance(key, word, score_cutoff=1) <= 1}
    return kinds.pop() if len(kinds) == 1 else None


def alike(seen: str, label: str) -> bool:
    """Whether a short token may be a damaged label: of its length, half its letters right, the others look-alikes."""
    key = compact(seen)
    if len(key) != len(label):
        return False
    wrong = [frozenset((a, b)) for a, b in zip(key, label, strict=True) if a != b]
    return len(wrong) * 2 <= len(label) and all(pair in _ALIKE for pair in wrong)


def _trim(text: str, start: int, end: int) -> int:
    """The end without spaces and points."""
    while end > start + 1 and text[end - 1] in " \t:;.,":
        end -= 1
    return end
