"""spaCy components: the gazetteer in anybody's pipeline.

    nlp = spacy.blank("en")
    nlp.add_pipe("cable_gazetteer")
    doc = nlp("Kuznetsov spoke of the IL-28's.")
    [(ent.text, ent.label_, ent.kb_id_, ent._.decision.score) for ent in doc.ents]

Entities that a tagger set before contribute mentions: where the gazetteer knows the place, its
decision replaces the tag; elsewhere the tag stays and its decision is `unknown`. `doc._.cable_id`,
`doc._.cable_date` and `doc._.cable_source` tell the component what a scope may ask for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import registry
from spacy.vocab import Vocab

from normalizer.errors import ConfigError
from normalizer.exact import Matcher
from normalizer.folding import fold
from normalizer.gazetteer import Gazetteer, confusions_path, load
from normalizer.headers import Header, parse_header
from normalizer.model import Candidate, Decision, Document, Evidence, Folded, Match, Mention
from normalizer.repair import Repairer, default_min_score, read_priors
from normalizer.repair.channel import load_confusions
from normalizer.resolver import Resolver
from normalizer.resolver.tags import Tags

LABELS = {
    "PERSON": "PERSON",
    "PER": "PERSON",
    "GPE": "PLACE",
    "LOC": "PLACE",
    "FAC": "PLACE",
    "PLACE": "PLACE",
    "ORG": "ORGANIZATION",
    "ORGANIZATION": "ORGANIZATION",
    "AIRCRAFT": "AIRCRAFT",
    "MISSILE": "MISSILE",
}
"""Labels of common taggers, and the label that a mention gets for them; others give no mention."""

_DATA = "cablenorm"
_TOKEN = re.compile(r"([^\W_]+|[^\w\s]|_|\s+)( ?)")


class _Stateless:
    """spaCy writes and reads every part of a pipeline; these are rebuilt from the config alone."""

    def to_disk(self, path: Path, **kwargs: Any) -> None:
        """Write nothing."""

    def from_disk(self, path: Path, **kwargs: Any) -> Self:
        """The part itself."""
        return self

    def to_bytes(self, **kwargs: Any) -> bytes:
        """No bytes."""
        return b""

    def from_bytes(self, data: bytes, **kwargs: Any) -> Self:
        """The part itself."""
        return self


class OcrTokenizer(_Stateless):
    """Cuts at every change between letters or digits and anything else.

    Noisy text makes spaCy's own rules slow, and its exceptions (`don't`, `U.S.`) do not survive a
    bad scan. Every name that the matcher finds begins and ends at one of these cuts.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The text as tokens; joined again they are the text."""
        found = _TOKEN.findall(text)
        return Doc(self.vocab, words=[word for word, _ in found], spaces=[space == " " for _, space in found])


@registry.tokenizers("cablenorm.OcrTokenizer.v1")  # type: ignore[untyped-decorator]
def make_tokenizer() -> Callable[[Language], OcrTokenizer]:
    """The factory that a pipeline's config names under `nlp.tokenizer`."""
    return lambda nlp: OcrTokenizer(nlp.vocab)


@Language.factory(
    "cable_gazetteer",
    assigns=["doc.ents", "span._.decision"],
    default_config={
        "gazetteer": [],
        "default_gazetteer": True,
        "repair": True,
        "min_score": None,
        "priors": None,
    },
)
def make_gazetteer(
    nlp: Language,
    name: str,
    gazetteer: list[str],
    default_gazetteer: bool,
    repair: bool,
    min_score: float | None,
    priors: str | None,
) -> CableGazetteer:
    """The component for the layers at the paths `gazetteer`, over the default one unless told otherwise.

    Args:
        nlp: The pipeline.
        name: Of the component in it.
        gazetteer: Paths of layers.
        default_gazetteer: Whether the project's own is the first.
        repair: Whether damaged names are repaired.
        min_score: A repair of a lower score stays unknown; None for the shipped threshold.
        priors: A file made by `cablenorm learn priors`.
    """
    return CableGazetteer(
        load(gazetteer, default=default_gazetteer),
        repair=repair,
        min_score=min_score,
        priors=read_priors(Path(priors)) if priors else None,
        confusions=confusions_path(gazetteer),
    )


class CableGazetteer(_Stateless):
    """Finds and resolves names; sets `doc.ents` and the decision on every one of them."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        *,
        repair: bool = True,
        min_score: float | None = None,
        priors: Mapping[str, float] | None = None,
        confusions: Path | None = None,
    ) -> None:
        """Build the component; the arguments are as those of `make_gazetteer`.

        Args:
            gazetteer: Its names are found.
            repair: Whether damaged names are repaired.
            min_score: In [0, 1], or None.
            priors: Times a million words by the key of a name.
            confusions: The table of look-alikes; None for the shipped one.

        Raises:
            ConfigError: `min_score` is beyond its range, or the table has faults.
        """
        self.gazetteer = gazetteer
        self.min_score = default_min_score() if min_score is None else min_score
        if not 0 <= self.min_score <= 1:
            raise ConfigError("min_score", f"{min_score} is no score; give one from 0 to 1")
        self._matcher = Matcher(gazetteer)
        self._matched: dict[str, tuple[Folded, list[Match]]] = {}
        self._repairer = None
        if repair:
            # The faults of the table stop a run before the first document, not in it.
            self._repairer = Repairer(gazetteer, load_confusions(confusions or confusions_path()), priors)
        self._resolver = Resolver(gazetteer, self.min_score)

    def __call__(self, spacy_doc: Doc) -> Doc:
        """The same Doc, with the mentions found in it."""
        own = spacy_doc._
        doc = Document(id=own.cable_id or "", text=spacy_doc.text, date=own.cable_date, source=own.cable_source)
        self.set_annotations(spacy_doc, self.find(doc, tagged_in(spacy_doc)))
        return spacy_doc

    def prepare(self, texts: Iterable[str]) -> None:
        """Do together what is quicker so for texts that are gone through next; nothing else changes by it."""
        if self._repairer:
            self._matched = {text: self._match(text) for text in texts}
            self._repairer.prepare((text, matches) for text, (_, matches) in self._matched.items())

    def _match(self, text: str) -> tuple[Folded, list[Match]]:
        folded = fold(text)
        return folded, self._matcher.match(text, folded)

    def find(
        self, doc: Document, tagged: Tags | Iterable[tuple[int, int, str]] = (), header: Header | None = None
    ) -> list[Mention]:
        """The mentions of a document.

        Args:
            doc: The document, or a part of one.
            tagged: (start, end, label) of what a tagger found in it, or more of what it says.
            header: Of the whole document, where this is a later part of it; None has it read from the text.
        """
        folded, matches = self._matched.get(doc.text) or self._match(doc.text)
        repairs = partial(self._repairer.repair, doc.text, matches) if self._repairer else None
        header = header or parse_header(doc.text, doc.date, doc.metadata)
        return self._resolver.resolve(doc, folded, matches, tagged, repairs, header)

    def set_annotations(self, spacy_doc: Doc, mentions: Sequence[Mention]) -> None:
        """Keep mentions with a Doc, and make them its entities beside what a tagger found elsewhere."""
        spacy_doc.user_data[_DATA] = [_to_data(m) for m in mentions]
        _set_ents(spacy_doc, mentions)


def tagged_in(spacy_doc: Doc) -> list[tuple[int, int, str]]:
    """(start, end, label) of the entities of a Doc whose label means something here."""
    return [(e.start_char, e.end_char, LABELS[e.label_]) for e in spacy_doc.ents if e.label_ in LABELS]


def _set_ents(spacy_doc: Doc, mentions: Sequence[Mention]) -> None:
    kept: list[Span] = []
    taken: set[int] = set()

    def keep(span: Span | None) -> None:
        if span is not None and taken.isdisjoint(range(span.start, span.end)):
            kept.append(span)
            taken.update(range(span.start, span.end))

    for m in mentions:
        if m.decision.method != "tagger":
            kb_id = m.decision.entity or ""
            keep(spacy_doc.char_span(m.start, m.end, label=m.label, kb_id=kb_id, alignment_mode="expand"))
    for ent in spacy_doc.ents:
        keep(ent)
    spacy_doc.ents = sorted(kept, key=lambda s: s.start)


def mentions_of(spacy_doc: Doc) -> list[Mention]:
    """The mentions that the component found, in order; also `doc._.mentions`."""
    text = spacy_doc.text
    rows = spacy_doc.user_data.get(_DATA, ())
    return [Mention(row[0], row[1], text[row[0] : row[1]], row[2], _decision(row)) for row in rows]


def _decision_of(span: Span) -> Decision | None:
    rows = span.doc.user_data.get(_DATA, ())
    return next((_decision(r) for r in rows if r[0] < span.end_char and span.start_char < r[1]), None)


# Plain lists and texts, because a Doc is serialized with what it carries.
def _to_data(m: Mention) -> list[Any]:
    d = m.decision
    evidence = [[e.kind, e.words] for e in d.evidence]
    candidates = [[c.entity, c.name, c.score] for c in d.candidates]
    return [m.start, m.end, m.label, d.kind, d.entity, d.name, d.method, d.score, evidence, candidates, d.reading]


def _decision(row: list[Any]) -> Decision:
    _, _, _, kind, entity, name, method, score, evidence, candidates, reading = row
    reasons = tuple(Evidence(*e) for e in evidence)
    others = tuple(Candidate(*c) for c in candidates)
    return Decision(kind, entity, name, method, score, reasons, others, reading)


for _name in ("cable_id", "cable_date", "cable_source"):
    Doc.set_extension(_name, default=None, force=True)
Doc.set_extension("mentions", getter=mentions_of, force=True)
Span.set_extension("decision", getter=_decision_of, force=True)
