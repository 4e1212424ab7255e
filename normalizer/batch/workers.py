"""Documents through pipelines, in this process or in several, in order."""

from __future__ import annotations

import gc
import json
import multiprocessing
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from types import FrameType
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


@contextmanager
def _uncollected() -> Iterator[None]:
    """A context in which nobody looks for cycles of objects.

    A chunk makes hundreds of thousands of small objects and hardly a cycle; looking takes a seventh of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _work(chunk: Job, pipeline: Pipeline) -> Iterator[Outcome]:
    with _uncollected(), pipeline.batch(item for item in chunk if isinstance(item, Document)):
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


_stop: Event | None = None
"""Set when nobody waits for the results of this worker process any more."""


def _start_worker(settings: Settings, stop: Event) -> None:
    global _pipeline, _stop
    _stop = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run's own process answers it
    _pipeline = Pipeline(settings)


def _work_there(chunk: Job) -> list[Outcome]:
    assert _pipeline is not None
    done: list[Outcome] = []
    for outcome in _work(chunk, _pipeline):
        # The line says it all; the record would make the way back twice as long.
        done.append(outcome if isinstance(outcome, Failure) else Written(outcome.line, None))
        if _stop is not None and _stop.is_set():
            break
    return done


# Spawned, not forked: the same on every system, and safe beside threads.
_CONTEXT = multiprocessing.get_context("spawn")


def _pool(settings: Settings, jobs: int, stop: Event) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=_CONTEXT, initializer=_start_worker, initargs=(settings, stop))


def shared(chunks: Iterator[Job], settings: Settings, jobs: int) -> Generator[Outcome, None, None]:
    """Outcomes of worker processes in order of the chunks; a bounded number is under way."""
    with _uninterrupted():  # the event starts a process too, that keeps track of it
        stop = _CONTEXT.Event()
    pool = _pool(settings, jobs, stop)
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
                    yield from _by_itself(item, settings, stop)
                pool = _pool(settings, jobs, stop)
                waiting = deque((c, _submit(pool, c)) for c, _ in waiting)
    finally:
        # Told to stop, not killed: a worker that dies while it hands a result over would leave the pool
        # waiting for the rest of it for ever.
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def interruptible() -> Iterator[Callable[[], None]]:
    """Ctrl-C that is sure to end a run: yields what raises `KeyboardInterrupt` where it was pressed.

    Python drops the exception where it strikes inside a finalizer or a callback of the garbage collector,
    and with worker processes there are many of these.
    """
    asked = False

    def handler(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        raise KeyboardInterrupt

    def stop_if_asked() -> None:
        if asked:
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield stop_if_asked
        return
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, handler)
    try:
        yield stop_if_asked
    finally:
        if before is signal.default_int_handler:
            signal.signal(signal.SIGINT, before)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits: no worker is left half started, and those started meanwhile never hear of it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = False

    def later(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    # The mask is for the processes that start, which inherit it. It does not keep the signal from this one:
    # threads of numerical libraries may take it, and then Python calls the handler here all the same.
    before = signal.signal(signal.SIGINT, later)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if hasattr(signal, "pthread_sigmask") else None
    try:
        yield
    finally:
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, before)
        if asked:
            signal.raise_signal(signal.SIGINT)


def _submit(pool: ProcessPoolExecutor, chunk: Job) -> Future[list[Outcome]]:
    try:
        with _uninterrupted():
            return pool.submit(_work_there, chunk)
    except BrokenProcessPool as error:
        lost: Future[list[Outcome]] = Future()
        lost.set_exception(error)
        return lost


def _by_itself(item: Document | Failure, settings: Settings, stop: Event) -> list[Outcome]:
    if isinstance(item, Failure):
        return [item]
    with _pool(settings, 1, stop) as pool:
        try:
            return _submit(pool, [item]).result()
        except BrokenProcessPool:
            return [Failure(item.source, None, item.id, "the worker process died on this document")]
