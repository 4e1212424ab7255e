"""Sinks: where results go.

A sink takes records in the order of the run. What it has taken stands whole in its target even
when the run is interrupted or the disk is full. A new target is a class with these methods,
marked with `register` in a module of this folder that is imported at the foot of this file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

NamesOf = Callable[[str, str], Iterable[tuple[str, str]]]
"""(key, name) of every true name of the entity of a type and id; a key is folded letters and digits."""


class Sink(Protocol):
    """A target that takes records."""

    def write(self, line: bytes, record: Mapping[str, Any]) -> None:
        """Take a record: its JSON in one line without the line's end, and the same as a dict.

        Raises:
            SinkError: The target cannot take it; everything taken before is whole.
        """

    def close(self, names_of: NamesOf) -> None:
        """Finish the target. Called once, after an interruption too.

        Raises:
            SinkError: The target could not be finished.
        """


SINKS: dict[str, Callable[[Path], Sink]] = {}
"""By the name of the file that they write in the output folder."""


def register(name: str) -> Callable[[type], type]:
    """Mark a class as the sink that writes the file `name`."""

    def mark(cls: type) -> type:
        SINKS[name] = cls
        return cls

    return mark


from normalizer.sinks import jsonl, sqlite  # noqa: E402, F401 - each registers itself
