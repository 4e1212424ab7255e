"""From the lines of a page to its header."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from normalizer.dates import parse_date
from normalizer.headers.dating import Found, header_date, lone_year
from normalizer.headers.fields import Form, Header, HeaderDate, Origin, Part
from normalizer.headers.lines import Line, head_lines, part, pieces, tail_lines
from normalizer.headers.posts import Slotted, office_of, read_post
from normalizer.headers.reading import Head, Value, inner, is_stamp, read_head
from normalizer.headers.signing import signers
from normalizer.headers.slots import label_spans
from normalizer.headers.tables import compact, nearest, words
from normalizer.model import Span

_HEAD_LINES, _HEAD_CHARS = 80, 5000
_TAIL_LINES, _TAIL_CHARS = 30, 2500
_DEAR = re.compile(r"(?:My[ \t]{1,2})?(?:Dear|De[ao]r|0ear|Doar)[ \t]{1,3}(?P<name>[^\n:,;]{2,40}?)[ \t]{0,3}[:,;.-]")
_FOR_FROM = re.compile(
    r"For[ \t](?P<to>(?:the[ \t])?\w[^\n]{2,40}?)[ \t](?:from|[Ff]r[o0]m)[ \t](?P<who>\w[^\n]{2,60})"
)
_CITED = re.compile(
    r"(?P<to>(?:[A-Z0-9]{2,9}[ \t,]{1,3}){1,6})?(?:INFO[ \t](?P<info>(?:[A-Z0-9]{2,9}[ \t,]{1,3}){1,8}))?"
    r"\bC[I1]TE[ \t]{1,3}(?P<cite>[A-Z][A-Z ]{1,20}?)[ \t]{1,3}(?P<number>[\dOIl]{2,6})"
)
_STATE = re.compile(
    r"(?:The[ \t])?(?:Sec[a-z]{4,7}y[ \t][oc0]f[ \t]S[a-z]{2}te|Department[ \t]of[ \t]State)(?:,[ \t]W[a-z]{4,9}n)?"
)
_TELEGRAM = re.compile(r"\b(?:INCOMING|OUTGOING) TELEGRAM\b|\bRec'?d\b|\bControl:|\bN[oI]\. ?\d", re.IGNORECASE)
_CIA = re.compile(
    r"CLASSIFIED MESSAGE|CENTRAL INTELLIGENCE AGENCY|MESSAGE FORM|\bCITE\b|IN CS FILE|\bRYBAT\b|RELEASING OFFICER"
)
_SALUTED = 60


def parse_header(text: str, date: str | None = None, metadata: Mapping[str, Any] | None = None) -> Header:
    """What the head and the tail of a document say of it, tolerant of a scan's damage.

    The document's own metadata wins over the page. What cannot be read beyond doubt is left out.

    Args:
        text: The page, any Unicode.
        date: `YYYY`, `YYYY-MM` or `YYYY-MM-DD` where the reader gave it; else None.
        metadata: Of the document. Strings under `from`, `to`, `subject`, `classification`, `place`, `reference` are
            taken; other keys and types are passed over.

    Returns:
        The header. `page[part.span.start:part.span.end] == part.text` for every part with a span.

    Raises:
        ValueError: `date` is none.
    """
    head = read_head(text, head_lines(text, lines=_HEAD_LINES, chars=_HEAD_CHARS))
    tail = tail_lines(text, lines=_TAIL_LINES, chars=_TAIL_CHARS)
    form = _form(text, head)
    found, dated = _date(text, head)
    marked: list[Span] = []
    posts = _From(text, head, form, dated, marked)
    addressees, info = _addressees(text, head, form, marked, dated)
    salutation = _salutation(text, head)
    if form is Form.NONE and salutation:
        form = Form.LETTER
    first_tail = max((line.end for line in head.lines[: head.body]), default=0)
    signed = signers(text, [line for line in tail if line.start >= first_tail])
    offices = _offices(posts.origin, addressees + info)
    header = Header(
        form=form,
        date=found,
        origin=posts.origin,
        sender=posts.sender,
        addressees=addressees,
        info=info,
        signers=signed,
        participants=_participants(text, head),
        salutation=salutation,
        classification=_classification(text, head),
        subject=_long(text, head, "subject"),
        reference=_long(text, head, "reference"),
        copies=_copies(text, head, tail),
        labels=label_spans(text, head, marked, frozenset()),
        offices=offices,
    )
    return _with_metadata(header, date, metadata or {})


def _form(text: str, head: Head) -> Form:
    end = head.lines[-1].end if head.lines else 0
    top = head.lines[min(head.body, len(head.lines) - 1)].end if head.lines else 0
    kinds = {slot.kind for number, slot in head.slots.items() if number <= head.body}
    capitals = text[:top].upper()
    if "MEMORANDUM OF CONVERSATION" in capitals or "participants" in kinds:
        return Form.CONVERSATION
    if re.search(r"MEM[O0]RANDUM|\bMEM[O0] F[O0]R", capitals):
        return Form.MEMORANDUM
    if re.search(r"^\W{0,5}D[IE]SPA[TI]CH\b", text[:end], re.MULTILINE):
        return Form.DISPATCH
    if _CIA.search(text, 0, end):
        return Form.CIA_CABLE
    fm = any(text[s.label.start : s.label.end].upper() == "FM" for s in head.slots.values())
    group = any(found.group for number, dates in head.dates.items() if number < head.body for found in dates)
    if fm or "tags" in kinds or (group and "to" in kinds):
        return Form.MESSAGE
    if any(_DEAR.match(text, line.start, line.end) for line in head.lines):
        return Form.LETTER
    if _STATE.search(text, 0, top) or _TELEGRAM.search(text, 0, top):
        return Form.TELEGRAM
    return Form.NONE


def _date(text: str, head: Head) -> tuple[HeaderDate | None, int | None]:
    """The date, and the number of its line."""
    ranked: list[tuple[int, int, HeaderDate]] = []
    bounds = (head.lines[0].start, head.lines[-1].end) if head.lines else (0, 0)
    for number, dates in head.dates.items():
        slot = head.slots.get(number)
        if slot and slot.kind in ("otherdate", "reference", "subject", "copies"):
            continue
        for found in dates:
            rank = _rank(text, head, number, found)
            if rank is None:
                continue
            year = lone_year(text, *bounds) if found.year is None else None
            whole = header_date(text, found, year)
            if whole:
                ranked.append((rank + (2 if found.day is None else 0), number, whole))
    for value in head.values.get("date", ()):
        if value.line.number not in head.slots and value.line.number in head.dates:
            for found in head.dates[value.line.number]:
                whole = header_date(text, found)
                if whole:
                    ranked.append((0 if found.day else 2, value.line.number, whole))
    if not ranked:
        return None, None
    best = min(ranked, key=lambda row: row[:2])
    return best[2], best[1]


def _rank(text: str, head: Head, number: int, found: Found) -> int | None:
    """How well a date stands for the document's, lowest first; None where it does not."""
    slot, line = head.slots.get(number), head.lines[number]
    if slot and slot.kind == "date":
        return 0
    if number >= head.body:
        return None
    if found.group:
        return 1
    if slot and slot.kind not in ("from", "to", "place", "form"):
        return None
    before = [t for t in line.tokens if t.end <= found.start]
    after = [t for t in line.tokens if t.start >= found.end]
    if len(before) > 6 or len(after) > 8:
        return None
    return 0 if len(before) + len(after) <= 6 else 1


class _From:
    """Who sent it: the post of a telegram, the sender of a memorandum."""

    def __init__(self, text: str, head: Head, form: Form, dated: int | None, marked: list[Span]) -> None:
        self.origin: Origin | None = None
        self.sender: Part | None = None
        value = head.first("from")
        personal = form in (Form.MEMORANDUM, Form.LETTER, Form.CONVERSATION)
        if value:
            start, end = inner(text, value, ";")
            for found in head.dates.get(value.line.number, ()):
                end = min(end, found.start) if found.start > start else end
            read = read_post(text, start, end)
            if personal and not read.office:
                self.sender = part(text, start, end)
            else:
                marked += read.marked
                self.origin = read.origin()
        self.origin = self.origin or _dateline(text, head, dated, form) or _post_line(text, head, marked)
        if self.origin is None and form is Form.CIA_CABLE:
            self.origin = _cited(text, head)
        both = _for_from(text, head)
        if both and self.sender is None:
            self.sender = both[1]


def _for_from(text: str, head: Head) -> tuple[Part, Part] | None:
    for line in head.lines[: head.body]:
        m = _FOR_FROM.match(text, line.start, line.end)
        if m:
            return Part(m["to"], Span(*m.span("to"))), Part(m["who"], Span(*m.span("who")))
    return None


def _dateline(text: str, head: Head, dated: int | None, form: Form) -> Origin | None:
    """The place before the date, or on the line above it under a letterhead."""
    for number, dates in head.dates.items():
        if number >= head.body or number in head.slots:
            continue
        line = head.lines[number]
        found = min(dates)
        if found.group or sum(t.end <= found.start for t in line.tokens) > 6:
            continue
        before = part(text, line.start, found.start)
        if before and before.span and not is_stamp(text, *before.span):
            read = read_post(text, *before.span)
            if read.place:
                return read.origin()
        elif not before and number and head.plain(number - 1):
            return _letterhead(text, head, number - 1)
    return None


def _letterhead(text: str, head: Head, number: int) -> Origin | None:
    line = head.lines[number]
    if len(line.tokens) > 4 or any(map(str.isdigit, text[line.start : line.end])):
        return None
    read = read_post(text, line.start, line.end)
    above = head.lines[number - 1] if number and head.plain(number - 1) else None
    if above is None or not _is_office(text, above):
        if read.place is None and read.whole and _is_office(text, line):
            return Origin(read.whole.text, read.whole.span, None, read.whole)
        return None
    office = part(text, above.start, above.end)
    if read.place is None or office is None or read.place.span is None or office.span is None:
        return read.origin()
    start, end = office.span.start, read.place.span.end
    return Origin(text[start:end], Span(start, end), read.place, office)


def _is_office(text: str, line: Line) -> bool:
    if office_of(text[line.start : line.end]):
        return True
    return any(nearest(compact(text[a:b]), words("bureau")) for a, b in line.tokens)


def _post_line(text: str, head: Head, marked: list[Span]) -> Origin | None:
    """A line of the head with AMEMBASSY or `Embassy,` and a place, before any TO."""
    for number in range(head.body):
        slot = head.slots.get(number)
        if slot and slot.kind in ("to", "info", "action", "subject", "reference"):
            return None
        line = head.lines[number]
        for at, token in enumerate(line.tokens[:2]):
            key = nearest(compact(text[token.start : token.end]), words("post"))
            if key and len(line.tokens) - at in (2, 3, 4):
                read = read_post(text, token.start, line.end)
                if read.place:
                    marked += read.marked
                    return read.origin()
    return None


def _cited(text: str, head: Head) -> Origin | None:
    for line in head.lines:
        m = _CITED.search(text, line.start, line.end)
        if m:
            found = Part(m["cite"], Span(*m.span("cite")))
            if office_of(found.text) or found.text == "DIR":
                return Origin(found.text, found.span, None, found)
            return Origin(found.text, found.span, found, None)
    return None


def _addressees(
    text: str, head: Head, form: Form, marked: list[Span], dated: int | None
) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    to: list[Part] = []
    info: list[Part] = []
    for value in head.values.get("to", ()):
        if value.slot.label.start >= (head.lines[head.body].start if head.body < len(head.lines) else value.end):
            continue
        stop = _inline_info(text, value)
        for piece in pieces(text, value.start, stop or value.end, ";"):
            to += _addressee(text, piece, form, marked)
        if stop:
            label = re.compile(r"INF[O0]").search(text, stop, value.end)
            if label:
                marked.append(Span(*label.span()))
                found = part(text, label.end(), value.end)
                if found:
                    info.append(found)
    for value in head.values.get("info", ()):
        found = part(text, value.start, value.end)
        if found and found.span and form is not Form.CIA_CABLE:
            read = read_post(text, *found.span)
            marked += read.marked
            if read.whole and compact(read.whole.text) != "NONE":
                info.append(read.whole)
    if not to:
        to += _unlabelled(text, head, form, dated)
    both = _for_from(text, head)
    if both:
        to.append(both[0])
    return tuple(to), tuple(info)


def _inline_info(text: str, value: Value) -> int | None:
    m = re.compile(r"[;,.][ \t]*INF[O0]\b").search(text, value.start, value.end)
    return m.start() if m else None


def _addressee(text: str, piece: Part, form: Form, marked: list[Span]) -> list[Part]:
    if piece.span is None:
        return []
    if form in (Form.MEMORANDUM, Form.LETTER, Form.CONVERSATION):
        return [piece]
    read: Slotted = read_post(text, *piece.span)
    marked += read.marked
    return [read.whole] if read.whole else []


def _unlabelled(text: str, head: Head, form: Form, dated: int | None) -> list[Part]:
    """`Secretary of State` on a telegram; the inside address of a letter."""
    if form is Form.LETTER:
        for number in range((dated or 0) + 1 if dated is not None else 0, len(head.lines)):
            line = head.lines[number]
            if _DEAR.match(text, line.start, line.end):
                return []
            if head.plain(number) and number < head.body and 2 <= len(line.tokens) <= 8:
                found = part(text, line.start, line.end)
                return [found] if found else []
        return []
    for line in head.lines[: head.body]:
        m = _STATE.search(text, line.start, line.end)
        if m:
            return [Part(m[0], Span(*m.span()))]
    return []


def _salutation(text: str, head: Head) -> Part | None:
    for line in head.lines[:_SALUTED]:
        m = _DEAR.match(text, line.start, line.end)
        if m and line.end - line.start < _SALUTED:
            return part(text, *m.span("name"))
    return None


def _participants(text: str, head: Head) -> tuple[Part, ...]:
    found: list[Part] = []
    for value in head.values.get("participants", ()):
        number = value.line.number
        at = value.start
        while True:
            found += pieces(text, at, head.lines[number].end, ";")
            number += 1
            if number >= len(head.lines) or (number in head.slots and head.slots[number].kind != "place"):
                break
            line = head.lines[number]
            if line.gap or number >= head.body or not head.plain(number):
                break
            at = line.start
    return tuple(found)


def _classification(text: str, head: Head) -> Part | None:
    ranks = (
        "TOPSECRET",
        "SECRET",
        "CONFIDENTIAL",
        "UNCLASSIFIED",
        "LIMITEDOFFICIALUSE",
        "OFFICIALUSEONLY",
        "RESTRICTED",
        "UNCLAS",
    )
    known = frozenset(compact(rank) for rank in ranks)
    for number, line in enumerate(head.lines[: head.body + 1]):
        if number in head.notices:
            continue
        if number in head.stamped and nearest(compact(text[line.start : line.end]), known):
            return part(text, line.start, line.end)
        for count in (3, 2, 1):
            if count <= len(line.tokens):
                start, end = line.tokens[0].start, line.tokens[count - 1].end
                if compact(text[start:end]) in known and text[start].isupper():
                    return part(text, start, end)
    return None


def _long(text: str, head: Head, kind: str) -> Part | None:
    """A value that may run on over the next lines."""
    value = head.first(kind)
    if value is None:
        return None
    end, number = value.end, value.line.number + 1
    while number < min(len(head.lines), value.line.number + 3):
        line = head.lines[number]
        if line.gap or number >= head.body or not head.plain(number) or number in head.dates:
            break
        end = line.end
        number += 1
    return part(text, value.start, end)


def _copies(text: str, head: Head, tail: list[Line]) -> tuple[Part, ...]:
    found: list[Part] = []
    for value in head.values.get("copies", ()):
        found += pieces(text, value.start, value.end, ";,")
    for line in tail:
        m = re.compile(r"\W{0,3}(?:cc|c\.c\.|Copy to|Copies to|COPY TO|COPIES TO)[ \t]{0,2}:?[ \t]").match(
            text, line.start, line.end
        )
        if m and not any(p.span and line.start <= p.span.start < line.end for p in found):
            found += pieces(text, m.end(), line.end, ";,")
    return tuple(found)


def _offices(origin: Origin | None, slotted: tuple[Part, ...]) -> tuple[Part, ...]:
    found = [origin.office] if origin and origin.office else []
    for piece in slotted:
        first = piece.text.split()[0].rstrip(",;.")
        if piece.span and office_of(piece.text):
            found.append(piece)
        elif piece.span and office_of(first):
            found.append(Part(first, Span(piece.span.start, piece.span.start + len(first))))
    return tuple(found)


def _with_metadata(header: Header, date: str | None, metadata: Mapping[str, Any]) -> Header:
    from dataclasses import replace

    changes: dict[str, Any] = {}
    if date is not None:
        changes["date"] = HeaderDate(date, None, parse_date(date), date.strip())
    given = {key.lower(): value.strip() for key, value in metadata.items() if isinstance(value, str) and value.strip()}
    if "to" in given:
        changes["addressees"] = tuple(Part(piece.strip(), None) for piece in given["to"].split(";") if piece.strip())
    for key in ("subject", "classification", "reference"):
        if key in given:
            changes[key] = Part(given[key], None)
    place = given.get("place")
    if place or "from" in given:
        read = read_post(place or given["from"], 0, len(place or given["from"]))
        changes["origin"] = _unplaced(read.origin())
    return replace(header, **changes)


def _unplaced(origin: Origin | None) -> Origin | None:
    if origin is None:
        return None
    place, office = (Part(p.text, None) if p else None for p in (origin.place, origin.office))
    return Origin(origin.text, None, place, office)
