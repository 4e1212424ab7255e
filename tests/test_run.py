"""`cablenorm run`: what it writes, that nothing is lost, and what is left when it is cut short."""

from __future__ import annotations

import contextlib
import errno
import gzip
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import ONLY_SMALL

import normalizer
from normalizer.cli import main
from normalizer.model import Document
from normalizer.pipeline import Pipeline

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


# --- what is written


def test_run_writes_the_three_files(run):
    done = run(SAMPLES)
    assert done.code == 0
    assert sorted(p.name for p in done.out.iterdir()) == sorted(OUTPUTS)
    assert done.indexed() == [record["id"] for record in done.records]
    assert done.stdout.startswith("8 documents in ") or done.stdout.startswith("9 documents in ")
    assert "linked" in done.stdout


def test_run_documents_are_output_schema_1(run):
    for record in run(SAMPLES).records:
        assert list(record) == KEYS
        assert record["schema"] == 1
        for kind, rows in record["entities"].items():
            for row in rows:
                assert list(row) == ["id", "name", "count"]
                of_it = [m for m in record["mentions"] if (m["label"].lower(), m["entity"]) == (kind, row["id"])]
                assert len(of_it) == row["count"]
        before = 0
        for m in record["mentions"]:
            assert before <= m["start"] < m["end"]
            before = m["end"]
            assert record["text"][m["start"] : m["end"]] == m["text"]
            assert 0 <= m["score"] <= 1
            assert (m["entity"] is not None) == (m["decision"] == "linked")


def test_run_never_alters_the_text(run):
    texts = run(SAMPLES).texts
    for path in SAMPLES.glob("*.txt"):
        assert texts[path.stem].encode() == path.read_bytes()


def test_run_summary_counts_by_decision_and_type(run):
    done = run(SAMPLES)
    summary = done.summary
    mentions = [m for record in done.records for m in record["mentions"]]
    assert summary["status"] == "complete"
    assert summary["documents"] == len(done.records)
    assert summary["characters"] == sum(len(r["text"]) for r in done.records)
    for decision, count in summary["decisions"].items():
        assert count == sum(m["decision"] == decision for m in mentions)
        for kind, counts in summary["types"].items():
            of_it = sum(m["decision"] == decision and m["label"].lower() == kind for m in mentions)
            assert counts.get(decision, 0) == of_it
    assert sum(summary["decisions"].values()) == len(mentions)
    assert (summary["failed"], summary["failures"], summary["notices"]) == (0, [], [])
    assert summary["seconds"] > 0
    assert summary["versions"]["cablenorm"] == normalizer.__version__
    assert {"gazetteer", "tagger", "python", "spacy"} <= summary["versions"].keys()


def test_run_index_has_entities_and_mentions_in_tables(run):
    done = run(SAMPLES)
    with closing(sqlite3.connect(done.out / "index.sqlite")) as db:
        facets = db.execute("SELECT type, id, documents, mentions FROM entities").fetchall()
        (mentions,) = db.execute("SELECT count(*) FROM mentions").fetchone()
    wanted: dict[tuple[str, str], list[int]] = {}
    for record in done.records:
        for kind, rows in record["entities"].items():
            for row in rows:
                counts = wanted.setdefault((kind, row["id"]), [0, 0])
                counts[0] += 1
                counts[1] += row["count"]
    assert {(kind, own): [docs, count] for kind, own, docs, count in facets} == wanted
    assert mentions == sum(len(r["mentions"]) for r in done.records)


# --- inputs


def test_run_over_every_kind_of_input(run, scans):
    (scans / "a.txt").write_text(TEXT)
    (scans / "b.MD").write_text(f"# Title\n\n{TEXT}")
    (scans / "sub" / "deep").mkdir(parents=True)
    (scans / "sub" / "deep" / "c.txt").write_text(TEXT)
    write_jsonl(scans / "d.jsonl", [{"id": "d1", "text": TEXT, "date": "1962-11", "box": 7}, {"text": TEXT}])
    (scans / "e.jsonl.gz").write_bytes(gzip.compress(json.dumps({"id": "e1", "text": TEXT}).encode()))
    (scans / "picture.png").write_bytes(PNG)
    done = run(scans)
    assert done.code == 0
    assert list(done.texts) == ["a", "b", "d1", "d:2", "e1", "sub/deep/c"]
    assert done.summary["skipped_files"] == 1
    assert "1 file" in done.stderr
    d1 = done.records[2]
    assert (d1["date"], d1["metadata"]) == ("1962-11", {"box": 7})


def test_run_over_several_inputs_in_their_order(run, scans, tmp_path):
    (scans / "a.txt").write_text(TEXT)
    (scans / "b.txt").write_text(TEXT)
    other = write_jsonl(tmp_path / "other.jsonl", some(2))
    assert list(run(other, scans / "b.txt", scans).texts) == ["d0000", "d0001", "b", "a", "b#2"]


def test_run_key_names_can_be_set(run, tmp_path):
    path = write_jsonl(tmp_path / "a.jsonl", [{"no": "x", "body": TEXT, "sent": "1962", "box": "7", "id": "mine"}])
    done = run(path, "--id-key", "no", "--text-key", "body", "--date-key", "sent", "--source-key", "box")
    (record,) = done.records
    assert (record["id"], record["text"], record["date"], record["source"]) == ("x", TEXT, "1962", "7")
    assert record["metadata"] == {"id": "mine"}


def test_run_leaves_its_output_in_an_input_folder_out(run, scans):
    (scans / "a.txt").write_text(TEXT)
    assert run(scans, out="scans/out").code == 0
    done = run(scans, "--overwrite", out="scans/out")
    assert (done.code, list(done.texts)) == (0, ["a"])


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252", "utf-16-le with its mark"], ids=str
)
def test_run_reads_encodings(run, scans, encoding):
    text = "Señor Núñez spoke in Havana of the café"
    data = b"\xff\xfe" + text.encode("utf-16-le") if " " in encoding else text.encode(encoding)
    (scans / "a.txt").write_bytes(data)
    done = run(scans)
    assert (done.code, done.texts) == (0, {"a": text})


def test_run_with_a_named_encoding(run, scans):
    (scans / "a.txt").write_bytes("Хрущёв".encode("koi8-r"))
    assert run(scans, "--encoding", "koi8-r").texts == {"a": "Хрущёв"}


def test_run_with_an_encoding_that_there_is_not(run, scans):
    (scans / "a.txt").write_text(TEXT)
    done = run(scans, "--encoding", "no-such")
    assert done.code == 2
    assert "no-such" in done.stderr


# --- the same bytes


@pytest.fixture(scope="module")
def many(tmp_path_factory) -> Path:
    """Enough documents for several workers, some of which fail, in one file."""
    path = tmp_path_factory.mktemp("many") / "many.jsonl"
    write_jsonl(path, some(300))
    lines = path.read_text("utf-8").splitlines()
    lines.insert(100, "{no JSON")
    lines.insert(150, json.dumps({"id": "d0007", "text": "twice in Havana"}))
    path.write_text("\n".join(lines), "utf-8")
    return path


@pytest.fixture(scope="module")
def alone(many, tmp_path_factory, _own_cache) -> Done:
    """The run of one process that others are held against."""
    out = tmp_path_factory.mktemp("alone") / "out"
    done = start("run", many, "--out", out)
    return Done(done.returncode, done.stdout, done.stderr, out)


@pytest.mark.parametrize("jobs", [2, 3])
def test_run_gives_the_same_bytes_for_any_number_of_jobs(alone, many, tmp_path, jobs):
    out = tmp_path / "out"
    done = start("run", many, "--out", out, "--jobs", jobs)
    assert done.returncode == alone.code == 3
    assert done.stderr == alone.stderr.replace(str(alone.out), str(out))
    assert (out / "documents.jsonl").read_bytes() == (alone.out / "documents.jsonl").read_bytes()
    assert (out / "index.sqlite").read_bytes() == (alone.out / "index.sqlite").read_bytes()
    summaries = [json.loads((folder / "summary.json").read_bytes()) for folder in (out, alone.out)]
    for summary in summaries:
        assert summary.pop("seconds") > 0
    assert summaries[0] == summaries[1]


def test_run_keeps_the_order_of_the_input(alone):
    ids = [record["id"] for record in alone.records]
    assert [i for i in ids if i != "d0007#2"] == [f"d{n:04}" for n in range(300)]
    assert alone.indexed() == ids


def test_run_gives_the_same_bytes_for_any_packing(run, tmp_path):
    records = [{"id": f"p{n:02}", "text": f"{n} {TEXT}"} for n in range(30)]
    write_jsonl(tmp_path / "one" / "all.jsonl", records)
    for n, record in enumerate(records):
        write_jsonl(tmp_path / "each" / f"{n:02}.jsonl", [record])
    for n in range(0, 30, 7):
        write_jsonl(tmp_path / "some" / "deep" / f"{n:02}.jsonl", records[n : n + 7])
    (tmp_path / "text").mkdir()
    for record in records:
        (tmp_path / "text" / f"{record['id']}.txt").write_text(record["text"], "utf-8", newline="")
    made = [run(tmp_path / name, out=f"out-{name}").out for name in ("one", "each", "some", "text")]
    for name in ("documents.jsonl", "index.sqlite"):
        assert len({(out / name).read_bytes() for out in made}) == 1


def test_run_twice_gives_the_same_bytes(run):
    first, second = run(SAMPLES, out="first").out, run(SAMPLES, out="second").out
    for name in ("documents.jsonl", "index.sqlite"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


# --- wrong use


def refused(done: Done, *words: object) -> None:
    """The run was refused with a line that has the words, and nothing was written."""
    assert done.code == 2
    assert len(done.stderr.strip().splitlines()) == 1
    for word in words:
        assert str(word) in done.stderr
    assert not done.out.exists()


def test_run_over_a_missing_path(run, scans, tmp_path):
    (scans / "a.txt").write_text(TEXT)
    refused(run(scans, tmp_path / "nowhere"), tmp_path / "nowhere")


def test_run_over_a_dangling_link(run, tmp_path):
    (tmp_path / "x.txt").symlink_to(tmp_path / "nowhere")
    refused(run(tmp_path / "x.txt"), "x.txt")


def test_run_over_a_folder_without_documents(run, scans):
    refused(run(scans), scans)
    (scans / "picture.png").write_bytes(PNG)
    (scans / "x.txt").mkdir()
    refused(run(scans), scans, ".txt")


def test_run_over_a_file_without_a_reader(run, scans):
    (scans / "a.pdf").write_bytes(b"%PDF-1.4")
    refused(run(scans / "a.pdf"), "a.pdf", ".jsonl.gz")


def test_run_with_an_existing_folder_needs_overwrite(run):
    first = run(SAMPLES)
    before = {p.name: p.read_bytes() for p in first.out.iterdir()}
    done = run(SAMPLES / "1962-11-16-letter.txt")
    assert done.code == 2
    assert str(done.out) in done.stderr
    assert "--overwrite" in done.stderr
    assert {p.name: p.read_bytes() for p in first.out.iterdir()} == before


def test_run_overwrite_replaces_its_files_and_no_others(run, scans):
    (scans / "bad.txt").write_bytes(PNG)
    (scans / "a.txt").write_text(TEXT)
    first = run(scans)
    assert first.code == 3
    (first.out / "notes.txt").write_text("mine")
    (first.out / "sub").mkdir()
    (first.out / "sub" / "documents.jsonl").write_text("mine")
    (first.out / "index.sqlite-journal").write_bytes(b"left by a crash")
    (scans / "bad.txt").unlink()
    done = run(scans, "--overwrite")
    assert done.code == 0
    assert list(done.texts) == ["a"]
    assert done.indexed() == ["a"]
    assert sorted(p.name for p in done.out.iterdir()) == sorted([*OUTPUTS, "notes.txt", "sub"])
    assert (done.out / "notes.txt").read_text() == (done.out / "sub" / "documents.jsonl").read_text() == "mine"


def test_run_overwrite_of_a_file(run, scans, tmp_path):
    (scans / "a.txt").write_text(TEXT)
    (tmp_path / "out").write_text("mine")
    assert run(scans, "--overwrite").code == 2
    assert (tmp_path / "out").read_text() == "mine"


@pytest.mark.parametrize("fault", ["missing input", "faulty gazetteer", "missing gazetteer", "missing tagger"])
def test_run_overwrite_keeps_the_old_output_when_it_is_refused(run, tmp_path, fault):
    before = {p.name: p.read_bytes() for p in run(SAMPLES).out.iterdir()}
    (tmp_path / "bad.yaml").write_text("schema: 1\ntype: ship\nentries: 7\n")
    args: dict[str, list[object]] = {
        "missing input": [tmp_path / "nowhere"],
        "faulty gazetteer": [SAMPLES, *ONLY_SMALL, "--gazetteer", tmp_path / "bad.yaml"],
        "missing gazetteer": [SAMPLES, "--gazetteer", tmp_path / "nowhere.yaml"],
        "missing tagger": [SAMPLES, "--tagger", "no_such_model"],
    }
    done = run(*args[fault], "--overwrite")
    assert done.code in (1, 2)
    assert {p.name: p.read_bytes() for p in done.out.iterdir()} == before


@pytest.mark.parametrize("inside", ["", "sub", "sub/a.txt", "a.jsonl"])
def test_run_refuses_an_input_in_the_output_folder(run, tmp_path, inside):
    (tmp_path / "out" / "sub").mkdir(parents=True)
    (tmp_path / "out" / "sub" / "a.txt").write_text(TEXT)
    write_jsonl(tmp_path / "out" / "a.jsonl", some(1))
    done = run(tmp_path / "out" / inside, "--overwrite")
    assert done.code == 2
    assert "output folder" in done.stderr
    assert sorted(p.name for p in (tmp_path / "out").rglob("*")) == ["a.jsonl", "a.txt", "sub"]


def test_run_refuses_an_input_that_links_into_the_output_folder(run, tmp_path):
    (tmp_path / "out").mkdir()
    write_jsonl(tmp_path / "out" / "documents.jsonl", some(1))
    (tmp_path / "link").symlink_to(tmp_path / "out")
    before = (tmp_path / "out" / "documents.jsonl").read_bytes()
    assert run(tmp_path / "link", "--overwrite").code == 2
    assert (tmp_path / "out" / "documents.jsonl").read_bytes() == before


@PROC
def test_run_into_a_folder_that_cannot_be_made(run, tmp_path):
    done = start("run", SAMPLES, "--out", "/proc/nowhere/out")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "/proc/nowhere/out" in done.stderr


def test_run_with_a_faulty_gazetteer_writes_nothing(run, tmp_path):
    bad, worse = tmp_path / "bad.yaml", tmp_path / "worse.yaml"
    bad.write_text("schema: 1\ntype: ship\nentries:\n  - id: a\n    nmae: A\n  - id: B b\n    name: B\n")
    worse.write_text("schema: 1\ntype: ship\nentries:\n  - {id: c}\n  - [no, entry]\n")
    done = run(SAMPLES, *ONLY_SMALL, "--gazetteer", bad, "--gazetteer", worse)
    assert done.code == 1
    for place in (f"{bad}:5:", f"{bad}:6:", f"{worse}:4:", f"{worse}:5:"):
        assert any(line.startswith(place) for line in done.stderr.splitlines()), place
    assert not done.out.exists()


# --- bad documents are counted, the rest goes on


def test_run_over_an_empty_file(run, scans):
    (scans / "empty.txt").write_bytes(b"")
    (scans / "a.txt").write_text(TEXT)
    (scans / "none.jsonl").write_bytes(b"")
    done = run(scans)
    assert done.code == 0
    assert done.texts == {"a": TEXT, "empty": ""}
    assert [n["source"] for n in done.summary["notices"]] == ["empty.txt", "none.jsonl"]
    assert "empty.txt" in done.stderr


BAD_FILES: dict[str, Callable[[Path], object]] = {
    "binary data": lambda path: path.write_bytes(PNG),
    "damaged UTF-8": lambda path: path.write_bytes("Núñez, Jiménez, Müller".encode()[:-4] + b"\xc3ller"),
    "a dangling link": lambda path: path.symlink_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path.name),
}


@pytest.mark.parametrize("make", BAD_FILES.values(), ids=BAD_FILES)
def test_run_counts_a_file_that_cannot_be_read(run, scans, make):
    (scans / "a.txt").write_text(TEXT)
    make(scans / "m.txt")
    (scans / "z.txt").write_text(TEXT)
    done = run(scans)
    assert done.code == 3
    assert list(done.texts) == ["a", "z"]
    assert [f["source"] for f in done.failures] == ["m.txt"]
    assert done.failures[0]["reason"]
    assert "failed: m.txt: " in done.stderr


@PROC
def test_run_counts_a_file_that_fails_while_it_is_read(run, scans):
    BAD_FILES["memory"] = lambda path: path.symlink_to("/proc/self/mem")
    test_run_counts_a_file_that_cannot_be_read(run, scans, BAD_FILES.pop("memory"))


@POSIX
def test_run_does_not_wait_for_a_pipe_in_a_folder(scans, tmp_path):
    (scans / "a.txt").write_text(TEXT)
    os.mkfifo(scans / "m.txt")
    done = start("run", scans, "--out", tmp_path / "out", timeout=10)
    assert done.returncode == 3
    assert "m.txt" in done.stderr


def test_run_enters_a_folder_that_is_named_like_a_file(run, scans):
    (scans / "x.txt").mkdir()
    (scans / "x.txt" / "a.txt").write_text(TEXT)
    assert list(run(scans).texts) == ["x.txt/a"]
    assert list(run(scans / "x.txt", out="other").texts) == ["a"]


def test_run_loses_no_folder_that_cannot_be_listed(run, scans, monkeypatch):
    (scans / "a.txt").write_text(TEXT)
    (scans / "closed").mkdir()
    (scans / "closed" / "b.txt").write_text(TEXT)
    scandir = os.scandir

    def closed(path: Any) -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    done = run(scans)
    assert done.code == 3
    assert list(done.texts) == ["a"]
    assert "closed" in done.failures[0]["source"]
    assert "closed" in done.stderr


def test_run_loses_no_folder_behind_a_link(run, scans, tmp_path):
    (scans / "a.txt").write_text(TEXT)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "b.txt").write_text(TEXT)
    (scans / "link").symlink_to(tmp_path / "elsewhere")
    done = run(scans)
    read = list(done.texts) == ["a", "link/b"]
    told = "link" in done.stderr
    assert read or told


def test_run_counts_broken_lines_with_their_numbers(run, tmp_path):
    lines = [
        json.dumps({"id": "good1", "text": TEXT}),
        '{"id": "cut", "text": "Cu',
        '["a", "list"]',
        '{"id": "nan", "text": "Cuba", "n": NaN}',
        json.dumps({"id": "good2", "text": TEXT}),
        '{"id": "half", "text": "\\ud800"}',
        '{"id": "none"}',
        '{"id": "number", "text": 7}',
        "",
        json.dumps({"id": "good3", "text": TEXT}),
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    done = run(path)
    assert done.code == 3
    assert list(done.texts) == ["good1", "good2", "good3"]
    assert [(f["source"], f["line"]) for f in done.failures] == [("a.jsonl", n) for n in (2, 3, 4, 6, 7, 8)]
    for number in (2, 3, 4, 6, 7, 8):
        assert f"failed: a.jsonl:{number}: " in done.stderr


def test_run_writes_valid_json_whatever_numbers_come_in(run, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "a", "text": "Cuba", "n": 1e999}\n{"id": "b", "text": "Cuba", "n": 1e-999}\n', "utf-8")
    done = run(path)
    assert "b" in done.texts
    assert len(done.records) + done.summary["failed"] == 2


@pytest.mark.parametrize("key", ["id", "source", "n"])
def test_run_counts_half_surrogates_outside_the_text(run, tmp_path, key):
    record = {"id": "a", "text": "Cuba", key: "\ud800"}
    path = write_jsonl(tmp_path / "a.jsonl", [some(1)[0], record, some(2)[1]])
    done = run(path)
    assert done.code == 3
    assert list(done.texts) == ["d0000", "d0001"]
    assert [(f["source"], f["line"]) for f in done.failures] == [("a.jsonl", 2)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_run_counts_records_that_are_nested_too_deep(tmp_path, jobs):
    path = tmp_path / "a.jsonl"
    depths = (10, *range(900, 1000, 3), 5000, 100_000)
    lines = [f'{{"id": "{depth}", "text": "Cuba", "n": {"[" * depth}{"]" * depth}}}' for depth in depths]
    path.write_text("\n".join(lines), "utf-8")
    done = start("run", path, "--out", tmp_path / "out", "--jobs", jobs)
    assert "Traceback" not in done.stderr
    assert done.returncode == 3
    summary = json.loads((tmp_path / "out" / "summary.json").read_bytes())
    assert summary["documents"] + summary["failed"] == len(depths)
    assert summary["documents"] > 0


def test_run_keeps_both_of_two_documents_with_one_id(run, tmp_path):
    records = [{"id": own, "text": f"{n} in Havana"} for n, own in enumerate(["a", "a#2", "a", "b", "a"])]
    done = run(write_jsonl(tmp_path / "a.jsonl", records))
    assert done.code == 0
    assert list(done.texts) == ["a", "a#2", "a#3", "b", "a#4"]
    assert done.indexed() == ["a", "a#2", "a#3", "b", "a#4"]
    assert done.summary["noticed"] == len(done.summary["notices"]) == 2
    assert all("'a'" in n["reason"] for n in done.summary["notices"])
    assert done.stderr.count("notice: a.jsonl") == 2


def test_run_names_the_second_of_two_documents(run, tmp_path):
    done = run(write_jsonl(tmp_path / "a.jsonl", [{"id": "a", "text": "one"}, {"id": "a", "text": "two"}]))
    assert done.texts == {"a": "one", "a#2": "two"}


def test_run_reads_a_truncated_gzip_as_far_as_it_goes(run, tmp_path):
    data = gzip.compress("".join(json.dumps(record) + "\n" for record in some(200)).encode())
    (tmp_path / "a.jsonl.gz").write_bytes(data[: len(data) - 20])
    done = run(tmp_path / "a.jsonl.gz")
    assert done.code == 3
    assert "a.jsonl.gz" in done.stderr
    ids = list(done.texts)
    assert ids == [f"d{n:04}" for n in range(len(ids))]
    assert ids


def test_run_over_a_gzip_that_is_none(run, tmp_path):
    (tmp_path / "a.jsonl.gz").write_text(json.dumps({"id": "a", "text": TEXT}))
    done = run(tmp_path / "a.jsonl.gz")
    assert done.code == 3
    assert "a.jsonl.gz" in done.failures[0]["source"]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file names are text there")
def test_run_counts_or_reads_a_file_whose_name_is_no_text(scans, tmp_path):
    (scans / "a.txt").write_text(TEXT)
    Path(os.fsdecode(os.fsencode(scans) + b"/caf\xe9.txt")).write_text(TEXT)
    done = start("run", scans, "--out", tmp_path / "out")
    assert "Traceback" not in done.stderr
    assert "caf" in done.stderr or done.returncode == 0
    assert "UnicodeEncodeError" not in done.stderr
    summary = json.loads((tmp_path / "out" / "summary.json").read_bytes())
    assert summary["documents"] + summary["failed"] == 2


def test_run_goes_on_after_a_document_that_makes_the_pipeline_raise(run, tmp_path, monkeypatch):
    process = Pipeline.process

    def raising(self: Pipeline, doc: Document) -> Any:
        if doc.id == "d0003":
            raise ZeroDivisionError("made up")
        return process(self, doc)

    monkeypatch.setattr(Pipeline, "process", raising)
    done = run(write_jsonl(tmp_path / "a.jsonl", some(6)))
    assert done.code == 3
    assert list(done.texts) == ["d0000", "d0001", "d0002", "d0004", "d0005"]
    (failure,) = done.failures
    assert failure["id"] == "d0003"
    assert "made up" in failure["reason"]
    assert "d0003" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_run_counts_a_document_that_kills_its_worker(tmp_path):
    """A spaCy pipeline as an installed package, which takes its process down on a certain word."""
    site = tmp_path / "site"
    (site / "deadly").mkdir(parents=True)
    (site / "deadly-1.0.dist-info").mkdir()
    (site / "deadly-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: deadly\nVersion: 1.0\n")
    (site / "deadly" / "__init__.py").write_text(
        "import os\nimport spacy\nfrom spacy.language import Language\n\n"
        "@Language.component('deadly')\ndef deadly(doc):\n"
        "    if 'lethal' in doc.text:\n        os._exit(9)\n    return doc\n\n"
        "def load(**overrides):\n    nlp = spacy.blank('en')\n    nlp.add_pipe('deadly')\n    return nlp\n"
    )
    records = some(5)
    records[2]["text"] = "a lethal word"
    path = write_jsonl(tmp_path / "a.jsonl", records)
    args = ("run", path, "--out", tmp_path / "out", "--jobs", 2, "--tagger", "deadly")
    done = start(*args, env={**os.environ, "PYTHONPATH": os.pathsep.join([str(site), *sys.path[:1]])})
    made = Done(done.returncode, done.stdout, done.stderr, tmp_path / "out")
    assert made.code == 3
    assert list(made.texts) == ["d0000", "d0001", "d0003", "d0004"]
    assert [f["id"] for f in made.failures] == ["d0002"]
    assert "died" in made.stderr
    assert "Traceback" not in made.stderr


def test_run_lists_ten_failures_and_counts_the_rest(run, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("{no JSON\n" * 1500, "utf-8")
    done = run(path)
    assert done.code == 3
    assert done.stderr.count("failed: a.jsonl:") == 10
    assert "1,490 more" in done.stderr
    assert done.summary["failed"] == 1500
    assert len((done.out / "failures.jsonl").read_text().splitlines()) == 1500


@pytest.mark.parametrize("content", [b"x" * 20_000_000], ids=["20 MB"])
def test_run_over_a_single_long_line(run, scans, content):
    (scans / "a.txt").write_bytes(content[:-16] + b" left in Havana ")
    done = run(scans)
    assert done.code == 0
    (record,) = done.records
    assert len(record["text"]) == len(content)
    (mention,) = record["mentions"]
    assert record["text"][mention["start"] : mention["end"]] == mention["text"] == "Havana"


@pytest.mark.slow
def test_run_over_a_single_line_of_200_megabytes(scans, tmp_path):
    with (scans / "a.txt").open("wb") as f:
        for _ in range(200):
            f.write(b"x" * 1_000_000)
    (scans / "b.txt").write_text(TEXT)
    done = start("run", scans, "--out", tmp_path / "out", timeout=600)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "documents.jsonl").read_bytes().count(b"\n") == 2


# --- the progress bar


def test_run_has_no_progress_bar_in_a_pipe(alone):
    assert "%|" not in alone.stderr
    assert "\r" not in alone.stderr


@POSIX
@pytest.mark.parametrize("jobs", [1, 2])
def test_run_has_a_progress_bar_on_a_terminal(many, tmp_path, jobs):
    import pty
    import termios

    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    argv = [sys.executable, "-m", "normalizer", "run", many, "--out", tmp_path / "out", "--jobs", str(jobs)]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=theirs, stdin=subprocess.DEVNULL)
    os.close(theirs)
    seen = b""
    with contextlib.suppress(OSError):
        while part := os.read(ours, 65536):
            seen += part
    os.close(ours)
    assert process.stdout is not None
    stdout = process.stdout.read()
    process.stdout.close()
    assert process.wait(60) == 3
    assert b"100%|" in seen
    assert b" documents" in seen
    assert b"%|" not in stdout


# --- cut short


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
