"""Measures where every mention is known."""

from __future__ import annotations

import pytest
from pages import (
    GOLD,
    KNOWN,
    RUN,
    measured,
    mention,
    record,
    write,
)


def test_measures_of_every_mention(evaluate, tmp_path):
    report = measured(evaluate(write(tmp_path / "r", RUN), write(tmp_path / "g", GOLD), "--json", "--examples", 9))
    assert report["linked"] == {
        "link_precision": 0.5,
        "link_recall": pytest.approx(2 / 3),
        "link_f1": pytest.approx(4 / 7),
        "identity": 0.0,
        "people_linked": 1.0,
        "decoys_taken": 1.0,
    }
    assert {r["label"]: (r["right"], r["links"], r["found"], r["gold"]) for r in report["labels"]} == {
        "PERSON": (1, 2, 1, 1),
        "PLACE": (1, 1, 1, 1),
        "AIRCRAFT": (0, 1, 0, 1),
    }
    (level,) = report["levels"]
    assert level["level"] == "light"
    assert {k: (r["found"], r["gold"]) for k, r in level["recall"].items()} == {
        "clean": (1, 2),
        "garbled": (1, 1),
        "lost": (0, 0),
        "all": (2, 3),
    }
    assert level["identity"] == {"known": 1, "linked": 1, "right": 0, "identity": 0.0}
    everything = report["spans"]["all"]
    assert (everything["gold"], everything["tagged"]) == (4, 5)
    assert (everything["exact_precision"], everything["exact_recall"]) == (0.8, 1.0)
    assert everything["exact_f1"] == everything["overlap_f1"] == pytest.approx(8 / 9)
    assert everything["damaged_recall"] == 1.0
    assert [w["what"] for w in report["wrong"]] == [
        ["PERSON", "thompson-llewellyn", "Thompson"],
        ["AIRCRAFT", "a-12", "A-12"],
    ]
    assert [m["what"] for m in report["missed"]] == [["AIRCRAFT", "IL-28", "IL-28"]]


def test_the_score_of_a_link_answers_for_the_entity(evaluate, tmp_path):
    report = measured(evaluate(write(tmp_path / "r", RUN), write(tmp_path / "g", GOLD), "--json"))
    bins = {b["from"]: (b["number"], b["share_right"]) for b in report["reliability"]["all"]["bins"] if b["number"]}
    assert bins == {0.5: (1, 0.0), 0.9: (2, 0.5), 0.95: (1, 0.0)}  # what is ignored is not judged
    assert report["curve"]["decided"] == {"precision": 1.0, "recall": 1.0}


@pytest.mark.parametrize(
    ("means", "linked", "found", "right"),
    [
        ({"entity": "kuznetsov-vasily-v"}, "kuznetsov-vasily-v", 1, 1),
        ({"entity": "kuznetsov-vasily-v"}, "kuznetsov-ivan", 1, 0),
        ({"entity": "kuznetsov-vasily-v"}, "thompson-llewellyn", 0, 0),
        ({"entity": "100"}, "kuznetsov-vasily-v", 1, 1),
        ({"entity": 100}, "kuznetsov-vasily-v", 1, 1),
        ({"entity": "200"}, "kuznetsov-vasily-v", 1, 0),
        ({"entity": "200", "twins": ["100"]}, "kuznetsov-vasily-v", 1, 1),
        ({"entity": "kuznetsov-ivan", "twins": ["kuznetsov-vasily-v"]}, "kuznetsov-vasily-v", 1, 1),
        ({"entity": "not-in-it", "name": "Kuznetsov, Pyotr"}, "kuznetsov-vasily-v", 1, 0),
    ],
)
def test_gold_of_ones_own_names_entities_by_id_or_number(evaluate, tmp_path, means, linked, found, right):
    gold = {"id": 7, "mentions": [{"start": 0, "end": 9, "label": "PERSON", **means}]}
    run = record("7", KNOWN, mention(KNOWN, "Kuznetsov", "PERSON", linked))
    report = measured(evaluate(write(tmp_path / "r", run), write(tmp_path / "g", gold), "--json"))
    who = report["labels"][0]["identity"]
    assert (who["known"], who["linked"], who["right"]) == (1, found, right)
    assert report["curve"]["recall_of"] == "all"  # this gold tells no damage


def test_other_labels_are_measured_where_they_are_asked_for(evaluate, tmp_path):
    paths = write(tmp_path / "r", RUN), write(tmp_path / "g", GOLD)
    report = measured(evaluate(*paths, "--json", "--label", "aircraft", "--label", "AIRCRAFT"))
    assert list(report["spans"]) == ["AIRCRAFT", "all"]
    assert report["linked"]["link_recall"] == 0.0
