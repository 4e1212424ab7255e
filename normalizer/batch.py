"""A run: the work list, the worker processes, the sinks, and what became of every document.

Documents go out in the order in which they came in, whatever the number of workers. A document
that fails is a counted record; only an output that cannot be written stops a run.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import platform
import signal
import sqlite3
import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import spacy

from normalizer.errors import ConfigError, ReadError, SinkError
from normalizer.gazetteer import Gazetteer
from normalizer.model import Document
from normalizer.pipeline import Pipeline, Settings
from normalizer.readers import READERS, File, Notice, Options, suffix_of
from normalizer.sinks import SINKS, Sink

CHUNK_CHARACTERS = 200_000
CHUNK_DOCUMENTS = 64
"""A worker gets this much at a time: enough to outweigh the way there and back, little enough to hold."""
MOST_LISTED = 1_000
"""Failures and notices listed in the summary; all failures stand in `failures.jsonl`."""
SUMMARY, FAILURES = "summary.json", "failures.jsonl"

Progress = Callable[[int, int], None]
"""Told how many bytes were read and documents written since the last call."""


@dataclass(slots=True)
class Summary:
    """What became of a run; `to_dict` is `summary.json`."""

    status: str = "complete"
    documents: int = 0
    characters: int = 0
    decisions: Counter[str] = field(default_factory=Counter)
    types: dict[str, Counter[str]] = field(default_factory=dict)
    methods: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    failures: list[dict[str, Any]] = field(default_factory=list)
    noticed: int = 0
    notices: list[dict[str, Any]] = field(default_factory=list)
    skipped_files: int = 0
    seconds: float = 0.0
    versions: dict[str, str | None] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {
            "schema": 1,
            "status": self.status,
            "documents": self.documents,
            "characters": self.characters,
            "decisions": {k: self.decisions[k] for k in ("linked", "ambiguous", "unknown")},
            "types": {kind: dict(sorted(counts.items())) for kind, counts in sorted(self.types.items())},
            "methods": dict(sorted(self.methods.items())),
            "failed": self.failed,
            "failures": self.failures,
            "noticed": self.noticed,
            "notices": self.notices,
            "skipped_files": self.skipped_files,
            "seconds": round(self.seconds, 3),
            "versions": self.versions,
        }

    def count(self, record: dict[str, Any]) -> None:
        """Add a written document."""
        self.documents += 1
        self.characters += len(record["text"])
        for m in record["mentions"]:
            self.decisions[m["decision"]] += 1
            self.types.setdefault(m["label"].lower(), Counter())[m["decision"]] += 1
            self.methods[m["method"]] += 1


@dataclass(frozen=True, slots=True)
class _Failure:
    source: str | None
    line: int | None
    id: str | None
    reason: str

    def to_dict(self) -> dict[str, Any]:
        return {"source": self.source, "line": self.line, "id": self.id, "reason": self.reason}


_Outcome = bytes | _Failure
"""A document's line of JSON, or why there is none."""
_Job = list[Document | _Failure]


def find_files(inputs: Sequence[Path], out: Path) -> Iterator[File | None]:
    """The files of the inputs in stable order; None for each file of a folder that no reader knows.

    The output folder is left out where it lies inside an input.
    """
    for path in inputs:
        if not path.is_dir():
            suffix = suffix_of(path.name) or ""
            yield File(path, path.name, path.name[: len(path.name) - len(suffix)])
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(f for f in folders if not _same(Path(folder, f), out))
            for name in sorted(names):
                suffix = suffix_of(name)
                if suffix is None:
                    yield None
                    continue
                relative = Path(folder, name).relative_to(path).as_posix()
                yield File(Path(folder, name), relative, relative[: len(relative) - len(suffix)])


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


def prepare(out: Path, *, overwrite: bool) -> None:
    """An output folder without earlier output.

    Raises:
        ConfigError: It exists and may not be overwritten, or it cannot be made.
    """
    if out.exists() and not overwrite:
        raise ConfigError(str(out), "exists already; choose another folder or give --overwrite")
    if out.exists() and not out.is_dir():
        raise ConfigError(str(out), "is a file; choose a folder")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name in (*SINKS, SUMMARY, FAILURES):
            (out / name).unlink(missing_ok=True)
            (out / f"{name}-journal").unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(str(out), f"cannot be prepared: {error.strerror or error}") from error


def run(
    inputs: Sequence[Path],
    out: Path,
    settings: Settings,
    *,
    options: Options | None = None,
    jobs: int = 1,
    overwrite: bool = False,
    progress: Progress = lambda read_bytes, documents: None,
) -> Summary:
    """Read, resolve and write everything; what a run leaves behind is whole, also when it is cut short.

    Args:
        inputs: Files and folders.
        out: The output folder; made by the run.
        settings: Of the pipeline.
        options: Of the readers.
        jobs: Worker processes; 1 works in this one.
        overwrite: Replace earlier output in `out`.
        progress: Called as the run goes on.

    Raises:
        ConfigError: Something is wrong with paths or settings; nothing was written.
        GazetteerError: The gazetteer has faults; nothing was written.
        SinkError: An output could not be written; what stands there is whole.
        KeyboardInterrupt: Interrupted; what stands there is whole.
    """
    began = time.monotonic()
    check_inputs(inputs, out)
    pipeline = Pipeline(settings)
    prepare(out, overwrite=overwrite)
    summary = Summary(versions={**pipeline.versions, "python": platform.python_version(), "spacy": spacy.__version__})
    sinks: list[Sink] = []
    try:
        for name, make in SINKS.items():
            sinks.append(make(out / name))
        chunks = _chunks(_read(inputs, out, options or Options(), summary, progress))
        with closing(_alone(chunks, pipeline) if jobs == 1 else _shared(chunks, settings, jobs)) as outcomes:
            for outcome in outcomes:
                if isinstance(outcome, _Failure):
                    _fail(outcome, out, summary)
                    continue
                record = json.loads(outcome)
                for sink in sinks:
                    sink.write(outcome, record)
                summary.count(record)
                progress(0, 1)
    except KeyboardInterrupt:
        summary.status = "interrupted"
        raise
    except SinkError:
        summary.status = "incomplete"
        raise
    finally:
        _finish(sinks, pipeline.gazetteer, out, summary, began)
    return summary


def _finish(sinks: list[Sink], gazetteer: Gazetteer, out: Path, summary: Summary, began: float) -> None:
    def names_of(entity_type: str, entity_id: str) -> Iterator[str]:
        for number in gazetteer.numbers(entity_id):
            ent = gazetteer.entity(number)
            if ent.type == entity_type:
                yield ent.name
                if ent.family:
                    yield ent.family
                yield from (alias.text for alias in ent.aliases if alias.when is None)

    fault: SinkError | None = None
    for sink in sinks:
        try:
            sink.close(names_of)
        except SinkError as error:
            fault, summary.status = error, "incomplete"
    summary.seconds = time.monotonic() - began
    part = out / f"{SUMMARY}.part"
    try:
        part.write_text(json.dumps(summary.to_dict(), indent=2, ensure_ascii=True) + "\n", encoding="utf-8")
        part.replace(out / SUMMARY)
    except OSError as error:
        part.unlink(missing_ok=True)
        fault = fault or SinkError(out / SUMMARY, f"cannot be written: {error.strerror or error}")
    if fault is not None:
        raise fault


def _fail(failure: _Failure, out: Path, summary: Summary) -> None:
    summary.failed += 1
    if len(summary.failures) < MOST_LISTED:
        summary.failures.append(failure.to_dict())
    try:
        with (out / FAILURES).open("a", encoding="utf-8") as f:
            f.write(json.dumps(failure.to_dict()) + "\n")
    except OSError as error:
        raise SinkError(out / FAILURES, f"cannot be written: {error.strerror or error}") from error


def _read(
    inputs: Sequence[Path], out: Path, options: Options, summary: Summary, progress: Progress
) -> Iterator[Document | _Failure]:
    """Documents under ids of their own, and failures; notices go to the summary."""
    ids = _Ids()
    for file in find_files(inputs, out):
        if file is None:
            summary.skipped_files += 1
            continue
        reader = READERS[suffix_of(file.path.name) or ""]
        for item in reader(file, options, lambda count: progress(count, 0)):
            if isinstance(item, Document):
                own = ids.claim(item.id)
                if own != item.id:
                    reason = f"the id {item.id!r} was there already; this document is kept as {own!r}"
                    _notice(Notice(file.name, reason), summary)
                    item = replace(item, id=own)
                yield item
            elif isinstance(item, ReadError):
                yield _Failure(item.source, item.line, None, item.reason)
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


def _chunks(items: Iterable[Document | _Failure]) -> Iterator[_Job]:
    chunk: _Job = []
    size = 0
    for item in items:
        chunk.append(item)
        size += len(item.text) if isinstance(item, Document) else 0
        if size >= CHUNK_CHARACTERS or len(chunk) >= CHUNK_DOCUMENTS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _work(chunk: _Job, pipeline: Pipeline) -> Iterator[_Outcome]:
    with pipeline.batch():
        for item in chunk:
            if isinstance(item, _Failure):
                yield item
                continue
            try:
                record = pipeline.process(item).to_dict()
                yield json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
            # Whatever a document does to a tagger or to us, the run goes on and the document is counted.
            except Exception as error:
                yield _Failure(item.source, None, item.id, f"{type(error).__name__}: {error}")


def _alone(chunks: Iterable[_Job], pipeline: Pipeline) -> Generator[_Outcome, None, None]:
    for chunk in chunks:
        yield from _work(chunk, pipeline)


_pipeline: Pipeline | None = None
"""The pipeline of a worker process."""


def _start_worker(settings: Settings) -> None:
    global _pipeline
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run's own process answers it
    _pipeline = Pipeline(settings)


def _work_there(chunk: _Job) -> list[_Outcome]:
    assert _pipeline is not None
    return list(_work(chunk, _pipeline))


def _pool(settings: Settings, jobs: int) -> ProcessPoolExecutor:
    # Spawned, not forked: the same on every system, and safe beside threads.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_start_worker, initargs=(settings,))


def _shared(chunks: Iterator[_Job], settings: Settings, jobs: int) -> Generator[_Outcome, None, None]:
    """Outcomes of worker processes in order of the chunks; a bounded number is under way."""
    pool = _pool(settings, jobs)
    waiting: deque[tuple[_Job, Future[list[_Outcome]]]] = deque()
    try:
        while True:
            while len(waiting) < 2 * jobs + 1 and (chunk := next(chunks, None)) is not None:
                waiting.append((chunk, _submit(pool, chunk)))
            if not waiting:
                return
            chunk, future = waiting.popleft()
            try:
                yield from future.result()
            except BrokenProcessPool:
                # A worker was killed, for want of memory as a rule. Its documents are tried one by one.
                pool.shutdown(wait=False)
                for item in chunk:
                    yield from _by_itself(item, settings)
                pool = _pool(settings, jobs)
                waiting = deque((c, _submit(pool, c)) for c, _ in waiting)
    finally:
        for process in list((pool._processes or {}).values()):
            process.terminate()
        pool.shutdown(wait=False, cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, chunk: _Job) -> Future[list[_Outcome]]:
    try:
        return pool.submit(_work_there, chunk)
    except BrokenProcessPool as error:
        lost: Future[list[_Outcome]] = Future()
        lost.set_exception(error)
        return lost


def _by_itself(item: Document | _Failure, settings: Settings) -> list[_Outcome]:
    if isinstance(item, _Failure):
        return [item]
    with _pool(settings, 1) as pool:
        try:
            return pool.submit(_work_there, [item]).result()
        except BrokenProcessPool:
            return [_Failure(item.source, None, item.id, "the worker process died on this document")]
