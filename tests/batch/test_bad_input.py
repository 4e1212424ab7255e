"""`cablenorm run` on wrong use, and on bad documents: nothing is lost."""

from __future__ import annotations

import errno
import gzip
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from common import ONLY_SMALL
from running import OUTPUTS, PNG, POSIX, PROC, SAMPLES, TEXT, Done, some, start, write_jsonl

from normalizer.model import Document
from normalizer.pipeline import Pipeline

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
