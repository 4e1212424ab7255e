"""From the columns of a table to the keys of entries."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from normalizer.dates import parse_date, parse_range
from normalizer.errors import ConfigError

KEYS = frozenset(
    {"id", "name", "family", "given", "forms", "aliases", "born", "died", "active", "active.start", "active.end"}
    | {"prominence", "kind", "country", "lat", "lon", "post.title", "post.at", "post.start", "post.end"}
)
"""Keys that a column may be mapped to, besides `links.X`, `facts.X` and `-` for none."""
_LISTS = frozenset({"aliases", "forms"})
_GUESSES = {
    "name": "name", "label": "name", "canonical": "name", "person": "name", "title_name": "name", "preflabel": "name",
    "full_name": "name", "fullname": "name", "family": "family", "family_name": "family", "surname": "family",
    "last_name": "family", "given": "given", "given_name": "given", "given_names": "given", "first_name": "given",
    "forms": "forms", "aliases": "aliases", "alias": "aliases", "alternate_names": "aliases", "altlabel": "aliases",
    "alternative_names": "aliases", "also_known_as": "aliases", "born": "born", "birth": "born", "birth_year": "born",
    "year_of_birth": "born", "date_of_birth": "born", "died": "died", "death": "died", "death_year": "died",
    "year_of_death": "died", "date_of_death": "died", "active": "active", "lat": "lat", "latitude": "lat", "lon": "lon",
    "lng": "lon", "long": "lon", "longitude": "lon", "country": "country", "type": "kind", "kind": "kind",
    "class": "kind",
    "valid_from": "active.start", "valid_to": "active.end", "founded": "active.start", "dissolved": "active.end",
    "introduced": "active.start", "introduced_year": "active.start", "first_flight": "active.start",
    "first_flight_year": "active.start", "retired": "facts.retired", "retired_year": "facts.retired",
    "nato_name": "facts.nato_name", "prominence": "prominence", "volumes": "prominence", "wikidata": "links.wikidata",
    "wikidata_id": "links.wikidata", "qid": "links.wikidata", "geonames": "links.geonames",
    "geonames_id": "links.geonames",
    "viaf": "links.viaf", "id": "id",
}  # fmt: skip
_TENURES = {
    "role": "post.title", "title": "post.title", "office": "post.title", "position": "post.title", "post": "post.at",
    "at": "post.at", "start": "post.start", "start_date": "post.start", "from": "post.start", "end": "post.end",
    "end_date": "post.end", "to": "post.end",
}  # fmt: skip
_COUNTRIES = frozenset({"country", "facts.country"})
_STATES = {"US": "United States", "UK": "United Kingdom"}
_KIND_OF_PLACES = frozenset({"kind", "country"})


def mapping(columns: list[str], entity_type: str, asked: Mapping[str, str]) -> dict[str, str]:
    """The key of every column that is used: as asked, and where nothing is asked by its name.

    Args:
        columns: Names of the table's columns.
        entity_type: What the entries are.
        asked: Column, or a template such as `{role} {year}`, to key.

    Raises:
        ConfigError: A column or a key does not exist, or no column gives names or ids.
    """
    for column, target in asked.items():
        parts = re.findall(r"\{([^{}]+)\}", column) or [column]
        for part in parts:
            if part not in columns:
                raise ConfigError(f"--map {column}", f"the table has no column {part!r}; it has {', '.join(columns)}")
        if target not in KEYS and target != "-" and not re.fullmatch(r"(?:links|facts)\.[\w-]+", target):
            known = ", ".join(sorted(KEYS))
            raise ConfigError(
                f"--map {column}={target}", f"no such key; write links.NAME, facts.NAME, - or one of {known}"
            )
    found = {c: t for c, t in asked.items() if t != "-"}
    taken = set(found.values())
    named = {re.sub(r"\W+", "_", c.strip().lower()): c for c in columns if c not in asked}
    for guess, target in _GUESSES.items():
        if guess not in named or named[guess] in found:
            continue
        column = named[guess]
        if target in _KIND_OF_PLACES and entity_type != "place":
            target = "facts.class" if guess in ("class", "kind", "type") else f"facts.{target}"
        if target == "name" and "name" in taken:
            # A second name is another name: `full_name` beside `canonical`.
            target = "aliases"
        elif target in taken and target not in ("active.start", "aliases"):
            continue
        found[column] = target
        taken.add(target)
    if entity_type == "person" and named.keys() & {"start", "start_date", "role", "office", "position"}:
        for guess, target in _TENURES.items():
            if guess in named and named[guess] not in found and target not in taken:
                found[named[guess]] = target
                taken.add(target)
    if not taken & {"name", "id", "forms", "family"}:
        raise ConfigError(
            "--map", f"no column gives names; say which with --map COLUMN=name. Columns: {', '.join(columns)}"
        )
    return found


def values(cells: Mapping[str, Any], keys: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """What a row says by key, and complaints about cells that cannot be used.

    Lists stay lists, `active.start` is the earliest of several; everything else is a text, or a number
    where the table (JSON) has one.
    """
    made: dict[str, Any] = {}
    complaints: list[str] = []
    for column, target in keys.items():
        if "{" in column:
            parts = re.split(r"\{([^{}]+)\}", column)
            parts[1::2] = [str(cells.get(c) or "") for c in parts[1::2]]
            value: Any = "".join(parts).strip()
        else:
            value = cells.get(column)
        if value is None or value in ("", []):
            continue
        if target in _LISTS:
            made.setdefault(target, []).extend(_several(value))
        elif target in ("born", "died", "active.start", "active.end", "post.start", "post.end"):
            text = str(value).strip()
            try:
                parse_date(text)
            except ValueError as error:
                complaints.append(f"{column}: {error}")
                continue
            made[target] = min(text, made[target]) if target == "active.start" and target in made else text
        elif target == "active":
            text = "..".join(str(v) for v in value) if isinstance(value, list) else str(value)
            try:
                parse_range(text)
            except ValueError as error:
                complaints.append(f"{column}: {error}")
                continue
            made[target] = text
        elif target in ("lat", "lon", "prominence"):
            try:
                number = float(value)
            except (TypeError, ValueError):
                complaints.append(f"{column}: {value!r} is no number")
                continue
            made[target] = int(number) if number.is_integer() else number
        else:
            text = "; ".join(map(str, value)) if isinstance(value, list) else str(value).strip()
            made[target] = "/".join(_STATES.get(s, s) for s in text.split("/")) if target in _COUNTRIES else text
    return made, complaints


def _several(value: Any) -> list[Any]:
    if isinstance(value, str):
        if value.startswith("["):
            try:
                return list(json.loads(value))
            except ValueError:
                pass
        return [part.strip() for part in value.split("|" if "|" in value else ";") if part.strip()]
    return list(value) if isinstance(value, list) else [value]
