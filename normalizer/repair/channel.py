"""What a scan makes of letters: a table of confusions, and the cheapest way from a name to what the page shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from reprlib import repr as short
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from normalizer.errors import ConfigError
from normalizer.repair.index import Numbers
from normalizer.repair.tables import line_of, read_yaml

Costs = NDArray[np.float32]

_ALPHABET = "".join(map(chr, range(33, 127))) + "€£§¢"
_OTHER = len(_ALPHABET) + 1
_SIZE = _OTHER + 1
_BAND = 3
"""How far the lengths of what was read so far may differ on the cheapest way."""
_FAR = np.float32(1e6)
_PAD = 3
_AT_ONCE = 8_192
"""Pairs weighed together: their tables stay in the processor's cache."""

_CODES = np.full(0x2100, _OTHER, np.uint8)
for _number, _char in enumerate(_ALPHABET, 1):
    _CODES[ord(_char)] = _number
_UPPER, _LOWER = np.arange(_SIZE, dtype=np.uint8), np.arange(_SIZE, dtype=np.uint8)
"""The code of the capital, and of the small letter, of a code."""
for _char in "abcdefghijklmnopqrstuvwxyz":
    _UPPER[_CODES[ord(_char)]] = _CODES[ord(_char.upper())]
    _LOWER[_CODES[ord(_char.upper())]] = _CODES[ord(_char)]


class Encoded(NamedTuple):
    """Texts as columns of codes, filled with zeros below, and their lengths.

    Attributes:
        codes: A row a character, a column a text.
        pairs: Numbers of the groups of two that end at each character, 0 where there is none.
        lengths: Of the texts.
    """

    codes: NDArray[np.uint8]
    pairs: NDArray[np.uint8]
    lengths: NDArray[np.int64]


def encode(texts: Sequence[str], width: int) -> NDArray[np.uint8]:
    """Codes of texts, a row a text, cut to `width` characters, at least 1, or filled with zeros."""
    points = np.array(texts, f"<U{width}").view(np.uint32).reshape(len(texts), width)
    codes = _CODES[np.minimum(points, len(_CODES) - 1)]
    codes[points == 0] = 0
    return codes


class Confusions:
    """Costs of edits, each in (0, 1]: 1 is what happens by no habit of scanners.

    Letters count with their case: `H` for `M` is common, `h` for `m` is not.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Build arrays from the table as the YAML file has it; see `load_confusions`."""
        swap = np.ones((_SIZE, _SIZE), np.float32)
        np.fill_diagonal(swap, 0)
        swap[_OTHER, _OTHER] = 1
        swap[0], swap[:, 0] = _FAR, _FAR
        self._gone: Costs = np.ones(_SIZE, np.float32)
        self._extra: Costs = np.ones(_SIZE, np.float32)
        self._gone[0] = self._extra[0] = _FAR
        for meant, row in (table.get("swaps") or {}).items():
            for seen, cost in row.items():
                swap[_code(meant), _code(seen)] = cost
        for meant, cost in (table.get("missing") or {}).items():
            self._gone[_code(meant)] = cost
        for seen, cost in (table.get("extra") or {}).items():
            self._extra[_code(seen)] = cost
        self._swap: Costs = swap.ravel()
        self._table = table
        every = [cost for part in _SHAPES for row in (table.get(part) or {}).values() for cost in _costs(row)]
        self.cheapest = min(every, default=1.0)
        """Of all the edits of the table."""
        groups = [(m, s, cost) for m, row in (table.get("groups") or {}).items() for s, cost in row.items()]
        self._two_seen, self._one_two = _groups([(s, m, cost) for m, s, cost in groups if len(s) == 2])
        self._two_meant, self._two_one = _groups([(m, s, cost) for m, s, cost in groups if len(m) == 2])

    def edits(self, meant: str) -> list[tuple[str, float]]:
        """(what the page may show, cost) of a character, by habit; an empty text where it is lost."""
        rows = [
            *(self._table.get("swaps") or {}).get(meant, {}).items(),
            *(self._table.get("groups") or {}).get(meant, {}).items(),
        ]
        gone = (self._table.get("missing") or {}).get(meant)
        return rows if gone is None else [*rows, ("", gone)]

    def encode_seen(self, texts: Sequence[str], width: int) -> Encoded:
        """Surfaces for `weigh`, cut to `width` characters."""
        return _encoded(encode(texts, width), texts, self._two_seen)

    def encode_meant(self, texts: Sequence[str], width: int) -> Encoded:
        """ASCII names for `weigh`, cut to `width` characters: as they are, then in capitals, then in small letters."""
        codes = encode(texts, width)
        return _encoded(np.concatenate((codes, _UPPER[codes], _LOWER[codes])), [*texts] * 3, self._two_meant)

    def weigh(self, seen: Encoded, query: Numbers, meant: Encoded, found: Numbers) -> Costs:
        """Cheapest weighted edits from each name to what the page shows in its place, many pairs in one array step.

        Args:
            seen: Surfaces.
            query: Of each pair the number of its surface.
            meant: Names, in the case in which the page would have them.
            found: Of each pair the number of its name.

        Returns:
            A cost a pair: 0 for equal strings, large where the lengths differ by more than 3.

        Source: Wagner and Fischer, JACM 21(1), 1974, with groups of two letters as in Brill and Moore, ACL 2000.
        """
        total = np.full(len(query), _FAR, np.float32)
        m, s = meant.lengths[found], seen.lengths[query]
        size = m + s
        near = np.flatnonzero(abs(m - s) <= _BAND)
        order = near[np.argsort(size[near], kind="stable")]
        for at in range(0, len(order), _AT_ONCE):
            rows = order[at : at + _AT_ONCE]
            total[rows] = self._weigh(seen, query[rows], meant, found[rows], size[rows], (m - s)[rows])
        return total

    def _weigh(
        self, seen: Encoded, query: Numbers, meant: Encoded, found: Numbers, size: Numbers, longer: Numbers
    ) -> Costs:
        """Costs of pairs in ascending order of both lengths together (`size`), a diagonal of the table at a time.

        A diagonal has the cells (i, j) with i letters of the name and j of the surface read, i + j being its
        number, and |i - j| at most 3: four cells where it is odd, three where it is even.
        """
        done = int(np.searchsorted(size, 0, "right"))
        costs = np.zeros(len(size), np.float32)
        query, found = query[done:], found[done:]
        deep = int(size[-1]) // 2 + 6
        a, two_a = _columns(meant, found, deep)
        b, two_b = _columns(seen, query, deep)
        gone, extra = self._gone[a], self._extra[b]
        by_a = a * _SIZE
        two_a *= _SIZE
        two_b *= _SIZE
        far = np.full((5, len(query)), _FAR, np.float32)
        one, two, three = far.copy(), far[:4], far  # one, two and three diagonals ago; even ones have an edge
        one[2] = 0  # the cell (0, 0)
        number = 0
        while done < len(size):
            number += 1
            half, odd = number // 2, number % 2
            top = _PAD + half - 2  # row of letter i - 1 of the first cell
            i = slice(top, top + 3 + odd)
            low = _PAD + half - 2  # row of letter j - 1 of the last cell
            j = slice(low + 2 + odd, low - 1, -1)
            first, last = (slice(0, 4), slice(1, 5)) if odd else (slice(0, 3), slice(1, 4))
            here = np.minimum(one[first] + gone[i], one[last] + extra[j])
            same = two if odd else two[1:4]
            np.minimum(here, same + self._swap[by_a[i] + b[j]], out=here)
            np.minimum(here, three[last] + self._one_two[two_b[j] + a[i]], out=here)
            np.minimum(here, three[first] + self._two_one[two_a[i] + b[j]], out=here)
            end = int(np.searchsorted(size, number, "right"))
            if end > done:
                count = end - done
                cell = (longer[done:end] + _BAND - (1 - odd)) // 2
                costs[done:end] = here[cell, np.arange(count)]
                done = end
                a, b, by_a, two_a, two_b = (x[:, count:] for x in (a, b, by_a, two_a, two_b))
                gone, extra, here = gone[:, count:], extra[:, count:], here[:, count:]
                one, two = one[:, count:], two[:, count:]
            if not odd:
                edged = np.full((5, here.shape[1]), _FAR, np.float32)
                edged[1:4] = here
                here = edged
            one, two, three = here, one, two
        return costs


def _costs(row: Any) -> Iterable[float]:
    return row.values() if isinstance(row, dict) else (row,)


def _columns(texts: Encoded, numbers: Numbers, deep: int) -> tuple[Numbers, Numbers]:
    """Codes and pairs of some texts, a column each, below `_PAD` empty rows; `deep` rows in all."""
    kept = min(len(texts.codes), deep - _PAD)
    codes, pairs = np.zeros((deep, len(numbers)), np.int64), np.zeros((deep, len(numbers)), np.int64)
    codes[_PAD : _PAD + kept] = texts.codes[:kept, numbers]
    pairs[_PAD : _PAD + kept] = texts.pairs[:kept, numbers]
    return codes, pairs


def _groups(rows: Sequence[tuple[str, str, float]]) -> tuple[NDArray[np.uint8], Costs]:
    """(number of each pair of codes, costs by number and code) of (two characters, one character, cost)."""
    numbers = {two: n for n, two in enumerate(sorted({two for two, _, _ in rows}), 1)}
    of_pair = np.zeros(_SIZE * _SIZE, np.uint8)
    costs = np.full((len(numbers) + 1, _SIZE), _FAR, np.float32)
    for two, one, cost in rows:
        of_pair[_code(two[0]) * _SIZE + _code(two[1])] = numbers[two]
        costs[numbers[two], _code(one)] = cost
    return of_pair, costs.ravel()


def _encoded(rows: NDArray[np.uint8], texts: Sequence[str], of_pair: NDArray[np.uint8]) -> Encoded:
    codes = np.ascontiguousarray(rows.T)
    pairs = np.zeros_like(codes)
    pairs[1:] = of_pair[codes[:-1].astype(np.int64) * _SIZE + codes[1:]]
    return Encoded(codes, pairs, np.minimum(np.fromiter(map(len, texts), np.int64, len(texts)), len(codes)))


def swaps(seen: str, meant: str) -> list[tuple[str, str]]:
    """(on the page, in the name) of the stretches in which the two differ, for telling."""
    return [
        (seen[op.src_start : op.src_end], meant[op.dest_start : op.dest_end])
        for op in Levenshtein.opcodes(seen, meant)
        if op.tag != "equal"
    ]


def _code(char: str) -> int:
    return int(_CODES[min(ord(char), len(_CODES) - 1)])


def load_confusions(path: Path) -> Confusions:
    """The table of a YAML file: `swaps` and `groups` as `meant: {seen: cost}`, `missing` and `extra` as `char: cost`.

    Raises:
        ConfigError: The file cannot be read, or an entry is no character with a cost in (0, 1].
    """
    table, text = read_yaml("confusions", path)
    faults = _faults(table)
    if faults:
        told = [f"{path}:{line_of(text, *where)}: {fault}" for where, fault in faults[:_MOST_TOLD]]
        more = [f"and {len(faults) - _MOST_TOLD} more"] if len(faults) > _MOST_TOLD else []
        raise ConfigError("confusions", "; ".join(told + more))
    return Confusions(table)


def _faults(table: Any) -> list[tuple[tuple[object, ...], str]]:
    """(keys that lead there, what is wrong) of everything wrong."""
    if not isinstance(table, dict) or table.get("schema") != 1:
        return [((), "a map with `schema: 1` is wanted")]
    known = ("schema", "source", *_SHAPES)
    faults: list[tuple[tuple[object, ...], str]] = [
        ((key,), f"unknown key {key!r}; there are {', '.join(known)}") for key in table if key not in known
    ]
    for part, shapes in _SHAPES.items():
        rows = table.get(part)
        if rows is not None and not isinstance(rows, dict):
            faults.append(((part,), f"{part}: a map is wanted, not {type(rows).__name__}"))
            continue
        nested = (1, 0) not in shapes
        for meant, row in (rows or {}).items():
            for seen, cost in (row if nested and isinstance(row, dict) else {"": row}).items():
                # A letter read as itself costs nothing, and a truth value passes for a number.
                sound = isinstance(meant, str) and isinstance(seen, str) and (len(meant), len(seen)) in shapes
                sound = sound and meant != seen and all(char in _ALPHABET for char in meant + seen)
                if not sound or type(cost) not in (int, float) or not 0 < cost <= 1:
                    entry = f"{meant!r}: {{{seen!r}: {short(cost)}}}" if seen != "" else f"{meant!r}: {short(cost)}"
                    faults.append(((part, meant), f"{part}: {entry} ({_WANTED})"))
    return faults


_MOST_TOLD = 10
_WANTED = "a cost is above 0, at most 1; characters are printable ASCII; quote digits"
_SHAPES = {"swaps": {(1, 1)}, "groups": {(1, 2), (2, 1)}, "missing": {(1, 0)}, "extra": {(1, 0)}}
"""Lengths of what is meant and what is seen; `missing` and `extra` have one text."""
