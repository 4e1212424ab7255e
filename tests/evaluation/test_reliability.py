"""Scores beside the share that is right."""

from __future__ import annotations

from typing import Any

import pytest

from normalizer.evaluation.claims import Claim, Judged, Reach
from normalizer.evaluation.output import Found
from normalizer.evaluation.reliability import curve, reliability


def judged(score: float, how: str, *, held_back: bool = False, sort: Any = "repair") -> Judged:
    found = Found(0, 1, "PLACE", "linked", "x", "repair", score, ())
    return Judged(Claim(found, ("x",), frozenset(), sort, score, held_back), how)  # type: ignore[arg-type]


def test_reliability_by_hand():
    table = reliability(
        [
            judged(0.4, "wrong"),
            *(judged(0.6, "right"), judged(0.6, "wrong")),
            *(judged(0.98, "right"), judged(1.0, "right")),
            judged(0.75, "unknown"),
        ]
    )
    rows = {(b["from"], b["to"]): (b["number"], b["mean_score"], b["share_right"]) for b in table["bins"]}
    assert table["number"] == 5
    assert rows.pop((0.0, 0.5)) == (1, 0.4, 0.0)
    assert rows.pop((0.5, 0.7)) == (2, pytest.approx(0.6), 0.5)
    assert rows.pop((0.98, 1.0)) == (2, pytest.approx(0.99), 1.0)
    assert set(rows.values()) == {(0, None, None)}
    assert table["expected_calibration_error"] == pytest.approx(0.2 * 0.4 + 0.4 * 0.1 + 0.4 * 0.01)


def test_reliability_of_nothing():
    assert reliability([])["expected_calibration_error"] == 0.0
    assert curve([], []) == {"gold": 0, "decided": {"precision": None, "recall": 0.0}, "points": []}


def test_curve_by_hand():
    made = curve(
        [
            judged(0.9, "right"),
            judged(0.8, "wrong"),
            judged(0.8, "right"),
            judged(0.3, "right", held_back=True),
            judged(0.95, "wrong", sort="exact"),
            judged(0.2, "unknown"),
        ],
        [Reach(True, float("inf")), Reach(True, 0.8), Reach(False, 0.3), Reach(False, -float("inf"))],
    )
    assert made["decided"] == {"precision": pytest.approx(2 / 3), "recall": 0.5}
    assert [(p["threshold"], p["precision"], p["recall"]) for p in made["points"]] == [
        (0.9, 1.0, 0.25),
        (0.8, pytest.approx(2 / 3), 0.5),
        (0.3, 0.75, 0.75),
    ]
