"""What became of a run, and of the documents that failed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

MOST_LISTED = 1_000
"""Failures and notices listed in the summary; all failures stand in `failures.jsonl`."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A document, record or file that is not in the output, and why."""

    source: str | None
    line: int | None
    id: str | None
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """The failure as `summary.json` and `failures.jsonl` have it."""
        return {"source": self.source, "line": self.line, "id": self.id, "reason": self.reason}


@dataclass(slots=True)
class Summary:
    """What became of a run; `to_dict` is `summary.json`."""

    status: str = "incomplete"
    documents: int = 0
    characters: int = 0
    decisions: Counter[str] = field(default_factory=Counter)
    types: dict[str, Counter[str]] = field(default_factory=dict)
    methods: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    failures: list[dict[str, Any]] = field(default_factory=list)
    noticed: int = 0
    notices: list[dict[str, Any]] = field(default_factory=list)
    skipped_files: int = 0
    seconds: float = 0.0
    versions: dict[str, str | None] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The account as `summary.json` has it."""
        return {
            "schema": 1,
            "status": self.status,
            "documents": self.documents,
            "characters": self.characters,
            "decisions": {k: self.decisions[k] for k in ("linked", "ambiguous", "unknown")},
            "types": {kind: dict(sorted(counts.items())) for kind, counts in sorted(self.types.items())},
            "methods": dict(sorted(self.methods.items())),
            "failed": self.failed,
            "failures": self.failures,
            "noticed": self.noticed,
            "notices": self.notices,
            "skipped_files": self.skipped_files,
            "seconds": round(self.seconds, 3),
            "versions": self.versions,
        }

    def count(self, record: dict[str, Any]) -> None:
        """Add a written document."""
        self.documents += 1
        self.characters += len(record["text"])
        for m in record["mentions"]:
            self.decisions[m["decision"]] += 1
            self.types.setdefault(m["label"].lower(), Counter())[m["decision"]] += 1
            self.methods[m["method"]] += 1
