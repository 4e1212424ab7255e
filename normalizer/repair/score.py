"""From features to the probability that a repair is right: boosted trees, calibrated, read from a data file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from normalizer.errors import ConfigError
from normalizer.repair.features import FEATURES

DATA = "repair.json"


class Model:
    """Trees in arrays; all rows go down all trees together, a level at a time."""

    def __init__(self, data: dict[str, Any]) -> None:
        """Build from the data file, whose trees are lists of [feature, threshold, left, right, value]; -1 is a leaf.

        Raises:
            ConfigError: The file was made for other features.
        """
        if tuple(data["features"]) != FEATURES:
            raise ConfigError("repair", "the weights are of other features; train them anew: cablenorm learn score")
        self.min_score: float = data["min_score"]
        self._slope, self._shift = data["calibration"]
        trees = data["trees"]
        nodes = max(map(len, trees))
        shape = (len(trees), nodes)
        self._feature = np.zeros(shape, np.int64)
        self._threshold = np.full(shape, np.inf)
        self._next = np.zeros((*shape, 2), np.int64)
        self._value = np.zeros(shape)
        for t, tree in enumerate(trees):
            for n, (feature, threshold, left, right, value) in enumerate(tree):
                leaf = feature < 0
                self._feature[t, n] = 0 if leaf else feature
                self._threshold[t, n] = np.inf if leaf else threshold
                self._next[t, n] = (n, n) if leaf else (left, right)
                self._value[t, n] = value
        self._depth = data["depth"]
        self._all = np.arange(len(trees))

    def margins(self, rows: Sequence[Sequence[float]]) -> NDArray[np.float64]:
        """Log-odds before calibration."""
        if not rows:
            return np.zeros(0)
        x = np.array(rows, np.float64)
        at = np.zeros((len(x), len(self._all)), np.int64)
        every = np.arange(len(x))[:, None]
        for _ in range(self._depth):
            right = x[every, self._feature[self._all, at]] > self._threshold[self._all, at]
            at = self._next[self._all, at, right.astype(np.int64)]
        total: NDArray[np.float64] = self._value[self._all, at].sum(axis=1)
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
