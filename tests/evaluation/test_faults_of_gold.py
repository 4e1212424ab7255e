"""Faults of gold and runs, by file and line."""

from __future__ import annotations

from typing import Any

import pytest
from pages import (
    GOLD,
    KNOWN,
    PAGE,
    RUN,
    write,
)

from normalizer.errors import ConfigError
from normalizer.evaluation.records import read_records


def without(record: dict[str, Any], name: str) -> dict[str, Any]:
    return {k: v for k, v in record.items() if k != name}


def gold_with(**rest: Any) -> dict[str, Any]:
    """Gold with one mention that has more or other keys."""
    return {"id": "k", "mentions": [{"start": 0, "end": 9, "label": "PERSON", "name": "Kuznetsov, Vasily", **rest}]}


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (['{"id": "k", "mentions": ['], "g:1: no valid JSON"),
        (["[1]"], "g:1: no object"),
        ([GOLD, {"mentions": []}], "g:2: the record lacks the key 'id'"),
        ([GOLD, {"id": "l"}], "g:2: the record lacks the key 'mentions'"),
        ([GOLD, "", GOLD], "g:3: document 'k' stands at"),
        ([without(GOLD, "mentions")], "g:1: the record lacks the key 'mentions'"),
        ([{"id": "k", "mentions": [1]}], "g:1: 'mentions' is no list of objects"),
        ([{"id": "k", "mentions": [{"end": 9, "label": "PERSON"}]}], "a mention lacks the key 'start'"),
        ([gold_with(end="9")], "a mention has no whole number under 'end'"),
        ([gold_with(start=5, end=3)], "runs from 5 to 3"),
        ([gold_with(end=0)], "is empty"),
        ([gold_with(label=None)], "the mention 0-9 lacks the key 'label'"),
        ([gold_with(name=None)], "lacks the keys 'entity' and 'name'"),
        ([gold_with(kind="dirty")], "none of clean, garbled, lost"),
        ([gold_with(twins="100")], "'twins' of the mention 0-9 is no list"),
        ([gold_with(surface=5)], "has no text under 'surface'"),
        ([gold_with(surface="Kuznetso")], "g:1: the mention 0-9 reads 'Kuznetsov', its surface is 'Kuznetso'"),
        ([gold_with(end=900)], "g:1: the mention 0-900 lies outside the text of 70 code points"),
        ([{**gold_with(end=900), "text": KNOWN}], "g:1: the mention 0-900 lies outside"),
        ([{**gold_with(), "text": KNOWN + "!"}], "g:1: the text of 'k' is not the run's from 70 on"),
        ([gold_with(name=None, entity="nobody")], "no id of the gazetteer and no number in its links"),
        (
            [{"id": "k", "mentions": [*gold_with()["mentions"], *gold_with(start=5, end=12)["mentions"]]}],
            "g:1: mentions 0-9 and 5-12 overlap",
        ),
        ([{"id": "other", "mentions": []}], "no output for document 'other' of the gold"),
        ([], "has no record"),
    ],
)
def test_faults_of_gold_are_named_by_file_and_line(evaluate, tmp_path, lines, says):
    result = evaluate(write(tmp_path / "r", RUN), write(tmp_path / "g", *lines))
    assert result.exit_code == 2
    assert says in result.stderr
    assert str(tmp_path) in result.stderr


def changed(**rest: Any) -> dict[str, Any]:
    """The run with a first mention that has other values."""
    return {**RUN, "mentions": [{**RUN["mentions"][0], **rest}, *RUN["mentions"][1:]]}


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([RUN, "{"], "r:2: no valid JSON"),
        ([RUN, RUN], "r:2: document 'k' stands at"),
        ([without(RUN, "text")], "r:1: the record lacks the key 'text'"),
        ([without(RUN, "mentions")], "r:1: the record lacks the key 'mentions'"),
        ([{**RUN, "normalized": 5, "versions": 5}], "has no text under 'normalized'"),
        ([changed(score=None)], "the mention 0-9 has no number from 0 to 1 under 'score'"),
        ([changed(score=1.5)], "no number from 0 to 1"),
        ([changed(decision="perhaps")], "has the decision 'perhaps'"),
        ([changed(entity=None)], "the mention 0-9 lacks the key 'entity'"),
        ([changed(candidates=[{"score": 1}])], "a candidate of the mention 0-9 lacks the key 'entity'"),
        ([changed(end=20)], "r:1: mentions 0-20 and 14-22 of 'k' overlap"),
        ([changed(start=70, end=99)], "r:1: the mention 70-99 lies outside the text"),
    ],
)
def test_faults_of_a_run_are_named_by_file_and_line(evaluate, tmp_path, lines, says):
    result = evaluate(write(tmp_path / "r", *lines), write(tmp_path / "g", GOLD))
    assert result.exit_code == 2
    assert says in result.stderr


def test_all_faults_are_reported_at_once(evaluate, tmp_path):
    many = [{**gold_with(kind="dirty"), "id": str(i)} for i in range(12)]
    shown = evaluate(write(tmp_path / "r", RUN), write(tmp_path / "g", *many)).stderr.splitlines()
    assert shown[0].endswith("12 faults")
    assert [line.split(": ")[0].rpartition(":")[2] for line in shown[1:-1]] == [str(n) for n in range(1, 11)]
    assert shown[-1] == "and 2 more"


def test_missing_paths_say_what_belongs_there(evaluate, readings, tmp_path):
    run = readings / "run.jsonl"
    assert "the output folder of `cablenorm run`" in evaluate(tmp_path / "no", readings).stderr
    assert "the output folder of `cablenorm run`" in evaluate(tmp_path, write(tmp_path / "g", GOLD)).stderr
    assert "--help" in evaluate(run, tmp_path / "no").stderr
    (readings / "gold.jsonl").rename(tmp_path / "aside.jsonl")
    assert "holds no gold.jsonl" in evaluate(run, readings).stderr
    assert evaluate(run, readings, "--words", tmp_path / "no.txt").exit_code == 2


def test_faults_of_two_readings(evaluate, readings):
    run = readings / "run.jsonl"
    one = {"start": 0, "end": 1, "label": "PLACE"}
    write(readings / "gold.jsonl", {"id": "c", "mentions": []}, {"id": "a", "mentions": [one]})
    shown = evaluate(run, readings).stderr
    assert "gold.jsonl:1: document 'c' is not in" in shown
    assert "gold.jsonl:2: the mention 0-1 lacks the key 'name'" in shown
    write(readings / "gold.jsonl")
    assert "has no record" in evaluate(run, readings).stderr
    write(readings / "documents.jsonl", {"id": "a", "text": PAGE})
    assert "documents.jsonl:1: the record lacks the key 'clean'" in evaluate(run, readings).stderr


def test_a_file_in_another_encoding(evaluate, tmp_path):
    (tmp_path / "g").write_bytes('{"id": "Malmö"}'.encode("latin-1"))
    assert "save the file as UTF-8" in evaluate(write(tmp_path / "r", RUN), tmp_path / "g").stderr


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_records(tmp_path, lambda record, where: None)
