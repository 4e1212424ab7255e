"""`cablenorm run`: what it reads and writes, and the same bytes every time."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from running import KEYS, OUTPUTS, PNG, POSIX, SAMPLES, TEXT, some, start, write_jsonl

import normalizer

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
