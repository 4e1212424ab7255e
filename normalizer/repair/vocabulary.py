"""What the period's texts hold: counts of words, and words that stand beside names."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

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
