"""What the page ought to read: names written out in the form in which the page had them."""

from __future__ import annotations

import re

from normalizer.folding import APOSTROPHES, LINE_END_HYPHEN, fold_name, key
from normalizer.gazetteer import Entity, Form

_BY_TURNS = re.compile(r"[^\W\d_]*[a-z][A-Z][^\W\d_]*|[A-Z]{2,}[a-z][^\W\d_]*")
"""A word in which capitals and small letters change places, as a scan makes it (`MOSCoU`)."""
_PLURAL = re.compile(rf"[{APOSTROPHES}]?[sS]\Z")


def plural_of(surface: str) -> str:
    """The plural ending of a designator as the page has it: `s`, `'s`, `'S` or nothing."""
    found = _PLURAL.search(surface)
    return found[0] if found else ""


def like_page(name: str, surface: str) -> str:
    """A name in capitals where the page has it in capitals."""
    letters = [c for c in surface if c.isalpha()]
    return name.upper() if len(letters) > 1 and all(c.isupper() for c in letters) else name


def true_name(surface: str, name: str, marks: int, ent: Entity) -> str | None:
    """The reading of a name that is spelt right: None, or the spelling mended.

    A true name stays as the page has it. Only a word broken at a line's end is joined, a designator gets the hyphens
    and spaces of the gazetteer (`IL 28` becomes `IL-28`), and where a scan seems to have made another spelling of a
    place's name (`MOSCoU` of MOSCOW), the name itself stands.
    """
    if ent.type == "place" and marks & Form.ALIAS and _BY_TURNS.fullmatch(surface) and surface != name:
        return ent.name.upper() if 2 * sum(map(str.isupper, surface)) >= len(surface) else ent.name
    joined = LINE_END_HYPHEN.sub("", surface) if "\n" in surface else surface
    if joined != surface and _bears(joined, name) and not _bears(surface, name):
        return joined
    return _designator(surface, name) if marks & Form.DESIGNATOR else None


def _bears(surface: str, name: str) -> bool:
    return f" {fold_name(name)} " in f" {fold_name(surface)} "


def _designator(surface: str, name: str) -> str | None:
    ending = plural_of(surface)
    stem = surface[: len(surface) - len(ending)] if ending and key(surface) != key(name) else surface
    ending = surface[len(stem) :]
    if re.sub(r"[^\W_]", "", stem) == re.sub(r"[^\W_]", "", name):
        return None
    return like_page(name, stem) + ending


def misread_name(ent: Entity, surface: str, misreading: str) -> str:
    """What stands where a misreading stands, with as many parts of the name as the page had.

    One word for a person is the family name; two are given name and family name, more the name
    in full. Everything else gets its canonical name, and a designator its plural.
    """
    if ent.type == "person":
        words = len(fold_name(misreading).split())
        family = ent.family or ent.name
        if words == 1:
            return like_page(family, surface)
        first = next((w for w in (ent.given or "").split() if len(w.rstrip(".")) > 1), "")
        full = f"{first} {family}".strip() if words == 2 else ent.name
        return like_page(full, surface)
    ending = plural_of(surface)
    if not ending or key(surface) == key(misreading):
        ending = ""
    return like_page(ent.name, surface[: len(surface) - len(ending)]) + ending
