"""From a page to its header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from normalizer.dates import parse_date
from normalizer.headers.addressing import addressees, copies, long_value, participants, salutation
from normalizer.headers.dated import document_date
from normalizer.headers.fields import Header, HeaderDate, Origin, Part
from normalizer.headers.kinds import classification, read_form
from normalizer.headers.lines import head_lines, tail_lines
from normalizer.headers.origins import read_origin
from normalizer.headers.posts import office_of, read_post
from normalizer.headers.reading import read_head
from normalizer.headers.signing import signers
from normalizer.headers.slots import label_spans
from normalizer.model import Span

_HEAD_LINES, _HEAD_CHARS = 40, 1600
_TAIL_LINES, _TAIL_CHARS = 16, 800


def parse_header(text: str, date: str | None = None, metadata: Mapping[str, Any] | None = None) -> Header:
    """What the head and the tail of a document say of it, tolerant of a scan's damage.

    The document's own metadata wins over the page. What cannot be read beyond doubt is left out.

    Args:
        text: The page, any Unicode.
        date: `YYYY`, `YYYY-MM` or `YYYY-MM-DD` where the reader gave it; else None.
        metadata: Of the document. Strings under `from`, `to` (several parted by semicolons), `subject`,
            `classification`, `reference` and `place` are taken; other keys and types are passed over.

    Returns:
        The header. `text[part.span.start:part.span.end] == part.text` for every part with a span. The time is linear
        in the length of the text: only fixed labels and page numbers are sought between head and tail.

    Raises:
        ValueError: `date` is given and is no date.
    """
    head = read_head(text, head_lines(text, lines=_HEAD_LINES, chars=_HEAD_CHARS))
    tail = tail_lines(text, head.end(), lines=_TAIL_LINES, chars=_TAIL_CHARS)
    form = read_form(text, head)
    found, dated = document_date(text, head)
    sent = read_origin(text, head, form)
    to, info, marked = addressees(text, head, form, dated)
    if sent.addressee:
        to = (*to, sent.addressee)
    header = Header(
        form=form,
        date=found,
        origin=sent.origin,
        sender=sent.sender,
        addressees=to,
        info=info,
        signers=signers(text, tail, form),
        participants=participants(text, head),
        salutation=salutation(text, head),
        classification=classification(text, head),
        subject=long_value(text, head, "subject"),
        reference=long_value(text, head, "reference"),
        copies=copies(text, head, tail),
        labels=label_spans(text, head, (*sent.marked, *marked)),
        offices=_offices(sent.origin, to + info),
    )
    return _with_metadata(header, date, metadata or {})


def _offices(origin: Origin | None, slotted: tuple[Part, ...]) -> tuple[Part, ...]:
    """The offices in slots, whole or at the front of what stands there."""
    found = [origin.office] if origin and origin.office else []
    for piece in slotted:
        first = piece.text.split()[0].rstrip(",;.")
        if piece.span and office_of(piece.text):
            found.append(piece)
        elif piece.span and office_of(first):
            found.append(Part(first, Span(piece.span.start, piece.span.start + len(first))))
    return tuple(found)


def _with_metadata(header: Header, date: str | None, metadata: Mapping[str, Any]) -> Header:
    """The header with what the reader knows in the place of what the page says."""
    changes: dict[str, Any] = {}
    if date is not None:
        changes["date"] = HeaderDate(date, None, parse_date(date), date.strip())
    given = {str(k).lower(): v.strip() for k, v in metadata.items() if isinstance(v, str) and v.strip()}
    if "to" in given:
        changes["addressees"] = tuple(Part(piece.strip(), None) for piece in given["to"].split(";") if piece.strip())
    for key in ("subject", "classification", "reference"):
        if key in given:
            changes[key] = Part(given[key], None)
    sender = given.get("place", given.get("from"))
    if sender:
        read = read_post(sender, 0, len(sender)).origin()
        if read:
            place, office = (Part(p.text, None) if p else None for p in (read.place, read.office))
            changes["origin"] = Origin(read.text, None, place, office)
    return replace(header, **changes)
