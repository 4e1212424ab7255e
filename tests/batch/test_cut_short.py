"""What is left of a run that is interrupted or has no room."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from running import POSIX, TEXT, Done, some, start, write_jsonl

from normalizer.batch import workers

# --- interrupted

Enough = Callable[[Path, int], bool]
"""Whether a run has come far enough, by its output folder and its process group."""


def group_is_alive(group: int) -> bool:
    """Whether a process of the group still runs; one that only waits to be reaped does not."""
    if not Path("/proc/self/stat").exists():
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        return True
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, own_group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(own_group) == group and state != "Z":
                return True
    return False


@pytest.fixture(scope="module")
def endless(tmp_path_factory) -> Path:
    """More documents than any run of a test gets through."""
    path = tmp_path_factory.mktemp("endless") / "endless.jsonl"
    line = json.dumps({"text": TEXT * 20}) + "\n"
    path.write_text(line * 20_000, "utf-8")
    return path


@pytest.fixture
def interrupted(endless, tmp_path, _own_cache) -> Callable[..., Done]:
    """A run of some jobs, interrupted when `enough(out, group)` holds: its own process or its whole group."""

    def call(jobs: int, enough: Enough, *, whole_group: bool) -> Done:
        out = tmp_path / "out"
        argv = [sys.executable, "-m", "normalizer", "run", endless, "--out", out, "--jobs", str(jobs)]
        process = subprocess.Popen(
            argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", start_new_session=True
        )
        try:
            until = time.monotonic() + 60
            while not enough(out, process.pid):
                assert process.poll() is None, "the run ended before it was interrupted"
                assert time.monotonic() < until
                time.sleep(0.01)
            (os.killpg if whole_group else os.kill)(process.pid, signal.SIGINT)
            try:
                stdout, stderr = process.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                pytest.fail("the run does not end when it is interrupted")
            until = time.monotonic() + 10
            while group_is_alive(process.pid):
                assert time.monotonic() < until, "a process is left behind"
                time.sleep(0.05)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        return Done(process.returncode, stdout, stderr, out)

    return call


def some_lines(out: Path, group: int) -> bool:
    """Documents were written."""
    with contextlib.suppress(OSError):
        return (out / "documents.jsonl").stat().st_size > 100_000
    return False


def a_worker_starts(out: Path, group: int) -> bool:
    """A worker process is there; where nothing tells of processes, the output is."""
    if not Path("/proc/self/stat").exists():
        return (out / "index.sqlite").exists()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            own_group = int(stat.read_text().rpartition(")")[2].split()[2])
            if own_group == group and b"spawn_main" in stat.with_name("cmdline").read_bytes():
                return True
    return False


def after(delay: float, enough: Enough) -> Enough:
    """The same condition, some seconds later."""
    began: list[float] = []

    def later(out: Path, group: int) -> bool:
        if not began and enough(out, group):
            began.append(time.monotonic())
        return bool(began) and time.monotonic() >= began[0] + delay

    return later


@POSIX
@pytest.mark.parametrize("whole_group", [False, True], ids=["the process", "the group, as a terminal does"])
@pytest.mark.parametrize(
    ("jobs", "delay"),
    # Where the workers stand when they are stopped is chance: several tries.
    [(1, 0.0), (2, 0.0), (2, 0.2)],
)
def test_run_that_is_interrupted_leaves_whole_output(interrupted, jobs, delay, whole_group):
    done = interrupted(jobs, after(delay, some_lines), whole_group=whole_group)
    assert done.code == 130
    assert "Traceback" not in done.stderr
    assert "interrupted" in done.stderr
    records = done.records
    assert [record["id"] for record in records] == [f"endless:{n}" for n in range(1, len(records) + 1)]
    indexed = done.indexed()
    assert indexed == [record["id"] for record in records][: len(indexed)]
    assert len(records) - len(indexed) <= 1
    assert done.summary["status"] == "interrupted"
    assert done.summary["documents"] in (len(records), len(records) - 1)
    assert list(done.out.glob("*-journal")) == []


@POSIX
@pytest.mark.parametrize("delay", [0.0, 0.05, 0.2, 0.5])
def test_run_that_is_interrupted_while_workers_start_is_quiet(interrupted, delay):
    done = interrupted(2, after(delay, a_worker_starts), whole_group=True)
    assert done.code == 130
    assert "Traceback" not in done.stderr
    assert "KeyboardInterrupt" not in done.stderr
    assert done.summary["status"] == "interrupted"


@POSIX
def test_an_interruption_waits_whichever_thread_takes_the_signal():
    over = threading.Event()
    other = threading.Thread(target=over.wait)
    other.start()  # before the mask is set, which it would inherit
    came_through = False

    def interrupt_the_other_thread() -> None:
        nonlocal came_through
        with workers._uninterrupted():
            signal.pthread_kill(other.ident, signal.SIGINT)
            time.sleep(0.05)  # here Python would call a handler
            came_through = True

    try:
        with pytest.raises(KeyboardInterrupt):
            interrupt_the_other_thread()
    finally:
        over.set()
        other.join()
    assert came_through


@POSIX
def test_run_can_be_searched_after_an_interruption(interrupted):
    done = interrupted(1, some_lines, whole_group=True)
    found = start("search", done.out, "--entity", "il-28", "--limit", 1)
    assert found.returncode == 0
    assert "IL-28" in found.stdout


def test_run_that_ends_in_an_unforeseen_error_is_not_called_complete(run, tmp_path, monkeypatch):
    def broken(*_: Any) -> None:
        raise RuntimeError("made up")

    monkeypatch.setattr("normalizer.batch.Summary.count", broken)
    path = write_jsonl(tmp_path / "a.jsonl", some(3))
    with contextlib.suppress(RuntimeError):
        run(path)
    assert json.loads((tmp_path / "out" / "summary.json").read_bytes())["status"] != "complete"


# --- no room


def whole_but_incomplete(done: Done) -> None:
    assert done.code == 3
    assert "Traceback" not in done.stderr
    assert any("cannot be" in line for line in done.stderr.splitlines())
    assert done.records
    assert [r["id"] for r in done.records] == [f"d{n:04}" for n in range(len(done.records))]


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A file system of 300 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    if shutil.which("mount") is None or sys.platform != "linux":
        pytest.skip("no tmpfs here")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", place], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"mounting is not permitted here: {mounted.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", place], check=True)


@pytest.mark.parametrize("jobs", [1, 2])
def test_run_on_a_full_disk(small_disk, tmp_path, jobs):
    path = write_jsonl(tmp_path / "a.jsonl", some(400))
    done = start("run", path, "--out", small_disk / "out", "--jobs", jobs)
    made = Done(done.returncode, done.stdout, done.stderr, small_disk / "out")
    whole_but_incomplete(made)
    assert len(made.indexed()) <= len(made.records)
    if (made.out / "summary.json").exists():
        assert made.summary["status"] == "incomplete"


def test_run_on_a_disk_that_is_full_from_the_start(small_disk, tmp_path):
    path = write_jsonl(tmp_path / "a.jsonl", some(4))
    (small_disk / "out").mkdir()
    with contextlib.suppress(OSError), (small_disk / "filler").open("wb", buffering=0) as f:
        while True:
            f.write(bytes(4096))
    done = start("run", path, "--out", small_disk / "out", "--overwrite")
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert "cannot be" in done.stderr


@POSIX
@pytest.mark.parametrize("jobs", [1, 2])
def test_run_that_may_write_no_larger_files(tmp_path, jobs, alone):
    import resource

    path = write_jsonl(tmp_path / "a.jsonl", some(400))
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))  # noqa: E731
    done = start("run", path, "--out", tmp_path / "out", "--jobs", jobs, preexec_fn=limit)
    made = Done(done.returncode, done.stdout, done.stderr, tmp_path / "out")
    whole_but_incomplete(made)
    assert made.summary["status"] == "incomplete"


class _FullDisk(io.FileIO):
    def write(self, data: Any) -> int:
        left = 50_000 - self.tell()
        if left <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(memoryview(data)[:left])


def test_run_on_a_full_disk_that_is_made_up(run, tmp_path, monkeypatch):
    path = write_jsonl(tmp_path / "a.jsonl", some(100))
    usual = Path.open

    def open_(self: Path, mode: str = "r", *args: Any, **options: Any) -> Any:
        if self.name == "documents.jsonl" and "b" in mode and "r" not in mode:
            return _FullDisk(self, mode.replace("b", ""))
        return usual(self, mode, *args, **options)

    monkeypatch.setattr(Path, "open", open_)
    done = run(path)
    monkeypatch.undo()
    whole_but_incomplete(done)
    assert "documents.jsonl: cannot be written: No space left on device" in done.stderr
    assert done.summary["status"] == "incomplete"
    assert done.summary["documents"] == len(done.records) == len(done.indexed())


def test_run_whose_output_cannot_be_opened(run, tmp_path, monkeypatch):
    path = write_jsonl(tmp_path / "a.jsonl", some(2))
    usual = Path.open

    def open_(self: Path, mode: str = "r", *args: Any, **options: Any) -> Any:
        if self.name == "documents.jsonl":
            raise OSError(errno.ENOSPC, "No space left on device")
        return usual(self, mode, *args, **options)

    monkeypatch.setattr(Path, "open", open_)
    done = run(path)
    assert done.code == 3
    assert "documents.jsonl" in done.stderr
