"""A run: from inputs to whole outputs, and what became of every document.

Documents go out in the order in which they came in, whatever the number of workers. A document
that fails is a counted record; only an output that cannot be written stops a run. `files` is the
work list, `workers` the processes, `summary` the account.
"""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from spacy.about import __version__ as spacy_version

from normalizer.batch.files import check_inputs, read
from normalizer.batch.summary import MOST_LISTED, Failure, Summary
from normalizer.batch.workers import alone, chunks, interruptible, shared
from normalizer.errors import ConfigError, SinkError
from normalizer.pipeline import Pipeline, Settings
from normalizer.readers import Options
from normalizer.sinks import SINKS, Sink

__all__ = ["Summary", "check_inputs", "run"]

SUMMARY, FAILURES = "summary.json", "failures.jsonl"

Progress = Callable[[int, int], None]
"""Told how many bytes were read and documents written since the last call."""


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
    summary = Summary(versions={**pipeline.versions, "python": platform.python_version(), "spacy": spacy_version})
    sinks: list[Sink] = []
    try:
        for name, make in SINKS.items():
            sinks.append(make(out / name))
        work = chunks(read(inputs, out, options or Options(), summary, lambda count: progress(count, 0)))
        with (
            interruptible() as stop_if_asked,
            closing(alone(work, pipeline) if jobs == 1 else shared(work, settings, jobs)) as outcomes,
        ):
            for outcome in outcomes:
                stop_if_asked()
                if isinstance(outcome, Failure):
                    _fail(outcome, out, summary)
                    continue
                record = outcome.record or json.loads(outcome.line)
                for sink in sinks:
                    sink.write(outcome.line, record)
                summary.count(record)
                progress(0, 1)
        summary.status = "complete"
    except KeyboardInterrupt:
        summary.status = "interrupted"
        raise
    finally:
        _finish(sinks, pipeline, out, summary, began)
    return summary


def _finish(sinks: list[Sink], pipeline: Pipeline, out: Path, summary: Summary, began: float) -> None:
    fault: SinkError | None = None
    for sink in sinks:
        try:
            sink.close(pipeline.names_of)
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


def _fail(failure: Failure, out: Path, summary: Summary) -> None:
    summary.failed += 1
    if len(summary.failures) < MOST_LISTED:
        summary.failures.append(failure.to_dict())
    try:
        with (out / FAILURES).open("a", encoding="utf-8") as f:
            f.write(json.dumps(failure.to_dict()) + "\n")
    except OSError as error:
        raise SinkError(out / FAILURES, f"cannot be written: {error.strerror or error}") from error
