"""What a document says as a whole: its date, its origin, who signed it, which countries it names."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from functools import cache
from operator import itemgetter

from ahocorasick_rs import AhoCorasick

from normalizer.dates import Interval
from normalizer.gazetteer import Gazetteer
from normalizer.resolver.countries import HERE, countries, country_words
from normalizer.resolver.options import Place
from normalizer.resolver.page import Page
from normalizer.spans import Span, Spans

BESIDE, NEAR = 30, 160
"""Code points between a name and a country that stands beside or near it."""
_MOST_COUNTRIES = 3
"""A place in more countries says nothing of any."""
_NONE: frozenset[str] = frozenset()


class Setting:
    """The surroundings that all places of a document share."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        page: Page,
        when: Interval | None,
        places: Sequence[Place],
        *,
        origin: frozenset[str] = frozenset(),
        signers: Sequence[Span] = (),
    ) -> None:
        """`places`: those of the page; `origin`: countries of the post that wrote."""
        self.page, self.when, self.origin = page, when, origin - {HERE}
        self.signers = Spans(signers)
        self._is_signed = bool(signers)
        self._gazetteer, self._places = gazetteer, places
        self._named: tuple[list[int], list[frozenset[str]]] | None = None
        self._shares: dict[str, float] | None = None

    @property
    def _hits(self) -> tuple[list[int], list[frozenset[str]]]:
        """Where countries are named, and which; looked for once."""
        if self._named is None:
            hits = [*_named(self._gazetteer, self._places), *_peoples(self.page)]
            hits.sort(key=itemgetter(0))
            self._named = [at for at, _ in hits], [which for _, which in hits]
        return self._named

    @property
    def shares(self) -> dict[str, float]:
        """Of every country that is named, the share of all that are; counted once."""
        if self._shares is None:
            counts = Counter(c for which in self._hits[1] for c in which if c != HERE)
            counts.update(self.origin)
            whole = sum(counts.values())
            self._shares = {c: n / whole for c, n in counts.items()}
        return self._shares

    def signs(self, start: int, end: int) -> bool:
        """Whether a span is the signature."""
        return self._is_signed and bool(self.signers.overlapping(start, end))

    def countries_within(self, start: int, end: int, reach: int) -> Set[str]:
        """Countries named within so many code points on either side."""
        at, of = self._hits
        first, last = bisect_left(at, start - reach), bisect_left(at, end + reach)
        return _NONE if first >= last else of[first] if last - first == 1 else of[first].union(*of[first + 1 : last])


def _named(gazetteer: Gazetteer, places: Iterable[Place]) -> Iterable[tuple[int, frozenset[str]]]:
    """Countries of places that can be nothing else."""
    for place in places:
        if place.people or len(place.things) != 1:
            continue
        ent = gazetteer.entity(place.things[0].number)
        if ent.type == "place" and ent.country:
            which = countries(ent.country)
            if 0 < len(which) < _MOST_COUNTRIES:
                yield place.start, which


def _peoples(page: Page) -> Iterable[tuple[int, frozenset[str]]]:
    """Where a people, a government or what is theirs is named."""
    automaton, of = _peoples_words()
    hits = automaton.find_matches_as_indexes(page.folded.text, overlapping=True)
    spans = page.folded.offsets.all_backward([(first + 1, last - 1) for _, first, last in hits])
    for (word, _, _), (start, _) in zip(hits, spans, strict=True):
        if page.text[start].isupper():
            yield start, of[word]


@cache
def _peoples_words() -> tuple[AhoCorasick, list[frozenset[str]]]:
    words = country_words()
    return AhoCorasick([f" {word} " for word in words]), [frozenset((country,)) for country in words.values()]
