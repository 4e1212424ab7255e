"""What a scan makes of letters: the cheapest way from a name to what the page shows."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from functools import cache
from string import ascii_letters
from typing import Any

import numpy as np
import pytest
import yaml
from common import costs_between
from hypothesis import given
from hypothesis import strategies as st

from normalizer.gazetteer import confusions_path
from normalizer.repair.channel import Confusions, swaps
from normalizer.words import word_list

BAND = 3
LETTERS = "aAbBmnr1.€"
COST = st.integers(1, 20).map(lambda n: n / 20)


def slow_cost(table: Mapping[str, Any], seen: str, meant: str) -> float:
    """The cheapest way from a name to what the page shows; `inf` where it leaves the band."""

    @cache
    def best(i: int, j: int) -> float:
        """From the first i characters of the name to the first j of the page."""
        if abs(i - j) > BAND:
            return math.inf
        if i == j == 0:
            return 0.0
        ways = []
        if i:
            ways.append(best(i - 1, j) + table["missing"].get(meant[i - 1], 1))
        if j:
            ways.append(best(i, j - 1) + table["extra"].get(seen[j - 1], 1))
        if i and j:
            same = meant[i - 1] == seen[j - 1]
            swap = 0 if same else table["swaps"].get(meant[i - 1], {}).get(seen[j - 1], 1)
            ways.append(best(i - 1, j - 1) + swap)
        for a, b in ((1, 2), (2, 1)):
            if i >= a and j >= b:
                group = table["groups"].get(meant[i - a : i], {}).get(seen[j - b : j])
                if group is not None:
                    ways.append(best(i - a, j - b) + group)
        return min(ways)

    return best(len(meant), len(seen))


def assert_is_slow_cost(cost: float, table: Mapping[str, Any], seen: str, meant: str) -> None:
    slow = slow_cost(table, seen, meant)
    if math.isinf(slow):
        assert cost > 1000, (seen, meant)
    else:
        assert cost == pytest.approx(slow, abs=1e-4), (seen, meant)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Any]:
    one, two = st.sampled_from(LETTERS), st.text(LETTERS, min_size=2, max_size=2)
    swap = st.dictionaries(one, st.dictionaries(one, COST, max_size=4), max_size=6)
    parting = st.dictionaries(one, st.dictionaries(two, COST, max_size=3), max_size=3)
    joining = st.dictionaries(two, st.dictionaries(one, COST, max_size=3), max_size=3)
    return {
        "swaps": {m: {s: c for s, c in row.items() if s != m} for m, row in draw(swap).items()},
        "groups": draw(parting) | draw(joining),
        "missing": draw(st.dictionaries(one, COST, max_size=4)),
        "extra": draw(st.dictionaries(one, COST, max_size=4)),
    }


# Names are ASCII; what the page shows may be anything, and a letter that the table cannot know is like no other.
PAIR = st.tuples(st.text(LETTERS + "éЖ", max_size=9), st.text(LETTERS, max_size=9))


@given(tables(), st.lists(PAIR, min_size=1, max_size=8))
def test_costs_equal_the_slow_recurrence(table: dict[str, Any], pairs: list[tuple[str, str]]) -> None:
    costs = costs_between(Confusions(table), [seen for seen, _ in pairs], [meant for _, meant in pairs])
    for cost, (seen, meant) in zip(costs.tolist(), pairs, strict=True):
        assert_is_slow_cost(cost, table, seen, meant)


def test_the_shipped_table_weighs_as_the_slow_recurrence(confusions: Confusions) -> None:
    table = yaml.safe_load(confusions_path().read_text("utf-8"))
    drawn = random.Random(1)
    meant = [word.title() for word in drawn.sample(sorted(w for w in word_list("english") if w.isascii()), 2000)]
    seen = [damaged(name, table, drawn) for name in meant]
    # More pairs than are weighed at once, of all lengths by turns.
    pairs = [(n, n) for n in range(len(meant))] + [(drawn.randrange(2000), drawn.randrange(2000)) for _ in range(15000)]
    drawn.shuffle(pairs)
    query, found = np.array(pairs).T
    width = max(map(len, meant + seen))
    costs = confusions.weigh(
        confusions.encode_seen(seen, width), query, confusions.encode_meant(meant, width), found
    ).tolist()
    for (q, f), cost in zip(pairs, costs, strict=True):
        if q == f or (q + f) % 5 == 0:
            assert_is_slow_cost(cost, table, seen[q], meant[f])


def damaged(name: str, table: Mapping[str, Any], drawn: random.Random) -> str:
    """A name with some letters lost or doubled, or mistaken as scans do."""
    parts = list(name)
    for _ in range(drawn.randrange(5)):
        at = drawn.randrange(len(parts))
        alike = [*table["swaps"].get(parts[at], {}), *table["groups"].get(parts[at], {})]
        parts[at] = drawn.choice([*alike, "", parts[at] * 2, drawn.choice(ascii_letters)])
    return "".join(parts)


@given(tables(), st.lists(st.text(LETTERS, min_size=1, max_size=20), min_size=1, max_size=6))
def test_equal_strings_cost_nothing(table: dict[str, Any], texts: list[str]) -> None:
    assert costs_between(Confusions(table), texts, texts).tolist() == [0] * len(texts)


@given(tables(), st.lists(PAIR, min_size=1, max_size=6))
def test_a_cost_depends_on_its_pair_alone(table: dict[str, Any], pairs: list[tuple[str, str]]) -> None:
    made = Confusions(table)
    together = costs_between(made, [s for s, _ in pairs], [m for _, m in pairs]).tolist()
    assert together == [costs_between(made, [s], [m]).tolist()[0] for s, m in pairs]


def test_nothing_costs_nothing() -> None:
    assert costs_between(Confusions({}), [], []).tolist() == []


def test_shipped_confusions_know_what_scans_do(confusions: Confusions) -> None:
    near = costs_between(confusions, ["Guba", "harnlet", "Moscow"], ["Cuba", "hamlet", "Moscow"]).tolist()
    far = costs_between(confusions, ["Xuba", "haqzlet", "Xoscow"], ["Cuba", "hamlet", "Moscow"]).tolist()
    assert near[2] == 0
    assert all(a < b for a, b in zip(near, far, strict=True))


def test_case_counts() -> None:
    big, small = costs_between(
        Confusions({"swaps": {"M": {"H": 0.3}}}), ["HIAMI", "hiami"], ["MIAMI", "miami"]
    ).tolist()
    assert (round(big, 4), small) == (0.3, 1)


@pytest.mark.parametrize(
    ("seen", "meant", "expected"),
    [
        ("Guba", "Cuba", [("G", "C")]),
        ("Cuba", "Cuba", []),
        ("Kemedy", "Kenedy", [("m", "n")]),
        ("Cubba", "Cuba", [("b", "")]),
        ("Cba", "Cuba", [("", "u")]),
    ],
)
def test_swaps_tell_what_differs(seen: str, meant: str, expected: list[tuple[str, str]]) -> None:
    assert swaps(seen, meant) == expected
