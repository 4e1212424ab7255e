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
def _neighbours(label: str) -> tuple[dict[str, float], dict[str, float]]:
    """Log-odds of the words before and after a name of a label."""
    rows = [row for row in _rows("neighbours.txt") if row[2] == label]
    before, after = ({w: float(odds) for s, w, _, odds in rows if s == side} for side in ("before", "after"))
    return before, after


def word_use(word: str) -> tuple[float, float]:
    """How frequent a word in small letters is in such papers, and which share of it stands in small letters."""
    return _counts().get(word, (0.0, 0.0))


def beside_odds(before: Word | None, after: Word | None, label: str) -> float:
    """Log-odds, by the words on both sides, that a name of a label stands there rather than any word."""
    odds_before, odds_after = _neighbours(label)
    total = 0.0
    if before is not None and _ENDS.isdisjoint(before.gap):
        total += odds_before.get(before.text.lower(), 0.0)
    if after is not None and _ENDS.isdisjoint(after.gap):
        total += odds_after.get(after.text.lower(), 0.0)
    return total
