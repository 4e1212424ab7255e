"""Dates of headers, written in all the ways that cables have, and damaged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from normalizer.dates import parse_date
from normalizer.headers.fields import HeaderDate
from normalizer.model import Span

_MONTHS = "JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER".split()  # noqa: SIM905
_NAMES = {name: n for n, name in enumerate(_MONTHS, 1)} | {name[:3]: n for n, name in enumerate(_MONTHS, 1)}
_NAMES["SEPT"] = 9
_ALIKE = frozenset(
    map(
        frozenset,
        ("VY", "XY", "PR", "KR", "BR", "IL", "TL", "HN", "MN", "OU", "OC", "OQ", "OD", "FP", "EF", "IT", "VU", "OG"),
    )
)
"""Letters that a scan takes for one another; they tell two months apart that are equally near."""
_LETTERS = str.maketrans("01|!5869$", "OIIISBGPS")
_DIGITS = str.maketrans("OoQDlIi|!SBZzGgq", "0000111115822699")
_D = r"[0-9OoQDlIi|!SBZzGgq]"
_M = r"[A-Za-z0-9|!]{3,9}"
_FREE, _BOUND = r"(?<![\w/])", r"(?![\w/])"
_YEARS = rf"{_D}{{4}}|{_D}{{2}}"
_DAY_FIRST = re.compile(
    rf"{_FREE}(?P<day>[\w|!]{{1,2}})(?:st|nd|rd|th|ST|ND|RD|TH)?[ \t.,-]{{1,3}}(?P<month>{_M})[ \t.,'’-]{{1,4}}"
    rf"(?P<year>{_D}{{4}}|{_D}{{2}}(?![ \t]?,[ \t]?\W?\d)){_BOUND}"
)
_MONTH_FIRST = re.compile(
    rf"{_FREE}(?P<month>{_M})\.?[ \t]{{0,3}}(?P<day>[\w|!]{{1,2}})(?:st|nd|rd|th)?[ \t,.;:]{{1,5}}"
    rf"(?:\d{{4}}[ \t]?[Z27][ \t]+)?(?P<year>{_YEARS}){_BOUND}"
)
_MONTH_YEAR = re.compile(rf"{_FREE}(?P<month>{_M})[ \t.,]{{1,3}}(?P<year>{_D}{{4}}){_BOUND}")
_NUMERIC = re.compile(rf"{_FREE}(?P<month>\d{{1,2}})[/-](?P<day>\d{{1,2}})[/-](?P<year>\d{{4}}|\d{{2}}){_BOUND}")
_GROUP = re.compile(
    rf"(?<!\w)(?P<day>{_D}{{2}})(?P<hour>{_D}{{2}})(?P<minute>{_D}{{2}})"
    rf"[ \t]?(?P<zone>[A-Za-z0-9?%*°]?)[:;.,'’]{{0,2}}[ \t]{{0,3}}"
    rf"(?P<month>[A-Za-z0-9|!]{{3,9}})\.?(?:[ \t]{{0,3}}(?P<year>{_YEARS}))?(?!\w)"
)
_SIX = re.compile(rf"{_D}{{6}}")
_BROKEN = re.compile(rf"{_FREE}(?P<month>{_M})\.?[ \t]{{0,2}}\d{{1,2}}[ \t]?[,.][ \t]?(?=\S{{0,3}}\d)")
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?<!\d)19\d\d(?!\d)")
FIRST, LAST = 1900, 1999
"""Years that a document may have by a date in full."""
_SHORT_FIRST, _SHORT_LAST = 40, 95
"""Years of two digits that are readable: others are misread, in documents of the Cold War."""


class Found(NamedTuple):
    """A date that stands in a stretch of text.

    Attributes:
        start, end: Where.
        year: None where a date-time group has none.
        month, day: None where they are not readable.
        group: It is a date-time group.
        numeric: It is all digits.
    """

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None
    group: bool = False
    numeric: bool = False


@lru_cache(4096)
def month_of(word: str) -> int | None:
    """The month that a word means, look-alikes read as letters: None where it may be two or none.

    Three or four letters may have one wrong, longer words two, when no other month is as near.
    """
    key = word.upper().translate(_LETTERS)
    if key in _NAMES:
        return _NAMES[key]
    if len(key) < 3:
        return None
    cutoff = 1 if len(key) < 6 else 2
    near: dict[int, int] = {}
    for name, number in _NAMES.items():
        if abs(len(name) - len(key)) > cutoff or (len(name) < 5 and len(name) != len(key)):
            continue
        distance = Levenshtein.distance(key, name, score_cutoff=cutoff)
        if distance <= cutoff:
            near[number] = min(distance, near.get(number, distance))
    best = min(near.values(), default=0)
    nearest = [number for number, distance in near.items() if distance == best]
    if len(nearest) > 1:
        nearest = [number for number in nearest if _alike(key, _MONTHS[number - 1][: len(key)])]
    return nearest[0] if len(nearest) == 1 else None


def _alike(key: str, name: str) -> bool:
    return len(key) == len(name) and all(a == b or frozenset((a, b)) in _ALIKE for a, b in zip(key, name, strict=True))


def _number(digits: str) -> int | None:
    """A number with look-alikes among its digits; None without a sound digit."""
    if not any(map(str.isdigit, digits)):
        return None
    read = digits.translate(_DIGITS)
    return int(read) if read.isascii() and read.isdigit() else None


def _year(digits: str) -> int | None:
    number = _number(digits)
    if number is None:
        return None
    if len(digits) == 2:
        return 1900 + number if _SHORT_FIRST <= number <= _SHORT_LAST else None
    return number if FIRST <= number <= LAST else None


def find_dates(text: str, start: int, end: int) -> Iterator[Found]:
    """The readable dates of a stretch, date-time groups first, then as they stand."""
    taken: list[tuple[int, int]] = []

    def free(a: int, b: int) -> bool:
        return all(b <= x or a >= y for x, y in taken)

    for m in _GROUP.finditer(text, start, end) if _SIX.search(text, start, end) else ():
        found = _group(m)
        if found:
            taken.append(m.span())
            yield found
    for pattern in (_DAY_FIRST, _MONTH_FIRST, _NUMERIC, _MONTH_YEAR):
        at = start
        while (hit := pattern.search(text, at, end)) is not None:
            found = _calendar(hit) if free(*hit.span()) else None
            if found is None:
                at = hit.start() + 1
                continue
            taken.append(hit.span())
            at = hit.end()
            yield found


def _group(m: re.Match[str]) -> Found | None:
    month = month_of(m["month"])
    year = _year(m["year"]) if m["year"] else None
    if month is None or (m["year"] and year is None):
        return None
    if not m["zone"] and not m["year"]:
        return None
    day, hour, minute = (_number(m[k].replace("O", "0")) if m[k] else None for k in ("day", "hour", "minute"))
    sound = day is not None and 1 <= day <= 31 and hour is not None and hour < 24 and minute is not None and minute < 60
    return Found(m.start(), m.end(), year, month, day if sound else None, group=True)


def _calendar(m: re.Match[str]) -> Found | None:
    given = m.groupdict()
    numeric = m.re is _NUMERIC
    month = int(m["month"]) if numeric else month_of(m["month"])
    year = _year(m["year"])
    if month is None or not 1 <= month <= 12 or year is None:
        return None
    if "day" not in given:
        return Found(m.start(), m.end(), year, month, None)
    day = _number(m["day"])
    if day is None or not 1 <= day <= 31:
        # A day that cannot be read leaves the month; a word before it is none of the date.
        if not any(map(str.isdigit, m["day"])) and m.re is _DAY_FIRST:
            return Found(m.start("month"), m.end(), year, month, None)
        day = None
    return Found(m.start(), m.end(), year, month, day, numeric=numeric)


def broken_date(text: str, start: int, end: int) -> int | None:
    """Where a date begins whose year is not readable, as `Nov. 3, 19%2`: it still tells a date line."""
    if not _DIGIT.search(text, start, end):
        return None
    return next((m.start() for m in _BROKEN.finditer(text, start, end) if month_of(m["month"])), None)


def header_date(text: str, found: Found, year: int | None = None) -> HeaderDate | None:
    """A date that was found, as a header has it; None where it is no day of the calendar or has no year.

    Args:
        text: The page.
        found: A date of it.
        year: Taken where the date has none.
    """
    year = found.year if found.year is not None else year
    if year is None:
        return None
    iso = f"{year:04d}"
    if found.month is not None:
        iso += f"-{found.month:02d}"
        if found.day is not None:
            try:
                date(year, found.month, found.day)
            except ValueError:
                return None
            iso += f"-{found.day:02d}"
    return HeaderDate(text[found.start : found.end], Span(found.start, found.end), parse_date(iso), iso)


def lone_year(text: str, start: int, end: int) -> int | None:
    """The one year of the century that a stretch names; None where it names none or several."""
    years = {int(m[0]) for m in _YEAR.finditer(text, start, end)}
    return years.pop() if len(years) == 1 else None
