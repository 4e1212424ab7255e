"""Spans from probabilities: always whole names, and the likeliest ones."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from normalizer.tagger.decoding import _ALLOWED, OUTSIDE, TAGS, decode, tags_of

_FEW = [OUTSIDE, *(TAGS.index(tag) for tag in ("B-PERSON", "L-PERSON", "U-PERSON", "U-PLACE"))]


def scores_of(tags: list[int], share: float = 0.9) -> np.ndarray:
    rest = (1 - share) / (len(TAGS) - 1)
    return np.array([[share if n == tag else rest for n in range(len(TAGS))] for tag in tags], dtype=np.float32)


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["", "PERSON", "PLACE", "MISSILE"])), max_size=8))
def test_tags_of_spans_lead_back_to_them(rows: list[tuple[int, str]]) -> None:
    tags: list[int] = []
    spans = []
    for length, label in rows:
        if label and length:
            spans.append((len(tags), len(tags) + length, label))
            tags += tags_of(0, length, label)
        else:
            tags.append(OUTSIDE)
    found = decode(scores_of(tags)) if tags else []
    assert [(s.start, s.end, s.label) for s in found] == spans
    assert all(abs(s.score - 0.9) < 1e-6 for s in found)


@given(st.lists(st.lists(st.floats(0.01, 1), min_size=len(_FEW), max_size=len(_FEW)), min_size=1, max_size=5))
def test_the_likeliest_sequence_is_found(rows: list[list[float]]) -> None:
    scores = np.full((len(rows), len(TAGS)), 1e-9, dtype=np.float32)
    scores[:, _FEW] = rows
    scores /= scores.sum(axis=1, keepdims=True)

    def total(path: tuple[int, ...]) -> float:
        steps = (OUTSIDE, *path, OUTSIDE)
        if any(_ALLOWED[a, b] < 0 for a, b in pairwise(steps)):
            return -np.inf
        return float(sum(np.log(scores[n, tag]) for n, tag in enumerate(path)))

    best = max(map(total, product(_FEW, repeat=len(rows))))
    path = [OUTSIDE] * len(rows)
    for span in decode(scores):
        path[span.start : span.end] = tags_of(span.start, span.end, span.label)
    assert total(tuple(path)) >= best - 1e-4


def test_nothing_is_found_where_nothing_is() -> None:
    assert decode(scores_of([OUTSIDE] * 4, share=0.999)) == []
