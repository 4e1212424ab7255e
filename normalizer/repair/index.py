"""An index by deletions: which of many keys may be a given one with a few letters changed, lost or added.

Two keys are neighbours where they become equal once one or two characters are left out of each. An index of
`skeletons` takes characters that scans often mistake for each other for one before it leaves any out.

Source: the symmetric delete idea of W. Garbe's SymSpell (2012); here all keys of one length are hashed at once, each
deletion from the hashes of what stands before and behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint32]
Numbers = NDArray[np.int64]

_BITS = 22
LONGEST = 24
"""Longer keys are no single name; they are not indexed and find nothing."""
NEVER = LONGEST + 1

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
    _POWERS = np.concatenate(([np.uint32(1)], np.cumprod(np.full(LONGEST, 2654435761, np.uint32), dtype=np.uint32)))


@cache
def _two_of(length: int) -> tuple[Numbers, Numbers]:
    """The places of every two characters of a key, the first before the second."""
    places = np.array(list(combinations(range(length), 2)), np.int64).reshape(-1, 2)
    return places[:, 0], places[:, 1]


def _hashes(codes: Hashes, gone: int) -> Iterator[Hashes]:
    """Rows of hashes with nothing, one, ... `gone` characters left out; `codes` has a column a key.

    The hash of a text is the sum of each code times a power by its distance from the end, so that what is left when
    a character goes is what stands before it, one power lower, and what stands behind it.
    """
    length = len(codes)
    before = np.zeros((length + 1, codes.shape[1]), np.uint32)
    behind = np.zeros_like(before)
    for place in range(length):
        before[place + 1] = before[place] * _POWERS[1] + codes[place]
        back = length - 1 - place
        behind[back] = behind[back + 1] + codes[back] * _POWERS[place]
    yield before[length:]
    if gone:
        power = _POWERS[length - 1 - np.arange(length)][:, None]
        yield before[:length] * power + behind[1:]
    if gone > 1:
        p, q = _two_of(length)
        middle = before[q] - before[p + 1] * _POWERS[q - p - 1][:, None]
        yield before[p] * _POWERS[length - 2 - p][:, None] + middle * _POWERS[length - 1 - q][:, None] + behind[q + 1]


class DeletionIndex:
    """Finds neighbours among fixed keys; made once."""

    def __init__(
        self,
        keys: Sequence[str],
        *,
        twice_from: int = NEVER,
        twice: NDArray[np.bool_] | None = None,
        skeletons: bool = False,
    ) -> None:
        """Hash the keys.

        Args:
            keys: Folded ASCII letters and digits, without spaces.
            twice_from: Characters of a key from which two may be left out, not one.
            twice: From which keys of such a length two may be left out; None for all.
            skeletons: Whether characters that are often mistaken for each other count as one.
        """
        self._twice_from, self._of_char = twice_from, _SKELETON if skeletons else _EXACT
        hashes, owners = self._all(Keys(keys), twice=twice)
        # Most hashes of a query are of nothing: a table of bits says so without a search.
        self._some = np.zeros(1 << _BITS, np.bool_)
        self._some[hashes >> (32 - _BITS)] = True
        hashes, owners = _sorted(hashes, owners)
        self._owners = owners.astype(np.uint32)
        self._first = np.append(np.flatnonzero(np.diff(hashes, prepend=hashes[:1] + 1)), len(hashes))
        self._hashes = hashes[self._first[:-1]]

    def neighbours(self, queries: Keys) -> tuple[Numbers, Numbers]:
        """(number of the query, number of the key) of every neighbouring pair, sorted, each once."""
        hashes, asked = self._all(queries, self._some)
        if not len(hashes) or not len(self._hashes):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        hashes, asked = _sorted(hashes, asked)  # a search in order is many times as quick
        at = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        same = self._hashes[at] == hashes
        at, asked = at[same], asked[same]
        first = self._first[at]
        count = self._first[at + 1] - first
        total = int(count.sum())
        owner = np.repeat(first - np.concatenate(([0], np.cumsum(count)[:-1])), count) + np.arange(total)
        return each_once(np.repeat(asked, count), self._owners[owner].astype(np.int64))

    def _all(
        self, keys: Keys, some: NDArray[np.bool_] | None = None, twice: NDArray[np.bool_] | None = None
    ) -> tuple[Hashes, Numbers]:
        """Every hash of every key, and the number of the key it is of; only those of `some` where it is given."""
        parts: list[Hashes] = []
        owners: list[Numbers] = []
        for numbers, raw in keys.groups:
            length = raw.shape[1]
            codes = np.ascontiguousarray(self._of_char[raw].T)
            gone = min(length - 1, 2 if length >= self._twice_from else 1)
            for left_out, rows in enumerate(_hashes(codes, gone)):
                mixed: Hashes = (rows ^ (rows >> np.uint32(15))) * _MIX
                if some is None:
                    kept = np.flatnonzero(twice[numbers]) if left_out == 2 and twice is not None else slice(None)
                    parts.append(mixed[:, kept].ravel())
                    owners.append(np.tile(numbers[kept], len(mixed)))
                else:
                    kept = np.flatnonzero(some[mixed >> (32 - _BITS)])
                    parts.append(mixed.ravel()[kept])
                    owners.append(numbers[kept % len(numbers)])
        if not parts:
            return np.zeros(0, np.uint32), np.zeros(0, np.int64)
        return np.concatenate(parts), np.concatenate(owners)


def _sorted(hashes: Hashes, numbers: Numbers) -> tuple[Hashes, Numbers]:
    """Hashes in order, each with its number below 2^32: many times as quick as a sort of places."""
    both = hashes.astype(np.uint64) << np.uint64(32) | numbers.astype(np.uint64)
    both.sort()
    return (both >> np.uint64(32)).astype(np.uint32), (both & np.uint64(0xFFFFFFFF)).astype(np.int64)


def each_once(first: Numbers, second: Numbers) -> tuple[Numbers, Numbers]:
    """Pairs of numbers below 2^31, sorted, each once."""
    pairs = first << 32 | second
    pairs.sort()  # and not numpy.unique, whose tables are slower
    pairs = pairs[np.diff(pairs, prepend=-1) != 0]
    return pairs >> 32, pairs & 0xFFFFFFFF


class Keys:
    """Keys by their length, each a row of characters: made once for all indexes that are asked."""

    def __init__(self, keys: Sequence[str]) -> None:
        lengths = np.fromiter(map(len, keys), np.int64, len(keys))
        order = np.argsort(lengths, kind="stable")
        raw = np.frombuffer("".join([keys[n] for n in order.tolist()]).encode("ascii", "replace"), np.uint8)
        self.groups: list[tuple[Numbers, NDArray[np.uint8]]] = []
        """(numbers of the keys of one length, a row of characters each)"""
        at = first = 0
        for length, count in zip(*(x.tolist() for x in np.unique(lengths, return_counts=True)), strict=True):
            if 1 < length <= LONGEST:
                rows = raw[at : at + count * length].reshape(count, length)
                self.groups.append((order[first : first + count], rows & np.uint8(127)))
            at, first = at + count * length, first + count
