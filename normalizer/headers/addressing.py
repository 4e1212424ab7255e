"""To whom a document goes, who takes part in it, and whom it greets."""

from __future__ import annotations

import re

from normalizer.headers.fields import Form, Part
from normalizer.headers.lines import Line, part, pieces
from normalizer.headers.posts import read_post
from normalizer.headers.reading import Head, Value
from normalizer.headers.tables import compact, words
from normalizer.model import Span

_DEAR = re.compile(r"\W{0,3}(?:My[ \t]{1,2})?(?:[D0O][eco][ao]r)[ \t]{1,3}(?P<name>[^\n:,;]{2,40}?)[ \t]{0,3}[:,;-]")
_STATE = re.compile(
    r"(?:The[ \t])?(?:[SG$5]e[a-z]{4,7}y[ \t][oc0][ft][ \t][SG$5g][a-z]{2}te|Department[ \t][oc0][ft][ \t]State)"
    r"(?:,[ \t]W[a-z]{4,9}n)?"
)
_INFO = re.compile(r"[;,.][ \t]*(INF[O0])\b:?")
_COPY = re.compile(r"\W{0,3}(?:cc|c\.c\.|CC|Copy to|Copies to|COPY TO|COPIES TO)[ \t]{0,2}[:.]?[ \t]{1,4}")
_NAMED = frozenset({Form.MEMORANDUM, Form.LETTER, Form.CONVERSATION})
_NAMED_START = re.compile(r"[^\W\d_a-z]")
_SALUTED = 60
_DELEGATION = re.compile(r"(?:[A-Z][A-Za-z.]{0,14}[ \t]?){1,3}:[ \t]*")
_MOST_PARTICIPANTS = 12


def salutation(text: str, head: Head) -> Part | None:
    """The name after `Dear`."""
    for line in head.lines[:_SALUTED]:
        if line.end - line.start < _SALUTED and (m := _DEAR.match(text, line.start, line.end)):
            found = part(text, *m.span("name"))
            if found and _NAMED_START.match(found.text) and compact(found.text) not in words("greeting"):
                return found
    return None


def _state(text: str, head: Head) -> re.Match[str] | None:
    """`Secretary of State` in a head."""
    return _STATE.search(text, head.lines[0].start, head.lines[head.body - 1].end) if head.body else None


def is_telegram(text: str, head: Head) -> bool:
    """Whether a head has `Secretary of State` as the paper forms of the Department have it."""
    return _state(text, head) is not None


def addressees(
    text: str, head: Head, form: Form, dated: int | None
) -> tuple[tuple[Part, ...], tuple[Part, ...], tuple[Span, ...]]:
    """Who stands behind TO, who behind INFO, and the labels among them."""
    to: list[Part] = []
    info: list[Part] = []
    marked: list[Span] = []
    first = head.lines[head.body].start if head.body < len(head.lines) else len(text)
    for value in head.values.get("to", ()):
        if value.slot.label.start >= first:
            continue
        m = _INFO.search(text, value.start, value.end)
        for piece in pieces(text, value.start, m.start() if m else value.end, ";"):
            if piece.span is None or text[piece.span.start - 1] in "([¡" or sum(map(str.isalpha, piece.text)) < 2:
                continue  # what the form itself explains
            to += [piece] if form in _NAMED else _post(text, piece, marked)
        if m:
            marked.append(Span(*m.span(1)))
            for piece in pieces(text, m.end(), value.end, ";"):
                info += _post(text, piece, marked)
    for value in head.values.get("info", ()):
        for piece in pieces(text, value.start, value.end, ";"):
            info += _post(text, piece, marked) if form is not Form.CIA_CABLE else []
    return tuple(to or _unlabelled(text, head, form, dated)), tuple(info), tuple(marked)


def _post(text: str, piece: Part, marked: list[Span]) -> list[Part]:
    if piece.span is None:
        return []
    read = read_post(text, *piece.span)
    marked += read.marked
    return [read.whole] if read.whole and compact(read.whole.text) != "NONE" else []


def _unlabelled(text: str, head: Head, form: Form, dated: int | None) -> list[Part]:
    """`Secretary of State` on a telegram; the first line of the inside address of a letter."""
    if form is not Form.LETTER:
        m = _state(text, head)
        return [Part(m[0], Span(*m.span()))] if m else []
    for number in range(dated + 1 if dated is not None else 0, min(head.body, len(head.lines))):
        line = head.lines[number]
        if _DEAR.match(text, line.start, line.end):
            return []
        if head.plain(number) and 2 <= len(line.tokens) <= 8:
            found = part(text, line.start, line.end)
            return [found] if found else []
    return []


def participants(text: str, head: Head) -> tuple[Part, ...]:
    """Who takes part in a conversation, parted by semicolons and lines; the name of a delegation is left out."""
    found: list[Part] = []
    for value in head.values.get("participants", ()):
        number, at = value.line.number, value.start
        while True:
            for piece in pieces(text, at, head.lines[number].end, ";"):
                found += _person(text, piece)
            number += 1
            if number >= min(head.body, len(head.lines)) or not _goes_on(text, head, number, found):
                break
            at = head.lines[number].start
    return tuple(found[:_MOST_PARTICIPANTS])


def _goes_on(text: str, head: Head, number: int, found: list[Part]) -> bool:
    """Whether a list of participants has the next line, too."""
    line: Line = head.lines[number]
    if not head.plain(number) or number in head.dates:
        return False
    return not found or not line.gap or len(line.tokens) <= 6


def _person(text: str, piece: Part) -> list[Part]:
    if piece.span is None:
        return []
    m = _DELEGATION.match(text, *piece.span)
    kept = part(text, m.end() if m else piece.span.start, piece.span.end)
    return [kept] if kept else []


def long_value(text: str, head: Head, kind: str) -> Part | None:
    """A value that may run on over the next lines."""
    value: Value | None = head.first(kind)
    if value is None:
        return None
    end, number = value.end, value.line.number + 1
    while number < min(head.body, len(head.lines), value.line.number + 3):
        line = head.lines[number]
        if line.gap or not head.plain(number) or number in head.dates:
            break
        end = line.end
        number += 1
    return part(text, value.start, end)


def copies(text: str, head: Head, tail: list[Line]) -> tuple[Part, ...]:
    """Who gets a copy, from the slots of the head and the lists of the tail."""
    found: list[Part] = []
    for value in head.values.get("copies", ()):
        found += pieces(text, value.start, value.end, ";,")
    for line in tail:
        m = _COPY.match(text, line.start, line.end)
        if m and not any(p.span and p.span.start >= line.start for p in found):
            found += pieces(text, m.end(), line.end, ";,")
    return tuple(found)
