"""Deciding a place: linked, ambiguous or unknown, with evidence and candidates."""

from __future__ import annotations

import re
from dataclasses import replace

from normalizer.folding import fold_name
from normalizer.gazetteer import Entity, Form, Gazetteer
from normalizer.model import AMBIGUOUS, LINKED, UNKNOWN, Candidate, Decision, Evidence, Mention, Repair
from normalizer.resolver.options import (
    CAPITAL,
    FAMILY_ALONE,
    FULL_NAME_ELSEWHERE,
    MISREADING,
    PROMINENT_GIVEN,
    SCOPED_MISREADING,
    SHARED_NAME,
    SOMEBODY_ELSE,
    Option,
    Place,
)
from normalizer.resolver.written import misread_name, true_name

MOST_CANDIDATES = 10
"""Candidates listed of a name that many share, the most prominent first."""


class Decider:
    """Turns places of one text into mentions."""

    def __init__(self, gazetteer: Gazetteer, text: str, sure: set[int], min_score: float) -> None:
        """`sure`: numbers of the entities whose own name stands somewhere in the document."""
        self.gazetteer, self.text, self.sure, self.min_score = gazetteer, text, sure, min_score

    def decide(self, place: Place) -> Mention | None:
        """The decision on a place, or None where too little speaks for any name."""
        surface = self.text[place.start : place.end]
        options = place.options
        if place.repair is not None and (place.repair.score < self.min_score or place.somebody_else is not None):
            return self.unknown(place.repair)
        if place.somebody_else is not None:
            decision = Decision(
                UNKNOWN,
                None,
                None,
                "exact",
                SOMEBODY_ELSE,
                (place.somebody_else,),
                self._candidates(options, 1 - SOMEBODY_ELSE),
            )
            return Mention(place.start, place.end, surface, "PERSON", decision)
        options = self._best([o for o in options if self._counts(o)])
        if not options:
            return self.unknown(place.repair) if place.repair is not None else None
        numbers = {o.number for o in options}
        if len(numbers) > 1 and (told := numbers & self.sure) and len(told) < len(numbers):
            options = [o for o in options if o.number in told]
            numbers = told
            words = Evidence("document", "a name of its own stands elsewhere in the document")
            options = [replace(o, evidence=(*o.evidence, words), score=FULL_NAME_ELSEWHERE) for o in options]
            told_apart = True
        elif len(numbers) > 1 and (seat := self._seat(options)) is not None:
            words = Evidence("prominence", "a country or capital is meant where nothing speaks for its namesakes")
            options = [replace(seat, evidence=(*seat.evidence, words), score=CAPITAL)]
            numbers = {seat.number}
            told_apart = True
        else:
            told_apart = False
        first = options[0]
        ent = self.gazetteer.entity(first.number)
        name = self.gazetteer.form_text(first.form)
        reading: str | None
        if place.repair is not None:
            method, score = "repair", min(place.repair.score, first.score)
            head, tail = self.text[place.start : place.repair.start], self.text[place.repair.end : place.end]
            reading = head + place.repair.reading + tail
        elif first.marks & Form.MISREADING:
            method, reading = "misreading", self._mended(place, first, ent)
            score = SCOPED_MISREADING if first.scoped else MISREADING
        else:
            method = "context" if told_apart else "alias" if first.marks & Form.ALIAS else "exact"
            reading, score = true_name(surface, name, first.marks), first.score
        because = place.repair.evidence if place.repair is not None else (self._because(first, ent, surface, name),)
        if len(numbers) == 1:
            candidates: tuple[Candidate, ...] = (Candidate(ent.id, ent.name, score),)
            evidence = (*because, *first.evidence)
            decision = Decision(LINKED, ent.id, ent.name, method, score, evidence, candidates, reading)
        else:
            words = Evidence("shared", f"{len(numbers)} entries bear this name and nothing here tells them apart")
            shared = ent.family or ent.name if first.marks & Form.MISREADING else name
            score = min(score, SHARED_NAME)
            candidates = self._candidates(options, score)
            decision = Decision(AMBIGUOUS, None, shared, method, score, (*because, words), candidates, reading)
        return Mention(place.start, place.end, surface, ent.label, decision)

    def unknown(self, repair: Repair) -> Mention:
        """A repair that is not sure enough, with who it may be."""
        entity = self.gazetteer.form_entity
        options = [Option(entity[f], self.gazetteer.form_flags[f], f, False) for f in repair.forms]
        candidates = self._candidates(options, repair.score)
        decision = Decision(UNKNOWN, None, None, "repair", repair.score, repair.evidence, candidates)
        return Mention(repair.start, repair.end, self.text[repair.start : repair.end], repair.label, decision)

    def _seat(self, options: list[Option]) -> Option | None:
        """The one country or capital among places of a name, or None."""
        kinds = {o.number: self.gazetteer.entity(o.number).kind for o in options if not o.marks & Form.PERSON}
        seats = [o for o in options if kinds.get(o.number) in ("country", "capital")]
        return (
            seats[0] if len({o.number for o in seats}) == 1 and len(kinds) == len({o.number for o in options}) else None
        )

    def _counts(self, option: Option) -> bool:
        """Whether enough speaks for an option, here or elsewhere in the document."""
        if option.number in self.sure:
            return True
        return not option.weak and (option.supported or not option.marks & Form.COMMON)

    def _because(self, option: Option, ent: Entity, surface: str, name: str) -> Evidence:
        """The name itself as evidence."""
        if option.marks & Form.MISREADING:
            told = ent.misreadings[self.gazetteer.form_detail[option.form]].evidence
            how = f": {told}" if told else ", without a source"
            return Evidence("misreading", f"{name!r} is an attested misreading of {ent.name}{how}")
        kind = "family name" if option.marks & Form.FAMILY else "alias" if option.marks & Form.ALIAS else "name"
        return Evidence("name", f"{surface!r} is the {kind} {name}")

    def _best(self, options: list[Option]) -> list[Option]:
        """The options of the best kind, one an entity.

        A misreading whose scope holds outranks a family name alone, a thing's own name outranks its other
        names, and these a person's family name, unless it is a prominent person's (Molotov is Perm's old name too).
        """
        if len(options) < 2:
            return options
        people = [self.gazetteer.entity(o.number) for o in options if o.marks & Form.PERSON]
        prominent = any(ent.prominence >= PROMINENT_GIVEN for ent in people)
        ranks = [_rank(o, prominent=prominent) for o in options]
        best = min(ranks)
        kept: dict[int, Option] = {}
        for option in sorted((o for o, r in zip(options, ranks, strict=True) if r == best), key=self._order):
            kept.setdefault(option.number, option)
        return list(kept.values())

    def _order(self, option: Option) -> tuple[int, int, str, int]:
        ent = self.gazetteer.entity(option.number)
        return (option.marks & Form.PLURAL, -ent.prominence, ent.id, option.form)

    def _mended(self, place: Place, option: Option, ent: Entity) -> str:
        """A misreading written right, with the given names on the page left as they stand."""
        surface = self.text[place.start : place.end]
        text = ent.misreadings[self.gazetteer.form_detail[option.form]].text
        tail = len(fold_name(text).split())
        words = list(re.finditer(r"[^\W_]+", surface))
        cut = words[-tail].start() if ent.type == "person" and len(words) > tail else 0
        return surface[:cut] + misread_name(ent, surface[cut:], text)

    def _candidates(self, options: list[Option], total: float) -> tuple[Candidate, ...]:
        """The entities of options, the most prominent first, sharing a probability by prominence."""
        weights = {o.number: 1 + self.gazetteer.entity(o.number).prominence for o in options}
        whole = sum(weights.values())
        ranked = sorted(weights, key=lambda n: (-weights[n], self.gazetteer.entity(n).id))
        rows = ((self.gazetteer.entity(n), round(total * weights[n] / whole, 4)) for n in ranked[:MOST_CANDIDATES])
        return tuple(Candidate(ent.id, ent.name, score) for ent, score in rows)


def _rank(option: Option, *, prominent: bool) -> int:
    """The kind of an option; lower is better. `prominent`: one of the people of this family name is."""
    if option.marks & Form.MISREADING:
        return 1 if option.scoped else 6
    if option.marks & Form.PERSON:
        if option.score > FAMILY_ALONE:
            return 0
        return 2 if option.titled else 3 if prominent else 5
    return 2 if option.marks & Form.NAME else 4
