"""The head of a page, read line by line: which lines are slots, stamps, notices, and where the text begins."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from normalizer.headers.dating import Found, find_dates
from normalizer.headers.labels import Slot, alike, slot_of
from normalizer.headers.lines import Line, running
from normalizer.headers.tables import compact, is_routing, marks, may_be, nearest, stamps

_NOTICES = (
    *("RELEASE UNDER", "ACT OF 19", "ASSASSINATION RECORDS", "DECLAS", "APPROVED FOR", "REPRODUC", "GSA GEN", "FPMR"),
    *("HISTORICAL REVIEW", "LAST REVIEW", "REVIEWED", "EXEMPT", "DOWNGRAD", "SANITIZED", "DOCID"),
)
"""What archives and printers put on a page: no part of the document and no date of it."""
FOR_FROM = re.compile(r"For[ \t](?P<to>(?:the[ \t])?\w[^\n]{2,40}?)[ \t][Ff]r[o0][mn][ \t](?P<who>\w[^\n]{2,60})")
"""Words at the head of a telegram: `For the Secretary from Ambassador Smith`."""
_DIGIT = re.compile(r"\d")
_NUMBERED = re.compile(r"\W{0,3}[1liI][.,][ \t]")
_LONGEST_LABEL, _LONGEST_STAMP, _WIDEST_STAMP = 60, 60, 80
_ROUTED = re.compile(r"[^\w\n]{0,4}(?:[A-Z]{3}|U\.? ?S|Secret|Confid|Top|Limit|Offic|Prior|Eyes)")
"""How routing words begin, which stand in capitals but for the classifications."""
_PARTS = re.compile(r"[\s/,;.:-]+")
_SURE = 9
"""Letters of a stamp that goes before any label that it begins with."""


class Value(NamedTuple):
    """A slot, its line, and where its value stands."""

    slot: Slot
    line: Line
    start: int
    end: int


@dataclass(slots=True)
class Head:
    """What was read of the head of a page.

    Attributes:
        lines: Its lines.
        body: Number of the first line of running text; the count of lines where there is none.
        slots: Slots by the number of their line.
        values: Slots by kind, in the order of the page.
        dates: Dates by the number of their line.
        stamped: Numbers of lines that are stamps, precedences or classifications.
        notices: Numbers of lines that archives put there.
    """

    lines: list[Line]
    body: int = 0
    slots: dict[int, Slot] = field(default_factory=dict)
    values: dict[str, list[Value]] = field(default_factory=dict)
    dates: dict[int, list[Found]] = field(default_factory=dict)
    stamped: set[int] = field(default_factory=set)
    notices: set[int] = field(default_factory=set)

    def first(self, kind: str) -> Value | None:
        """The first slot of a kind that has a value."""
        return next((value for value in self.values.get(kind, ()) if value.start < value.end), None)

    def end(self) -> int:
        """Where the head ends on the page: before the running text, or behind the last slot, date or salutation."""
        if self.body < len(self.lines):
            return self.lines[self.body].start
        last = max((*self.slots, *self.dates, -1))
        return self.lines[last].end if last >= 0 else 0

    def plain(self, number: int) -> bool:
        """Whether a line of the head is none of the kinds known."""
        return number not in self.slots and number not in self.stamped and number not in self.notices


def read_head(text: str, lines: list[Line]) -> Head:
    """Sort the lines of a head into slots, stamps, dates and text."""
    head = Head(lines, len(lines))
    open_head = True
    top = text[lines[0].start : lines[-1].end].upper() if lines else ""
    notices = [words for words in _NOTICES if words in top]
    known = marks()
    for number, line in enumerate(lines):
        start, end = line.start, line.end
        if not open_head and text.find(":", start, start + _LONGEST_LABEL) < 0:
            if end - start <= _WIDEST_STAMP and _stamped(text, start, end, line.key, near=may_be(line.key, known)):
                head.stamped.add(number)
            continue
        if notices and any(map(text[start:end].upper().__contains__, notices)):
            head.notices.add(number)
            continue
        key = line.key
        near = may_be(key, known)
        if near and len(key) >= _SURE and nearest(key, stamps()):
            head.stamped.add(number)
            continue
        slot = slot_of(text, line, head=open_head)
        if slot is None and open_head and (head.slots or head.dates):
            slot = _after_group(text, head, number)
        if slot:
            head.slots[number] = slot
        elif _stamped(text, start, end, key, near=near):
            head.stamped.add(number)
            continue
        elif open_head and _begins_text(text, line):
            head.body, open_head = number, False
        if (open_head or slot) and _DIGIT.search(text, start, end):
            dates = list(find_dates(text, start, end))
            if dates:
                head.dates[number] = dates
    _collect(text, head)
    return head


def _begins_text(text: str, line: Line) -> bool:
    """Whether a line is the first paragraph, by its number or its words."""
    if FOR_FROM.match(text, line.start, line.end):
        return False
    return _NUMBERED.match(text, line.start, line.end) is not None or running(line)


def is_stamp(text: str, start: int, end: int) -> bool:
    """Whether a stretch is a stamp, or precedences, captions and classifications alone."""
    key = compact(text[start:end])
    return _stamped(text, start, end, key, near=may_be(key, marks()))


def _stamped(text: str, start: int, end: int, key: str, *, near: bool) -> bool:
    if not key:
        return False
    if near and (nearest(key, stamps()) or is_routing(key)):
        return True
    if end - start > _LONGEST_STAMP or not _ROUTED.match(text, start, end):
        return False
    return all(map(_routes, _PARTS.split(text[start:end])))


@lru_cache(16384)
def _routes(word: str) -> bool:
    return not word or word in ("EYES", "ONLY", "U", "S", "TOP") or is_routing(compact(word))


def _after_group(text: str, head: Head, number: int) -> Slot | None:
    """FM and TO, hardly legible, on the lines that follow a date-time group."""
    line = head.lines[number]
    seen = line.words[0]
    if len(line.words) < 2 or not 2 <= len(compact(seen)) <= 4:
        return None
    token = line.tokens[0]
    kinds = [head.slots[n].kind for n in range(max(0, number - 3), number) if n in head.slots]
    groups = any(found.group for n in range(max(0, number - 2), number) for found in head.dates.get(n, ()))
    if "from" in kinds and "to" not in kinds and alike(seen, "TO"):
        return Slot("to", token, token.end, False)
    if "to" in kinds and (alike(seen, "INFO") or compact(seen) == "IFO"):
        return Slot("info", token, token.end, False)
    if groups and "from" not in kinds and alike(seen, "FM"):
        return Slot("from", token, token.end, False)
    return None


def _collect(text: str, head: Head) -> None:
    for number, slot in head.slots.items():
        line = head.lines[number]
        value = Value(slot, line, slot.value, line.end)
        if not text[slot.value : line.end].strip(" \t:.;,-_|"):
            value = _below(head, number, slot, line)
        elif number >= head.body and not slot.colon:
            continue
        head.values.setdefault(slot.kind, []).append(value)


def _below(head: Head, number: int, slot: Slot, line: Line) -> Value:
    """The value of a label that stands alone: the next line, where that is none of its own kind."""
    below = number + 1
    if below < len(head.lines) and head.plain(below) and below < head.body:
        line = head.lines[below]
        return Value(slot, line, line.start, line.end)
    return Value(slot, line, line.end, line.end)
