"""What a run says: its documents and mentions, as far as gold asks for them."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from normalizer.errors import ConfigError
from normalizer.evaluation.records import Fault, check, id_of, list_of, read_records, span_of, text_of
from normalizer.model import AMBIGUOUS, LINKED, UNKNOWN

FILE = "documents.jsonl"
_KINDS = (LINKED, AMBIGUOUS, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Found:
    """A mention of the run; `candidates` are entities with their scores, the best first."""

    start: int
    end: int
    label: str
    decision: str
    entity: str | None
    method: str
    score: float
    candidates: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class RunDocument:
    """A document of the run; `gazetteer` is the version that it was made with."""

    id: str
    text: str
    normalized: str
    mentions: tuple[Found, ...]
    gazetteer: str | None


def read_run(path: Path, wanted: Set[str]) -> dict[str, RunDocument]:
    """The wanted documents of a run by id.

    Args:
        path: The output folder of a run, or a file of its format.
        wanted: Ids.

    Raises:
        ConfigError: There is no such file, it has faults, or wanted documents are missing.
    """
    file = path / FILE if path.is_dir() else path
    if not file.is_file():
        raise ConfigError(
            str(file), "does not exist; RUN is the output folder of `cablenorm run`, or a documents.jsonl"
        )
    seen: dict[str, str] = {}

    def parse(record: dict[str, Any], where: str) -> RunDocument | None:
        doc_id = id_of(record)
        if doc_id not in wanted:
            return None
        if doc_id in seen:
            raise Fault(f"document {doc_id!r} stands at {seen[doc_id]} too; give every document an id of its own")
        seen[doc_id] = where
        return _document(record, doc_id)

    documents = {doc.id: doc for doc in read_records(file, parse)}
    missing = sorted(wanted - documents.keys())
    check(file, [f"no output for document {doc_id!r} of the gold; run `cablenorm run` over it" for doc_id in missing])
    return documents


def _document(record: dict[str, Any], doc_id: str) -> RunDocument:
    text = text_of(record, "text")
    mentions = sorted((_mention(m, len(text)) for m in list_of(record, "mentions", needed=True)), key=lambda m: m.start)
    decided = [m for m in mentions if m.decision != UNKNOWN]
    for a, b in pairwise(decided):
        if a.end > b.start:
            raise Fault(f"mentions {a.start}-{a.end} and {b.start}-{b.end} of {doc_id!r} overlap; keep one of them")
    versions = record.get("versions")
    return RunDocument(
        doc_id,
        text,
        "" if record.get("normalized") is None else text_of(record, "normalized"),
        tuple(mentions),
        versions.get("gazetteer") if isinstance(versions, dict) else None,
    )


def _mention(record: dict[str, Any], length: int) -> Found:
    start, end = span_of(record, "a mention")
    what = f"the mention {start}-{end}"
    if end > length or start == end:
        raise Fault(f"{what} lies outside the text of {length} code points")
    decision = text_of(record, "decision", what)
    if decision not in _KINDS:
        raise Fault(f"{what} has the decision {decision!r}, which is none of {', '.join(_KINDS)}")
    candidates = [
        (text_of(c, "entity", f"a candidate of {what}"), _score(c, f"a candidate of {what}"))
        for c in list_of(record, "candidates")
    ]
    return Found(
        start,
        end,
        text_of(record, "label", what),
        decision,
        text_of(record, "entity", what) if decision == LINKED else None,
        text_of(record, "method", what),
        _score(record, what),
        tuple(sorted(candidates, key=lambda c: -c[1])),
    )


def _score(record: dict[str, Any], what: str) -> float:
    value = record.get("score")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise Fault(f"{what} has no number from 0 to 1 under 'score'")
    return float(value)
