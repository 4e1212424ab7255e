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


def find_files(inputs: Sequence[Path], out: Path) -> Iterator[File | ReadError | None]:
    """The files of the inputs in stable order; None for each file of a folder that no reader knows.

    Links are followed, a folder is entered once, and one that cannot be listed is a `ReadError`. The
    output folder is left out where it lies inside an input.
    """
    for path in inputs:
        if not path.is_dir():
            shown = _shown(Path(path.name))
            yield File(path, shown, shown.removesuffix(_suffix(path.name)))
            continue
        yield from _walk(path, path, out, set())


def _walk(folder: Path, top: Path, out: Path, entered: set[tuple[int, int]]) -> Iterator[File | ReadError | None]:
    """The files of a folder and the folders in it: files first, each in order of name."""
    try:
        about = folder.stat()
        entries = sorted(os.scandir(folder), key=lambda e: e.name)
    except OSError as error:
        yield ReadError(_shown(folder.relative_to(top)), f"cannot be listed: {error.strerror or error}")
        return
    if (about.st_dev, about.st_ino) in entered or _same(folder, out):
        return
    entered.add((about.st_dev, about.st_ino))
    for entry in entries:
        if not _is_folder(entry):
            path = Path(entry.path)
            suffix = _suffix(entry.name)
            shown = _shown(path.relative_to(top))
            yield File(path, shown, shown.removesuffix(suffix)) if suffix else None
    for entry in entries:
        if _is_folder(entry):
            yield from _walk(Path(entry.path), top, out, entered)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link in a circle; counted as a failure when it is read


def _shown(path: Path) -> str:
    """A path as text; bytes of its name that are no UTF-8 are written out."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


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
        if isinstance(file, File):
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
        if isinstance(file, File) and file.path.exists() and not file.path.is_file():
            file = ReadError(file.name, "is no regular file")
        if isinstance(file, ReadError):
            yield Failure(file.source, None, None, file.reason)
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
