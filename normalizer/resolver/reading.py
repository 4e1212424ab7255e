"""Looking at one document: which options the page around a match leaves."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence

from normalizer.dates import Interval
from normalizer.folding import APOSTROPHES, fold_name
from normalizer.gazetteer import Form, Gazetteer
from normalizer.model import Document, Evidence, Match, Repair
from normalizer.resolver.options import (
    FAMILY_ALONE,
    FULL_NAME,
    GIVEN_AGREES,
    INITIALS_AGREE,
    PROMINENT,
    PROMINENT_GIVEN,
    WHOLE_NAME,
    Option,
    Place,
)
from normalizer.resolver.page import Page, Word
from normalizer.resolver.people import FULL, agreeing, given_after, given_before, is_given_name, somebody_else
from normalizer.resolver.scopes import holds
from normalizer.resolver.support import (
    aviation_near,
    capital_in_lower_case,
    labelled,
    small_and_short,
    title_of,
    weak_code,
)
from normalizer.words import word_list

_DESIGNATED_PLURAL = re.compile(rf"[{APOSTROPHES}][sS](?![^\W_])")
_ENDS_IN_INITIAL = re.compile(r"[\s.][^\W\d_]\Z")
_BESIDE, _NEIGHBOURS = 12, 8
"""Code points between two names of one thing, and matches looked through on either side."""
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
        flags, entity = self.gazetteer.form_flags, self.gazetteer.form_entity
        things: list[Option] = []
        people: list[Option] = []
        before = self.page.before(match.start)
        for form in match.forms:
            marks = flags[form]
            evidence: tuple[Evidence, ...] = ()
            if marks & Form.SCOPED:
                held = self._scope(form, marks, match)
                if held is None:
                    continue
                evidence = held
            option = Option(entity[form], marks, form, bool(evidence), evidence)
            if marks & Form.PERSON:
                people.append(option)
            elif self._stands(option, match, before):
                things.append(option)
        start, end, other = match.start, match.end, None
        if people:
            start, end, people, other = self._people(match, people, before)
            if other is not None and not things:
                return Place(start, end, people, other) if people else None
        if other is not None:
            start, end, options = match.start, match.end, things
        elif start != match.start or end != match.end:
            options = people  # given names stand beside it, so it is no place or thing
        else:
            options = things + people
        if not options:
            return None
        strong = {o.number for o in options if o.strong}
        return Place(start, self._end(options, start, end), options, None, strong.pop() if len(strong) == 1 else None)

    def mended(self, repair: Repair) -> Place | None:
        """A repair with what the page around it leaves of its options, or None where that is nothing."""
        flags, entity = self.gazetteer.form_flags, self.gazetteer.form_entity
        match = Match(repair.start, repair.end, repair.forms)
        before = self.page.before(match.start)
        options = [Option(entity[form], flags[form], form, False) for form in repair.forms]
        people = [o for o in options if o.marks & Form.PERSON]
        things = [o for o in options if not o.marks & Form.PERSON and self._in_years(o.number)]
        start, end, other = match.start, match.end, None
        if people:
            start, end, people, other = self._people(match, people, before)
            if other is not None and not things:
                return Place(start, end, people, other, None, repair) if people else None
        options = people if (start, end) != (match.start, match.end) and other is None else things + people
        if other is not None:
            start, end, options = match.start, match.end, things
        for option in options:
            # The word on the page is no English word and not short: the damage was weighed already.
            option.supported = True
            option.weak = bool(option.marks & Form.PERSON) and not option.titled and self._obscure(option.number)
            option.score = option.score or WHOLE_NAME
        return Place(start, end, options, None, None, repair) if options else None

    def _in_years(self, number: int) -> bool:
        ent = self.gazetteer.entity(number)
        return not (self.when and ent.active) or self.when.overlaps(ent.years())

    def _scope(self, form: int, marks: int, match: Match) -> tuple[Evidence, ...] | None:
        ent, detail = self.gazetteer.entity(self.gazetteer.form_entity[form]), self.gazetteer.form_detail[form]
        scope = (ent.aliases if marks & Form.ALIAS else ent.misreadings)[detail].when
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

    def _stands(self, option: Option, match: Match, before: Word | None) -> bool:
        """Whether a name of a thing or place stands at a match."""
        page, start, end, marks = self.page, match.start, match.end, option.marks
        if not self._in_years(option.number):
            return False
        if self._heads_another_name(start, end, page.after(end)):
            return False
        if marks & Form.DESIGNATOR:
            if labelled(before):
                return False
            surface = page.text[start:end]
            safe = surface.isalnum() and self.gazetteer.entity(option.number).common is False
            if weak_code(surface) and not safe:
                near = aviation_near(page, start, end)
                if near is None:
                    return False
                option.evidence += (near,)
        common = bool(marks & Form.COMMON) and not option.scoped
        if small_and_short(page.text[start:end]) and not marks & Form.ACRONYM:
            option.weak = True
        if common and not self._spoken_of(option, match, before):
            beside = self._beside(option.number, match)
            if beside is None:
                return False
            option.evidence += (beside,)
        option.supported = True
        option.strong = not common and not option.weak
        option.score = WHOLE_NAME
        return True

    def _spoken_of(self, option: Option, match: Match, before: Word | None) -> bool:
        """Whether a thing whose name is a word too stands with a capital in a sentence, aircraft among aircraft."""
        flying = self.gazetteer.entity(option.number).type in ("aircraft", "missile")
        if not capital_in_lower_case(self.page, before, match.start, match.end, person=False, capitals=flying):
            return False
        return not flying or aviation_near(self.page, match.start, match.end) is not None

    def _beside(self, number: int, match: Match) -> Evidence | None:
        """Evidence that another name of an entity stands right beside a match: `IL-28 (BEAGLE)`."""
        entity = self.gazetteer.form_entity
        at = bisect_left(self.matches, match.start, key=lambda m: m.start)
        for other in self.matches[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS]:
            gap = max(other.start - match.end, match.start - other.end)
            if 0 < gap <= _BESIDE and any(entity[f] == number for f in other.forms):
                return Evidence("beside", f"{self.page.text[other.start : other.end]!r} stands beside it")
        return None

    def _people(
        self, match: Match, people: list[Option], before: Word | None
    ) -> tuple[int, int, list[Option], Evidence | None]:
        """The span with given names beside it, the people who agree, and who it is else, if somebody."""
        page, start, end = self.page, match.start, match.end
        alone = not any(c in " \n" for c in page.text[start:end])
        whole = [] if alone else [o for o in people if not o.marks & (Form.FAMILY | Form.MISREADING)]
        if whole:
            for option in whole:
                option.strong = option.supported = True
                option.score = FULL_NAME
            return start, end, whole, None
        after = page.after(end)
        if alone and self._heads_another_name(start, end, after):
            return start, end, [], None
        if earlier := given_before(page, before):
            givens = {o.number: self.given(o.number) for o in people}
            for count in range(len(earlier), 0, -1):
                if count < len(earlier) and (len(earlier[count].text) == 1 or is_given_name(earlier[count].text)):
                    continue  # `S. W. Tyler` without the S is somebody else, and so is `Kermit L. Hall`
                seen = earlier[count - 1 :: -1]
                if levels := agreeing((fold_name(w.text) for w in seen), givens):
                    return seen[0].start, end, _agreed(people, levels), None
            if other := somebody_else(earlier, page):
                true = [o for o in people if not o.marks & Form.MISREADING]
                words = f"{other.text!r} stands before, which is no given name of the people of this family name"
                return other.start, end, true, Evidence("given", words)
        if later := given_after(page, after):
            givens = {o.number: self.given(o.number) for o in people}
            for count in range(len(later), 0, -1):
                levels = agreeing((fold_name(w.text) for w in later[:count]), givens)
                if levels and max(levels.values()) == FULL:
                    return start, later[count - 1].end, _agreed(people, levels), None
        if before is not None and fold_name(before.text) in word_list("place_words") and before.gap.strip(" .") == "":
            return start, end, [], None  # Fort Lauderdale, St. Louis
        kept = self._in_time(people)
        title = title_of(before)
        said = (Evidence("title", f"the title {title!r} stands before"),) if title else ()
        in_sentence = title is not None
        if not title and any(o.marks & Form.COMMON for o in kept):
            in_sentence = capital_in_lower_case(page, before, start, end, person=True)
        weak = title is None and small_and_short(page.text[start:end])
        # A family name alone says too little where hardly any volume lists any of its bearers.
        obscure = title is None and all(self._obscure(o.number) for o in kept)
        for option in kept:
            option.weak = (weak or obscure) and not option.scoped
            option.evidence += said
            option.titled = title is not None
            option.supported = in_sentence or option.scoped
            option.strong = option.scoped and bool(option.marks & Form.MISREADING)
            option.score = FAMILY_ALONE
        return start, end, kept, None

    def _obscure(self, number: int) -> bool:
        ent = self.gazetteer.entity(number)
        if ent.common is False or not ent.prominence:
            return False
        return ent.prominence < (PROMINENT_GIVEN if is_given_name(ent.family or ent.name) else PROMINENT)

    def _heads_another_name(self, start: int, end: int, after: Word | None) -> bool:
        """Whether a single word is a given name with some other family name after it (`Sumner Welles`)."""
        if after is None or after.gap != " " or not after.text[0].isupper():
            return False
        surface, folded = self.page.text[start:end], fold_name(after.text)
        if len(after.text) == 1:  # `Robert C. Somebody`
            return is_given_name(surface)
        if len(after.text) < 3:
            return False
        if (
            not after.text.isalpha()
            or not is_given_name(surface)
            or folded in word_list("titles") | word_list("calendar")
        ):
            return False
        # In capitals nothing marks a name, so there an English word is taken for one.
        return folded not in word_list("english") or not (after.text.isupper() or surface.isupper())

    def _in_time(self, people: list[Option]) -> list[Option]:
        """The people whom a family name alone may mean at the document's date."""
        if self.when is None:
            return people
        when = self.when
        return [o for o in people if o.scoped or self.gazetteer.entity(o.number).years().overlaps(when)]

    def _end(self, options: list[Option], start: int, end: int) -> int:
        """The end with what belongs to the name: an apostrophe plural of a type, the full stop of an initial."""
        text = self.page.text
        entity = self.gazetteer.entity
        if any(not o.marks & Form.PERSON and entity(o.number).type not in _NO_PLURAL for o in options):
            found = _DESIGNATED_PLURAL.match(text, end)
            return found.end() if found else end
        return end + 1 if text[end : end + 1] == "." and _ENDS_IN_INITIAL.search(text, start, end) else end


def _agreed(people: list[Option], levels: dict[int, int]) -> list[Option]:
    """The people whose given names agree with those on the page."""
    agreed = [o for o in people if o.number in levels]
    for option in agreed:
        full = levels[option.number] == FULL
        option.strong = option.scoped if option.marks & Form.MISREADING else full
        option.titled = option.supported = True
        option.evidence += (Evidence("given", "given names agree" if full else "initials agree"),)
        option.score = GIVEN_AGREES if full else INITIALS_AGREE
    return agreed
