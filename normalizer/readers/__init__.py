"""Readers: from files to documents.

A reader takes a path and yields documents; what cannot be read it yields as a `ReadError`, and
what deserves a word as a `Notice`. A new format is a function marked with `register` in a
module of this folder that `READERS` imports at the foot of this file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from normalizer.errors import ReadError
from normalizer.model import Document


@dataclass(frozen=True, slots=True)
class Options:
    """How records are read.

    Attributes:
        id_key, text_key, date_key, source_key: Keys of a record; its other keys become metadata.
        encoding: Of text files; None to find out.
    """

    id_key: str = "id"
    text_key: str = "text"
    date_key: str = "date"
    source_key: str = "source"
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file to read: its path, the name to show, and the id that its one document or its records begin with."""

    path: Path
    name: str
    stem: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something odd about a file or record that was read all the same."""

    source: str
    reason: str
    line: int | None = None


Item = Document | ReadError | Notice
Advance = Callable[[int], None]
"""Told how many bytes of the file were read."""
Reader = Callable[[File, Options, Advance], Iterator[Item]]

READERS: dict[str, Reader] = {}
"""By suffix, with its dot, in lower case."""


def register(*suffixes: str) -> Callable[[Reader], Reader]:
    """Mark a function as the reader of files with these suffixes."""

    def mark(reader: Reader) -> Reader:
        for suffix in suffixes:
            READERS[suffix] = reader
        return reader

    return mark


def suffix_of(name: str) -> str | None:
    """The longest suffix of a file name that a reader is registered for, or None."""
    lower = name.lower()
    return max((s for s in READERS if lower.endswith(s) and len(lower) > len(s)), key=len, default=None)


from normalizer.readers import jsonl, text  # noqa: E402, F401 - each registers itself
