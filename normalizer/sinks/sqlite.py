"""SQLite: full text of page and normalized text, mentions and entities in tables ready for facets."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from normalizer.errors import SinkError
from normalizer.sinks import NamesOf, register

SCHEMA = """
CREATE TABLE documents (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  source TEXT,
  date TEXT,
  text TEXT NOT NULL,
  normalized TEXT NOT NULL,
  metadata TEXT NOT NULL
);
CREATE VIRTUAL TABLE full_text USING fts5(
  text, normalized, content='documents', content_rowid='number', tokenize='unicode61 remove_diacritics 2'
);
CREATE TABLE mentions (
  number INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  text TEXT NOT NULL,
  label TEXT NOT NULL,
  normalized_start INTEGER NOT NULL,
  normalized_end INTEGER NOT NULL,
  decision TEXT NOT NULL,
  entity TEXT,
  name TEXT,
  method TEXT NOT NULL,
  score REAL NOT NULL,
  evidence TEXT NOT NULL,
  candidates TEXT NOT NULL
);
CREATE TABLE entities (
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  documents INTEGER NOT NULL,
  mentions INTEGER NOT NULL,
  PRIMARY KEY (type, id)
) WITHOUT ROWID;
CREATE TABLE names (
  key TEXT NOT NULL,
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (key, type, id, name)
) WITHOUT ROWID;
"""
INDEXES = """
CREATE INDEX mentions_document ON mentions (document);
CREATE INDEX mentions_entity ON mentions (entity, label);
"""
_MENTION = (
    "start", "end", "text", "label", "normalized_start", "normalized_end", "decision", "entity", "name", "method",
    "score",
)  # fmt: skip
# Made once: `json.dumps` with options makes an encoder a call.
_json = json.JSONEncoder(ensure_ascii=False).encode


@register("index.sqlite")
class SqliteSink:
    """Writes every document in a transaction of its own, so that what was taken is there whatever comes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._db = sqlite3.connect(path, isolation_level=None)
            # A crash of the machine may cost the index, which is made anew from the documents; a full
            # disk or an interruption does not. A journal that stays open makes small transactions cheap.
            self._db.executescript(
                "PRAGMA synchronous=OFF; PRAGMA journal_mode=PERSIST; PRAGMA cache_size=-8000;" + SCHEMA
            )
        except sqlite3.Error as error:
            raise SinkError(path, f"cannot be written: {error}") from error

    def write(self, line: bytes, record: Mapping[str, Any]) -> None:
        """Add the document, or leave it out as a whole and raise."""
        try:
            self._db.execute("BEGIN")
            self._insert(record)
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            self._undo()
            raise SinkError(self._path, f"cannot be written: {error}") from error

    def _undo(self) -> None:
        with contextlib.suppress(sqlite3.Error):  # a full disk may have rolled it back already
            self._db.execute("ROLLBACK")

    def _insert(self, record: Mapping[str, Any]) -> None:
        metadata = _json(record["metadata"])
        number = self._db.execute(
            "INSERT INTO documents (id, source, date, text, normalized, metadata) VALUES (?, ?, ?, ?, ?, ?)",
            (record["id"], record["source"], record["date"], record["text"], record["normalized"], metadata),
        ).lastrowid
        self._db.execute(
            "INSERT INTO full_text (rowid, text, normalized) VALUES (?, ?, ?)",
            (number, record["text"], record["normalized"]),
        )
        rows = [
            (
                number,
                *(m[column] for column in _MENTION),
                _json(m["evidence"]),
                _json(m["candidates"]),
            )
            for m in record["mentions"]
        ]
        self._db.executemany(f"INSERT INTO mentions VALUES (NULL, {', '.join('?' * (len(_MENTION) + 3))})", rows)

    def close(self, names_of: NamesOf) -> None:
        """Count the entities, add their names, make the indexes."""
        try:
            self._undo()  # interrupted in the midst of a document
            self._db.execute("BEGIN")
            self._db.execute(
                "INSERT INTO entities SELECT lower(label), entity, min(name), count(DISTINCT document), count(*)"
                " FROM mentions WHERE entity IS NOT NULL GROUP BY lower(label), entity"
            )
            names: Counter[tuple[str, str, str, str]] = Counter()
            for kind, entity in self._db.execute("SELECT type, id FROM entities"):
                names.update((key, kind, entity, name) for key, name in names_of(kind, entity))
            self._db.executemany("INSERT INTO names VALUES (?, ?, ?, ?)", sorted(names))
            self._db.execute("COMMIT")
            self._db.executescript(INDEXES + "PRAGMA journal_mode=DELETE;")
        except sqlite3.Error as error:
            self._undo()
            raise SinkError(self._path, f"cannot be finished: {error}") from error
        finally:
            self._db.close()
