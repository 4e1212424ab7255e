"""Runs, in this process or in one of their own, and what they leave."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import normalizer

SAMPLES = Path(normalizer.__file__).parent / "samples"
OUTPUTS = ("documents.jsonl", "index.sqlite", "summary.json")
KEYS = ["schema", "id", "source", "date", "text", "normalized", "mentions", "entities", "metadata", "versions"]
TEXT = "General Taylor said that the IL-28 bombers were to leave Cuba for Murmansk, and Havana agreed.\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x02\x00\x00\x00\x01\x80\x08\x06\x00\x00\x00" + bytes(range(256))
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX")
PROC = pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="there is no /proc here")


@dataclass
class Done:
    """What a run printed and left behind."""

    code: int
    stdout: str
    stderr: str
    out: Path

    @property
    def records(self) -> list[dict[str, Any]]:
        data = (self.out / "documents.jsonl").read_bytes()
        assert not data or data.endswith(b"\n")
        return [json.loads(line, parse_constant=pytest.fail) for line in data.split(b"\n")[:-1]]

    @property
    def texts(self) -> dict[str, str]:
        return {record["id"]: record["text"] for record in self.records}

    @property
    def summary(self) -> dict[str, Any]:
        made: dict[str, Any] = json.loads((self.out / "summary.json").read_bytes())
        return made

    @property
    def failures(self) -> list[dict[str, Any]]:
        failures: list[dict[str, Any]] = self.summary["failures"]
        assert len(failures) == self.summary["failed"]
        return failures

    def indexed(self) -> list[str]:
        """Ids in the index, after it was checked."""
        with closing(sqlite3.connect(self.out / "index.sqlite")) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            db.execute("INSERT INTO full_text (full_text) VALUES ('integrity-check')")
            return [own for (own,) in db.execute("SELECT id FROM documents ORDER BY number")]


def start(*args: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    argv = [sys.executable, "-m", "normalizer", *map(str, args)]
    return subprocess.run(argv, **{"capture_output": True, "encoding": "utf-8", "timeout": 120, **options})


def write_jsonl(path: Path, records: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


def some(count: int) -> list[dict[str, Any]]:
    """Documents that differ, some without a date."""
    return [{"id": f"d{n:04}", "text": f"{n} {TEXT}" * (n % 7 + 1), "box": n} for n in range(count)]
