"""The words that headers are made of, from the data files, and their look-alikes."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import extract

_DIRT = " \t.,:;'’‘`\"“”-_~*/()[]{}<>=+«»—–•·^#&?"
_FOLD = str.maketrans("01|!58€$@6¢£", "OIIISBCSAGCE", _DIRT)
_ASCII = bytes(ord(chr(n).translate(_FOLD).upper() or " ") for n in range(128)) + bytes(range(128, 256))
_ASCII_DIRT = bytes(ord(c) for c in _DIRT if c.isascii())
_SHORT, _LONG, _WIDEST = 5, 10, 80
_LEGIBLE, _STAMP_LIKE = 7, 0.7


def fold(text: str) -> str:
    """Capitals without spaces and points, digits and signs read as the letters they look like: `F R0M:` is FROM."""
    if text.isascii():
        return text.encode().translate(_ASCII, _ASCII_DIRT).decode()  # the same, and ten times as quick
    return text.translate(_FOLD).upper()


compact = lru_cache(16384)(fold)
"""The same of words, which repeat."""


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


@cache
def marks() -> frozenset[str]:
    """Stamps and routing words together."""
    return stamps() | words("routing")


@cache
def known_labels() -> frozenset[str]:
    """The compact labels."""
    return frozenset(labels())


@cache
def _long_words(listed: frozenset[str]) -> tuple[str, ...]:
    """Those that are long enough to be known with a letter wrong, in a fixed order."""
    return tuple(sorted(word for word in listed if len(word) >= _SHORT))


_Lengths = dict[int, tuple[str, ...]]


@cache
def near_pairs(listed: frozenset[str]) -> tuple[dict[str, _Lengths], dict[str, _Lengths]]:
    """The long words by their first two letters and by their last two, and by lengths that damage may leave them."""
    starts: dict[str, _Lengths] = {}
    ends: dict[str, _Lengths] = {}
    for word in _long_words(listed):
        for length in range(len(word) - 2, len(word) + 3):
            if abs(length - len(word)) <= _cutoff(length):
                for table, pair in ((starts, word[:2]), (ends, word[-2:])):
                    lengths = table.setdefault(pair, {})
                    lengths[length] = (*lengths.get(length, ()), word)
    return starts, ends


def _cutoff(length: int) -> int:
    return 1 if length < _LONG else 2


def nearest(key: str, listed: frozenset[str]) -> str | None:
    """The one listed word that a compact key is, or nearly is: one letter off from 5 letters on, two from 10.

    One end of the word, two letters of it, is undamaged: few words are ever compared.
    """
    if key in listed:
        return key
    starts, ends = near_pairs(listed)
    first, last = starts.get(key[:2]), ends.get(key[-2:])
    if first is None and last is None:
        return None
    length = len(key)
    some = (first.get(length, ()) if first else ()) + (last.get(length, ()) if last else ())
    return _nearest(key, some) if some else None


def may_be(key: str, listed: frozenset[str]) -> bool:
    """Whether a key is a listed word, or has an end and about the length of one: `nearest` finds none else."""
    if key in listed:
        return True
    starts, ends = near_pairs(listed)
    first, last = starts.get(key[:2]), ends.get(key[-2:])
    return (first is not None and len(key) in first) or (last is not None and len(key) in last)


@lru_cache(16384)
def _nearest(key: str, some: tuple[str, ...]) -> str | None:
    cutoff = _cutoff(len(key))
    found = extract(key, sorted({*some}), scorer=Levenshtein.distance, score_cutoff=cutoff, limit=2)
    if not found or (len(found) > 1 and found[0][1] == found[1][1]):
        return None
    return str(found[0][0])


def is_routing(key: str) -> bool:
    """Whether a key is a routing word; only those of seven letters and more may be damaged: RABAT is not RYBAT."""
    return key in words("routing") or (len(key) >= _LEGIBLE and nearest(key, words("routing")) is not None)


@cache
def _long_stamps() -> tuple[str, ...]:
    return tuple(stamp for stamp in _long_words(stamps()) if len(stamp) > _LEGIBLE)


@lru_cache(16384)
def is_like_stamp(key: str) -> bool:
    """Whether a key is a stamp, hardly legible: long stamps may have three letters in ten wrong."""
    if nearest(key, stamps()):
        return True
    if not _LEGIBLE <= len(key) <= _WIDEST:
        return False
    return bool(
        extract(key, _long_stamps(), scorer=Levenshtein.normalized_similarity, score_cutoff=_STAMP_LIKE, limit=1)
    )
