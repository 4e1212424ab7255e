"""What a header says, each part with its place on the page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from normalizer.dates import Interval
from normalizer.model import Span


class Form(StrEnum):
    """Kinds of documents by their header."""

    TELEGRAM = "telegram"
    """On the paper form of the Department of State, 1946 to 1973: a date line, `Secretary of State`, a number."""
    MESSAGE = "message"
    """Electronic, of State or the services, mostly 1973 to 1991: date-time group, FM, TO, INFO, E.O., TAGS, SUBJ."""
    CIA_CABLE = "cia cable"
    DISPATCH = "dispatch"
    MEMORANDUM = "memorandum"
    CONVERSATION = "memorandum of conversation"
    LETTER = "letter"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Part:
    """Words of a header.

    Attributes:
        text: As the page or the metadata has them.
        span: Where they stand: `page[start:end] == text`. None where they come from the metadata.
    """

    text: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class HeaderDate:
    """The date of a document.

    Attributes:
        text: As the page or the metadata has it.
        span: Where it stands, or None where it comes from the metadata.
        days: The day, month or year, as far as it can be read.
        iso: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    """

    text: str
    span: Span | None
    days: Interval
    iso: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document comes from.

    Attributes:
        text, span: All that the page says of it: `AMEMBASSY MOSCOW`.
        place: `MOSCOW`; None where only an office is named.
        office: `AMEMBASSY`, `DIRECTOR`, `SECSTATE`: never a place; None where only a place is named.
    """

    text: str
    span: Span | None
    place: Part | None
    office: Part | None


@dataclass(frozen=True, slots=True)
class Header:
    """What the head and the tail of a document say of it. What is not there, or not readable, is None or empty.

    Attributes:
        form: Which kind of document it is.
        date: When it was written.
        origin: Which post or office sent it.
        sender: Who stands in the FROM slot of a memorandum or letter, where that is no post.
        addressees: Who stands behind TO, in the inside address, or after `MEMORANDUM FOR`.
        info: Who stands behind INFO.
        signers: Names in the place of the signature.
        participants: Of a conversation, one a part.
        salutation: The name of `Dear ...`.
        classification: `SECRET`, `TOP SECRET EXDIS`.
        subject, reference: What stands behind SUBJ and REF.
        copies: Who stands behind `copy to` and `cc`.
        labels: Spans of form labels, stamps and routing slots, in order and without overlap. Nothing in them is
            a name. Places in slots are left out of them: of `FM AMEMBASSY MOSCOW` they have `FM` and `AMEMBASSY`.
        offices: Offices that stand in slots, such as `SECSTATE`: organizations, no persons or places.
    """

    form: Form = Form.NONE
    date: HeaderDate | None = None
    origin: Origin | None = None
    sender: Part | None = None
    addressees: tuple[Part, ...] = ()
    info: tuple[Part, ...] = ()
    signers: tuple[Part, ...] = ()
    participants: tuple[Part, ...] = ()
    salutation: Part | None = None
    classification: Part | None = None
    subject: Part | None = None
    reference: Part | None = None
    copies: tuple[Part, ...] = ()
    labels: tuple[Span, ...] = ()
    offices: tuple[Part, ...] = ()
