"""Candidates of one document: every damaged stretch with the names that it may be, and what speaks for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from normalizer.gazetteer import Gazetteer
from normalizer.model import Match
from normalizer.repair.channel import Confusions
from normalizer.repair.features import Context, Surroundings, context_of, features_of
from normalizer.repair.lookup import LONE, NOTHING, PARTED, SEVERAL, Found, Lookup, Name, Named
from normalizer.repair.stretches import (
    NAMELIKE,
    ORDINARY,
    PUNCTUATION,
    Places,
    Stretch,
    Vocabulary,
    Words,
)
from normalizer.repair.targets import A_NAT, PLACE, Target, log_prior, targets_of
from normalizer.repair.vocabulary import word_counts
from normalizer.spans import Span, Spans
from normalizer.words import word_list

_WELL_KNOWN = 40
"""Times a word stands in the texts that the project learnt from, from which it is taken for a word, not for damage."""
_CONSIDERED = 2
_RECALLED = 60
"""Names of a document, the most frequent, that its damaged words are held against."""
_SECOND, _RIVAL = -0.3, 0.5
"""By how much another name or a word may be likelier: beyond it hardly one in 200 repairs was believed."""
_CODE_LETTERS = 2
"""Letters of a word so short that another in its place is another thing: the SB Division is not the SR Division."""
_LITTLE = frozenset({"of", "de", "la", "le", "el", "al", "du", "da", "do", "st", "y"})
"""But these."""
_CLOSE = 0.7
"""Cost below which a damaged word is another spelling of a name, rather than something else."""


class Candidate(NamedTuple):
    """A name that a stretch may be, with the features of the score.

    Attributes:
        stretch: Where on the page.
        name: The name and its cost.
        found: What else the surface may be.
        context: The words beside it.
        first: It is the likeliest of the stretch before the score is asked.
        here: How often the name stands whole in the document.
        features: A row of `features.FEATURES`.
    """

    stretch: Stretch
    name: Name
    found: Found
    context: Context
    first: bool
    here: int
    features: list[float]


Known = tuple[Mapping[str, Found], ...]
"""What surfaces may be, by what they are made of: `LONE`, `PARTED` or `SEVERAL`."""


class _Prepared(NamedTuple):
    """A page with all that is looked up for it.

    Attributes:
        places: Its words, and where it may be damaged.
        known: What surfaces may be, of this and other pages.
        recalled: What single words of it may be by the names of the page.
        times: How often each target stands whole.
    """

    places: Places
    known: Known
    recalled: Mapping[str, Found]
    times: Mapping[int, int]


class Finder:
    """Finds candidates; made once for a gazetteer."""

    def __init__(self, gazetteer: Gazetteer, confusions: Confusions, priors: Mapping[str, float] | None = None) -> None:
        """`priors`: times a million words by the key of a name, in the collection that the documents are from."""
        self.gazetteer = gazetteer
        self.targets: list[Target] = targets_of(gazetteer, priors or {})
        self.confusions = confusions
        self._by_pattern = {t.pattern: n for n, t in enumerate(self.targets)}
        self.sound = _kinds(gazetteer)
        parts = {word for t in self.targets if t.words > 1 for word in gazetteer.patterns[t.pattern].split()}
        self.vocabulary = Vocabulary(self.sound, parts)
        self._codes = _codes_of(self.targets, gazetteer)
        first = gazetteer.first_form
        self._pattern_of = {f: p for p in self._by_pattern for f in range(first[p], first[p + 1])}
        self._prepared: dict[str, _Prepared] = {}
        self._lookup: Lookup | None = None

    @property
    def lookup(self) -> Lookup:
        """Built when the first damaged word is met: a clean text costs nothing."""
        if self._lookup is None:
            self._lookup = Lookup(self.targets, self.confusions)
        return self._lookup

    def prepare(self, pages: Iterable[tuple[str, Sequence[Match]]]) -> None:
        """Look up the damaged words of some pages together, which is quicker; they are asked for next.

        `pages`: texts, with the names of the gazetteer that stand whole in each.
        """
        texts = dict(pages)
        self._prepared = dict(zip(texts, self._pages(texts.items()), strict=True))

    def _pages(self, texts: Collection[tuple[str, Sequence[Match]]]) -> list[_Prepared]:
        places = [Places(text, Words(text, self.vocabulary)) for text, _ in texts]
        known = self._look_up(places)
        times = [self._times(matches) for _, matches in texts]
        named = [self._named(page, here) for page, here in zip(places, times, strict=True)]
        worn = any(page.surfaces and page.targets for page in named)
        recalled = self.lookup.among(named, known[LONE]) if worn else [{} for _ in named]
        return [_Prepared(page, known, more, here) for page, more, here in zip(places, recalled, times, strict=True)]

    def _look_up(self, places: Sequence[Places]) -> Known:
        """What surfaces may be; those that may be nothing are left out."""
        joined = [s for page in places for s in page.joined]
        asked: tuple[set[str], ...] = (
            {surface for page in places for surface in (*page.surfaces, *(s.surface for s in page.slips))},
            {s.surface for s in joined if not s.whole},
            {s.surface for s in joined},
        )
        return tuple(self.lookup.find(some, way) if some else {} for way, some in enumerate(asked))

    def candidates(self, text: str, matches: Sequence[Match], taken: Sequence[Span]) -> list[Candidate]:
        """Candidates in order of the page, lone words before joined ones.

        Args:
            text: The page.
            matches: Names of the gazetteer that stand whole in it.
            taken: Spans that are decided already, ascending; a candidate of one word overlaps none, and of several
                none but one that is a part of it.
        """
        places, known, recalled, times = self._prepared.get(text) or self._pages([(text, matches)])[0]
        words = places.words
        found = places.stretches(known[LONE].keys() | recalled.keys(), known[PARTED].keys() | known[SEVERAL].keys())
        surfaces = Counter(places.surfaces)
        surfaces.update(s.surface for s in places.slips)
        around = Surroundings(times, surfaces, words.share_damaged(), len(words))
        spans = Spans(taken)

        def is_free(stretch: Stretch) -> bool:
            parts = spans.overlapping(stretch.start, stretch.end)
            if not parts:
                return True
            (start, end), *others = parts
            inside = stretch.start <= start and end <= stretch.end and not others
            return inside and stretch.whole and end - start < stretch.end - stretch.start

        def told(surface: str, way: int) -> Found:
            return (way == LONE and recalled.get(surface)) or known[way].get(surface, NOTHING)

        def bare(stretch: Stretch) -> tuple[Name, ...]:
            """What the word is without the marks beside it that may be no damage."""
            if stretch.words > 1 or not stretch.speck or PUNCTUATION.isdisjoint(stretch.surface):
                return ()
            return told(words.texts[stretch.first], LONE).names

        rows = [
            (stretch, about, names)
            for stretch in found
            for way in _ways(stretch)
            if (about := told(stretch.surface, way)).names
            and (names := self._fitting(stretch, about.names, bare(stretch), words, times))
            and is_free(stretch)
        ]
        likely = [(stretch, about, self._by_worth(names, around)) for stretch, about, names in rows]
        # Other damaged spellings of a name in the document speak for each.
        for stretch, _, ranked in likely:
            name = ranked[0][0]
            if stretch.words == 1 and name.cost < _CLOSE:
                around.variants.setdefault(name.target, set()).add(stretch.surface)
        return [
            candidate
            for stretch, about, ranked in likely
            for candidate in self._of(stretch, about, ranked, words, text, around)
        ]

    def _named(self, places: Places, times: Mapping[int, int]) -> Named:
        """The damaged words of a page, and its most frequent names, of which more may be gone than of others."""
        here = sorted((n for n in times if self.targets[n].words == 1), key=lambda n: (-times[n], n))[:_RECALLED]
        return Named(list(dict.fromkeys(places.surfaces)), here, [times[n] for n in here])

    def _fitting(
        self, stretch: Stretch, names: tuple[Name, ...], bare: tuple[Name, ...], words: Words, times: Mapping[int, int]
    ) -> tuple[Name, ...]:
        """Names that are no more than the page bears out; `times` are those of its whole names."""
        if stretch.words > 1 and any(name.target in self._codes for name in names):
            here = [word.lower() for word in words.texts[stretch.first : stretch.first + stretch.words]]
            here += [word[:_CODE_LETTERS] for word in here]  # USMISSION
            names = tuple(n for n in names if self._codes.get(n.target, _NO_CODES).issubset(here))
        if bare and names:
            costs = {name.target: name.cost for name in bare}
            return tuple(n for n in names if n.cost < costs.get(n.target, n.cost + 1))
        if not stretch.broken:
            # Where every word is sound, a slip is of one letter: the FE Division is not the WH Division. Of a place
            # that the document names, of more (`Wow York`).
            return tuple(
                n for n in names if n.edits <= 1 or (n.target in times and self.targets[n.target].label == PLACE)
            )
        if stretch.words == 1 and not stretch.speck:
            return tuple(n for n in names if n.edits or n.glue)  # the name itself, and nothing supports it
        return names

    def _by_worth(self, names: tuple[Name, ...], around: Surroundings) -> list[tuple[Name, float]]:
        """Names with cost and prior together, the likeliest first."""
        if all(name.target not in around.times for name in names):
            return [(name, name.worth) for name in names]
        told = []
        for name in names:
            times = around.times.get(name.target)
            prior = log_prior(times, around.words, self.targets[name.target]) if times else 0.0
            told.append((name, name.cost - A_NAT * prior if times else name.worth))
        return sorted(told, key=lambda row: (row[1], row[0].target))

    def _of(
        self,
        stretch: Stretch,
        found: Found,
        names: list[tuple[Name, float]],
        words: Words,
        text: str,
        around: Surroundings,
    ) -> Iterator[Candidate]:
        context: Context | None = None
        for k, (name, worth) in enumerate(names[:_CONSIDERED]):
            entity = self.targets[name.target].entity
            other = next((w for n, w in names if self.targets[n.target].entity != entity), 9.0)
            margin = max(-1.0, min(1.0, other - worth))
            if margin < _SECOND or worth > found.word_worth + _RIVAL:
                continue
            context = context or context_of(words, stretch.first, stretch.first + stretch.words - 1, text)
            row = features_of(stretch, context, found, name, self.targets[name.target], worth, margin, around)
            yield Candidate(stretch, name, found, context, k == 0, around.times.get(name.target, 0), row)

    def _times(self, matches: Sequence[Match]) -> dict[int, int]:
        """How often each target stands whole."""
        times: dict[int, int] = {}
        for match in matches:
            for pattern in {self._pattern_of[f] for f in match.forms if f in self._pattern_of}:
                number = self._by_pattern[pattern]
                times[number] = times.get(number, 0) + 1
        return times


_NO_CODES: frozenset[str] = frozenset()


def _codes_of(targets: Sequence[Target], gazetteer: Gazetteer) -> dict[int, frozenset[str]]:
    """The words of names of several that must stand whole, as they are too short for a slip; by the name's number."""
    number = {t.key: n for n, t in enumerate(targets) if t.words > 1 or t.parted}
    found: dict[int, frozenset[str]] = {}
    for pattern in gazetteer.patterns:
        short = [w for w in pattern.split() if len(w) <= _CODE_LETTERS and w not in _LITTLE] if " " in pattern else ()
        if short and (n := number.get(pattern.replace(" ", ""))) is not None:
            found[n] = frozenset(short)
    return found


def _ways(stretch: Stretch) -> tuple[int, ...]:
    """What a stretch may be made of."""
    if stretch.words == 1:
        return (LONE,)
    return (SEVERAL,) if stretch.whole else (PARTED, SEVERAL)


def _kinds(gazetteer: Gazetteer) -> dict[str, int]:
    """ORDINARY or NAMELIKE for the folded words that need no repair."""
    kinds = dict.fromkeys((p for p in gazetteer.patterns if " " not in p), NAMELIKE)
    for words in ("given_names", "calendar", "demonyms", "english"):
        kinds.update(dict.fromkeys(word_list(words), NAMELIKE if words == "given_names" else ORDINARY))
    for word, (times, small) in word_counts().items():
        if times >= _WELL_KNOWN:
            kinds.setdefault(word, ORDINARY if small * 2 > times else NAMELIKE)
    return kinds
