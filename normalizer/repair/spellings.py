"""Surfaces of a page, the names and words that they are held against, and what tells the two apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from normalizer.folding import fold_character, without_accents
from normalizer.repair.channel import Confusions, Costs, Encoded, encode
from normalizer.repair.index import LONGEST, Numbers
from normalizer.repair.targets import AS_WRITTEN, LOWER, UPPER, case_of

_MIXED = 0.2
"""What it costs that a scan reads a word in capitals and small letters by turns (`mExtco`)."""


class Spellings:
    """Fixed names or words, ready to be compared: their letters as bits, and codes in every case."""

    def __init__(self, keys: Sequence[str], written: Sequence[str], confusions: Confusions) -> None:
        self.objects = np.array(keys, object)  # many are taken at once
        self.letters = _letters_of(keys)
        self.lengths = np.fromiter(map(len, keys), np.int64, len(keys))
        self.limits = 2 + (self.lengths >= 6) + (self.lengths >= 9)
        self.encoded: Encoded = confusions.encode_meant(written, LONGEST)
        """In the order of `AS_WRITTEN`, `UPPER` and `LOWER`, so that one weighing does for all."""


class Asked:
    """Surfaces of a page, ready to be compared."""

    def __init__(self, surfaces: Sequence[str]) -> None:
        self.surfaces = surfaces
        self.keys = [key_of(s) for s in surfaces]
        self.objects = np.array(self.keys, object)
        self.letters = _letters_of(self.keys)
        self.lengths = np.fromiter(map(len, self.keys), np.int64, len(self.keys))


def _letters_of(keys: Sequence[str]) -> NDArray[np.uint64]:
    """Which characters a key has, a bit each; all that are no letter or digit share one."""
    wide = encode(keys, LONGEST)
    bits = _BIT[wide]
    total: NDArray[np.uint64] = np.bitwise_or.reduce(bits, axis=1) if wide.size else np.zeros(len(keys), np.uint64)
    return total


_BIT = np.full(256, 1 << 40, np.uint64)
_BIT[0] = 0
for _place, _char in enumerate("abcdefghijklmnopqrstuvwxyz0123456789"):
    _BIT[encode([_char], 1)[0, 0]] = 1 << _place


def key_of(surface: str) -> str:
    """Folded ASCII letters and digits, a character for each of the surface."""
    lower = surface.lower()
    if lower.isascii():
        return lower
    return "".join(fold_character(c)[:1] or "?" for c in lower).encode("ascii", "replace").decode()


def may_be_near(asked: Asked, part: slice, spellings: Spellings, found: Numbers, most: Numbers) -> NDArray[np.bool_]:
    """Which of some spellings (columns) each surface of a part (rows) may be near to, as `near_of` sees at first."""
    near: NDArray[np.bool_] = abs(asked.lengths[part, None] - spellings.lengths[found]) <= most
    near &= np.bitwise_count(asked.letters[part, None] ^ spellings.letters[found]) <= 2 * most
    return near


def near_of(
    asked: Asked, query: Numbers, found: Numbers, spellings: Spellings, most: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """(query, spelling, edits) of the pairs that few single characters tell apart.

    Args:
        asked: Surfaces.
        query: Their numbers in the pairs.
        found: Numbers of names or words in the pairs.
        spellings: These names or words.
        most: Edits that may tell each pair apart.
    """
    # Lengths, and letters that only one of the two has: a quick look at what needs more edits anyway.
    near = np.flatnonzero(abs(asked.lengths[query] - spellings.lengths[found]) <= most)
    query, found, most = query[near], found[near], most[near]
    near = np.flatnonzero(np.bitwise_count(asked.letters[query] ^ spellings.letters[found]) <= 2 * most)
    query, found, most = query[near], found[near], most[near]
    edits = cpdist(
        asked.objects[query].tolist(),
        spellings.objects[found].tolist(),
        scorer=Levenshtein.distance,
        score_cutoff=int(most.max(initial=0)),
        dtype=np.int32,
    ).astype(np.int64)
    near = np.flatnonzero(edits <= most)
    return query[near], found[near], edits[near]


def costs_of(asked: Asked, query: Numbers, found: Numbers, spellings: Spellings, confusions: Confusions) -> Costs:
    """Costs of pairs, each name in the case of the surface; in small letters with a capital first too."""
    # Most surfaces are near nothing, so only those of the pairs are made ready.
    some, query = np.unique(query, return_inverse=True)
    surfaces = [asked.surfaces[n] for n in some.tolist()]
    shown = [without_accents(s) for s in surfaces]  # scans see accents in every speck
    case = np.array([case_of(s) for s in surfaces], np.int64)[query]
    lower = np.flatnonzero(case == LOWER)
    # Capitals and small letters by turns: the case says nothing.
    by_turns = np.array([not s[1:].islower() and s.upper() != s for s in surfaces], np.bool_)
    mixed = np.flatnonzero(by_turns[query])
    if len(mixed):
        shown += [s.upper() for s in shown]
    of_case = len(spellings.lengths) * np.concatenate(
        (case, np.full(len(lower), AS_WRITTEN), np.full(len(mixed), UPPER))
    )
    told = confusions.weigh(
        confusions.encode_seen(shown, LONGEST),
        np.concatenate((query, query[lower], query[mixed] + len(some))),
        spellings.encoded,
        np.concatenate((found, found[lower], found[mixed])) + of_case,
    )
    costs, in_title, in_capitals = np.split(told, (len(query), len(query) + len(lower)))
    costs[lower] = np.minimum(costs[lower], in_title)
    costs[mixed] = np.minimum(costs[mixed], in_capitals + _MIXED)
    return costs
