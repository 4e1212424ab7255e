"""Name forms: every folded spelling by which an entity is looked for.

From `name`, `aliases`, `misreadings` and, for people, the family name, this makes the patterns
of the all-names automaton: spacings of designators (`il 28`, `il28`), plurals, spelt-out
acronyms, joined particles.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Final

from normalizer.folding import APOSTROPHES, HYPHENS, fold_name
from normalizer.gazetteer.entities import Entity


class Form:
    """What kind of name a form is, and what the place where it stands must show: flags of an int.

    Plain numbers, because `enum.IntFlag` makes matching three times slower.
    """

    NAME: Final = 1
    ALIAS: Final = 2
    FAMILY: Final = 4
    MISREADING: Final = 8
    PLURAL: Final = 16
    COMMON: Final = 32
    """A common English word too: links only with support."""
    ACRONYM: Final = 64
    """Capitals in the gazetteer: the page must have capitals."""
    SPELT: Final = 128
    """An acronym letter by letter: the page must have dots between."""
    DESIGNATOR: Final = 256
    """Letters and digits of an aircraft, missile or ship."""
    COMMA: Final = 512
    """A comma may stand between its words."""
    LOWER: Final = 1024
    """Written in lower case on a page, it may be the name all the same."""
    SCOPED: Final = 2048
    """Holds within a scope alone."""
    PERSON: Final = 4096
    """Of a person."""


_ATOMS = re.compile(r"[^\W\d_]+|\d+")
_DESIGNATOR = re.compile(r"(?=.*\d)(?=.*[^\W\d_])[^\W_]{1,4}(?:[ ./-]?[^\W_]{1,4}){0,3}", re.DOTALL)
_ACRONYM = re.compile(r"(?:[A-Z]\.?){2,6}")
_LETTERS = re.compile(r"[^\W\d_](?:\s*[/&+]\s*[^\W\d_])+")
_NO_PLURAL = frozenset({"person", "place", "organization"})
_JOINS = frozenset({"person", "place"})
"""Types whose names are written with and without their hyphens: Ben-Gurion, BENGURION."""
_SHORTEST_FAMILY = 3


def is_designator(text: str) -> bool:
    """Whether a name is a designator such as `IL-28`, `SS-N-4`, `F8U-1P` or `U-2`."""
    return _DESIGNATOR.fullmatch(text) is not None and all(len(a) <= 5 for a in _ATOMS.findall(text))


def forms_of(
    ent: Entity, english: frozenset[str], given: frozenset[str] = frozenset()
) -> Iterator[tuple[str, int, int]]:
    """(folded pattern, flags, number of the alias or misreading) of every form of an entity.

    Args:
        ent: The entity.
        english: Folded common English words.
        given: Folded given names.
    """
    for text, kind, detail, common, scoped in _names(ent):
        folded = fold_name(text)
        flags = kind | (Form.SCOPED if scoped else 0) | (Form.PERSON if ent.type == "person" else 0)
        alone = " " not in folded
        if common is None:
            common = ent.common
        if common is None:
            length = len(folded.replace(" ", ""))
            # Two letters are an acronym of anything, and three are a family name by chance.
            short = length == 2 if _ACRONYM.fullmatch(text) else alone and kind == Form.FAMILY and length == 3
            if ent.type == "organization":
                short = _ACRONYM.fullmatch(text) is not None and length <= 3
            elif ent.type == "place" and alone and not _ACRONYM.fullmatch(text):
                # Other names of few letters are words of some language, and David is a man before he is a town.
                short = (kind == Form.ALIAS and length <= 5) or folded in given
            common = kind != Form.MISREADING and ((alone and folded in english) or short)
        if common:
            flags |= Form.COMMON
        if "," in text:
            flags |= Form.COMMA
        designator = is_designator(text)
        plural = ent.type not in _NO_PLURAL
        if _LETTERS.fullmatch(text):
            continue  # `S/S`, `A & P`: no name that a page can be searched for
        if designator:
            flags |= Form.DESIGNATOR | Form.LOWER
            spellings = dict.fromkeys(_spacings(folded), flags)
        else:
            if _ACRONYM.fullmatch(text):
                flags |= Form.ACRONYM
                letters = [c for c in folded if c != " "]
                spellings = {"".join(letters): flags, " ".join(letters): flags | Form.SPELT}
            else:
                if not all(word in english for word in folded.split()):
                    flags |= Form.LOWER  # `air corridors` in small letters are any
                spellings = {folded: flags}
                if any(c in text for c in APOSTROPHES):
                    spellings[fold_name(re.sub(f"[{APOSTROPHES}]", "", text))] = flags
                elif kind == Form.FAMILY and not alone:
                    spellings[folded.replace(" ", "")] = flags  # DEGAULLE
                elif not alone and ent.type in _JOINS and any(h in text for h in HYPHENS):
                    spellings[fold_name(re.sub(f"[{HYPHENS}]", "", text))] = flags
        for spelling, marks in spellings.items():
            yield spelling, marks, detail
            if plural and not spelling.endswith("s") and not marks & Form.SPELT:
                yield spelling + "s", marks | Form.PLURAL, detail


def _names(ent: Entity) -> Iterator[tuple[str, int, int, bool | None, bool]]:
    yield ent.name, Form.NAME, 0, None, False
    if (
        ent.type == "person"
        and ent.family
        and ent.family != ent.name
        and len(fold_name(ent.family)) >= _SHORTEST_FAMILY
    ):
        yield ent.family, Form.FAMILY, 0, None, False
    for i, alias in enumerate(ent.aliases):
        yield alias.text, Form.ALIAS, i, alias.common, alias.when is not None
    for i, misreading in enumerate(ent.misreadings):
        yield misreading.text, Form.MISREADING, i, None, misreading.when is not None


def _spacings(folded: str) -> set[str]:
    """A designator's letters and numbers joined and parted in every way: `il 28`, `il28`."""
    atoms = _ATOMS.findall(folded)
    if len(atoms) > 5:
        return {folded, "".join(atoms), " ".join(atoms)}
    gaps = itertools.product(("", " "), repeat=len(atoms) - 1)
    return {"".join(a + g for a, g in zip(atoms, (*gap, ""), strict=True)) for gap in gaps}
