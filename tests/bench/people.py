"""A gazetteer of 12,000 people for measuring, from the table of people in the shared data folder."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random

from normalizer.folding import fold_name

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def write_people(table: Path, path: Path, most: int = 1_000_000) -> int:
    """Write a layer with the people of `people.jsonl`, the first `most`; names split at the comma and no further.

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
            if count == most:
                break
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return count


def _natural(form: str) -> tuple[str, str]:
    family, _, given = form.partition(", ")
    return f"{given} {family}".strip(), family


def write_made_up(path: Path, count: int) -> None:
    """Write a layer of people whose names no document has."""
    random = Random(1962)
    syllables = [
        "ba",
        "dro",
        "fe",
        "gur",
        "hvi",
        "jok",
        "kla",
        "mop",
        "nyx",
        "pru",
        "qua",
        "rem",
        "sib",
        "tov",
        "vuz",
        "zel",
    ]
    lines = ["schema: 1", "type: person", "source: made up, for measuring", "entries:"]
    for number in range(count):
        given, family = ("".join(random.choices(syllables, k=k)).capitalize() for k in (2, 4))
        lines.append(f"  - {{id: made-up-{number}, name: {given} {family}}}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
