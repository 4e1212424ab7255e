"""What holds of the repairs of any page, however they were asked for."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from common import SMALL
from hypothesis import given, settings
from hypothesis import strategies as st
from repairing import DAMAGED, LOW, PAGE, SAMPLES, Asked, pipeline

from normalizer.batch import run
from normalizer.components import CableGazetteer
from normalizer.gazetteer import Gazetteer
from normalizer.model import UNKNOWN, Document, Result, normalize
from normalizer.pipeline import Pipeline, Settings
from normalizer.repair import FLOOR, Repairer, default_min_score
from normalizer.repair.channel import Confusions


def check(result: Result) -> None:
    text, at = result.document.text, 0
    for m in result.mentions:
        assert at <= m.start < m.end <= len(text)
        assert text[m.start : m.end] == m.text
        assert 0 <= m.decision.score <= 1
        assert m.decision.evidence
        start, end = result.offsets.forward(m.start, m.end)
        assert result.normalized[start:end] == (m.text if m.decision.reading is None else m.decision.reading)
        assert (m.decision.entity is not None) == (m.decision.kind == "linked")
        at = m.end


def assert_kept(before: Result, after: Result) -> None:
    """What was decided stands as it did, unless a repair is a longer name; all that is new is a repair."""
    decided = [m for m in before.mentions if m.decision.kind != UNKNOWN]
    sure = [m for m in after.mentions if m.decision.kind != UNKNOWN]
    spans = [(m.start, m.end) for m in sure if m.decision.method == "repair"]
    longer = [m for m in decided if any(a <= m.start and m.end <= b and (a, b) != (m.start, m.end) for a, b in spans)]
    assert [m for m in sure if m.decision.method != "repair"] == [m for m in decided if m not in longer]


@settings(max_examples=300)
@given(PAGE)
def test_offsets_hold_over_any_page(credulous: CableGazetteer, text: str) -> None:
    doc = Document("x", text)
    found = credulous.find(doc)
    check(normalize(doc, found, {}))
    assert credulous.find(doc) == found


@given(PAGE)
def test_what_is_decided_stays_on_any_page(exact: Pipeline, credulous: CableGazetteer, text: str) -> None:
    doc = Document("x", text)
    assert_kept(exact.process(doc), normalize(doc, credulous.find(doc), {}))


@pytest.mark.parametrize("file", SAMPLES, ids=lambda p: p.stem)
def test_what_is_decided_stays_on_a_real_page(exact: Pipeline, file: Path) -> None:
    doc = Document("test", file.read_text("utf-8"), date=file.stem[:10])
    assert_kept(exact.process(doc), pipeline(min_score=0).process(doc))


@given(PAGE, st.data())
def test_repairs_keep_off_what_is_taken(repairer: Repairer, text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    taken = list(zip(cuts[::2], cuts[1::2], strict=False))
    found = repairer.repair(text, [], taken)
    assert all(a.end <= b.start for a, b in pairwise(found))
    for r in found:
        assert r.forms
        assert r.score >= FLOOR
        parts = [(a, b) for a, b in taken if a < r.end and r.start < b]
        # What is taken may be a part of a longer name that is sure.
        assert all(r.start <= a and b <= r.end and (a, b) != (r.start, r.end) for a, b in parts)
        assert not parts or r.score >= default_min_score()


@given(st.lists(PAGE, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_prepare_changes_nothing(
    ready: Repairer, repairer: Repairer, asked: Asked, texts: list[str], drawn: random.Random
) -> None:
    alone = {text: asked.repairs(repairer, text) for text in texts}
    ready.prepare(asked.pages(texts))
    assert {text: asked.repairs(ready, text) for text in texts} == alone
    drawn.shuffle(texts)
    ready.prepare(asked.pages(texts[1:]))  # and the first is asked for all the same
    assert {text: asked.repairs(ready, text) for text in texts} == alone


@pytest.fixture(scope="module")
def ready(gazetteer: Gazetteer, confusions: Confusions) -> Repairer:
    return Repairer(gazetteer, confusions)


@pytest.mark.parametrize("backwards", [False, True])
def test_the_same_page_gives_the_same_repairs_whatever_came_before(
    gazetteer: Gazetteer, confusions: Confusions, asked: Asked, backwards: bool
) -> None:
    texts = [DAMAGED, *(file.read_text("utf-8") for file in SAMPLES), "", DAMAGED.upper()]
    plain, other, ready = (Repairer(gazetteer, confusions) for _ in range(3))
    ready.prepare(asked.pages(texts))
    if backwards:
        texts.reverse()
    first = [asked.repairs(plain, text) for text in texts]
    assert [asked.repairs(ready, text) for text in texts] == first
    assert [asked.repairs(other, text) for text in reversed(texts)] == first[::-1]
    assert any(first)


def test_a_gazetteer_without_names_to_repair(make_gazetteer: Callable[..., Gazetteer]) -> None:
    made = make_gazetteer("{schema: 1, type: aircraft, entries: [{id: il-28, name: IL-28}]}")
    doc = Document("x", "Guba has the 1L-28 and Kemedy has HAV ANA.")
    found = CableGazetteer(made, min_score=LOW).find(doc)
    assert [(m.text, m.decision.entity) for m in found] == [("1L-28", "il-28")]
    nothing = make_gazetteer("{schema: 1, type: ship, entries: []}")
    assert CableGazetteer(nothing).find(doc) == []


def test_a_run_gives_the_same_bytes_whatever_the_jobs(tmp_path: Path) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    for number, file in enumerate([*SAMPLES, *SAMPLES, *SAMPLES]):
        (folder / f"{number:02}-{file.name}").write_bytes(file.read_bytes())
    (folder / "damaged.txt").write_text(DAMAGED, "utf-8")
    wanted = Settings(gazetteer=SMALL, default_gazetteer=False, min_score=LOW, tagger=None)
    for jobs in (1, 2):
        run([folder], tmp_path / f"out{jobs}", wanted, jobs=jobs)
    one, two = ((tmp_path / f"out{jobs}" / "documents.jsonl").read_bytes() for jobs in (1, 2))
    assert one == two
    assert b'"method":"repair"' in one
