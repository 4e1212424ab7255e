"""What the names of a document mean: scopes, dates, given names, support, and when to abstain.

    mentions = Resolver(gazetteer).resolve(doc, folded, matches)

Pure: the same document, gazetteer and matches give the same mentions. The mentions of a document
are read twice: first each place by itself, then again with what the sure ones say of the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from normalizer.dates import Interval, parse_date
from normalizer.folding import APOSTROPHES, fold_name
from normalizer.gazetteer import Entity, Form, Gazetteer, Scope
from normalizer.model import (
    AMBIGUOUS,
    LINKED,
    UNKNOWN,
    Candidate,
    Decision,
    Document,
    Evidence,
    Folded,
    Match,
    Mention,
)
from normalizer.resolver.page import Page
from normalizer.resolver.people import FULL, agreeing, given_after, given_before, is_given_name, somebody_else
from normalizer.resolver.scopes import holds
from normalizer.resolver.support import aviation_near, capital_in_lower_case, labelled, title_before, weak_code
from normalizer.resolver.written import misread_name, true_name
from normalizer.words import word_list

# Probabilities that a decision is right, set by hand from reading; a calibrated model replaces them
# when there is one.
FULL_NAME, WHOLE_NAME, GIVEN_AGREES, INITIALS_AGREE = 0.99, 0.97, 0.98, 0.95
FAMILY_ALONE, FULL_NAME_ELSEWHERE, SCOPED_MISREADING, MISREADING = 0.92, 0.95, 0.95, 0.88
SHARED_NAME, SOMEBODY_ELSE, TAGGED = 0.9, 0.9, 0.5

MOST_CANDIDATES = 10
"""Candidates listed of a name that many share, the most prominent first."""

_DESIGNATED_PLURAL = re.compile(rf"[{APOSTROPHES}][sS](?![^\W_])")
_NO_PLURAL = frozenset({"person", "place", "organization"})


@dataclass(slots=True)
class _Option:
    """An entity that a place may mean, on account of one form."""

    number: int
    marks: int
    form: int
    score: float
    evidence: tuple[Evidence, ...]
    strong: bool = False
    scoped: bool = False
    supported: bool = False


@dataclass(slots=True)
class _Place:
    """A span with the options that survived looking at the page around it."""

    start: int
    end: int
    options: list[_Option]
    else_: Evidence | None = None
    sure: set[int] = field(default_factory=set)


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
        reading = _Reading(self, doc, page, when, matches)
        places = [place for match in matches if (place := reading.place(match))]
        chosen = _longest(places)
        sure = {number for place in chosen for number in place.sure}
        mentions = [m for place in chosen if (m := reading.decide(place, sure))]
        return _with_tagged(mentions, tagged, doc.text)

    def given(self, number: int) -> list[str]:
        """The folded given names of a person, kept."""
        known = self._given.get(number)
        if known is None:
            known = self._given[number] = fold_name(self.gazetteer.entity(number).given or "").split()
        return known


class _Reading:
    """One document being resolved."""

    def __init__(
        self, resolver: Resolver, doc: Document, page: Page, when: Interval | None, matches: Sequence[Match]
    ) -> None:
        self.resolver, self.gazetteer = resolver, resolver.gazetteer
        self.doc, self.page, self.when, self.matches = doc, page, when, matches

    def place(self, match: Match) -> _Place | None:
        """A match with what the page around it leaves of its options, or None where that is nothing."""
        gazetteer = self.gazetteer
        options: list[_Option] = []
        people: list[_Option] = []
        for form in match.forms:
            marks, number = gazetteer.form_flags[form], gazetteer.form_entity[form]
            ent = gazetteer.entity(number)
            evidence = self._scope(ent, form, marks, match)
            if evidence is None:
                continue
            option = _Option(number, marks, form, 0.0, evidence, scoped=bool(evidence))
            if ent.type == "person":
                people.append(option)
            elif self._stands(ent, option, match):
                options.append(option)
        start, end, else_ = match.start, match.end, None
        if people:
            start, end, people, else_ = self._people(match, people)
        if else_ is None:
            options += people
        elif not options:
            options = people
        else:
            else_ = None
        if not options:
            return None
        if start == match.start and end == match.end:
            end = self._plural(options, end)
        else:
            options = [o for o in options if o in people]
        place = _Place(start, end, options, else_)
        if else_ is None:
            strong = {o.number for o in options if o.strong}
            place.sure = strong if len(strong) == 1 else set()
        return place

    def _scope(self, ent: Entity, form: int, marks: int, match: Match) -> tuple[Evidence, ...] | None:
        detail = self.gazetteer.form_detail[form]
        scope: Scope | None = None
        if marks & Form.ALIAS:
            scope = ent.aliases[detail].when
        elif marks & Form.MISREADING:
            scope = ent.misreadings[detail].when
        if scope is None:
            return ()
        return holds(scope, self.doc, self.when, self.page, match.start, match.end, self._standing)

    def _standing(self, entity_id: str) -> list[tuple[int, int]]:
        """Where true names of an entity stand, in the folded copy."""
        numbers = set(self.gazetteer.numbers(entity_id))
        forward = self.page.folded.offsets.forward
        entity, flags = self.gazetteer.form_entity, self.gazetteer.form_flags
        return [
            forward(m.start, m.end)
            for m in self.matches
            if any(entity[f] in numbers and not flags[f] & Form.MISREADING for f in m.forms)
        ]

    def _stands(self, ent: Entity, option: _Option, match: Match) -> bool:
        """Whether a name of a thing or place stands at a match; fills in score and evidence."""
        page, start, end, marks = self.page, match.start, match.end, option.marks
        if ent.active and self.when and not self.when.overlaps(ent.years()):
            return False
        surface = page.text[start:end]
        if marks & Form.DESIGNATOR:
            if labelled(page, start):
                return False
            if weak_code(surface):
                near = aviation_near(page, start, end)
                if near is None:
                    return False
                option.evidence += (near,)
        if marks & Form.COMMON and not self._supported(option, start, end):
            return False
        option.strong = not marks & Form.COMMON
        self._score(ent, option, surface, WHOLE_NAME)
        return True

    def _score(self, ent: Entity, option: _Option, surface: str, score: float) -> None:
        detail = self.gazetteer.form_detail[option.form]
        if option.marks & Form.MISREADING:
            option.score = SCOPED_MISREADING if option.scoped else MISREADING
            misreading = ent.misreadings[detail]
            how = f": {misreading.evidence}" if misreading.evidence else ", without a source"
            words = f"{misreading.text!r} is an attested misreading of {ent.name}{how}"
            option.evidence = (Evidence("misreading", words), *option.evidence)
            return
        option.score = score
        name = self.gazetteer.form_text(option.form)
        kind = "family name" if option.marks & Form.FAMILY else "alias" if option.marks & Form.ALIAS else "name"
        option.evidence = (Evidence("name", f"{surface!r} is the {kind} {name}"), *option.evidence)

    def _people(self, match: Match, people: list[_Option]) -> tuple[int, int, list[_Option], Evidence | None]:
        """The span with given names beside it, the people who agree, and who it is else, if somebody."""
        page, start, end = self.page, match.start, match.end
        alone = not any(c in page.text[start:end].strip() for c in " \n")
        bare = [o for o in people if o.marks & (Form.FAMILY | Form.MISREADING) or alone]
        whole = [o for o in people if o not in bare]
        if whole:
            for option in whole:
                option.strong = not option.marks & Form.MISREADING
                self._score(self.gazetteer.entity(option.number), option, page.text[start:end], FULL_NAME)
            return start, end, whole, None
        if alone and self._heads_another_name(start, end):
            return start, end, [], None
        before = given_before(page, start)
        givens = {o.number: self.resolver.given(o.number) for o in bare}
        for count in range(len(before), 0, -1):
            seen = before[count - 1 :: -1]
            if levels := agreeing((fold_name(w.text) for w in seen), givens):
                return seen[0].start, end, self._agreed(bare, levels, page.text[seen[0].start : end]), None
        if other := somebody_else(before, page):
            return self._another(bare, before, other, end)
        after = given_after(page, end)
        for count in range(len(after), 0, -1):
            levels = agreeing((fold_name(w.text) for w in after[:count]), givens)
            if levels and max(levels.values()) == FULL:
                stop = after[count - 1].end
                return start, stop, self._agreed(bare, levels, page.text[start:stop]), None
        kept = self._in_time(bare)
        title = title_before(page, start)
        for option in kept:
            if title:
                option.evidence += (Evidence("title", f"the title {title!r} stands before"),)
            option.supported = title is not None or self._supported(option, start, end)
            self._score(self.gazetteer.entity(option.number), option, page.text[start:end], FAMILY_ALONE)
        return start, end, kept, None

    def _agreed(self, people: list[_Option], levels: dict[int, int], surface: str) -> list[_Option]:
        agreed = [o for o in people if o.number in levels]
        for option in agreed:
            full = levels[option.number] == FULL
            option.strong = full and not option.marks & Form.MISREADING
            option.supported = True
            option.evidence += (Evidence("given", "given names agree" if full else "initials agree"),)
            score = GIVEN_AGREES if full else INITIALS_AGREE
            self._score(self.gazetteer.entity(option.number), option, surface, score)
        return agreed

    def _another(
        self, people: list[_Option], before: list, other, end: int  # type: ignore[type-arg, no-untyped-def]
    ) -> tuple[int, int, list[_Option], Evidence | None]:
        true = [o for o in people if not o.marks & Form.MISREADING]
        words = f"{other.text!r} stands before, which is no given name of the people of this family name"
        return other.start, end, true, Evidence("given", words)

    def _heads_another_name(self, start: int, end: int) -> bool:
        """Whether a single word is a given name with some other family name after it (`Sumner Welles`)."""
        after = self.page.after(end)
        if after is None or after.gap != " " or len(after.text) < 3 or not after.text[0].isupper():
            return False
        folded = fold_name(after.text)
        return (
            after.text.isalpha()
            and is_given_name(self.page.text[start:end])
            and folded not in word_list("english")
            and folded not in word_list("titles")
        )

    def _in_time(self, people: list[_Option]) -> list[_Option]:
        """The people whom a family name alone may mean at the document's date."""
        if self.when is None:
            return people
        when = self.when
        return [o for o in people if o.scoped or self.gazetteer.entity(o.number).years().overlaps(when)]

    def _supported(self, option: _Option, start: int, end: int) -> bool:
        """Whether something speaks for a name that is an English word too."""
        if option.scoped:
            return True
        person = self.gazetteer.entity(option.number).type == "person"
        return capital_in_lower_case(self.page, start, end, person=person)

    def _plural(self, options: list[_Option], end: int) -> int:
        """The end with an apostrophe plural, which belongs to a designator or a type's name."""
        if all(self.gazetteer.entity(o.number).type in _NO_PLURAL for o in options):
            return end
        found = _DESIGNATED_PLURAL.match(self.page.text, end)
        return found.end() if found else end

    def decide(self, place: _Place, sure: set[int]) -> Mention | None:
        """The decision on a place, given the entities that are sure elsewhere in the document."""
        surface = self.page.text[place.start : place.end]
        options = place.options
        if place.else_ is not None:
            decision = Decision(
                UNKNOWN, None, None, "exact", SOMEBODY_ELSE, (place.else_,), self._candidates(options, 1 - SOMEBODY_ELSE)
            )
            return Mention(place.start, place.end, surface, "PERSON", decision)
        common = [o for o in options if o.marks & Form.COMMON]
        options = [o for o in options if o not in common or o.supported or o.strong or o.number in sure]
        options += [o for o in common if o not in options and self.gazetteer.entity(o.number).type != "person"]
        options = self._best(options)
        if not options:
            return None
        numbers = {o.number for o in options}
        if len(numbers) > 1 and (told := numbers & sure) and len(told) < len(numbers):
            options = [o for o in options if o.number in told]
            numbers = told
            words = Evidence("document", "a name of its own stands elsewhere in the document")
            options = [replace(o, evidence=(*o.evidence, words), score=FULL_NAME_ELSEWHERE) for o in options]
            told_apart = True
        else:
            told_apart = False
        first = options[0]
        ent = self.gazetteer.entity(first.number)
        name = self.gazetteer.form_text(first.form)
        if first.marks & Form.MISREADING:
            method, reading = "misreading", self._mended(place, first, ent)
        else:
            method = "context" if told_apart else "alias" if first.marks & Form.ALIAS else "exact"
            reading = true_name(surface, name, first.marks)
        if len(numbers) == 1:
            candidates = (Candidate(ent.id, ent.name, first.score),)
            decision = Decision(LINKED, ent.id, ent.name, method, first.score, first.evidence, candidates, reading)
        else:
            words = Evidence("shared", f"{len(numbers)} entries bear this name and nothing here tells them apart")
            shared = ent.family or ent.name if first.marks & Form.MISREADING else name
            decision = Decision(
                AMBIGUOUS,
                None,
                shared,
                method,
                SHARED_NAME,
                (first.evidence[0], words),
                self._candidates(options, SHARED_NAME),
                reading,
            )
        return Mention(place.start, place.end, surface, ent.label, decision)

    def _best(self, options: list[_Option]) -> list[_Option]:
        """The options of the best kind, one an entity: an attested misreading whose scope holds outranks
        a family name alone, and a thing's own name a person's family name."""
        if not options:
            return []

        def rank(o: _Option) -> int:
            if o.marks & Form.MISREADING:
                return 1 if o.scoped else 4
            if self.gazetteer.entity(o.number).type == "person":
                return 0 if o.strong or o.score > FAMILY_ALONE else 3 if not o.supported else 2
            return 2

        best = min(map(rank, options))
        kept: dict[int, _Option] = {}
        for option in sorted((o for o in options if rank(o) == best), key=self._order):
            kept.setdefault(option.number, option)
        return list(kept.values())

    def _order(self, option: _Option) -> tuple[int, int, str, int]:
        ent = self.gazetteer.entity(option.number)
        return (option.marks & Form.PLURAL, -ent.prominence, ent.id, option.form)

    def _mended(self, place: _Place, option: _Option, ent: Entity) -> str:
        """A misreading written right, with the given names on the page left as they stand."""
        surface = self.page.text[place.start : place.end]
        text = ent.misreadings[self.gazetteer.form_detail[option.form]].text
        tail = len(fold_name(text).split())
        words = list(re.finditer(r"[^\W_]+", surface))
        cut = words[-tail].start() if ent.type == "person" and len(words) > tail else 0
        return surface[:cut] + misread_name(ent, surface[cut:], text)

    def _candidates(self, options: list[_Option], total: float) -> tuple[Candidate, ...]:
        """The entities of options, the most prominent first, sharing a probability by prominence."""
        weights = {o.number: 1 + self.gazetteer.entity(o.number).prominence for o in options}
        whole = sum(weights.values())
        ranked = sorted(weights, key=lambda n: (-weights[n], self.gazetteer.entity(n).id))
        rows = ((self.gazetteer.entity(n), round(total * weights[n] / whole, 4)) for n in ranked[:MOST_CANDIDATES])
        return tuple(Candidate(ent.id, ent.name, score) for ent, score in rows)


def _longest(places: list[_Place]) -> list[_Place]:
    """Places without overlap, longer before shorter, in order of the page."""
    taken: list[_Place] = []
    at: list[tuple[int, int]] = []
    from bisect import bisect_left

    for place in sorted(places, key=lambda p: (p.start - p.end, p.else_ is not None, p.start)):
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
            found.append(Mention(start, end, text[start:end], label, Decision(UNKNOWN, None, None, "tagger", TAGGED, evidence)))
    return sorted(found, key=lambda m: m.start)
