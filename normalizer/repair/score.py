"""From features to the probability that a repair is right: boosted trees, calibrated, read from a data file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from normalizer.errors import ConfigError
from normalizer.repair.features import FEATURES

DATA = "repair.json"
MOST_LEAVES = 8
_AT_ONCE = 256
"""Rows judged together: their tests stay in the processor's cache."""
_FIRST = np.array([0, *((n & -n).bit_length() - 1 for n in range(1, 256))], np.intp)
"""The lowest bit that is set."""


class Model:
    """Trees in arrays. Every test of every tree is made on all rows at once.

    A test that fails rules out the leaves on its left; the first leaf that is left over is the tree's.

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
        tests = max((len(tree) // 2 for tree in trees), default=0)
        if tests >= MOST_LEAVES:
            raise ConfigError("repair", f"a tree of the weights has more than {MOST_LEAVES} leaves")
        self._feature = np.zeros((len(trees), tests), np.intp)
        self._threshold = np.full((len(trees), tests), np.inf)
        self._left_over = np.full((len(trees), tests), 255, np.uint8)
        self._value = np.zeros((len(trees), MOST_LEAVES))
        for t, tree in enumerate(trees):
            leaves: list[int] = []
            self._add(tree, 0, t, leaves, count())
            self._value[t, : len(leaves)] = [tree[n][4] for n in leaves]
        self._tree = np.arange(len(trees))[:, None]

    def _add(self, tree: list[list[float]], node: int, number: int, leaves: list[int], tests: Iterator[int]) -> None:
        """Take in the tree below a node; `leaves` gets its leaves from left to right."""
        feature, threshold, left, right, _ = tree[node]
        if feature < 0:
            leaves.append(node)
            return
        test, first = next(tests), len(leaves)
        self._add(tree, int(left), number, leaves, tests)
        self._feature[number, test], self._threshold[number, test] = feature, threshold
        self._left_over[number, test] = 255 ^ sum(1 << leaf for leaf in range(first, len(leaves)))
        self._add(tree, int(right), number, leaves, tests)

    def margins(self, rows: Sequence[Sequence[float]]) -> NDArray[np.float64]:
        """Log-odds before calibration."""
        if not rows:
            return np.zeros(0)
        parts = (self._margins(rows[at : at + _AT_ONCE]) for at in range(0, len(rows), _AT_ONCE))
        return np.concatenate(list(parts))

    def _margins(self, rows: Sequence[Sequence[float]]) -> NDArray[np.float64]:
        x = np.ascontiguousarray(np.array(rows, np.float64).T)
        failed = x[self._feature] > self._threshold[:, :, None]
        left_over = np.bitwise_and.reduce(np.where(failed, self._left_over[:, :, None], np.uint8(255)), axis=1)
        total: NDArray[np.float64] = self._value[self._tree, _FIRST[left_over]].sum(axis=0)
        return total

    def scores(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """A calibrated probability in [0, 1] for every row of features."""
        return self.calibrated(self.margins(rows))

    def calibrated(self, margins: NDArray[np.float64]) -> list[float]:
        """Probabilities from log-odds."""
        odds = self._slope * margins + self._shift
        return [round(float(p), 4) for p in 1 / (1 + np.exp(-odds))]


@cache
def shipped_model() -> Model:
    """The model of the package."""
    return Model(json.loads(files("normalizer").joinpath("data", DATA).read_text("utf-8")))
