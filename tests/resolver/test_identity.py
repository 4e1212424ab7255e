"""Who bears a name: the table of cases, and laws that hold for every page."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from normalizer.exact import Matcher
from normalizer.folding import fold
from normalizer.gazetteer import Gazetteer
from normalizer.headers import parse_header
from normalizer.model import Document, Match, Mention, Repair, Result, normalize
from normalizer.resolver import Resolver
from normalizer.resolver.identity import NOBODY, PERSON, THING, shipped_model

FILE = Path(__file__).parents[1] / "cases" / "identity.yaml"
CASES: list[dict[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))
KEYS = {"name", "text", "date", "mention", "expect", "first", "because"}
NEGATIVE = ("ambiguous", "none")

Read = Callable[..., Result]


@pytest.fixture(scope="module")
def read(full_gazetteer: Gazetteer) -> Read:
    """`read(text, date)` gives the result with the default gazetteer and the header read, without repair."""
    matcher, resolver = Matcher(full_gazetteer), Resolver(full_gazetteer)

    def run(text: str, date: str | None = None) -> Result:
        doc, folded = Document("x", text, date=date), fold(text)
        header = parse_header(text, date)
        return normalize(doc, resolver.resolve(doc, folded, matcher.match(text, folded), header=header), {})

    return run


def test_the_table_is_sound() -> None:
    assert len(CASES) >= 60
    assert 2 * sum(case["expect"] in NEGATIVE for case in CASES) >= len(CASES)
    assert [name for name, count in Counter(c["name"] for c in CASES).items() if count > 1] == []
    for case in CASES:
        assert case.keys() <= KEYS, case["name"]
        assert case["mention"] in case["text"], case["name"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any], read: Read) -> None:
    result = read(case["text"], str(case["date"]) if "date" in case else None)
    m = mention_at(result, case["mention"])
    assert meant(m) == case["expect"]
    if "first" in case:
        assert m is not None
        assert m.decision.candidates[0].entity == case["first"]
    if "because" in case:
        assert m is not None
        assert case["because"] in " ".join(map(str, m.decision.evidence))


def mention_at(result: Result, words: str) -> Mention | None:
    """The mention at the last place of words."""
    at = result.document.text.rindex(words)
    return next((m for m in result.mentions if m.start < at + len(words) and at < m.end), None)


def meant(m: Mention | None) -> str:
    """The entity linked, `ambiguous`, or `none`."""
    if m is None or m.decision.kind == "unknown":
        return "none"
    return m.decision.entity or "ambiguous"


def test_no_document_passes_anything_on_to_another(read: Read) -> None:
    texts = [(c["text"], str(c["date"]) if "date" in c else None) for c in CASES[:30]]
    forward = [read(*t).mentions for t in texts]
    backward = [read(*t).mentions for t in reversed(texts)]
    assert forward == backward[::-1]


def test_the_time_is_linear_in_the_mentions(read: Read) -> None:
    page = "Mr. Johnson met Bundy, Thompson and Castro in Moscow; Smith and Taylor wrote to Dulles.\n"

    def seconds(times: int) -> float:
        text = page * times
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            read(text, "1962-10-20")
            best = min(best, time.process_time() - start)
        return best

    assert seconds(800) < 20 * seconds(100)  # 8 times the mentions; never 64 times as long


@given(st.lists(st.sampled_from([c["text"].split("\n")[-1] or c["text"] for c in CASES]), min_size=1, max_size=4))
def test_candidates_are_ranked_and_share_one_probability(read: Read, lines: list[str]) -> None:
    for m in read("\n".join(lines), "1962-10-20").mentions:
        scores = [c.score for c in m.decision.candidates]
        assert sum(scores) <= 1.001
        assert 0 <= m.decision.score <= 1
        if m.decision.kind != "unknown":
            assert scores == sorted(scores, reverse=True)
        if m.decision.kind == "linked":
            assert m.decision.candidates[0].entity == m.decision.entity
            assert m.decision.score == scores[0]


PEOPLE = """
schema: 1
type: person
entries:
  - {id: gone, name: Arno Quelch, born: 1890, died: 1950-03-04, prominence: 60, active: 1940..1970}
  - {id: early, name: Bert Ostrander, prominence: 60, active: 1960..1975}
  - {id: late, name: Carl Vintcent, prominence: 60, active: 1940..1950}
"""


@pytest.mark.parametrize("date", ["1950-03-05", "1951", "1962-10-20", "1989"])
def test_the_dead_are_never_linked_by_a_family_name(make_gazetteer: Callable[..., Gazetteer], date: str) -> None:
    known = make_gazetteer(PEOPLE)
    for text in ("We saw Quelch there.", "Ambassador Quelch spoke.", "A. Quelch wrote.", "QUELCH"):
        assert linked(known, text, date) == []
    assert linked(known, "We saw Arno Quelch there.", date) == ["gone"]
    assert linked(known, "We saw Quelch there.", "1950-03-04") == ["gone"]


@pytest.mark.parametrize("date", ["1930", "1950-01-01", "1959-12-31"])
def test_who_is_not_yet_active_is_never_linked_by_a_family_name(
    make_gazetteer: Callable[..., Gazetteer], date: str
) -> None:
    known = make_gazetteer(PEOPLE)
    for text in ("We saw Ostrander there.", "Mr. Ostrander spoke.", "B. Ostrander wrote."):
        assert linked(known, text, date) == []
    assert linked(known, "We saw Bert Ostrander there.", date) == ["early"]
    assert linked(known, "We saw Ostrander there.", "1960-01-01") == ["early"]


def test_a_date_that_the_page_alone_tells_leaves_the_dead_as_candidates(
    make_gazetteer: Callable[..., Gazetteer],
) -> None:
    known = make_gazetteer(PEOPLE)
    text = "FM AMEMBASSY MOSCOW 251200Z MAY 61\nTO SECSTATE WASHDC\n\nWE HEARD OF QUELCH AGAIN.\n"
    folded = fold(text)
    header = parse_header(text)
    assert header.date is not None
    (m,) = Resolver(known).resolve(Document("x", text), folded, Matcher(known).match(text, folded), header=header)
    assert (m.text, m.decision.kind, m.decision.entity) == ("QUELCH", "ambiguous", None)
    assert [c.entity for c in m.decision.candidates] == ["gone"]


def linked(known: Gazetteer, text: str, date: str) -> list[str]:
    """The ids of what is linked."""
    folded = fold(text)
    mentions = Resolver(known).resolve(Document("x", text, date=date), folded, Matcher(known).match(text, folded))
    return [m.decision.entity for m in mentions if m.decision.entity]


def test_without_a_date_the_score_is_lower(make_gazetteer: Callable[..., Gazetteer]) -> None:
    known = make_gazetteer(PEOPLE)
    text = "We saw Ostrander there."
    folded = fold(text)
    matches = Matcher(known).match(text, folded)
    dated, undated = (
        Resolver(known).resolve(Document("x", text, date=date), folded, matches)[0].decision for date in ("1965", None)
    )
    assert dated.entity == undated.entity == "early"
    assert dated.score > undated.score


def test_an_ambiguous_repair_mends_the_spelling(full_gazetteer: Gazetteer) -> None:
    text = "WE SAW BUNDV AT NOON."
    forms = tuple(f for f in full_gazetteer.forms(full_gazetteer.patterns.index("bundy")))
    repair = Repair(7, 12, forms, 0.96, "BUNDY", (), "PERSON")
    doc, folded = Document("x", text, date="1962-10-20"), fold(text)
    matches: list[Match] = Matcher(full_gazetteer).match(text, folded)
    mentions = Resolver(full_gazetteer).resolve(doc, folded, matches, repairs=lambda taken: [repair])
    (m,) = [m for m in mentions if m.text == "BUNDV"]
    assert (m.decision.kind, m.decision.name, m.decision.method) == ("ambiguous", "Bundy", "repair")
    assert {c.entity for c in m.decision.candidates} >= {"bundy-mcgeorge", "bundy-william-p"}
    assert normalize(doc, mentions, {}).normalized == "WE SAW BUNDY AT NOON."


SLOTS = """FM AMEMBASSY MOSCOW
TO SECSTATE WASHDC 2695
INFO AMEMBASSY PARIS
ROUTINE
CITE MOSC 1204
ACTION WH 8

NOTHING TO REPORT.
"""


def test_form_labels_and_slots_give_no_links(read: Read) -> None:
    mentions = read(SLOTS, "1962-10-20").mentions
    found = {m.text: (m.label, m.decision.entity) for m in mentions if m.decision.kind != "unknown"}
    assert found.keys() <= {"MOSCOW", "SECSTATE", "WASHDC", "PARIS"}
    assert found["WASHDC"] == ("PLACE", "washington")
    assert found["SECSTATE"][0] == "ORGANIZATION"


def test_the_shipped_weights_are_of_these_features_and_say_what_they_learnt_from() -> None:
    import json
    from importlib.resources import files

    data = json.loads(files("normalizer").joinpath("data", "identity.json").read_text("utf-8"))
    assert data["learnt_from"]
    for look in ("first", "second"):
        assert set(data[look]["person"]) == set(PERSON)
        assert set(data[look]["thing"]) == set(THING)
        assert set(data[look]["nobody"]) == set(NOBODY)
    model = shipped_model()
    assert 0 < model.link <= model.careful <= 1
    weights = model.second.person
    assert all(weights[n] >= 0 for n in ("title_post", "own_name", "signs_at_post", "country_beside", "prominence"))
    assert all(weights[n] <= 0 for n in ("title_against", "rival_name", "years_late"))
