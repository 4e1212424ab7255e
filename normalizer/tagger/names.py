"""Names to put in the place of others, so that a tagger learns where names stand and not which there are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from random import Random
from zlib import crc32

from normalizer.folding import fold_name, without_accents
from normalizer.gazetteer import Entity, Gazetteer
from normalizer.tagger.people import is_word
from normalizer.words import word_list

_PART = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")
_PLURAL = re.compile(r"(?<=\d)(?:[A-Z]?)(['’]?[sS])\Z|(?<=[a-z])(s)\Z|(?<=[A-Z]{3})(S)\Z")
_DESIGNATOR = re.compile(r"[A-Za-z]{1,4}[- ]?\d+[A-Za-z]{0,2}(?:-[A-Z0-9]+)?")
_KEPT_OUT = 10
"""One family name in so many is kept out, to see whether names never met are tagged as well."""
_MOST_WORDS = 3


def kept_out(family: str) -> bool:
    """Whether a name is never put in the place of another."""
    return crc32(fold_name(family).encode()) % _KEPT_OUT == 0


def like(name: str, surface: str) -> str:
    """A name in capitals where another is."""
    return name.upper() if surface.isupper() and len(surface) > 1 else name


class Names:
    """Names of a gazetteer by label."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._entities = gazetteer.entities()

    def _of(self, kind: str) -> Iterable[Entity]:
        return (ent for ent in self._entities if ent.type == kind)

    @cached_property
    def families(self) -> tuple[list[str], list[str]]:
        """Family names that are no words, and those that are."""
        found = sorted({ent.family for ent in self._of("person") if ent.family and not kept_out(ent.family)})
        found = [f for f in found if len(f) > 2 and len(f.split()) < 3 and f[0].isupper()]
        words = [f for f in found if is_word(fold_name(f))]
        return [f for f in found if f not in set(words)], words

    @cached_property
    def givens(self) -> list[str]:
        """Given names."""
        of_people = {(ent.given or "").split(" ")[0] for ent in self._of("person")}
        known = {w.capitalize() for w in word_list("given_names")}
        return sorted(
            {g for g in of_people | known if len(g) > 2 and g.isalpha() and g[0].isupper() and g[1:].islower()}
        )

    @cached_property
    def whole(self) -> list[str]:
        """Names of people in full."""
        return sorted(
            ent.name for ent in self._of("person") if 1 < len(ent.name.split()) < 4 and not kept_out(ent.family or "")
        )

    @cached_property
    def places(self) -> list[str]:
        """Names of places."""
        names = {ent.name for ent in self._of("place")}
        kept = (n for n in names if len(n) > 3 and n[0].isupper() and not kept_out(n) and not n.startswith("The "))
        latin = (n for n in kept if without_accents(n).isascii() and "," not in n and "(" not in n)
        return sorted(n for n in latin if len(n.split()) <= _MOST_WORDS)

    @cached_property
    def countries(self) -> list[str]:
        """Names of countries and capitals."""
        return sorted(
            ent.name for ent in self._of("place") if ent.kind in ("country", "capital") and "," not in ent.name
        )

    def _things(self, kind: str) -> tuple[list[str], list[str]]:
        """Designators, and names that are none."""
        names = {n for ent in self._of(kind) for n in (ent.name, *(a.text for a in ent.aliases if a.when is None))}
        names = {n for n in names if n.isascii()}
        codes = sorted(n for n in names if _DESIGNATOR.fullmatch(n) and "-" in n)
        words = sorted(
            n for n in names if n.replace(" ", "").isalpha() and len(n) > 3 and n[0].isupper() and len(n.split()) < 3
        )
        return codes, words

    @cached_property
    def aircraft(self) -> tuple[list[str], list[str]]:
        """Designators of aircraft, and names."""
        return self._things("aircraft")

    @cached_property
    def missiles(self) -> tuple[list[str], list[str]]:
        """Designators of missiles, and names."""
        return self._things("missile")

    @cached_property
    def organizations(self) -> list[str]:
        """Names of organizations."""
        names = {
            n for ent in self._of("organization") for n in (ent.name, *(a.text for a in ent.aliases if a.when is None))
        }
        return sorted(n for n in names if n[0].isupper() and len(n.split()) < 6)

    def family(self, random: Random) -> str:
        """A family name, one in eight a word too."""
        plain, words = self.families
        return random.choice(words if random.random() < 0.12 else plain)

    def given(self, random: Random) -> str:
        """A given name."""
        return random.choice(self.givens)

    def code(self, kinds: tuple[list[str], list[str]], random: Random) -> str:
        """A designator or a name of a thing."""
        codes, words = kinds
        return random.choice(codes if random.random() < 0.75 else words)

    def another(self, label: str, surface: str, random: Random) -> str:
        """A name of a label, in the form of another."""
        if label == "PERSON":
            return self._person(surface, random)
        if label == "PLACE":
            if "," in surface:
                return surface
            return like(random.choice(self.countries if random.random() < 0.3 else self.places), surface)
        if label in ("AIRCRAFT", "MISSILE"):
            kinds = self.aircraft if label == "AIRCRAFT" else self.missiles
            found = _PLURAL.search(surface)
            ending = next((g for g in found.groups() if g), "") if found else ""
            return self.code(kinds, random).upper() + ending if surface.isupper() else self.code(kinds, random) + ending
        return surface

    def _person(self, surface: str, random: Random) -> str:
        parts = list(_PART.finditer(surface))
        if not parts or len(parts) > 5:
            return surface
        listed = "," in surface
        last = 0 if listed else len(parts) - 1
        made, at = [], 0
        for n, part in enumerate(parts):
            made.append(surface[at : part.start()])
            at = part.end()
            bare = part[0].rstrip(".")
            dot = part[0][len(bare) :]
            if n == last:
                new = like(self.family(random), bare)
            elif len(bare) == 1:
                new = random.choice("ABCDEFGHIJKLMNOPRSTVW")
            elif bare[0].islower() or len(bare) < 3:
                new = bare
            elif fold_name(bare) in word_list("given_names") or n < last:
                new = like(self.given(random), bare)
            else:
                new = like(self.family(random), bare)
            made.append(new + dot)
        return "".join([*made, surface[at:]])
