"""Deciding a place: linked, ambiguous or unknown, with evidence and candidates."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from operator import attrgetter

from normalizer.folding import fold_name
from normalizer.gazetteer import Entity, Form, Gazetteer
from normalizer.model import AMBIGUOUS, LINKED, UNKNOWN, Candidate, Decision, Evidence, Mention, Repair
from normalizer.resolver.countries import country_words
from normalizer.resolver.identity import Model
from normalizer.resolver.options import MISREADING, SCOPED_MISREADING, SOMEBODY_ELSE, WHOLE_NAME, Option, Place
from normalizer.resolver.wording import Wording, because
from normalizer.resolver.written import misread_name, true_name

MOST_CANDIDATES = 10
"""Candidates listed of a name that many share, the likeliest first."""
_SUREST = 0.999
"""No decision is told as surer; of 1,633 places held out that had 0.97 and more, 3 in a hundred were wrong."""
_TOLD_ALWAYS, _TOLD = 2, 0.005
"""Candidates that are listed however unlikely they are, and the probability that the others need."""
_HARDLY, _SPELT = 0.1, 0.8
"""Below the first, a family name that is an English word too is no mention. Otherwise a place that looks like a name
has one, whoever bears it: of 54 places of rendered cables that the model gave less than 0.6, 45 had."""
_SCORE = attrgetter("score")
_TOLD_APART = 3
"""Bearers that are told about where a name stays ambiguous."""


def narrow(place: Place, own: Collection[int]) -> bool:
    """Whether a place keeps any option, once those of a worse kind than others are left out.

    A misreading whose scope holds outranks a name, a name outranks a misreading without a scope; a thing's own name
    outranks other things' other names. What is weak counts only where the same entity is sure elsewhere.
    """
    options = place.options = place.things + place.people
    if place.somebody_else is not None:
        return True
    marks, weak = 0, False
    for option in options:
        marks |= option.marks
        weak = weak or option.weak
    if not weak and not marks & Form.MISREADING and len(options) == 1:
        place.is_open = bool(place.people)
        return True
    if weak:
        options = [o for o in options if not o.weak or o.number in own]
    if marks & Form.MISREADING:
        read = [o for o in options if o.marks & Form.MISREADING]
        scoped = [o for o in read if o.scoped]
        if scoped and not any(o.level for o in options if not o.marks & Form.MISREADING):
            options = scoped
        elif read and len(read) < len(options):
            options = [o for o in options if not o.marks & Form.MISREADING]
    things = [o for o in options if not o.marks & Form.PERSON] if place.things else []
    if len(things) > 1 and any(o.marks & Form.NAME for o in things):
        things = [o for o in things if o.marks & Form.NAME or o.marks & Form.MISREADING]
    place.things = _one_each(things)
    place.people = _one_each([o for o in options if o.marks & Form.PERSON] if things else options)
    options = place.options = place.things + place.people
    place.is_open = bool(place.people or len(options) > 1)
    if place.is_open and marks & Form.MISREADING:
        place.is_open = not any(o.marks & Form.MISREADING for o in options)
    return bool(options)


def _one_each(options: list[Option]) -> list[Option]:
    """One option an entity: the fuller name, and no plural where the singular is there."""
    if len(options) < 2:
        return options
    options = sorted(options, key=_fullest)
    if len({o.number for o in options}) == len(options):
        return options
    kept: dict[int, Option] = {}
    for option in options:
        kept.setdefault(option.number, option)
    return list(kept.values())


def _fullest(option: Option) -> tuple[int, int, int]:
    return (-option.level, option.marks & Form.PLURAL, option.form)


class Decider:
    """Turns judged places of one text into mentions."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        text: str,
        wording: Wording,
        model: Model,
        min_score: float,
        kept: dict[tuple[int, str], Decision],
        *,
        dated: bool,
    ) -> None:
        """`min_score`: a repair of a lower score stays unknown; `dated`: the date is known and not only read.

        `kept`: decisions on things by form and surface, which are the same on every page.
        """
        self.dated, self._kept = dated, kept
        self.gazetteer, self.text, self.wording, self.model = gazetteer, text, wording, model
        self.min_score, self._least = min_score, min(model.link, model.careful)

    def decide(self, place: Place) -> Mention | None:
        """The decision on a place, or None where too little speaks for any name."""
        repair = place.repair
        if repair is not None and (repair.score < self.min_score or place.somebody_else is not None):
            return self.unknown(repair)
        if place.somebody_else is not None:
            return self._somebody_else(place, place.somebody_else)
        if place.is_open:
            linked = self._linked(place, place.options)
            if not linked and not self._sure(place):
                return self.unknown(repair) if repair is not None else None
            if not linked and repair is None and self._hardly(place):
                return None
        else:
            self._share(place.options, mended=repair is not None)
            linked = len(place.options) == 1
            if linked and repair is None and place.things and not place.options[0].evidence:
                return self._thing(place, place.options[0])
        ranked = sorted(place.options, key=self._order) if len(place.options) > 1 else place.options
        return self._mention(place, ranked, linked=linked)

    def _thing(self, place: Place, option: Option) -> Mention:
        """The mention of a thing that its name alone tells."""
        surface = self.text[place.start : place.end]
        decision = self._kept.get((option.form, surface))
        if decision is None:
            decision = self._kept[option.form, surface] = self._mention(place, (option,), linked=True).decision
        return Mention(place.start, place.end, surface, self.gazetteer.entity(option.number).label, decision)

    def _linked(self, place: Place, options: Sequence[Option]) -> bool:
        first = max(options, key=_SCORE)
        if first.score < self._least:
            return False
        rivals = sum(map(_SCORE, options)) - first.score
        if first.barred or (place.calling.role == "" and sum(o.is_named_elsewhere for o in options) > 1):
            return False  # two full names in the document tell nothing apart
        when = self.wording.setting.when
        return self.model.tells(
            first.score, rivals, careful=self._careful(place), dated=when is not None or not first.marks & Form.PERSON
        )

    def _sure(self, place: Place) -> bool:
        """Whether the name is sure, whoever bears it."""
        if place.named or any(o.is_named_elsewhere for o in place.people):
            return True
        if place.seen and all(o.barred for o in place.options):
            return True  # a person of the past, of whom the page speaks
        return 1 - place.nobody >= (self.model.careful if self._careful(place) else self.model.name)

    def _hardly(self, place: Place) -> bool:
        """Whether a family name is an English word rather: no bearer is likely, and nothing makes it a name."""
        if 1 - place.nobody >= _HARDLY or place.calling.text or any(o.is_named_elsewhere for o in place.people):
            return False
        word = self.text[place.start : place.end]
        common = word.lower() in country_words() or all(o.marks & Form.COMMON for o in place.people)
        return common and "." not in word

    def _careful(self, place: Place) -> bool:
        return not place.named and (place.repair is not None or not self.dated)

    def unknown(self, repair: Repair) -> Mention:
        """A repair that is not sure enough, with who it may be."""
        entity = self.gazetteer.form_entity
        numbers = dict.fromkeys(entity[f] for f in repair.forms)
        candidates = self._by_prominence(numbers, repair.score)
        decision = Decision(UNKNOWN, None, None, "repair", repair.score, repair.evidence, candidates)
        return Mention(repair.start, repair.end, self.text[repair.start : repair.end], repair.label, decision)

    def _somebody_else(self, place: Place, why: Evidence) -> Mention:
        candidates = self._by_prominence((o.number for o in place.options), 1 - SOMEBODY_ELSE)
        decision = Decision(UNKNOWN, None, None, "exact", SOMEBODY_ELSE, (why,), candidates)
        return Mention(place.start, place.end, self.text[place.start : place.end], "PERSON", decision)

    def _share(self, options: Sequence[Option], *, mended: bool) -> None:
        """Scores of options that no model weighs: of one thing, or of attested misreadings; a repair has its own."""
        read = SCOPED_MISREADING if options[0].scoped else MISREADING
        whole = 1.0 if mended else read if options[0].marks & Form.MISREADING else WHOLE_NAME
        for option in options:
            option.score = whole / len(options)

    def _mention(self, place: Place, ranked: Sequence[Option], *, linked: bool) -> Mention:
        surface, repair = self.text[place.start : place.end], place.repair
        first = ranked[0]
        ent = self.gazetteer.entity(first.number)
        name = self.gazetteer.form_text(first.form)
        sure = repair.score if repair is not None else 1.0
        reading: str | None
        if repair is not None:
            method = "repair"
            head, tail = self.text[place.start : repair.start], self.text[repair.end : place.end]
            reading = head + repair.reading + tail
        elif first.marks & Form.MISREADING:
            method, reading = "misreading", self._mended(place, first, ent)
        else:
            told = linked and len(ranked) > 1
            method = "context" if told else "alias" if first.marks & Form.ALIAS else "exact"
            reading = true_name(surface, name, first.marks, ent)
        why = repair.evidence if repair is not None else (because(first, ent, surface, name, self.gazetteer),)
        candidates = tuple(
            Candidate(e.id, e.name, min(_SUREST, round(sure * o.score, 4)))
            for at, o in enumerate(ranked[:MOST_CANDIDATES])
            if at < _TOLD_ALWAYS or o.score >= _TOLD
            for e in (self.gazetteer.entity(o.number),)
        )
        if linked:
            evidence = (*why, *first.evidence, *self.wording.of(first, place))
            score = candidates[0].score
            decision = Decision(LINKED, ent.id, ent.name, method, score, evidence, candidates, reading)
            return Mention(place.start, place.end, surface, ent.label, decision)
        words = f"{len(ranked)} entries bear this name and nothing here tells them apart for sure"
        if all(o.barred for o in ranked):
            words = "nobody who bears this name is known to have lived and been in affairs at the date"
        elif len(ranked) == 1:
            words = "one entry bears this name, and nothing here says that he is meant and no other bearer of it"
        evidence = (*why, Evidence("shared", words), self.wording.deciding(ranked[:_TOLD_APART]))
        total = min(1.0, sum(o.score for o in ranked))
        score = round(sure * (max(total, _SPELT) if place.named else total), 4)
        shared = ent.family or ent.name if first.marks & Form.MISREADING else name
        decision = Decision(AMBIGUOUS, None, shared, method, score, evidence, candidates, reading)
        return Mention(place.start, place.end, surface, ent.label, decision)

    def _order(self, option: Option) -> tuple[float, int, int]:
        # Entities are numbered by type and id.
        return (-round(option.score, 6), -self.gazetteer.prominence[option.number], option.number)

    def _mended(self, place: Place, option: Option, ent: Entity) -> str:
        """A misreading written right, with the given names on the page left as they stand."""
        surface = self.text[place.start : place.end]
        text = ent.misreadings[self.gazetteer.form_detail[option.form]].text
        tail = len(fold_name(text).split())
        words = list(re.finditer(r"[^\W_]+", surface))
        cut = words[-tail].start() if ent.type == "person" and len(words) > tail else 0
        return surface[:cut] + misread_name(ent, surface[cut:], text)

    def _by_prominence(self, numbers: object, total: float) -> tuple[Candidate, ...]:
        """Entities, the most prominent first, sharing a probability by prominence."""
        weights = {n: 1 + self.gazetteer.entity(n).prominence for n in numbers}  # type: ignore[attr-defined]
        whole = sum(weights.values())
        ranked = sorted(weights, key=lambda n: (-weights[n], self.gazetteer.entity(n).id))
        rows = ((self.gazetteer.entity(n), round(total * weights[n] / whole, 4)) for n in ranked[:MOST_CANDIDATES])
        return tuple(Candidate(ent.id, ent.name, score) for ent, score in rows)
