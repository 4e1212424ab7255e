"""Names of aircraft, places, organizations: which aliases say something new, and which need support."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from normalizer.folding import fold_name, key
from normalizer.gazetteer.forms import is_designator
from normalizer.words import word_list

_NO_PLACE = frozenset({"us", "america", "usg", "usgov"})
"""Never aliases of a place: said of the state, its government or its people far more often than of the land."""
_SHORTEST_PLACE = 3
_CODE = {"missile": re.compile(r"[A-Z][-.]?\d{1,2}"), "aircraft": re.compile(r"[A-Z][-.]?\d")}
"""Codes as short as paragraphs, staff sections and gradings of sources are."""
_ENDINGS = re.compile(r"(?:a|as|e|en|is|o|os|us)")


class Doubts:
    """Which names also mean something else, and what must then stand near them."""

    def __init__(
        self, entity_type: str, near: Sequence[str], elsewhere: frozenset[str], without: Sequence[str] = ()
    ) -> None:
        self.entity_type = entity_type
        self.without = frozenset(map(fold_name, without))
        self.near = list(near)
        self.elsewhere = elsewhere

    def colliding(self, text: str) -> bool:
        """Whether a name is also a first name, a name of another type or a code of a letter or two."""
        folded = fold_name(text)
        return folded in word_list("given_names") or folded in self.elsewhere

    def _code(self, text: str) -> bool:
        code = _CODE.get(self.entity_type)
        return code is not None and code.fullmatch(text) is not None

    def alias(self, text: str) -> str | dict[str, Any]:
        """An alias as a text, or with the mark or scope that it needs."""
        folded = fold_name(text)
        if self.near and (self.colliding(text) or self._code(text)):
            return {"text": text, "when": {"near": self.near}}
        if " " not in folded and (folded in word_list("english") or folded in word_list("given_names")):
            return {"text": text, "common": True}
        return text


def thing(told: Mapping[str, Any], doubts: Doubts) -> dict[str, Any] | None:
    """`name` and `aliases` of an entry, or None where the row has no name."""
    name = _plain(str(told.get("name") or ""))
    names = [_plain(part) for a in told.get("aliases", []) for part in str(a).split(" / ")]
    names = [n for n in names if fold_name(n) not in doubts.without]
    if not key(name):
        return None
    if doubts.near and doubts.colliding(name):
        # A name cannot have a scope: a longer one takes its place, and it becomes an alias.
        longer = [
            n for n in names if len(n.split()) > 1 and fold_name(name) in fold_name(n) and not doubts.colliding(n)
        ]
        if longer:
            names.insert(0, name)
            name = longer[0]
    return {"name": name, "aliases": [doubts.alias(a) for a in _true(name, names, doubts.entity_type)]}


def _plain(text: str) -> str:
    """A name without what a table adds in brackets to tell it from others."""
    return " ".join(re.sub(r"\s*\([^()]*\)", "", text).split()) or text.strip("() ")


def _true(name: str, names: Sequence[str], entity_type: str) -> Iterator[str]:
    seen = {key(name)}
    for text in names:
        folded, letters = fold_name(text), key(text)
        if not letters or letters in seen:
            continue
        seen.add(letters)
        if entity_type == "place" and (letters in _NO_PLACE or (len(letters) < _SHORTEST_PLACE and text.isascii())):
            continue
        if entity_type == "place" and letters.startswith(key(name)) and _ENDINGS.fullmatch(letters[len(key(name)) :]):
            continue  # an inflection: `Arlingtonas`
        own = text.isupper() or folded in fold_name(name).split()
        if entity_type == "place" and not own and folded in word_list("english") | word_list("given_names"):
            continue  # Soul for Seoul, Julia for Plovdiv: what other languages call a place is a word in this one
        bare = re.sub(r"^the\s+", "", folded)
        if entity_type == "organization" and " " not in bare and bare in word_list("english") and not text.isupper():
            continue
        if is_designator(name) and _variant_of_designator(name, text):
            continue
        yield text


def _variant_of_designator(name: str, text: str) -> bool:
    """Whether an alias only puts a maker or a reporting name beside the designator, which the matcher finds anyway."""
    return len(text.split()) > 1 and key(name) in [key(w) for w in text.split()]
