"""Which form a document has, and how it is classified."""

from __future__ import annotations

import re
from functools import lru_cache

from normalizer.headers.addressing import is_telegram, salutation
from normalizer.headers.dating import broken_date
from normalizer.headers.fields import Form, Part
from normalizer.headers.lines import part
from normalizer.headers.reading import Head
from normalizer.headers.tables import compact, nearest

_CIA = (
    *("ASSIFIED MESSAGE", "CENTRAL INTELLIGENCE AGENCY", "MESSAGE FORM", "CITE ", "IN CS FILE", "RYBAT"),
    *("RELEASING OFFICER", "ORIG :", "CITE:"),
)
"""What only the Agency's forms have, in capitals."""
_TELEGRAM = re.compile(r"\b(?:INCOMING|OUTGOING) TELEGRAM\b|\bRec'?d\b|\bControl:", re.IGNORECASE)
_TOLD = ("TELEGRAM", "REC", "CONTROL:")
"""One of these stands where the pattern matches, in capitals or not."""
_MEMO = re.compile(r"MEM[O0][RK]AN[DO][UI]M|\bMEM[O0] F[O0]R")
_CONVERSATION = re.compile(r"MEM[O0][RK]AN[DO][UI]M.{1,3}[O0]F.{1,3}C[O0]NVERS|\bMEMC[O0]N\b")
_DISPATCH = re.compile(r"\W{0,5}D[IE]SPA[TI]CH\b")
_POSTS = frozenset({"AMEMBASSY", "SECSTATE", "AMCONSUL", "AMCONGEN"})
_PLACED = re.compile(r"\W{0,8}[A-Z][^\W\d]{2,20}(?:[ ,-]{1,2}[A-Z][^\W\d]{1,20}){0,3}[,.]?\s")
"""A place before a date."""
_RANKS = frozenset(
    compact(rank)
    for rank in (
        "TOP SECRET",
        "SECRET",
        "CONFIDENTIAL",
        "UNCLASSIFIED",
        "UNCLAS",
        "LIMITED OFFICIAL USE",
        "OFFICIAL USE ONLY",
        "RESTRICTED",
    )
)

_FIRST = tuple(_RANKS)


def read_form(text: str, head: Head) -> Form:
    """The form of a document by what its head shows; NONE where it shows nothing."""
    if not head.lines:
        return Form.NONE
    end, top = head.lines[-1].end, head.lines[min(head.body, len(head.lines) - 1)].end
    kinds = {slot.kind for number, slot in head.slots.items() if number <= head.body}
    whole = text[:end].replace("0", "O").replace("1", "I").replace("|", "I")
    capitals = text[:top].upper()
    memo = "MEM" in capitals  # the patterns are slow, and few pages have it
    if (memo and _CONVERSATION.search(capitals)) or "participants" in kinds:
        return Form.CONVERSATION
    if "SPA" in whole and any(_DISPATCH.match(text, line.start, line.end) for line in head.lines):
        return Form.DISPATCH
    if any(words in whole for words in _CIA):
        return Form.CIA_CABLE
    if (memo and _MEMO.search(capitals)) or any(
        compact(text[a:b]).startswith("MEM") for _, (a, b), *_ in head.slots.values()
    ):
        return Form.MEMORANDUM
    fm = any(compact(text[slot.label.start : slot.label.end]) == "FM" for slot in head.slots.values())
    group = any(found.group for number, dates in head.dates.items() if number < head.body for found in dates)
    if fm or "tags" in kinds or (group and "to" in kinds):
        return Form.MESSAGE
    if salutation(text, head):
        return Form.LETTER
    if is_telegram(text, head) or (any(map(capitals.__contains__, _TOLD)) and _TELEGRAM.search(text, 0, top)):
        return Form.TELEGRAM
    for number, line in enumerate(head.lines[: head.body]):
        if any(map(_is_post, line.words[:3])):
            return Form.MESSAGE
        if number in head.slots or number in head.notices:
            continue
        found = head.dates.get(number)
        at = min(found).start if found else broken_date(text, line.start, line.end)
        if at is not None and at > line.start and _PLACED.fullmatch(text[line.start : at]):
            return Form.TELEGRAM
    return Form.NONE


@lru_cache(4096)
def _is_post(word: str) -> bool:
    return nearest(compact(word), _POSTS) is not None


def classification(text: str, head: Head) -> Part | None:
    """The first classification of a head, with the captions that share its line when it fills it."""
    for number, line in enumerate(head.lines[: head.body + 1]):
        if number in head.notices:
            continue
        if number in head.stamped and nearest(line.key, _RANKS):
            return part(text, line.start, line.end)
        if not line.key.startswith(_FIRST):
            continue
        for count in (3, 2, 1):
            if count > len(line.tokens):
                continue
            start, end = line.tokens[0].start, line.tokens[count - 1].end
            for token in line.tokens[:count]:
                # NODIS and the like stand behind a slash.
                slash = text.find("/", token.start, token.end)
                end = slash if token.end == end and slash > 0 else end
            if compact(text[start:end]) in _RANKS and text[start].isupper():
                return part(text, start, end)
    return None
