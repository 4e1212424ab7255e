"""Documents through pipelines, in this process or in several, in order."""

from __future__ import annotations

import json
import multiprocessing
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, NamedTuple

from normalizer.batch.summary import Failure
from normalizer.model import Document
from normalizer.pipeline import Pipeline, Settings

CHUNK_CHARACTERS = 200_000
CHUNK_DOCUMENTS = 64
"""A worker gets this much at a time: enough to outweigh the way there and back, little enough to hold."""


class Written(NamedTuple):
    """A document as the output has it: its line of JSON, and what the line says where that is at hand."""

    line: bytes
    record: dict[str, Any] | None


# Made once: `json.dumps` with options makes an encoder a call.
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
Outcome = Written | Failure
Job = list[Document | Failure]


def chunks(items: Iterable[Document | Failure]) -> Iterator[Job]:
    """The items in order, cut into what a worker takes at a time."""
    chunk: Job = []
    size = 0
    for item in items:
        chunk.append(item)
        size += len(item.text) if isinstance(item, Document) else 0
        if size >= CHUNK_CHARACTERS or len(chunk) >= CHUNK_DOCUMENTS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _work(chunk: Job, pipeline: Pipeline) -> Iterator[Outcome]:
    with pipeline.batch():
        for item in chunk:
            if isinstance(item, Failure):
                yield item
                continue
            try:
                record = pipeline.process(item).to_dict()
                yield Written(_json(record).encode(), record)
            # Whatever a document does to a tagger or to us, the run goes on and the document is counted.
            except Exception as error:  # noqa: BLE001
                yield Failure(item.source, None, item.id, f"{type(error).__name__}: {error}")


def alone(chunks: Iterable[Job], pipeline: Pipeline) -> Generator[Outcome, None, None]:
    """Outcomes of this process in order of the chunks."""
    for chunk in chunks:
        yield from _work(chunk, pipeline)


_pipeline: Pipeline | None = None
"""The pipeline of a worker process."""


def _start_worker(settings: Settings) -> None:
    global _pipeline
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run's own process answers it
    _pipeline = Pipeline(settings)


def _work_there(chunk: Job) -> list[Outcome]:
    assert _pipeline is not None
    # The line says it all; the record would make the way back twice as long.
    return [o if isinstance(o, Failure) else Written(o.line, None) for o in _work(chunk, _pipeline)]


def _pool(settings: Settings, jobs: int) -> ProcessPoolExecutor:
    # Spawned, not forked: the same on every system, and safe beside threads.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_start_worker, initargs=(settings,))


def shared(chunks: Iterator[Job], settings: Settings, jobs: int) -> Generator[Outcome, None, None]:
    """Outcomes of worker processes in order of the chunks; a bounded number is under way."""
    pool = _pool(settings, jobs)
    waiting: deque[tuple[Job, Future[list[Outcome]]]] = deque()
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
        with _uninterrupted():
            for process in list((pool._processes or {}).values()):
                process.terminate()
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits: no worker is left half started, and those started meanwhile never hear of it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _submit(pool: ProcessPoolExecutor, chunk: Job) -> Future[list[Outcome]]:
    try:
        with _uninterrupted():
            return pool.submit(_work_there, chunk)
    except BrokenProcessPool as error:
        lost: Future[list[Outcome]] = Future()
        lost.set_exception(error)
        return lost


def _by_itself(item: Document | Failure, settings: Settings) -> list[Outcome]:
    if isinstance(item, Failure):
        return [item]
    with _pool(settings, 1) as pool:
        try:
            return pool.submit(_work_there, [item]).result()
        except BrokenProcessPool:
            return [Failure(item.source, None, item.id, "the worker process died on this document")]
