"""Every name of the gazetteer that stands in a text: one automaton over the folded copy.

A text is read twice: with line-end hyphens kept (`Ben-` `Gurion`) and, where it has any, with
them joined (`Kuz-` `netsov`). What the automaton finds is then held against the page itself:
names do not run across the end of a sentence, acronyms need their capitals, English words theirs.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right

import ahocorasick_rs

from normalizer.folding import APOSTROPHES, HYPHENS, LINE_END_HYPHEN, fold
from normalizer.gazetteer import Form, Gazetteer
from normalizer.model import Folded, Match

ABBREVIATIONS = frozenset({"capt", "cmdr", "supt", "prof", "brig", "messrs"})
"""Words of more than three letters after which a full stop ends no sentence."""

_GAP = re.compile(r"[\W_]+")
_PLAIN = frozenset(HYPHENS + APOSTROPHES)
_LONGEST_ABBREVIATION = 3
_TITLE_CASE_ACRONYM = 4
_CASE_MATTERS = Form.ACRONYM | Form.SPELT


class Matcher:
    """Finds names; made once for a gazetteer and used for any number of texts."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._alone = [" " not in p for p in gazetteer.patterns]
        # Spaces around every pattern make the automaton find whole words alone.
        self._automaton = ahocorasick_rs.AhoCorasick([f" {p} " for p in gazetteer.patterns])

    def match(self, text: str, folded: Folded) -> list[Match]:
        """Every place where a name stands, by start and end; places may overlap.

        Args:
            text: The page.
            folded: Its folded copy.
        """
        found: dict[tuple[int, int], list[int]] = {}
        self._find(text, folded, None, found)
        if LINE_END_HYPHEN.search(text):
            joined = fold(text, join_lines=True)
            joints = [joined.offsets.forward(*m.span()).start for m in LINE_END_HYPHEN.finditer(text)]
            self._find(text, joined, joints, found)
        return [Match(start, end, tuple(forms)) for (start, end), forms in sorted(found.items())]

    def _find(
        self, text: str, folded: Folded, joints: list[int] | None, found: dict[tuple[int, int], list[int]]
    ) -> None:
        """Add what stands in one reading; with `joints`, only names that run across one of these places."""
        gazetteer, flags = self.gazetteer, self.gazetteer.form_flags
        backward = folded.offsets.backward
        for pattern, first, last in self._automaton.find_matches_as_indexes(folded.text, overlapping=True):
            if joints is not None and bisect_right(joints, first + 1) == bisect_left(joints, last - 1):
                continue
            start, end = backward(first + 1, last - 1)
            surface = text[start:end]
            comma = False if self._alone[pattern] else _comma(surface)
            if comma is None:
                continue
            lower = surface == surface.lower()
            for form in gazetteer.forms(pattern):
                marks = flags[form]
                if comma and not marks & Form.COMMA:
                    continue
                if lower and not marks & Form.LOWER and not marks & _CASE_MATTERS:
                    continue
                if marks & _CASE_MATTERS and not _acronym(surface, marks):
                    continue
                forms = found.setdefault((start, end), [])
                if form not in forms:
                    forms.append(form)


def _comma(surface: str) -> bool | None:
    """Whether a comma stands between the words of a find; None where they are no one name.

    Space, line breaks, hyphens and apostrophes hold a name together; a full stop does so after
    initials and short abbreviations.
    """
    comma = False
    for gap in _GAP.finditer(surface):
        if gap[0] == " ":
            continue
        for char in gap[0]:
            if char.isspace() or char in _PLAIN or unicodedata.category(char) in ("Mn", "Me", "Cf"):
                continue
            if char == ",":
                comma = True
            elif char != "." or not _abbreviated(surface[: gap.start()]):
                return None
    return comma


def _abbreviated(head: str) -> bool:
    word = _GAP.split(head)[-1]
    return len(word) <= _LONGEST_ABBREVIATION or word.lower() in ABBREVIATIONS


def _acronym(surface: str, marks: int) -> bool:
    letters = surface[:-1] if marks & Form.PLURAL and surface.endswith("s") else surface
    if marks & Form.SPELT:
        return letters == letters.upper() and letters.count(".") >= sum(c.isalnum() for c in letters) - 1
    if letters == letters.upper():
        return True
    return len(letters) >= _TITLE_CASE_ACRONYM and letters[0].isupper() and not marks & Form.COMMON
