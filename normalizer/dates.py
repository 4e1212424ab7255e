"""Partial dates and ranges as intervals of days.

`1962-11` is the whole month, never its first day. Intervals are closed and count days as
`datetime.date.toordinal` does; an open end is None.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import NamedTuple

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class Interval(NamedTuple):
    """Days from `first` to `last`, both included; None where it is open."""

    first: int | None
    last: int | None

    def overlaps(self, other: Interval) -> bool:
        """Whether a day lies in both."""
        return (self.first is None or other.last is None or self.first <= other.last) and (
            other.first is None or self.last is None or other.first <= self.last
        )

    def before(self, other: Interval) -> bool:
        """Whether it ends before the other begins."""
        return self.last is not None and other.first is not None and self.last < other.first


def parse_date(text: str) -> Interval:
    """The days that `YYYY`, `YYYY-MM` or `YYYY-MM-DD` covers.

    Raises:
        ValueError: The text is none of these, or no day of the calendar.
    """
    found = _DATE.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no date: write YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, 1 if month is None else month, 1 if day is None else day)
        until = 12 if month is None else month
        last = date(first.year, until, monthrange(first.year, until)[1] if day is None else day)
    except (ValueError, IndexError) as error:
        raise ValueError(f"{text!r} is no day of the calendar") from error
    return Interval(first.toordinal(), last.toordinal())


@lru_cache(4096)
def parse_range(text: str) -> Interval:
    """The days that a date or `a..b`, `a..`, `..b` covers, both ends included.

    Raises:
        ValueError: An end is no date, both are missing, or they are in the wrong order.
    """
    if ".." not in text:
        return parse_date(text)
    left, _, right = (part.strip() for part in text.partition(".."))
    if not left and not right:
        raise ValueError("a range needs at least one end")
    whole = Interval(parse_date(left).first if left else None, parse_date(right).last if right else None)
    if whole.first is not None and whole.last is not None and whole.first > whole.last:
        raise ValueError(f"{text!r} ends before it begins")
    return whole
