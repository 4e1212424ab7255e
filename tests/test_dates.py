from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.dates import Interval, parse_date, parse_range


def days(first: date | None, last: date | None) -> Interval:
    return Interval(first and first.toordinal(), last and last.toordinal())


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1962", date(1962, 1, 1), date(1962, 12, 31)),
        ("1962-11", date(1962, 11, 1), date(1962, 11, 30)),
        ("1962-11-17", date(1962, 11, 17), date(1962, 11, 17)),
        ("1962-02", date(1962, 2, 1), date(1962, 2, 28)),
        ("1964-02", date(1964, 2, 1), date(1964, 2, 29)),
        ("1964-02-29", date(1964, 2, 29), date(1964, 2, 29)),
        (" 1962-12 ", date(1962, 12, 1), date(1962, 12, 31)),
        ("0001", date(1, 1, 1), date(1, 12, 31)),
        ("9999-12-31", date(9999, 12, 31), date(9999, 12, 31)),
    ],
)
def test_a_partial_date_is_all_of_its_days(text: str, first: date, last: date) -> None:
    assert parse_date(text) == days(first, last)
    assert parse_range(text) == days(first, last)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "62", "1962-", "1962-1", "1962-1-1", "1962-11-1", "1962/11/17", "19621117", "1962-11-17T10:00"),
        *("1962-00", "1962-13", "1962-11-00", "1962-11-31", "1963-02-29", "0000", "0000-01-01", "-1962", "+1962"),
        *("17 November 1962", "1962-11-17x", "x1962", "1962 - 11", "circa 1962", "1962?"),
    ],
)
def test_what_is_no_date_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no (date|day of the calendar)") as caught:
        parse_date(text)
    assert repr(text) in str(caught.value)
    with pytest.raises(ValueError, match=r"is no (date|day of the calendar)"):
        parse_range(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1962-10..1962-12", date(1962, 10, 1), date(1962, 12, 31)),
        ("1957-07-16..1962-07-27", date(1957, 7, 16), date(1962, 7, 27)),
        ("1948..", date(1948, 1, 1), None),
        ("..1975", None, date(1975, 12, 31)),
        ("..1962-11", None, date(1962, 11, 30)),
        ("1962..1962", date(1962, 1, 1), date(1962, 12, 31)),
        ("1962-11..1962", date(1962, 11, 1), date(1962, 12, 31)),
        ("1962 .. 1963", date(1962, 1, 1), date(1963, 12, 31)),
        (" 1962.. ", date(1962, 1, 1), None),
    ],
)
def test_a_range_holds_both_its_ends(text: str, first: date | None, last: date | None) -> None:
    assert parse_range(text) == days(first, last)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("..", "needs at least one end"),
        (" .. ", "needs at least one end"),
        ("1963..1962", "ends before it begins"),
        ("1962-11-18..1962-11-17", "ends before it begins"),
        ("1962...1963", "is no date"),
        ("1962..1963..1964", "is no date"),
        ("1962.1963", "is no date"),
        ("1962-1963", "is no date"),
        ("1962 to 1963", "is no date"),
        ("1962..now", "is no date"),
        ("1962-02-30..", "is no day of the calendar"),
        ("..1962-13", "is no day of the calendar"),
    ],
)
def test_what_is_no_range_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_range(text)


ends = st.none() | st.integers(1, 60)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    first, last = draw(ends), draw(ends)
    if first is not None and last is not None and first > last:
        first, last = last, first
    return Interval(first, last)


def holds(interval: Interval, day: int) -> bool:
    return (interval.first is None or interval.first <= day) and (interval.last is None or day <= interval.last)


@given(intervals(), intervals())
def test_two_overlap_where_a_day_lies_in_both(a: Interval, b: Interval) -> None:
    # Ends lie within 1 and 60, so that an open end is as good as 0 or 61.
    assert a.overlaps(b) == any(holds(a, day) and holds(b, day) for day in range(62))


@given(intervals(), intervals())
def test_overlap_goes_both_ways_and_is_no_before(a: Interval, b: Interval) -> None:
    assert a.overlaps(b) == b.overlaps(a)
    assert a.overlaps(a)
    assert a.overlaps(Interval(None, None))
    assert [a.overlaps(b), a.before(b), b.before(a)].count(True) == 1


@given(intervals(), intervals(), intervals())
def test_before_is_an_order(a: Interval, b: Interval, c: Interval) -> None:
    assert not a.before(a)
    if a.before(b) and b.before(c):
        assert a.before(c)


@given(st.dates(date(1, 1, 1), date(9999, 12, 30)))
def test_a_day_lies_in_its_month_and_year_and_not_in_the_day_after(day: date) -> None:
    text = day.isoformat()
    for part in (text, text[:7], text[:4]):
        assert parse_date(part).overlaps(parse_date(text))
        assert parse_range(f"{part}..").overlaps(parse_date(text))
        assert parse_range(f"..{part}").overlaps(parse_date(text))
    after = parse_date((day + timedelta(days=1)).isoformat())
    assert parse_date(text).before(after)
    assert not parse_date(text).overlaps(after)


@given(st.dates(), st.dates())
def test_a_range_begins_with_its_first_day_and_ends_with_its_last(a: date, b: date) -> None:
    a, b = sorted((a, b))
    whole = parse_range(f"{a.isoformat()}..{b.isoformat()}")
    assert whole == Interval(parse_date(a.isoformat()).first, parse_date(b.isoformat()).last)


@given(st.text(max_size=12))
def test_any_text_is_a_range_or_a_value_error(text: str) -> None:
    try:
        found = parse_range(text)
    except ValueError:
        return
    assert found.first is None or found.last is None or found.first <= found.last
