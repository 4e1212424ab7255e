"""What a scan makes of letters: a table of confusions, and the cheapest way from a name to what the page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from normalizer.errors import ConfigError

Costs = NDArray[np.float32]

_ALPHABET = "".join(map(chr, range(33, 127))) + "€£§¢"
_OTHER = len(_ALPHABET) + 1
_SIZE = _OTHER + 1
_BAND = 3
"""How far the lengths of what was read so far may differ on the cheapest way."""
_FAR = np.float32(1e6)

_CODES = np.full(0x2100, _OTHER, np.uint8)
for _number, _char in enumerate(_ALPHABET, 1):
    _CODES[ord(_char)] = _number


def _encode(texts: Sequence[str]) -> NDArray[np.uint8]:
    """A row of codes a text, filled with zeros."""
    width = max(map(len, texts), default=0)
    points = np.frombuffer("".join(t.ljust(width, "\0") for t in texts).encode("utf-32-le"), np.uint32)
    codes = _CODES[np.minimum(points, len(_CODES) - 1)]
    codes[points == 0] = 0
    return codes.reshape(len(texts), width)


class Confusions:
    """Costs of edits, each in (0, 1]: 1 is what happens by no habit of scanners.

    Letters count with their case: `H` for `M` is common, `h` for `m` is not.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Build arrays from the table as the YAML file has it; see `load_confusions`."""
        self.swap: Costs = np.ones((_SIZE, _SIZE), np.float32)
        np.fill_diagonal(self.swap, 0)
        self.swap[_OTHER, _OTHER] = 1
        self.gone: Costs = np.ones(_SIZE, np.float32)
        self.extra: Costs = np.ones(_SIZE, np.float32)
        self.one_two: Costs = np.full((_SIZE, _SIZE, _SIZE), 2, np.float32)
        self.two_one: Costs = np.full((_SIZE, _SIZE, _SIZE), 2, np.float32)
        for meant, row in table.get("swaps", {}).items():
            for seen, cost in row.items():
                self.swap[_code(meant), _code(seen)] = cost
        for meant, row in table.get("groups", {}).items():
            for seen, cost in row.items():
                codes = tuple(_code(c) for c in (*meant, *seen))
                (self.one_two if len(meant) == 1 else self.two_one)[codes] = cost
        for meant, cost in table.get("missing", {}).items():
            self.gone[_code(meant)] = cost
        for seen, cost in table.get("extra", {}).items():
            self.extra[_code(seen)] = cost

    def costs(self, seen: Sequence[str], meant: Sequence[str]) -> Costs:
        """Cheapest weighted edits from each name to what the page shows in its place.

        Args:
            seen: Surface texts.
            meant: As many names, in the case in which the page would have them.

        Returns:
            A cost a pair: 0 for equal strings, large where the lengths differ by more than 3. O(n) array steps
            of the number of pairs, n being the length of the longest name.

        Source: Wagner and Fischer, JACM 21(1), 1974, with groups of two letters as in Brill and Moore, ACL 2000.
        """
        if not seen:
            return np.zeros(0, np.float32)
        a, b = _encode(meant).T, _encode(seen).T
        rows, columns = len(a), len(b)
        best = np.full((rows + 1, columns + 1, len(seen)), _FAR, np.float32)
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
                    np.minimum(here, best[i - 1, j - 1] + self.swap[a[i - 1], b[j - 1]], out=here)
                    if j > 1:
                        group = self.one_two[a[i - 1], b[j - 2], b[j - 1]]
                        np.minimum(here, best[i - 1, j - 2] + group, out=here)
                    if i > 1:
                        group = self.two_one[a[i - 2], a[i - 1], b[j - 1]]
                        np.minimum(here, best[i - 2, j - 1] + group, out=here)
        lengths = np.array([len(t) for t in meant]), np.array([len(t) for t in seen])
        total: Costs = best[lengths[0], lengths[1], np.arange(len(seen))]
        return total


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
