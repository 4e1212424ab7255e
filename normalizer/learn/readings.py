"""Two machine readings of the same page, a worse and a better one, and the words that stand for each other in them."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from normalizer.errors import ConfigError

_WORSE, _BETTER = ("ocr", "text"), "clean"
_ALIKE = 0.5
_RUN_TOGETHER = 3
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
        ConfigError: A file is missing, damaged, or has a line that is no JSON object of texts; or no file has a pair.
    """
    paths = list(paths)
    found = False
    for path in paths:
        number = 0
        try:
            with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
                for number, line in enumerate(lines, 1):
                    pair = _pair(line, path, number)
                    if pair and pair.better and (pair.worse or not both):
                        found = True
                        yield pair
        except gzip.BadGzipFile as error:
            raise ConfigError("pairs", f"{path}:{number + 1} is no gzip: {error}; rename or compress it") from error
        except (EOFError, zlib.error) as error:
            raise ConfigError("pairs", f"{path}:{number + 1} is cut short or damaged; compress it anew") from error
        except OSError as error:
            raise ConfigError("pairs", f"{path} cannot be read: {error.strerror or error}") from error
    if paths and not found:
        wanted = "`clean` and `ocr` or `text`" if both else "`clean`"
        raise ConfigError("pairs", f"no line of {', '.join(map(str, paths))} has {wanted}; see cablenorm learn --help")


def _pair(line: bytes, path: Path, number: int) -> Readings | None:
    """The readings of a line, empty where it lacks one; None of an empty line."""
    if not line.strip():
        return None
    try:
        row = json.loads(line.decode("utf-8-sig"))
        texts = ["" if (text := row.get(key)) is None else text for key in (*_WORSE, _BETTER)]
        # Refuses what is no text, and half a surrogate pair, which is valid JSON.
        "".join(texts).encode()
    except UnicodeDecodeError as error:
        raise ConfigError("pairs", f"{path}:{number} is no UTF-8: {error.reason}; save the file as UTF-8") from None
    except (ValueError, AttributeError, TypeError, RecursionError):
        wanted = '{"id": "...", "clean": "...", "ocr": "..."}'
        raise ConfigError(
            "pairs", f"{path}:{number} is no JSON object with two readings, both texts; {wanted} is wanted"
        ) from None
    *worse, better = texts
    return Readings(str(row.get("id", number)), next(filter(None, worse), ""), better)


def word_pairs(worse: str, better: str) -> Iterator[tuple[str, str]]:
    """(seen, meant) of words that stand in the same place of both readings, equal ones too.

    Between words that agree, as many on both sides are paired in order, and two or three that stand for one or two
    are compared run together (`HAV ANA`). Pairs that have little in common are left out.
    """
    seen, meant = worse.split(), better.split()
    for a0, a1, b0, b1, same in blocks(seen, meant):
        a, b = seen[a0:a1], meant[b0:b1]
        if same:
            yield from zip(a, b, strict=True)
            continue
        pairs = zip(a, b, strict=True) if len(a) == len(b) else [("".join(a), "".join(b))] if _close(a, b) else ()
        for one, other in pairs:
            if Levenshtein.normalized_similarity(one, other) >= _ALIKE:
                yield one, other


def blocks(seen: list[str], meant: list[str]) -> Iterator[tuple[int, int, int, int, bool]]:
    """(start, end, start, end, same) of the stretches of two lists of words, alike and different by turns."""
    for same, group in groupby(Levenshtein.opcodes(seen, meant), key=lambda op: op.tag == "equal"):
        ops = list(group)
        yield ops[0].src_start, ops[-1].src_end, ops[0].dest_start, ops[-1].dest_end, same


def _close(a: list[str], b: list[str]) -> bool:
    return bool(a) and bool(b) and len(a) <= _RUN_TOGETHER and len(b) <= _RUN_TOGETHER
