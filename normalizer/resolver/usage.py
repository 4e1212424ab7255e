"""How the papers of the period use words: counts, and what stands beside names."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from math import log1p

from normalizer.resolver.page import Word

_ENDS = frozenset(".!?;:")
"""Signs beyond which a word says nothing of a name."""


def _rows(name: str) -> list[list[str]]:
    text = files("normalizer").joinpath("data", name).read_text("utf-8")
    return [line.split() for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _counts() -> dict[str, tuple[float, float]]:
    return {w: (log1p(int(n)) / 10, int(small) / max(1, int(n))) for w, n, small in _rows("word_counts.txt")}


@cache
def _neighbours() -> dict[tuple[str, str, str], float]:
    return {(side, word, label): float(odds) for side, word, label, odds in _rows("neighbours.txt")}


def word_use(word: str) -> tuple[float, float]:
    """How frequent a word in small letters is in such papers, and which share of it stands in small letters."""
    return _counts().get(word, (0.0, 0.0))


def beside_odds(before: Word | None, after: Word | None, label: str) -> float:
    """Log-odds, by the words on both sides, that a name of a label stands there rather than any word."""
    odds = _neighbours()
    total = 0.0
    if before is not None and not _ENDS.intersection(before.gap):
        total += odds.get(("before", before.text.lower(), label), 0.0)
    if after is not None and not _ENDS.intersection(after.gap):
        total += odds.get(("after", after.text.lower(), label), 0.0)
    return total
