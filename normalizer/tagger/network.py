"""The tagger's network: hashes of words, a window of words on either side, and a probability of each tag."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import (
    HashEmbed,
    Maxout,
    Model,
    Softmax,
    chain,
    clone,
    concatenate,
    expand_window,
    residual,
    with_array,
)
from thinc.types import Floats2d

from normalizer.tagger.features import COLUMNS, Hashes


@registry.architectures("cablenorm.Tagger.v1")  # type: ignore[untyped-decorator]
def make_network(
    rows: list[int], embed_width: int, width: int, depth: int, pieces: int, nO: int | None = None
) -> Model[list[Doc], list[Floats2d]]:
    """The network; for a list of texts it gives (words that are no white space, tags) of each.

    Args:
        rows: Of the table of each column of hashes.
        embed_width: Of a row.
        width: Of a word's vector.
        depth: Words on either side that are seen.
        pieces: Of a maxout unit.
        nO: Tags.
    """
    tables: list[Model[Any, Any]] = [
        HashEmbed(embed_width, nV, column=n, seed=n + 1) for n, nV in zip(range(len(COLUMNS)), rows, strict=True)
    ]
    embed: Model[Any, Any] = chain(
        concatenate(*tables),
        Maxout(width, embed_width * len(COLUMNS), nP=pieces, normalize=True, dropout=0.0),
    )
    layer = residual(chain(expand_window(1), Maxout(width, width * 3, nP=pieces, normalize=True, dropout=0.0)))
    encode: Model[Any, Any] = with_array(chain(clone(layer, depth), Softmax(nO, width)), pad=depth)
    return chain(_words(embed), encode)


def _words(embed: Model[Any, Any]) -> Model[list[Doc], list[Floats2d]]:
    """A layer that embeds each distinct word of a batch once."""
    # Not an attribute of the layer: those are written with the weights.
    return Model("words", partial(_forward, Hashes()), init=_init, layers=[embed])


def _init(model: Model[Any, Any], X: Any = None, Y: Any = None) -> None:
    model.layers[0].initialize(X=np.zeros((1, len(COLUMNS)), dtype=np.uint64))


def _forward(hashes: Hashes, model: Model[Any, Any], docs: list[Doc], is_train: bool) -> tuple[list[Floats2d], Any]:
    seen = [hashes.of(doc) for doc in docs]
    ids, inverse = np.concatenate([s[0] for s in seen]), []
    at = 0
    for rows, number, _ in seen:
        inverse.append(number + at)
        at += len(rows)
    vectors, back = model.layers[0](ids, is_train)

    def backprop(d: list[Any]) -> list[Doc]:
        total = np.zeros_like(vectors)
        np.add.at(total, np.concatenate(inverse), np.concatenate(d))
        back(total)
        return docs

    return [vectors[i] for i in inverse], backprop
