"""Where a document comes from, and who sent it."""

from __future__ import annotations

import re
from typing import NamedTuple

from normalizer.headers.dated import is_date_label
from normalizer.headers.dating import broken_date
from normalizer.headers.fields import Form, Origin, Part
from normalizer.headers.lines import Line, part
from normalizer.headers.posts import office_of, personal, read_post
from normalizer.headers.reading import FOR_FROM, Head, is_stamp
from normalizer.headers.tables import compact, nearest, words
from normalizer.model import Span

_CITED = re.compile(r"\bC[I1]TE[ \t]{1,3}(?P<cite>[A-Z][A-Z ]{1,20}?)[ \t]{1,3}(?P<number>[\dOIl]{2,6})")
_PERSONAL = frozenset({Form.MEMORANDUM, Form.LETTER, Form.CONVERSATION})
"""Forms whose FROM is a person rather than a post."""
_MOST_BEFORE, _LONGEST_LETTERHEAD = 6, 4


class Sent(NamedTuple):
    """The origin, the person in FROM, the addressee of `For A from B`, and labels among them."""

    origin: Origin | None
    sender: Part | None
    addressee: Part | None
    marked: tuple[Span, ...]


def read_origin(text: str, head: Head, form: Form) -> Sent:
    """Who sent a document, from its FROM, its date line, its letterhead or its CITE, in this order."""
    origin: Origin | None = None
    sender: Part | None = None
    marked: list[Span] = []
    value = head.first("from")
    if value:
        start, end = value.start, value.end
        for sign in (";", " TO ", " INFO "):
            at = text.find(sign, start, end)
            end = at if at >= 0 else end
        for found in head.dates.get(value.line.number, ()):
            end = min(end, found.start) if found.start > start else end
        broken = broken_date(text, start, end)
        read = read_post(text, start, broken if broken is not None and broken > start else end)
        marked += read.marked
        person = part(text, start, end)
        if person and (personal(person.text) or (form in _PERSONAL and not read.office)):
            sender = person
        elif read.place or read.office:
            origin = read.origin()
    origin = origin or _date_line(text, head) or _post_line(text, head, marked)
    if origin is None and form is Form.CIA_CABLE:
        origin = _cited(text, head)
    addressee = None
    for line in head.lines[: head.body]:
        m = FOR_FROM.match(text, line.start, line.end)
        if m:
            addressee = part(text, *m.span("to"))
            sender = sender or part(text, *m.span("who"))
            break
    return Sent(origin, sender, addressee, tuple(marked))


def _date_line(text: str, head: Head) -> Origin | None:
    """The place before the date, or on the line above it under a letterhead."""
    for number, line in enumerate(head.lines[: head.body]):
        if number in head.slots or number in head.notices:
            continue
        starts = [found.start for found in head.dates.get(number, ()) if not found.group]
        at = min(starts) if starts else broken_date(text, line.start, line.end)
        if at is None or sum(t.end <= at for t in line.tokens) > _MOST_BEFORE:
            continue
        before = part(text, line.start, at)
        if before and before.span and not is_stamp(text, *before.span) and not is_date_label(before.text):
            read = read_post(text, *before.span)
            if read.place:
                return read.origin()
        if number and head.plain(number - 1):
            found = _letterhead(text, head, number - 1)
            if found:
                return found
    return None


def _letterhead(text: str, head: Head, number: int) -> Origin | None:
    """An office and its place, one under the other, or an office alone."""
    line = head.lines[number]
    read = read_post(text, line.start, line.end)
    above = head.lines[number - 1] if number and head.plain(number - 1) else None
    if read.place is None or len(line.tokens) > _LONGEST_LETTERHEAD:
        if read.whole and _is_office(text, line):
            return Origin(read.whole.text, read.whole.span, None, read.whole)
        return None
    office = part(text, above.start, above.end) if above and _is_office(text, above) else None
    if office is None or read.place.span is None or office.span is None:
        return read.origin() if read.office else None
    start, end = office.span.start, read.place.span.end
    return Origin(text[start:end], Span(start, end), read.place, office)


def _is_office(text: str, line: Line) -> bool:
    if office_of(text[line.start : line.end]):
        return True
    return any(nearest(compact(word), words("bureau")) for word in line.words)


def _post_line(text: str, head: Head, marked: list[Span]) -> Origin | None:
    """A line with AMEMBASSY or `Embassy,` and a place, before any TO: so a label that is not legible was FM."""
    for number in range(head.body):
        slot = head.slots.get(number)
        if slot and slot.kind in ("to", "info", "action", "subject", "reference"):
            return None
        line = head.lines[number]
        for at, word in enumerate(line.words[:2]):
            if not 2 <= len(line.words) - at <= 5:
                continue
            key = compact(word)
            if nearest(key, words("post")) or nearest(key + compact(line.words[at + 1]), words("post")):
                read = read_post(text, line.tokens[at].start, line.end)
                if read.place:
                    marked += read.marked
                    return read.origin()
    return None


def _cited(text: str, head: Head) -> Origin | None:
    """The station before the number of a CIA cable: `CITE MEXICO CITY 1234`."""
    for line in head.lines:
        m = _CITED.search(text, line.start, line.end)
        if m:
            found = Part(m["cite"], Span(*m.span("cite")))
            office = found if office_of(found.text) or found.text == "DIR" else None
            return Origin(found.text, found.span, None if office else found, office)
    return None
