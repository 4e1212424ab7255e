"""JSON Lines, plain or gzipped: a record a line."""

from __future__ import annotations

import gzip
import json
import math
import re
import zlib
from collections.abc import Iterator
from typing import Any

from normalizer.dates import parse_date
from normalizer.errors import ReadError
from normalizer.model import Document
from normalizer.readers import Advance, File, Item, Notice, Options, register
from normalizer.readers.decoding import decode

MOST_LEVELS = 100
"""Nesting of a record's metadata; deeper ones cannot be handed from process to process."""
_SURROGATE = re.compile("[\ud800-\udfff]")


@register(".jsonl", ".jsonl.gz")
def read_jsonl(file: File, options: Options, advance: Advance) -> Iterator[Item]:
    """The documents of a JSONL file; a line that is none is a `ReadError` of its own."""
    number = records = 0
    try:
        with file.path.open("rb") as raw:
            lines = gzip.GzipFile(fileobj=raw) if file.name.lower().endswith(".gz") else raw
            at = 0
            for number, line in enumerate(lines, 1):
                advance(raw.tell() - at)
                at = raw.tell()
                if line.strip():
                    records += 1
                    yield from _record(line, number, file, options)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        yield ReadError(file.name, f"cannot be read to its end: {reason}", line=number + 1)
    if not records:
        yield Notice(file.name, "empty: no record in this file")


def _record(line: bytes, number: int, file: File, options: Options) -> Iterator[Item]:
    def fault(reason: str) -> ReadError:
        return ReadError(file.name, reason, line=number)

    try:
        record = json.loads(decode(line, options.encoding), parse_constant=_no_number, parse_float=_finite)
    except json.JSONDecodeError as error:
        yield fault(f"no valid JSON: {error.msg} at character {error.pos}")
        return
    except (ValueError, RecursionError) as error:
        yield fault(f"no valid JSON: {error}")
        return
    if not isinstance(record, dict):
        yield fault("a record has to be an object with the keys id and text")
        return
    if _deeper_than(record, MOST_LEVELS):
        yield fault(f"nested deeper than {MOST_LEVELS} levels")
        return
    if b"\\u" in line and (half := _half_a_pair(record)):
        yield fault(f"half a surrogate pair ({half!r}), no valid Unicode")
        return
    text = record.pop(options.text_key, None)
    if not isinstance(text, str):
        found = "is missing" if text is None else "is no text"
        yield fault(f"the key {options.text_key!r} {found}; --text-key names another")
        return
    own = record.pop(options.id_key, None)
    if own is None:
        own = f"{file.stem}:{number}"
    elif isinstance(own, bool) or not isinstance(own, str | int):
        yield fault(f"the key {options.id_key!r} is no text or whole number; --id-key names another")
        return
    source = record.pop(options.source_key, None)
    if source is not None and not isinstance(source, str):
        record[options.source_key], source = source, None
    date, notice = _date(record, options)
    if notice:
        yield Notice(file.name, notice, number)
    yield Document(id=str(own), text=text, date=date, source=source, metadata=record)


def _deeper_than(value: Any, levels: int) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(isinstance(v, dict | list) and (levels == 0 or _deeper_than(v, levels - 1)) for v in inside)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is beyond any number")
    return number


def _half_a_pair(record: dict[str, Any]) -> str | None:
    """The first lone surrogate anywhere in a record, or None."""
    found = _SURROGATE.search(json.dumps(record, ensure_ascii=False))
    return found[0] if found else None


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _date(record: dict[str, Any], options: Options) -> tuple[str | None, str | None]:
    """The record's date and, where it has one that cannot be used, a notice; that one stays in the metadata."""
    value = record.pop(options.date_key, None)
    if value is None or value == "":
        return None, None
    date = str(value).strip()
    try:
        parse_date(date)
    except ValueError as error:
        record[options.date_key] = value
        return None, f"date left out: {error}"
    return date, None
