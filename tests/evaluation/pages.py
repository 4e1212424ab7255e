"""Pages, gold and runs of our own making, counted by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import Result

GAZETTEER = """
schema: 1
type: {type}
source: made for tests
entries:
{entries}
"""
PEOPLE = """
  - {id: kuznetsov-vasily-v, name: Vasily V. Kuznetsov, links: {frus: "100"}}
  - {id: kuznetsov-ivan, name: Ivan Kuznetsov, links: {frus: "200"}}
  - {id: thompson-llewellyn, name: Llewellyn Thompson, links: {frus: "300"}}
"""
PLACES = """
  - {id: cuba, name: Cuba}
  - {id: miami, name: Miami}
  - {id: havana, name: Havana, aliases: [La Habana]}
"""
AIRCRAFT = """
  - {id: il-28, name: IL-28, aliases: [Beagle]}
  - {id: a-12, name: A-12}
"""
WORDS = ["the", "chief", "of", "mission", "cubs", "and", "port", "staff"]

BETTER = (
    "A note on trade said that the freighters bound for Cuba had left the port on Monday. "
    "The chief of mission asked that the envoy be sent to Miami before the talks began, "
    "and nobody at the office could say when Kuznetzov might return from his long journey."
)
PAGE = (
    BETTER.replace("Cuba", "Guba").replace("chief", "Chlef").replace("Miami", "NIANI").replace("Kuznetzov", "KuzneLsov")
)


def at(text: str, surface: str) -> tuple[int, int]:
    """Where a text has a surface."""
    start = text.index(surface)
    return start, start + len(surface)


def mention(text: str, surface: str, label: str, entity: str | None, **rest: Any) -> dict[str, Any]:
    """A mention as a run writes it, linked unless `rest` says otherwise."""
    start, end = at(text, surface)
    made = {"start": start, "end": end, "text": surface, "label": label, "normalized_start": start}
    made |= {"normalized_end": end, "decision": "linked", "entity": entity, "name": None, "method": "exact"}
    made |= {"score": 0.9, "evidence": [], "candidates": [], **rest}
    return made


def held(text: str, surface: str, label: str, entity: str, score: float) -> dict[str, Any]:
    """A repair that the run abstained from."""
    candidates = [{"entity": "a-12", "name": "", "score": 0.01}, {"entity": entity, "name": "", "score": score}]
    rest = {"decision": "unknown", "method": "repair", "score": score, "candidates": candidates}
    return mention(text, surface, label, None, **rest)


def write(path: Path, *records: object) -> Path:
    """JSON Lines; a text stands as it is."""
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in records) + "\n", "utf-8")
    return path


def record(doc_id: str, text: str, *mentions: dict[str, Any], normalized: str | None = None) -> dict[str, Any]:
    """A document as a run writes it, as far as it is read."""
    return {"id": doc_id, "text": text, "normalized": normalized or text, "mentions": list(mentions), "versions": {}}


def measured(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    report: dict[str, Any] = json.loads(result.stdout)
    return report


KNOWN = "Kuznetsov met Thompson in HAUANA. The Soviet IL-28 of annex A-12 left."


def known(surface: str, label: str, **rest: Any) -> dict[str, Any]:
    start, end = at(KNOWN, surface)
    return {"start": start, "end": end, "label": label, "surface": surface, **rest}


def span(surface: str) -> dict[str, int]:
    start, end = at(KNOWN, surface)
    return {"start": start, "end": end}


GOLD = {
    "id": "k",
    "text": KNOWN,
    "level": "light",
    "mentions": [
        known("Kuznetsov", "PERSON", name="Kuznetsov, Vasily", entity="100"),
        known("Thompson", "PERSON", name="Thompson, Tom", entity="NIL"),
        known("HAUANA", "PLACE", name="Havana", entity="", kind="garbled", clean_surface="HAVANA"),
        known("IL-28", "AIRCRAFT", name="IL-28"),
    ],
    "decoys": [span("A-12")],
    "ignore": [span("Soviet")],
}
RUN = record(
    "k",
    KNOWN,
    mention(KNOWN, "Kuznetsov", "PERSON", "kuznetsov-ivan", score=0.6),
    mention(KNOWN, "Thompson", "PERSON", "thompson-llewellyn", score=0.97),
    mention(KNOWN, "HAUANA", "PLACE", "havana", method="repair", score=0.93),
    mention(KNOWN, "Soviet", "PLACE", "cuba"),
    mention(KNOWN, "IL-28", "AIRCRAFT", None, decision="unknown"),
    mention(KNOWN, "A-12", "AIRCRAFT", "a-12", score=0.9),
)
