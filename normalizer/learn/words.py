"""Words of a period and what stands beside names in it, counted in texts that were read well."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from math import log

import numpy as np
from rapidfuzz.distance import Levenshtein

from normalizer.exact import Matcher
from normalizer.folding import fold
from normalizer.gazetteer import Form, Gazetteer
from normalizer.repair.channel import Confusions
from normalizer.repair.index import DeletionIndex, Keys
from normalizer.repair.spellings import Asked, Spellings, costs_of, near_of
from normalizer.repair.targets import targets_of
from normalizer.words import word_list

_WORD = re.compile(r"[^\W_]+")
_SHORTEST, _FEWEST, _FEWEST_DOCUMENTS = 3, 3, 2
_FEWEST_NEIGHBOURS = 12
_SLIP, _LONG = 8, 8
"""How many times as frequent the word is that another is a slip of; letters from which two edits are a slip."""
_SELDOM_SMALL, _OFTEN = 4, 20
"""One in so many may stand in small letters, if it is an English word, and how many times as frequent the name is, of
a slip of a name."""
_CHEAP, _FAIRLY = 0.45, 1.05
"""Cost at most of a slip of a name that is an English word (`Cube`), and of another with two edits (`Miant`)."""
_LABELS = ("PERSON", "PLACE", "ORGANIZATION")


def count_words(
    texts: Iterable[str], gazetteer: Gazetteer | None = None, confusions: Confusions | None = None
) -> list[tuple[str, int, int]]:
    """(word, times, times in small letters) of the words that stand in several texts, by word.

    Slips are left out: look-alikes of a word that is met far more often, and, where the gazetteer and the costs of
    confusions are given, those of its names (of an English word the greater part of its times).
    """
    total: Counter[str] = Counter()
    small: Counter[str] = Counter()
    documents: Counter[str] = Counter()
    for text in texts:
        words = [w for w in _WORD.findall(text) if len(w) >= _SHORTEST and w.isascii() and w.isalpha()]
        total.update(w.lower() for w in words)
        small.update(w for w in words if w.islower())
        documents.update({w.lower() for w in words})
    kept = sorted(w for w, n in total.items() if n >= _FEWEST and documents[w] >= _FEWEST_DOCUMENTS)
    slips = _slips(kept, total)
    if gazetteer is not None and confusions is not None:
        # An English word keeps what its small letters bear out; others have none.
        for word in _slips_of_names(kept, total, small, gazetteer, confusions):
            total[word] = small[word] * _SELDOM_SMALL
    return [(w, total[w], small[w]) for w in kept if w not in slips and total[w]]


def _slips(words: list[str], total: Counter[str]) -> set[str]:
    """Words that are no English and a look-alike of one that is met far more often: the better reading slips too."""
    sound = word_list("english") | word_list("demonyms") | word_list("given_names")
    doubtful = [w for w in words if w not in sound]
    index = DeletionIndex(words, twice_from=5)
    asked, found = index.neighbours(Keys(doubtful))
    return {
        doubtful[a]
        for a, f in zip(asked.tolist(), found.tolist(), strict=True)
        if total[words[f]] >= _SLIP * total[doubtful[a]]
        and Levenshtein.distance(doubtful[a], words[f]) <= (1 if len(doubtful[a]) < _LONG else 2)
    }


def _slips_of_names(
    words: list[str], total: Counter[str], small: Counter[str], gazetteer: Gazetteer, confusions: Confusions
) -> set[str]:
    """Words in capitals that are cheap look-alikes of a name that is met far more often."""
    english, known = word_list("english"), word_list("demonyms") | word_list("given_names")
    known |= {p for p in gazetteer.patterns if p not in english}
    names = [t for t in targets_of(gazetteer, {}) if t.words == 1 and not t.common and total[t.key] >= _OFTEN]
    doubtful = [w for w in words if w not in known and small[w] * _SELDOM_SMALL <= (total[w] if w in english else 0)]
    spellings = Spellings([t.key for t in names], [t.name for t in names], confusions)
    in_titles, in_capitals = Asked([w.title() for w in doubtful]), Asked([w.upper() for w in doubtful])
    index = DeletionIndex([t.key for t in names], twice_from=5, skeletons=True)
    query, found = index.neighbours(Keys(in_titles.keys))
    query, found, edits = near_of(in_titles, query, found, spellings, np.full(len(query), 2))
    costs = np.minimum(
        costs_of(in_titles, query, found, spellings, confusions),
        costs_of(in_capitals, query, found, spellings, confusions),
    )
    rows = zip(*(x.tolist() for x in (query, found, edits, costs)), strict=True)
    return {
        doubtful[q]
        for q, n, edit, cost in rows
        if total[names[n].key] >= _OFTEN * total[doubtful[q]]
        and (edit == 1 and cost <= _CHEAP if doubtful[q] in english else edit and cost <= _FAIRLY)
    }


def count_names(texts: Iterable[str], gazetteer: Gazetteer) -> list[tuple[str, int]]:
    """(key, times) of the names of several words that stand whole in texts, by key."""
    matcher = Matcher(gazetteer)
    times: Counter[str] = Counter()
    for text in texts:
        folded = fold(text)
        for match in matcher.match(text, folded):
            start, end = folded.offsets.forward(match.start, match.end)
            words = folded.text[start:end].split()
            if len(words) > 1:
                times["".join(words)] += 1
    return sorted((name, n) for name, n in times.items() if n >= _FEWEST)


def count_neighbours(texts: Iterable[str], gazetteer: Gazetteer) -> list[tuple[str, str, str, float]]:
    """(side, word, label, log-odds) of words before or after names of a label, against any place.

    The names are those that the gazetteer finds whole; log-odds are of the natural logarithm, against all words.
    """
    matcher = Matcher(gazetteer)
    everywhere: Counter[str] = Counter()
    beside: Counter[tuple[str, str, str]] = Counter()
    names: Counter[tuple[str, str]] = Counter()
    for text in texts:
        folded = fold(text)
        everywhere.update(folded.text.split())
        for match in matcher.match(text, folded):
            label = _label(gazetteer, match.forms)
            if label is None:
                continue
            start, end = folded.offsets.forward(match.start, match.end)
            before, after = folded.text[max(0, start - 40) : start].split(), folded.text[end : end + 40].split()
            for side, near in (("before", before[-1:]), ("after", after[:1])):
                for word in near:
                    beside[side, word, label] += 1
                    names[side, label] += 1
    whole = sum(everywhere.values())
    rows = []
    for (side, word, label), count in beside.items():
        if sum(beside[side, word, other] for other in _LABELS) < _FEWEST_NEIGHBOURS or len(word) < 2:
            continue
        odds = log((count + 1) / (names[side, label] + 100)) - log((everywhere[word] + 1) / whole)
        rows.append((side, word, label, round(odds, 2)))
    return sorted(rows)


def _label(gazetteer: Gazetteer, forms: tuple[int, ...]) -> str | None:
    """The label of plain names, or None where the forms are of several or are English words."""
    flags = gazetteer.form_flags
    if any(flags[f] & (Form.COMMON | Form.MISREADING | Form.SCOPED) for f in forms):
        return None
    labels = {gazetteer.entity(gazetteer.form_entity[f]).label for f in forms}
    return labels.pop() if len(labels) == 1 and labels <= set(_LABELS) else None
