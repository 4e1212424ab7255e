"""Measures against two readings of a page."""

from __future__ import annotations

import pytest
from pages import (
    measured,
)


def test_measures_of_two_readings(evaluate, readings):
    report = measured(evaluate(readings / "run.jsonl", readings, "--json", "--examples", 5))
    assert report["gold"] == "two readings"
    assert (report["documents"], report["mentions"]) == (2, 5)
    assert report["pairs"] == {
        "clean_recall": 1.0,
        "garbled_recall": 0.5,
        "garbled_recall_by_name": 0.5,
        "exact_precision": 0.0,  # the one mention has too little context to be judged
        "repair_precision": pytest.approx(2 / 3),
        "repairs": 3,
    }
    assert {(r["kind"], r["label"]): (r["found"], r["gold"]) for r in report["recall"]} == {
        ("clean", "PLACE"): (1, 1),
        ("garbled", "PLACE"): (1, 2),
        ("lost", "PERSON"): (1, 1),
    }
    counts = {r["value"]: (r["right"], r["wrong"], r["unknown"]) for r in report["precision"] if r["by"] == "method"}
    assert counts == {"exact": (0, 0, 1), "repair": (2, 1, 0)}
    assert report["wrong"] == [{"what": ["repair", "havana", "Chlef", "the chief of"], "count": 1}]
    assert report["missed"] == [{"what": ["Miami", "NIANI"], "count": 1}]


def test_search_gains_what_normalized_texts_add(evaluate, readings):
    search = measured(evaluate(readings / "run.jsonl", readings, "--json"))["search"]
    # Wanted: Cuba in a and b, Miami in a, Kuznetsov in a. The pages give one of the four.
    assert search["before"] == {"recall": 0.25, "precision": 1.0}
    assert search["after"] == {"recall": 0.75, "precision": 1.0}
    assert search["recovered"] == pytest.approx(2 / 3)


def test_the_curve_looks_below_the_threshold(evaluate, readings):
    report = measured(evaluate(readings / "run.jsonl", readings, "--json"))
    found = report["curve"]
    assert (found["recall_of"], found["gold"]) == ("garbled", 2)
    assert found["decided"] == {"precision": pytest.approx(2 / 3), "recall": 0.5}
    assert [(p["threshold"], p["right"], p["wrong"], p["found"]) for p in found["points"]] == [
        (0.96, 1, 0, 1),
        (0.85, 1, 1, 1),
        (0.8, 2, 1, 1),
        (0.4, 3, 1, 2),
    ]
    assert report["reliability"]["repairs"]["number"] == report["reliability"]["all"]["number"] == 4
