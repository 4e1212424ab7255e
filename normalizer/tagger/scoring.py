"""The network's probabilities without spaCy and thinc: the same numbers in less than half the time.

What the words of a text are is looked up once a word; the first layer's share of it is kept. Only the white space
beside a word, and the words on either side, are computed anew.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc
from thinc.api import Model, NumpyOps

from normalizer.tagger.features import BLANK, COLUMNS, JOINED, LINE, SPACE, WIDE, hashes_of

Floats = NDArray[np.float32]
_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
"""The tokens of `OcrTokenizer` that are no white space."""
_MOST_KEPT = 50_000
"""Words whose share of the first layer is kept; beyond it they are forgotten and made anew."""
_BLOCK = 512
"""Words of a block."""
_EPSILON = np.float32(1e-8)
"""Thinc's own, added to a variance."""


def words_of(text: str) -> list[tuple[int, int]]:
    """Start and end of the words of a text, as the tokenizer cuts them."""
    return [m.span() for m in _WORD.finditer(text)]


class Scorer:
    """Probabilities of tags by the weights of a network."""

    def __init__(self, model: Model[list[Doc], Any]) -> None:
        """Take the weights; they are not to change afterwards."""
        # Numpy's product is quicker, but its last bits may depend on how many words are looked up together.
        self._ops = NumpyOps()
        layers: dict[str, list[Any]] = {name: [] for name in ("hashembed", "maxout", "layernorm", "softmax")}
        for node in model.walk():
            if node.name in layers:
                layers[node.name].append(node)
        self._tables = layers["hashembed"]
        norms = [(n.get_param("G"), n.get_param("b")) for n in layers["layernorm"]]
        first, *windows = layers["maxout"]
        width, self._pieces, _ = first.get_param("W").shape
        parts = np.split(_by_piece(first.get_param("W")), len(COLUMNS), axis=1)
        self._columns = [np.ascontiguousarray(part.T) for part in parts]
        self._bias = _by_piece(first.get_param("b"))
        self._norm = norms[0]
        # Left, own and right words of a window beside each other, so that one product does for all.
        self._windows = [
            (
                np.ascontiguousarray(
                    np.concatenate([part.T for part in np.split(_by_piece(n.get_param("W")), 3, axis=1)], axis=1)
                ),
                _by_piece(n.get_param("b")),
                norm,
            )
            for n, norm in zip(windows, norms[1:], strict=True)
        ]
        (softmax,) = layers["softmax"]
        self._softmax = np.ascontiguousarray(softmax.get_param("W").T), softmax.get_param("b")
        gaps = np.arange((BLANK + 1) ** 2, dtype=np.uint64)
        self._gaps = self._embedded(len(COLUMNS) - 1, gaps) + self._bias
        self._numbers: dict[str, int] = {}
        self._kept = np.empty((_MOST_KEPT, width * self._pieces), dtype=np.float32)

    def scores(self, text: str, words: list[tuple[int, int]]) -> Floats:
        """Probabilities of the tags of words (N, tags); of no more words than may be kept."""
        size, depth = len(words), len(self._windows)
        first = self._of_words([text[a:b] for a, b in words])
        first += self._gaps[_gaps(text, words)]
        # The rows beside a text are as thinc has them, zeros at first and then what the layers make of them.
        vectors = np.zeros((size + 2 * depth, first.shape[1] // self._pieces), dtype=np.float32)
        vectors[depth : depth + size] = self._normed(first, self._norm)
        for window in self._windows:
            vectors = self._seen_together(vectors, *window)
        weights, bias = self._softmax
        logits: Floats = vectors[depth : depth + size] @ weights
        logits += bias
        logits -= logits.max(axis=1, keepdims=True)
        np.exp(logits, out=logits)
        logits /= logits.sum(axis=1, keepdims=True)
        return logits

    def _seen_together(self, vectors: Floats, weights: Floats, bias: Floats, norm: tuple[Floats, Floats]) -> Floats:
        """A layer over each word and the two beside it, in blocks that stay in the processor's own memory."""
        size, found = len(vectors), np.empty_like(vectors)
        across = weights.shape[1] // 3
        for low in range(0, size, _BLOCK):
            high = min(low + _BLOCK, size)
            first, last = max(0, low - 1), min(size, high + 1)
            made = vectors[first:last] @ weights
            at = low - first
            total = made[at : at + high - low, across : 2 * across] + bias
            total[1 - at :] += made[: high - low - 1 + at, :across]
            beyond = last - high
            total[: high - low - 1 + beyond] += made[at + 1 : at + high - low + beyond, 2 * across :]
            found[low:high] = vectors[low:high] + self._normed(total, norm)
        return found

    def _of_words(self, words: list[str]) -> Floats:
        """The share of the first layer of words, without what stands beside them."""
        known = self._numbers
        new = [word for word in dict.fromkeys(words) if word not in known]
        if len(known) + len(new) > _MOST_KEPT:
            known.clear()
            new = list(dict.fromkeys(words))
        if new:
            rows = np.array([hashes_of(word) for word in new], dtype=np.uint64)
            made = sum(self._embedded(column, rows[:, column]) for column in range(len(COLUMNS) - 1))
            self._kept[len(known) : len(known) + len(new)] = made
            known.update(zip(new, range(len(known), len(known) + len(new)), strict=True))
        found: Floats = self._kept[[known[word] for word in words]]
        return found

    def _embedded(self, column: int, hashes: NDArray[np.uint64]) -> Floats:
        table = self._tables[column]
        made: Floats = self._ops.gemm(table.predict(hashes), self._columns[column])
        return made

    def _normed(self, total: Floats, norm: tuple[Floats, Floats]) -> Floats:
        """The larger of the pieces of each unit, brought to mean 0 and variance 1 over a word, and scaled."""
        width = total.shape[1] // self._pieces
        best: Floats = total[:, :width]
        for piece in range(1, self._pieces):
            best = np.maximum(best, total[:, piece * width : (piece + 1) * width])
        best = best - best.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", best, best) / np.float32(width)
        best *= (1 / np.sqrt(variance + _EPSILON))[:, None]
        best *= norm[0]
        best += norm[1]
        return best


def _by_piece(weights: Floats) -> Floats:
    """Weights (units, pieces, ...) with all units of a piece before those of the next."""
    return np.ascontiguousarray(np.moveaxis(weights, 1, 0)).reshape(-1, *weights.shape[2:])


def _gaps(text: str, words: list[tuple[int, int]]) -> NDArray[np.intp]:
    """Number of the white space on both sides of each word."""
    between = [BLANK]
    end = words[0][1]
    for start, next_end in words[1:]:
        if start == end:
            between.append(JOINED)
        else:
            white = text[end:start]
            lines = white.count("\n")
            between.append(BLANK if lines > 1 else LINE if lines else SPACE if white == " " else WIDE)
        end = next_end
    between.append(BLANK)
    found = np.array(between, dtype=np.intp)
    return found[:-1] * (BLANK + 1) + found[1:]
