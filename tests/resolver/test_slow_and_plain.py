"""What is quick in the resolver equals what is slow and plain."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from normalizer.folding import fold
from normalizer.model import Evidence, Span
from normalizer.resolver.case import _longest
from normalizer.resolver.options import Place
from normalizer.resolver.page import Page
from normalizer.resolver.people import agreeing, agreement
from normalizer.words import nicknames

REACH = 64
PAGES = st.text(st.sampled_from("aZé9 \n.,-_'\u00a0"), max_size=90)
NAMES = st.sampled_from(["william", "bill", "w", "john", "jack", "jean", "j", "a", "albert", "xqz", "liz"])
SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6), st.booleans()), max_size=12)


@given(PAGES, PAGES)
@example("a" * 70, " b")
@example("a b ", " " + "c" * 70)
def test_the_words_beside_a_place(head: str, tail: str) -> None:
    text, at = head + tail, len(head)
    page = Page(text, fold(text))
    before = list(re.finditer(r"[^\W_]+", text[max(0, at - REACH) : at]))
    after = list(re.finditer(r"[^\W_]+", text[at : at + REACH]))
    left, right = page.before(at), page.after(at)
    assert (left is None, right is None) == (not before, not after)
    if left is not None:
        start = max(0, at - REACH)
        last = before[-1]
        assert left == (last[0], start + last.start(), start + last.end(), text[start + last.end() : at])
    if right is not None:
        first = after[0]
        assert right == (first[0], at + first.start(), at + first.end(), text[at : at + first.start()])


@given(st.lists(NAMES, min_size=1, max_size=3), st.lists(st.lists(NAMES, max_size=3), max_size=6))
def test_whose_given_names_agree(seen: list[str], givens: list[list[str]]) -> None:
    levels = {number: agreement(seen, names) for number, names in enumerate(givens)}
    best = max(levels.values(), default=0)
    assert agreeing(seen, dict(enumerate(givens))) == {n: level for n, level in levels.items() if level == best > 0}


def test_a_nickname_agrees_both_ways() -> None:
    short, full = next((short, min(full)) for short, full in nicknames().items() if full)
    assert agreeing([short], {1: [full], 2: ["xqz"]}) == agreeing([full], {1: [short], 2: ["xqz"]}) == {1: 2}


@given(SPANS)
def test_longer_places_go_before_shorter(spans: list[tuple[int, int, bool]]) -> None:
    places = []
    for start, length, is_else in spans:
        place = Place(start, start + length, [], [])
        place.somebody_else = Evidence("given", "") if is_else else None
        places.append(place)
    taken: list[Place] = []
    for place in sorted(places, key=lambda p: (p.start - p.end, p.somebody_else is not None, p.start)):
        if all(place.end <= other.start or other.end <= place.start for other in taken):
            taken.append(place)
    assert _longest(places) == sorted(taken, key=lambda p: Span(p.start, p.end))
