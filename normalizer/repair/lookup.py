"""Which names and which words a surface may be, at what cost; nothing here depends on the document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from normalizer.repair.channel import Confusions, Costs
from normalizer.repair.index import LONGEST, NEVER, DeletionIndex, Keys, Numbers, each_once
from normalizer.repair.spellings import Asked, Spellings, costs_of, key_of, may_be_near, near_of
from normalizer.repair.stretches import GLUE
from normalizer.repair.targets import (
    A_NAT,
    PLACE,
    SHORTEST,
    TEXT_WORDS,
    Target,
    log_prior,
)
from normalizer.repair.vocabulary import plausibility, word_counts
from normalizer.words import word_list

LONE, PARTED, SEVERAL = range(3)
"""What a surface is made of: a word; the parts of a word that the scan took asunder; words of a name of several."""
MOST_NAMES = 4
_HOPELESS = np.array([0, 0, 0, 0, 1.6, 1.8, 2.2, 2.35], np.float32)
"""Cost and rarity together from which a name of so many letters, or more than the last, is not considered: of repairs
that were believed 2 in 100 cost more, of names that were weighed 4 in 5."""
_HOPELESS_HERE = (0, 0, 0, 0, 2.0, 2.2, 2.35)
"""The same for a name of the document."""
_UNMARKED = 0.3
"""What it takes from that where no capital marks a name."""
_BY_EDITS = np.array([0, 1, 2.7, 4.5, 5.8], np.float32)
"""Times the cheapest confusion that one, two, ... edits cost at least, but for one pair in a thousand."""
_REMEMBERED = (150_000, 10_000, 10_000)
"""Surfaces of each kind that are kept in mind: joined words hardly come twice."""
_GLUED, _JUNK = 0.35, 0.3
"""What a word that runs together with a name costs, and a letter that does."""
_LONG = 6
"""Letters of a name that is seen in any heap of letters."""
_AT_ONCE = 4_000
"""Surfaces looked up together: memory stays bounded, whatever a page holds."""
_PAIRS = 250_000
"""Pairs of words and names of their page looked at together."""
_LONG_ENOUGH, _FREQUENT = 8, 0.9
"""Letters, or rarity at most, of a name that is looked for where more of it is gone."""
_STEM = 4
"""Letters at least of the last word of a place's name from which its people's is made."""
_RARE = 0.3
"""Times that a word counts for which the texts do not have."""
_FARTHEST, _PAGE = 5, 500
"""Edits between a damaged word and a name of its document at most, and words of a page."""


class Name(NamedTuple):
    """A name that a surface may be.

    Attributes:
        target: Its number.
        cost: Of the cheapest edits, in the unit of the confusions.
        edits: How many single characters differ.
        glue: What stands before or after the name in one word with it, if anything.
        worth: Cost and rarity together, where the document does not have the name.
    """

    target: int
    cost: float
    edits: int
    glue: str
    worth: float


class Named(NamedTuple):
    """A page with the names that stand whole in it.

    Attributes:
        surfaces: Of its damaged single words.
        targets: Numbers of names of one word.
        times: How often each stands there.
    """

    surfaces: list[str]
    targets: list[int]
    times: list[int]


class Found(NamedTuple):
    """What a surface may be: names, the likeliest first, and its rivals among the words.

    Attributes:
        names: At most `MOST_NAMES`.
        word_cost: Of the nearest word, 2 where none is near.
        word_worth: The least of cost and rarity together among the words, 2 where none is near.
        word: The nearest word.
        plausible: How likely its letters follow each other in a word: the mean logarithm, at most 0.
    """

    names: tuple[Name, ...]
    word_cost: float = 2.0
    word_worth: float = 2.0
    word: str = ""
    plausible: float = 0.0


NOTHING = Found(())
Rival = tuple[float, float, str]
"""Cost of the nearest word, least cost and rarity of any word, the nearest word."""
NO_WORD: Rival = (2.0, 2.0, "")


class Lookup:
    """Finds names for surfaces; remembers them, as scans make the same mistakes again and again."""

    def __init__(self, targets: Sequence[Target], confusions: Confusions) -> None:
        self.targets = targets
        self._confusions = confusions
        self._number = {t.key: n for n, t in enumerate(targets)}
        self._names = Spellings([t.key for t in targets], [t.name for t in targets], confusions)
        self._rarity = np.array([-A_NAT * log_prior(0, 1, t) for t in targets], np.float32)
        one_word = np.array([t.words == 1 for t in targets], np.bool_)
        limits = np.where(one_word, _HOPELESS[np.minimum(self._names.lengths, len(_HOPELESS) - 1)], _HOPELESS[-1])
        self._hopeless = np.stack((limits, limits - _UNMARKED))
        # Where even the cheapest edits would be hopeless, no pair is looked at.
        cheapest = self._rarity[:, None] + confusions.cheapest * _BY_EDITS
        fitting = (cheapest <= self._hopeless[:, :, None]).sum(axis=2) - 1
        self._most = np.minimum(self._names.limits, fitting)
        self._far = np.clip((self._names.lengths - 1) // 2, 2, _FARTHEST)
        """Edits between a name and a damaged word of a page that has it, at most."""
        worn = one_word & ((self._names.lengths >= _LONG_ENOUGH) | (self._rarity <= _FREQUENT))
        several = ~one_word | np.array([t.parted for t in targets], np.bool_)
        self._parts = {
            LONE: (
                _Part(targets, np.flatnonzero(one_word), twice_from=5, twice=self._most[0] > 1),
                _Part(targets, np.flatnonzero(worn), twice_from=7, skeletons=True),
            ),
            PARTED: (_Part(targets, np.flatnonzero(one_word)),),
            SEVERAL: (_Part(targets, np.flatnonzero(several), twice_from=7, skeletons=True),),
        }
        words, peoples = _rival_words(targets), _peoples(targets)
        self._words = [*words, *peoples]
        self._word_names = Spellings(self._words, [w.title() for w in self._words], confusions)
        counts = word_counts()
        shares = [(counts.get(w, (0, 0))[0] + _RARE) / TEXT_WORDS for w in words]
        rarity = [-A_NAT * log(share) for share in shares] + self._rarity[list(peoples.values())].tolist()
        self._word_rarity = np.array(rarity, np.float32)
        self._word_index = DeletionIndex(self._words, skeletons=True)
        self._known: tuple[dict[str, Found], ...] = ({}, {}, {})
        self._rivals_known: dict[tuple[str, int], Rival] = {}

    def find(self, surfaces: Iterable[str], way: int) -> dict[str, Found]:
        """What surfaces made as `LONE`, `PARTED` or `SEVERAL` says may be; those that are near no name are left out."""
        known = self._known[way]
        wanted = set(surfaces)
        if len(known) > _REMEMBERED[way]:
            known.clear()
        new = [s for s in wanted if s not in known]
        for at in range(0, len(new), _AT_ONCE):
            self._look(new[at : at + _AT_ONCE], way)
        return {s: found for s in wanted if (found := known[s]) is not NOTHING}

    def _look(self, surfaces: list[str], way: int) -> None:
        keys = [key_of(s) for s in surfaces]
        query, found = _neighbours(Keys(keys), self._parts[way])
        glued = self._all_glued(surfaces, keys) if way == LONE else {}
        self._known[way].update(dict.fromkeys(surfaces, NOTHING))
        # Most joined words are near nothing; only the others are gone on with.
        near = np.zeros(len(surfaces), np.bool_)
        near[query] = near[list(glued)] = True
        numbers = np.cumsum(near) - 1
        query, surfaces = numbers[query], [s for s, is_near in zip(surfaces, near.tolist(), strict=True) if is_near]
        asked = Asked(surfaces)
        unmarked = np.array([s.islower() for s in surfaces], np.int64)
        most = np.ones_like(query) if way == PARTED else self._most[unmarked[query], found]
        query, found, edits = near_of(asked, query, found, self._names, most)
        costs = costs_of(asked, query, found, self._names, self._confusions)
        worths = costs + self._rarity[found]
        kept = np.flatnonzero(worths <= self._hopeless[unmarked[query], found])
        names: dict[int, list[Name]] = {}
        rows = (x[kept].tolist() for x in (query, found, costs, edits, worths))
        for q, t, cost, edit, worth in zip(*rows, strict=True):
            names.setdefault(q, []).append(Name(t, cost, edit, "", worth))
        for surface, others in glued.items():
            names.setdefault(int(numbers[surface]), []).extend(others)
        rivals = self._rivals(asked, names)
        plausible = plausibility([asked.keys[q] for q in names])
        for (q, some), likely in zip(names.items(), plausible, strict=True):
            best: dict[int, Name] = {}
            for name in sorted(some, key=lambda n: (n.worth, n.target)):
                best.setdefault(name.target, name)
            told = Found(tuple(best.values())[:MOST_NAMES], *rivals[q], plausible=likely)
            self._known[way][surfaces[q]] = told

    def among(self, pages: Sequence[Named], known: Mapping[str, Found]) -> list[dict[str, Found]]:
        """For each page what its surfaces may be, with its own names added that `find` would think too far.

        Args:
            pages: With the names of each.
            known: What `find` said of their surfaces, as `LONE`.
        """
        told: list[dict[str, Found]] = [{} for _ in pages]
        batch: list[tuple[int, Named]] = []
        pairs = 0
        for number, page in enumerate(pages):
            step = max(1, _PAIRS // max(1, len(page.targets)))
            for at in range(0, len(page.surfaces) if page.targets else 0, step):
                part = page._replace(surfaces=page.surfaces[at : at + step])
                size = len(part.surfaces) * len(part.targets)
                if pairs + size > _PAIRS:
                    self._among(batch, known, told)
                    batch, pairs = [], 0
                batch.append((number, part))
                pairs += size
        self._among(batch, known, told)
        return told

    def _among(self, batch: list[tuple[int, Named]], known: Mapping[str, Found], told: list[dict[str, Found]]) -> None:
        """Add to `told` what some parts of pages give, each with the number of its page."""
        if not batch:
            return
        asked = Asked([s for _, part in batch for s in part.surfaces])
        page_of = [number for number, part in batch for _ in part.surfaces]
        begins = np.cumsum([0, *(len(part.surfaces) for _, part in batch)])
        every, named, costliest = [], [], []
        for begin, end, (_, part) in zip(begins[:-1].tolist(), begins[1:].tolist(), batch, strict=True):
            targets = np.array(part.targets, np.int64)
            near = np.nonzero(may_be_near(asked, slice(begin, end), self._names, targets, self._far[targets]))
            every.append(near[0] + begin)
            named.append(targets[near[1]])
            most = [self._costliest_here(n, t) for n, t in zip(part.targets, part.times, strict=True)]
            costliest.append(dict(zip(part.targets, most, strict=True)))
        query, found = np.concatenate(every), np.concatenate(named)
        rows = near_of(asked, query, found, self._names, self._far[found])
        more = [
            (q, n, edit)
            for q, n, edit in zip(*(x.tolist() for x in rows), strict=True)
            if edit and all(name.target != n for name in known.get(asked.surfaces[q], NOTHING).names)
        ]
        if not more:
            return
        query, found = np.array([q for q, _, _ in more]), np.array([n for _, n, _ in more])
        costs = costs_of(asked, query, found, self._names, self._confusions).tolist()
        part_of = (np.searchsorted(begins, query, "right") - 1).tolist()
        names: dict[int, list[Name]] = {}
        for (q, n, edit), cost, part_number in zip(more, costs, part_of, strict=True):
            if cost <= costliest[part_number][n]:
                names.setdefault(q, []).append(Name(n, cost, edit, "", cost + float(self._rarity[n])))
        rivals = self._rivals(asked, names)
        plausible = plausibility([asked.keys[q] for q in names])
        for (q, some), likely in zip(names.items(), plausible, strict=True):
            surface = asked.surfaces[q]
            before = known.get(surface, NOTHING).names
            told[page_of[q]][surface] = Found((*before, *some), *rivals[q], plausible=likely)

    def _costliest_here(self, number: int, times: int) -> float:
        """The cost from which a name is hopeless that stands so often in a document."""
        target = self.targets[number]
        limit = _HOPELESS_HERE[min(len(target.key), len(_HOPELESS_HERE) - 1)]
        return limit + A_NAT * log_prior(times, _PAGE, target)

    def _rivals(self, asked: Asked, names: dict[int, list[Name]]) -> dict[int, Rival]:
        """The rivals of the queries that have names."""
        fewest = {q: min(n.edits for n in some) for q, some in names.items()}
        if len(self._rivals_known) > _REMEMBERED[LONE]:
            self._rivals_known.clear()
        new = [q for q in names if (asked.surfaces[q], fewest[q]) not in self._rivals_known]
        for q, rival in zip(new, self._nearest(asked, new, [fewest[q] for q in new]), strict=True):
            self._rivals_known[asked.surfaces[q], fewest[q]] = rival
        return {q: self._rivals_known[asked.surfaces[q], fewest[q]] for q in names}

    def _nearest(self, asked: Asked, queries: list[int], fewest: list[int]) -> list[Rival]:
        """The rivals of some queries, with at most one edit more than the nearest name, whose edits are `fewest`."""
        found_of = dict.fromkeys(queries, NO_WORD)
        numbers = np.array(queries, np.int64)
        query, found = self._word_index.neighbours(Keys([asked.keys[q] for q in queries]))
        most = np.minimum(1 + np.array(fewest, np.int64)[query], self._word_names.limits[found])
        query, found, edits = near_of(asked, numbers[query], found, self._word_names, most)
        least = np.full(len(asked.keys), LONGEST)
        np.minimum.at(least, query, edits)
        more = edits - least[query]
        # Of words with one edit more, nine in ten cannot be nearer whatever the edit is, and are not weighed; with two
        # more a word is no rival.
        rows = [self._weighed(asked, query[more == 0], found[more == 0])]
        best = np.full((2, len(asked.keys)), np.inf, np.float32)
        for kind in (0, 1):
            np.minimum.at(best[kind], rows[0][0], rows[0][2 + kind])
        hope = self._confusions.cheapest * _BY_EDITS[np.minimum(edits, len(_BY_EDITS) - 1)]
        near = (hope < best[0][query]) | (hope + self._word_rarity[found] < best[1][query])
        near = np.flatnonzero((more == 1) & near)
        rows.append(self._weighed(asked, query[near], found[near]))
        query, found, costs, worths = map(np.concatenate, zip(*rows, strict=True))
        order = np.lexsort((worths, costs, query))
        first = np.flatnonzero(np.diff(query[order], prepend=-1))
        if len(first):
            nearest = order[first]
            told = (query[nearest], costs[nearest], np.minimum.reduceat(worths[order], first), found[nearest])
            for q, cost, worth, word in zip(*(x.tolist() for x in told), strict=True):
                found_of[q] = (cost, worth, self._words[word])
        return list(found_of.values())

    def _weighed(self, asked: Asked, query: Numbers, found: Numbers) -> tuple[Numbers, Numbers, Costs, Costs]:
        """Pairs of surfaces and words with cost, and with cost and rarity together."""
        costs = costs_of(asked, query, found, self._word_names, self._confusions)
        return query, found, costs, costs + self._word_rarity[found]

    def _all_glued(self, surfaces: Sequence[str], keys: Sequence[str]) -> dict[int, list[Name]]:
        """By the number of the surface."""
        rows = zip(surfaces, keys, strict=True)
        told = (list(self._glued(s, k)) if len(s) > SHORTEST and s.isalnum() else () for s, k in rows)
        return {n: list(names) for n, names in enumerate(told) if names}

    def _glued(self, surface: str, key: str) -> Iterator[Name]:
        """Names at the beginning or end of a word with something else in it: `toCuba`, `FAKENNEDY`."""
        length = len(key)
        if length != len(surface):
            return
        plain = surface[1:].islower()
        for cut in range(1, length - SHORTEST + 1):
            exact = self._lone(key[cut:])
            if exact is not None:
                if key[:cut] in GLUE:
                    yield self._name(exact, _GLUED, cut, surface[:cut])
                elif cut <= 2 or length - cut >= _LONG or (surface[cut].isupper() and surface[cut - 1].islower()):
                    yield self._name(exact, _JUNK * min(cut, 3), cut, surface[:cut])
            # In capitals a heap of letters may stand behind a name; `Dallastown` is a word.
            joined = key[length - cut :] in GLUE if plain else cut > 1
            tail = self._lone(key[: length - cut]) if length - cut >= _LONG and joined else None
            if tail is not None:
                yield self._name(tail, _JUNK * min(cut, 3), cut, surface[length - cut :])

    def _name(self, number: int, cost: float, cut: int, glue: str) -> Name:
        return Name(number, cost, cut, glue, cost + float(self._rarity[number]))

    def _lone(self, key: str) -> int | None:
        """The name of one word of a key, if it is no English word."""
        number = self._number.get(key)
        return None if number is None or self.targets[number].words > 1 or self.targets[number].common else number


class _Part:
    """An index of some of the names, that gives numbers among all."""

    def __init__(
        self,
        targets: Sequence[Target],
        numbers: Numbers,
        *,
        twice_from: int = NEVER,
        twice: NDArray[np.bool_] | None = None,
        skeletons: bool = False,
    ) -> None:
        """`twice`: from which of all names two characters may be left out."""
        self._numbers = numbers
        keys = [targets[n].key for n in numbers.tolist()]
        some = None if twice is None else twice[numbers]
        self._index = DeletionIndex(keys, twice_from=twice_from, twice=some, skeletons=skeletons)

    def neighbours(self, keys: Keys) -> tuple[Numbers, Numbers]:
        query, found = self._index.neighbours(keys)
        return query, self._numbers[found]


def _neighbours(keys: Keys, parts: Sequence[_Part]) -> tuple[Numbers, Numbers]:
    """The pairs that any of some indexes gives, each once."""
    rows = [part.neighbours(keys) for part in parts]
    if len(rows) == 1:
        return rows[0]
    return each_once(*map(np.concatenate, zip(*rows, strict=True)))


def _rival_words(targets: Sequence[Target]) -> list[str]:
    """English words and words of the texts that are no name of one word."""
    names = {t.key for t in targets if t.words == 1 and not t.common}
    words = (word_counts().keys() | word_list("english") | word_list("demonyms")) - names
    return sorted(w for w in words if SHORTEST - 1 <= len(w) <= LONGEST and w.isascii())


def _peoples(targets: Sequence[Target]) -> dict[str, int]:
    """Demonyms of several words (`puertorican`), and the place from whose name each is made."""
    by_beginning: dict[str, list[str]] = {}
    for demonym in sorted(word_list("demonyms")):
        by_beginning.setdefault(demonym[: _STEM - 1], []).append(demonym)
    found: dict[str, int] = {}
    for number, target in enumerate(targets):
        if target.words > 1 and target.label == PLACE:
            for at in range(_STEM, len(target.key) - _STEM + 1):
                last = target.key[at:]
                for demonym in by_beginning.get(last[: _STEM - 1], ()):
                    # `Rico`, `Rican`; `America`, `Americans`; `Viet-Nam`, `Vietnamese`
                    if demonym.startswith(last[:-1]) and demonym != last:
                        found.setdefault(target.key[:at] + demonym, number)
    return found
