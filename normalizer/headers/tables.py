"""The words that headers are made of, from the data files, and their look-alikes."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz.distance import Levenshtein

_LETTERS = str.maketrans("01|!58€$@6¢£", "OIIISBCSAGCE")
_JUNK = dict.fromkeys(map(ord, " \t.,:;'’‘`\"“”-_~*/()[]{}<>=+«»—–•·^#&?"))
_SHORT, _LONG = 5, 10


@lru_cache(4096)
def compact(text: str) -> str:
    """Capitals without spaces and points, digits and signs read as the letters they look like: `F R0M:` is FROM."""
    return text.translate(_JUNK).upper().translate(_LETTERS)


def _rows(name: str) -> list[str]:
    text = files("normalizer").joinpath("data", f"header_{name}.txt").read_text("utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def labels() -> dict[str, str]:
    """Kinds of slots by their compact labels."""
    table: dict[str, str] = {}
    for row in _rows("labels"):
        kind, _, words = row.partition(":")
        table |= {compact(word): kind for word in words.split(",")}
    return table


@cache
def words(kind: str) -> frozenset[str]:
    """The compact words of one kind of `header_words.txt`."""
    for row in _rows("words"):
        name, _, listed = row.partition(":")
        if name == kind:
            return frozenset(compact(word) for word in listed.split(","))
    raise ValueError(f"header_words.txt has no {kind!r}")


@cache
def stamps() -> frozenset[str]:
    """The compact texts of stamps."""
    return frozenset(compact(row) for row in _rows("stamps"))


@lru_cache(8192)
def nearest(key: str, listed: frozenset[str]) -> str | None:
    """The one listed word that a compact key is, or nearly is: one letter off from 5 letters on, two from 10."""
    if key in listed:
        return key
    if len(key) < _SHORT - 1:
        return None
    cutoff = 1 if len(key) < _LONG else 2
    found = [
        (distance, word)
        for word in listed
        if len(word) >= _SHORT
        and abs(len(word) - len(key)) <= cutoff
        and (distance := Levenshtein.distance(key, word, score_cutoff=cutoff)) <= cutoff
    ]
    found.sort()
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        return None
    return found[0][1]
