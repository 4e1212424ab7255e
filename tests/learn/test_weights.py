"""Weights of the repair score: labels, trees, calibration, threshold."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from common import ONLY_SMALL
from learning import damaged_pairs, learn, refused, rows_of, write
from numpy.typing import NDArray

from normalizer.errors import ConfigError
from normalizer.gazetteer import Gazetteer, confusions_path
from normalizer.learn.readings import Readings
from normalizer.learn.score import (
    FOLDS,
    RIGHT,
    SAME,
    WRONG,
    Aligned,
    Example,
    _threshold,
    calibrate,
    learn_score,
    train,
)
from normalizer.repair.channel import load_confusions
from normalizer.repair.features import FEATURES
from normalizer.repair.finding import Finder
from normalizer.repair.score import Model, shipped_model


def test_the_shipped_weights_are_of_these_features() -> None:
    data = json.loads(files("normalizer").joinpath("data", "repair.json").read_text("utf-8"))
    assert tuple(data["features"]) == FEATURES
    assert len(set(FEATURES)) == len(FEATURES)
    assert 0 < data["min_score"] <= 1
    shipped_model()
    for tree in data["trees"]:
        for at, (feature, _, left, right, _) in enumerate(tree):
            assert -1 <= feature < len(FEATURES)
            assert feature < 0 or at < left < right < len(tree)


def test_weights_of_other_features_are_refused() -> None:
    with pytest.raises(ConfigError, match="cablenorm learn score"):
        Model({"features": ["cost"], "trees": [], "calibration": [1, 0], "min_score": 0.5})


@pytest.mark.parametrize(
    ("surface", "target", "better", "label"),
    [
        ("Guba", "cuba", "They say that he left Cuba for good on Friday", RIGHT),
        ("Guba", "cuba", "They say that he left home for good on Friday", WRONG),
        ("Guba", "cuba", "They say that he left Guba for good on Friday", SAME),
        ("Guba", "cuba", "All else is other words than these ones", None),
    ],
)
def test_labels(surface: str, target: str, better: str, label: int | None) -> None:
    worse = f"They say that he left {surface} for good on Friday"
    start = worse.index(surface)
    sound = frozenset(["home", "left", "for"])
    assert Aligned(worse, better).label(start, start + len(surface), surface, target, sound) == label


@pytest.mark.parametrize(("sound", "label"), [(["zhukovko"], WRONG), ([], None)])
def test_a_word_that_may_be_damaged_too_says_nothing(sound: list[str], label: int | None) -> None:
    worse, better = (f"They say that he left {word} for good on Friday" for word in ("Guba", "Zhukovko"))
    assert Aligned(worse, better).label(22, 26, "Guba", "cuba", sound) == label
    # A word that stands twice is no slip.
    assert Aligned(worse, f"{better} for Zhukovko").label(22, 26, "Guba", "cuba", sound) == WRONG


def test_calibration_gives_the_share_that_is_right() -> None:
    drawn = random.Random(1)
    margins = [drawn.uniform(-4, 4) for _ in range(4000)]
    right = [drawn.random() < 1 / (1 + 2.718281828 ** -(0.5 * m - 1)) for m in margins]
    slope, shift = calibrate(np.array(margins), np.array(right))
    assert (slope, shift) == (pytest.approx(0.5, abs=0.1), pytest.approx(-1, abs=0.2))


def test_calibration_of_margins_far_from_doubt() -> None:
    """A plain Newton step runs away here."""
    margins = np.array([30.0, -30.0] * 50)
    right = np.array([True, False] * 45 + [False, True] * 5)
    slope, shift = calibrate(margins, right)
    assert 1 / (1 + np.exp(-(slope * 30 + shift))) == pytest.approx(0.9, abs=0.01)
    assert calibrate(np.array([5.0] * 10), np.array([True] * 9 + [False]))[0] == pytest.approx(1, abs=1)
    assert all(np.isfinite(calibrate(np.array([9.0, -9.0]), np.array([True, False]))))


NO_TREES = {"features": FEATURES, "trees": [], "calibration": [1, 0], "min_score": 0.5}


@pytest.mark.parametrize(
    ("margins", "right", "precision", "threshold"),
    [
        ([2, 2, 2, 2], [True, False, False, False], 0.97, 1.0),  # equals stand or fall together
        ([2, 2, 1, 1], [True, True, True, False], 0.97, 0.8808),
        ([2, 2, 1, 1], [True, True, True, False], 0.75, 0.7311),
        ([2, 1, 1, 1], [False, True, True, True], 0.75, 0.7311),  # too few are right above it, enough from it
        ([2], [False], 0.5, 1.0),
    ],
)
def test_the_threshold_is_the_lowest_that_suffices(
    margins: list[float], right: list[bool], precision: float, threshold: float
) -> None:
    assert _threshold(Model(NO_TREES), margins, right, precision) == threshold


def test_training_is_the_same_again() -> None:
    pytest.importorskip("lightgbm")
    rows = rows_of(300)
    first = train(rows, 1)
    assert first == train(rows, 1)
    assert first != train(rows, 2)
    assert first["features"] == list(FEATURES)


def test_trained_weights_tell_right_from_wrong_and_are_read_again() -> None:
    pytest.importorskip("lightgbm")
    data = train(rows_of(300))
    model, again = Model(data), Model(json.loads(json.dumps(data)))
    rows = rows_of(60)
    scores = model.scores([row.features for row in rows])
    assert scores == again.scores([row.features for row in rows])
    assert all(0 <= score <= 1 for score in scores)
    right = [s for s, row in zip(scores, rows, strict=True) if row.label == RIGHT]
    wrong = [s for s, row in zip(scores, rows, strict=True) if row.label == WRONG]
    assert min(right) > max(wrong) - 0.5
    assert sum(right) / len(right) > sum(wrong) / len(wrong) + 0.5


def test_trees_give_what_lightgbm_gives() -> None:
    lightgbm = pytest.importorskip("lightgbm")
    rows = rows_of(300)
    made: list[Any] = []
    kept = lightgbm.train
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lightgbm, "train", lambda *a, **k: made.append(kept(*a, **k)) or made[0])
        model = Model(train(rows))
    x = [row.features for row in rows]
    theirs = made[0].predict(np.array(x), raw_score=True)
    assert model.margins(x) == pytest.approx(theirs, abs=1e-3)


def test_the_score_is_learnt(gazetteer: Gazetteer) -> None:
    pytest.importorskip("lightgbm")
    pairs = [Readings(row["id"], row["ocr"], row["clean"]) for row in damaged_pairs(60)]
    confusions = load_confusions(confusions_path())
    finder = Finder(gazetteer, confusions)
    data, told = learn_score(pairs, gazetteer, finder, 0.9, 1)
    again, _ = learn_score(pairs, gazetteer, Finder(gazetteer, confusions), 0.9, 1)
    assert data == again
    assert told.startswith("60 documents, ")
    assert 0 <= data["min_score"] <= 1
    Model(json.loads(json.dumps(data)))
    few, _ = learn_score(pairs[:50], gazetteer, finder, 0.9, 1)
    assert few["trees"] != data["trees"]


def test_no_tree_is_asked_about_what_it_was_trained_on(gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each document is judged, once, by trees that were trained on the others."""
    pairs = [Readings(row["id"], row["ocr"], row["clean"]) for row in damaged_pairs(60)]
    finder = Finder(gazetteer, load_confusions(confusions_path()))
    trained: list[list[Example]] = []
    judged: list[list[list[float]]] = []

    class Judge:
        def __init__(self, data: dict[str, Any]) -> None:
            self.model = Model(data)

        def margins(self, rows: Sequence[Sequence[float]]) -> NDArray[np.float64]:
            judged.append([list(row) for row in rows])
            return self.model.margins(rows)

        def calibrated(self, margins: NDArray[np.float64]) -> list[float]:
            return self.model.calibrated(margins)

    def noted(rows: list[Example], seed: int) -> dict[str, Any]:
        trained.append(rows)
        return {**NO_TREES, "trees": []}

    monkeypatch.setattr("normalizer.learn.score.train", noted)
    monkeypatch.setattr("normalizer.learn.score.Model", Judge)
    learn_score(pairs, gazetteer, finder, 0.9, 1)
    *parts, whole = trained
    assert len(parts) == len(judged) == FOLDS
    for part, asked in zip(parts, judged, strict=True):
        assert sorted([*(row.features for row in part), *asked]) == sorted(row.features for row in whole)


def test_learn_score(tmp_path: Path) -> None:
    pytest.importorskip("lightgbm")
    pairs, out = write(tmp_path / "p.jsonl", damaged_pairs(60)), tmp_path / "repair.json"
    result = learn("score", pairs, "--out", out, "--precision", "0.9", *ONLY_SMALL)
    assert result.exit_code == 0, result.output
    assert "60 documents" in result.stdout
    data = out.read_bytes()
    Model(json.loads(data))
    learn("score", pairs, "--out", out, "--precision", "0.9", *ONLY_SMALL)
    assert out.read_bytes() == data


@pytest.mark.parametrize("min_score", [0, 0.4321, 1])
def test_the_threshold_may_be_given(tmp_path: Path, min_score: float) -> None:
    pytest.importorskip("lightgbm")
    pairs, out = write(tmp_path / "p.jsonl", damaged_pairs(60)), tmp_path / "repair.json"
    result = learn("score", pairs, "--out", out, "--min-score", min_score, *ONLY_SMALL)
    assert result.exit_code == 0, result.output
    assert Model(json.loads(out.read_text("utf-8"))).min_score == min_score
    assert f"threshold {float(min_score)}" in result.stdout


@pytest.mark.parametrize("option", ["--min-score", "--precision"])
@pytest.mark.parametrize("value", ["nan", "-0.1", "1.1", "high"])
def test_a_share_is_from_0_to_1(tmp_path: Path, option: str, value: str) -> None:
    result = learn("score", tmp_path / "p.jsonl", "--out", tmp_path / "made", option, value)
    assert result.exit_code == 2
    assert f"Invalid value for '{option}'" in result.stderr


def test_the_table_of_a_layer_counts(tmp_path: Path) -> None:
    pairs = write(tmp_path / "p.jsonl", damaged_pairs(1))
    table = tmp_path / "layer" / "confusions.yaml"
    table.parent.mkdir()
    table.write_text("schema: 1\nswaps: [a]\n", "utf-8")
    line = refused("score", pairs, "--out", tmp_path / "made", *ONLY_SMALL, "--gazetteer", table.parent)
    assert f"{table}:2: swaps: a map is wanted, not list" in line


NO_NAMES = {"id": "a", "ocr": "Nothing is here.", "clean": "Nothing is here."}


@pytest.mark.parametrize("rows", [[NO_NAMES], damaged_pairs(1), damaged_pairs(3)])
def test_too_little_to_learn_from(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    pytest.importorskip("lightgbm")
    line = refused("score", write(tmp_path / "p.jsonl", rows), "--out", tmp_path / "made", *ONLY_SMALL)
    assert "candidates to learn from" in line
    assert "give more pairs" in line


def test_nothing_right_to_learn_from(tmp_path: Path) -> None:
    pytest.importorskip("lightgbm")
    text = "We heard that Guba was quiet again last week."
    rows = [{"id": str(n), "ocr": text, "clean": text} for n in range(60)]
    line = refused("score", write(tmp_path / "p.jsonl", rows), "--out", tmp_path / "made", *ONLY_SMALL)
    assert "60 candidates to learn from in 60 documents, 0 of them right: at least 40 are wanted" in line


def test_nothing_to_calibrate_with(tmp_path: Path) -> None:
    pytest.importorskip("lightgbm")
    rows = [{**row, "id": "the same"} for row in damaged_pairs(60)]
    line = refused("score", write(tmp_path / "p.jsonl", rows), "--out", tmp_path / "made", *ONLY_SMALL)
    assert "0 candidates to calibrate with in 60 documents" in line


def test_without_lightgbm_it_says_so_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    pairs = write(tmp_path / "p.jsonl", [NO_NAMES])
    assert "cablenorm[learn]" in refused("score", pairs, "--out", tmp_path / "made", *ONLY_SMALL)
