"""The compiled form of a gazetteer, and its cache.

One file a gazetteer: a line of JSON that names format, versions and the lengths and digest of
what follows, then plain columns. Nothing in it is code; a file that does not check out in
every part is rebuilt from the YAML.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import tempfile
from array import array
from pathlib import Path
from typing import Any

from normalizer.gazetteer.entities import Entity, entity_from_dict
from normalizer.gazetteer.forms import Form, forms_of
from normalizer.gazetteer.loader import Raw

FORMAT = 9
"""Raise when the columns or the way in which forms are made change."""

_MOST = 0xFFFFFFFF
_SEATS = ("country", "capital")


class Gazetteer:
    """Entities and their name forms, as the matcher and the resolver use them.

    Patterns are numbered; pattern `p` has the forms `first_form[p]` to `first_form[p + 1] - 1`.
    A form has an entity, flags and the number of the alias or misreading it was made from.
    Entities are built when first asked for.
    """

    def __init__(self, version: str, columns: dict[str, bytes]) -> None:
        self.version = version
        self.columns = columns
        self._rows = columns["entities"].split(b"\n") if columns["entities"] else []
        self._entities: list[Entity | None] = [None] * len(self._rows)
        self._numbers: dict[str, list[int]] | None = None
        self.patterns = columns["patterns"].decode().split("\n") if columns["patterns"] else []
        self.first_form = _numbers("I", columns["first_form"])
        self.form_entity = _numbers("I", columns["form_entity"])
        self.form_flags = _numbers("H", columns["form_flags"])
        self.form_detail = _numbers("H", columns["form_detail"])
        self._form_texts = columns["form_texts"].decode().split("\n") if columns["form_texts"] else []
        # What names are weighed by, so that this builds no entity.
        self.prominence = _numbers("I", columns["prominence"])
        self.labels = columns["labels"].decode().split("\n")
        self.seats = columns["seats"]
        self.posts = columns["posts"]
        """Of every entity: volumes that list it, the label of its mentions, 1 for countries and capitals, and 1 for
        these and the cities with a post of the United States where their country is known."""

    def __len__(self) -> int:
        return len(self._rows)

    def entity(self, number: int) -> Entity:
        """The entity of a number in [0, len)."""
        ent = self._entities[number]
        if ent is None:
            ent = self._entities[number] = entity_from_dict(json.loads(self._rows[number]))
        return ent

    def entities(self) -> list[Entity]:
        """Every entity, by type and id."""
        return [self.entity(i) for i in range(len(self))]

    def numbers(self, entity_id: str) -> list[int]:
        """The numbers of the entities of an id: one for each type that has it, or none."""
        if self._numbers is None:
            self._numbers = {}
            for i, known in enumerate(self.columns["ids"].decode().split("\n")):
                self._numbers.setdefault(known, []).append(i)
        return self._numbers.get(entity_id, [])

    def ids(self) -> list[str]:
        """The id of every entity, in order of numbers."""
        return self.columns["ids"].decode().split("\n") if len(self) else []

    def forms(self, pattern: int) -> range:
        """The numbers of a pattern's forms."""
        return range(self.first_form[pattern], self.first_form[pattern + 1])

    def form_text(self, form: int) -> str:
        """The name, alias, family name or misreading that a form was made from, as the gazetteer writes it."""
        return self._form_texts[form]


def compile_gazetteer(
    merged: dict[tuple[str, str], Raw], version: str, english: frozenset[str], given: frozenset[str] = frozenset()
) -> Gazetteer:
    """Columns from merged entries.

    Args:
        merged: Entries by (type, id), as the loader gives them.
        version: What names this content.
        english: Folded common English words.
        given: Folded given names.
    """
    rows: list[str] = []
    ids: list[str] = []
    forms: dict[str, dict[tuple[int, int, int], None]] = {}
    entities: list[Entity] = []
    for number, place in enumerate(sorted(merged)):
        data = merged[place].data
        rows.append(json.dumps(data, ensure_ascii=False, separators=(",", ":")))
        ids.append(place[1])
        entities.append(entity_from_dict(data))
        for pattern, flags, detail in forms_of(entities[-1], english, given):
            forms.setdefault(pattern, {})[number, flags, detail] = None
    first, entity, flag, details = array("I", [0]), array("I"), array("H"), array("H")
    patterns = sorted(forms)
    texts: list[str] = []
    for pattern in patterns:
        for number, flags, detail in _without_echoes(forms[pattern]):
            texts.append(_written(entities[number], flags, detail))
            entity.append(number)
            flag.append(flags)
            details.append(detail)
        first.append(len(entity))
    return Gazetteer(
        version,
        {
            "entities": "\n".join(rows).encode(),
            "ids": "\n".join(ids).encode(),
            "patterns": "\n".join(patterns).encode(),
            "first_form": first.tobytes(),
            "form_entity": entity.tobytes(),
            "form_flags": flag.tobytes(),
            "form_detail": details.tobytes(),
            "form_texts": "\n".join(texts).encode(),
            "prominence": array("I", (min(ent.prominence, _MOST) for ent in entities)).tobytes(),
            "labels": "\n".join(ent.label for ent in entities).encode(),
            "seats": bytes(ent.kind in _SEATS for ent in entities),
            "posts": bytes(
                bool(ent.country) and (ent.kind in _SEATS or "us_post" in (ent.facts or {})) for ent in entities
            ),
        },
    )


def _written(ent: Entity, flags: int, detail: int) -> str:
    """The text that a form was made from."""
    if flags & Form.ALIAS:
        text = ent.aliases[detail].text
    elif flags & Form.MISREADING:
        text = ent.misreadings[detail].text
    else:
        text = (ent.family or ent.name) if flags & Form.FAMILY else ent.name
    return text.replace("\n", " ")


def _without_echoes(forms: dict[tuple[int, int, int], None]) -> list[tuple[int, int, int]]:
    """The forms of a pattern, less those that say of an entity what a better form says already.

    A name outranks an alias, an alias a family name, a true name a plural; misreadings stay, as
    each has a scope of its own. An alias with a scope never hides behind one without.
    """
    kept: list[tuple[int, int, int]] = []
    best: set[int] = set()
    for number, flags, detail in sorted(forms, key=lambda f: (f[0], f[1] & Form.PLURAL, f[1] & 15, f[2])):
        if not flags & Form.MISREADING:
            if number in best:
                continue
            if not flags & Form.ALIAS:
                best.add(number)
        kept.append((number, flags, detail))
    return kept


def _numbers(code: str, data: bytes) -> array[int]:
    made = array(code)
    made.frombytes(data)
    return made


def cache_folder() -> Path:
    """Where compiled gazetteers are kept: `cablenorm` in the user's cache folder."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "cablenorm"


def _signature() -> dict[str, Any]:
    return {
        "magic": "cablenorm gazetteer",
        "format": FORMAT,
        "byteorder": sys.byteorder,
        "word_bytes": array("I").itemsize,
    }


def _digest(head: dict[str, Any], body: bytes) -> str:
    """A hash of everything in the file but itself."""
    return hashlib.sha256(json.dumps(head, sort_keys=True).encode() + body).hexdigest()


def write_cache(gazetteer: Gazetteer, path: Path) -> None:
    """Keep a compiled gazetteer; a folder that cannot be written only costs the next start some time."""
    body = b"".join(gazetteer.columns.values())
    head = {
        **_signature(),
        "version": gazetteer.version,
        "lengths": {name: len(column) for name, column in gazetteer.columns.items()},
    }
    head["digest"] = _digest(head, body)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as f:
            part = Path(f.name)
            try:
                f.write(json.dumps(head).encode() + b"\n" + body)
                f.close()
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)


def read_cache(path: Path, version: str) -> Gazetteer | None:
    """The compiled gazetteer of a version, or None where the file is missing, old or damaged."""
    try:
        head_line, _, body = path.read_bytes().partition(b"\n")
        head = json.loads(head_line)
        lengths: dict[str, int] = head["lengths"]
        sound = {k: head.get(k) for k in _signature()} == _signature() and head["version"] == version
        if not sound or head.pop("digest") != _digest(head, body):
            return None
        columns, at = {}, 0
        for name, length in lengths.items():
            columns[name] = body[at : at + length]
            at += length
        return Gazetteer(version, columns)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
