"""JSON Lines: a document a line, output schema 1."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from normalizer.errors import SinkError
from normalizer.sinks import NamesOf, register


@register("documents.jsonl")
class JsonlSink:
    """Writes whole lines; a line that the disk has no room for is taken back."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # Unbuffered, so that nothing is left in memory to fail later, half written.
        try:
            self._file = path.open("xb", buffering=0)
        except OSError as error:
            raise SinkError(path, f"cannot be written: {error.strerror or error}") from error
        self._whole_bytes = 0

    def write(self, line: bytes, record: Mapping[str, Any]) -> None:
        """Append the line, or leave the file as it was and raise."""
        rest = memoryview(line + b"\n")
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            with contextlib.suppress(OSError):
                self._file.truncate(self._whole_bytes)
            raise SinkError(self._path, f"cannot be written: {error.strerror or error}") from error
        self._whole_bytes += len(line) + 1

    def close(self, names_of: NamesOf) -> None:
        """Close the file at the end of its last whole line."""
        try:
            if self._file.tell() != self._whole_bytes:  # interrupted in the midst of a line
                self._file.truncate(self._whole_bytes)
            self._file.close()
        except OSError as error:
            raise SinkError(self._path, f"cannot be written: {error.strerror or error}") from error
