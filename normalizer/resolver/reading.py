"""Looking at one document: which options the page around a match leaves."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from normalizer.dates import Interval
from normalizer.folding import APOSTROPHES, fold_name
from normalizer.gazetteer import Entity, Form, Gazetteer, Scope
from normalizer.model import Document, Evidence, Match
from normalizer.resolver.options import (
    FAMILY_ALONE,
    FULL_NAME,
    GIVEN_AGREES,
    INITIALS_AGREE,
    MISREADING,
    SCOPED_MISREADING,
    WHOLE_NAME,
    Option,
    Place,
)
from normalizer.resolver.page import Page, Word
from normalizer.resolver.people import FULL, agreeing, given_after, given_before, is_given_name, somebody_else
from normalizer.resolver.scopes import holds
from normalizer.resolver.support import aviation_near, capital_in_lower_case, labelled, title_before, weak_code
from normalizer.words import word_list

_DESIGNATED_PLURAL = re.compile(rf"[{APOSTROPHES}][sS](?![^\W_])")
_ENDS_IN_INITIAL = re.compile(r"[\s.][^\W\d_]\Z")
_NO_PLURAL = frozenset({"person", "place", "organization"})


class Reading:
    """One document and what the gazetteer may mean in it."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        given: Callable[[int], list[str]],
        doc: Document,
        page: Page,
        when: Interval | None,
        matches: Sequence[Match],
    ) -> None:
        self.gazetteer, self.given = gazetteer, given
        self.doc, self.page, self.when, self.matches = doc, page, when, matches

    def place(self, match: Match) -> Place | None:
        """A match with what the page around it leaves of its options, or None where that is nothing."""
        things: list[Option] = []
        people: list[Option] = []
        for form in match.forms:
            marks, number = self.gazetteer.form_flags[form], self.gazetteer.form_entity[form]
            ent = self.gazetteer.entity(number)
            evidence = self._scope(ent, form, marks, match)
            if evidence is None:
                continue
            option = Option(number, marks, form, 0.0, evidence, scoped=bool(evidence))
            if ent.type == "person":
                people.append(option)
            elif self._stands(ent, option, match):
                things.append(option)
        start, end, people, other = self._people(match, people) if people else (*match_span(match), people, None)
        if other is not None and not things:
            return Place(start, end, people, other)
        if other is not None:
            start, end, options = match.start, match.end, things
        elif (start, end) != match_span(match):
            options = people  # given names stand beside it, so it is no place or thing
        else:
            options = things + people
        if not options:
            return None
        place = Place(start, self._end(options, start, end), options)
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

    def _stands(self, ent: Entity, option: Option, match: Match) -> bool:
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

    def _score(self, ent: Entity, option: Option, surface: str, score: float) -> None:
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

    def _people(self, match: Match, people: list[Option]) -> tuple[int, int, list[Option], Evidence | None]:
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
        givens = {o.number: self.given(o.number) for o in bare}
        for count in range(len(before), 0, -1):
            seen = before[count - 1 :: -1]
            if levels := agreeing((fold_name(w.text) for w in seen), givens):
                return seen[0].start, end, self._agreed(bare, levels, page.text[seen[0].start : end]), None
        if other := somebody_else(before, page):
            return self._another(bare, other, end)
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

    def _agreed(self, people: list[Option], levels: dict[int, int], surface: str) -> list[Option]:
        agreed = [o for o in people if o.number in levels]
        for option in agreed:
            full = levels[option.number] == FULL
            option.strong = full and not option.marks & Form.MISREADING
            option.supported = True
            option.evidence += (Evidence("given", "given names agree" if full else "initials agree"),)
            score = GIVEN_AGREES if full else INITIALS_AGREE
            self._score(self.gazetteer.entity(option.number), option, surface, score)
        return agreed

    def _another(self, people: list[Option], other: Word, end: int) -> tuple[int, int, list[Option], Evidence | None]:
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

    def _in_time(self, people: list[Option]) -> list[Option]:
        """The people whom a family name alone may mean at the document's date."""
        if self.when is None:
            return people
        when = self.when
        return [o for o in people if o.scoped or self.gazetteer.entity(o.number).years().overlaps(when)]

    def _supported(self, option: Option, start: int, end: int) -> bool:
        """Whether something speaks for a name that is an English word too."""
        if option.scoped:
            return True
        person = self.gazetteer.entity(option.number).type == "person"
        return capital_in_lower_case(self.page, start, end, person=person)

    def _end(self, options: list[Option], start: int, end: int) -> int:
        """The end with what belongs to the name: an apostrophe plural of a type, the full stop of an initial."""
        text = self.page.text
        if any(self.gazetteer.entity(o.number).type not in _NO_PLURAL for o in options):
            found = _DESIGNATED_PLURAL.match(text, end)
            return found.end() if found else end
        return end + 1 if text[end : end + 1] == "." and _ENDS_IN_INITIAL.search(text, start, end) else end


def match_span(match: Match) -> tuple[int, int]:
    """Start and end of a match."""
    return match.start, match.end
