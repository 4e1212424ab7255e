"""What the names of a document mean: scopes, dates, given names, support, and when to abstain.

    mentions = Resolver(gazetteer).resolve(doc, folded, matches)

Pure: the same document, gazetteer and matches give the same mentions. A document is gone through
twice: `reading` looks at each place by itself, then `deciding` uses what the sure ones say of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from normalizer.dates import parse_date
from normalizer.folding import fold_name
from normalizer.gazetteer import Gazetteer
from normalizer.model import UNKNOWN, Document, Folded, Match, Mention, Repair
from normalizer.resolver.deciding import Decider
from normalizer.resolver.options import Place
from normalizer.resolver.page import Page
from normalizer.resolver.reading import Reading
from normalizer.resolver.tags import Tags
from normalizer.resolver.witness import Witness
from normalizer.spans import Span, Spans

__all__ = ["Resolver"]

Repairs = Callable[[Sequence[Span]], Iterable[Repair]]
"""Repairs of a text, given the spans that are decided, ascending."""


class Resolver:
    """Decides on matches; made once for a gazetteer and used for any number of documents."""

    def __init__(self, gazetteer: Gazetteer, min_score: float = 0.5) -> None:
        """`min_score`: a repair of a lower score stays unknown."""
        self.gazetteer, self.min_score = gazetteer, min_score
        self._given: dict[int, list[str]] = {}

    def resolve(
        self,
        doc: Document,
        folded: Folded,
        matches: Sequence[Match],
        tags: Tags | Iterable[tuple[int, int, str]] = (),
        repairs: Repairs | None = None,
    ) -> list[Mention]:
        """The mentions of a document, in order, without overlap.

        Args:
            doc: The document.
            folded: The folded copy of its text.
            matches: What the matcher found there.
            tags: What a tagger says of the text; its spans are kept as unknown where nothing of the gazetteer stands.
            repairs: Gives repairs for what is left of the text, told the spans that are decided.
        """
        tags = tags if isinstance(tags, Tags) else Tags(tags)
        page = Page(doc.text, folded)
        when = parse_date(doc.date) if doc.date else None
        reading = Reading(self.gazetteer, self.given, doc, page, when, matches)
        witness = Witness(self.gazetteer, tags, page)
        places = [witness.agreed(place) for match in matches if (place := reading.place(match))]
        chosen = _longest(places)
        sure = {place.sure for place in chosen if place.sure is not None}
        decider = Decider(self.gazetteer, doc.text, sure, self.min_score)
        mentions = [m for place in chosen if (m := decider.decide(place))]
        if repairs is not None:
            mentions = _with_repairs(mentions, repairs, reading, decider, witness)
        return witness.joined(mentions)

    def given(self, number: int) -> list[str]:
        """The folded given names of a person, kept."""
        known = self._given.get(number)
        if known is None:
            known = self._given[number] = fold_name(self.gazetteer.entity(number).given or "").split()
        return known


def _with_repairs(
    mentions: list[Mention], repairs: Repairs, reading: Reading, decider: Decider, witness: Witness
) -> list[Mention]:
    """The mentions and those that repairs add; what was decided stays, what was left open gives way."""
    decided = {(m.start, m.end): m for m in mentions if m.decision.kind != UNKNOWN}
    spans, repaired = Spans(decided), Spans()
    added: list[Mention] = []
    for repair in map(witness.weighed, repairs(sorted(decided))):
        place = reading.mended(repair)
        mention = decider.decide(place) if place else decider.unknown(repair)
        if mention is None:
            continue
        parts = spans.overlapping(mention.start, mention.end)
        # A longer name may stand where a part of it was decided; nothing else gives way.
        if parts and (mention.decision.kind == UNKNOWN or not all(_is_part(decided, p, mention) for p in parts)):
            continue
        for part in parts:
            del decided[part]
        spans.put(mention.start, mention.end)
        repaired.put(mention.start, mention.end)
        added.append(mention)
    open_ = [m for m in mentions if m.decision.kind == UNKNOWN and not repaired.overlapping(m.start, m.end)]
    return sorted([*decided.values(), *added, *open_], key=lambda m: m.start)


def _is_part(decided: Mapping[Span, Mention], span: Span, mention: Mention) -> bool:
    return span in decided and mention.start <= span[0] and span[1] <= mention.end


def _longest(places: list[Place]) -> list[Place]:
    """Places without overlap, longer before shorter, in order of the page."""
    taken: list[Place] = []
    spans = Spans()
    for place in sorted(places, key=lambda p: (p.start - p.end, p.somebody_else is not None, p.start)):
        if not spans.overlapping(place.start, place.end):
            spans.put(place.start, place.end)
            taken.append(place)
    return sorted(taken, key=lambda p: p.start)
