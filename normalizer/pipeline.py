"""From a document to a result: settings, the spaCy pipeline made of them, and `process`.

pipeline = Pipeline(Settings())
result = pipeline.process(Document("x", "Kuznetsov spoke of the IL-28's."))
result.normalized, result.mentions
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, cast

import normalizer
from normalizer.components import CableGazetteer
from normalizer.folding import key
from normalizer.gazetteer import Gazetteer, confusions_path
from normalizer.headers import Header, parse_header
from normalizer.model import Document, Mention, Result, normalize
from normalizer.repair.score import DATA
from normalizer.resolver.tags import Tags
from normalizer.spans import parts
from normalizer.tagger import OWN, load_tagger, tagger_version, tags_of

MOST_CHARACTERS = 1_000_000
"""A longer document is tagged and resolved in parts of at most this length: memory stays bounded."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What makes a pipeline; everything that its results depend on besides the document.

    Attributes:
        gazetteer: Paths of layers over the default one; a folder's `confusions.yaml` replaces the default's.
        default_gazetteer: Whether the project's own gazetteer is the first layer.
        tagger: `cable` for the project's own, the name or folder of a spaCy pipeline whose entities contribute
            mentions, or None.
        repair: Whether damaged names are repaired.
        min_score: In [0, 1]; a repair of a lower score stays unknown. None for the shipped threshold.
        priors: A file of `cablenorm learn priors`, or None.
    """

    gazetteer: tuple[str, ...] = ()
    default_gazetteer: bool = True
    tagger: str | None = OWN
    repair: bool = True
    min_score: float | None = None
    priors: str | None = None


class Pipeline:
    """A spaCy pipeline with what turns its output into results; made once and used for many documents."""

    def __init__(self, settings: Settings) -> None:
        """Build the pipeline.

        Raises:
            ConfigError: A gazetteer path, a table of look-alikes, a score or a file of priors cannot be used.
            GazetteerError: The gazetteer has faults.
            MissingExtraError: The tagger is not installed.
        """
        self.nlp = load_tagger(settings.tagger)
        config: dict[str, Any] = {
            "gazetteer": list(settings.gazetteer),
            "default_gazetteer": settings.default_gazetteer,
            "repair": settings.repair,
            "min_score": settings.min_score,
            "priors": settings.priors,
        }
        self._tags = bool(self.nlp.pipe_names)
        self._component = cast(CableGazetteer, self.nlp.add_pipe("cable_gazetteer", config=config))
        self.gazetteer: Gazetteer = self._component.gazetteer
        self.versions: dict[str, str | None] = {
            "cablenorm": normalizer.__version__,
            "gazetteer": self.gazetteer.version,
            "tagger": f"{settings.tagger} {tagger_version(self.nlp, str(settings.tagger))}" if self._tags else None,
            "repair": self._repair_version(settings) if settings.repair else None,
        }

    def _repair_version(self, settings: Settings) -> str:
        """What repairs depend on, files by the beginning of their hash."""
        parts = [
            f"weights {_hash(files('normalizer').joinpath('data', DATA))}",
            f"confusions {_hash(confusions_path(settings.gazetteer))}",
            f"min-score {self._component.min_score}",
        ]
        return ", ".join([*parts, f"priors {_hash(Path(settings.priors))}"] if settings.priors else parts)

    def process(self, doc: Document) -> Result:
        """The document with its mentions, decisions and normalized text."""
        mentions: list[Mention] = []
        header: Header | None = None
        for start, end in _parts(doc.text):
            part = replace(doc, text=doc.text[start:end]) if end - start < len(doc.text) else doc
            # The gazetteer needs no tokens, so without a tagger none are made.
            tags = tags_of(self.nlp, part.text) if self._tags else Tags()
            found = self._component.find(part, tags, header)
            if header is None and part is not doc:
                # The head of a long document stands in its first part alone.
                head = parse_header(part.text, doc.date, doc.metadata)
                header = Header(form=head.form, date=head.date, origin=head.origin)
            mentions += (replace(m, start=m.start + start, end=m.end + start) for m in found) if start else found
        return normalize(doc, mentions, self.versions)

    @contextmanager
    def batch(self, docs: Iterable[Document] = ()) -> Iterator[None]:
        """A context in which some documents are gone through; what they took of memory is free when it closes.

        `docs`: those that are known before, so that what is quicker for many can be done together.
        """
        with self.nlp.memory_zone():
            self._component.prepare(doc.text for doc in docs if len(doc.text) <= MOST_CHARACTERS)
            yield

    def names_of(self, entity_type: str, entity_id: str) -> Iterator[tuple[str, str]]:
        """(key, name) of every true name of an entity; the key is its folded letters and digits."""
        for number in self.gazetteer.numbers(entity_id):
            ent = self.gazetteer.entity(number)
            if ent.type == entity_type:
                aliases = (alias.text for alias in ent.aliases if alias.when is None)
                for name in (ent.name, ent.family, *aliases):
                    if name:
                        yield key(name), name

    def process_all(self, docs: Iterable[Document]) -> Iterator[Result]:
        """Results of many documents, one at a time; memory does not grow with their number."""
        for doc in docs:
            with self.batch():
                result = self.process(doc)
            yield result


def _hash(file: Path | Traversable) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:8]


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Spans of at most `MOST_CHARACTERS` that cover a text."""
    return parts(text, MOST_CHARACTERS)
