from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from common import Resolve

from normalizer.exact import Matcher
from normalizer.folding import fold
from normalizer.gazetteer import Gazetteer
from normalizer.model import Document, Mention, Result
from normalizer.resolver import Resolver

FILE = Path(__file__).parent / "cases" / "resolver.yaml"
CASES: list[dict[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))
CASE_KEYS = {"name", "text", "date", "gazetteer", "expect", "untouched"}
EXPECTED_KEYS = {"text", "entity", "decision", "label", "reading", "method", "candidates"}


def test_the_table_is_sound() -> None:
    assert len(CASES) >= 100
    assert sum("gazetteer" in case for case in CASES) >= 40
    assert [name for name, count in Counter(c["name"] for c in CASES).items() if count > 1] == []
    for case in CASES:
        assert case.keys() <= CASE_KEYS, case["name"]
        assert case.get("gazetteer", "full") == "full", case["name"]
        for row in case.get("expect", ()):
            assert row.keys() <= EXPECTED_KEYS, case["name"]
            assert ("entity" in row) != ("decision" in row), case["name"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any], resolve: Resolve, gazetteer: Gazetteer, request: pytest.FixtureRequest) -> None:
    date = case.get("date")
    known = request.getfixturevalue("full_gazetteer") if "gazetteer" in case else gazetteer
    result = resolve(case["text"], None if date is None else str(date), known)
    expected = case.get("expect", [])
    assert [found(m) for m in result.mentions] == [wanted(row) for row in expected]
    for m, row in zip(result.mentions, expected, strict=True):
        if "label" in row:
            assert m.label == row["label"]
        if "method" in row:
            assert m.decision.method == row["method"]
        if "candidates" in row:
            assert [c.entity for c in m.decision.candidates] == row["candidates"]
        assert reading(result, m) == row.get("reading", m.text)
    if case.get("untouched"):
        assert result.normalized == case["text"]


def found(m: Mention) -> tuple[str, str]:
    return m.text, m.decision.entity or m.decision.kind


def wanted(row: dict[str, Any]) -> tuple[str, str]:
    return row["text"], row.get("entity") or row["decision"]


def reading(result: Result, m: Mention) -> str:
    start, end = result.offsets.forward(m.start, m.end)
    return result.normalized[start:end]


LETTER = [
    ("Khrushchev", "khrushchev-nikita-s"),
    ("Khrushchev", "khrushchev-nikita-s"),
    ("K-23's", "il-28"),
    ("Khrushchev", "khrushchev-nikita-s"),
    ("Cuba", "cuba"),
    ("John J. Buckley", "mccloy-john-j"),
    ("United States Mission to the United Nations", "us-mission-un"),
    ("New York", "new-york"),
    ("New York", "new-york"),
    ("Alistair Stevenson", "stevenson-adlai-e"),
    ("Sumner", "kuznetsov-vasily-v"),
    ("Sumner", "kuznetsov-vasily-v"),
    ("XI-10's", "il-28"),
    ("Sumner", "kuznetsov-vasily-v"),
    ("XI-10's", "il-28"),
    ("Dean Rusk", "rusk-dean"),
    ("Alistair Stevenson", "stevenson-adlai-e"),
]


def test_the_letter(letter: str, resolve: Resolve) -> None:
    result = resolve(letter)
    assert [found(m) for m in result.mentions] == LETTER
    assert all(m.decision.kind == "linked" for m in result.mentions)


def test_the_letter_with_the_default_gazetteer(letter: str, resolve: Resolve, full_gazetteer: Gazetteer) -> None:
    result = resolve(letter, None, full_gazetteer)
    excom = ("NSC Executive Committee", "excom")
    linked = [found(m) for m in result.mentions if m.decision.kind == "linked"]
    assert [pair for pair in linked if pair != excom] == LETTER
    assert linked.count(excom) == letter.count(excom[0]) == 1
    assert {m.decision.kind for m in result.mentions} <= {"linked", "unknown"}
    assert result.normalized == resolve(letter).normalized


def test_the_letter_reads_as_its_page_but_for_the_names(
    letter: str, resolve: Resolve, full_gazetteer: Gazetteer
) -> None:
    expected = letter
    for seen, true, times in (
        ("K-23's", "IL-28's", 1),
        ("XI-10's", "IL-28's", 2),
        ("John J. Buckley", "John J. McCloy", 1),
        ("Alistair Stevenson", "Adlai Stevenson", 2),
        ("Sumner", "Kuznetsov", 3),
    ):
        assert expected.count(seen) == times
        expected = expected.replace(seen, true)
    assert resolve(letter).normalized == expected
    assert resolve(letter, None, full_gazetteer).normalized == expected


def test_the_letter_says_why(letter: str, resolve: Resolve) -> None:
    for m in resolve(letter).mentions:
        assert m.decision.evidence
        assert 0 < m.decision.score <= 1
        if m.decision.method == "misreading":
            words = " ".join(map(str, m.decision.evidence))
            assert "is an attested misreading of" in words
            assert "letter to McCloy, November 1962" in words
            assert "stands within 60 words" in words


def test_the_same_page_gives_the_same_result(letter: str, resolve: Resolve) -> None:
    assert resolve(letter).to_dict() == resolve(letter).to_dict()


def test_an_ambiguous_mention_has_the_shared_name_and_its_candidates(resolve: Resolve) -> None:
    (m,) = resolve("We met BUNDY at noon.", "1962-10-20").mentions
    d = m.decision
    assert (d.kind, d.entity, d.name) == ("ambiguous", None, "Bundy")
    assert [c.name for c in d.candidates] == ["McGeorge Bundy", "William P. Bundy"]
    assert d.candidates[0].score > d.candidates[1].score > 0
    assert sum(c.score for c in d.candidates) == pytest.approx(d.score, abs=0.001)


def test_an_unknown_mention_has_no_name_and_says_why(resolve: Resolve) -> None:
    (m,) = resolve("Roy Kennedy of Chicago was there.").mentions
    d = m.decision
    assert (d.kind, d.entity, d.name, d.reading) == ("unknown", None, None, None)
    assert {c.entity for c in d.candidates} == {"kennedy-john-f", "kennedy-robert-f", "kennedy-edward-m"}
    assert "'Roy' stands before" in str(d.evidence[0])


# Scopes, one key at a time. The page says Foo; in the gazetteer it is a misreading of Bar.

PLACE = """
schema: 1
type: place
entries:
  - id: bar
    name: Barville
    misreadings:
      - text: Foo
        when: {scope}
  - {{id: zed, name: Zedtown, aliases: [Zedford], misreadings: [Zodtown]}}
"""


@pytest.fixture(scope="module")
def scoped(make_gazetteer: Callable[..., Gazetteer]) -> Callable[[str], Gazetteer]:
    made: dict[str, Gazetteer] = {}

    def make(scope: str) -> Gazetteer:
        if scope not in made:
            made[scope] = make_gazetteer(PLACE.format(scope=scope))
        return made[scope]

    return make


def linked(result: Result) -> bool:
    """Whether Foo was read as Barville."""
    return any(m.text == "Foo" and m.decision.entity == "bar" for m in result.mentions)


@pytest.mark.parametrize(
    ("dates", "date", "holds"),
    [
        ("1962-10..1962-12", "1962-11-17", True),
        ("1962-10..1962-12", "1962-10-01", True),
        ("1962-10..1962-12", "1962-12-31", True),
        ("1962-10..1962-12", "1962-09-30", False),
        ("1962-10..1962-12", "1963-01-01", False),
        # A partial date may be any of its days.
        ("1962-10..1962-12", "1962", True),
        ("1962-10-05..1962-10-06", "1962-10", True),
        ("1962-10..1962-12", "1961", False),
        ("1962", "1962-05", True),
        ("1962..", "1999", True),
        ("1962..", "1961-12-31", False),
        ("..1962", "1900", True),
        ("..1962", "1963", False),
        # A document without a date is in no range.
        ("1962-10..1962-12", None, False),
        ("1962..", None, False),
        ("..1962", None, False),
    ],
)
def test_dates(scoped: Callable[[str], Gazetteer], resolve: Resolve, dates: str, date: str | None, holds: bool) -> None:
    assert linked(resolve("He lives in Foo.", date, scoped(f'{{dates: "{dates}"}}'))) is holds


@pytest.mark.parametrize(
    ("globs", "name", "source", "holds"),
    [
        ("[nara-1962-*]", "nara-1962-17", None, True),
        ("[nara-1962-*]", "nara-1963-17", None, False),
        ("[nara-1962-*]", "x", "nara-1962-17", True),
        ("[nara-1962-*]", "x", None, False),
        ("[a, b, 'c?']", "c7", None, True),
        ("[a, b, 'c?']", "c77", None, False),
        ("one", "one", None, True),
        ("one", "ONE", None, False),
        ("'*/letters/*'", "box/letters/3.txt", None, True),
        ("'page-[12]'", "page-2", None, True),
        ("'page-[12]'", "page-3", None, False),
    ],
)
def test_documents(
    scoped: Callable[[str], Gazetteer], resolve: Resolve, globs: str, name: str, source: str | None, holds: bool
) -> None:
    made = scoped(f"{{documents: {globs}}}")
    assert linked(resolve("He lives in Foo.", None, made, name=name, source=source)) is holds


@pytest.mark.parametrize(
    ("near", "text", "holds"),
    [
        ("[bomber]", "The bomber left Foo.", True),
        ("[bomber]", "Foo has a bomber.", True),
        ("[bomber]", "The BOMBER left Foo.", True),
        ("[bomber]", "The bombers left Foo.", False),
        ("[bomber]", "They left Foo.", False),
        ("[bomber, bombers]", "The bombers left Foo.", True),
        ("bomber", "The bomber left Foo.", True),
        ("[lift the quarantine]", "They lift the\nquarantine of Foo.", True),
        ("[lift the quarantine]", "They lift a quarantine; the quarantine of Foo.", False),
        ("[Soviet reply]", "the Soviet-reply from Foo", True),
        ("[São Paulo]", "from Sao Paulo to Foo", True),
        # The name itself, even as a part of the phrase, stands not near itself.
        ("[Foo]", "He lives in Foo.", False),
        ("[Foo]", "From Foo to Foo.", True),
        ("[in Foo]", "He lives in Foo.", False),
        # Sixty words on either side.
        ("[bomber]", "bomber " + "x " * 59 + "Foo", True),
        ("[bomber]", "bomber " + "x " * 60 + "Foo", False),
        ("[bomber]", "Foo " + "x " * 59 + "bomber", True),
        ("[bomber]", "Foo " + "x " * 60 + "bomber", False),
        # Paragraphs and pages do not matter.
        ("[bomber]", "bomber.\n\n\n\f- 2 -\n\nFoo", True),
        # Long words count as words.
        ("[bomber]", "bomber " + "extraordinarily-long-words " * 20 + "Foo", False),
        ("[bomber]", "bomber " + "extraordinarilylongwordsindeed " * 59 + "Foo", True),
    ],
)
def test_near(scoped: Callable[[str], Gazetteer], resolve: Resolve, near: str, text: str, holds: bool) -> None:
    assert linked(resolve(text, None, scoped(f"{{near: {near}}}"))) is holds


@pytest.mark.parametrize(
    ("scope", "text", "holds"),
    [
        ("{not_near: [Welles]}", "He lives in Foo.", True),
        ("{not_near: [Welles]}", "Welles lives in Foo.", False),
        ("{not_near: [Welles, Jones]}", "Jones lives in Foo.", False),
        ("{not_near: [Welles]}", "Welles " + "x " * 60 + "Foo", True),
        ("{near: [bomber], not_near: [Welles]}", "The bomber left Foo.", True),
        ("{near: [bomber], not_near: [Welles]}", "The bomber left Foo with Welles.", False),
        ("{near: [bomber], not_near: [Welles]}", "Welles left Foo.", False),
    ],
)
def test_not_near(scoped: Callable[[str], Gazetteer], resolve: Resolve, scope: str, text: str, holds: bool) -> None:
    assert linked(resolve(text, None, scoped(scope))) is holds


@pytest.mark.parametrize("within", [1, 2, 5, 60, 200])
def test_within(scoped: Callable[[str], Gazetteer], resolve: Resolve, within: int) -> None:
    made = scoped(f"{{near: [bomber], within: {within}}}")
    for words, holds in ((within - 1, True), (within, False)):
        assert linked(resolve("bomber " + "x " * words + "Foo", None, made)) is holds
        assert linked(resolve("Foo " + "x " * words + "bomber", None, made)) is holds


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("From Zedtown to Foo.", True),
        ("Foo, not Zedford.", True),
        ("From zedtown to Foo.", True),
        ("From Zed-\ntown to Foo.", True),
        ("From zed to Foo.", False),
        # A misreading of the entity is no name of it.
        ("From Zodtown to Foo.", False),
        ("Zedtown " + "x " * 59 + "Foo", True),
        ("Zedtown " + "x " * 60 + "Foo", False),
    ],
)
def test_near_an_entity(scoped: Callable[[str], Gazetteer], resolve: Resolve, text: str, holds: bool) -> None:
    assert linked(resolve(text, None, scoped('{near: ["id:zed"]}'))) is holds
    assert linked(resolve(text, None, scoped('{not_near: ["id:zed"]}'))) is not holds


def test_all_keys_of_a_scope_must_hold(scoped: Callable[[str], Gazetteer], resolve: Resolve) -> None:
    made = scoped("{dates: 1962, documents: ['nara-*'], near: [bomber], not_near: [Welles]}")
    good = {"text": "The bomber left Foo.", "date": "1962-11", "name": "nara-1"}
    assert linked(resolve(**good, gazetteer=made))
    for bad in ({"date": "1963"}, {"date": None}, {"name": "x"}, {"text": "They left Foo."}):
        assert not linked(resolve(**{**good, **bad}, gazetteer=made))
    assert not linked(resolve(**{**good, "text": "The bomber left Foo with Welles."}, gazetteer=made))


def test_a_misreading_without_a_scope_holds_anywhere(
    make_gazetteer: Callable[..., Gazetteer], resolve: Resolve
) -> None:
    made = make_gazetteer("schema: 1\ntype: place\nentries: [{id: havana, name: Havana, misreadings: [HAV ANA]}]")
    result = resolve("in HAV ANA", None, made)
    assert result.normalized == "in HAVANA"
    assert result.mentions[0].decision.method == "misreading"


def test_several_readings_of_one_word_each_in_its_scope(
    make_gazetteer: Callable[..., Gazetteer], resolve: Resolve
) -> None:
    made = make_gazetteer(
        """
        schema: 1
        type: person
        entries:
          - id: kuznetsov
            name: Vasily Kuznetsov
            misreadings: [{text: Sumner, when: {near: [bombers]}}]
          - id: welles
            name: Benjamin Sumner
          - id: khrushchev
            name: Nikita Khrushchev
            misreadings: [{text: Sumner, when: {near: [Moscow]}}]
        """
    )

    def who(text: str) -> list[str]:
        return [found(m)[1] for m in resolve(text, None, made).mentions]

    assert who("Sumner came.") == ["welles"]
    assert who("The bombers of Sumner.") == ["kuznetsov"]
    assert who("Sumner in Moscow.") == ["khrushchev"]
    assert who("The bombers of Sumner in Moscow.") == ["ambiguous"]


def test_a_type_of_your_own(make_gazetteer: Callable[..., Gazetteer], resolve: Resolve) -> None:
    made = make_gazetteer(
        """
        schema: 1
        type: ship
        entries: [{id: grozny, name: Grozny, active: 1960..1962-12, misreadings: [GR0ZNY]}]
        """
    )
    (m,) = resolve("the GR0ZNY", None, made).mentions
    assert (m.label, m.decision.entity, m.decision.reading) == ("SHIP", "grozny", "GROZNY")
    assert resolve("the Grozny", "1963", made).mentions == ()
    assert len(resolve("the Grozny", "1962", made).mentions) == 1


def test_what_a_tagger_adds_stays_unknown(gazetteer: Gazetteer) -> None:
    text = "Smithers met Khrushchev."
    folded = fold(text)
    matches = Matcher(gazetteer).match(text, folded)
    tagged = [(0, 8, "PERSON"), (13, 23, "PERSON"), (24, 24, "PLACE")]
    mentions = Resolver(gazetteer).resolve(Document("d", text), folded, matches, tagged)
    assert [(m.text, m.decision.kind, m.decision.method) for m in mentions] == [
        ("Smithers", "unknown", "tagger"),
        ("Khrushchev", "linked", "exact"),
    ]
