"""Which of the dates in a head is the document's."""

from __future__ import annotations

from rapidfuzz.distance import Levenshtein

from normalizer.headers.dating import Found, header_date, lone_year
from normalizer.headers.fields import HeaderDate
from normalizer.headers.reading import Head
from normalizer.headers.tables import compact

_OTHERS = frozenset({"otherdate", "reference", "subject", "copies", "tags", "order"})
"""Slots whose dates are not the document's."""
_DATED = frozenset({"from", "to", "place", "form", "class", "info"})
"""Slots that may share their line with the date."""
_CITED = frozenset({"DATED", "OF"})
"""Words before a date of something else."""
_MOST_LINES, _MOST_BEFORE, _MOST_AFTER, _MOST_BESIDE = 40, 6, 8, 2
_VAGUE = 2
"""What a date of a month or a year stands behind one of a day, in ranks."""


def document_date(text: str, head: Head) -> tuple[HeaderDate | None, int | None]:
    """The date of a document and the number of its line; None where none is readable.

    A labelled date goes before a date line, a date line before a date-time group, days before months, and what stands
    first before what follows.
    """
    ranked: list[tuple[int, int, HeaderDate]] = []
    bounds = (head.lines[0].start, head.lines[-1].end) if head.lines else (0, 0)
    below = {value.line.number for value in head.values.get("date", ())}
    for number, dates in head.dates.items():
        slot = head.slots.get(number)
        if slot and slot.kind in _OTHERS:
            continue
        for found in dates:
            rank = 0 if number in below else _rank(text, head, number, found)
            if rank is None:
                continue
            year = lone_year(text, *bounds) if found.year is None else None
            whole = header_date(text, found, year)
            if whole:
                ranked.append((rank + (_VAGUE if found.day is None else 0), number, whole))
    if not ranked:
        return None, None
    _, number, best = min(ranked, key=lambda row: row[:2])
    return best, number


def _rank(text: str, head: Head, number: int, found: Found) -> int | None:
    """How well a date stands for the document's, lowest first; None where it does not."""
    slot, line = head.slots.get(number), head.lines[number]
    if number >= head.body or number >= _MOST_LINES:
        return None
    if found.group:
        return 1
    if slot and slot.kind not in _DATED:
        return None
    before = [t for t in line.tokens if t.end <= found.start]
    after = [t for t in line.tokens if t.start >= found.end]
    if found.day is None and len(before) + len(after) > _MOST_BESIDE:
        return None
    if len(before) > _MOST_BEFORE or len(after) > _MOST_AFTER:
        return None
    if before and compact(text[before[-1].start : before[-1].end]) in _CITED:
        return None
    if len(before) == 1 and is_date_label(text[before[0].start : before[0].end]):
        return 0
    return 0 if len(before) + len(after) <= _MOST_BEFORE else 1


def is_date_label(surface: str) -> bool:
    """Whether a word before a date is DATE, damaged."""
    key = compact(surface)
    return 3 <= len(key) <= 5 and Levenshtein.distance(key, "DATE", score_cutoff=1) <= 1
