"""Gold: what is known of pages, to measure a run against. Two formats, both JSON Lines in UTF-8.

**Every mention known**, one file, an object a document; also the format for gold of your own:

    {"id": "letter-1", "mentions": [{"start": 16, "end": 22, "label": "PERSON", "entity": "kuznetsov-vasily-v"}]}

- `id`: the document's id in the run.
- `text`: the page, where you keep it; it has to be the run's, as offsets point into it.
- `mentions`: each with `start`, `end` (half-open, in code points) and `label`, and with at least one of
  - `entity`: an id of the gazetteer, or the number that an authority gives in `links`, or `NIL` where the
    gazetteer need not know who is meant;
  - `name`: canonical, `Family, Given` or `Given Family`; without it the entity's name is taken.

  They may have `surface` (what the page reads there, checked), `clean_surface` (what it should read), `kind`
  (`clean`, `garbled` or `lost`; `clean` where left out) and `twins` (a list of further ids that are right too).
- `decoys`: spans (`start`, `end`) that only look like mentions.
- `ignore`: spans that are neither rewarded nor punished.
- `level`: any word; measures are shown for each.

**Two readings of each page**, a folder of two files: `documents.jsonl` with `id`, `text` (the reading that
the run saw) and `clean` (a better reading), and `gold.jsonl` with `id` and `mentions`, each with `start`,
`end`, `label`, `name` and `kind`: what the better reading names, and where that stands in `text`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from normalizer.errors import ConfigError
from normalizer.evaluation.aligned import squeeze
from normalizer.evaluation.names import Names
from normalizer.evaluation.output import RunDocument
from normalizer.evaluation.records import Fault, check, id_of, list_of, read_records, span_of, text_of
from normalizer.model import Span

CLEAN, GARBLED, LOST = KINDS = ("clean", "garbled", "lost")
NIL = "NIL"


@dataclass(frozen=True, slots=True)
class GoldMention:
    """A mention that is known; `name` and `surface` are filled in by `complete` where the file leaves them out."""

    start: int
    end: int
    label: str
    name: str = ""
    entity: str = ""
    surface: str | None = None
    clean_surface: str = ""
    kind: str = CLEAN
    twins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """What is known of a page; `where` is file and line, `clean` its better reading."""

    id: str
    where: str
    mentions: tuple[GoldMention, ...]
    text: str | None = None
    clean: str = ""
    decoys: tuple[Span, ...] = ()
    ignore: tuple[Span, ...] = ()
    level: str = CLEAN


@dataclass(frozen=True, slots=True)
class Gold:
    """Documents of one format."""

    path: Path
    documents: tuple[GoldDocument, ...]
    two_readings: bool


def read_gold(path: Path) -> Gold:
    """The gold of a folder with two readings, or of a file with every mention known.

    Raises:
        ConfigError: A file is missing or has faults; lists them with their lines.
    """
    if path.is_dir():
        for name in ("documents.jsonl", "gold.jsonl"):
            if not (path / name).is_file():
                raise ConfigError(
                    str(path), f"holds no {name}; GOLD is a folder with documents.jsonl and gold.jsonl, or a JSONL file"
                )
        return _two_readings(path)
    if not path.is_file():
        raise ConfigError(str(path), "does not exist; `cablenorm evaluate --help` shows the formats of gold")
    seen: dict[str, str] = {}
    documents = read_records(path, lambda record, where: _every_mention(record, where, seen))
    if not documents:
        raise ConfigError(str(path), "has no record; `cablenorm evaluate --help` shows the formats of gold")
    return Gold(path, tuple(documents), two_readings=False)


def _two_readings(folder: Path) -> Gold:
    seen: dict[str, str] = {}
    marked: dict[str, str] = {}
    pages = {
        doc.id: doc
        for doc in read_records(
            folder / "documents.jsonl",
            lambda record, where: GoldDocument(
                _own_id(record, where, seen), where, (), text_of(record, "text"), text_of(record, "clean")
            ),
        )
    }

    def parse(record: dict[str, Any], where: str) -> tuple[str, tuple[GoldMention, ...]]:
        doc_id = _own_id(record, where, marked)
        if doc_id not in pages:
            raise Fault(f"document {doc_id!r} is not in {folder / 'documents.jsonl'}; add it there")
        mentions = tuple(_mention(m, pages[doc_id].text) for m in list_of(record, "mentions", needed=True))
        for m in mentions:
            if not m.name:
                raise Fault(f"the mention {m.start}-{m.end} lacks the key 'name'")
        return doc_id, mentions

    # An alignment may tie two names of the better reading to one stretch, so these may overlap.
    for doc_id, mentions in read_records(folder / "gold.jsonl", parse):
        pages[doc_id] = replace(pages[doc_id], mentions=mentions)
    if not marked:
        raise ConfigError(str(folder / "gold.jsonl"), "has no record")
    return Gold(folder, tuple(pages.values()), two_readings=True)


def _every_mention(record: dict[str, Any], where: str, seen: dict[str, str]) -> GoldDocument:
    doc_id = _own_id(record, where, seen)
    text = text_of(record, "text") if record.get("text") is not None else None
    mentions = tuple(_mention(m, text) for m in list_of(record, "mentions", needed=True))
    for m in mentions:
        if not m.name and not m.entity:
            raise Fault(f"the mention {m.start}-{m.end} lacks the keys 'entity' and 'name'; give one, or entity NIL")
    # What stood at a lost mention is guessed, so it may lie across another.
    for a, b in pairwise(sorted((m for m in mentions if m.kind != LOST), key=lambda m: m.start)):
        if a.end > b.start:
            raise Fault(f"mentions {a.start}-{a.end} and {b.start}-{b.end} overlap; keep the one that is meant")
    return GoldDocument(
        doc_id,
        where,
        mentions,
        text,
        decoys=_spans(record, "decoys"),
        ignore=_spans(record, "ignore"),
        level=str(record.get("level") or CLEAN),
    )


def _own_id(record: dict[str, Any], where: str, seen: dict[str, str]) -> str:
    doc_id = id_of(record)
    if doc_id in seen:
        raise Fault(f"document {doc_id!r} stands at {seen[doc_id]} too; put its mentions into one record")
    seen[doc_id] = where
    return doc_id


def _spans(record: dict[str, Any], name: str) -> tuple[Span, ...]:
    return tuple(Span(*span_of(one, f"one of {name!r}")) for one in list_of(record, name))


def _mention(record: dict[str, Any], text: str | None) -> GoldMention:
    start, end = span_of(record, "a mention")
    what = f"the mention {start}-{end}"
    label = text_of(record, "label", what)
    kind = record.get("kind") or CLEAN
    if kind not in KINDS:
        raise Fault(f"{what} has the kind {kind!r}, which is none of {', '.join(KINDS)}")
    if start == end and kind != LOST:
        raise Fault(f"{what} is empty; only a lost one may be")
    twins = record.get("twins") or []
    if not isinstance(twins, list):
        raise Fault(f"'twins' of {what} is no list of ids")
    mention = GoldMention(
        start,
        end,
        label,
        _optional(record, "name", what),
        _optional(record, "entity", what),
        None if record.get("surface") is None else text_of(record, "surface", what),
        _optional(record, "clean_surface", what),
        kind,
        tuple(map(str, twins)),
    )
    if text is not None:
        _inside(mention, text)
    return mention


def _optional(record: dict[str, Any], name: str, what: str) -> str:
    value = record.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # an authority's number, written as one
    return "" if value is None else text_of(record, name, what)


def _inside(mention: GoldMention, text: str) -> None:
    what = f"the mention {mention.start}-{mention.end}"
    if mention.end > len(text):
        raise Fault(f"{what} lies outside the text of {len(text)} code points; count code points, not bytes")
    there = text[mention.start : mention.end]
    if mention.surface is not None and squeeze(there).strip() != squeeze(mention.surface).strip():
        raise Fault(f"{what} reads {there!r}, its surface is {mention.surface!r}; count code points, not bytes")


def complete(gold: Gold, run: dict[str, RunDocument], names: Names) -> tuple[GoldDocument, ...]:
    """The gold's documents, checked against the run, with the texts and names that the file left out.

    Raises:
        ConfigError: Texts differ, offsets leave the text, or an entity is known neither by id, number nor name.
    """
    made: list[GoldDocument] = []
    faults: list[str] = []
    for doc in gold.documents:
        try:
            made.append(_complete(doc, run[doc.id].text, names))
        except Fault as fault:
            faults.append(f"{doc.where}: {fault}")
    check(gold.path, faults)
    return tuple(made)


def _complete(doc: GoldDocument, text: str, names: Names) -> GoldDocument:
    if doc.text is not None and doc.text != text:
        at = next(
            (i for i, (a, b) in enumerate(zip(doc.text, text, strict=False)) if a != b), min(len(doc.text), len(text))
        )
        raise Fault(f"the text of {doc.id!r} is not the run's from {at} on; run `cablenorm run` over this very text")
    return replace(doc, text=text, mentions=tuple(_filled(doc.mentions, text, names)))


def _filled(mentions: Iterable[GoldMention], text: str, names: Names) -> Iterable[GoldMention]:
    for m in mentions:
        _inside(m, text)
        name = m.name
        if not name and m.entity != NIL:
            bearer = names.bearer(m.entity, m.label)
            if bearer is None:
                raise Fault(
                    f"the entity {m.entity!r} of the mention {m.start}-{m.end} is no id of the gazetteer and no number "
                    "in its links; correct it, or give its name, or NIL, or the --gazetteer that has it"
                )
            name = f"{bearer.family}, {bearer.given}" if bearer.family and bearer.given else bearer.name
        yield replace(m, name=name, surface=text[m.start : m.end] if m.surface is None else m.surface)
