"""From which score a repair is believed, and that all else is as it is without repair."""

from __future__ import annotations

from pathlib import Path

import pytest
from common import Resolve
from repairing import DAMAGED, SAMPLES, of, pipeline, repaired

from normalizer.components import CableGazetteer
from normalizer.gazetteer import Gazetteer
from normalizer.model import UNKNOWN, Document
from normalizer.pipeline import Pipeline, Settings
from normalizer.repair import FLOOR, default_min_score


def test_below_the_threshold_a_repair_stays_unknown(believing: Pipeline) -> None:
    sure, unsure = believing.process(Document("x", DAMAGED)), pipeline(min_score=1).process(Document("x", DAMAGED))
    assert unsure.normalized == DAMAGED
    kept = [m for m in unsure.mentions if m.decision.method == "repair"]
    assert {m.text for m in kept} >= {"Guba", "1L-28's"}
    for m in kept:
        d = m.decision
        assert (d.kind, d.entity, d.name, d.reading) == (UNKNOWN, None, None, None)
        assert d.candidates
        assert d.evidence[0].kind == "look-alikes"
        assert FLOOR <= d.score < 1
        assert sum(c.score for c in d.candidates) == pytest.approx(d.score, abs=0.01)
    assert of(unsure, "Guba").decision.candidates[0].entity == of(sure, "Guba").decision.entity == "cuba"
    assert of(unsure, "Guba").decision.score == of(sure, "Guba").decision.score
    assert of(unsure, "Guba").label == "PLACE"


def test_at_no_threshold_every_repair_is_believed() -> None:
    every = pipeline(min_score=0).process(Document("x", DAMAGED))
    assert all(m.decision.kind != UNKNOWN for m in every.mentions if m.decision.method == "repair")
    assert repaired(every)
    assert repaired(every) != repaired(pipeline(min_score=1).process(Document("x", DAMAGED)))


def test_the_threshold_itself_is_believed(gazetteer: Gazetteer) -> None:
    doc = Document("x", "The Soviet technicians remain in Guba until December.")
    (first,) = CableGazetteer(gazetteer, min_score=0).find(doc)[-1:]
    score = first.decision.score
    (at,) = CableGazetteer(gazetteer, min_score=score).find(doc)[-1:]
    (above,) = CableGazetteer(gazetteer, min_score=score + 1e-6).find(doc)[-1:]
    assert (at.decision.kind, above.decision.kind) == ("linked", UNKNOWN)


def test_the_shipped_threshold_is_the_default() -> None:
    assert 0 < default_min_score() <= 1
    doc = Document("x", DAMAGED)
    shown = pipeline().process(doc).to_dict()
    assert shown == pipeline(min_score=default_min_score()).process(doc).to_dict()


@pytest.mark.parametrize("surface", ["1L-28", "1L-28's", "M1G-2l", "8-52"])
def test_a_damaged_designator_is_believed_at_the_shipped_threshold(gazetteer: Gazetteer, surface: str) -> None:
    doc = Document("x", f"They counted twelve {surface} bombers.")
    (m,) = [m for m in CableGazetteer(gazetteer).find(doc) if m.text == surface]
    assert (m.decision.kind, m.decision.method) == ("linked", "repair")


@pytest.mark.parametrize("file", SAMPLES, ids=lambda p: p.stem)
def test_without_repair_all_is_as_it_was(exact: Pipeline, resolve: Resolve, file: Path) -> None:
    text = file.read_text("utf-8")
    result = exact.process(Document("test", text, date=file.stem[:10]))
    plain = resolve(text, file.stem[:10])
    assert (result.mentions, result.normalized) == (plain.mentions, plain.normalized)
    assert all(m.decision.method != "repair" for m in result.mentions)


def test_the_letter_is_repaired_nowhere(letter: str) -> None:
    doc = Document("letter", letter, date="1962-11-16")
    result = Pipeline(Settings(tagger=None)).process(doc)
    assert repaired(result) == []
    plain = Pipeline(Settings(repair=False, tagger=None)).process(doc)
    assert (result.mentions, result.normalized) == (plain.mentions, plain.normalized)
    changed = {m.text: m.decision.entity for m in result.mentions if m.decision.method == "misreading"}
    assert changed["John J. Buckley"] == "mccloy-john-j"
    assert changed["Alistair Stevenson"] == "stevenson-adlai-e"
    assert changed["Sumner"] == "kuznetsov-vasily-v"
    assert {entity for text, entity in changed.items() if text.startswith(("K-23", "XI-10"))} == {"il-28"}
