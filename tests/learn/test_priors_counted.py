"""Counts of the names of a run, and the file of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from common import ONLY_SMALL
from learning import learn, refused, write

from normalizer.cli import main
from normalizer.errors import ConfigError
from normalizer.learn.priors import count_names
from normalizer.repair import read_priors

MENTION = {"decision": "linked", "method": "exact"}


def test_names_of_a_run_are_counted(tmp_path: Path) -> None:
    mentions = [
        {"text": "Adlai Stevenson", **MENTION},
        {"text": "STEVENSON", "decision": "ambiguous", "method": "alias"},
        {"text": "Cuba", "decision": "linked", "method": "context"},
        {"text": "Guba", "decision": "linked", "method": "repair"},  # not whole
        {"text": "Sumner", "decision": "linked", "method": "misreading"},
        {"text": "Taylor", "decision": "unknown", "method": "exact"},
    ]
    folder = tmp_path / "out"
    folder.mkdir()
    write(folder / "documents.jsonl", [{"text": "one two three", "mentions": mentions}, {"text": "", "mentions": []}])
    expected = (3, {"adlaistevenson": 1, "stevenson": 2, "cuba": 1})
    assert count_names(folder) == expected
    assert count_names(folder / "documents.jsonl") == expected


def cablenorm(*args: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in args])


def test_learn_priors_of_a_run(tmp_path: Path) -> None:
    scan, out, priors = tmp_path / "scan.txt", tmp_path / "out", tmp_path / "priors.yaml"
    scan.write_text("Kuznetsov wrote to Havana. Kuznetsov left Guba.\n", "utf-8")
    assert cablenorm("run", scan, "--out", out, *ONLY_SMALL).exit_code == 0
    result = learn("priors", out, "--out", priors)
    assert (result.exit_code, result.stdout) == (0, "2 names in 7 words\n")
    assert read_priors(priors) == pytest.approx({"kuznetsov": 2e6 / 7, "havana": 1e6 / 7})
    again = cablenorm("run", scan, "--out", tmp_path / "again", "--priors", priors, *ONLY_SMALL)
    assert again.exit_code == 0
    assert cablenorm("text", scan, "--priors", priors, *ONLY_SMALL).exit_code == 0


@pytest.mark.parametrize(
    "line", [b"{", b"[1]", b'{"text": "a"}', b'{"text": "a", "mentions": [{}]}', b'{"text": 5, "mentions": []}',
             b'{"text": "\xff", "mentions": []}', b"[" * 100_000]
)  # fmt: skip
def test_a_line_that_is_no_record(tmp_path: Path, line: bytes) -> None:
    file = tmp_path / "documents.jsonl"
    file.write_bytes(b'{"text": "a", "mentions": []}\n' + line)
    told = refused("priors", tmp_path, "--out", tmp_path / "made")
    assert f"{file}:2 is no record of cablenorm run" in told
    assert len(told) < len(str(tmp_path)) + 250
    assert not (tmp_path / "made").exists()


def test_a_run_that_is_missing_or_empty(tmp_path: Path) -> None:
    assert f"{tmp_path / 'none'} cannot be read: No such file" in refused(
        "priors", tmp_path / "none", "--out", tmp_path / "made"
    )
    assert "documents.jsonl cannot be read" in refused("priors", tmp_path, "--out", tmp_path / "made")
    for rows in ([], [{"text": " ", "mentions": []}]):
        file = write(tmp_path / "documents.jsonl", rows)
        assert f"{file} has no words" in refused("priors", tmp_path, "--out", tmp_path / "made")


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("schema: 1\nwords: 0\nnames: {}", ":2: `words: 0` is no count"),
        ("schema: 1\nwords: -5\nnames: {}", ":2: `words: -5` is no count"),
        ("schema: 1\nwords: true\nnames: {}", ":2: `words: True` is no count"),
        ("schema: 1\nwords: .inf\nnames: {}", ":2: `words: inf` is no count"),
        ("schema: 1\nwords: 9\nnames:\n  a: 1\n  b: .inf", ":5: `'b': inf` is no name with a count"),
        ("schema: 1\nwords: 9\nnames:\n  a: 1\n  b: -.inf", ":5: `'b': -inf` is"),
        ("schema: 1\nwords: 9\nnames:\n  a: 1\n  b: .nan", ":5: `'b': nan` is"),
        ("schema: 1\nwords: 9\nnames:\n  a: 1\n  b: -1", ":5: `'b': -1` is"),
        ("schema: 1\nwords: 9\nnames:\n  a: 1\n  b: true", ":5: `'b': True` is"),
        ("schema: 1\nwords: 9\nnames:\n  a: 1\n  b: '1'", ":5: `'b': '1'` is"),
        ("schema: 1\nwords: 9\nnames:\n  a: 1\n  1: 1", ":5: `1: 1` is"),
        (f"schema: 1\nwords: 1\nnames: {{a: 1{'0' * 400}}}", ":3: `'a': 1000"),
        ("schema: 1\nwords: 9\nnames:\n  a: 1\n b: [", " is no YAML at line 5: "),
    ],
)
def test_counts_that_are_none(tmp_path: Path, content: str, wanted: str) -> None:
    file = tmp_path / "priors.yaml"
    file.write_text(content, "utf-8")
    with pytest.raises(ConfigError) as caught:
        read_priors(file)
    assert f"{file}{wanted}" in str(caught.value)
    assert "\n" not in str(caught.value)
