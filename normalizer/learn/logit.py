"""A conditional logit with bounds: weights that make the right bearers of names likely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from normalizer.resolver.identity import LOOKS, NOBODY, PERSON, THING

Floats = NDArray[np.float64]
NAMES = (*PERSON, *THING, *NOBODY)
_LATE = ("told", "rival_told", "company")
"""What the first look cannot know."""
_ROUNDS, _ENOUGH, _TINY = 40, 1e-6, 1e-300

BELIEFS: dict[str, dict[str, float]] = {
    "person": {
        "prominence": 1.0,
        "in_years": 1.0,
        "years_late": -1.5,
        "title_post": 2.0,
        "title_office": 1.0,
        "title_against": -1.0,
        "woman": -2.0,
        "signs_at_post": 4.0,
        "signs_elsewhere": -1.0,
        "post_at_origin": 1.0,
        "post_near": 1.0,
        "country_beside": 1.0,
        "country_near": 1.0,
        "country_share": 1.0,
        "country_absent": -1.0,
        "own_name": 4.0,
        "rival_name": -3.0,
        "name": 5.0,
        "given": 4.0,
        "initials": 2.5,
        "told": 2.0,
        "rival_told": -1.0,
        "company": 0.5,
        "top_office": 1.0,
        "holds_post": 0.3,
    },
    "thing": {
        "country": 6.0,
        "capital": 4.5,
        "city": 3.0,
        "other_place": 2.5,
        "thing": 4.0,
        "alias_thing": -1.0,
        "beside_thing": 3.0,
        "near_thing": 1.5,
        "share_thing": 1.5,
        "origin_thing": 1.5,
        "own_name_thing": 1.0,
        "placed": 0.7,
        "called_thing": -3.0,
        "common_thing": -1.0,
    },
    "nobody": {
        "always": 1.5,
        "common": 2.0,
        "given_word": 1.0,
        "small": 1.0,
        "title": -1.0,
        "signs": -1.5,
        "beside": -0.4,
        "in_sentence": -0.7,
        "small_share": 2.0,
        "frequent": 1.0,
        "other_bearer": 2.5,
        "repaired": -0.2,
        "joined": 1.0,
        "in_list": -0.5,
    },
}
"""What weights are drawn to where the pages say little: set by hand."""

AT_LEAST: dict[str, float] = {
    **dict.fromkeys(("prominence", "in_years", "holds_post", "top_office"), 0.0),
    **dict.fromkeys(("title_post", "signs_at_post", "post_at_origin", "post_near"), 0.0),
    **dict.fromkeys(("country_beside", "country_near", "country_share", "origin_home", "told", "company"), 0.0),
    "country": 9.5,
    "capital": 10.0,
    "beside_thing": 4.0,
    "city": 7.0,
    "other_place": 5.0,
    "title_office": 1.5,
    "woman": 0.0,
    "given_word": 1.5,
    "common": 1.5,
    "own_name": 6.5,
    "article": 4.0,
    "own_name_thing": 6.0,
    "placed": 1.0,
    "of": 2.0,
    "other_bearer": 5.0,
    "mrs": 0.0,
    "name": 3.0,
    "given": 3.0,
    "initials": 1.0,
}
AT_MOST: dict[str, float] = {
    **dict.fromkeys(("years_late", "title_against", "country_absent", "rival_told"), 0.0),
    "rival_name": -3.0,
    "called_thing": -6.0,
    "always": 3.0,
    "title": -0.7,
    "plain_title": 0.5,
    "man": -9.0,
    "mister": -0.7,
    "person_named": 0.0,
    "beside": -0.4,
}
"""Bounds of weights: what speaks for somebody never counts against him, whatever a few pages seem to say, and a full
name in the document decides its family name."""


@dataclass(slots=True)
class Sample:
    """A place with its answer.

    Attributes:
        group: Of the document, all of whose versions are learnt from or held out together.
        rows: A row an option, then nobody's;
        answers: Which rows are right; none where the place is of no use.
        weight: How much it counts.
        kind: `person` (its bearer is an option), `out` (he is none), `nil` (not in the gazetteer), `none` (no person).
        level: Of noise, for reports.
    """

    group: str
    rows: Floats
    answers: NDArray[np.bool_]
    weight: float
    kind: str
    level: str


def fit(samples: Sequence[Sample], strength: float, *, late: bool) -> Floats:
    """Weights that make the answers likely, drawn to BELIEFS by a Gaussian of that strength.

    Newton's steps on the conditional logit; `late` lets the second look's evidence in.
    Source: McFadden, Conditional logit analysis of qualitative choice behavior, 1974.
    """
    belief = np.array(
        [
            v
            for part, names in (("person", PERSON), ("thing", THING), ("nobody", NOBODY))
            for v in (BELIEFS[part].get(n, 0.0) for n in names)
        ]
    )
    rows = np.concatenate([s.rows for s in samples])
    if not late:
        for name in _LATE:
            rows[:, NAMES.index(name)] = 0
            belief[NAMES.index(name)] = 0
    sizes = [len(s.rows) for s in samples]
    place = np.repeat(np.arange(len(samples)), sizes)
    starts = np.cumsum([0, *sizes[:-1]])
    answers = np.concatenate([s.answers for s in samples])
    counted = np.array([s.weight for s in samples])
    low = np.array([AT_LEAST.get(n, -np.inf) for n in NAMES])
    high = np.array([AT_MOST.get(n, np.inf) for n in NAMES])
    if not late:
        low[[NAMES.index(n) for n in _LATE]] = 0
    data = _Data(rows, place, starts, answers, counted, belief, strength)
    weights = belief.clip(low, high)
    free = np.ones(len(NAMES), bool)
    while True:
        weights = _climb(data, weights, free)
        beyond = (weights < low) | (weights > high)
        if not beyond.any():
            return weights
        weights = weights.clip(low, high)
        free &= ~beyond


@dataclass(frozen=True, slots=True)
class _Data:
    rows: Floats
    place: NDArray[np.intp]
    starts: NDArray[np.intp]
    answers: NDArray[np.bool_]
    counted: Floats
    belief: Floats
    strength: float

    def chances(self, weights: Floats) -> tuple[Floats, Floats]:
        """The probability of every row, and its share in the probability of the right ones of its place."""
        score = self.rows @ weights
        count = len(self.counted)
        highest = np.maximum.reduceat(score, self.starts)
        chance = np.exp(score - highest[self.place])
        chance /= np.bincount(self.place, chance, count)[self.place]
        right = chance * self.answers
        right /= np.maximum(np.bincount(self.place, right, count)[self.place], _TINY)
        return chance, right

    def loss(self, weights: Floats) -> float:
        """What is to be made small."""
        chance, _ = self.chances(weights)
        told = np.bincount(self.place, chance * self.answers, len(self.counted))
        drawn = self.strength / 2 * float(((weights - self.belief) ** 2).sum())
        return drawn - float((self.counted * np.log(np.maximum(told, _TINY))).sum())


def _climb(data: _Data, weights: Floats, free: NDArray[np.bool_]) -> Floats:
    """Newton's steps in the weights that are free."""
    value = data.loss(weights)
    for _ in range(_ROUNDS):
        chance, right = data.chances(weights)
        counted = data.counted[data.place]
        gradient = data.rows.T @ ((chance - right) * counted) + data.strength * (weights - data.belief)
        means = np.add.reduceat(data.rows * chance[:, None], data.starts)
        bent = (data.rows * (chance * counted)[:, None]).T @ data.rows - (means * data.counted[:, None]).T @ means
        move = np.zeros(len(NAMES))
        move[free] = np.linalg.solve(bent[np.ix_(free, free)] + data.strength * np.eye(int(free.sum())), gradient[free])
        step = 1.0
        while step > _ENOUGH and data.loss(weights - step * move) > value:
            step /= 2
        weights = weights - step * move
        before, value = value, data.loss(weights)
        if before - value < _ENOUGH * abs(before):
            break
    return weights


def as_look(weights: Floats) -> dict[str, dict[str, float]]:
    """Weights as the file has them."""
    told = [round(float(w), 3) for w in weights]
    a, b = len(PERSON), len(PERSON) + len(THING)
    return {
        "person": dict(zip(PERSON, told[:a], strict=True)),
        "thing": dict(zip(THING, told[a:b], strict=True)),
        "nobody": dict(zip(NOBODY, told[b:], strict=True)),
    }


def by_hand(link: float = 0.5, name: float = 0.6, rival: float = 0.22, careful: float = 0.85) -> dict[str, Any]:
    """A model of BELIEFS alone, to begin with."""
    return {"link": link, "name": name, "rival": rival, "careful": careful, **dict.fromkeys(LOOKS, BELIEFS)}
