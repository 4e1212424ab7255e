"""Candidates of one document: every damaged stretch with the names that it may be, and what speaks for each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from normalizer.gazetteer import Gazetteer
from normalizer.model import Match
from normalizer.repair.channel import load_confusions
from normalizer.repair.features import Context, Surroundings, context_of, features_of
from normalizer.repair.lookup import Found, Lookup, Name
from normalizer.repair.stretches import NAME, ORDINARY, Stretch, stretches, words_of
from normalizer.repair.targets import A_NAT, Target, log_prior, targets_of
from normalizer.repair.vocabulary import word_counts
from normalizer.words import word_list

_WELL_KNOWN = 40
"""Times a word stands in the texts that the project learnt from, from which it is taken for a word, not for damage."""
_CONSIDERED = 2


class Candidate(NamedTuple):
    """A name that a stretch may be, with the features of the score.

    Attributes:
        stretch: Where on the page.
        name: The name and its cost.
        found: What else the surface may be.
        context: The words beside it.
        first: It is the likeliest of the stretch before the score is asked.
        features: A row of `features.FEATURES`.
    """

    stretch: Stretch
    name: Name
    found: Found
    context: Context
    first: bool
    features: list[float]


class Finder:
    """Finds candidates; made once for a gazetteer."""

    def __init__(self, gazetteer: Gazetteer, confusions: Path, priors: Mapping[str, float] | None = None) -> None:
        """`priors`: times a million words by the key of a name, in the collection that the documents are from."""
        self.gazetteer = gazetteer
        self.targets: list[Target] = targets_of(gazetteer)
        self._confusions = confusions
        self._by_pattern = {t.pattern: n for n, t in enumerate(self.targets)}
        self._priors = {n: priors[t.key] for n, t in enumerate(self.targets) if t.key in priors} if priors else {}
        self._kinds = dict.fromkeys((p for p in gazetteer.patterns if " " not in p), NAME)
        for words in ("given_names", "calendar", "demonyms", "english"):
            self._kinds.update(dict.fromkeys(word_list(words), NAME if words == "given_names" else ORDINARY))
        for word, (times, small) in word_counts().items():
            if times >= _WELL_KNOWN:
                self._kinds.setdefault(word, ORDINARY if small * 2 > times else NAME)
        first = gazetteer.first_form
        self._pattern_of = {f: p for p in self._by_pattern for f in range(first[p], first[p + 1])}

    @cached_property
    def lookup(self) -> Lookup:
        """Built when the first damaged word is met: a clean text costs nothing."""
        return Lookup(self.targets, load_confusions(self._confusions))

    def candidates(self, text: str, matches: Sequence[Match], taken: Sequence[tuple[int, int]]) -> Iterator[Candidate]:
        """Candidates in order of the page.

        Args:
            text: The page.
            matches: Names of the gazetteer that stand whole in it.
            taken: Spans that are decided already, ascending; no candidate overlaps one.
        """
        words = words_of(text, self._kinds)
        starts = [start for start, _ in taken]

        def is_taken(start: int, end: int) -> bool:
            at = bisect_left(starts, end)
            return at > 0 and taken[at - 1][1] > start

        found = list(stretches(text, words, is_taken))
        if not found:
            return
        around = Surroundings(
            self._times(matches), self._priors, sum(w.damaged for w in words) / len(words), len(words)
        )
        asked = [(s.surface, several) for s in found for several in _ways(s)]
        known = self.lookup.find(asked)
        for stretch in found:
            if not any(known[stretch.surface, several].names for several in _ways(stretch)):
                continue
            context = context_of(words, stretch.first, stretch.first + stretch.words - 1, text)
            for several in _ways(stretch):
                yield from self._of(stretch, known[stretch.surface, several], several, context, around)

    def _of(
        self, stretch: Stretch, found: Found, several: bool, context: Context, around: Surroundings
    ) -> Iterator[Candidate]:
        names = found.names
        if not names:
            return
        if stretch.words == 1 and not stretch.speck:
            names = tuple(n for n in names if n.edits or n.glue)  # the name itself, and nothing supports it
        if stretch.words > 1 and not several:
            names = tuple(n for n in names if n.edits <= 1 and not n.glue)
        worth = [
            n.cost - A_NAT * log_prior(around.times.get(n.target, 0), around.words, self.targets[n.target])
            for n in names
        ]
        order = sorted(range(len(names)), key=lambda k: (worth[k], names[k].target))
        for k in order[:_CONSIDERED]:
            other = min((worth[j] for j in order if j != k), default=9.0)
            margin = max(-1.0, min(1.0, other - worth[k]))
            target = self.targets[names[k].target]
            row = features_of(stretch, context, found, names[k], target, margin, around)
            yield Candidate(stretch, names[k], found, context, k == order[0], row)

    def _times(self, matches: Sequence[Match]) -> dict[int, int]:
        """How often each target stands whole."""
        times: dict[int, int] = {}
        for match in matches:
            for pattern in {self._pattern_of[f] for f in match.forms if f in self._pattern_of}:
                number = self._by_pattern[pattern]
                times[number] = times.get(number, 0) + 1
        return times


def _ways(stretch: Stretch) -> tuple[bool, ...]:
    """Whether to look among names of one word, of several, or both."""
    if stretch.words == 1:
        return (False,)
    return (True,) if stretch.whole else (False, True)
