from __future__ import annotations

import itertools
import json
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.model import (
    SCHEMA,
    Candidate,
    Decision,
    Document,
    Evidence,
    Mention,
    OffsetMap,
    Result,
    Span,
    normalize,
)

# Any Unicode but lone surrogates, which a Document never holds; the hard ones more often than chance has them.
hard = st.sampled_from(["\r\n", "\f", "\0", "\u0301", "𝔘", "👩‍🚀", "ß", "ﬁ", "İ", "\u00ad", "\u2028", "-\n", " "])
texts = st.lists(st.one_of(hard, st.text(max_size=4)), max_size=12).map("".join)


class Edit(NamedTuple):
    start: int
    end: int
    new: int


@st.composite
def edits(draw: st.DrawFn, length: int) -> list[Edit]:
    """Ascending edits without overlap; some touch, some insert, some delete."""
    cuts = sorted(draw(st.lists(st.integers(0, length), max_size=8)))
    return [Edit(a, b, draw(st.integers(0, 5))) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]


@st.composite
def edited(draw: st.DrawFn) -> tuple[int, list[Edit]]:
    length = draw(st.integers(0, 30))
    return length, draw(edits(length))


def new_length(length: int, changes: list[Edit]) -> int:
    return length + sum(e.new - (e.end - e.start) for e in changes)


def new_spans(changes: list[Edit]) -> list[Span]:
    """Where each edit's new text stands, added up by hand."""
    spans, shift = [], 0
    for e in changes:
        spans.append(Span(e.start + shift, e.start + shift + e.new))
        shift += e.new - (e.end - e.start)
    return spans


def doubtful(changes: list[Edit], k: int) -> bool:
    """Whether an empty edit touches edit `k`, so that the place where it begins or ends has two meanings."""
    e = changes[k]
    others = [other for i, other in enumerate(changes) if i != k]
    return any(
        (o.start == o.end or o.new == 0) and (o.start in (e.start, e.end) or o.end in (e.start, e.end)) for o in others
    )


def cuts_of(length: int, changes: list[Edit]) -> list[tuple[int, int]]:
    """(original, new) of every place between two pieces."""
    found = [(0, 0)]
    for e, span in zip(changes, new_spans(changes), strict=True):
        found += [(e.start, span.start), (e.end, span.end)]
    return [*found, (length, new_length(length, changes))]


@given(edited())
def test_nothing_moves_but_what_stands_behind_an_edit(case: tuple[int, list[Edit]]) -> None:
    length, changes = case
    offsets = OffsetMap(length, changes)
    at, shift = 0, 0
    for start, end, new in [*changes, (length, length, 0)]:
        for k in range(at, start):
            assert offsets.forward(k, k + 1) == (k + shift, k + 1 + shift)
            assert offsets.backward(k + shift, k + 1 + shift) == (k, k + 1)
        at, shift = end, shift + new - (end - start)


@given(edited())
def test_a_replaced_piece_maps_to_its_replacement_and_back(case: tuple[int, list[Edit]]) -> None:
    length, changes = case
    offsets = OffsetMap(length, changes)
    for k, (e, span) in enumerate(zip(changes, new_spans(changes), strict=True)):
        if e.start < e.end and e.new and not doubtful(changes, k):
            assert offsets.forward(e.start, e.end) == span
            assert offsets.backward(*span) == (e.start, e.end)


@given(edited())
def test_what_is_deleted_maps_to_nothing_and_what_is_inserted_comes_from_nothing(case: tuple[int, list[Edit]]) -> None:
    length, changes = case
    offsets = OffsetMap(length, changes)
    for e, span in zip(changes, new_spans(changes), strict=True):
        if not e.new:
            there = offsets.forward(e.start, e.end)
            assert there.start == there.end
        if e.start == e.end:
            back = offsets.backward(*span)
            assert back.start == back.end


@given(edited(), st.data())
def test_spans_between_cuts_go_there_and_back(case: tuple[int, list[Edit]], data: st.DataObject) -> None:
    length, changes = case
    offsets = OffsetMap(length, changes)
    cuts = cuts_of(length, changes)
    once = [
        (a, b) for a, b in cuts if len({y for x, y in cuts if x == a}) == 1 and len({x for x, y in cuts if y == b}) == 1
    ]
    if not once:
        return
    (a, b), (c, d) = sorted((data.draw(st.sampled_from(once)), data.draw(st.sampled_from(once))))
    assert offsets.forward(a, c) == (b, d)
    assert offsets.backward(b, d) == (a, c)


@given(edited(), st.data())
def test_it_is_monotone_and_stays_inside(case: tuple[int, list[Edit]], data: st.DataObject) -> None:
    length, changes = case
    offsets = OffsetMap(length, changes)
    after = new_length(length, changes)
    for there, here, far in ((offsets.forward, length, after), (offsets.backward, after, length)):
        a, b, c, d = sorted(data.draw(st.lists(st.integers(0, here), min_size=4, max_size=4)))
        assert 0 <= there(a, d).start <= there(a, d).end <= far
        assert there(a, c).start <= there(b, c).start
        assert there(a, c).end <= there(a, d).end
        # A span inside another stays inside it, unless it is empty there: an empty span has no inside.
        inner, outer = there(b, c), there(a, d)
        if inner.start < inner.end:
            assert outer.start <= inner.start
            assert inner.end <= outer.end


@given(edited(), st.data())
def test_then_is_monotone(case: tuple[int, list[Edit]], data: st.DataObject) -> None:
    length, changes = case
    middle = new_length(length, changes)
    more = data.draw(edits(middle))
    both = OffsetMap(length, changes).then(OffsetMap(middle, more))
    for there, here in ((both.forward, length), (both.backward, new_length(middle, more))):
        starts = [there(k, here).start for k in range(here + 1)]
        ends = [there(0, k).end for k in range(here + 1)]
        assert starts == sorted(starts)
        assert ends == sorted(ends)


@given(edited(), st.data())
def test_a_span_that_ends_within_a_replaced_piece_takes_all_of_it(
    case: tuple[int, list[Edit]], data: st.DataObject
) -> None:
    length, changes = case
    offsets = OffsetMap(length, changes)
    for k, (e, span) in enumerate(zip(changes, new_spans(changes), strict=True)):
        if e.end - e.start > 1 and e.new and e.new != e.end - e.start and not doubtful(changes, k):
            inside = data.draw(st.integers(e.start + 1, e.end - 1))
            assert offsets.forward(inside, e.end) == span
            assert offsets.forward(e.start, inside) == span


@given(edited(), st.data())
def test_then_is_one_after_the_other(case: tuple[int, list[Edit]], data: st.DataObject) -> None:
    length, changes = case
    middle = new_length(length, changes)
    more = data.draw(edits(middle))
    first, second = OffsetMap(length, changes), OffsetMap(middle, more)
    both = first.then(second)
    outer, inner = cuts_of(length, changes), cuts_of(middle, more)
    # Where both maps are cut and neither deletes or inserts, there is one way through.
    once = [
        (a, c)
        for a, b in outer
        for b2, c in inner
        if b == b2
        and len({y for x, y in outer if x == a}) == len({x for x, y in outer if y == b}) == 1
        and len({y for x, y in inner if x == b}) == len({x for x, y in inner if y == c}) == 1
    ]
    if not once:
        return
    (a, c), (d, f) = sorted((data.draw(st.sampled_from(once)), data.draw(st.sampled_from(once))))
    if a < d and c < f:  # an empty span at the edge of a changed piece may stand on either side of it
        assert both.forward(a, d) == second.forward(*first.forward(a, d)) == (c, f)
        assert both.backward(c, f) == first.backward(*second.backward(c, f)) == (a, d)


@given(edited(), st.data())
def test_then_loses_no_letter_that_neither_changes(case: tuple[int, list[Edit]], data: st.DataObject) -> None:
    length, changes = case
    middle = new_length(length, changes)
    more = data.draw(edits(middle))
    first, second = OffsetMap(length, changes), OffsetMap(middle, more)
    both = first.then(second)
    for k in range(length):
        here = first.forward(k, k + 1)
        untouched = not any(e.start <= k < e.end for e in changes)
        if untouched and not any(e.start <= here.start < e.end for e in more):
            assert both.forward(k, k + 1) == second.forward(*here)
            assert both.backward(*both.forward(k, k + 1)) == (k, k + 1)


@given(edited())
def test_then_nothing_changes_nothing(case: tuple[int, list[Edit]]) -> None:
    length, changes = case
    offsets = OffsetMap(length, changes)
    after = OffsetMap(new_length(length, changes), [])
    before = OffsetMap(length, [])
    for a in range(length + 1):
        for b in range(a, length + 1):
            assert offsets.then(after).forward(a, b) == offsets.forward(a, b)
            assert before.then(offsets).forward(a, b) == offsets.forward(a, b)


@pytest.mark.parametrize(
    ("length", "changes"),
    [
        (10, [(0, 5, 1), (4, 6, 1)]),
        (10, [(5, 6, 1), (0, 2, 1)]),
        (10, [(3, 2, 1)]),
        (10, [(8, 11, 1)]),
        (10, [(-1, 2, 1)]),
        (0, [(0, 1, 1)]),
    ],
)
def test_edits_that_overlap_or_leave_the_text_are_misuse(length: int, changes: list[tuple[int, int, int]]) -> None:
    with pytest.raises(ValueError, match="overlaps another or leaves the text"):
        OffsetMap(length, changes)


def linked(reading: str | None, entity: str = "x", name: str = "X") -> Decision:
    return Decision("linked", entity, name, "exact", 0.9, (Evidence("name", "why"),), (), reading)


@st.composite
def documents(draw: st.DrawFn) -> tuple[Document, list[Mention]]:
    """A document with mentions of any length that do not overlap; some touch."""
    text = draw(texts)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=10)))
    touch = draw(st.booleans())
    spans = list(itertools.pairwise(cuts) if touch else zip(cuts[::2], cuts[1::2], strict=False))
    readings = st.one_of(st.none(), st.text(max_size=6))
    mentions = [Mention(a, b, text[a:b], "PERSON", linked(draw(readings))) for a, b in spans]
    return Document("d", text), mentions


@given(documents())
def test_every_reading_stands_in_the_normalized_text(case: tuple[Document, list[Mention]]) -> None:
    doc, mentions = case
    result = normalize(doc, mentions, {})
    for m in mentions:
        reading = m.text if m.decision.reading is None else m.decision.reading
        there = result.offsets.forward(m.start, m.end)
        assert result.normalized[there.start : there.end] == reading
        # Beside a mention whose reading is empty, the end of the other one has two meanings.
        alone = not any(
            o is not m and o.decision.reading == "" and (o.end == m.start) | (m.end == o.start) for o in mentions
        )
        if reading and alone:
            assert result.offsets.backward(*there) == (m.start, m.end)


@given(documents())
def test_the_text_between_mentions_stays(case: tuple[Document, list[Mention]]) -> None:
    doc, mentions = case
    result = normalize(doc, mentions, {})
    between, kept, at, new_at = [], [], 0, 0
    for m in mentions:
        there = result.offsets.forward(m.start, m.end)
        between.append(doc.text[at : m.start])
        kept.append(result.normalized[new_at : there.start])
        at, new_at = m.end, there.end
    assert [*kept, result.normalized[new_at:]] == [*between, doc.text[at:]]
    assert result.document.text is doc.text


@given(documents())
def test_a_result_is_json_with_offsets_into_both_texts(case: tuple[Document, list[Mention]]) -> None:
    doc, mentions = case
    row = json.loads(json.dumps(normalize(doc, mentions, {}).to_dict()))
    assert row["text"] == doc.text
    for m in row["mentions"]:
        assert row["text"][m["start"] : m["end"]] == m["text"]
        assert 0 <= m["normalized_start"] <= m["normalized_end"] <= len(row["normalized"])


def test_keys_stand_in_the_order_of_the_schema() -> None:
    reasons = (Evidence("name", "the name"),)
    mentions = [
        Mention(0, 6, "Sumner", "PERSON", linked("Kuznetsov", "kuznetsov-vasily-v", "Vasily V. Kuznetsov")),
        Mention(7, 12, "BUNDV", "PERSON", Decision("ambiguous", None, "Bundy", "exact", 0.9, reasons, (), "BUNDY")),
        Mention(13, 16, "Roy", "PERSON", Decision("unknown", None, None, "exact", 0.9)),
    ]
    doc = Document("id", "Sumner BUNDV Roy", "1962-11-17", "source", {"box": 3})
    row = normalize(doc, mentions, {"cablenorm": "1"}).to_dict()
    assert list(row) == [
        *("schema", "id", "source", "date", "text", "normalized"),
        *("mentions", "entities", "metadata", "versions"),
    ]
    for mention in row["mentions"]:
        assert list(mention) == [
            *("start", "end", "text", "label", "normalized_start", "normalized_end"),
            *("decision", "entity", "name", "method", "score", "evidence", "candidates"),
        ]
    assert row["schema"] == SCHEMA == 1
    assert row["normalized"] == "Kuznetsov BUNDY Roy"
    assert [m["normalized_start"] for m in row["mentions"]] == [0, 10, 16]
    assert [m["name"] for m in row["mentions"]] == ["Vasily V. Kuznetsov", "Bundy", None]
    assert row["mentions"][0]["evidence"] == ["why"]
    assert list(row["entities"]) == ["person", "aircraft", "place"]
    assert row["metadata"] == {"box": 3}


def test_absent_values_are_null_and_never_missing() -> None:
    row = normalize(Document("id", ""), [], {}).to_dict()
    assert row["source"] is None
    assert row["date"] is None
    assert row["mentions"] == []
    assert row["entities"] == {"person": [], "aircraft": [], "place": []}
    assert row["metadata"] == {}


def test_entities_are_counted_by_type_the_frequent_first() -> None:
    decisions = [("b", "PERSON"), ("a", "PERSON"), ("c", "PERSON"), ("c", "PERSON"), ("ship", "SHIP")]
    mentions = [Mention(k, k + 1, "x", label, linked(None, e, e.upper())) for k, (e, label) in enumerate(decisions)]
    row = normalize(Document("id", "xxxxx"), mentions, {}).to_dict()
    assert row["entities"] == {
        "person": [
            {"id": "c", "name": "C", "count": 2},
            {"id": "a", "name": "A", "count": 1},
            {"id": "b", "name": "B", "count": 1},
        ],
        "aircraft": [],
        "place": [],
        "ship": [{"id": "ship", "name": "SHIP", "count": 1}],
    }


def test_a_candidate_is_as_the_schema_has_it() -> None:
    assert list(Candidate("e", "E", 0.5).to_dict().items()) == [("entity", "e"), ("name", "E"), ("score", 0.5)]


def test_results_are_frozen() -> None:
    result: Result = normalize(Document("id", "x"), [], {})
    with pytest.raises(AttributeError):
        result.normalized = "y"  # type: ignore[misc]
