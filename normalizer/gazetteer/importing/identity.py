"""Which entry a row belongs to, and the id of a new one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from normalizer.folding import fold_name, key
from normalizer.gazetteer.entities import derive_person
from normalizer.gazetteer.importing.people import family_keys, likeness, same_person
from normalizer.gazetteer.schema import SLUG

_FAR_MORE = 4
"""How many times the volumes of the next one list a person who is taken for the holder of a post."""
_KNOWN = 1
"""Volumes that must list people for their family names to make other names doubtful."""
_YOUNGEST, _OLDEST = 20, 90
_BEYOND = 12
"""Years by which a tenure may lie outside the years in which documents speak of a person."""


class Known:
    """The entries that exist: those of the output, and those of other layers, whose ids win.

    Args:
        entity_type: Of the table.
        entries: Of the output, by id; grows as the table is read.
        layers: Of other layers, by (type, id).
        id_link: The key that identifies a row, such as `links.frus`.
        own: Ids that rows of the table have by themselves; no other row is taken for these.
    """

    def __init__(
        self,
        entity_type: str,
        entries: dict[str, dict[str, Any]],
        layers: Mapping[tuple[str, str], dict[str, Any]],
        id_link: str | None,
        own: frozenset[str] = frozenset(),
    ) -> None:
        self.entity_type = entity_type
        self.entries = entries
        self.id_link = id_link
        self.own = own
        self.others = {i: data for (kind, i), data in layers.items() if kind == entity_type}
        texts = (
            _families(d) if kind == "person" else _texts(d) for (kind, _), d in layers.items() if kind != entity_type
        )
        self.elsewhere = frozenset(fold_name(text) for found in texts for text in found)
        self._claimed: set[str] = set()
        self._links: dict[tuple[str, str], str] = {}
        self._families: dict[str, set[str]] = {}
        self._names: dict[str, set[str]] = {}
        for entry_id in (*entries, *self.others):
            self.note(entry_id)

    def note(self, entry_id: str) -> None:
        """Remember an entry's links and names."""
        for data in (self.entries.get(entry_id), self.others.get(entry_id)):
            if data is None:
                continue
            for name, value in (data.get("links") or {}).items():
                self._links.setdefault((name, str(value)), entry_id)
            if "name" not in data:
                continue
            self._names.setdefault(key(data["name"]), set()).add(entry_id)
            if self.entity_type == "person":
                for family in family_keys(data):
                    self._families.setdefault(family, set()).add(entry_id)
            else:
                for text in _texts(data):
                    self._names.setdefault(key(text), set()).add(entry_id)

    def find(self, told: Mapping[str, Any], entry: dict[str, Any] | None) -> tuple[str | None, str]:
        """Which entry a row belongs to.

        Returns:
            (id, why), or (None, why) where several may be meant and (None, "") where there is none.
        """
        links = {n.removeprefix("links."): v for n, v in told.items() if n.startswith("links.")}
        wanted = [self.id_link.removeprefix("links.")] if self.id_link and self.id_link != "id" else []
        for name in wanted:
            value = str(links.get(name, "")).removeprefix(f"{name}:")
            if found := self._links.get((name, value)):
                return found, "" if found in self.entries else f"{name} {value} is {found} of another layer"
        own = _slug(str(told.get("id", "")))
        if own and (own in self.entries or own in self.others):
            return own, ""
        if entry is None:
            return None, ""
        if (again := self._again(told, entry, wanted)) is not None:
            return again, "a row above is the same" if again in self._claimed else ""
        if self.entity_type == "person":
            return self._person(told, entry, wanted)
        return self._thing(entry)

    def _again(self, told: Mapping[str, Any], entry: dict[str, Any], wanted: list[str]) -> str | None:
        """The entry of the output that has this very name, where no id, link or year of birth says it is another."""
        if told.get("id") or (wanted and f"links.{wanted[0]}" in told) or any(n.startswith("post.") for n in told):
            return None
        for i in sorted(self._names.get(key(entry["name"]), ())):
            data = self.entries.get(i)
            if data and data["name"] == entry["name"] and str(told.get("born", "")) in ("", str(data.get("born", ""))):
                return i
        return None

    def claim(self, entry_id: str) -> None:
        """Remember an entry as that of a row."""
        self._claimed.add(entry_id)
        self.note(entry_id)

    def _person(self, told: Mapping[str, Any], entry: dict[str, Any], wanted: list[str]) -> tuple[str | None, str]:
        tenure = any(n.startswith("post.") for n in told)
        full = {**entry, **{d: told[d] for d in ("born", "died") if d in told}}
        candidates = {i for family in family_keys(full) for i in self._families.get(family, ())}
        matches = []
        for i in sorted(candidates):
            data = self.others.get(i) or self.entries[i]
            # An entry that has an identifier of this very kind is known to be another's.
            if wanted and any(n in (d.get("links") or {}) for n in wanted for d in (data, self.entries.get(i, {}))):
                continue
            if not tenure and i not in self.others:
                continue
            if same_person(full, data):
                matches.append(i)
        if tenure:
            matches = _likeliest(told, full, {i: self.others.get(i) or self.entries[i] for i in matches})
        if len(matches) == 1:
            return matches[0], f"given names and years agree with {matches[0]}"
        if matches:
            return None, f"may be any of {', '.join(matches)}; say which by a link, or by years of birth"
        return None, ""

    def _thing(self, entry: dict[str, Any]) -> tuple[str | None, str]:
        """An entry of another layer of which the name is a name here, or the other way about."""
        name = key(entry["name"])
        named = {i for i in self._names.get(name, ()) if i in self.others}
        found = {i for i in named if key(self.others[i].get("name", "")) == name} or named
        if not found:
            aliases = {key(a if isinstance(a, str) else a["text"]) for a in entry["aliases"]}
            found = {
                i for a in aliases for i in self._names.get(a, ()) if key(self.others.get(i, {}).get("name", "")) == a
            }
        found -= self.own | self._claimed
        if len(found) == 1:
            one = next(iter(found))
            return one, f"{entry['name']} is {one} of another layer"
        return None, ""

    def new_id(self, told: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
        """An id that no other entry has: the table's own, or family and given names, or the name."""
        base = _slug(str(told.get("id", "")))
        if not base and self.entity_type == "person":
            base = person_slug(entry)
        base = base or _slug(str(entry["name"])) or "entry"
        if base not in self.entries and base not in self.others:
            return base
        suffixes = [str(told.get(self.id_link or "", "")), *map(str, (told.get("born", ""),))]
        for suffix in suffixes:
            made = f"{base}-{_slug(suffix.rpartition(':')[2])}"
            if suffix and made not in self.entries and made not in self.others:
                return made
        number = 2
        while f"{base}-{number}" in self.entries or f"{base}-{number}" in self.others:
            number += 1
        return f"{base}-{number}"


def person_slug(entry: Mapping[str, Any]) -> str:
    """`kuznetsov-vasily-v`: the family name, then the given names as the name has them."""
    data = dict(entry)
    derive_person(data)
    name = re.sub(r",? (?:Jr\.|Sr\.|II|III|IV)$", "", data["name"])
    family = data["family"]
    at = fold_name(name)
    rest = f" {at} ".replace(f" {fold_name(family)} ", " ", 1).strip()
    return _slug(f"{family} {rest}") if rest != at else _slug(name)


def _likeliest(told: Mapping[str, Any], full: dict[str, Any], candidates: Mapping[str, dict[str, Any]]) -> list[str]:
    """Of people who may have held a post those of the time, then of the nearest names, then the far more prominent."""
    timely = [i for i, data in candidates.items() if _in_years(told, data)]
    closeness = {i: likeness(full, candidates[i]) for i in timely}
    if len(timely) < 2:
        # A William who might be William P. or William L. is neither because one of them lived at another time.
        return list(candidates) if timely and len(candidates) > 1 and closeness[timely[0]][2] <= 0 else timely
    best = max(closeness.values())
    close = [i for i in timely if closeness[i] == best]
    most = sorted(close, key=lambda i: -int(candidates[i].get("prominence", 0)))
    first, second = (int(candidates[i].get("prominence", 0)) for i in (most * 2)[:2])
    # Prominence tells bearers of the very same names apart, not William P. from William L. for a William.
    if len(most) == 1 or (best[2] > 0 and first >= _FAR_MORE * max(second, 1)):
        return most[:1]
    return close


def _in_years(told: Mapping[str, Any], entry: Mapping[str, Any]) -> bool:
    def year(name: str, of: Mapping[str, Any] = told) -> int | None:
        return int(str(of[name])[:4]) if of.get(name) else None

    post = year("post.start") or year("post.end")
    born = year("born", entry) or year("born")
    if born and post and not _YOUNGEST <= post - born <= _OLDEST:
        return False
    start, _, end = str(entry.get("active") or "").partition("..")
    first, last = start[:4], (end or start)[:4]
    if not (first and last):
        return True
    died = year("died")
    if (died and died < int(first) - _BEYOND) or (
        born and not born + _YOUNGEST <= int(last) <= born + _OLDEST + _BEYOND
    ):
        return False
    # A tenure without any date says too little of anybody who is not known to have been born that year.
    if post is None:
        return born is not None and born == year("born", entry)
    return int(first) - _BEYOND <= post <= int(last) + _BEYOND


def _families(data: Mapping[str, Any]) -> list[str]:
    person = dict(data)
    if "name" not in person:
        return []
    derive_person(person)
    return [person["family"]] if person.get("prominence", 0) >= _KNOWN else []


def _texts(data: Mapping[str, Any]) -> list[str]:
    aliases = [
        a if isinstance(a, str) else a["text"]
        for a in data.get("aliases", ())
        if isinstance(a, str) or not a.get("when")
    ]
    return [data["name"], *aliases] if "name" in data else aliases


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", fold_name(text.replace("'", "").replace("’", "")))
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return made if SLUG.fullmatch(made) else ""
