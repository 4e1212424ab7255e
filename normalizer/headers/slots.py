"""Spans of a page that belong to the form: labels, stamps, routing words and office symbols."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from normalizer.headers.lines import Line
from normalizer.headers.reading import Head
from normalizer.headers.tables import compact, is_routing, nearest, words
from normalizer.model import Span

_SYMBOL = re.compile(
    r"(?<![\w/])(?:[A-Z]{1,4}(?:/[A-Z0-9]{1,6}){1,4}(?:[ -]\d{1,2})?|"
    r"(?:DCI|DDCI|DDP|ADDP|COP|CI|FI|CA|WH|WE|EE|FE|NE|SR|AF|PP|OS|VR|SAS|DDI|DDS|LEG|OPSER)(?:[ -]\d{1,2})?)(?![\w/])"
)
"""Office symbols: `C/WH 5`, `S/S`, `ADDP/A`."""
_INDICATORS = re.compile(r"(?:[ROPZY]{2}|DE|ZNY|RU[A-Z]{3,6}|[ \t])+")
"""A line of routing indicators: `RR RUEHC RUFHOL`."""
_DISTRIBUTION = re.compile(
    r"[A-Z]{1,2}|[A-Z]{1,2}/[A-Z]{1,4}|(?P<sure>EUR|ARA|NEA|INR|BNA|GER|SOV|CIA|OSD|NSC|OCB|USIA|RMR|NSAE|DODE)"
)
_LABELS = re.compile(
    r"\n[ \t]{0,40}(?=[ACDEFILMOPRSTU][0A1CEILNORUXa])(?:"  # so begin all that follow
    # Page numbers.
    r"((?:PAGE|Page)[ \t]{1,3}\d{1,3}(?:[ \t]{1,3}(?:OF|of)[ \t]{1,3}\d{1,3})?)(?![^\n]{40})|"
    # Slots of forms, which stand on every page of one.
    r"((?:FR[O0]M|T[O0]|INF[O0]|ACTI[O0]N|CITE|C1TE|SUBJ|SUBJECT|REF|TAGS|DATE|CONF|UNIT|EXT|ORIG|DISTR|"
    r"PRECEDENCE|ROUTING|INITIALS)[ \t]{0,3}(?=:))|"
    # Lines that are nothing else.
    r"((?:REPR[O0]DUCTI[O0]N\b[^\n]{0,60}PR[O0]HIBITED|CLASSIFIED MESSAGE|MESSAGE FORM|RELEASING OFFICER|"
    r"COORDINATING OFFICERS?|AUTHENTICATING OFFICER|END [O0]F MESSAGE|(?:TOP )?SECRET|CONFIDENTIAL|UNCLASSIFIED|"
    r"LIMITED OFFICIAL USE)(?=[^\w\n]{0,20}(?:\n|$))))"
)
"""Labels anywhere on a page, at the beginning of a line."""
_WHOLE = frozenset({"tags", "order"})
"""Slots with nothing but codes in them."""
_ROUTED = frozenset({"info", "action", "form", "to", "from"})
_SYMBOLS = frozenset({"info", "action", "form"})


def label_spans(text: str, head: Head, more: Iterable[Span]) -> tuple[Span, ...]:
    """All spans of the form, in order and without overlap.

    Args:
        text: The page.
        head: Its head as it was read.
        more: Further spans that are of the form.
    """
    found = list(more)
    for number, slot in head.slots.items():
        line = head.lines[number]
        found.append(slot.label)
        if slot.kind in _WHOLE:
            found.append(Span(slot.label.start, line.end))
        if slot.kind in _ROUTED:
            found += _routing_words(line, slot.value)
        if slot.kind in _SYMBOLS:
            found += [Span(*m.span()) for m in _SYMBOL.finditer(text, slot.value, line.end)]
    for number in sorted(head.stamped):
        found.append(Span(head.lines[number].start, head.lines[number].end))
    for number in range(head.body):
        if head.plain(number):
            line = head.lines[number]
            indicators = len(line.words) > 1 and _INDICATORS.fullmatch(text, line.start, line.end)
            if indicators or _is_distribution(line.words):
                found.append(Span(line.start, line.end))
            else:
                found += _routing_words(line, line.start)
    found += [Span(*m.span(m.lastindex or 0)) for m in _LABELS.finditer(text)]
    return _united([span for span in found if span.start < span.end])


def _routing_words(line: Line, start: int) -> list[Span]:
    """Spans of the routing words of a line that stand from `start` on."""
    if not any(map(_routed, line.words)):
        return []
    lengths = zip(line.tokens, map(_routed, line.words), strict=True)
    return [Span(token.start, token.start + length) for token, length in lengths if length and token.start >= start]


@lru_cache(16384)
def _routed(word: str) -> int:
    """How much of a word is a routing word."""
    surface = word.rstrip(".,;:")
    if surface[1:].islower() and len(surface) < 7:
        return 0
    key = compact(surface)
    return len(surface) if is_routing(key) or nearest(key, words("marked")) else 0


def _is_distribution(words: list[str]) -> bool:
    """Whether a line is nothing but office symbols, as `S/S G SP EUR INR`."""
    if len(words) < 3:
        return False
    sure = False
    for word in words:
        m = _DISTRIBUTION.fullmatch(word.rstrip(",;"))
        if m is None:
            return False
        sure = sure or bool(m["sure"]) or "/" in m[0]
    return sure


def _united(spans: list[Span]) -> tuple[Span, ...]:
    done: list[Span] = []
    for span in sorted(spans):
        if done and span.start < done[-1].end:
            done[-1] = Span(done[-1].start, max(done[-1].end, span.end))
        else:
            done.append(span)
    return tuple(done)
