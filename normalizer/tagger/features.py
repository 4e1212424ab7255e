"""What the tagger sees of a word: hashes of its spellings and its classes, made so that damage changes few of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache, lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from normalizer.folding import without_accents
from normalizer.repair.vocabulary import word_counts
from normalizer.words import word_list

COLUMNS = ("word", "skeleton", "begin", "end", "begin 2", "end 4", "shape", "class", "gap")
"""Spellings and classes of a word, a hash each; the last says what white space stands on its two sides."""

JOINED, SPACE, WIDE, LINE, BLANK = range(5)
"""White space beside a word: none, a space, more of them, a line's end, an empty line."""

_ALIKE = str.maketrans("0123456789!|$@€", "oizeasbtbgiisae")
_PAIRS = (("rn", "m"), ("vv", "w"), ("ii", "u"), ("cl", "d"))
_RUNS = re.compile(r"(.)\1{3,}")
_DIGIT = re.compile(r"\d")
_SMALL = (1, 4, 21)
"""Times that a word stands in small letters in the texts of the project, from which it is more surely a word."""
_MOST_KEPT = 300_000
"""Words whose hashes are kept; beyond it they are forgotten and made anew."""


@cache
def _listed() -> dict[str, str]:
    """A letter for each of the short word lists that has a word, by word."""
    names = ("given_names", "titles", "demonyms", "calendar", "label_words", "place_words", "aviation_words")
    found: dict[str, str] = {}
    for letter, name in zip("gtdclpv", names, strict=True):
        for word in word_list(name):
            found[word] = found.get(word, "") + letter
    return found


def skeleton(lower: str) -> str:
    """A word with characters that scans take for each other made one."""
    for pair, one in _PAIRS:
        if pair in lower:
            lower = lower.replace(pair, one)
    return lower.translate(_ALIKE).replace("l", "i")


class _Kinds(dict[int, str]):
    """What a character is, by its code point."""

    def __missing__(self, point: int) -> str:
        c = chr(point)
        kind = self[point] = "d" if c.isdigit() else "X" if c.isupper() else "x" if c.isalpha() else c
        return kind


_KINDS = _Kinds()


def shape_of(word: str) -> str:
    """Capitals, small letters and digits of a word, runs cut to three."""
    return _cut(word.translate(_KINDS))


@lru_cache(20_000)
def _cut(kinds: str) -> str:
    return _RUNS.sub(r"\1\1\1", kinds)


def class_of(lower: str, word: str) -> str:
    """What the word lists say of a word, its case and how long it is."""
    case = "A" if word.isupper() else "a" if word.islower() else "T" if word.istitle() else "m"
    small = word_counts().get(lower, (0, 0))[1]
    known = "w" if lower in word_list("english") else "-"
    return f"{known}{bisect_right(_SMALL, small)}{_listed().get(lower, '')}{case}{min(len(word), 5)}"


def _values(word: str) -> tuple[str, ...]:
    lower = without_accents(word).lower()
    plain = lower if len(lower) <= 3 or lower.isalpha() else _DIGIT.sub("0", lower)
    bones = skeleton(lower)
    return (plain, bones, bones[:3], bones[-3:], lower[:2], bones[-4:], shape_of(word), class_of(lower, word))


def hashes_of(word: str) -> tuple[int, ...]:
    """A hash for each column but the last."""
    return tuple([crc32(value.encode()) for value in _values(word)])


class Hashes:
    """Rows of hashes by word, kept."""

    def __init__(self) -> None:
        self._rows: dict[int, tuple[int, ...]] = {}

    def of(self, doc: Doc) -> tuple[NDArray[np.uint64], NDArray[np.intp], NDArray[np.intp]]:
        """What is seen of a text.

        Returns:
            Distinct rows (U, columns); for each word that is no white space the number of its row (N,); and for
            each such word which token it is (N,).
        """
        table = doc.to_array(["ORTH", "IS_SPACE", "SPACY"]).reshape(-1, 3).astype(np.uint64)
        words = np.flatnonzero(table[:, 1] == 0)
        gaps = self._gaps(doc, table, words)
        orth = table[words, 0]
        keys = orth * np.uint64(31) + gaps
        _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        rows = np.empty((len(first), len(COLUMNS)), dtype=np.uint64)
        strings = doc.vocab.strings
        if len(self._rows) > _MOST_KEPT:
            self._rows.clear()
        for n, k in enumerate(first):
            of_word = orth[k]
            row = self._rows.get(of_word)
            if row is None:
                row = self._rows[of_word] = hashes_of(strings[of_word])
            rows[n, :-1] = row
        rows[:, -1] = gaps[first]
        return rows, inverse.reshape(-1), words

    def _gaps(self, doc: Doc, table: NDArray[np.uint64], words: NDArray[np.intp]) -> NDArray[np.uint64]:
        before = np.full(len(words), BLANK, dtype=np.uint64)
        if len(words):
            space = table[words[:-1], 2] != 0
            apart = np.diff(words) - 1
            between = np.where(space, SPACE, JOINED).astype(np.uint64)
            for k in np.flatnonzero(apart):
                white = "".join(doc[t].text for t in range(words[k] + 1, words[k + 1]))
                lines = white.count("\n")
                between[k] = BLANK if lines > 1 else LINE if lines else WIDE
            before[1:] = between
        after = np.append(before[1:], np.uint64(BLANK)) if len(words) else before
        return before * np.uint64(BLANK + 1) + after
