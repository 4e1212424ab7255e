"""The score: what the arrays give is what the trees give, one by one."""

from __future__ import annotations

import json
import random
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.errors import ConfigError
from normalizer.repair.features import FEATURES
from normalizer.repair.score import DATA, MOST_LEAVES, Model

Tree = list[list[float]]
VALUE = st.integers(-3, 3).map(float)


def data_of(trees: list[Tree], **more: Any) -> dict[str, Any]:
    return {"features": list(FEATURES), "trees": trees, "calibration": [1, 0], "min_score": 0.5} | more


def walked(tree: Tree, row: list[float]) -> float:
    node = tree[0]
    while node[0] >= 0:
        feature, threshold, left, right, _ = node
        node = tree[int(left if row[int(feature)] <= threshold else right)]
    return node[4]


def grown(leaves: int, drawn: random.Random) -> Tree:
    """A tree of any shape, in the order of the data file."""
    tree: Tree = []

    def add(count: int) -> int:
        at = len(tree)
        tree.append([-1, 0, 0, 0, drawn.uniform(-1, 1)])
        if count > 1:
            on_left = drawn.randrange(1, count)
            test = [drawn.randrange(len(FEATURES)), drawn.randrange(-2, 3)]
            tree[at] = [*test, add(on_left), add(count - on_left), 0]
        return at

    add(leaves)
    return tree


@given(
    st.lists(st.integers(1, MOST_LEAVES), max_size=6),
    st.randoms(use_true_random=False),
    st.lists(st.lists(VALUE, min_size=len(FEATURES), max_size=len(FEATURES)), max_size=5),
)
def test_margins_are_the_sum_of_the_trees(leaves: list[int], drawn: random.Random, rows: list[list[float]]) -> None:
    trees = [grown(count, drawn) for count in leaves]
    margins = Model(data_of(trees)).margins(rows)
    assert margins.tolist() == pytest.approx([sum(walked(tree, row) for tree in trees) for row in rows])


def test_margins_of_the_shipped_trees_are_their_sum() -> None:
    data = json.loads(files("normalizer").joinpath("data", DATA).read_text("utf-8"))
    drawn = random.Random(1)
    thresholds = [[0.0] for _ in FEATURES]
    for tree in data["trees"]:
        for feature, threshold, *_ in tree:
            if feature >= 0:
                thresholds[feature].append(threshold)
    # A threshold itself goes to the left.
    rows = [[drawn.choice(some) + drawn.choice([0, 0, -1e-6, 1e-6]) for some in thresholds] for _ in range(200)]
    margins = Model(data).margins(rows)
    assert margins.tolist() == pytest.approx([sum(walked(tree, row) for tree in data["trees"]) for row in rows])
    assert len(set(margins.tolist())) > 100


def test_scores_rise_with_the_margins_from_0_to_1() -> None:
    rows = [[n / 10.0] * len(FEATURES) for n in range(5)]
    tree = [[0, 0.15, 1, 2, 0], [-1, 0, 0, 0, -60], [0, 0.25, 3, 4, 0], [-1, 0, 0, 0, 0], [-1, 0, 0, 0, 60]]
    model = Model(data_of([tree], calibration=[2, 0.1]))
    assert model.margins(rows).tolist() == [-60, -60, 0, 60, 60]
    assert model.scores(rows) == [0, 0, 0.525, 1, 1]
    assert model.scores([]) == []


def test_a_tree_of_too_many_leaves_is_refused() -> None:
    tree = grown(MOST_LEAVES + 1, random.Random(1))
    with pytest.raises(ConfigError, match=f"more than {MOST_LEAVES} leaves"):
        Model(data_of([tree]))
