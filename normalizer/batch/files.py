"""The work list: which files a run reads, in which order, and the documents in them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from normalizer.batch.summary import MOST_LISTED, Failure, Summary
from normalizer.errors import ConfigError, ReadError
from normalizer.model import Document
from normalizer.readers import READERS, File, Notice, Options, suffix_of


def find_files(inputs: Sequence[Path], out: Path) -> Iterator[File | None]:
    """The files of the inputs in stable order; None for each file of a folder that no reader knows.

    The output folder is left out where it lies inside an input.
    """
    for path in inputs:
        if not path.is_dir():
            yield File(path, path.name, path.name.removesuffix(_suffix(path.name)))
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(f for f in folders if not _same(Path(folder, f), out))
            for name in sorted(names):
                suffix = suffix_of(name)
                if suffix is None:
                    yield None
                    continue
                relative = Path(folder, name).relative_to(path).as_posix()
                yield File(Path(folder, name), relative, relative.removesuffix(_suffix(name)))


def _suffix(name: str) -> str:
    """The suffix as the name has it; nothing where no reader knows it."""
    suffix = suffix_of(name)
    return name[len(name) - len(suffix) :] if suffix else ""


def _same(a: Path, b: Path) -> bool:
    return a.resolve() == b.resolve()


def check_inputs(inputs: Sequence[Path], out: Path) -> int:
    """Bytes to read, after seeing that there is something to read.

    Raises:
        ConfigError: A path is missing, has no reader, or no input holds a document.
    """
    known = " ".join(sorted(READERS))
    for path in inputs:
        if not path.exists():
            raise ConfigError(str(path), "no such file or folder")
        if path.resolve().is_relative_to(out.resolve()):
            raise ConfigError(str(path), f"lies in the output folder {out}; choose another with --out")
        if not path.is_dir() and suffix_of(path.name) is None:
            raise ConfigError(str(path), f"no reader for this kind of file; there are readers for {known}")
    size = files = 0
    for file in find_files(inputs, out):
        if file is not None:
            files += 1
            try:
                size += file.path.stat().st_size
            except OSError:
                continue  # counted as a failure when it is read
    if not files:
        where = ", ".join(map(str, inputs))
        raise ConfigError(where, f"no documents here; there are readers for {known}")
    return size


def read(
    inputs: Sequence[Path], out: Path, options: Options, summary: Summary, advance: Callable[[int], None]
) -> Iterator[Document | Failure]:
    """Documents under ids of their own, and failures; notices go to the summary."""
    ids = _Ids()
    for file in find_files(inputs, out):
        if file is None:
            summary.skipped_files += 1
            continue
        reader = READERS[suffix_of(file.path.name) or ""]
        for item in reader(file, options, advance):
            if isinstance(item, Document):
                own = ids.claim(item.id)
                if own != item.id:
                    reason = f"the id {item.id!r} was there already; this document is kept as {own!r}"
                    _notice(Notice(file.name, reason), summary)
                    item = replace(item, id=own)
                yield item
            elif isinstance(item, ReadError):
                yield Failure(item.source, item.line, None, item.reason)
            else:
                _notice(item, summary)


def _notice(notice: Notice, summary: Summary) -> None:
    summary.noticed += 1
    if len(summary.notices) < MOST_LISTED:
        summary.notices.append({"source": notice.source, "line": notice.line, "reason": notice.reason})


class _Ids:
    """The ids given out so far, in a file of SQLite's that goes with the run: they may be millions."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("CREATE TABLE ids (id TEXT PRIMARY KEY) WITHOUT ROWID")
        self._db.execute("BEGIN")

    def claim(self, wanted: str) -> str:
        """The id, or where it is taken, the id with the first number that makes it free."""
        own, count = wanted, 1
        while not self._db.execute("INSERT OR IGNORE INTO ids VALUES (?)", (_storable(own),)).rowcount:
            count += 1
            own = f"{wanted}#{count}"
        return own


def _storable(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
