"""Where a page may be damaged: words that are none, joined and parted ones, with the specks beside them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from normalizer.folding import HYPHENS
from normalizer.repair.vocabulary import word_counts
from normalizer.words import word_list

_WORD = re.compile(r"[^\W_]+")
_SPECKS = frozenset("€@#&§£¢{}|!?$%*<>[]()+=~^\\;:")
"""What a scan makes of a letter at a word's edge."""
_INSIDE = frozenset("€@#&§£¢{}|!?$%*<>+=~^\\;:.'’`")
"""What it makes of a letter inside a word."""
_JOINT = re.compile(rf"[ \t]{{1,3}}|[ \t]?[.,:;'’`_~·*][ \t]?|[{HYPHENS}][ \t]*\n?[ \t]*|[ \t]*\n[ \t]*")
"""What may stand between the parts of one name."""
_SAME_SENTENCE = (" ", "\n", "  ")
GLUE = frozenset(
    "the to in of and from for at by on with de la el en mr mrs gen dr col sr is was that than via near his "  # noqa: SIM905
    "president director ambassador".split()
)
"""Words that run together with a name beside them, and that are no part of one."""
SHORTEST, LONGEST = 3, 20
_MOST_DIGITS = 0.4
_LONG_PART = 4
"""Letters of an ordinary word that is too long to be a part of a parted one."""


class Stretch(NamedTuple):
    """A stretch of the page that may be a damaged name.

    Attributes:
        start, end: Code points of the page.
        surface: What stands there, without spaces and line breaks.
        first: Number of its first word.
        words: Of how many words of the page it is made.
        speck: It takes in a character that is no letter or digit.
        known: It is an ordinary word or a name that nothing supports.
        whole: One of its words is a name or a longer word: it is no parted word, but may be a name of several.
    """

    start: int
    end: int
    surface: str
    first: int
    words: int = 1
    speck: bool = False
    known: bool = False
    whole: bool = False


class Word(NamedTuple):
    """A word of the page.

    Attributes:
        start, end: Its place.
        damaged: It is neither a word nor a name known.
        ordinary: It is a word that names nothing.
    """

    start: int
    end: int
    text: str
    damaged: bool
    ordinary: bool


ORDINARY, NAME = 1, 2
Taken = Callable[[int, int], bool]


def words_of(text: str, kinds: Mapping[str, int]) -> list[Word]:
    """The words of a page. `kinds` has ORDINARY or NAME for the folded words that need no repair."""
    found = []
    for m in _WORD.finditer(text):
        word = m[0]
        kind = kinds.get(word.lower(), ORDINARY if len(word) < SHORTEST or word.isdigit() else 0)
        found.append(Word(m.start(), m.end(), word, not kind, kind == ORDINARY))
    return found


def stretches(text: str, words: list[Word], taken: Taken) -> Iterator[Stretch]:
    """The stretches worth a look, in order of their first word.

    Args:
        text: The page.
        words: Its words.
        taken: Whether a span overlaps a name that is decided already.
    """
    for number, word in enumerate(words):
        if taken(word.start, word.end):
            continue
        if word.damaged:
            if _worth(word.text):
                yield Stretch(word.start, word.end, word.text, number)
                yield from _with_specks(text, word, number)
                if len(word.text) > SHORTEST + 1 and word.text[-1] == "s" and word.text[:-1].isupper():
                    yield Stretch(word.start, word.end, word.text[:-1], number)  # CUBAs
        elif _out_of_place(text, words, number):
            yield Stretch(word.start, word.end, word.text, number, known=True)
        yield from _joined(text, words, number, taken)


def _worth(surface: str) -> bool:
    if not SHORTEST <= len(surface) <= LONGEST:
        return False
    digits = sum(c.isdigit() for c in surface)
    return digits <= _MOST_DIGITS * len(surface)


def _out_of_place(text: str, words: list[Word], number: int) -> bool:
    """Whether an ordinary word stands with a capital in the midst of a sentence (`in Cubs`)."""
    word = words[number]
    if not number or len(word.text) < SHORTEST + 1 or not (word.text[0].isupper() and word.text[1:].islower()):
        return False
    before, folded = words[number - 1], word.text.lower()
    # A name that is met elsewhere is not a slip of another.
    if folded in word_list("demonyms") or (not word.ordinary and folded in word_counts()):
        return False
    if folded in word_list("given_names") or folded in word_list("calendar"):
        return False
    return before.text.islower() and text[before.end : word.start] in _SAME_SENTENCE


def _with_specks(text: str, word: Word, number: int) -> Iterator[Stretch]:
    """The word with the specks that touch it."""
    left = word.start > 0 and text[word.start - 1] in _SPECKS
    right = word.end < len(text) and text[word.end] in _SPECKS
    for before, after in ((left, False), (False, right), (left, right)):
        if (before or after) and (before, after) in ((left, False), (False, right), (True, True)):
            start, end = word.start - before, word.end + after
            yield Stretch(start, end, text[start:end], number, speck=True)


def _joined(text: str, words: list[Word], number: int, taken: Taken) -> Iterator[Stretch]:
    """Two or three words from a number on that may be one name."""
    first = words[number]
    surface, damaged, broken, speck = first.text, not first.ordinary, first.damaged, False
    whole = _is_whole(first)
    for count in (2, 3):
        if number + count > len(words):
            return
        last = words[number + count - 1]
        gap = text[words[number + count - 2].end : last.start]
        inside = len(gap) == 1 and gap in _INSIDE
        if not inside and not _JOINT.fullmatch(gap):
            return
        surface += gap + last.text if inside else last.text
        sharp = inside and gap not in ".:'’`"
        damaged, broken, speck = damaged or not last.ordinary or sharp, broken or last.damaged or sharp, speck or inside
        whole = whole or _is_whole(last)
        if len(surface) > LONGEST or taken(last.start, last.end):
            return
        folded = last.text.lower()
        if folded in word_list("demonyms"):
            return
        if not sharp and (first.text.lower() in GLUE or folded in GLUE):
            continue
        capital = any(c.isupper() for c in first.text)
        if damaged and (broken or whole) and (capital or inside) and len(surface) > SHORTEST and _worth(surface):
            yield Stretch(first.start, last.end, surface, number, count, speck, False, whole and not sharp)


def _is_whole(word: Word) -> bool:
    return not word.damaged and len(word.text) >= _LONG_PART
