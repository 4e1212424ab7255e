"""JSON Lines with every fault named by file and line, all of them at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from normalizer.errors import ConfigError

T = TypeVar("T")

MOST_SHOWN = 10
"""Faults listed in one message."""


class Fault(ValueError):
    """What is wrong with one record; the reader adds file and line."""


def read_records(path: Path, parse: Callable[[dict[str, Any], str], T | None]) -> list[T]:
    """What `parse` makes of the record on each line, given the record and `file:line`; None is left out.

    Raises:
        ConfigError: The file cannot be read, or records have faults; lists them with their lines.
    """
    made: list[T] = []
    faults: list[str] = []
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                where = f"{path}:{number}"
                try:
                    if (one := parse(_record(line), where)) is not None:
                        made.append(one)
                except Fault as fault:
                    faults.append(f"{where}: {fault}")
    except OSError as error:
        raise ConfigError(str(path), f"cannot be read: {error.strerror or error}") from error
    check(path, faults)
    return made


def check(path: Path, faults: list[str]) -> None:
    """Nothing, where there are no faults.

    Raises:
        ConfigError: There are; names the first of them.
    """
    if faults:
        shown = faults[:MOST_SHOWN] + ([f"and {len(faults) - MOST_SHOWN:,} more"] if len(faults) > MOST_SHOWN else [])
        raise ConfigError(str(path), "\n".join([f"{len(faults)} fault{'s' if len(faults) != 1 else ''}", *shown]))


def _record(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Fault(f"no UTF-8: {error.reason} at byte {error.start}; save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        raise Fault(f"no valid JSON: {error.msg} at character {error.pos}; one whole object a line") from error
    except RecursionError as error:
        raise Fault("no valid JSON: nested too deep") from error
    if not isinstance(record, dict):
        raise Fault("no object; each line is one object in braces")
    return record


def text_of(record: dict[str, Any], name: str, what: str = "the record") -> str:
    """The text under a key that has to be there.

    Raises:
        Fault: It is missing or no text.
    """
    value = record.get(name)
    if not isinstance(value, str):
        raise Fault(f"{what} {'lacks the key' if value is None else 'has no text under'} {name!r}")
    return value


def id_of(record: dict[str, Any]) -> str:
    """The id of a document, a text or a whole number.

    Raises:
        Fault: It is missing or neither.
    """
    value = record.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Fault(f"the record {'lacks the key' if value is None else 'has no text or number under'} 'id'")
    return str(value)


def list_of(record: dict[str, Any], name: str, *, needed: bool = False) -> list[dict[str, Any]]:
    """The objects listed under a key; none where the key may be missing and is.

    Raises:
        Fault: It is missing though needed, or no list of objects.
    """
    value = record.get(name)
    if value is None and not needed:
        return []
    if value is None:
        raise Fault(f"the record lacks the key {name!r}")
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Fault(f"{name!r} is no list of objects")
    return value


def span_of(record: dict[str, Any], what: str) -> tuple[int, int]:
    """`start, end` of a record.

    Raises:
        Fault: They are missing, no whole numbers, or run backwards.
    """
    start, end = _whole(record, "start", what), _whole(record, "end", what)
    if not 0 <= start <= end:
        raise Fault(f"{what} runs from {start} to {end}; offsets count code points from 0, the end outside")
    return start, end


def _whole(record: dict[str, Any], name: str, what: str) -> int:
    value = record.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Fault(f"{what} {'lacks the key' if value is None else 'has no whole number under'} {name!r}")
    return value
