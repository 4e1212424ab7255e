"""Pieces of text to train on: stretches with a label each, and the tags of their words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from normalizer.tagger.decoding import LABELS, OUTSIDE, tags_of
from normalizer.tagger.labels import DOUBTED, OUTSIDE_OR_ORGANIZATION, Label

ANY, OUTSIDE_OR, HARDLY = -1, -2, -3
"""Tags of words of which nobody knows, of words that are outside or of an organization, and of words that are hardly
in a name."""
_LENGTH = 1_600
_CUT = re.compile(r"\n\s*\n|\n|(?<=[.;]) ")


class Stretch(NamedTuple):
    """Text with a label, which is empty outside of names."""

    text: str
    label: str


Piece = list[Stretch]
_OTHERS = {OUTSIDE_OR_ORGANIZATION: OUTSIDE_OR, DOUBTED: HARDLY}


def pieces_of(text: str, labels: Sequence[Label]) -> Iterator[Piece]:
    """A text cut into pieces of some length, none within a label."""
    rows = list(stretches_of(text, labels))
    piece: Piece = []
    size = 0
    for stretch in rows:
        rest = stretch.text
        while not stretch.label and size + len(rest) > _LENGTH:
            cut = next((m.end() for m in _CUT.finditer(rest) if size + m.end() >= _LENGTH * 0.6), None)
            if cut is None:
                break
            piece.append(Stretch(rest[:cut], ""))
            yield piece
            piece, size, rest = [], 0, rest[cut:]
        if rest:
            piece.append(Stretch(rest, stretch.label))
            size += len(rest)
    if piece:
        yield piece


def stretches_of(text: str, labels: Sequence[Label]) -> Iterator[Stretch]:
    """All of a text, in stretches."""
    at = 0
    for start, end, label in labels:
        if start < at:
            continue
        if at < start:
            yield Stretch(text[at:start], "")
        yield Stretch(text[start:end], label)
        at = end
    if at < len(text):
        yield Stretch(text[at:], "")


def tags_of_piece(doc: Doc, piece: Iterable[Stretch]) -> NDArray[np.int64]:
    """Tags of the words of a piece that are no white space."""
    words = [(t.idx, t.idx + len(t)) for t in doc if not t.is_space]
    tags = np.full(len(words), OUTSIDE, dtype=np.int64)
    at = n = 0
    for text, label in piece:
        end = at + len(text)
        if label:
            while n < len(words) and words[n][1] <= at:
                n += 1
            first = n
            while n < len(words) and words[n][0] < end:
                n += 1
            if first < n:
                whole = words[first][0] >= at and words[n - 1][1] <= end
                if label in LABELS and whole:
                    tags[first:n] = tags_of(first, n, label)
                else:
                    tags[first:n] = _OTHERS.get(label, ANY)
                    if not whole and words[n - 1][1] > end:
                        n -= 1
        at = end
    return tags
