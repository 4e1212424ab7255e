"""What a page calls somebody: a title before his name, a role told beside it."""

from __future__ import annotations

from typing import NamedTuple

from normalizer.resolver.page import Page, Word
from normalizer.resolver.roles import phrases, titles
from normalizer.resolver.support import title_of

_REACH = 48
_WORDS = 5
_STOPS = ".;:,!?"


class Calling(NamedTuple):
    """The words of a title and the role that they mean; both empty where the page says nothing."""

    text: str
    role: str


NOTHING = Calling("", "")


def called(page: Page, before: Word | None, start: int, end: int) -> Calling:
    """What somebody is called whose name stands at `start, end`, with the word `before` it."""
    title = title_of(before)
    if title is not None and before is not None:
        first = page.before(before.start)
        if first is not None and first.gap in (" ", "\n", "-", ". "):
            role = phrases().get(f"{first.text} {title}".lower())
            if role:
                return Calling(f"{first.text} {title}", role)
        return Calling(title, titles().get(title.lower(), "title"))
    if page.text[end : end + 1] == ",":
        return _behind(page.text, end)
    if page.text[max(0, start - 2) : start].rstrip().endswith(","):
        return _ahead(page.text, start)
    return NOTHING


def _behind(text: str, end: int) -> Calling:
    """A role behind a comma: `, OUR AMBASSADOR IN BAGHDAD`, `, Charge`."""
    for word in text[end + 1 : end + _REACH].split()[:_WORDS]:
        bare = word.strip(_STOPS)
        if role := titles().get(bare.lower()):
            return Calling(bare, role)
        if word != bare:
            break
    return NOTHING


def _ahead(text: str, start: int) -> Calling:
    """A role before a comma: `the Indian Ambassador, Panikkar`."""
    words = text[max(0, start - _REACH) : start].split()
    if words and (role := titles().get(words[-1].strip(_STOPS).lower())):
        return Calling(words[-1].strip(_STOPS), role)
    return NOTHING
