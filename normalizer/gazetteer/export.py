"""A gazetteer for other programs: a line an entity."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import IO, Any

from normalizer.gazetteer.entities import Entity


def to_dict(ent: Entity) -> dict[str, Any]:
    """An entity as plain data; every key is there, absent values are null or empty."""
    return {
        "id": ent.id,
        "type": ent.type,
        "name": ent.name,
        "aliases": [a.text for a in ent.aliases],
        "misreadings": [m.text for m in ent.misreadings],
        "family": ent.family,
        "given": ent.given,
        "born": ent.born,
        "died": ent.died,
        "active": ent.active,
        "prominence": ent.prominence,
        "posts": [asdict(p) for p in ent.posts],
        "kind": ent.kind,
        "country": ent.country,
        "location": list(ent.location) if ent.location else None,
        "links": ent.links or {},
        "facts": ent.facts or {},
        "source": ent.source,
    }


def write_jsonl(entities: Iterable[Entity], out: IO[str]) -> None:
    """JSON Lines."""
    for ent in entities:
        out.write(json.dumps(to_dict(ent), ensure_ascii=False) + "\n")


def write_csv(entities: Iterable[Entity], out: IO[str]) -> None:
    """CSV with a header; lists are joined by `|`, links and facts written `key=value`."""
    writer: Any = None
    for ent in entities:
        row = {k: _cell(v) for k, v in to_dict(ent).items()}
        if writer is None:
            writer = csv.DictWriter(out, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        return "|".join(f"{k}={v}" for k, v in value.items() if v is not None)
    if isinstance(value, list):
        return "|".join(str(_cell(v)) for v in value)
    return value


FORMATS: dict[str, Callable[[Iterable[Entity], IO[str]], None]] = {"jsonl": write_jsonl, "csv": write_csv}
"""Writers by the name that the command line gives them."""
