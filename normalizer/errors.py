"""Every error that cablenorm raises on purpose.

    CablenormError
    ├── GazetteerError      faults in gazetteer files, all of them at once
    ├── ReadError           a document or file that cannot be read
    ├── ConfigError         a setting, path or option that cannot be used
    ├── SinkError           an output that cannot be written
    └── MissingExtraError   an optional part that is not installed

Misuse by a programmer is a plain `ValueError`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class CablenormError(Exception):
    """Root of the tree; catching it catches everything below."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a gazetteer, and where.

    `line` counts from 1; 0 means that the whole file is meant.
    """

    path: str
    line: int
    entity_id: str | None
    message: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        who = f" [{self.entity_id}]" if self.entity_id else ""
        return f"{where}:{who} {self.message}"


class GazetteerError(CablenormError):
    """A gazetteer that cannot be used; `faults` lists every reason."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        count = f"{len(faults)} fault{'s' if len(faults) != 1 else ''} in the gazetteer"
        super().__init__("\n".join([count, *map(str, faults)]))


class ReadError(CablenormError):
    """A file or record that gives no document; the run counts it and goes on."""

    def __init__(self, source: str, reason: str, *, line: int | None = None) -> None:
        self.source, self.reason, self.line = source, reason, line
        super().__init__(f"{source}{f':{line}' if line else ''}: {reason}")


class ConfigError(CablenormError):
    """A setting that cannot be used; `key` names it."""

    def __init__(self, key: str, reason: str) -> None:
        self.key = key
        super().__init__(f"{key}: {reason}")


class SinkError(CablenormError):
    """An output that could not be written in full; what stands in it is whole."""

    def __init__(self, target: Path | str, reason: str) -> None:
        self.target = str(target)
        super().__init__(f"{target}: {reason}")


class MissingExtraError(CablenormError):
    """An optional part is asked for and not installed."""

    def __init__(self, extra: str, install: str) -> None:
        self.extra = extra
        super().__init__(f"{extra} is not installed; install it with: {install}")
