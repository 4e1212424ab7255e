"""Search over the index of a run: words, phrases and entities, shown on the original page.

A query finds documents whose page or normalized text has its words, and documents with a mention
of an entity whose name it is. What is shown is always the page, with the reading of every
mention beside it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from normalizer.errors import ConfigError
from normalizer.folding import fold, fold_name, key
from normalizer.model import Span

_PART = re.compile(r'"([^"]*)"|(\S+)')
CONTEXT = 60
"""Code points of the page shown on either side of a hit."""
MOST_SNIPPETS = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """A mention inside a snippet: offsets in the snippet, what it was read as, and why."""

    start: int
    end: int
    text: str
    reading: str
    decision: str
    entity: str | None
    name: str | None
    label: str
    method: str
    score: float


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of the original page around a hit: `start` in the document, `hit` in `text`."""

    start: int
    text: str
    hit: Span
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found."""

    id: str
    date: str | None
    source: str | None
    snippets: tuple[Snippet, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """The hit as plain data."""
        return asdict(self)


class Index:
    """The `index.sqlite` of a run, opened for reading."""

    def __init__(self, folder: Path) -> None:
        """Open the index of an output folder.

        Raises:
            ConfigError: There is none, or it is no index of cablenorm's.
        """
        path = folder / "index.sqlite"
        if not path.is_file():
            raise ConfigError(str(folder), "no index.sqlite here; give the output folder of `cablenorm run`")
        try:
            self._db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
            self._db.execute("SELECT count(*) FROM names").fetchone()
        except sqlite3.Error as error:
            raise ConfigError(str(path), f"no index that can be read ({error}); run `cablenorm run` again") from error

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    def facets(self, limit: int) -> dict[str, list[tuple[str, str, int, int]]]:
        """(id, name, documents, mentions) of the entities named most, by type, at most `limit` of each."""
        found: dict[str, list[tuple[str, str, int, int]]] = {}
        for kind, *rest in self._db.execute(
            "SELECT type, id, name, documents, mentions FROM entities ORDER BY type, mentions DESC, id"
        ):
            of_type = found.setdefault(kind, [])
            if len(of_type) < limit:
                of_type.append((rest[0], rest[1], rest[2], rest[3]))
        return found

    def resolve(self, query: str) -> list[tuple[str, str, str]]:
        """(type, id, name) of the entities in the index whose id or name a query is."""
        return self._db.execute(
            "SELECT type, id, name FROM entities WHERE id = ?1 OR (type, id) IN"
            " (SELECT type, id FROM names WHERE key = ?2) ORDER BY mentions DESC, type, id",
            (query.encode("utf-8", "replace").decode(), key(query)),
        ).fetchall()

    def search(
        self,
        query: str | None,
        entities: Sequence[tuple[str, str, str]] = (),
        limit: int = 20,
        *,
        both: bool = False,
    ) -> tuple[int, Iterator[Hit]]:
        """How many documents a query or an entity finds, and the first of them, best first.

        Args:
            query: Words and "phrases", all of which must stand in the page or all in the normalized text;
                None to ask for entities alone.
            entities: Entities of which a mention is a hit too.
            both: Only documents that have the words and one of the entities.
            limit: At most so many hits are yielded.
        """
        found: dict[int, float] = {}
        parts = [fold_name(part) for part in parts_of(query or "")]
        if match := fts_query(query or ""):
            rows = self._db.execute("SELECT rowid, rank FROM full_text WHERE full_text MATCH ?", (match,))
            found.update(rows)
        worded, named = set(found), set[int]()
        for kind, entity, _ in entities:
            rows = self._db.execute(
                "SELECT document, -count(*) FROM mentions WHERE entity = ? AND lower(label) = ? GROUP BY document",
                (entity, kind),
            )
            for document, weight in rows:
                if not both or document in worded:
                    found[document] = found.get(document, 0.0) + weight
                    named.add(document)
        if both:
            found = {document: weight for document, weight in found.items() if document in named}
        ranked = sorted(found, key=lambda number: (found[number], number))[: max(0, limit)]
        return len(found), (self._hit(number, parts, {(k, e) for k, e, _ in entities}) for number in ranked)

    def _hit(self, number: int, parts: Sequence[str], entities: set[tuple[str, str]]) -> Hit:
        own, date, source, text, normalized = self._db.execute(
            "SELECT id, date, source, text, normalized FROM documents WHERE number = ?", (number,)
        ).fetchone()
        self._db.row_factory = sqlite3.Row
        mentions = self._db.execute("SELECT * FROM mentions WHERE document = ? ORDER BY start", (number,)).fetchall()
        self._db.row_factory = None
        spots = [Span(m["start"], m["end"]) for m in mentions if (m["label"].lower(), m["entity"]) in entities]
        for part in parts:
            on_page = list(_places(part, text))
            spots += on_page or (_on_page(*place, mentions) for place in _places(part, normalized))
        return Hit(own, date, source, tuple(_snippets(text, normalized, sorted(set(spots)), mentions)))


def parts_of(query: str) -> list[str]:
    """The words and phrases of a query; none that has no letter or digit."""
    said = (phrase or word for phrase, word in _PART.findall(query))
    # What cannot be printed, a stray byte of another encoding or a NUL, separates words.
    clean = ("".join(c if c.isprintable() and c != '"' else " " for c in part) for part in said)
    return [part for part in clean if key(part)]


def fts_query(query: str) -> str:
    """A query in the full-text engine's language: every part must stand in one of the two columns.

    Nothing that a user types is an operator: `IL-28` is a phrase of two words.
    """
    parts = parts_of(query)
    if not parts:
        return ""
    every = " AND ".join(f'"{part}"' for part in parts)
    return f"(text : ({every})) OR (normalized : ({every}))"


def _places(part: str, text: str) -> Iterator[Span]:
    """Where a word or phrase, folded, stands in a text.

    Not by the engine's own highlighting, which stops at the first NUL.
    """
    folded = fold(text)
    at = folded.text.find(f" {part} ")
    while at >= 0:
        yield folded.offsets.backward(at + 1, at + 1 + len(part))
        at = folded.text.find(f" {part} ", at + 1)


def _on_page(start: int, end: int, mentions: Sequence[sqlite3.Row]) -> Span:
    """A span of the normalized text on the page: the whole mention where it lies in one."""
    first, last = start, end
    for m in mentions:
        if m["normalized_start"] < end and start < m["normalized_end"]:
            first, last = min(first, m["normalized_start"]), max(last, m["normalized_end"])
    ends: list[int] = []
    for at in (first, last):
        shift = 0
        for m in mentions:
            if m["normalized_end"] <= at and m["normalized_end"] > m["normalized_start"]:
                shift = m["end"] - m["normalized_end"]
        ends.append(at + shift)
    return Span(*ends)


def _snippets(text: str, normalized: str, spots: list[Span], mentions: Sequence[sqlite3.Row]) -> Iterator[Snippet]:
    shown_to, count = -1, 0
    for spot in spots:
        if spot.start < shown_to or count == MOST_SNIPPETS:
            continue
        first = _word_edge(text, max(0, spot.start - CONTEXT), 1)
        last = _word_edge(text, min(len(text), spot.end + CONTEXT), -1)
        first, last = min(first, spot.start), max(last, spot.end)
        readings = tuple(
            Reading(
                m["start"] - first,
                m["end"] - first,
                m["text"],
                normalized[m["normalized_start"] : m["normalized_end"]],
                m["decision"],
                m["entity"],
                m["name"],
                m["label"],
                m["method"],
                m["score"],
            )
            for m in mentions
            if first <= m["start"] and m["end"] <= last
        )
        yield Snippet(first, text[first:last], Span(spot.start - first, spot.end - first), readings)
        shown_to, count = last, count + 1


def _word_edge(text: str, at: int, step: int) -> int:
    """The nearest place inwards where no word is cut."""
    while 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum():
        at += step
    return at
