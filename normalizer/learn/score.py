"""Weights of the repair score, learnt from candidates on pages that were read twice."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from random import Random
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from rapidfuzz.distance import Levenshtein

from normalizer.errors import ConfigError, MissingExtraError
from normalizer.exact import Matcher
from normalizer.folding import fold, key
from normalizer.gazetteer import Gazetteer
from normalizer.learn.damage import damage
from normalizer.learn.readings import Readings, blocks
from normalizer.model import UNKNOWN, Document, Mention
from normalizer.repair.features import FEATURES
from normalizer.repair.finding import Candidate, Finder
from normalizer.repair.score import Model
from normalizer.resolver import Resolver
from normalizer.words import word_list

RIGHT, WRONG, SAME = 1, 0, -1
"""The better reading has the name there; it has other words; it has the damaged word too."""
SAME_WEIGHT = 0.1
"""Weight of SAME as a wrong one: it is another name or, more often, both readings slipped alike."""
MADE_WEIGHT = 0.3
"""Weight of a candidate for a name that was damaged by hand."""
TREES, LEAVES, RATE, LEAF_ROWS = 200, 8, 0.05, 20
FORESTS, FOLDS = 3, 4
_RISING = frozenset(
    "in_document in_texts prominence name_margin word_margin prior before after title given word_cost "  # noqa: SIM905
    "seat".split()
)
_FALLING = frozenset(["cost", "cost_squared", "cost_by_length", "edits", "worth", "surface_small", "person_expected"])
_REACH, _MOST_WORDS = 4, 12
_ALIKE = 0.6
_WORD = re.compile(r"\S+")
_PART = re.compile(r"[^\W_]+")
_LONGEST = 400_000


class Example(NamedTuple):
    """A candidate's features, whether it is right, whether it would be chosen on its page, and its weight."""

    features: list[float]
    label: int
    first: bool
    weight: float = 1.0


class Aligned:
    """The words of a worse reading, and those of the better that stand in their place."""

    def __init__(self, worse: str, better: str) -> None:
        self._starts = [m.start() for m in _WORD.finditer(worse)]
        seen = [m[0] for m in _WORD.finditer(worse)]
        self.better = better.split()
        self._often = Counter(key(w) for w in self.better)
        self._places: list[tuple[int, int]] = [(-1, -1)] * len(seen)
        self._same = [False] * len(seen)
        for a, end, b, stop, same in blocks(seen, self.better):
            wide, other = end - a, stop - b
            for k in range(wide):
                first, last = b + k * other // wide, b + -(-(k + 1) * other // wide)
                if other != wide:
                    first, last = max(b, first - 1), min(stop, last + 1)
                self._places[a + k] = (first, last)
                self._same[a + k] = same

    def label(self, start: int, end: int, surface: str, target: str, sound: Container[str]) -> int | None:
        """RIGHT, WRONG or SAME for a name of key `target` at a span of the worse reading; None where nobody knows.

        `sound`: keys of words and names; others in the better reading may be damaged too, and say nothing.
        """
        first = max(0, bisect_right(self._starts, start) - 1)
        last = max(first, bisect_left(self._starts, end) - 1)
        if not any(self._same[max(0, first - _REACH) : first]) or not any(self._same[last + 1 : last + 1 + _REACH]):
            return None
        a, b = self._places[first][0], self._places[last][1]
        if a < 0 or not a <= b <= a + _MOST_WORDS:
            return None
        around = [key(p) for w in self.better[max(0, a - 1) : b + 1] for p in _PART.findall(w)]
        for i in range(len(around)):
            for j in range(i + 1, min(len(around), i + 4) + 1):
                run = "".join(around[i:j])
                if run in (target, target + "s") or (run[:-1] == target and len(target) > 5):
                    return RIGHT
        there = [key(p) for w in self.better[a:b] for p in _PART.findall(w)]
        if not there:
            return None
        agreed = self._same[first] and key(surface) in there
        if any(Levenshtein.normalized_similarity(w, target) >= _ALIKE for w in (*there, "".join(there))):
            ordinary = all(word in word_list("english") or word in word_list("demonyms") for word in there)
            return SAME if agreed else WRONG if ordinary else None
        return WRONG if agreed or all(word in sound or self._often[word] > 1 for word in there) else None


def examples(pairs: Iterable[Readings], gazetteer: Gazetteer, finder: Finder) -> Iterator[tuple[str, list[Example]]]:
    """(document, its labelled candidates) of documents that were read twice, with more names damaged by hand."""
    matcher, resolver = Matcher(gazetteer), Resolver(gazetteer)

    def candidates(name: str, text: str) -> tuple[list[Mention], list[Candidate]]:
        folded = fold(text)
        matches = matcher.match(text, folded)
        decided = [m for m in resolver.resolve(Document(name, text), folded, matches) if m.decision.kind != UNKNOWN]
        return decided, finder.candidates(text, matches, [(m.start, m.end) for m in decided])

    for pair in pairs:
        text = pair.worse[:_LONGEST]
        mentions, found = candidates(pair.id, text)
        aligned = Aligned(text, pair.better)
        rows = []
        for c in found:
            target = finder.targets[c.name.target].key
            label = aligned.label(c.stretch.start, c.stretch.end, c.stretch.surface, target, finder.sound)
            if label is not None:
                rows.append(Example(c.features, label, c.first, SAME_WEIGHT if label == SAME else 1.0))
        made, damaged = damage(text, mentions, finder.confusions, Random(crc32(pair.id.encode())))
        starts = [d.start for d in damaged]
        for c in candidates(pair.id, made)[1] if damaged else ():
            at = bisect_left(starts, c.stretch.end) - 1
            if at >= 0 and damaged[at].end > c.stretch.start:
                label = RIGHT if finder.targets[c.name.target].key in damaged[at].keys else WRONG
                rows.append(Example(c.features, label, c.first, MADE_WEIGHT))
        yield pair.id, rows


def learn_score(
    pairs: Iterable[Readings],
    gazetteer: Gazetteer,
    finder: Finder,
    precision: float,
    seed: int,
    min_score: float | None = None,
) -> tuple[dict[str, Any], str]:
    """(data of `repair.json`, what it was learnt from in words).

    The score is calibrated on candidates of documents that the trees which judge them were not trained on.

    Args:
        pairs: Documents that were read twice.
        gazetteer: Whose names are repaired.
        finder: Of its candidates.
        precision: Of repairs, which sets the threshold.
        seed: Of the trees.
        min_score: The threshold, where it is not to follow from `precision`.

    Raises:
        ConfigError: Too few candidates, or all of them right or all wrong.
        MissingExtraError: LightGBM is not installed.
    """
    _lightgbm()  # is asked for before the long work
    folds: list[list[Example]] = [[] for _ in range(FOLDS)]
    documents = 0
    for name, rows in examples(pairs, gazetteer, finder):
        documents += 1
        folds[crc32(name.encode()) % FOLDS] += rows
    learning = [row for fold in folds for row in fold]
    learned = [row.label == RIGHT for row in learning]
    _check(learned, 2 * LEAF_ROWS, f"learn from in {documents:,} documents")  # fewer make no branch
    margins, right = [], []
    for k, judged in enumerate(folds):
        others = [row for n, fold in enumerate(folds) if n != k for row in fold]
        if not judged or len({row.label == RIGHT for row in others}) < 2:
            continue
        model = Model(train(others, seed))
        for margin, row in zip(model.margins([r.features for r in judged]), judged, strict=True):
            if row.first and row.weight == 1:
                margins.append(float(margin))
                right.append(row.label == RIGHT)
    _check(right, 2, f"calibrate with in {documents:,} documents")
    data = train(learning, seed)
    data["calibration"] = calibrate(np.array(margins), np.array(right))
    data["min_score"] = _threshold(Model(data), margins, right, precision) if min_score is None else min_score
    told = (
        f"{documents:,} documents, {len(learning):,} candidates ({sum(learned):,} right),"
        f" {len(right):,} of them to calibrate ({sum(right):,} right); threshold {data['min_score']}"
    )
    data["trained_on"] = told
    return data, told


def _check(right: list[bool], fewest: int, purpose: str) -> None:
    if len(right) < fewest or all(right) or not any(right):
        counts = f"{len(right):,} candidates to {purpose}, {sum(right):,} of them right"
        raise ConfigError("pairs", f"{counts}: at least {fewest} are wanted, right and wrong ones; give more pairs")


def _threshold(model: Model, margins: list[float], right: list[bool], precision: float) -> float:
    """The lowest score from which so large a share of the candidates is right; 1 where none is."""
    ranked = sorted(zip(model.calibrated(np.array(margins)), right, strict=True), reverse=True)
    best, good, count = 1.0, 0, 0
    for score, equals in groupby(ranked, key=itemgetter(0)):
        oks = [ok for _, ok in equals]
        good, count = good + sum(oks), count + len(oks)
        if good / count >= precision:
            best = score
    return best


def _lightgbm() -> Any:
    try:
        import lightgbm
    except ImportError as error:
        raise MissingExtraError(
            "LightGBM, which learns the score", "python -m pip install 'cablenorm[learn]'"
        ) from error
    return lightgbm


def train(rows: list[Example], seed: int = 1) -> dict[str, Any]:
    """The data of `repair.json` but for its calibration: gradient-boosted trees, monotone where reason says so.

    Raises:
        MissingExtraError: LightGBM is not installed.
    """
    lightgbm = _lightgbm()
    x = np.array([row.features for row in rows], np.float64)
    y = np.array([row.label == RIGHT for row in rows])
    weight = np.array([row.weight for row in rows])
    settings = {
        "objective": "binary",
        "num_leaves": LEAVES,
        "learning_rate": RATE,
        "min_data_in_leaf": LEAF_ROWS,
        "lambda_l2": 5,
        "monotone_constraints": [1 if f in _RISING else -1 if f in _FALLING else 0 for f in FEATURES],
        "feature_fraction": 0.7,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "seed": seed,
        "verbose": -1,
        "deterministic": True,
        # On so few rows a second thread takes longer, and minutes where others want the processor.
        "num_threads": 1,
        "force_row_wise": True,  # else chosen by a race
    }
    trees = []
    for number in range(FORESTS):  # their mean depends less on what was drawn
        settings["seed"] = seed * FORESTS + number
        booster = lightgbm.train(settings, lightgbm.Dataset(x, y, weight=weight), TREES)
        trees += [_flat(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
    return {"features": list(FEATURES), "trees": trees, "calibration": [1.0, 0.0], "min_score": 0.5}


def _flat(root: dict[str, Any]) -> list[list[float]]:
    """A tree as rows [feature, threshold, left, right, value]; a leaf has feature -1."""
    rows: list[list[float]] = []

    def add(node: dict[str, Any]) -> int:
        at = len(rows)
        if "leaf_value" in node:
            rows.append([-1, 0, 0, 0, round(node["leaf_value"] / FORESTS, 6)])
            return at
        rows.append([])
        left, right = add(node["left_child"]), add(node["right_child"])
        rows[at] = [node["split_feature"], float(f"{node['threshold']:.7g}"), left, right, 0]
        return at

    add(root)
    return rows


def calibrate(margins: np.ndarray[Any, Any], right: np.ndarray[Any, Any]) -> tuple[float, float]:
    """(slope, shift) of a logistic curve from log-odds to the share that is right, by Newton's method.

    Args:
        margins: Log-odds of n candidates.
        right: Whether each is right; both kinds are there.

    Source: J. Platt, Probabilistic outputs for support vector machines, 1999.
    """
    y = right.astype(float)

    def loss(at: np.ndarray[Any, Any]) -> float:
        odds = at[0] * margins + at[1]
        return float((np.logaddexp(0, odds) - y * odds).sum() + 0.005 * (at[0] - 1) ** 2)

    at = np.array([1.0, 0.0])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(at[0] * margins + at[1], -500, 500)))
        w = p * (1 - p) + 1e-9
        gradient = np.array([((p - y) * margins).sum() + 0.01 * (at[0] - 1), (p - y).sum()])
        hessian = np.array([[(w * margins**2).sum() + 0.01, (w * margins).sum()], [(w * margins).sum(), w.sum()]])
        step = np.linalg.solve(hessian, gradient)
        # A whole step may lead astray where the margins are far from any doubt.
        while loss(at - step) > loss(at) and abs(step).max() > 1e-6:
            step /= 2
        at -= step
        if abs(step).max() < 1e-6:
            break
    return round(float(at[0]), 4), round(float(at[1]), 4)
