"""Two readings of a page: their files, and the words that stand for each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from common import ONLY_SMALL
from hypothesis import given
from hypothesis import strategies as st
from learning import refused, write

from normalizer.errors import ConfigError
from normalizer.learn.readings import Readings, read_pairs, word_pairs


@pytest.mark.parametrize(
    ("worse", "better", "pairs"),
    [
        ("in Guba today", "in Cuba today", [("in", "in"), ("Guba", "Cuba"), ("today", "today")]),
        ("in Guba Noscow today", "in Cuba Moscow today", [("in", "in"), ("Guba", "Cuba"), ("Noscow", "Moscow"),
                                                          ("today", "today")]),
        ("in xyzzy today", "in Cuba today", [("in", "in"), ("today", "today")]),
        ("in today", "in Cuba today", [("in", "in"), ("today", "today")]),
        ("", "Cuba", []),
        ("", "", []),
    ],
)  # fmt: skip
def test_word_pairs(worse: str, better: str, pairs: list[tuple[str, str]]) -> None:
    assert list(word_pairs(worse, better)) == pairs


@pytest.mark.parametrize(("worse", "better"), [("HAV ANA", "HAVANA"), ("toCuba", "to Cuba"), ("H AV ANA", "HAVANA")])
def test_words_of_different_number_are_compared_run_together(worse: str, better: str) -> None:
    run = better.replace(" ", "")
    pairs = list(word_pairs(f"in {worse} today", f"in {better} today"))
    assert pairs == [("in", "in"), (run, run), ("today", "today")]


@given(st.text())
def test_word_pairs_of_one_reading_are_its_words(text: str) -> None:
    assert list(word_pairs(text, text)) == [(word, word) for word in text.split()]


def test_pairs_are_read(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "ocr": "Guba", "clean": "Cuba"},
        {"id": "b", "text": "Guba", "clean": "Cuba"},
        {"ocr": "Guba", "clean": "Cuba"},
        {"id": "d", "clean": "Cuba"},
        {"id": "e", "ocr": "Guba"},
        {"id": "f", "ocr": "", "clean": "Cuba"},
    ]
    plain, zipped = write(tmp_path / "a.jsonl", rows), write(tmp_path / "b.jsonl.gz", rows)
    both = [Readings(name, "Guba", "Cuba") for name in ("a", "b", "3")]
    assert list(read_pairs([plain, zipped])) == both * 2
    assert [pair.id for pair in read_pairs([plain], both=False)] == ["a", "b", "3", "d", "f"]
    assert list(read_pairs([])) == []


def test_empty_lines_a_byte_order_mark_and_null_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "p.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"id": "a", "ocr": "Guba", "clean": "Cuba"}\r\n\n{"ocr": null, "clean": "Cuba"}\n')
    assert list(read_pairs([file])) == [Readings("a", "Guba", "Cuba")]


GOOD = b'{"id": "a", "clean": "Cuba", "ocr": "Guba"}\n'
NO_OBJECT = "is no JSON object with two readings, both texts"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (b"{", NO_OBJECT),
        (b"[1]", NO_OBJECT),
        (b"5", NO_OBJECT),
        (b'"text"', NO_OBJECT),
        (b"[" * 100_000, NO_OBJECT),
        (b'{"clean": 5, "ocr": "Guba"}', NO_OBJECT),
        (b'{"clean": "Cuba", "ocr": ["Guba"]}', NO_OBJECT),
        (b'{"clean": "Cuba", "ocr": "\\ud800"}', NO_OBJECT),
        (b'{"clean": "Cuba \xff", "ocr": "Guba"}', "is no UTF-8: invalid start byte; save the file as UTF-8"),
    ],
)
@pytest.mark.parametrize("kind", ["confusions", "words", "score"])
def test_a_line_that_is_no_pair(tmp_path: Path, kind: str, line: bytes, wanted: str) -> None:
    file = tmp_path / "p.jsonl"
    file.write_bytes(GOOD + line)
    assert f"{file}:2 {wanted}" in refused(kind, file, *out(tmp_path, kind))
    assert [f.name for f in tmp_path.iterdir()] == ["p.jsonl"]


def out(folder: Path, kind: str) -> list[object]:
    return ["--out", folder if kind == "words" else folder / "made", *(ONLY_SMALL if kind != "confusions" else ())]


@pytest.mark.parametrize("kind", ["confusions", "words", "score"])
def test_pairs_that_are_missing_or_none(tmp_path: Path, kind: str) -> None:
    absent, empty, one = tmp_path / "none.jsonl", write(tmp_path / "a.jsonl", []), write(tmp_path / "b.jsonl", [{}])
    assert f"{absent} cannot be read: No such file" in refused(kind, absent, *out(tmp_path, kind))
    assert f"no line of {empty}, {one} has `clean`" in refused(kind, empty, one, *out(tmp_path, kind))


def test_readings_of_one_kind_are_no_pairs(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="has `clean` and `ocr` or `text`"):
        list(read_pairs([write(tmp_path / "p.jsonl", [{"clean": "Cuba"}, {"ocr": "Guba"}])]))


def test_a_gz_file_that_is_cut_short_damaged_or_none(tmp_path: Path) -> None:
    file = write(tmp_path / "p.jsonl.gz", [{"clean": f"Cuba {n}", "ocr": "Guba"} for n in range(500)])
    whole = file.read_bytes()
    for content, wanted in (
        (whole[:-4], ":501 is cut short or damaged"),
        (whole[:30], ":1 is cut short or damaged"),
        (whole[:200] + b"\0" * 200 + whole[400:], " is cut short or damaged"),
        (b"no gzip", ":1 is no gzip: Not a gzipped file (b'no'); rename or compress it"),
    ):
        file.write_bytes(content)
        line = refused("confusions", file, "--out", tmp_path / "made")
        assert str(file) in line
        assert wanted in line
