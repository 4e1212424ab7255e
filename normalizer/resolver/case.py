"""One document before the resolver: its places, judged together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from operator import attrgetter

from normalizer.dates import Interval, parse_date
from normalizer.folding import fold_name
from normalizer.gazetteer import Gazetteer
from normalizer.headers import Header
from normalizer.model import Decision, Document, Folded, Match, Mention, Repair
from normalizer.resolver.bearers import Bearer
from normalizer.resolver.deciding import Decider, narrow
from normalizer.resolver.evidence import Witness
from normalizer.resolver.identity import Model
from normalizer.resolver.joint import SURE, Jury
from normalizer.resolver.options import FULL, Place
from normalizer.resolver.page import Page
from normalizer.resolver.reading import Reading
from normalizer.resolver.setting import Setting
from normalizer.resolver.tags import Tags
from normalizer.resolver.witness import TaggerWitness
from normalizer.resolver.wording import Wording
from normalizer.spans import Spans

_IN_LABELS = frozenset({"organization"})
_IN_SLOTS = _IN_LABELS | {"place"}
_START = attrgetter("start")
_WHOLE_LINE = 30
"""Code points of a label beyond which it is no label but a line."""


class Case:
    """The places of a document and what decides them; made anew for every document, so nothing passes on to others.

    Attributes:
        places: Those of the matches, without overlap, in order of the page.
        setting: What the document says as a whole.
        decider: Turns judged places into mentions.
        tagger: What a tagger says, heard on places, repairs and mentions.
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        agreeing: Callable[[tuple[str, ...], tuple[int, ...]], dict[int, int]],
        bearer: Callable[[int], Bearer],
        years: Callable[[int], Interval | None],
        model: Model,
        doc: Document,
        folded: Folded,
        matches: Sequence[Match],
        header: Header,
        origin: frozenset[str],
        tags: Tags,
        min_score: float,
        kept: dict[tuple[int, str], Decision],
        hidden: Callable[[Place], bool] | None = None,
    ) -> None:
        """Look at the document's places.

        `origin`: countries of the post that wrote; `tags`: what a tagger says; `kept`: decisions that hold on every
        page; `hidden`: places that learning leaves out, as they tell all.
        """
        page = Page(doc.text, folded)
        self.tagger = TaggerWitness(gazetteer, tags, page)
        told = doc.date is not None
        if doc.date is None and header.date is not None:
            doc = replace(doc, date=header.date.iso)
        when = parse_date(doc.date) if doc.date else None
        self._labels = Spans(header.labels)
        self._last_label = max((end for _, end in header.labels), default=0)
        self.reading = Reading(gazetteer, agreeing, bearer, years, doc, page, when, matches, told=told)
        look = self.reading.place
        places = [place for match in matches if (place := look(match)) is not None and self._names(place)]
        places = _longest([self.tagger.agreed(place) for place in places] if tags.speaks else places)
        if hidden is not None:
            places = [p for p in places if not hidden(p)]
        own = {p.things[0].number for p in places if len(p.things) == 1 and not p.people and not p.things[0].weak}
        self._own = own
        whole = [p for p in places if p.is_full]
        own.update(o.number for p in whole for o in p.people if o.level >= FULL)
        self.places = [p for p in places if narrow(p, own)]
        self._doubtful = {(p.start, p.end) for p in self.places if any(o.doubtful for o in p.things)}
        own.difference_update(o.number for p in whole for o in p.people)
        others = {fold_name(doc.text[p.start : p.end]).split()[-1] for p in places if p.somebody_else is not None}
        signers = [part.span for part in header.signers if part.span is not None]
        self.setting = Setting(gazetteer, page, when, self.places, origin=origin, signers=signers)
        self._jury = Jury(Witness(gazetteer, bearer, self.setting, model, own, others), model, bearer)
        full: list[Place] = []
        rest: list[Place] = []
        for place in self.places:
            if place.is_open:
                (full if place.is_full else rest).append(place)
        self._jury.hear(full)
        # A full name that is sure decides the family names before and after it.
        own.update(o.number for p in full for o in p.people if o.score >= SURE)
        self._jury.hear(rest)
        wording = Wording(self.setting, bearer, gazetteer, self._jury.elsewhere)
        self.decider = Decider(gazetteer, doc.text, wording, model, min_score, kept, dated=told)

    def mend(self, repair: Repair) -> Place | None:
        """The place of a repair, or None where the page leaves nothing of it."""
        place = self.reading.mended(repair)
        return place if place is not None and self._names(place) and narrow(place, self._own) else None

    def _names(self, place: Place) -> bool:
        """Whether a place keeps any option, once form labels and routing slots are taken for no names."""
        if place.start < self._last_label and (labels := self._labels.overlapping(place.start, place.end)):
            entity = self.reading.gazetteer.entity
            # A whole line of slots may hold places, where the scan left it too damaged to be told apart.
            kept = _IN_SLOTS if all(b - a > _WHOLE_LINE for a, b in labels) else _IN_LABELS
            place.people, place.somebody_else = [], None
            place.things = [o for o in place.things if entity(o.number).type in kept]
        return bool(place.people or place.things)

    def doubts(self, mention: Mention) -> bool:
        """Whether a repair may stand in the place of a mention."""
        return (mention.start, mention.end) in self._doubtful or self.tagger.gainsays(mention)

    def hear(self, places: Iterable[Place]) -> None:
        """Look at further places, each by itself."""
        self._jury.hear(p for p in places if p.is_open)

    def settle(self) -> None:
        """Let the places that were heard last be informed by all."""
        self._jury.settle()

    def decide(self, places: Iterable[Place]) -> list[Mention]:
        """The decisions on places that say anything."""
        return [m for p in places if (m := self.decider.decide(p))]


def _longest(places: list[Place]) -> list[Place]:
    """Places without overlap, longer before shorter, in order of the page."""
    places = sorted(places, key=_START)
    taken: list[Place] = []
    first, end = 0, 0
    for number, place in enumerate(places):
        if place.start >= end and number:
            taken += _apart(places[first:number])
            first = number
        end = max(end, place.end)
    return taken + _apart(places[first:])


def _apart(places: list[Place]) -> list[Place]:
    """Of places in a row, each of which may overlap the next, those that are left."""
    if len(places) < 2:
        return places
    taken: list[Place] = []
    spans = Spans()
    for place in sorted(places, key=lambda p: (p.start - p.end, p.somebody_else is not None, p.start)):
        if not spans.overlapping(place.start, place.end):
            spans.put(place.start, place.end)
            taken.append(place)
    return sorted(taken, key=_START)
