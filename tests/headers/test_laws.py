from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.headers import Header, Part, parse_header
from normalizer.headers.dating import find_dates, month_of
from normalizer.headers.tables import labels, stamps, words
from normalizer.model import Span

PIECES = st.sampled_from(
    [
        *("FM ", "TO ", "INFO ", "FROM: ", "TO: ", "Date: ", "DATE ", "SUBJ: ", "REF: ", "CITE ", "Dear ", "cc: "),
        *(
            "Participants: ",
            "MEMORANDUM FOR ",
            "AMEMBASSY ",
            "SECSTATE ",
            "WASHDC ",
            "MOSCOW",
            "Paris, ",
            "May 3, 1961",
        ),
        *(
            "May 3, 1961",
            "101430Z NOV 62",
            "1O NOV 62",
            "13/9/63",
            "SECRET",
            "PAGE 2",
            "C/WH 5",
            "END OF MESSAGE",
            "Distribution:",
        ),
        *("Sincerely,", "Kirk", "J. T. Marlpit", "1. ", "ee ", ": ", ";", ", ", ". ", "\n", "\n\n", "  ", "\t", "\r"),
        *("\ufffd", "\u017f", "\u0130", "\u00df", "\x1d", "\u2028"),
    ]
)
PAGES = st.one_of(
    st.text(), st.lists(PIECES, max_size=60).map("".join), st.lists(st.one_of(PIECES, st.text(max_size=8))).map("".join)
)


def parts(header: Header) -> Iterator[tuple[str, Span | None]]:
    lone: list[Part | None] = [
        header.sender,
        header.salutation,
        header.classification,
        header.subject,
        header.reference,
    ]
    if header.origin:
        yield header.origin.text, header.origin.span
        lone += [header.origin.place, header.origin.office]
    if header.date:
        yield header.date.text, header.date.span
    several = (header.addressees, header.info, header.signers, header.participants, header.copies, header.offices)
    for part in (*lone, *(part for listed in several for part in listed)):
        if part is not None:
            yield part.text, part.span


@settings(max_examples=400, deadline=None)
@given(PAGES)
def test_every_span_quotes_the_page(text: str) -> None:
    header = parse_header(text)
    for quoted, span in parts(header):
        assert span is not None
        assert quoted
        assert text[span.start : span.end] == quoted
    at = 0
    for start, end in header.labels:
        assert at <= start < end <= len(text)
        at = end


@settings(max_examples=200, deadline=None)
@given(PAGES)
def test_a_date_is_an_interval_that_holds_what_it_says(text: str) -> None:
    date = parse_header(text).date
    if date is not None:
        assert date.days.first is not None
        assert date.days.last is not None
        assert date.days.first <= date.days.last
        assert date.iso.startswith("19")


@settings(max_examples=100, deadline=None)
@given(
    PAGES,
    st.dictionaries(st.sampled_from(["from", "to", "subject", "place", "X"]), st.one_of(st.text(), st.integers())),
)
def test_metadata_has_no_spans(text: str, metadata: dict[str, str | int]) -> None:
    header = parse_header(text, "1961-05", metadata)
    assert header.date is not None
    assert (header.date.iso, header.date.span) == ("1961-05", None)
    subject = metadata.get("subject")
    if isinstance(subject, str) and subject.strip():
        assert header.subject == Part(subject.strip(), None)


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="is no date"):
        parse_header("", "yesterday")


def test_a_page_moved_down_says_the_same() -> None:
    text = "SECRET\nFM AMEMBASSY ROME\nTO SECSTATE WASHDC\n\n1. HE CAME.\n\nDUNN\n"
    here, there = parse_header(text), parse_header("\n \n" + text)
    assert [Span(a + 3, b + 3) for a, b in here.labels] == list(there.labels)
    assert [part.text for part in there.signers] == ["DUNN"]


@pytest.mark.parametrize(
    ("said", "month"), [("NOV", 11), ("Novenber", 11), ("0ct", 10), ("JULV", 7), ("SEPT", 9), ("JU1", 7)]
)
def test_months_are_read_through_damage(said: str, month: int) -> None:
    assert month_of(said) == month


@pytest.mark.parametrize("said", ["JUX", "MA", "THE", "Moscow", "1234", ""])
def test_what_may_be_two_months_or_none_is_none(said: str) -> None:
    assert month_of(said) is None


def test_the_dates_of_a_line_do_not_overlap() -> None:
    line = "101430Z NOV 62 AND 3 May 1961, May 5, 1962; 9/13/63 June 1964"
    found = sorted(find_dates(line, 0, len(line)))
    assert [(row.year, row.month, row.day) for row in found] == [
        (1962, 11, 10), (1961, 5, 3), (1962, 5, 5), (1963, 9, 13), (1964, 6, None)
    ]  # fmt: skip
    assert all(a.end <= b.start for a, b in pairwise(found))


ADVERSARIES = {
    "letters": "A",
    "newlines": "\n",
    "spaces": " ",
    "blank lines": " \n",
    "labels": "FM ",
    "labels on lines": "FM \n",
    "colons": "FROM:\n",
    "colons alone": ":",
    "digits": "1",
    "dates": "MAY 1 ",
    "groups": "101430Z ",
    "stamps": "SECRET\n",
    "pages": "\nPAGE 1",
    "symbols": "A/",
    "reproduction": "\nREPRODUCTION ",
    "dear": "Dear A",
    "distribution": "\nDistribution",
    "points": ".",
    "semicolons": "TO: A;",
    "quotes": "'",
    "nul": "\0",
}


@pytest.mark.parametrize("name", ADVERSARIES)
def test_time_is_linear(name: str) -> None:
    """A page of a million code points takes about 8 times as long as one of an eighth of it, never 64 times."""

    def seconds(size: int) -> float:
        text = (ADVERSARIES[name] * size)[:size]
        best = float("inf")
        for _ in range(5):
            begin = time.process_time()
            parse_header(text)
            best = min(best, time.process_time() - begin)
        return best

    parse_header("FROM: Rome\n")
    part, whole = seconds(125_000), seconds(1_000_000)
    assert whole < 24 * part + 0.05
    assert whole < 2


def test_the_word_lists_keep_names_out_of_labels() -> None:
    assert set(labels().values()) >= {"from", "to", "info", "date", "subject", "copies"}
    assert "SECSTATE" in words("office")
    assert "SECSTATE" not in words("marked")
    assert "RABAT" not in words("routing") | stamps()
