"""Every name of the gazetteer that stands in a text: one automaton over the folded copy.

A text is read twice: with line-end hyphens kept (`Ben-` `Gurion`) and, where it has any, with
them joined (`Kuz-` `netsov`). What the automaton finds is then held against the page itself:
names do not run across the end of a sentence, acronyms need their capitals, English words theirs.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

import ahocorasick_rs

from normalizer.folding import APOSTROPHES, HYPHENS, fold, line_end_hyphens
from normalizer.gazetteer import Form, Gazetteer
from normalizer.model import Folded, Match

ABBREVIATIONS = frozenset({"capt", "cmdr", "supt", "prof", "brig", "messrs"})
"""Words of more than three letters after which a full stop ends no sentence."""

_GAP = re.compile(r"[\W_]+")
_PLAIN = frozenset(HYPHENS + APOSTROPHES + '~"_*^=\u00b0\u00b7\u2022\u201c\u201d\u201e')
"""What holds a name together or is dirt on the page."""
_LONGEST_ABBREVIATION = 3
_TITLE_CASE_ACRONYM = 4
_CAPITALS = Form.ACRONYM | Form.SPELT


class Matcher:
    """Finds names; made once for a gazetteer and used for any number of texts."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._alone = [" " not in p for p in gazetteer.patterns]
        # Spaces around every pattern make the automaton find whole words alone.
        self._automaton = ahocorasick_rs.AhoCorasick([f" {p} " for p in gazetteer.patterns])
        # Twice its letters: a name on the page may have stops and indentation between its words.
        self._reach = 2 * max(map(len, gazetteer.patterns), default=0)
        self._words = frozenset(" ".join(gazetteer.patterns).split())
        self._choices: dict[tuple[int, bool], _Choice] = {}

    def match(self, text: str, folded: Folded) -> list[Match]:
        """Every place where a name stands, by start and end; places may overlap.

        Args:
            text: The page.
            folded: Its folded copy.
        """
        found: dict[tuple[int, int], tuple[int, ...]] = {}
        self._find(text, 0, folded, None, found)
        for start, end in self._around_joints(text):
            piece = text[start:end]
            joined = fold(piece, join_lines=True)
            joints = [joined.offsets.forward(*m.span()).start for m in line_end_hyphens(piece)]
            self._find(text, start, joined, joints, found)
        return [Match(start, end, forms) for (start, end), forms in sorted(found.items())]

    def _around_joints(self, text: str) -> Iterator[tuple[int, int]]:
        """Whole words as far around every line-end hyphen as a name may reach; where two would meet, one."""
        start = end = 0
        for joint in line_end_hyphens(text):
            if not self._may_join(text, joint):
                continue
            left = joint.start() - self._reach
            if left <= end and end:
                end = joint.end() + self._reach
                continue
            if end:
                yield start, _word_end(text, end)
            start, end = _word_start(text, left), joint.end() + self._reach
        if end:
            yield start, _word_end(text, end)

    def _may_join(self, text: str, joint: re.Match[str]) -> bool:
        """Whether the word that a hyphen at a line's end parts may be a word of a name, as hardly one is."""
        word = text[_word_start(text, joint.start()) : _word_end(text, joint.end())]
        # A word of three lines goes on behind the next hyphen.
        return word[-1] in HYPHENS or not self._words.isdisjoint(fold(word, join_lines=True).text.split())

    def _find(
        self,
        text: str,
        shift: int,
        folded: Folded,
        joints: list[int] | None,
        found: dict[tuple[int, int], tuple[int, ...]],
    ) -> None:
        """Add what stands in one reading of the text from `shift` on; with `joints`, only across one of them."""
        alone, choices = self._alone, self._choices
        hits = self._automaton.find_matches_as_indexes(folded.text, overlapping=True)
        if joints is not None:
            hits = [hit for hit in hits if bisect_right(joints, hit[1] + 1) != bisect_left(joints, hit[2] - 1)]
        spans = folded.offsets.all_backward([(first + 1, last - 1) for _, first, last in hits])
        for (pattern, _, _), (start, end) in zip(hits, spans, strict=True):
            if shift:
                start, end = start + shift, end + shift
            lower = text[start].islower()
            choice = choices.get((pattern, lower)) or self._choose(pattern, lower)
            if not choice.plain and not choice.strict:
                continue
            comma = False if alone[pattern] else _comma(text[start:end])
            if comma is None:
                continue
            forms = choice.plain
            if comma or choice.strict:
                forms = self._strict(choice, text[start:end], comma)
            if forms:
                known = found.get((start, end), ())
                found[start, end] = known + tuple(f for f in forms if f not in known) if known else forms

    def _choose(self, pattern: int, lower: bool) -> _Choice:
        """The forms of a pattern that may stand where it begins with a small letter or does not; kept."""
        flags = self.gazetteer.form_flags
        forms = [f for f in self.gazetteer.forms(pattern) if not lower or flags[f] & Form.LOWER]
        strict = tuple(f for f in forms if flags[f] & _CAPITALS)
        choice = _Choice(tuple(f for f in forms if f not in strict), strict)
        self._choices[pattern, lower] = choice
        return choice

    def _strict(self, choice: _Choice, surface: str, comma: bool) -> tuple[int, ...]:
        flags = self.gazetteer.form_flags
        kept = choice.plain + tuple(f for f in choice.strict if _acronym(surface, flags[f]))
        return tuple(f for f in kept if flags[f] & Form.COMMA) if comma else kept


class _Choice(NamedTuple):
    """Forms of a pattern: those that may stand as they are, and those whose capitals or dots count."""

    plain: tuple[int, ...]
    strict: tuple[int, ...]


def _word_start(text: str, at: int) -> int:
    at = max(0, at)
    while at and not text[at - 1].isspace():
        at -= 1
    return at


def _word_end(text: str, at: int) -> int:
    while at < len(text) and not text[at].isspace():
        at += 1
    return min(at, len(text))


def _comma(surface: str) -> bool | None:
    """Whether a comma stands between the words of a find; None where they are no one name.

    Space, line breaks, hyphens, apostrophes and specks of dirt hold a name together; a full stop does
    so after initials and short abbreviations, or where no space follows it.
    """
    comma = False
    for gap in _GAP.finditer(surface):
        if gap[0] == " ":
            continue
        for char in gap[0] if gap[0] != "." else ():
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
