"""The nouns of the project: documents, offset maps, mentions and decisions.

Offsets `start, end` are half-open and count Unicode code points of `Document.text`.
Everything here is data; nothing here reads files or knows spaCy.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

SCHEMA = 1
"""Version of the output format."""

LINKED, AMBIGUOUS, UNKNOWN = "linked", "ambiguous", "unknown"
"""The three outcomes of a decision."""


class Span(NamedTuple):
    """A half-open stretch of text in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One text and what is known of it. The text is never altered.

    Attributes:
        id: Unique within a run.
        text: The page as it was read, any Unicode without lone surrogates.
        date: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, or None where unknown.
        source: What the corpus calls the origin of the document, or None.
        metadata: Everything else that the record carried, kept as it was.
        pages: Spans of the pages, where the format tells them.
    """

    id: str
    text: str
    date: str | None = None
    source: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    pages: tuple[Span, ...] = ()


class OffsetMap:
    """Positions of one text in another that was made from it, both ways.

    The texts are cut into aligned pieces. Pieces of equal length map position by position;
    a piece whose length changed maps as a block: a start inside it goes to its start, an end
    inside it to its end. Spans map tightly: what was inserted at their ends stays outside.
    """

    __slots__ = ("_steps",)

    def __init__(self, length: int, edits: Iterable[tuple[int, int, int]]) -> None:
        """Map for a text of `length` code points after replacements.

        Args:
            length: Code points of the original.
            edits: `(start, end, new_length)` in the original, ascending, not overlapping.

        Raises:
            ValueError: Edits overlap, run backwards or leave the text.
        """
        a, b, at, shift = [0], [0], 0, 0
        for start, end, new in edits:
            if start < at or end < start or end > length:
                raise ValueError(f"edit {(start, end, new)} overlaps another or leaves the text")
            if at != start:
                a.append(start)
                b.append(start + shift)
            shift += new - (end - start)
            a.append(end)
            b.append(end + shift)
            at = end
        if a[-1] != length:
            a.append(length)
            b.append(length + shift)
        # Cuts of the text before and after each step, in pairs.
        self._steps: tuple[tuple[list[int], list[int]], ...] = ((a, b),)

    def forward(self, start: int, end: int) -> Span:
        """Where the original's `start, end` stands in the new text."""
        for a, b in self._steps:
            start, end = _low(a, b, start), _high(a, b, end)
            end = max(start, end)
        return Span(start, end)

    def backward(self, start: int, end: int) -> Span:
        """Where the new text's `start, end` stands in the original."""
        return Span(*self.all_backward([(start, end)])[0])

    def all_backward(self, spans: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
        """Where spans of the new text stand in the original."""
        for a, b in reversed(self._steps):
            last, moved = len(b) - 1, []
            for start, end in spans:
                k = bisect_right(b, start) - 1
                # In a piece of equal length, as nearly all are; `_low` and `_high` know the others.
                if 0 <= k < last and end <= b[k + 1] and b[k + 1] - b[k] == a[k + 1] - a[k]:
                    shift = a[k] - b[k]
                    start, end = start + shift, end + shift
                else:
                    start, end = _low(b, a, start), _high(b, a, end)
                moved.append((start, end if end > start else start))
            spans = moved
        return spans

    def then(self, later: OffsetMap) -> OffsetMap:
        """The map from this original to the text that `later` leads to.

        `later` must start from this map's new text.
        """
        both = OffsetMap(0, ())
        both._steps = self._steps + later._steps
        return both


def _low(a: Sequence[int], b: Sequence[int], at: int) -> int:
    """The start of whatever `at` is in, position by position in pieces of equal length."""
    k = bisect_right(a, at) - 1
    if k >= len(a) - 1:
        return b[-1]
    if k < 0:
        return b[0]
    if a[k] == at:
        return b[k]
    return b[k] + at - a[k] if a[k + 1] - a[k] == b[k + 1] - b[k] else b[k]


def _high(a: Sequence[int], b: Sequence[int], at: int) -> int:
    k = bisect_left(a, at)
    if k >= len(a):
        return b[-1]
    if a[k] == at:
        return b[k]
    if k == 0:
        return b[0]
    return b[k] - (a[k] - at) if a[k] - a[k - 1] == b[k] - b[k - 1] else b[k]


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded copy of a text and the way back.

    `text` is lower-case words with one space between them and one at each end.
    """

    text: str
    offsets: OffsetMap


class Match(NamedTuple):
    """Names of the gazetteer that stand at one place: `forms` are numbers of name forms."""

    start: int
    end: int
    forms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Repair:
    """A damaged stretch and the name of the gazetteer that it was.

    Attributes:
        start, end: On the page.
        forms: Numbers of the name's forms, at least one.
        score: Probability in [0, 1] that the name is right; who bears it is another question.
        reading: What the page ought to read there.
        evidence: Why.
        label: Of the name, where it stays unknown.
    """

    start: int
    end: int
    forms: tuple[int, ...]
    score: float
    reading: str
    evidence: tuple[Evidence, ...]
    label: str


class Evidence(NamedTuple):
    """One reason for a decision: a `kind` for programs, words for people."""

    kind: str
    words: str

    def __str__(self) -> str:
        return self.words


class Candidate(NamedTuple):
    """An entity that a mention may mean; `score` in [0, 1]."""

    entity: str
    name: str
    score: float

    def to_dict(self) -> dict[str, Any]:
        """The candidate as the output schema has it."""
        return {"entity": self.entity, "name": self.name, "score": self.score}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a mention was found to mean.

    Attributes:
        kind: `linked`, `ambiguous` or `unknown`.
        entity: The entity's id where linked, else None.
        name: Canonical name where linked, the shared name where ambiguous, else None.
        method: exact, alias, misreading, repair, context, correction or tagger.
        score: Probability in [0, 1] that the decision is right.
        reading: What the page ought to read there; None where it stands right already.
    """

    kind: str
    entity: str | None
    name: str | None
    method: str
    score: float
    evidence: tuple[Evidence, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    reading: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A labelled span of a document and the decision on it."""

    start: int
    end: int
    text: str
    label: str
    decision: Decision

    def to_dict(self, normalized: Span) -> dict[str, Any]:
        """The mention as the output schema has it."""
        d = self.decision
        return {
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "label": self.label,
            "normalized_start": normalized.start,
            "normalized_end": normalized.end,
            "decision": d.kind,
            "entity": d.entity,
            "name": d.name,
            "method": d.method,
            "score": d.score,
            "evidence": [str(e) for e in d.evidence],
            "candidates": [c.to_dict() for c in d.candidates],
        }


@dataclass(frozen=True, slots=True)
class Result:
    """A document with its mentions, in order and without overlap."""

    document: Document
    mentions: tuple[Mention, ...]
    normalized: str
    offsets: OffsetMap
    versions: dict[str, str | None]

    def to_dict(self) -> dict[str, Any]:
        """The document as the output schema has it, keys in the schema's order."""
        doc = self.document
        counts: dict[str, dict[str, dict[str, Any]]] = {"person": {}, "aircraft": {}, "place": {}}
        for m in self.mentions:
            if m.decision.entity is not None:
                of_type = counts.setdefault(m.label.lower(), {})
                row = of_type.setdefault(
                    m.decision.entity, {"id": m.decision.entity, "name": m.decision.name, "count": 0}
                )
                row["count"] += 1
        return {
            "schema": SCHEMA,
            "id": doc.id,
            "source": doc.source,
            "date": doc.date,
            "text": doc.text,
            "normalized": self.normalized,
            "mentions": [m.to_dict(self.offsets.forward(m.start, m.end)) for m in self.mentions],
            "entities": {
                kind: sorted(rows.values(), key=lambda r: (-r["count"], r["id"])) for kind, rows in counts.items()
            },
            "metadata": doc.metadata,
            "versions": self.versions,
        }


def normalize(doc: Document, mentions: Sequence[Mention], versions: dict[str, str | None]) -> Result:
    """The document with every reading of its mentions written into a copy of the text.

    Args:
        doc: The document; its text is not altered.
        mentions: Ascending, not overlapping.
        versions: Of the package, the gazetteer and the tagger.
    """
    parts: list[str] = []
    edits: list[tuple[int, int, int]] = []
    at = 0
    for m in mentions:
        reading = m.decision.reading
        if reading is None or reading == m.text:
            continue
        parts += (doc.text[at : m.start], reading)
        edits.append((m.start, m.end, len(reading)))
        at = m.end
    parts.append(doc.text[at:])
    return Result(doc, tuple(mentions), "".join(parts), OffsetMap(len(doc.text), edits), versions)
