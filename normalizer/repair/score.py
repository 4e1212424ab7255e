"""From features to the probability that a repair is right: boosted trees, calibrated, read from a data file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from normalizer.errors import ConfigError
from normalizer.repair.features import FEATURES

DATA = "repair.json"
MOST_LEAVES = 8
_AT_ONCE = 64
"""Rows judged together: their tests stay in the processor's cache."""
_FIRST = np.array([0, *((n & -n).bit_length() - 1 for n in range(1, 256))], np.intp)
"""The lowest bit that is set."""


class _Test(NamedTuple):
    """A test of a tree; it fails where the feature is above the threshold."""

    threshold: float
    tree: int
    left_over: int


class Model:
    """Trees in tables. A row is judged by a look at one table for each feature, whatever the number of trees.

    A test that fails rules out the leaves on its left; the first leaf that is left over is the tree's. Between two
    thresholds of a feature the same tests fail, so what they leave over is worked out once, for every tree.

    Source: C. Lucchese et al., QuickScorer, SIGIR 2015.
    """

    def __init__(self, data: dict[str, Any]) -> None:
        """Build from the data file, whose trees are lists of [feature, threshold, left, right, value]; -1 is a leaf.

        Raises:
            ConfigError: The file was made for other features, or a tree has more than `MOST_LEAVES`.
        """
        if tuple(data["features"]) != FEATURES:
            raise ConfigError("repair", "the weights are of other features; train them anew: cablenorm learn score")
        self.min_score: float = data["min_score"]
        self._slope, self._shift = data["calibration"]
        trees = data["trees"]
        values = np.zeros((len(trees), MOST_LEAVES))
        tests: dict[int, list[_Test]] = {}
        for number, tree in enumerate(trees):
            leaves: list[int] = []
            _add(tree, 0, number, leaves, tests)
            if len(leaves) > MOST_LEAVES:
                raise ConfigError("repair", f"a tree of the weights has more than {MOST_LEAVES} leaves")
            values[number, : len(leaves)] = [tree[n][4] for n in leaves]
        self._tables = [(feature, *_table(some, len(trees))) for feature, some in sorted(tests.items())]
        self._value = values[:, _FIRST].ravel()  # by tree and what is left over
        self._row_of_tree = 256 * np.arange(len(trees))

    def margins(self, rows: Sequence[Sequence[float]]) -> NDArray[np.float64]:
        """Log-odds before calibration."""
        if not rows:
            return np.zeros(0)
        parts = (self._margins(rows[at : at + _AT_ONCE]) for at in range(0, len(rows), _AT_ONCE))
        return np.concatenate(list(parts))

    def _margins(self, rows: Sequence[Sequence[float]]) -> NDArray[np.float64]:
        x = np.ascontiguousarray(np.array(rows, np.float64).T)
        left_over = np.full((len(rows), len(self._row_of_tree)), 255, np.uint8)
        for feature, thresholds, table in self._tables:
            left_over &= table.take(thresholds.searchsorted(x[feature]), axis=0)
        total: NDArray[np.float64] = self._value.take(self._row_of_tree + left_over).sum(axis=1)
        return total

    def scores(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """A calibrated probability in [0, 1] for every row of features."""
        return self.calibrated(self.margins(rows))

    def calibrated(self, margins: NDArray[np.float64]) -> list[float]:
        """Probabilities from log-odds."""
        odds = self._slope * margins + self._shift
        return [round(float(p), 4) for p in 1 / (1 + np.exp(-odds))]


def _add(tree: list[list[float]], node: int, number: int, leaves: list[int], tests: dict[int, list[_Test]]) -> None:
    """Take in the tree below a node: `leaves` gets its leaves from left to right, `tests` its tests by feature."""
    feature, threshold, left, right, _ = tree[node]
    if feature < 0:
        leaves.append(node)
        return
    first = len(leaves)
    _add(tree, int(left), number, leaves, tests)
    ruled_out = sum(1 << leaf for leaf in range(first, min(len(leaves), MOST_LEAVES)))
    tests.setdefault(int(feature), []).append(_Test(threshold, number, 255 ^ ruled_out))
    _add(tree, int(right), number, leaves, tests)


def _table(tests: list[_Test], trees: int) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """The thresholds of a feature, ascending; and what is left over of each tree below, between and above them."""
    thresholds = np.unique([t.threshold for t in tests])
    table = np.full((len(thresholds) + 1, trees), 255, np.uint8)
    for test in tests:
        table[np.searchsorted(thresholds, test.threshold) + 1, test.tree] &= np.uint8(test.left_over)
    np.bitwise_and.accumulate(table, axis=0, out=table)
    return thresholds, table


@cache
def shipped_model() -> Model:
    """The model of the package."""
    return Model(json.loads(files("normalizer").joinpath("data", DATA).read_text("utf-8")))
