"""Training: labels, projection, damage and passages made into weights."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from zlib import crc32

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import Adam, set_dropout_rate

from normalizer.components import CableGazetteer
from normalizer.folding import fold_name
from normalizer.learn.readings import Readings
from normalizer.repair.channel import Confusions
from normalizer.tagger.component import CableTagger
from normalizer.tagger.damage import Damager, in_capitals, people_in_capitals, renamed, rewrapped
from normalizer.tagger.decoding import OUTSIDE, TAGS
from normalizer.tagger.labels import Labeller
from normalizer.tagger.names import Names
from normalizer.tagger.passages import Filler
from normalizer.tagger.pieces import ANY, HARDLY, OUTSIDE_OR, Piece, pieces_of, tags_of_piece
from normalizer.tagger.projection import project

Tell = Callable[[str], None]
_LONGEST = 60_000
"""Code points of a reading that are learnt from; what is beyond in a long file is more of the same."""
_HELD_OUT = 12
"""One document in so many is kept for measuring."""
_OR_ORGANIZATION = np.array([tag == "O" or tag.endswith("ORGANIZATION") for tag in TAGS], dtype=bool)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is learnt from, and how long.

    Attributes:
        seed: Of all random draws.
        epochs: Times that the readings are gone through.
        passages: Pieces of passages an epoch, as a share of those of readings.
        batch: Words a step.
        rate: Of learning, at its highest.
        dropout: Share of a layer that is silent.
        doubt: What a word counts that is hardly in a name.
    """

    seed: int = 1
    epochs: int = 3
    passages: float = 0.5
    batch: int = 4_000
    rate: float = 0.002
    dropout: float = 0.15
    doubt: float = 0.3


@dataclass(slots=True)
class Material:
    """Pieces with labels: of better readings, of worse ones, and of documents that are kept for measuring."""

    better: list[Piece]
    worse: list[Piece]
    kept: list[Piece]
    digest: str


def blank() -> Language:
    """A pipeline of the tagger alone, without weights."""
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "cablenorm.OcrTokenizer.v1"}}})
    nlp.add_pipe("cable_tagger")
    return nlp


def gather(readings: Iterable[Readings], labeller: Labeller, tell: Tell) -> Material:
    """Readings labelled, projected and cut into pieces."""
    material = Material([], [], [], "")
    digest = hashlib.sha256()
    for n, pair in enumerate(readings):
        digest.update(f"{pair.id}\0{pair.better}\0{pair.worse}\0".encode())
        better = pair.better[:_LONGEST]
        labels = labeller.label(better)
        worse = pair.worse[: int(len(pair.worse) * len(better) / max(1, len(pair.better)))]
        if crc32(pair.id.split("@")[0].encode()) % _HELD_OUT == 0:
            material.kept += pieces_of(better, labels)
            continue
        material.better += pieces_of(better, labels)
        if worse:
            material.worse += pieces_of(worse, project(better, labels, worse))
        if n % 200 == 199:
            tell(f"{n + 1:,} documents labelled")
    material.digest = digest.hexdigest()
    return material


class Trainer:
    """Makes pieces other, tags them, and trains."""

    def __init__(self, component: CableGazetteer, confusions: Confusions, plan: Plan) -> None:
        self.plan = plan
        self.names = Names(component.gazetteer)
        self.filler = Filler(self.names)
        self.damager = Damager(confusions)
        self.nlp = blank()
        self.tagger: CableTagger = self.nlp.get_pipe("cable_tagger")  # type: ignore[assignment]
        self.random = Random(plan.seed)
        self._met: set[str] = set()

    @property
    def met(self) -> frozenset[str]:
        """The last words of names of people that were trained on, folded."""
        return frozenset(self._met)

    def train(self, material: Material, tell: Tell) -> None:
        """Train on the material."""
        np.random.seed(self.plan.seed)
        self.tagger.model.initialize()
        optimizer = Adam(self.plan.rate, L2=1e-6, grad_clip=1.0, use_averages=True)
        set_dropout_rate(self.tagger.model, self.plan.dropout)
        count = len(material.better) + len(material.worse)
        words_told = 0
        whole = self.plan.epochs * count * (1 + self.plan.passages)
        done = 0
        began = time.monotonic()
        for epoch in range(self.plan.epochs):
            loss = seen = 0.0
            for batch, pieces in self._batches(self._epoch(material)):
                done += pieces
                optimizer.learn_rate = self.plan.rate * max(0.05, min(1.0, done / 400, 1.15 - done / whole))
                step, words = self._step(batch, optimizer)
                loss, seen, words_told = loss + step, seen + words, words_told + words
            took = time.monotonic() - began
            tell(f"epoch {epoch + 1}: loss {loss / max(1, seen):.4f}, {words_told:,} words, {took:.0f} s")
        with self.tagger.model.use_params(optimizer.averages):
            data = self.tagger.to_bytes()
        self.tagger.from_bytes(data)
        set_dropout_rate(self.tagger.model, 0.0)

    def _epoch(self, material: Material) -> Iterator[Piece]:
        """All pieces once, each made other at random, with passages among them."""
        rows = [(piece, True) for piece in material.better] + [(piece, False) for piece in material.worse]
        made: list[tuple[Piece | None, bool]] = [*rows, *[(None, True)] * int(len(rows) * self.plan.passages)]
        self.random.shuffle(made)
        for piece, whole in made:
            yield self._other(self.filler.pieces(self.random) if piece is None else piece, whole, written=piece is None)

    def _other(self, piece: Piece, whole: bool, *, written: bool) -> Piece:
        random = self.random
        if not written and random.random() < 0.5:
            piece = renamed(piece, 0.6, self.names.another, random)
        self._met.update(words[-1] for s in piece if s.label == "PERSON" and (words := fold_name(s.text).split()))
        if random.random() < (0.4 if written else 0.15):
            piece = in_capitals(piece)
        elif random.random() < (0.4 if written else 0.2):
            piece = people_in_capitals(piece, whole=random.random() < 0.4)
        if random.random() < 0.5:
            piece = rewrapped(piece, random.choice((0.03, 0.1)), random)
        if random.random() < (0.65 if written else 0.35 if whole else 0.1):
            piece = self.damager.damage(piece, random.choice((0.01, 0.03, 0.06, 0.1, 0.15)), random)
        return piece

    def _batches(self, pieces: Iterable[Piece]) -> Iterator[tuple[list[tuple[Doc, NDArray[np.int64]]], int]]:
        batch: list[tuple[Doc, NDArray[np.int64]]] = []
        words = 0
        for piece in pieces:
            doc = self.nlp.make_doc("".join(s.text for s in piece))
            tags = tags_of_piece(doc, piece)
            if not len(tags):
                continue
            batch.append((doc, tags))
            words += len(tags)
            if words >= self.plan.batch:
                yield batch, len(batch)
                batch, words = [], 0
        if batch:
            yield batch, len(batch)

    def _step(self, batch: Sequence[tuple[Doc, NDArray[np.int64]]], optimizer: Any) -> tuple[float, int]:
        scores, backprop = self.tagger.model.begin_update([doc for doc, _ in batch])
        gradients, loss, words = [], 0.0, 0
        for (_, tags), row in zip(batch, scores, strict=True):
            wanted = wanted_of(tags, row)
            gradient = row - wanted
            gradient[tags == ANY] = 0
            gradient[tags == HARDLY] *= self.plan.doubt
            known = tags >= OUTSIDE
            words += int(known.sum())
            loss += float(-np.log(np.maximum((row * (wanted > 0)).sum(axis=1)[known], 1e-9)).sum())
            gradients.append(gradient)
        # The sum over a batch, so that a batch of few known words moves little.
        backprop([(g / self.plan.batch).astype(np.float32) for g in gradients])
        self.tagger.model.finish_update(optimizer)
        return loss, words


def wanted_of(tags: NDArray[np.int64], scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the probabilities ought to be: of several allowed tags, as they are to each other."""
    wanted = np.zeros_like(scores)
    one = tags >= OUTSIDE
    wanted[np.flatnonzero(one), tags[one]] = 1
    wanted[tags == HARDLY, OUTSIDE] = 1
    several = tags == OUTSIDE_OR
    allowed = scores[several] * _OR_ORGANIZATION
    wanted[several] = allowed / np.maximum(allowed.sum(axis=1, keepdims=True), 1e-9)
    return wanted
