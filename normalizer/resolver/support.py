"""Support that weak names need: English words, bare codes, names at the head of another name."""

from __future__ import annotations

import re

from normalizer.folding import HYPHENS
from normalizer.model import Evidence
from normalizer.resolver.page import Page, Word
from normalizer.words import word_list

_ARTICLES = frozenset({"the", "a", "an", "no", "any", "each", "every"})
_GAP = re.compile(r"[\W_]+")
_CODE_HYPHEN = re.compile(rf"[{HYPHENS}](?:[^\S\n]*\n[^\S\n]*)?")
_PARTED_HYPHEN = re.compile(rf" ?[{HYPHENS}] ?")
_SAME_SENTENCE = re.compile(r"[^\S\n]*\n?[^\S\n]*|, ?")
_CODE_REACH = 12
_SHORT = 6
"""Small words of fewer letters are links by chance as a rule: real scans are full of `tho`, `thi` and `hai`."""


def title_of(before: Word | None) -> str | None:
    """The word right before a name as a title (`Mr.`, `GEN`, `Ambassador`), or None."""
    if before is None or before.text[0].islower() or before.text.lower() not in word_list("titles"):
        return None
    return before.text if before.gap.strip(" .,\t") in ("", "\n") else None


def capital_in_lower_case(
    page: Page, before: Word | None, start: int, end: int, *, person: bool, capitals: bool = False
) -> bool:
    """Whether a word stands with a capital in the midst of a lower-case sentence.

    Args:
        page: The page.
        before: The word before it.
        start: Where it begins.
        end: Where it ends.
        person: It is to be a person: then no article stands before it, and it is no label of a form.
        capitals: It may be in capitals throughout, as reporting names are; other words are a cryptonym then.
    """
    if before is None or not before.text.islower() or not page.text[start].isupper():
        return False
    if not _SAME_SENTENCE.fullmatch(before.gap):
        return False
    surface = page.text[start:end]
    if surface.isupper() and len(surface) > 1 and not capitals:
        return False
    name = surface.lower()
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
    """Whether a designator is spelt so that it may be no more than letters beside a number: `U 2`, `C1`, `at 2`.

    Strong are a hyphen between (`B-26`, `IL-` at a line's end), capitals with a space where there are two letters
    or more (`IL 28`), and capitals joined to two digits or more (`B26`).
    """
    gap = _GAP.search(surface)
    if gap is None:
        return surface.islower() or len(surface) == 2
    if _CODE_HYPHEN.fullmatch(gap[0]):
        return False
    parted = gap[0] == " " or _PARTED_HYPHEN.fullmatch(gap[0]) is not None
    return not parted or gap.start() < 2 or surface.islower()


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
