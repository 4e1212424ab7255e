"""The spaCy component of the tagger: sets `doc.ents`, and how sure each is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span
from thinc.api import Model

from normalizer.resolver.tags import Tagged, Tags
from normalizer.spans import parts
from normalizer.tagger import network as _network  # noqa: F401  registers the architecture
from normalizer.tagger.decoding import LABELS, decode
from normalizer.tagger.scoring import Scorer, words_of

SCORES = "cablenorm_tagged"
"""Key of `doc.user_data`: the score of an entity by its first token."""
MOST_CHARACTERS = 20_000
"""A longer text is tagged in pieces of at most this length."""
NETWORK = {
    "@architectures": "cablenorm.Tagger.v1",
    "rows": [8000, 6000, 3000, 3000, 1000, 4000, 1000, 400, 50],
    "embed_width": 24,
    "width": 96,
    "depth": 4,
    "pieces": 2,
    "nO": 21,
}


@Language.factory("cable_tagger", assigns=["doc.ents"], default_config={"model": NETWORK})
def make_tagger(nlp: Language, name: str, model: Model[list[Doc], list[Any]]) -> CableTagger:
    """The component; its weights are those of the pipeline's folder."""
    return CableTagger(model)


class CableTagger:
    """Tags people, places, aircraft, missiles and organizations."""

    def __init__(self, model: Model[list[Doc], list[Any]]) -> None:
        self.model = model
        self._scorer: Scorer | None = None

    def __call__(self, spacy_doc: Doc) -> Doc:
        """The same Doc, with its entities set."""
        words = [t.i for t in spacy_doc if not t.is_space]
        ents, sure = [], {}
        for start, end, label, score in decode(self.probabilities([spacy_doc])[0]) if words else ():
            first, last = words[start], words[end - 1]
            ents.append(Span(spacy_doc, first, last + 1, label))
            sure[first] = round(score, 4)
        spacy_doc.ents = ents
        spacy_doc.user_data[SCORES] = sure
        return spacy_doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 1) -> Iterator[Doc]:
        """Each Doc tagged, by itself: what else is in a batch changes no bit of its scores."""
        yield from map(self, stream)

    def tags(self, text: str) -> Tags:
        """What the tagger says of a text, which it sees in pieces: memory does not grow with its length."""
        words: list[tuple[int, int]] = []
        scores: list[NDArray[np.float32]] = []
        if self._scorer is None:
            self._scorer = Scorer(self.model)
        for start, end in parts(text, MOST_CHARACTERS):
            piece = text[start:end]
            if some := words_of(piece):
                words += [(a + start, b + start) for a, b in some] if start else some
                scores.append(self._scorer.scores(piece, some))
        if not words:
            return Tags()
        tags = np.concatenate(scores)
        spans = [Tagged(words[a][0], words[b - 1][1], label, round(score, 4)) for a, b, label, score in decode(tags)]
        shares = tags[:, 1:].reshape(len(words), len(LABELS), -1).sum(axis=2)
        return Tags(spans, words, shares.tolist(), LABELS)

    def probabilities(self, docs: list[Doc]) -> list[NDArray[np.float32]]:
        """Of each tag for each word that is no white space, by Doc."""
        found: list[NDArray[np.float32]] = self.model.predict(docs)
        return found

    def to_disk(self, path: Path | str, **kwargs: Any) -> None:
        """Write the weights."""
        Path(path).write_bytes(self.model.to_bytes())

    def from_disk(self, path: Path | str, **kwargs: Any) -> Self:
        """Read the weights."""
        return self.from_bytes(Path(path).read_bytes())

    def to_bytes(self, **kwargs: Any) -> bytes:
        """The weights."""
        return self.model.to_bytes()

    def from_bytes(self, data: bytes, **kwargs: Any) -> Self:
        """Set the weights."""
        self.model.from_bytes(data)
        self._scorer = None
        return self
