"""What the period's texts hold: counts of words, and words that stand beside names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from math import log1p

import numpy as np
from numpy.typing import NDArray

_LETTERS = 27
"""The small letters, and one for whatever else, an edge of the word too."""

BEFORE, AFTER = "before", "after"


def _rows(name: str) -> list[list[str]]:
    text = files("normalizer").joinpath("data", name).read_text("utf-8")
    return [line.split() for line in text.splitlines() if line and not line.startswith("#")]


@cache
def word_counts() -> dict[str, tuple[int, int]]:
    """Word -> (times, times in small letters), in the texts that the project learnt from."""
    return {word: (int(times), int(small)) for word, times, small in _rows("word_counts.txt")}


@cache
def name_counts() -> dict[str, int]:
    """Key of a name of several words -> times in the same texts."""
    return {key: int(times) for key, times in _rows("name_counts.txt")}


@cache
def neighbours() -> dict[tuple[str, str], dict[str, float]]:
    """(side, word) -> label -> log-odds that a name of the label stands beside the word, against any word."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for side, word, label, odds in _rows("neighbours.txt"):
        found.setdefault((side, word), {})[label] = float(odds)
    return found


def plausibility(keys: Sequence[str]) -> list[float]:
    """How likely the letters of each key follow each other in a word: the mean logarithm of the probability."""
    width = max(map(len, keys), default=0) + 3
    codes = _codes(keys, width)
    told = _following()[codes[:, :-2], codes[:, 1:-1], codes[:, 2:]]
    lengths = np.array([len(k) for k in keys])
    told[np.arange(width - 2) > lengths[:, None]] = 0
    return [round(p, 2) for p in (told.sum(axis=1) / (lengths + 1)).tolist()]


def _codes(keys: Sequence[str], width: int) -> NDArray[np.intp]:
    """Rows of letters, after two edges."""
    raw = np.frombuffer("".join("  " + k.ljust(width - 2) for k in keys).encode("ascii", "replace"), np.uint8)
    codes = raw.astype(np.intp) - ord("a") + 1
    codes[(codes < 0) | (codes >= _LETTERS)] = 0
    return codes.reshape(len(keys), width)


@cache
def _following() -> NDArray[np.float64]:
    """Logarithm of the probability of a letter after two others, in words by the logarithm of their frequency."""
    weights = {word: log1p(times) for word, (times, _) in word_counts().items()}
    words = list(weights)
    codes = _codes(words, max(map(len, words)) + 3)
    counts = np.zeros((_LETTERS,) * 3)
    of = np.repeat(np.array([weights[w] for w in words])[:, None], codes.shape[1] - 2, axis=1)
    lengths = np.array([len(w) for w in words])
    of[np.arange(codes.shape[1] - 2) > lengths[:, None]] = 0
    np.add.at(counts, (codes[:, :-2], codes[:, 1:-1], codes[:, 2:]), of)
    pairs = counts.sum(axis=0) + 0.5
    pairs /= pairs.sum(axis=1, keepdims=True)
    share: NDArray[np.float64] = (counts + 3 * pairs) / (counts.sum(axis=2, keepdims=True) + 3)
    return np.log(share)
