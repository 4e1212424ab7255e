"""The picture of the curve."""

from __future__ import annotations

import sys
from typing import Any
from xml.etree import ElementTree

import pytest

from normalizer.errors import SinkError
from normalizer.evaluation.plot import draw


def points(*rows: tuple[float, float, float]) -> dict[str, Any]:
    made = [{"threshold": t, "precision": p, "recall": r} for t, p, r in rows]
    decided = {"precision": 0.9 if rows else None, "recall": 0.5}
    return {"recall_of": "garbled", "gold": 4, "decided": decided, "points": made}


@pytest.mark.parametrize("rows", [[(0.97, 1.0, 0.2), (0.6, 0.8, 0.7)], []], ids=["points", "none"])
def test_pictures_are_what_their_names_say_and_always_the_same(tmp_path, rows):
    for name in ("a.png", "b.png", "a.svg", "b.SVG"):
        draw(points(*rows), tmp_path / name)
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert ElementTree.parse(tmp_path / "a.svg").getroot().tag == "{http://www.w3.org/2000/svg}svg"
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.SVG").read_bytes()


def test_a_picture_that_cannot_be_written(tmp_path):
    (tmp_path / "c.png").mkdir()
    with pytest.raises(SinkError, match="cannot be written"):
        draw(points(), tmp_path / "c.png")


def test_the_command_draws_without_a_display(evaluate, readings, tmp_path, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    assert evaluate(readings / "run.jsonl", readings, "--plot", tmp_path / "c.svg").exit_code == 0
    assert "recall of garbled mentions (2)" in (tmp_path / "c.svg").read_text("utf-8")


@pytest.mark.parametrize(("name", "says"), [("c.gif", ".png or .svg"), ("no/c.png", "there is no folder")])
def test_a_picture_that_cannot_be_drawn_is_refused_before_the_work(evaluate, tmp_path, name, says):
    result = evaluate(tmp_path / "missing", tmp_path / "missing", "--plot", tmp_path / name)
    assert (result.exit_code, says in result.stderr) == (2, True)


def test_without_matplotlib_the_extra_is_named(evaluate, readings, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = evaluate(readings / "run.jsonl", readings, "--plot", tmp_path / "c.png")
    assert result.exit_code == 2
    assert "pip install 'cablenorm[plot]'" in result.stderr
    assert evaluate(readings / "run.jsonl", readings).exit_code == 0
