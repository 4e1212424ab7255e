"""Spans that do not overlap, against a plain list of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from normalizer.spans import Span, Spans

SPAN = st.tuples(st.integers(0, 40), st.integers(1, 8)).map(lambda row: (row[0], row[0] + row[1]))


@given(st.lists(SPAN), SPAN)
def test_spans_keep_what_nothing_was_put_over(put: list[Span], asked: Span) -> None:
    spans, plain = Spans(), list[Span]()
    for start, end in put:
        spans.put(start, end)
        plain = [*(s for s in plain if s[1] <= start or end <= s[0]), (start, end)]
    start, end = asked
    wanted = sorted(s for s in plain if s[0] < end and start < s[1])
    assert spans.overlapping(start, end) == wanted
    assert Spans(plain).overlapping(start, end) == wanted
