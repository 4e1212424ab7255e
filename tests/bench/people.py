"""Gazetteers of people for measuring: the 12,000 of the shared data folder, and people made up after them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from random import Random

from normalizer.folding import fold_name

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_WORD = re.compile(r"[^\W_]+")
_LETTERS = 4, 14
"""Letters of the shortest and the longest family name that is made up."""


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


def write_made_up(path: Path, count: int, table: Path, texts: list[str]) -> None:
    """Write a layer of people whose names sound like those of `people.jsonl`, and stand neither there nor in the texts.

    Every family name is another one: all of them are names that a damaged word may be.
    """
    names = [_natural(json.loads(_CONTROLS.sub("", row))["name"]) for row in table.open(encoding="utf-8")]
    given = [name.split()[0] for name, _ in names if name.split()[0].isalpha()]
    families = [family for _, family in names if family.isascii() and family.isalpha() and family.istitle()]
    taken = {word.lower() for text in texts for word in _WORD.findall(text)}
    taken |= {word.lower() for name, _ in names for word in name.split()}
    random = Random(1962)
    spell_given, spell_family = _speller(given, random), _speller(families, random)
    lines = ["schema: 1", "type: person", "source: made up, for measuring", "entries:"]
    made = 0
    while made < count:
        family = spell_family()
        if family.lower() in taken or not _LETTERS[0] <= len(family) <= _LETTERS[1]:
            continue
        taken.add(family.lower())
        first = spell_given()
        entry = {"id": f"made-up-{made}", "name": f"{first} {family}", "family": family}
        lines.append(f"  - {json.dumps(entry)}")
        made += 1
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _speller(names: list[str], random: Random) -> Callable[[], str]:
    """What makes new names, each letter drawn from those that follow the three before it in the names given."""
    follow: dict[str, list[str]] = {}
    for name in names:
        if name.isascii() and name.isalpha():
            letters = f"   {name.lower()}."
            for at in range(3, len(letters)):
                follow.setdefault(letters[at - 3 : at], []).append(letters[at])

    def spell() -> str:
        letters = "   "
        while not letters.endswith("."):
            letters += random.choice(follow[letters[-3:]])
        return letters.strip(" .").title()

    return spell
