"""An index by deletions: which of many keys may be a given one with a few letters changed, lost or added.

Two keys are neighbours where they become equal once up to two characters are left out of each. A `wide` index looks
at skeletons instead, in which characters that scans often mistake for each other are one, with one character left out:
less to keep for many keys.

Source: the symmetric delete idea of W. Garbe's SymSpell (2012); here all keys of one length are hashed at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint32]
Numbers = NDArray[np.int64]

_BITS = 22
LONGEST = 24
"""Longer keys are no single name; they are not indexed and find nothing."""

_ALIKE = ("aeo0c", "il1tj!|f", "mnhw", "uv", "s5$", "b8", "gq9", "z2")
"""Skeleton classes: the pairs that a scan confuses most often."""


def _codes(alike: Sequence[str]) -> Hashes:
    codes = np.full(128, 60, np.uint32)  # whatever is no letter or digit is one
    for code, char in enumerate("abcdefghijklmnopqrstuvwxyz0123456789", 1):
        codes[ord(char)] = code
    for group in alike:
        for char in group:
            codes[ord(char)] = codes[ord(group[0])]
    return codes


_EXACT, _SKELETON = _codes(("0o", "1l")), _codes(_ALIKE)

with np.errstate(over="ignore"):
    _MIX = np.uint32(2246822519)
    _POWERS = np.cumprod(np.full(LONGEST + 1, 2654435761, np.uint32), dtype=np.uint32)


def _most_gone(length: int, wide: bool) -> int:
    return 1 if wide or length < 5 else 2


@cache
def _kept(length: int, gone: int) -> NDArray[np.intp]:
    """Positions that stay when `gone` of `length` are left out, a row for every way to do so."""
    rows = list(combinations(range(length), length - gone))
    return np.array(rows, np.intp).reshape(len(rows), length - gone)


def _hashes(keys: Sequence[str], length: int, wide: bool) -> Hashes:
    """A row of hashes a key: with nothing, one, ... left out. All keys have `length` characters."""
    raw = np.frombuffer("".join(keys).encode("ascii", "replace"), np.uint8).reshape(len(keys), length)
    codes = (_SKELETON if wide else _EXACT)[raw & 127]
    columns = []
    for gone in range(min(_most_gone(length, wide), length - 1) + 1):
        kept = _kept(length, gone)
        row = np.zeros((len(keys), len(kept)), np.uint32)
        for place in range(length - gone):
            row += codes[:, kept[:, place]] * _POWERS[place]
        columns.append((row ^ (row >> 15)) * _MIX)
    return np.concatenate(columns, axis=1)


def _by_length(keys: Sequence[str]) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = {}
    for number, key in enumerate(keys):
        if 1 < len(key) <= LONGEST:
            groups.setdefault(len(key), []).append(number)
    return groups


def _all_hashes(keys: Sequence[str], wide: bool) -> tuple[Hashes, Numbers]:
    """Every hash of every key, and the number of the key it is of."""
    parts: list[Hashes] = []
    owners: list[Numbers] = []
    for length, numbers in _by_length(keys).items():
        rows = _hashes([keys[n] for n in numbers], length, wide)
        parts.append(rows.ravel())
        owners.append(np.repeat(np.array(numbers, np.int64), rows.shape[1]))
    if not parts:
        return np.zeros(0, np.uint32), np.zeros(0, np.int64)
    return np.concatenate(parts), np.concatenate(owners)


class DeletionIndex:
    """Finds neighbours among fixed keys; made once."""

    def __init__(self, keys: Sequence[str], *, wide: bool = False) -> None:
        """`keys`: folded ASCII letters and digits, without spaces."""
        self._wide = wide
        hashes, owners = _all_hashes(keys, wide)
        # Most hashes of a query are of nothing: a table of bits says so without a search.
        self._some = np.zeros(1 << _BITS, np.bool_)
        self._some[hashes >> (32 - _BITS)] = True
        order = np.argsort(hashes, kind="stable")
        self._hashes = hashes[order]
        self._owners = owners[order].astype(np.uint32)

    def neighbours(self, queries: Sequence[str]) -> tuple[Numbers, Numbers]:
        """(number of the query, number of the key) of every neighbouring pair, sorted, each once."""
        hashes, asked = _all_hashes(queries, self._wide)
        some = self._some[hashes >> (32 - _BITS)]
        hashes, asked = hashes[some], asked[some]
        first = np.searchsorted(self._hashes, hashes, "left")
        last = np.searchsorted(self._hashes, hashes, "right")
        count = last - first
        some = count > 0
        first, count, asked = first[some], count[some], asked[some]
        total = int(count.sum())
        at = np.repeat(first - np.concatenate(([0], np.cumsum(count)[:-1])), count) + np.arange(total)
        pairs = np.unique(np.repeat(asked, count) << 32 | self._owners[at].astype(np.int64))
        return pairs >> 32, pairs & 0xFFFFFFFF
