"""Damaged names that a reader recognizes, and words that only look like damaged names: `cases/repair.yaml`."""

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
KEYS = {"text", "date", "finds", "reads", "leaves", "not_yet"}
NOT_YET = "`not_yet` in tests/cases/repair.yaml; if this is an XPASS, the case works now: take the mark away"
ENOUGH, ENOUGH_OF_CLASS = 150, 3


def title_of(name: str, number: int, case: dict[str, Any]) -> str:
    """What a case is called in a report: its class and the words that it is about."""
    about = (" ".join(words.split()) for words in (*case.get("finds", ()), *case.get("leaves", ())))
    return f"{name} {number}: {', '.join(about)}"


CASES: list[tuple[str, dict[str, Any]]] = [
    (title_of(group["class"], number, case), case) for group in GROUPS for number, case in enumerate(group["cases"], 1)
]


@pytest.fixture(scope="session")
def pipeline(full_gazetteer: Gazetteer) -> Pipeline:
    """The pipeline as a user gets it; the gazetteer comes from the cache that the other fixture wrote."""
    made = Pipeline(Settings(tagger=None))
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


@pytest.mark.parametrize("kind", ["finds", "leaves"])
def test_enough_cases_work(kind: str) -> None:
    """Those that are not marked `not_yet` work, or `test_case` fails."""
    working = {
        group["class"]: sum(kind in case and not case.get("not_yet") for case in group["cases"]) for group in GROUPS
    }
    assert sum(working.values()) >= ENOUGH
    assert [name for name, count in working.items() if count < ENOUGH_OF_CLASS] == []


def test_the_table_is_sound(bearers: dict[str, set[str]]) -> None:
    assert [name for name, count in Counter(group["class"] for group in GROUPS).items() if count > 1] == []
    assert [text for text, count in Counter(case["text"] for _, case in CASES).items() if count > 1] == []
    for group in GROUPS:
        assert group.keys() == {"class", "cases"}, group.get("class")
    for name, case in CASES:
        assert case.keys() <= KEYS, name
        assert case.get("not_yet", True) is True, f"{name}: `not_yet` is true, or is not there"
        finds, leaves = case.get("finds", {}), case.get("leaves", [])
        assert finds or leaves, f"{name}: says nothing that is to be found or left"
        assert case.get("reads", {}).keys() <= finds.keys(), f"{name}: `reads` has a word that `finds` has not"
        for surface in (*finds, *leaves):
            assert isinstance(surface, str), f"{name}: put {surface!r} into quotes"
            assert places(case["text"], surface), f"{name}: {surface!r} does not stand in the text"
        for expected in finds.values():
            assert key(expected) in bearers, f"{name}: the gazetteer has no {expected!r}"


def test_what_is_to_be_found_is_damaged(bearers: dict[str, set[str]]) -> None:
    """A name that is found without repair shows nothing of repair."""
    without = Pipeline(Settings(repair=False, tagger=None))
    found = []
    for title, case in CASES:
        damaged = {surface: name for surface, name in case.get("finds", {}).items() if key(surface) != key(name)}
        result = process(without, case)
        for surface, expected in damaged.items():
            if not list(faults({"finds": {surface: expected}}, result, bearers)):
                found.append(f"{title}: {surface!r} is found without repair")
    assert found == []


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=name,
            marks=[pytest.mark.xfail(reason=NOT_YET, raises=pytest.fail.Exception)] if case.get("not_yet") else (),
        )
        for name, case in CASES
    ],
)
def test_case(case: dict[str, Any], pipeline: Pipeline, bearers: dict[str, set[str]]) -> None:
    result = process(pipeline, case)
    wrong = list(faults(case, result, bearers))
    if wrong:
        pytest.fail("\n".join(report(wrong, result)), pytrace=False)


def process(pipeline: Pipeline, case: dict[str, Any]) -> Result:
    date = case.get("date")
    return pipeline.process(Document("test", case["text"], date=None if date is None else str(date)))


def faults(case: dict[str, Any], result: Result, bearers: dict[str, set[str]]) -> Iterator[str]:
    """What a historian would object to in a result, a sentence each."""
    text, sure = result.document.text, [m for m in result.mentions if m.decision.kind != UNKNOWN]
    for surface, expected in case.get("finds", {}).items():
        hits = [m for m in sure if covers(m, text, surface)]
        if not hits:
            yield f"{surface!r} was not found; it is {expected}."
        for m in hits:
            if not means(m, expected, bearers):
                yield f"{surface!r} is {expected}, but was read as {outcome(m)}."
    for surface, expected in case.get("reads", {}).items():
        for start, end in places(text, surface):
            if (seen := reading(result, start, end)) != expected:
                yield f"{surface!r} must read {expected!r} in the normalized text, but reads {seen!r}."
    for surface in case.get("leaves", ()):
        for m in sure:
            if any(m.start < end and start < m.end for start, end in places(text, surface)):
                yield f"{surface!r} is to be left alone, but {m.text!r} was read as {outcome(m)}."


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
    """Whom or what a mention was taken for, how surely, and why."""
    d = m.decision
    taken_for = f"{d.name} ({d.entity or d.kind})" if d.kind != UNKNOWN else "not believed"
    return f"{taken_for}, by {d.method} with score {d.score:.2f}: {'; '.join(map(str, d.evidence))}"


def reading(result: Result, start: int, end: int) -> str:
    """What the normalized text has in place of a span of the page."""
    start, end = result.offsets.forward(start, end)
    return result.normalized[start:end]


def report(wrong: Sequence[str], result: Result) -> Iterator[str]:
    """The sentence, what is wrong with it, and all that was seen in it, also what was not believed."""
    text = result.document.text.replace("\n", "\n    ")
    yield f"\n    {text}\n"
    yield from wrong
    yield "Seen in the text:"
    for m in result.mentions:
        yield f"  {m.text!r}: {outcome(m)}"
    if not result.mentions:
        yield "  nothing"
