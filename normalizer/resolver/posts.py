"""In which country a post lies, by what the slot of a header says of it."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import fuzz, process

from normalizer.folding import fold_name
from normalizer.gazetteer import Gazetteer
from normalizer.resolver.countries import HERE, countries

_ALIKE = 80
"""Similarity from which a damaged slot is read as the name of a post; `MOSCO@` has 83 with Moscow."""
_SHORTEST = 4


class Posts:
    """Capitals, countries and the cities with a post of the United States, by their names."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._near = lru_cache(4096)(self._nearest)
        self._known: dict[str, frozenset[str]] = {}

    @property
    def _of(self) -> dict[str, frozenset[str]]:
        """Countries by the folded names of their posts; made when the first slot is asked for."""
        if not self._known:
            posts = (number for number, post in enumerate(self._gazetteer.posts) if post)
            for ent in map(self._gazetteer.entity, posts):
                for name in (ent.name, *(a.text for a in ent.aliases)):
                    self._known.setdefault(fold_name(name), countries(ent.country or "") - {HERE})
        return self._known

    def countries(self, slot: str) -> frozenset[str]:
        """The countries of the post that a slot names; none where it cannot be read."""
        name = fold_name(slot)
        if name in self._of:
            return self._of[name]
        return self._near(name) if len(name) >= _SHORTEST else frozenset()

    def _nearest(self, name: str) -> frozenset[str]:
        found = process.extractOne(name, self._of.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        return self._of[found[0]] if found else frozenset()
