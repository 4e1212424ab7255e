"""What a scan makes of letters: a table of confusions, and the cheapest way from a name to what the page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from normalizer.errors import ConfigError

Costs = NDArray[np.float32]

_ALPHABET = "".join(map(chr, range(33, 127))) + "€£§¢"
_OTHER = len(_ALPHABET) + 1
_SIZE = _OTHER + 1
_SQUARE = _SIZE * _SIZE
_BAND = 3
"""How far the lengths of what was read so far may differ on the cheapest way."""
_FAR = np.float32(1e6)

_CODES = np.full(0x2100, _OTHER, np.uint8)
for _number, _char in enumerate(_ALPHABET, 1):
    _CODES[ord(_char)] = _number


class Encoded(NamedTuple):
    """Texts as rows of codes, filled with zeros, and their lengths."""

    codes: NDArray[np.uint8]
    lengths: NDArray[np.int64]

    def at(self, rows: NDArray[np.int64]) -> Encoded:
        """Some of the rows, in the order asked."""
        return Encoded(self.codes[rows], self.lengths[rows])


def encode(texts: Sequence[str], width: int | None = None) -> Encoded:
    """Texts for `Confusions.weigh`, cut to `width` characters."""
    width = max(map(len, texts), default=0) if width is None else width
    points = np.frombuffer("".join(t[:width].ljust(width, "\0") for t in texts).encode("utf-32-le"), np.uint32)
    codes = _CODES[np.minimum(points, len(_CODES) - 1)]
    codes[points == 0] = 0
    return Encoded(codes.reshape(len(texts), width), np.array([min(len(t), width) for t in texts], np.int64))


class Confusions:
    """Costs of edits, each in (0, 1]: 1 is what happens by no habit of scanners.

    Letters count with their case: `H` for `M` is common, `h` for `m` is not.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Build arrays from the table as the YAML file has it; see `load_confusions`."""
        swap = np.ones((_SIZE, _SIZE), np.float32)
        np.fill_diagonal(swap, 0)
        swap[_OTHER, _OTHER] = 1
        self.gone: Costs = np.ones(_SIZE, np.float32)
        self.extra: Costs = np.ones(_SIZE, np.float32)
        # Flat, by first * SIZE + second, and what stands before one of them * SIZE^2: one index is quicker than three.
        self._one_two: Costs = np.full(_SIZE**3, 2, np.float32)
        self._two_one: Costs = np.full(_SIZE**3, 2, np.float32)
        for meant, row in (table.get("swaps") or {}).items():
            for seen, cost in row.items():
                swap[_code(meant), _code(seen)] = cost
        self._swap: Costs = swap.ravel()
        for meant, row in (table.get("groups") or {}).items():
            for seen, cost in row.items():
                if len(meant) == 1:
                    before, last = _code(seen[0]), _code(seen[1])
                    self._one_two[_code(meant) * _SIZE + last + before * _SQUARE] = cost
                else:
                    before, last = _code(meant[0]), _code(meant[1])
                    self._two_one[last * _SIZE + _code(seen) + before * _SQUARE] = cost
        for meant, cost in (table.get("missing") or {}).items():
            self.gone[_code(meant)] = cost
        for seen, cost in (table.get("extra") or {}).items():
            self.extra[_code(seen)] = cost

    def costs(self, seen: Sequence[str], meant: Sequence[str]) -> Costs:
        """Cheapest weighted edits from each name to what the page shows in its place.

        Args:
            seen: Surface texts.
            meant: As many names, in the case in which the page would have them.

        Returns:
            A cost a pair: 0 for equal strings, large where the lengths differ by more than 3.

        Source: Wagner and Fischer, JACM 21(1), 1974, with groups of two letters as in Brill and Moore, ACL 2000.
        """
        return self.weigh(encode(seen), encode(meant))

    def weigh(self, seen: Encoded, meant: Encoded) -> Costs:
        """The same of encoded texts, O(n) array steps of the number of pairs, n being the longest name's length."""
        total = np.full(len(seen.lengths), _FAR, np.float32)
        # Pairs of like lengths together: less of the table is empty.
        size = np.maximum(seen.lengths, meant.lengths)
        for low, high in ((0, 5), (5, 7), (7, 9), (9, 12), (12, 10**6)):
            rows = np.flatnonzero((size > low) & (size <= high))
            if len(rows):
                total[rows] = self._weigh(seen.at(rows), meant.at(rows))
        total[size == 0] = 0
        return total

    def _weigh(self, seen: Encoded, meant: Encoded) -> Costs:
        rows, columns = int(meant.lengths.max()), int(seen.lengths.max())
        a, b = meant.codes[:, :rows].T.astype(np.int64), seen.codes[:, :columns].T.astype(np.int64)
        best = np.full((rows + 1, columns + 1, len(seen.lengths)), _FAR, np.float32)
        best[0, 0] = 0
        gone, extra = self.gone[a], self.extra[b]
        for i in range(rows + 1):
            for j in range(max(0, i - _BAND), min(columns, i + _BAND) + 1):
                here = best[i, j]
                if i:
                    np.minimum(here, best[i - 1, j] + gone[i - 1], out=here)
                if j:
                    np.minimum(here, best[i, j - 1] + extra[j - 1], out=here)
                if i and j:
                    pair = a[i - 1] * _SIZE + b[j - 1]
                    np.minimum(here, best[i - 1, j - 1] + self._swap[pair], out=here)
                    if j > 1:
                        group = self._one_two[pair + b[j - 2] * _SQUARE]
                        np.minimum(here, best[i - 1, j - 2] + group, out=here)
                    if i > 1:
                        group = self._two_one[pair + a[i - 2] * _SQUARE]
                        np.minimum(here, best[i - 2, j - 1] + group, out=here)
        reached: Costs = best[meant.lengths, seen.lengths, np.arange(len(seen.lengths))]
        return reached


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
    try:
        table = yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ConfigError("confusions", f"{path} cannot be read: {error}") from error
    faults = _faults(table)
    if faults:
        raise ConfigError("confusions", f"{path}: " + "; ".join(faults))
    return Confusions(table)


def _faults(table: Any) -> list[str]:
    if not isinstance(table, dict) or table.get("schema") != 1:
        return ["a map with `schema: 1` is wanted"]
    faults = [f"unknown key {key!r}" for key in table if key not in ("schema", "source", *_SHAPES)]
    for part, (meant_lengths, pair_lengths) in _SHAPES.items():
        for meant, row in (table.get(part) or {}).items():
            entries = row if isinstance(row, dict) else {"": row}
            for seen, cost in entries.items():
                good = isinstance(meant, str) and isinstance(seen, str) and len(meant) in meant_lengths
                good = good and (len(meant), len(seen)) in pair_lengths
                if not good or not isinstance(cost, int | float) or not 0 < cost <= 1:
                    faults.append(f"{part}: {meant!r}: {seen!r}: {cost!r} (quote digits; a cost is above 0, at most 1)")
    return faults


_SHAPES = {
    "swaps": ({1}, {(1, 1)}),
    "groups": ({1, 2}, {(1, 2), (2, 1)}),
    "missing": ({1}, {(1, 0)}),
    "extra": ({1}, {(1, 0)}),
}
