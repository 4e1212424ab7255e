"""A table of confusions from two readings of many pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from math import log
from typing import Any

import yaml
from rapidfuzz.distance import Levenshtein

from normalizer.learn.readings import Readings, word_pairs

RARE = 1e-5
"""A confusion of this probability or less costs 1."""
FEWEST = 4
"""A confusion seen less often is chance."""


def learn_confusions(pairs: Iterable[Readings]) -> dict[str, Any]:
    """The table as `confusions.yaml` has it: cost = log p / log 1e-5, p = P(seen | meant).

    Extra characters are counted against all characters of the better reading.
    """
    meant_count: Counter[str] = Counter()
    edits: Counter[tuple[str, str]] = Counter()
    words: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        words.update(word_pairs(pair.worse, pair.better))
    for (seen, meant), count in words.items():
        for char in meant:
            meant_count[char] += count
        for block in _blocks(seen, meant) if seen != meant else ():
            edits[block] += count
    whole = sum(meant_count.values())
    table: dict[str, Any] = {"swaps": {}, "groups": {}, "missing": {}, "extra": {}}
    for (meant, seen), count in sorted(edits.items()):
        both = meant + seen
        if count < FEWEST or not (meant.isalnum() or not meant) or not both.isascii() or not both.isprintable():
            continue
        of = min((meant_count[c] for c in meant), default=whole)
        cost = round(max(0.05, log(count / of) / log(RARE)), 2)
        if cost >= 1:
            continue
        match len(meant), len(seen):
            case 1, 1:
                table["swaps"].setdefault(meant, {})[seen] = cost
            case (1, 2) | (2, 1):
                table["groups"].setdefault(meant, {})[seen] = cost
            case 1, 0:
                table["missing"][meant] = cost
            case 0, 1:
                table["extra"][seen] = cost
    return table


def _blocks(seen: str, meant: str) -> Iterator[tuple[str, str]]:
    """(meant, seen) of the stretches that differ: one or two characters for two or one, else a character each."""
    ops = Levenshtein.opcodes(meant, seen)
    for edit, group in groupby(ops, key=lambda op: op.tag != "equal"):
        block = list(group)
        if not edit:
            continue
        a, b = meant[block[0].src_start : block[-1].src_end], seen[block[0].dest_start : block[-1].dest_end]
        if {len(a), len(b)} == {1, 2}:
            yield a, b
            continue
        for op in block:
            a, b = meant[op.src_start : op.src_end], seen[op.dest_start : op.dest_end]
            yield from (
                zip(a, b, strict=True) if len(a) == len(b) else ((x, "") for x in a) if a else (("", x) for x in b)
            )


def to_yaml(table: dict[str, Any], source: str) -> str:
    """The text of `confusions.yaml`, a line a letter."""
    lines = ["schema: 1", yaml.safe_dump({"source": source}, width=110, allow_unicode=True).rstrip()]
    for part, rows in table.items():
        lines.append(f"{part}:")
        for meant, row in sorted(rows.items()):
            shown = yaml.safe_dump(row, default_flow_style=True, width=10**6, allow_unicode=True, sort_keys=False)
            key = yaml.safe_dump(meant, default_style='"', width=10**6).strip()
            lines.append(f"  {key}: {shown.split(chr(10))[0]}")
    return "\n".join(lines) + "\n"
