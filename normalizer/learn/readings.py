"""Two machine readings of the same page, a worse and a better one, and the words that stand for each other in them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from normalizer.errors import ConfigError

_WORSE, _BETTER = ("ocr", "text"), "clean"
_ALIKE = 0.5
"""Similarity from which a word is taken for a damaged reading of another; below it the readings are out of step."""


class Readings(NamedTuple):
    """A document read twice."""

    id: str
    worse: str
    better: str


def read_pairs(paths: Iterable[Path], *, both: bool = True) -> Iterator[Readings]:
    """Documents with two readings from JSONL files, `.gz` or not.

    A line has `id`, the better reading as `clean`, and the worse as `ocr` or `text`; lines that lack
    one of the readings are passed over, or only those without the better one where not `both` are wanted.

    Raises:
        ConfigError: A file is missing or has a line that is no JSON object.
    """
    for path in paths:
        opener = gzip.open if path.suffix == ".gz" else open
        try:
            with opener(path, "rt", encoding="utf-8") as lines:
                for number, line in enumerate(lines, 1):
                    try:
                        row = json.loads(line)
                        worse = next((row[k] for k in _WORSE if row.get(k)), None)
                        better = row.get(_BETTER)
                    except (ValueError, AttributeError):
                        raise ConfigError("pairs", f"{path}:{number} is no JSON object with two readings") from None
                    if better and (worse or not both):
                        yield Readings(str(row.get("id", number)), worse or "", better)
        except OSError as error:
            raise ConfigError("pairs", f"{path} cannot be read: {error.strerror}") from error


def word_pairs(worse: str, better: str) -> Iterator[tuple[str, str]]:
    """(seen, meant) of words that stand in the same place of both readings, equal ones too.

    Where as many words differ on both sides, they are paired in order; where their number differs
    they are compared run together. Pairs that have little in common are left out.
    """
    seen, meant = worse.split(), better.split()
    for op in Levenshtein.opcodes(seen, meant):
        a, b = seen[op.src_start : op.src_end], meant[op.dest_start : op.dest_end]
        if op.tag == "equal":
            yield from zip(a, b, strict=True)
        elif op.tag == "replace":
            pairs = zip(a, b, strict=True) if len(a) == len(b) else [("".join(a), "".join(b))]
            for one, other in pairs:
                if Levenshtein.normalized_similarity(one, other) >= _ALIKE:
                    yield one, other
