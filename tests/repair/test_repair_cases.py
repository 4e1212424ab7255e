"""Damaged names that a reader recognizes, and damaged or foreign words that are no names: `cases/repair.yaml`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from normalizer.folding import key
from normalizer.gazetteer import Gazetteer
from normalizer.model import LINKED, UNKNOWN, Document, Mention, Result
from normalizer.pipeline import Pipeline, Settings

FILE = Path(__file__).parents[1] / "cases" / "repair.yaml"
GROUPS: list[dict[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))
CASES: list[tuple[str, dict[str, Any]]] = [
    (f"{group['class']} {number}", case) for group in GROUPS for number, case in enumerate(group["cases"], 1)
]
KEYS = {"text", "date", "finds", "reads", "leaves"}


@pytest.fixture(scope="session")
def pipeline(full_gazetteer: Gazetteer) -> Pipeline:
    """The pipeline as a user gets it; the gazetteer comes from the cache that the other fixture wrote."""
    made = Pipeline(Settings())
    assert made.gazetteer.version == full_gazetteer.version
    return made


@pytest.fixture(scope="session")
def bearers(full_gazetteer: Gazetteer) -> dict[str, set[str]]:
    """Ids of the entities by the key of every true name and family name."""
    made: dict[str, set[str]] = {}
    for ent in full_gazetteer.entities():
        for name in (ent.name, ent.family, *(alias.text for alias in ent.aliases)):
            if name:
                made.setdefault(key(name), set()).add(ent.id)
    return made


def test_there_are_enough_cases() -> None:
    counts = Counter(what for _, case in CASES for what in ("finds", "leaves") if what in case)
    assert counts["finds"] >= 150
    assert counts["leaves"] >= 150


def test_the_table_is_sound(bearers: dict[str, set[str]]) -> None:
    assert [name for name, count in Counter(group["class"] for group in GROUPS).items() if count > 1] == []
    assert [text for text, count in Counter(case["text"] for _, case in CASES).items() if count > 1] == []
    for group in GROUPS:
        assert group.keys() == {"class", "cases"}, group.get("class")
    for name, case in CASES:
        assert case.keys() <= KEYS, name
        finds, leaves = case.get("finds", {}), case.get("leaves", [])
        assert finds or leaves, f"{name}: says nothing that is to be found or left"
        assert case.get("reads", {}).keys() <= finds.keys(), f"{name}: `reads` has a word that `finds` has not"
        for surface in (*finds, *leaves):
            assert isinstance(surface, str), f"{name}: put {surface!r} into quotes"
            assert places(case["text"], surface), f"{name}: {surface!r} does not stand in the text"
        for expected in finds.values():
            assert key(expected) in bearers, f"{name}: the gazetteer has no {expected!r}"


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_case(case: dict[str, Any], pipeline: Pipeline, bearers: dict[str, set[str]]) -> None:
    text, date = case["text"], case.get("date")
    result = pipeline.process(Document("test", text, date=None if date is None else str(date)))
    assert [text[m.start : m.end] for m in result.mentions] == [m.text for m in result.mentions]
    sure = [m for m in result.mentions if m.decision.kind != UNKNOWN]
    found = f"\n{text}\nFound: {listed(result)}"
    for surface, expected in case.get("finds", {}).items():
        hits = [m for m in sure if covers(m, text, surface)]
        assert hits, f"{surface!r} was not found, it is {expected!r}.{found}"
        for m in hits:
            assert means(m, expected, bearers), f"{surface!r} is {expected!r}, not {outcome(m)}.{found}"
            if surface in case.get("reads", {}):
                assert reading(result, m) == case["reads"][surface], found
    for surface in case.get("leaves", ()):
        wrong = [m for m in sure if any(m.start < end and start < m.end for start, end in places(text, surface))]
        assert wrong == [], (
            f"{surface!r} is no name that is known, but was read as {', '.join(map(outcome, wrong))}.{found}"
        )


def places(text: str, surface: str) -> list[tuple[int, int]]:
    """Where words stand on a page, not as a part of a longer word."""
    return [m.span() for m in re.finditer(rf"(?<!\w){re.escape(surface)}(?!\w)", text)]


def covers(m: Mention, text: str, surface: str) -> bool:
    """Whether a mention is at least half of the words: `Cuba` in `toCuba`, all of `Mr. MeCone` for `MeCone`."""
    return any(2 * (min(m.end, end) - max(m.start, start)) >= end - start for start, end in places(text, surface))


def means(m: Mention, expected: str, bearers: dict[str, set[str]]) -> bool:
    """Whether a mention has the expected outcome: one bearer of the name, or any of several."""
    who = bearers[key(expected)]
    if m.decision.kind == LINKED:
        return m.decision.entity in who
    return key(m.decision.name or "") == key(expected) or not who.isdisjoint(c.entity for c in m.decision.candidates)


def outcome(m: Mention) -> str:
    d = m.decision
    return f"{d.entity or d.name!r} ({d.kind} by {d.method}, {d.score:.2f})"


def reading(result: Result, m: Mention) -> str:
    start, end = result.offsets.forward(m.start, m.end)
    return result.normalized[start:end]


def listed(result: Result) -> str:
    """All mentions of a result, one a line."""
    return "".join(lines(result, result.mentions)) or "nothing"


def lines(result: Result, mentions: Sequence[Mention]) -> Iterator[str]:
    for m in mentions:
        yield f"\n  {m.text!r} reads {reading(result, m)!r}: {outcome(m)}"
