"""Which names and which words a surface may be, at what cost; nothing here depends on the document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from normalizer.folding import fold_character
from normalizer.repair.channel import Confusions, Encoded, encode
from normalizer.repair.index import LONGEST, DeletionIndex
from normalizer.repair.stretches import GLUE
from normalizer.repair.targets import (
    A_NAT,
    AS_WRITTEN,
    LOWER,
    SHORTEST,
    TEXT_WORDS,
    UPPER,
    Target,
    case_of,
    log_prior,
)
from normalizer.repair.vocabulary import word_counts
from normalizer.words import word_list

MOST_NAMES = 6
HOPELESS = 2.2
"""Cost and rarity together from which a name is not considered: 2 in 100 of the right ones on 1,386 pages were dearer."""
_REMEMBERED = 200_000
_GLUED, _JUNK = 0.35, 0.3
"""What a word that runs together with a name costs, and a letter that does."""
_LONG = 6
"""Letters of a name that is seen in any heap of letters."""
_RARE = 0.3
"""Times that a word counts for which the texts do not have."""
_FAR = 4

Numbers = NDArray[np.int64]


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
    """What a surface may be: names, the likeliest first, and its rivals among the words.

    Attributes:
        names: At most `MOST_NAMES`.
        word_cost: Of the nearest word, 2 where none is near.
        word_worth: The least of cost and rarity together among the words, 2 where none is near.
        word: The word of `word_worth`.
    """

    names: tuple[Name, ...]
    word_cost: float = 2.0
    word_worth: float = 2.0
    word: str = ""


NOTHING = Found(())


class Lookup:
    """Finds names for surfaces; remembers them, as scans make the same mistakes again and again."""

    def __init__(self, targets: Sequence[Target], confusions: Confusions) -> None:
        self.targets = targets
        self._confusions = confusions
        self._number = {t.key: n for n, t in enumerate(targets)}
        self._names = _Spellings([t.key for t in targets], [t.name for t in targets])
        self._rarity = np.array([-A_NAT * log_prior(0, 1, t) for t in targets], np.float32)
        single = np.array([t.words == 1 for t in targets], np.bool_)
        self._single, self._several = np.flatnonzero(single), np.flatnonzero(~single)
        self._single_index = DeletionIndex([targets[n].key for n in self._single])
        self._several_index = DeletionIndex([targets[n].key for n in self._several])
        self._words = _rival_words(targets)
        self._word_names = _Spellings(self._words, [w.title() for w in self._words])
        counts = word_counts()
        shares = ((counts.get(w, (0, 0))[0] + _RARE) / TEXT_WORDS for w in self._words)
        self._word_rarity = np.array([-A_NAT * log(share) for share in shares], np.float32)
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
                self._look([s for s, _ in batch], several)
        return {s: self._known[s] for s in wanted}

    def _look(self, surfaces: list[str], several: bool) -> None:
        asked = _Asked(surfaces)
        if several:
            numbers, (query, found) = self._several, self._several_index.neighbours(asked.keys)
        else:
            numbers, (query, found) = self._single, self._single_index.neighbours(asked.keys)
        names: dict[int, list[Name]] = {}
        query, found, costs, edits = self._weigh(asked, query, numbers[found], self._names)
        kept = np.flatnonzero(costs + self._rarity[found] <= HOPELESS)
        rows = (x[kept].tolist() for x in (query, found, costs, edits))
        for q, t, cost, edit in zip(*rows, strict=True):
            names.setdefault(q, []).append(Name(t, cost, edit, ""))
        if not several:
            for q, surface in enumerate(surfaces):
                if len(surface) > SHORTEST and surface.isalnum():
                    for name in self._glued(surface, asked.keys[q]):
                        names.setdefault(q, []).append(name)
        rivals = self._rivals(asked, sorted(names)) if names and not several else {}
        for q, surface in enumerate(surfaces):
            if q not in names:
                self._known[surface, several] = NOTHING
                continue
            best: dict[int, Name] = {}
            for name in sorted(names[q], key=lambda n: (n.cost + float(self._rarity[n.target]), n.target)):
                best.setdefault(name.target, name)
            self._known[surface, several] = Found(tuple(best.values())[:MOST_NAMES], *rivals.get(q, ()))

    def _weigh(
        self, asked: _Asked, query: Numbers, found: Numbers, spellings: _Spellings
    ) -> tuple[Numbers, Numbers, NDArray[np.float32], NDArray[np.int64]]:
        """(query, spelling, cost, edits) of the pairs that are near enough."""
        # Letters that only one of the two has: a quick look at what needs more edits anyway.
        differ = np.bitwise_count(asked.letters[query] ^ spellings.letters[found])
        near = np.flatnonzero(differ <= 2 * spellings.limits[found])
        query, found = query[near], found[near]
        if not len(query):
            return query, found, np.zeros(0, np.float32), np.zeros(0, np.int64)
        keys, others = asked.keys, spellings.keys
        edits = cpdist(
            [keys[q] for q in query.tolist()],
            [others[n] for n in found.tolist()],
            scorer=Levenshtein.distance,
            score_cutoff=_FAR,
            dtype=np.int32,
        ).astype(np.int64)
        near = np.flatnonzero(edits <= spellings.limits[found])
        query, found, edits = query[near], found[near], edits[near]
        costs = np.zeros(len(query), np.float32)
        for case in (AS_WRITTEN, UPPER, LOWER):
            rows = np.flatnonzero(asked.cases[query] == case)
            if len(rows):
                meant = spellings.encoded[case].at(found[rows])
                costs[rows] = self._confusions.weigh(asked.encoded.at(query[rows]), meant)
        return query, found, costs, edits

    def _rivals(self, asked: _Asked, some: list[int]) -> dict[int, tuple[float, float, str]]:
        """(cost of the nearest word, least cost and rarity, that word) of some queries."""
        query, found = self._word_index.neighbours([asked.keys[q] for q in some])
        query, found, costs, _ = self._weigh(asked, np.array(some, np.int64)[query], found, self._word_names)
        worths = costs + self._word_rarity[found]
        best: dict[int, tuple[float, float, str]] = {}
        for q, n, cost, worth in zip(query.tolist(), found.tolist(), costs.tolist(), worths.tolist(), strict=True):
            old = best.get(q, (2.0, 2.0, ""))
            best[q] = (min(old[0], cost), min(old[1], worth), self._words[n] if worth < old[1] else old[2])
        return best

    def _glued(self, surface: str, key: str) -> Iterator[Name]:
        """Names at the beginning or end of a word with something else in it: `toCuba`, `FAKENNEDY`."""
        length = len(key)
        if length != len(surface):
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


class _Spellings:
    """Fixed names or words, ready to be compared: their letters as bits, and codes in every case."""

    def __init__(self, keys: Sequence[str], written: Sequence[str]) -> None:
        self.keys = keys
        self.letters = _letters(keys)
        self.limits = np.array([_limit(len(k)) for k in keys], np.int64)
        self.encoded: dict[int, Encoded] = {
            AS_WRITTEN: encode(written, LONGEST),
            UPPER: encode([w.upper() for w in written], LONGEST),
            LOWER: encode([w.lower() for w in written], LONGEST),
        }


class _Asked:
    """Surfaces of a page, ready to be compared."""

    def __init__(self, surfaces: Sequence[str]) -> None:
        self.keys = [_key(s) for s in surfaces]
        self.letters = _letters(self.keys)
        self.encoded = encode(surfaces, LONGEST)
        self.cases = np.array([case_of(s) for s in surfaces], np.int64)


def _letters(keys: Sequence[str]) -> NDArray[np.uint64]:
    """Which characters a key has, a bit each; all that are no letter or digit share one."""
    wide = encode(keys, LONGEST).codes
    bits = _BIT[wide]
    total: NDArray[np.uint64] = np.bitwise_or.reduce(bits, axis=1) if wide.size else np.zeros(len(keys), np.uint64)
    return total


_BIT = np.full(256, 1 << 40, np.uint64)
_BIT[0] = 0
for _place, _char in enumerate("abcdefghijklmnopqrstuvwxyz0123456789"):
    _BIT[encode([_char]).codes[0, 0]] = 1 << _place


def _rival_words(targets: Sequence[Target]) -> list[str]:
    """English words and words of the texts that are no name of one word."""
    names = {t.key for t in targets if t.words == 1 and not t.common}
    words = (word_counts().keys() | word_list("english") | word_list("demonyms")) - names
    return sorted(w for w in words if SHORTEST - 1 <= len(w) <= LONGEST and w.isascii())


def _key(surface: str) -> str:
    lower = surface.lower()
    if lower.isascii():
        return lower
    return "".join(fold_character(c)[:1] or "?" for c in lower).encode("ascii", "replace").decode()


def _limit(length: int) -> int:
    return 2 if length < 7 else 3 if length < 10 else 4
