"""Which names and which words a surface may be, at what cost; nothing here depends on the document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from normalizer.folding import fold_character
from normalizer.repair.channel import Confusions
from normalizer.repair.index import DeletionIndex
from normalizer.repair.stretches import GLUE
from normalizer.repair.targets import A_NAT, SHORTEST, TEXT_WORDS, Target, as_seen, log_prior
from normalizer.repair.vocabulary import word_counts
from normalizer.words import word_list

MOST_NAMES = 6
_REMEMBERED = 200_000
_GLUED = 0.35
_JUNK = 0.3
_LONG = 6
"""Letters of a name that is seen in any heap of letters."""


class Name(NamedTuple):
    """A name that a surface may be.

    Attributes:
        target: Its number.
        cost: Of the cheapest edits, in the unit of the confusions.
        edits: How many single characters differ.
        glue: What stands before or after the name in one word with it, if anything.
    """

    target: int
    cost: float
    edits: int
    glue: str


class Found(NamedTuple):
    """What a surface may be: names, the cheapest first, and its rivals among the words.

    Attributes:
        names: At most `MOST_NAMES`.
        word_cost: Of the nearest word, 2 where none is near.
        word_worth: The least of cost and rarity together among the words.
        word: The word of `word_worth`.
    """

    names: tuple[Name, ...]
    word_cost: float
    word_worth: float
    word: str


class Lookup:
    """Finds names for surfaces; remembers them, as scans make the same mistakes again and again."""

    def __init__(self, targets: Sequence[Target], confusions: Confusions) -> None:
        self.targets = targets
        self._confusions = confusions
        self._number = {t.key: n for n, t in enumerate(targets)}
        self._single = [n for n, t in enumerate(targets) if t.words == 1]
        self._several = [n for n, t in enumerate(targets) if t.words > 1]
        self._single_index = DeletionIndex([targets[n].key for n in self._single])
        self._several_index = DeletionIndex([targets[n].key for n in self._several])
        counts = word_counts()
        lone = {targets[n].key for n in self._single if not targets[n].common}
        words = (counts.keys() | word_list("english")) - lone
        self._words = sorted(w for w in words if len(w) >= SHORTEST - 1 and w.isascii())
        shares = ((counts.get(w, (0, 0))[0] + 0.3) / TEXT_WORDS for w in self._words)
        self._word_worth = np.array([-A_NAT * log(share) for share in shares], np.float32)
        self._word_index = DeletionIndex(self._words, wide=True)
        self._known: dict[tuple[str, bool], Found] = {}

    def find(self, surfaces: Iterable[tuple[str, bool]]) -> dict[tuple[str, bool], Found]:
        """What each of (surface, made of several words) may be."""
        wanted = dict.fromkeys(surfaces)
        new = [s for s in wanted if s not in self._known]
        if len(self._known) + len(new) > _REMEMBERED:
            self._known.clear()
            new = list(wanted)
        for several in (False, True):
            batch = [s for s in new if s[1] is several]
            if batch:
                self._look(batch, several)
        return {s: self._known[s] for s in wanted}

    def _look(self, batch: list[tuple[str, bool]], several: bool) -> None:
        surfaces = [s for s, _ in batch]
        keys = [_key(s) for s in surfaces]
        index, numbers = (self._several_index, self._several) if several else (self._single_index, self._single)
        asked, found = index.neighbours(keys)
        targets = np.array(numbers, np.int64)[found] if len(found) else found
        names: list[dict[int, Name]] = [{} for _ in batch]
        for q, t, cost, edits in self._weigh(surfaces, keys, asked, targets):
            names[q][t] = Name(t, cost, edits, "")
        for q, key in enumerate(keys):
            exact = self._number.get(key)
            if exact is not None and exact not in names[q]:
                names[q][exact] = Name(exact, 0.0, 0, "")
            if not several and surfaces[q].isalnum():
                for name in self._glued(surfaces[q], key):
                    if name.target not in names[q] or names[q][name.target].cost > name.cost:
                        names[q][name.target] = name
        rivals = self._rivals(surfaces, keys, [bool(n) for n in names]) if not several else {}
        for q, surface in enumerate(batch):
            best = sorted(names[q].values(), key=lambda n: (n.cost - self.bonus(n.target), n.target))
            cost, worth, word = rivals.get(q, (2.0, 2.0, ""))
            self._known[surface] = Found(tuple(best[:MOST_NAMES]), cost, worth, word)

    def bonus(self, target: int) -> float:
        """What the prominence of a name is worth, in the unit of the costs."""
        return A_NAT * (log_prior(0, 1, self.targets[target]) + 16)

    def _weigh(
        self, surfaces: list[str], keys: list[str], asked: np.ndarray, targets: np.ndarray
    ) -> Iterable[tuple[int, int, float, int]]:
        """(query, target, cost, edits) of the pairs that are near enough."""
        if not len(asked):
            return []
        a, t = asked.tolist(), targets.tolist()
        edits = cpdist(
            [keys[i] for i in a], [self.targets[n].key for n in t], scorer=Levenshtein.distance, score_cutoff=4
        )
        limit = np.array([_limit(len(self.targets[n].key)) for n in t])
        near = np.flatnonzero(edits <= limit)
        pairs = [(a[i], t[i], int(edits[i])) for i in near.tolist()]
        seen = [surfaces[q] for q, _, _ in pairs]
        meant = [as_seen(self.targets[n].name, surfaces[q]) for q, n, _ in pairs]
        costs = self._confusions.costs(seen, meant).tolist()
        return [(q, n, c, e) for (q, n, e), c in zip(pairs, costs, strict=True)]

    def _rivals(self, surfaces: list[str], keys: list[str], wanted: list[bool]) -> dict[int, tuple[float, float, str]]:
        """(cost of the nearest word, least cost and rarity, that word) by query, for queries that have names."""
        some = [q for q, w in enumerate(wanted) if w]
        asked, found = self._word_index.neighbours([keys[q] for q in some])
        if not len(asked):
            return {}
        a, f = [some[i] for i in asked.tolist()], found.tolist()
        edits = cpdist([keys[i] for i in a], [self._words[n] for n in f], scorer=Levenshtein.distance, score_cutoff=4)
        near = np.flatnonzero(edits <= np.array([_limit(len(self._words[n])) for n in f])).tolist()
        seen = [surfaces[a[i]] for i in near]
        meant = []
        for i in near:
            surface, word = surfaces[a[i]], self._words[f[i]]
            meant.append(as_seen(word.title(), surface))
        costs = self._confusions.costs(seen, meant)
        worths = costs + self._word_worth[[f[i] for i in near]] if near else costs
        best: dict[int, tuple[float, float, str]] = {}
        for i, cost, worth in zip(near, costs.tolist(), worths.tolist(), strict=True):
            q = a[i]
            old = best.get(q, (2.0, 2.0, ""))
            best[q] = (min(old[0], cost), min(old[1], worth), self._words[f[i]] if worth < old[1] else old[2])
        return best

    def _glued(self, surface: str, key: str) -> Iterable[Name]:
        """Names at the beginning or end of a word with something else in it: `toCuba`, `FAKENNEDY`."""
        length = len(key)
        if length != len(surface) or length < SHORTEST + 1:
            return
        for cut in range(1, length - SHORTEST + 1):
            exact = self._lone(key[cut:])
            if exact is not None:
                if key[:cut] in GLUE:
                    yield Name(exact, _GLUED, cut, surface[:cut])
                elif cut <= 2 or length - cut >= _LONG or (surface[cut].isupper() and surface[cut - 1].islower()):
                    yield Name(exact, _JUNK * min(cut, 3), cut, surface[:cut])
            tail = self._lone(key[: length - cut]) if length - cut >= _LONG and cut > 1 else None
            if tail is not None:
                yield Name(tail, _JUNK * min(cut, 3), cut, surface[length - cut :])

    def _lone(self, key: str) -> int | None:
        """The name of one word of a key, if it is no English word."""
        number = self._number.get(key)
        return None if number is None or self.targets[number].words > 1 or self.targets[number].common else number


def _key(surface: str) -> str:
    lower = surface.lower()
    return (
        lower
        if lower.isascii()
        else "".join(fold_character(c)[:1] or "?" for c in lower).encode("ascii", "replace").decode()
    )


def _limit(length: int) -> int:
    return 2 if length < 7 else 3 if length < 10 else 4
