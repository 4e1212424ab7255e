"""What the names of a document mean: scopes, dates, given names, support, and when to abstain.

    mentions = Resolver(gazetteer).resolve(doc, folded, matches)

Pure: the same document, gazetteer and matches give the same mentions. A document is gone through
twice: `reading` looks at each place by itself, then `deciding` uses what the sure ones say of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from normalizer.dates import Interval
from normalizer.folding import fold_name
from normalizer.gazetteer import Gazetteer
from normalizer.headers import Header
from normalizer.model import UNKNOWN, Decision, Document, Folded, Match, Mention, Repair
from normalizer.resolver.bearers import Bearer, bearer
from normalizer.resolver.case import Case
from normalizer.resolver.identity import Model, shipped_model
from normalizer.resolver.options import Place
from normalizer.resolver.people import agreeing
from normalizer.resolver.posts import Posts
from normalizer.resolver.tags import Tags
from normalizer.spans import Span, Spans

__all__ = ["Resolver"]

_KEPT = 16384
"""Given names before a family name that are remembered with who bears them; decisions that are kept."""
Repairs = Callable[[Sequence[Span]], Iterable[Repair]]
"""Repairs of a text, given the spans that are decided, ascending."""


class Resolver:
    """Decides on matches; made once for a gazetteer and used for any number of documents."""

    def __init__(self, gazetteer: Gazetteer, min_score: float = 0.5, model: Model | None = None) -> None:
        """`min_score`: a repair of a lower score stays unknown; `model`: None for the shipped one."""
        self.gazetteer, self.min_score = gazetteer, min_score
        self._model = model or shipped_model()
        self._given: dict[int, list[str]] = {}
        self._bearers: dict[int, Bearer] = {}
        self._posts = Posts(gazetteer)
        self._years_of: dict[int, Interval | None] = {}
        self._kept: dict[tuple[int, str], Decision] = {}
        self._givens = lru_cache(_KEPT)(self._givens_now)
        self._agreeing = lru_cache(_KEPT)(self._agreeing_now)

    def resolve(
        self,
        doc: Document,
        folded: Folded,
        matches: Sequence[Match],
        tags: Tags | Iterable[tuple[int, int, str]] = (),
        repairs: Repairs | None = None,
        header: Header | None = None,
    ) -> list[Mention]:
        """The mentions of a document, in order, without overlap.

        Args:
            doc: The document.
            folded: The folded copy of its text.
            matches: What the matcher found there.
            tags: What a tagger says of the text; its spans are kept as unknown where nothing of the gazetteer stands.
            repairs: Gives repairs for what is left of the text, told the spans that are decided.
            header: What the document's head and tail say: its date where it has none, its origin, who signed.
        """
        tags = tags if isinstance(tags, Tags) else Tags(tags)
        case = self.open(doc, folded, matches, header, tags)
        case.settle()
        mentions = case.decide(case.places)
        if repairs is not None:
            firm = [m for m in mentions if m.decision.kind != UNKNOWN and not case.doubts(m)]
            spans = [(m.start, m.end) for m in firm]
            mended = [(r, case.mend(r)) for r in map(case.tagger.weighed, repairs(spans))]
            # What stands whole informs what was mended, and not the other way round.
            case.hear(p for _, p in mended if p is not None)
            case.settle()
            decider = case.decider
            found = [m for r, p in mended if (m := decider.decide(p) if p is not None else decider.unknown(r))]
            mentions = _with_repairs(mentions, firm, found)
        return case.tagger.joined(mentions)

    def open(
        self,
        doc: Document,
        folded: Folded,
        matches: Sequence[Match],
        header: Header | None = None,
        tags: Tags | None = None,
        hidden: Callable[[Place], bool] | None = None,
    ) -> Case:
        """A document with its places, judged; without those that are `hidden`."""
        if len(self._kept) > _KEPT:
            self._kept.clear()
        header = header or Header()
        place = header.origin.place if header.origin else None
        origin = self._posts.countries(place.text) if place else frozenset()
        return Case(
            self.gazetteer,
            self._agreeing,
            self.bearer,
            self._years,
            self._model,
            doc,
            folded,
            matches,
            header,
            origin,
            tags or Tags(),
            self.min_score,
            self._kept,
            hidden,
        )

    def given(self, number: int) -> list[str]:
        """The folded given names of a person, kept."""
        known = self._given.get(number)
        if known is None:
            known = self._given[number] = fold_name(self.gazetteer.entity(number).given or "").split()
        return known

    def _agreeing_now(self, words: tuple[str, ...], numbers: tuple[int, ...]) -> dict[int, int]:
        return agreeing(words, self._givens(numbers))

    def _givens_now(self, numbers: tuple[int, ...]) -> dict[int, list[str]]:
        return {number: self.given(number) for number in numbers}

    def _years(self, number: int) -> Interval | None:
        if number not in self._years_of:
            ent = self.gazetteer.entity(number)
            self._years_of[number] = ent.years() if ent.active else None
        return self._years_of[number]

    def bearer(self, number: int) -> Bearer:
        """What the gazetteer knows of a person, kept."""
        known = self._bearers.get(number)
        if known is None:
            known = self._bearers[number] = bearer(number, self.gazetteer.entity(number))
        return known


def _with_repairs(mentions: list[Mention], firm: list[Mention], repaired: list[Mention]) -> list[Mention]:
    """The mentions and those that repairs add; those that are firm stay, the others give way."""
    decided = {(m.start, m.end): m for m in firm}
    spans, taken = Spans(decided), Spans()
    added: list[Mention] = []
    for mention in repaired:
        parts = spans.overlapping(mention.start, mention.end)
        # A longer name may stand where a part of it was decided; nothing else gives way.
        if parts and (mention.decision.kind == UNKNOWN or not all(_is_part(decided, p, mention) for p in parts)):
            continue
        for part in parts:
            del decided[part]
        spans.put(mention.start, mention.end)
        taken.put(mention.start, mention.end)
        added.append(mention)
    kept = {(m.start, m.end) for m in firm}
    open_ = [m for m in mentions if (m.start, m.end) not in kept and not taken.overlapping(m.start, m.end)]
    return sorted([*decided.values(), *added, *open_], key=lambda m: m.start)


def _is_part(decided: Mapping[Span, Mention], span: Span, mention: Mention) -> bool:
    return span in decided and mention.start <= span[0] and span[1] <= mention.end
