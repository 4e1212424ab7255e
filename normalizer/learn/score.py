"""Weights of the repair score, learnt from candidates on pages that were read twice."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from rapidfuzz.distance import Levenshtein

from normalizer.errors import MissingExtraError
from normalizer.exact import Matcher
from normalizer.folding import fold, key
from normalizer.gazetteer import Gazetteer
from normalizer.learn.readings import Readings
from normalizer.model import UNKNOWN, Document
from normalizer.repair.features import FEATURES
from normalizer.repair.finding import Candidate, Finder
from normalizer.repair.score import Model
from normalizer.resolver import Resolver
from normalizer.words import word_list

RIGHT, WRONG, SAME = 1, 0, -1
"""The better reading has the name there; it has other words; it has the damaged word too."""
SAME_WEIGHT = 0.1
"""Weight of SAME as a wrong one: it is another name, or both readings slipped alike."""
TREES, LEAVES, RATE = 300, 8, 0.05
_RISING = frozenset(
    "in_document in_collection in_texts prominence name_margin word_margin prior before after title given word_cost "  # noqa: SIM905
    "seat".split()
)
_FALLING = frozenset(["cost", "cost_squared", "cost_by_length", "edits", "worth", "surface_small"])
_REACH, _MOST_WORDS = 4, 12
_ALIKE = 0.6
_WORD = re.compile(r"\S+")
_PART = re.compile(r"[^\W_]+")
_LONGEST = 400_000


class Example(NamedTuple):
    """A candidate's features, whether it is right, and whether it would be chosen on its page."""

    features: list[float]
    label: int
    first: bool


class Aligned:
    """The words of a worse reading, and those of the better that stand in their place."""

    def __init__(self, worse: str, better: str) -> None:
        self._starts = [m.start() for m in _WORD.finditer(worse)]
        seen = [m[0] for m in _WORD.finditer(worse)]
        self.better = better.split()
        self._places: list[tuple[int, int]] = [(-1, -1)] * len(seen)
        self._same = [False] * len(seen)
        for op in Levenshtein.opcodes(seen, self.better):
            wide, other = op.src_end - op.src_start, op.dest_end - op.dest_start
            for k in range(wide):
                first = op.dest_start + k * other // wide
                last = op.dest_start + -(-(k + 1) * other // wide)
                if other != wide:
                    first, last = max(op.dest_start, first - 1), min(op.dest_end, last + 1)
                self._places[op.src_start + k] = (first, last)
                self._same[op.src_start + k] = op.tag == "equal"

    def label(self, start: int, end: int, surface: str, target: str, ordinary: frozenset[str]) -> int | None:
        """RIGHT, WRONG or SAME for a name of key `target` at a span of the worse reading; None where nobody knows."""
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
        if all(word in ordinary for word in there):
            return WRONG
        if any(Levenshtein.normalized_similarity(w, target) >= _ALIKE for w in (*there, "".join(there))):
            return SAME if self._same[first] and key(surface) in there else None
        return WRONG


def examples(pairs: Iterable[Readings], gazetteer: Gazetteer, finder: Finder) -> Iterator[tuple[str, list[Example]]]:
    """(document, its labelled candidates) of documents that were read twice."""
    matcher, resolver = Matcher(gazetteer), Resolver(gazetteer)
    ordinary = word_list("english") | word_list("demonyms")
    for pair in pairs:
        text = pair.worse[:_LONGEST]
        folded = fold(text)
        matches = matcher.match(text, folded)
        mentions = resolver.resolve(Document(pair.id, text), folded, matches)
        taken = [(m.start, m.end) for m in mentions if m.decision.kind != UNKNOWN]
        aligned = Aligned(text, pair.better)

        def labelled(c: Candidate, aligned: Aligned = aligned) -> Example | None:
            target = finder.targets[c.name.target].key
            label = aligned.label(c.stretch.start, c.stretch.end, c.stretch.surface, target, ordinary)
            return None if label is None else Example(c.features, label, c.first)

        rows = (labelled(c) for c in finder.candidates(text, matches, taken))
        yield pair.id, [row for row in rows if row is not None]


def learn_score(
    pairs: Iterable[Readings],
    gazetteer: Gazetteer,
    finder: Finder,
    held: set[str] | None,
    precision: float,
    seed: int,
) -> tuple[dict[str, Any], str]:
    """(data of `repair.json`, what it was learnt from in words).

    Args:
        pairs: Documents that were read twice.
        gazetteer: Whose names are repaired.
        finder: Of its candidates.
        held: Ids of documents that calibrate; a fifth of them, by a hash of the id, where None.
        precision: Of repairs, which sets the threshold.
        seed: Of the trees.
    """
    learning: list[Example] = []
    judging: list[list[Example]] = []
    documents = 0
    for name, rows in examples(pairs, gazetteer, finder):
        documents += 1
        if name in held if held is not None else crc32(name.encode()) % 5 == 0:
            judging.append(rows)
        else:
            learning += rows
    data = train(learning, seed)
    model = Model(data)
    margins, right = [], []
    for rows in judging:
        for margin, row in zip(model.margins([r.features for r in rows]), rows, strict=True):
            if row.first and row.label != SAME:
                margins.append(float(margin))
                right.append(row.label == RIGHT)
    data["calibration"] = calibrate(np.array(margins), np.array(right))
    data["min_score"] = _threshold(Model(data), margins, right, precision)
    told = (
        f"{documents:,} documents, {len(learning):,} candidates to learn from"
        f" ({sum(r.label == RIGHT for r in learning):,} right),"
        f" {len(right):,} to calibrate ({sum(right):,} right); threshold {data['min_score']}"
    )
    data["trained_on"] = told
    return data, told


def _threshold(model: Model, margins: list[float], right: list[bool], precision: float) -> float:
    """The lowest score from which so large a share of the candidates is right."""
    scores = model.calibrated(np.array(margins))
    ranked = sorted(zip(scores, right, strict=True), reverse=True)
    best, good = 1.0, 0
    for count, (score, ok) in enumerate(ranked, 1):
        good += ok
        if good / count >= precision:
            best = score
    return round(best, 3)


def train(rows: list[Example], seed: int = 1) -> dict[str, Any]:
    """The data of `repair.json` but for its calibration: gradient-boosted trees, monotone where reason says so.

    Raises:
        MissingExtraError: LightGBM is not installed.
    """
    try:
        import lightgbm
    except ImportError as error:
        raise MissingExtraError(
            "LightGBM, which learns the score", "python -m pip install 'cablenorm[learn]'"
        ) from error
    x = np.array([row.features for row in rows], np.float64)
    y = np.array([row.label == RIGHT for row in rows])
    weight = np.array([SAME_WEIGHT if row.label == SAME else 1.0 for row in rows])
    settings = {
        "objective": "binary",
        "num_leaves": LEAVES,
        "learning_rate": RATE,
        "min_data_in_leaf": 20,
        "lambda_l2": 5,
        "monotone_constraints": [1 if f in _RISING else -1 if f in _FALLING else 0 for f in FEATURES],
        "feature_fraction": 0.7,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "seed": seed,
        "verbose": -1,
        "deterministic": True,
        "num_threads": 2,
    }
    booster = lightgbm.train(settings, lightgbm.Dataset(x, y, weight=weight), TREES)
    trees = [_flat(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
    depth = max(_depth(tree) for tree in trees)
    return {"features": list(FEATURES), "trees": trees, "depth": depth, "calibration": [1.0, 0.0], "min_score": 0.5}


def _flat(root: dict[str, Any]) -> list[list[float]]:
    """A tree as rows [feature, threshold, left, right, value]; a leaf has feature -1."""
    rows: list[list[float]] = []

    def add(node: dict[str, Any]) -> int:
        at = len(rows)
        if "leaf_value" in node:
            rows.append([-1, 0, 0, 0, round(node["leaf_value"], 6)])
            return at
        rows.append([])
        left, right = add(node["left_child"]), add(node["right_child"])
        rows[at] = [node["split_feature"], float(f"{node['threshold']:.7g}"), left, right, 0]
        return at

    add(root)
    return rows


def _depth(rows: list[list[float]], at: int = 0) -> int:
    feature, _, left, right, _ = rows[at]
    return 0 if feature < 0 else 1 + max(_depth(rows, int(left)), _depth(rows, int(right)))


def calibrate(margins: np.ndarray[Any, Any], right: np.ndarray[Any, Any]) -> tuple[float, float]:
    """(slope, shift) of a logistic curve from log-odds to the share that is right, by Newton's method.

    Source: J. Platt, Probabilistic outputs for support vector machines, 1999.
    """
    a, b = 1.0, 0.0
    y = right.astype(float)
    for _ in range(50):
        p = 1 / (1 + np.exp(-(a * margins + b)))
        w = p * (1 - p) + 1e-9
        gradient = np.array([((p - y) * margins).sum() + 0.01 * (a - 1), (p - y).sum()])
        hessian = np.array([[(w * margins**2).sum() + 0.01, (w * margins).sum()], [(w * margins).sum(), w.sum()]])
        step = np.linalg.solve(hessian, gradient)
        a, b = a - step[0], b - step[1]
        if abs(step).max() < 1e-6:
            break
    return round(float(a), 4), round(float(b), 4)
