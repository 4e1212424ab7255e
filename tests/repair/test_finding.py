"""Candidates of a document: the names that its damaged words may be, and what stands beside them."""

from __future__ import annotations

from math import isfinite
from string import ascii_lowercase

import pytest
from hypothesis import given
from repairing import PAGE, Asked

from normalizer.gazetteer import Gazetteer
from normalizer.repair.channel import Confusions
from normalizer.repair.features import FEATURES, Context, context_of
from normalizer.repair.finding import Candidate, Finder
from normalizer.repair.stretches import Vocabulary, Words

WORN = Confusions({"swaps": {letter: {"x": 0.2} for letter in ascii_lowercase}})


def names(finder: Finder, found: list[Candidate], surface: str) -> list[str]:
    return [finder.targets[c.name.target].key for c in found if c.stretch.surface == surface]


def feature(candidate: Candidate, name: str) -> float:
    return candidate.features[FEATURES.index(name)]


@pytest.mark.parametrize(
    ("text", "surface", "key"),
    [
        ("They remain in Guba now.", "Guba", "cuba"),
        ("They remain in Cubs now.", "Cubs", "cuba"),
        ("They flew toCuba now.", "toCuba", "cuba"),
        ("HAV ANA radio", "HAVANA", "havana"),
        ("They flew to Mexico Clty now.", "MexicoClty", "mexicocity"),
    ],
)
def test_a_damaged_name_is_a_candidate(asked: Asked, finder: Finder, text: str, surface: str, key: str) -> None:
    assert names(finder, asked.candidates(finder, text), surface)[0] == key


@pytest.mark.parametrize("text", ["", " ", "\n\n", "In Cuba and Havana the house is theirs.", "Qqqq zzxzz", "1962"])
def test_pages_without_candidates(asked: Asked, finder: Finder, text: str) -> None:
    assert asked.candidates(finder, text) == []


def test_what_is_taken_is_no_candidate(finder: Finder) -> None:
    text = "They remain in Guba and Havaua."
    spans = [(c.stretch.start, c.stretch.end) for c in finder.candidates(text, [], [(15, 19)])]
    assert (24, 30) in spans
    assert (15, 19) not in spans
    assert finder.candidates(text, [], [(0, len(text))]) == []


def test_names_that_stand_whole_are_counted(asked: Asked, finder: Finder) -> None:
    once, thrice = (asked.candidates(finder, f"{'Mikoyan came. ' * n}Mr. Mikoyen left.")[0] for n in (1, 3))
    assert (once.here, thrice.here) == (1, 3)
    assert 0 < feature(once, "in_document") < feature(thrice, "in_document")


def test_a_name_of_the_document_is_a_candidate_with_half_of_it_gone(gazetteer: Gazetteer, asked: Asked) -> None:
    finder = Finder(gazetteer, WORN)
    damaged = "The letter was signed by Stxxxxson in haste."
    assert names(finder, asked.candidates(finder, damaged), "Stxxxxson") == []
    assert names(finder, asked.candidates(finder, f"Kuznetsov came. {damaged}"), "Stxxxxson") == []
    found = asked.candidates(finder, f"Stevenson came. {damaged}")
    assert names(finder, found, "Stxxxxson") == ["stevenson"]
    # The next page lacks it again.
    assert names(finder, asked.candidates(finder, damaged), "Stxxxxson") == []


def test_other_spellings_in_the_document_are_counted(asked: Asked, finder: Finder) -> None:
    alone, beside, twice = (
        asked.candidates(finder, f"A letter from Kuznetsoy came.{more}")[0]
        for more in ("", " It was of Kuznctsov too.", " It was of Kuznetsoy too.")
    )
    assert [feature(c, "variants_here") for c in (alone, beside, twice)] == [0, 1, 0]
    assert feature(alone, "surface_here") == feature(beside, "surface_here") == 0
    assert feature(twice, "surface_here") > 0


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("Guba", Context("", "", False, False, False, False, False, False, True)),
        ("in Guba now", Context("in", "now", False, False, False, False, False, False, False)),
        ("In Guba, Now", Context("in", "now", False, False, False, True, True, True, False)),
        ("President Guba", Context("president", "", True, False, False, True, False, False, False)),
        ("president Guba", Context("president", "", False, False, False, False, False, False, False)),
        ("Adlai Guba", Context("adlai", "", False, True, False, True, False, False, False)),
        ("A. Guba", Context("a", "", False, True, False, True, False, False, False)),
        ("A Guba", Context("a", "", False, False, False, True, False, False, False)),
        ("xzqw\nGuba", Context("xzqw", "", False, False, True, False, False, False, True)),
    ],
)
def test_what_stands_beside_a_stretch(text: str, context: Context) -> None:
    words = Words(text, Vocabulary(dict.fromkeys(["in", "now", "president", "adlai"], 2), ()))
    at = words.texts.index("Guba")
    assert context_of(words, at, at, text) == context


@given(PAGE)
def test_candidates_hold_over_any_page(asked: Asked, finder: Finder, text: str) -> None:
    found = asked.candidates(finder, text)
    for c in found:
        assert 0 <= c.stretch.start < c.stretch.end <= len(text)
        assert c.name in c.found.names
        assert len(c.features) == len(FEATURES)
        assert all(map(isfinite, c.features))
    assert len({(c.stretch, c.name) for c in found}) == len(found)
