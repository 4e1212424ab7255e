"""Tagger and gazetteer as two witnesses."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence

import pytest

from normalizer.exact import Matcher
from normalizer.folding import fold
from normalizer.gazetteer import Gazetteer
from normalizer.model import Document, Mention, Repair
from normalizer.resolver import Resolver
from normalizer.resolver.page import Page
from normalizer.resolver.tags import Tagged, Tags
from normalizer.resolver.witness import TaggerWitness

LABELS = ("PERSON", "PLACE", "AIRCRAFT", "MISSILE")
LAYER = """\
schema: 1
type: person
entries:
  - {id: houston-ann, name: Ann Houston, prominence: 50}
  - {id: kennedy-john, name: John Kennedy, prominence: 50}
  - {id: malik-jacob, name: Jacob Malik, prominence: 50}
---
schema: 1
type: place
entries:
  - {id: belin, name: Belin}
  - {id: west-berlin, name: West Berlin}
"""


@pytest.fixture(scope="module")
def small(make_gazetteer: Callable[..., Gazetteer]) -> Gazetteer:
    return make_gazetteer(LAYER)


def tags(text: str, *spans: tuple[str, str, float], **shares: tuple[str, float]) -> Tags:
    """Spans by their words; every word of one has the share of its label, others none; `shares` sets one by word."""
    words = [(m.start(), m.end()) for m in re.finditer(r"[^\W_]+", text)]
    found = [Tagged(text.index(s), text.index(s) + len(s), label, score) for s, label, score in spans]
    rows = [
        [max((f.score for f in found if f.label == label and f.start <= a < f.end), default=0.001) for label in LABELS]
        for a, _ in words
    ]
    for word, (label, share) in shares.items():
        n = next(n for n, (a, b) in enumerate(words) if text[a:b] == word)
        rows[n] = [share if label == x else 0.001 for x in LABELS]
    return Tags(found, words, rows, LABELS)


def resolved(gazetteer: Gazetteer, text: str, said: Tags) -> list[tuple[str, str, str]]:
    folded = fold(text)
    matches = Matcher(gazetteer).match(text, folded)
    mentions = Resolver(gazetteer).resolve(Document("d", text), folded, matches, said)
    return [(m.text, m.label, m.decision.entity or m.decision.kind) for m in mentions]


def test_what_the_tagger_sees_as_something_else_is_not_linked(small: Gazetteer) -> None:
    text = "Letter to Belin from Washburn, filed."
    assert resolved(small, text, Tags()) == [("Belin", "PLACE", "belin")]
    said = tags(text, ("Belin", "PERSON", 0.97), ("Washburn", "PERSON", 0.9))
    assert resolved(small, text, said) == [("Belin", "PERSON", "unknown"), ("Washburn", "PERSON", "unknown")]
    unsure = tags(text, ("Belin", "PERSON", 0.6))
    assert resolved(small, text, unsure) == [("Belin", "PLACE", "belin")]


def test_what_the_tagger_gainsays_leaves_room_for_a_repair(small: Gazetteer) -> None:
    text = "They flew to Belin yesterday."
    folded = fold(text)
    matches = Matcher(small).match(text, folded)
    asked: list[list[tuple[int, int]]] = []

    def repairs(spans: Sequence[tuple[int, int]]) -> list[Repair]:
        asked.append(list(spans))
        return []

    for said in (Tags(), tags(text, ("Belin", "PLACE", 0.9)), tags(text, ("Belin", "PERSON", 0.97))):
        Resolver(small).resolve(Document("d", text), folded, matches, said, repairs)
    assert asked == [[(13, 18)], [(13, 18)], []]


def test_a_repair_stands_where_the_tagger_gainsays_a_name(small: Gazetteer) -> None:
    text = "They flew to Belin yesterday."
    folded = fold(text)
    matches = Matcher(small).match(text, folded)
    (form,) = (f for p in range(len(small.patterns)) if small.patterns[p] == "houston" for f in small.forms(p))
    mended = Repair(13, 18, (form,), 0.97, "Houston", (), "PERSON")
    said = tags(text, ("Belin", "PERSON", 0.97))
    (mention,) = Resolver(small).resolve(Document("d", text), folded, matches, said, lambda spans: [mended])
    assert (mention.text, mention.decision.entity, mention.decision.reading) == ("Belin", "houston-ann", "Houston")


def test_given_names_that_only_the_tagger_knows(small: Gazetteer) -> None:
    text = "They met Xerxes Kennedy and Jobn Kennedy there."
    said = tags(text, ("Xerxes Kennedy", "PERSON", 0.9), ("Jobn Kennedy", "PERSON", 0.9))
    assert resolved(small, text, said) == [
        ("Xerxes Kennedy", "PERSON", "unknown"), ("Jobn Kennedy", "PERSON", "kennedy-john"),
    ]  # fmt: skip


def test_of_two_types_the_one_that_the_tagger_sees(make_gazetteer: Callable[..., Gazetteer]) -> None:
    layer = """\
    schema: 1
    type: person
    entries: [{id: trujillo-rafael, name: Rafael Trujillo, prominence: 50}]
    ---
    schema: 1
    type: place
    entries: [{id: trujillo, name: Trujillo}]
    """
    known = make_gazetteer(layer)
    text = "Cable to Trujillo from Dir."
    assert resolved(known, text, Tags()) == [("Trujillo", "PLACE", "trujillo")]
    person, place = tags(text, ("Trujillo", "PERSON", 0.95)), tags(text, ("Trujillo", "PLACE", 0.95))
    assert resolved(known, text, person) == [("Trujillo", "PERSON", "trujillo-rafael")]
    assert resolved(known, text, place) == [("Trujillo", "PLACE", "trujillo")]


def test_names_in_a_column_are_not_one(small: Gazetteer) -> None:
    text = "WASHBURN\nKENNEDY\n"
    said = tags(text, ("WASHBURN\nKENNEDY", "PERSON", 0.9))
    assert resolved(small, text, said) == [("KENNEDY", "PERSON", "kennedy-john")]


def test_titles_commas_and_possessives_are_no_part_of_a_name(small: Gazetteer) -> None:
    text = "Colonels Wexley and Ash's men; WEXLEY, ASHBURN; WEXLEY, John"
    said = tags(
        text, ("Colonels Wexley", "PERSON", 0.9), ("Ash's", "PERSON", 0.9), ("WEXLEY, ASHBURN", "PERSON", 0.9),
        ("WEXLEY, John", "PERSON", 0.9),
    )  # fmt: skip
    assert [name for name, _, _ in resolved(small, text, said)] == [
        "Wexley",
        "Ash",
        "WEXLEY",
        "ASHBURN",
        "WEXLEY, John",
    ]


def test_what_a_comma_and_a_hyphen_part(small: Gazetteer) -> None:
    text = "L, Outlook; General Wexley, John Ash; Otto J, Ashburn; the Wexley-Ashburn talks; Wexley-Ashburn; Jugde Ash"
    said = tags(
        text, ("L, Outlook", "PERSON", 0.9), ("Wexley, John Ash", "PERSON", 0.9), ("Otto J, Ashburn", "PERSON", 0.9),
        ("Wexley-Ashburn", "PERSON", 0.9), ("Jugde Ash", "PERSON", 0.9),
    )  # fmt: skip
    later = text.rindex("Wexley-Ashburn")
    said = Tags([*said.spans, (later, later + 14, "PERSON")], *zip(*[((0, 1), [0.0] * 4)], strict=True), LABELS)
    assert [name for name, _, _ in resolved(small, text, said)] == [
        "Outlook", "Wexley", "John Ash", "Otto J, Ashburn", "Wexley", "Ashburn", "Wexley-Ashburn", "Ash",
    ]  # fmt: skip


def test_particles_of_which_the_tagger_sees_something(small: Gazetteer) -> None:
    text = "By DE ARMAS and Ana LOPEZ DE LEON, not de Ash."
    said = tags(text, ("ARMAS", "PERSON", 0.9), ("Ana LOPEZ", "PERSON", 0.9), ("Ash", "PERSON", 0.9))
    assert [name for name, _, _ in resolved(small, text, said)] == ["ARMAS", "Ana LOPEZ", "Ash"]
    said = tags(
        text, ("ARMAS", "PERSON", 0.9), ("Ana LOPEZ", "PERSON", 0.9), ("Ash", "PERSON", 0.9),
        DE=("PERSON", 0.3), LEON=("PERSON", 0.4),
    )  # fmt: skip
    assert [name for name, _, _ in resolved(small, text, said)] == ["DE ARMAS", "Ana LOPEZ DE LEON", "Ash"]


def test_a_short_code_falls_where_nothing_flies(make_gazetteer: Callable[..., Gazetteer]) -> None:
    known = make_gazetteer("schema: 1\ntype: aircraft\nentries: [{id: a-12, name: A-12}, {id: il-28, name: IL-28}]")
    text = "They knew A-12 834 for his. IL-28 too."
    assert resolved(known, text, Tags()) == [("A-12", "AIRCRAFT", "a-12"), ("IL-28", "AIRCRAFT", "il-28")]
    assert resolved(known, text, tags(text)) == [("IL-28", "AIRCRAFT", "il-28")]
    assert len(resolved(known, text, tags(text, ("IL-28", "AIRCRAFT", 0.9)))) == 2
    flown = "A pilot of the A-12 spoke."
    assert resolved(known, flown, tags(flown)) == [("A-12", "AIRCRAFT", "a-12")]


def test_english_words_in_capitals_are_nobody_by_a_little(make_gazetteer: Callable[..., Gazetteer]) -> None:
    entries = "{id: grey-ann, name: Ann Grey}, {id: grey-otto, name: Otto Grey}"
    known = make_gazetteer(f"schema: 1\ntype: person\nentries: [{entries}]")
    text = "PAINTED GREY AND SALT."
    assert resolved(known, text, tags(text, ("GREY", "PERSON", 0.55), ("SALT", "PERSON", 0.55))) == []
    assert len(resolved(known, text, tags(text, ("GREY", "PERSON", 0.9), ("SALT", "PERSON", 0.9)))) == 2


def test_half_a_code_and_a_given_name_are_no_aircraft(make_gazetteer: Callable[..., Gazetteer]) -> None:
    known = make_gazetteer(
        "schema: 1\ntype: aircraft\nentries: [{id: c-5, name: C-5}, {id: il-4, name: IL-4, aliases: [Bob]}]"
    )
    text = "The C-5 flew with Bob's plane."
    half = tags(text, **{"C": ("AIRCRAFT", 0.9), "5": ("AIRCRAFT", 0.01), "Bob": ("PERSON", 0.3)})
    assert resolved(known, text, half) == [("C-5", "AIRCRAFT", "c-5")]
    assert ("Bob", "AIRCRAFT", "il-4") in resolved(known, text, tags(text, ("Bob", "AIRCRAFT", 0.6)))


def test_laws_are_no_people(small: Gazetteer) -> None:
    text = "The Kennedy Act and Wexley Act; Kennedy acted."
    said = tags(text, ("Wexley", "PERSON", 0.9))
    assert resolved(small, text, said) == [("Kennedy", "PERSON", "kennedy-john")]


def test_words_beside_a_name_that_are_seen_in_a_persons(small: Gazetteer) -> None:
    text = "Saw Xerxes Kennedy, and Houston-Wexley; and Kennedy Spoke."
    said = tags(text, Xerxes=("PERSON", 0.6), Wexley=("PERSON", 0.6), Spoke=("PERSON", 0.2))
    assert [name for name, _, _ in resolved(small, text, said)] == ["Xerxes Kennedy", "Houston-Wexley", "Kennedy"]


def test_words_that_fly_ask_for_more_than_codes(small: Gazetteer) -> None:
    text = "Of Sardines and XQ-7s."
    said = tags(text, ("Sardines", "AIRCRAFT", 0.4), ("XQ-7s", "AIRCRAFT", 0.4))
    assert resolved(small, text, said) == [("XQ-7s", "AIRCRAFT", "unknown")]


def test_a_weak_repair_falls_where_the_tagger_sees_none(small: Gazetteer) -> None:
    text = "Seen by Ma1ik today."
    folded = fold(text)
    for share, score, left in [(0.01, 0.2, 0), (0.01, 0.6, 1), (0.3, 0.2, 1)]:
        said, repair = tags(text, Ma1ik=("PERSON", share)), repair_of(text, "Ma1ik", score)
        mentions = Resolver(small, 0.99).resolve(Document("d", text), folded, [], said, lambda _, r=repair: [r])
        assert len(mentions) == left


def test_a_weak_span_is_no_mention(small: Gazetteer) -> None:
    text = "Then Wexley went."
    assert resolved(small, text, tags(text, ("Wexley", "PERSON", 0.2))) == []
    assert resolved(small, text, Tags([(5, 11, "PERSON")])) == [("Wexley", "PERSON", "unknown")]


def test_a_tagger_that_gives_spans_alone_changes_no_link(small: Gazetteer) -> None:
    text = "Letter to Belin and Xerxes Kennedy."
    said = Tags([(10, 15, "PERSON"), (20, 34, "PERSON")])
    assert resolved(small, text, said) == [("Belin", "PLACE", "belin"), ("Kennedy", "PERSON", "kennedy-john")]


def repair_of(text: str, surface: str, score: float = 0.5) -> Repair:
    at = text.index(surface)
    return Repair(at, at + len(surface), (0,), score, "Malik", (), "PERSON")


def test_a_repair_gains_by_its_own_label_and_loses_by_another(small: Gazetteer) -> None:
    text = "Seen by Ma1ik today."

    def scored(said: Tags) -> float:
        return TaggerWitness(small, said, Page(text, fold(text))).weighed(repair_of(text, "Ma1ik")).score

    same, other = tags(text, Ma1ik=("PERSON", 0.95)), tags(text, Ma1ik=("PLACE", 0.95))
    nothing = tags(text, Ma1ik=("PERSON", 0.05))
    assert scored(same) > scored(nothing) > scored(other)
    assert scored(same) > 0.5 > scored(other)
    assert scored(Tags()) == 0.5
    heard = TaggerWitness(small, same, Page(text, fold(text))).weighed(repair_of(text, "Ma1ik"))
    assert [str(e) for e in heard.evidence] == ["the tagger sees a person here"]
    heard = TaggerWitness(small, other, Page(text, fold(text))).weighed(repair_of(text, "Ma1ik"))
    assert [str(e) for e in heard.evidence] == ["the tagger sees no person here"]


def test_an_unknown_repair_takes_the_span_of_the_tagger(small: Gazetteer) -> None:
    text = "Seen by Zeno Ma1ik today."
    said = tags(text, ("Zeno Ma1ik", "PERSON", 0.8))
    repair = repair_of(text, "Ma1ik", 0.3)
    folded = fold(text)
    mentions = Resolver(small, 0.99).resolve(Document("d", text), folded, [], said, lambda taken: [repair])
    assert [(m.text, m.decision.method) for m in mentions] == [("Zeno Ma1ik", "repair")]
    placed = TaggerWitness(small, tags(text, ("Ma1ik", "PLACE", 0.8)), Page(text, fold(text))).joined(mentions)
    assert [(m.text, m.label) for m in placed] == [("Ma1ik", "PLACE")]


def test_a_weak_name_falls_where_the_tagger_sees_none(make_gazetteer: Callable[..., Gazetteer]) -> None:
    layer = """\
    schema: 1
    type: missile
    entries: [{id: at-10, name: AT-10}]
    ---
    schema: 1
    type: place
    entries: [{id: north-vietnam, name: North Vietnam, aliases: [DRV]}, {id: osh, name: Osh}]
    """
    known = make_gazetteer(layer)
    text = "DECL X1 DRV FROM LIA, seen AT 10 hours in Osh."
    assert len(resolved(known, text, Tags())) == 3
    assert resolved(known, text, tags(text, Osh=("PLACE", 0.01))) == [("Osh", "PLACE", "osh")]
    near = "The missile AT 10 left."
    assert resolved(known, near, tags(near)) == [("AT 10", "MISSILE", "at-10")]


def test_no_two_mentions_overlap(small: Gazetteer) -> None:
    text = "Ann Houston West Berlin a John Kennedy"
    said = tags(text, ("Ann Houston West", "PERSON", 0.9), ("Berlin a John", "PLACE", 0.9))
    folded = fold(text)
    mentions: list[Mention] = Resolver(small).resolve(
        Document("d", text), folded, Matcher(small).match(text, folded), said
    )
    assert all(a.end <= b.start for a, b in itertools.pairwise(mentions))
