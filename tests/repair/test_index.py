"""The index by deletions finds what a plain comparison finds, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.repair.index import LONGEST, NEVER, DeletionIndex, Keys
from normalizer.words import word_list

ALIKE = ("o0", "l1")
SKELETONS = ("aeo0c", "il1tjf", "mnhw", "uv", "s5", "b8", "gq9", "z2")


def left_over(key: str, twice_from: int, alike: Sequence[str]) -> set[str]:
    """What a key may be once one or two of its characters are left out; those that look alike are one."""
    key = key.translate({ord(c): group[0] for group in alike for c in group})
    most = min(2 if len(key) >= twice_from else 1, len(key) - 1)
    return {"".join(kept) for gone in range(most + 1) for kept in combinations(key, len(key) - gone)}


def neighbours(made: DeletionIndex, queries: Sequence[str]) -> list[tuple[int, int]]:
    asked, found = made.neighbours(Keys(queries))
    return list(zip(asked.tolist(), found.tolist(), strict=True))


def naive(
    keys: Sequence[str], queries: Sequence[str], twice_from: int = NEVER, alike: Sequence[str] = ALIKE
) -> list[tuple[int, int]]:
    rests = [left_over(key, twice_from, alike) for key in keys]
    return [
        (q, k)
        for q, query in enumerate(queries)
        for k, key in enumerate(keys)
        if len(query) > 1 and len(key) > 1 and left_over(query, twice_from, alike) & rests[k]
    ]


KEYS = st.lists(st.text("ao0mb", min_size=1, max_size=8), max_size=8, unique=True)
QUERIES = st.lists(st.text("ao0mb", min_size=1, max_size=8), max_size=4)


@given(KEYS, QUERIES, st.sampled_from([2, 5, 7, NEVER]), st.booleans())
def test_neighbours_equal_a_naive_search(keys: list[str], queries: list[str], twice_from: int, skeletons: bool) -> None:
    made = DeletionIndex(keys, twice_from=twice_from, skeletons=skeletons)
    assert neighbours(made, queries) == naive(keys, queries, twice_from, SKELETONS if skeletons else ALIKE)


@pytest.mark.parametrize("skeletons", [False, True])
def test_words_find_the_words_that_a_naive_search_finds(skeletons: bool) -> None:
    drawn = random.Random(4)
    words = sorted(w for w in word_list("english") if w.isascii() and w.isalpha() and 4 <= len(w) <= 12)
    keys = drawn.sample(words, 400)
    queries = [with_slips(key, drawn) for key in keys[:100]]
    found = neighbours(DeletionIndex(keys, twice_from=7, skeletons=skeletons), queries)
    assert found == naive(keys, queries, 7, SKELETONS if skeletons else ALIKE)
    assert len(found) > 50


def with_slips(key: str, drawn: random.Random) -> str:
    """One or two letters changed, lost or added."""
    letters = list(key)
    for _ in range(drawn.choice([1, 2])):
        at = drawn.randrange(len(letters))
        letters[at] = drawn.choice(["", "e", "x", letters[at] + "n"])
    return "".join(letters)


@pytest.mark.parametrize(
    ("query", "key", "near"),
    [
        ("guba", "cuba", True),
        ("guda", "cuba", False),  # two characters of a word of four
        ("hoscaw", "moscow", True),
        ("hoscuw", "moscow", True),
        ("hxscuw", "moscow", False),
        ("m0sc0w", "moscow", True),
        ("mi1an", "milan", True),
        ("ab", "ba", True),
        ("a", "a", False),  # no name has one letter
        ("a" * LONGEST, "a" * LONGEST, True),
        ("a" * (LONGEST + 1), "a" * (LONGEST + 1), False),  # nor so many
    ],
)
def test_two_letters_of_five_may_be_gone(query: str, key: str, near: bool) -> None:
    assert neighbours(DeletionIndex([key], twice_from=5), [query]) == [(0, 0)] * near


def test_one_letter_may_be_gone_unless_more_is_asked_for() -> None:
    made = DeletionIndex(["moscow"])
    assert neighbours(made, ["mosaow", "hosaow"]) == [(0, 0)]


def test_skeletons_look_past_look_alikes() -> None:
    queries = ["hasvcw", "qvebee", "narbjn", "xxscow"]
    keys = ["moscow", "quebec", "harbin"]
    assert neighbours(DeletionIndex(keys, skeletons=True), queries) == [(0, 0), (1, 1), (2, 2)]
    assert neighbours(DeletionIndex(keys), queries) == []


def test_no_keys_and_no_queries_find_nothing() -> None:
    assert neighbours(DeletionIndex([]), ["moscow"]) == []
    assert neighbours(DeletionIndex(["moscow"]), []) == []
    assert neighbours(DeletionIndex(["a"]), ["a", ""]) == []
