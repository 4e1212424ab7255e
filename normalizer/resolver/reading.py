"""Looking at one document: which options the page around a match leaves."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence

from normalizer.dates import Interval
from normalizer.folding import APOSTROPHES, HYPHENS, fold_name
from normalizer.gazetteer import Form, Gazetteer
from normalizer.model import Document, Evidence, Match, Repair
from normalizer.resolver.bearers import Bearer
from normalizer.resolver.calling import called
from normalizer.resolver.options import NAME, Option, Place
from normalizer.resolver.page import Page, Word
from normalizer.resolver.people import FULL, given_after, given_before, is_given_name, somebody_else
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
_CLOCK = re.compile(r":\d\d(?!\d)| ?[ap]\.? ?m\b", re.IGNORECASE)
"""What makes a time of the day of the number before it: `at 7:15`, `at 2 p.m.`"""
_POOR_INITIAL = re.compile(r" (?:[a-z]\.|[A-Z][a-z])[ ]?(?=[A-Z])[^\W\d_]{3}")
"""A small initial, or one with its full stop read as a letter, and a name: ` f. Kennedy`, ` Fe KENNEDY`."""
_ENDS_IN_INITIAL = re.compile(r"[\s.][^\W\d_]\Z")
_WHERE = frozenset({"at", "for", "from", "in", "into", "of", "over", "to", "toward", "towards", "via"})
_BESIDE, _NEIGHBOURS = 12, 8
"""Code points between two names of one thing, and matches looked through on either side."""
_FEW, _SENTENCE = 3, frozenset(".!?\n")
PROMINENT, PROMINENT_GIVEN = 6, 30
"""Volumes that list a person whom a family name alone may mean; more where it is a given name too (Roberto)."""
_AGREE, _INITIALS_AGREE = (Evidence("given", "given names agree"),), (Evidence("given", "initials agree"),)
_NUMBERED = re.compile(r"\.? ?\d")
_ROW_WORDS, _ROW_REACH = frozenset({"to", "thru", "through", "and"}), 40
_ROW = re.compile(r"([^\W\d_]+)[ \n]{1,2}[A-Z]{1,4}[-. ]?\d{1,4}[ \n]{1,2}[A-Za-z]{2,7}[ \n]{1,2}\Z")
_CORRECTED = frozenset({"word", "words"})
"""Labels of corrections: `PARA 2 WORD RUSH SHOULD READ RASH`."""
_PLACING = frozenset({"at", "in", "near"})
"""Words before places and hardly before people."""
_NO_PLURAL = frozenset({"person", "place", "organization"})
_FLYING = frozenset({"aircraft", "missile"})
_LOOKS_BACK = Form.PERSON | Form.DESIGNATOR | Form.ACRONYM | Form.COMMON
"""Forms that the word before them tells about."""
_COMPANY = 40
"""Code points between a code and a designator that shows what is spoken of."""
_LONG_CODE = re.compile(rf"[A-Z]+[{HYPHENS}]\d{{2}}|[A-Z][A-Za-z]+[{HYPHENS}]\d")
"""Codes that are hardly those of forms, paragraphs and visas."""


class Reading:
    """One document and what the gazetteer may mean in it."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        agreeing: Callable[[tuple[str, ...], tuple[int, ...]], dict[int, int]],
        bearer: Callable[[int], Bearer],
        years: Callable[[int], Interval | None],
        doc: Document,
        page: Page,
        when: Interval | None,
        matches: Sequence[Match],
        *,
        told: bool,
    ) -> None:
        """Look at a document of the days `when`; not `told` where the page alone gives them.

        `agreeing`: of some people, those whose given names agree with words, each with how well; `years`: the days in
        which an entity was in use, or None where they are not known.

        A page may be misread, and papers of later days speak of the past: what had ended then stays possible.
        """
        self.told = told
        self.gazetteer, self.agreeing, self.bearer, self.years = gazetteer, agreeing, bearer, years
        self.doc, self.page, self.when, self.matches = doc, page, when, matches
        self._lived: dict[int, bool] = {}

    def place(self, match: Match) -> Place | None:
        """A match with what the page around it leaves of its options, or None where that is nothing."""
        flags, entity = self.gazetteer.form_flags, self.gazetteer.form_entity
        things: list[Option] = []
        people: list[Option] = []
        # A place or thing that can be nothing else says all by itself.
        looks = len(match.forms) > 1 or flags[match.forms[0]] & _LOOKS_BACK
        before = self.page.before(match.start) if looks else None
        for form in match.forms:
            marks = flags[form]
            option = Option(entity[form], marks, form)
            if marks & Form.SCOPED:
                held = self._scope(form, marks, match)
                if held is None and self._only_near(form, marks) and (beside := self._escorted(match)) is not None:
                    held = (beside,)
                if held is None:
                    continue
                option.scoped, option.evidence = bool(held), held
            if marks & Form.PERSON:
                people.append(option)
            elif self._stands(option, match, before):
                things.append(option)
        if not people and not things:
            return None
        return self._place(match, people, things, before)

    def mended(self, repair: Repair) -> Place | None:
        """A repair with what the page around it leaves of its options, or None where that is nothing."""
        flags, entity = self.gazetteer.form_flags, self.gazetteer.form_entity
        match = Match(repair.start, repair.end, repair.forms)
        options = [Option(entity[form], flags[form], form) for form in repair.forms]
        people = [o for o in options if o.marks & Form.PERSON]
        things = [o for o in options if not o.marks & Form.PERSON and self._in_years(o.number)]
        for option in options:
            # The word on the page is no English word and not short: the damage was weighed already.
            option.supported = True
        place = self._place(match, people, things, self.page.before(match.start), repair)
        dead = self.told and place is not None and place.people and all(o.barred for o in place.people)
        return None if dead else place

    def _place(
        self,
        match: Match,
        people: list[Option],
        things: list[Option],
        before: Word | None,
        repair: Repair | None = None,
    ) -> Place | None:
        """The place of what is left of a match's options, with the given names beside it."""
        start, end, other = match.start, match.end, None
        if people:
            start, end, people, other = self._people(match, people, before)
        if other is not None and things:
            start, end, people, other = match.start, match.end, [], None
        elif other is None and (start, end) != (match.start, match.end):
            things = []  # given names stand beside it, so it is no place or thing
        if not people and not things:
            return None
        if people and things and other is None:
            self._after_people(people, things, before)
        end = self._end(people, things, start, end)
        if start != match.start:
            before = self.page.before(start)
        after = self.page.after(end) if people or len(things) > 1 else None
        place = Place(start, end, people, things, before, after)
        place.somebody_else, place.repair = other, repair
        if people and other is None:
            place.calling = called(self.page, before, start, end)
            titled = title_of(before) is not None
            place.named = bool(things) or self._is_named(people, titled=titled)
        return place

    def _after_people(self, people: list[Option], things: list[Option], before: Word | None) -> None:
        """A place by another name that is somebody's, as Stalin and Brezhnev are of cities, counts where he cannot."""
        if before is not None and before.text.lower() in _PLACING:
            return
        if any(self.gazetteer.prominence[o.number] >= PROMINENT for o in people):
            for option in things:
                option.weak = option.weak or bool(option.marks & Form.ALIAS)

    def _in_years(self, number: int) -> bool:
        if self.when is None:
            return True
        days = self.years(number)
        return days is None or (self.when.overlaps(days) if self.told else not self.when.before(days))

    def _scope(self, form: int, marks: int, match: Match) -> tuple[Evidence, ...] | None:
        ent, detail = self.gazetteer.entity(self.gazetteer.form_entity[form]), self.gazetteer.form_detail[form]
        scope = (ent.aliases if marks & Form.ALIAS else ent.misreadings)[detail].when
        if scope is None:
            return ()
        return holds(scope, self.doc, self.when, self.page, match.start, match.end, self._standing)

    def _only_near(self, form: int, marks: int) -> bool:
        """Whether a name is a code of which its scope asks no more than words near."""
        if not marks & Form.DESIGNATOR or not marks & Form.ALIAS:
            return False
        ent, detail = self.gazetteer.entity(self.gazetteer.form_entity[form]), self.gazetteer.form_detail[form]
        scope = ent.aliases[detail].when
        return scope is not None and not (scope.dates or scope.documents or scope.not_near)

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
        if self._may_head(end) and self._heads_another_name(start, end, page.after(end)):
            return False
        if marks & Form.DESIGNATOR:
            if labelled(before) or self._in_labelled_row(start, before):
                return False
            surface = page.text[start:end]
            safe = surface.isalnum() and self.gazetteer.entity(option.number).common is False
            if weak_code(surface) and not safe:
                if _CLOCK.match(page.text, end):
                    return False
                near = aviation_near(page, start, end) or self._in_company(match)
                if near is None:
                    return False
                option.evidence += (near,)
        if marks & Form.ACRONYM and labelled(before) and _NUMBERED.match(page.text, end):
            return False  # the letters of a registration: `NUMBER CCCP 61`
        common = bool(marks & Form.COMMON) and not option.scoped
        if small_and_short(page.text[start:end]) and not marks & Form.ACRONYM:
            option.weak = True
        if common and not self._spoken_of(option, match, before):
            beside = self._beside(option.number, match)
            if beside is None and marks & Form.DESIGNATOR:
                beside = self._in_company(match)
            if beside is None:
                return False
            option.evidence += (beside,)
        elif common and not marks & Form.DESIGNATOR and before is not None and before.text.lower() in _WHERE:
            # An aircraft's nickname that stands where a place does: a pilot in `Cubs` is one in Cuba.
            option.doubtful = self.gazetteer.entity(option.number).type in _FLYING
        option.supported = True
        return True

    def _in_labelled_row(self, start: int, before: Word | None) -> bool:
        """Whether a code ends a row of which a label says what it counts: `FRAMES SA-2 TO SA-9`."""
        if before is None or before.text.lower() not in _ROW_WORDS:
            return False
        row = _ROW.search(self.page.text, max(0, start - _ROW_REACH), start)
        return row is not None and row[1].lower() in word_list("label_words")

    def _spoken_of(self, option: Option, match: Match, before: Word | None) -> bool:
        """Whether a thing whose name is a word too stands with a capital in a sentence, aircraft among aircraft."""
        flying = self.gazetteer.entity(option.number).type in _FLYING
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

    def _in_company(self, match: Match) -> Evidence | None:
        """Evidence that a designator which is no other thing's name stands near a code: `A-6 AND A-7`."""
        return self._flying_near(match, Form.COMMON, lambda surface, _: not weak_code(surface))

    def _escorted(self, match: Match) -> Evidence | None:
        """Evidence that a designator of a long number or of several letters stands near: `F-4 AND B-52S`."""

        def is_plain(surface: str, start: int) -> bool:
            return _LONG_CODE.match(surface) is not None and not labelled(self.page.before(start))

        return self._flying_near(match, Form.SCOPED, is_plain)

    def _flying_near(self, match: Match, barred: int, is_plain: Callable[[str, int], bool]) -> Evidence | None:
        """Evidence that a designator stands near whose forms are not `barred`, and whose surface and start will do."""
        flags, entity = self.gazetteer.form_flags, self.gazetteer.form_entity
        at = bisect_left(self.matches, match.start, key=lambda m: m.start)
        for other in self.matches[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS]:
            gap = max(other.start - match.end, match.start - other.end)
            surface = self.page.text[other.start : other.end]
            if not 0 < gap <= _COMPANY or not is_plain(surface, other.start):
                continue
            sound = (f for f in other.forms if flags[f] & Form.DESIGNATOR and not flags[f] & barred)
            if any(self.gazetteer.entity(entity[f]).type in _FLYING for f in sound):
                return Evidence("beside", f"{surface!r} stands near")
        return None

    def _people(
        self, match: Match, people: list[Option], before: Word | None
    ) -> tuple[int, int, list[Option], Evidence | None]:
        """The span with given names beside it, the people who agree, and who it is else, if somebody."""
        page, start, end = self.page, match.start, match.end
        surface = page.text[start:end]
        alone = " " not in surface and "\n" not in surface
        whole = [] if alone else [o for o in people if not o.marks & (Form.FAMILY | Form.MISREADING)]
        if whole:
            for option in whole:
                option.level, option.supported = NAME, True
            return start, end, [*whole, *self._namesakes(match, {o.number for o in whole})], None
        after = page.after(end) if page.text[end : end + 1] == "," or self._may_head(end) else None
        if alone and self._heads_another_name(start, end, after):
            return start, end, [], None
        if earlier := given_before(page, before):
            numbers = tuple([o.number for o in people])
            for count in range(len(earlier), 0, -1):
                if count < len(earlier) and not _may_be_dirt(earlier[count], earlier[count - 1]):
                    continue  # `S. W. Tyler` without the S is somebody else, and so is `Kermit L. Hall`
                seen = earlier[count - 1 :: -1]
                if levels := self.agreeing(tuple([fold_name(w.text) for w in seen]), numbers):
                    return seen[0].start, end, self._agreed(people, levels), None
            if other := somebody_else(earlier, page):
                true = [o for o in people if not o.marks & Form.MISREADING]
                words = f"{other.text!r} stands before, which is no given name of the people of this family name"
                return other.start, end, true, Evidence("given", words)
        if later := given_after(page, after):
            numbers = tuple([o.number for o in people])
            for count in range(len(later), 0, -1):
                levels = self.agreeing(tuple([fold_name(w.text) for w in later[:count]]), numbers)
                if levels and max(levels.values()) == FULL:
                    return start, later[count - 1].end, self._agreed(people, levels), None
        if before is not None and before.gap.strip(" .") == "" and fold_name(before.text) in word_list("place_words"):
            return start, end, [], None  # Fort Lauderdale, St. Louis
        if before is not None and before.text.lower() in _CORRECTED:
            return start, end, [], None
        kept = people
        if self.when is not None:
            barred = False
            for option in people:
                if not option.scoped and not self._alive(option.number):
                    option.barred = barred = True
            if barred and self.told:
                # Where none of them lived then, the name stands there all the same, and they are candidates.
                kept = [o for o in people if not o.barred] or people
        titled = title_of(before) is not None
        weak = not titled and (small_and_short(page.text[start:end]) or _begins_short(page, before, start, end))
        in_sentence = titled
        if not titled:
            for option in kept:
                if option.marks & Form.COMMON:
                    in_sentence = capital_in_lower_case(page, before, start, end, person=True)
                    break
        if weak:
            for option in kept:
                option.weak = not option.scoped
        if in_sentence:
            for option in kept:
                option.supported = True
        else:
            for option in kept:
                if option.scoped:
                    option.supported = True
        return start, end, kept, None

    def _is_named(self, people: list[Option], *, titled: bool) -> bool:
        """Whether a name is sure to stand at a place, as far as any of its people tells.

        A family name that is a word too needs support. One alone says too little where hardly any volume lists its
        bearers: read by eye in 50 scans, of 65 bare family names of people of 1 to 5 volumes none was theirs.
        """
        prominence = self.gazetteer.prominence
        for option in people:
            if option.marks & Form.COMMON and not option.supported:
                continue
            volumes = prominence[option.number]
            if option.level or option.scoped or titled or not volumes:
                return True
            if volumes >= PROMINENT:
                ent = self.gazetteer.entity(option.number)
                if volumes >= PROMINENT_GIVEN or not is_given_name(ent.family or ent.name):
                    return True
            if self.gazetteer.entity(option.number).common is False:
                return True
        return False

    def _namesakes(self, match: Match, known: set[int]) -> list[Option]:
        """Others whose given names agree with a whole name: `Harry Truman` is Harry S. Truman's name too."""
        words = fold_name(self.page.text[match.start : match.end]).split()
        at = bisect_left(self.matches, match.start, key=lambda m: m.start)
        found: list[Option] = []
        for other in self.matches[at : at + _NEIGHBOURS]:
            if other.start >= match.end:
                break
            if other.start == match.start or other.end != match.end:
                continue
            flags, entity = self.gazetteer.form_flags, self.gazetteer.form_entity
            family = [f for f in other.forms if flags[f] & Form.FAMILY and entity[f] not in known]
            seen = words[: len(words) - len(fold_name(self.page.text[other.start : other.end]).split())]
            levels = self.agreeing(tuple(seen), tuple([entity[f] for f in family])) if seen else {}
            options = [Option(entity[f], flags[f], f) for f in family]
            found += [o for o in self._agreed(options, levels) if o.level == FULL and self._alive(o.number)]
        return found

    def _alive(self, number: int) -> bool:
        alive = self._lived.get(number)
        if alive is None:
            alive = self._lived[number] = self.bearer(number).possible(self.when)
        return alive

    def _agreed(self, people: list[Option], levels: dict[int, int]) -> list[Option]:
        """The people whose given names agree with those on the page; initials alone call on nobody out of his time."""
        agreed: list[Option] = []
        for option in people:
            level = levels.get(option.number)
            if level is None:
                continue
            option.barred = level != FULL and self.when is not None and not self._alive(option.number)
            option.level, option.supported = level, True
            option.evidence += _AGREE if level == FULL else _INITIALS_AGREE
            agreed.append(option)
        # Where none of them lived then, they are candidates all the same.
        return ([o for o in agreed if not o.barred] or agreed) if self.told else agreed

    def _may_head(self, end: int) -> bool:
        """Whether a name may follow as the next word."""
        following = self.page.text[end : end + 3]
        return following[:1] == " " and (following[1:2].isupper() or following[2:] == ".")

    def _heads_another_name(self, start: int, end: int, after: Word | None) -> bool:
        """Whether a single word is a given name with some other family name after it (`Sumner Welles`)."""
        if after is None or after.gap != " ":
            return False
        surface, folded = self.page.text[start:end], fold_name(after.text)
        if _POOR_INITIAL.match(self.page.text, end) and is_given_name(surface):
            return folded not in word_list("english") and folded not in word_list("titles")
        if not after.text[0].isupper():
            return False
        if len(after.text) == 1:  # `Robert C. Somebody`
            return is_given_name(surface)
        if len(after.text) < 3:
            return False
        if (
            not after.text.isalpha()
            or not is_given_name(surface)
            or folded in word_list("titles")
            or folded in word_list("calendar")
        ):
            return False
        # In capitals nothing marks a name, so there an English word is taken for one.
        return folded not in word_list("english") or not (after.text.isupper() or surface.isupper())

    def _end(self, people: list[Option], things: list[Option], start: int, end: int) -> int:
        """The end with what belongs to the name: an apostrophe plural of a type, the full stop of an initial."""
        text = self.page.text
        sign = text[end : end + 1]
        if sign.isalnum() or sign.isspace() or sign == ",":
            return end
        if any(self.gazetteer.entity(o.number).type not in _NO_PLURAL for o in things):
            found = _DESIGNATED_PLURAL.match(text, end)
            return found.end() if found else end
        return end + 1 if text[end : end + 1] == "." and _ENDS_IN_INITIAL.search(text, start, end) else end


def _may_be_dirt(word: Word, next_word: Word) -> bool:
    """Whether a word before given names may be none of them: in `J JOHN F. KENNEDY` a lone letter is a speck."""
    if len(word.text) == 1:
        return "." not in word.gap and len(next_word.text) > 1
    return not is_given_name(word.text)


def _begins_short(page: Page, before: Word | None, start: int, end: int) -> bool:
    """Whether a name of few letters begins a sentence or a line: `Tho` is `The` on many a page."""
    if end - start > _FEW or page.text[start:end].isupper():
        return False
    return before is None or not _SENTENCE.isdisjoint(before.gap)
