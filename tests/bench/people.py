"""A gazetteer of 12,000 people for measuring, from the table of people in the shared data folder."""

from __future__ import annotations

import json
import re
from pathlib import Path

from normalizer.folding import fold_name

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def write_people(table: Path, path: Path) -> int:
    """Write a layer with everybody in `people.jsonl`; names split at the comma and no further.

    Returns:
        The number of people.
    """
    lines = ["schema: 1", "type: person", "source: HistoryAtState/people, for measuring", "entries:"]
    count = 0
    with table.open(encoding="utf-8") as rows:
        for row in rows:
            person = json.loads(_CONTROLS.sub("", row))
            number = person["id"].removeprefix("frus:")
            name, family = _natural(person["name"])
            aliases = sorted({_natural(form)[0] for form, _ in person["forms"]} - {name})
            entry = {
                "id": f"{fold_name(person['name']).replace(' ', '-').encode('ascii', 'ignore').decode()}-{number}",
                "name": name,
                "family": family,
                "aliases": aliases,
                "prominence": person["volumes"],
                "links": {"frus": number},
            }
            entry["id"] = re.sub("-+", "-", entry["id"])
            # JSON is YAML, and needs no thought about quotes.
            lines.append(f"  - {json.dumps(entry, ensure_ascii=False)}")
            count += 1
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return count


def _natural(form: str) -> tuple[str, str]:
    family, _, given = form.partition(", ")
    return f"{given} {family}".strip(), family
