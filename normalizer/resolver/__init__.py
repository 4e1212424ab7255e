"""What the names of a document mean: scopes, dates, given names, support, and when to abstain.

    mentions = Resolver(gazetteer).resolve(doc, folded, matches)

Pure: the same document, gazetteer and matches give the same mentions. A document is gone through
twice: `reading` looks at each place by itself, then `deciding` uses what the sure ones say of the others.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from normalizer.dates import parse_date
from normalizer.folding import fold_name
from normalizer.gazetteer import Gazetteer
from normalizer.model import UNKNOWN, Decision, Document, Evidence, Folded, Match, Mention
from normalizer.resolver.deciding import Decider
from normalizer.resolver.options import TAGGED, Place
from normalizer.resolver.page import Page
from normalizer.resolver.reading import Reading

__all__ = ["Resolver"]


class Resolver:
    """Decides on matches; made once for a gazetteer and used for any number of documents."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._given: dict[int, list[str]] = {}

    def resolve(
        self, doc: Document, folded: Folded, matches: Sequence[Match], tagged: Iterable[tuple[int, int, str]] = ()
    ) -> list[Mention]:
        """The mentions of a document, in order, without overlap.

        Args:
            doc: The document.
            folded: The folded copy of its text.
            matches: What the matcher found there.
            tagged: (start, end, label) of mentions that a tagger found; kept as unknown where
                nothing of the gazetteer stands.
        """
        page = Page(doc.text, folded)
        when = parse_date(doc.date) if doc.date else None
        reading = Reading(self.gazetteer, self.given, doc, page, when, matches)
        places = [place for match in matches if (place := reading.place(match))]
        chosen = _longest(places)
        sure = {place.sure for place in chosen if place.sure is not None}
        decider = Decider(self.gazetteer, doc.text, sure)
        mentions = [m for place in chosen if (m := decider.decide(place))]
        return _with_tagged(mentions, tagged, doc.text)

    def given(self, number: int) -> list[str]:
        """The folded given names of a person, kept."""
        known = self._given.get(number)
        if known is None:
            known = self._given[number] = fold_name(self.gazetteer.entity(number).given or "").split()
        return known


def _longest(places: list[Place]) -> list[Place]:
    """Places without overlap, longer before shorter, in order of the page."""
    taken: list[Place] = []
    at: list[tuple[int, int]] = []
    for place in sorted(places, key=lambda p: (p.start - p.end, p.somebody_else is not None, p.start)):
        k = bisect_left(at, (place.start, place.end))
        if (k < len(at) and at[k][0] < place.end) or (k > 0 and at[k - 1][1] > place.start):
            continue
        at.insert(k, (place.start, place.end))
        taken.append(place)
    return sorted(taken, key=lambda p: p.start)


def _with_tagged(mentions: list[Mention], tagged: Iterable[tuple[int, int, str]], text: str) -> list[Mention]:
    """The mentions and those that a tagger adds where none of them stands."""
    found = list(mentions)
    for start, end, label in tagged:
        if start < end and not any(m.start < end and start < m.end for m in found):
            evidence = (Evidence("tagger", "tagged, and no name of the gazetteer"),)
            found.append(
                Mention(start, end, text[start:end], label, Decision(UNKNOWN, None, None, "tagger", TAGGED, evidence))
            )
    return sorted(found, key=lambda m: m.start)
