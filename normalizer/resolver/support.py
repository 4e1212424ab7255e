"""Support that weak names need: English words, bare codes, names at the head of another name."""

from __future__ import annotations

import re

from normalizer.folding import HYPHENS
from normalizer.model import Evidence
from normalizer.resolver.page import Page, Word
from normalizer.words import word_list

_ARTICLES = frozenset({"the", "a", "an", "no", "any", "each", "every"})
_SAME_SENTENCE = re.compile(r"[^\S\n]*\n?[^\S\n]*|, ?")
_CODE_REACH = 12
_SHORT = 6
"""Small words of fewer letters are links by chance as a rule: real scans are full of `tho`, `thi` and `hai`."""


def title_of(before: Word | None) -> str | None:
    """The word right before a name as a title (`Mr.`, `GEN`, `Ambassador`), or None."""
    if before is None or before.text[0].islower() or before.text.lower() not in word_list("titles"):
        return None
    return before.text if before.gap.strip(" .,\t") in ("", "\n") else None


def capital_in_lower_case(page: Page, before: Word | None, start: int, end: int, *, person: bool) -> bool:
    """Whether a word stands with a capital in the midst of a lower-case sentence."""
    if before is None or not before.text.islower() or not page.text[start].isupper():
        return False
    if not _SAME_SENTENCE.fullmatch(before.gap):
        return False
    name = page.text[start:end].lower()
    if name in word_list("calendar") or (person and (before.text in _ARTICLES or name in word_list("label_words"))):
        return False
    after = page.after(end)
    return after is None or after.text.islower() or not after.text.isalpha() or bool(after.gap.strip(" -"))


def labelled(before: Word | None) -> bool:
    """Whether the word before a code says that it is a paragraph, a form or a road."""
    if before is None or before.gap.strip(" .:\n#("):
        return False
    folded = before.text.lower()
    return folded in word_list("label_words") or (folded in ("no", "nos", "nr") and before.gap.startswith("."))


def weak_code(surface: str) -> bool:
    """Whether a designator is spelt so that it may be no more than a letter beside a number: `U 2`, `C1`."""
    if any(h in surface for h in HYPHENS) or surface[1:2].isalpha():
        return False
    return len(surface.split()) > 1 or len(surface) == 2


def small_and_short(surface: str) -> bool:
    """Whether a name is one short word in small letters, as a scan makes them of any other word."""
    return len(surface) < _SHORT and surface.isalpha() and surface.islower()


def aviation_near(page: Page, start: int, end: int) -> Evidence | None:
    """Evidence that aircraft or missiles are spoken of within a few words."""
    for side in page.window(start, end, _CODE_REACH):
        for word in side.split():
            if word in word_list("aviation_words"):
                return Evidence("context", f"{word!r} stands near")
    return None
