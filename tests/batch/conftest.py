"""Runs that several modules ask for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from running import Done, some, start, write_jsonl

from normalizer.cli import main


@pytest.fixture
def run(tmp_path, _own_cache) -> Callable[..., Done]:
    """`run(INPUT..., option...)` in this process, with output in `out` beside the inputs."""

    def call(*args: object, out: str = "out") -> Done:
        argv = ["run", *map(str, args), "--out", str(tmp_path / out)]
        result = CliRunner().invoke(main, argv)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Done(result.exit_code, result.stdout, result.stderr, tmp_path / out)

    return call


@pytest.fixture
def scans(tmp_path) -> Path:
    """An empty folder for inputs."""
    folder = tmp_path / "scans"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def many(tmp_path_factory) -> Path:
    """Enough documents for several workers, some of which fail, in one file."""
    path = tmp_path_factory.mktemp("many") / "many.jsonl"
    write_jsonl(path, some(300))
    lines = path.read_text("utf-8").splitlines()
    lines.insert(100, "{no JSON")
    lines.insert(150, json.dumps({"id": "d0007", "text": "twice in Havana"}))
    path.write_text("\n".join(lines), "utf-8")
    return path


@pytest.fixture(scope="session")
def alone(many, tmp_path_factory, _own_cache) -> Done:
    """The run of one process that others are held against."""
    out = tmp_path_factory.mktemp("alone") / "out"
    done = start("run", many, "--out", out)
    return Done(done.returncode, done.stdout, done.stderr, out)
