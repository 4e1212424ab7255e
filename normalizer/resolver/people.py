"""Given names and initials beside a family name: do they agree with an entity's?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from normalizer.folding import fold_name
from normalizer.resolver.page import Page, Word
from normalizer.words import nicknames, word_list

FULL, INITIALS = 2, 1
"""How well given names agree: a name, or initials alone."""

_TOGETHER = re.compile(r"\.?[ \t]*\n?[ \t]*|[ \t]*-[ \t]*")
"""What may stand between a given name and the next part of a name."""
_COMMA = re.compile(r",[ \t]*\n?[ \t]*")
_FAMILY_FIRST = re.compile(r",[ \t]*(?:[^\W\d_]+\.?[ \t]+){0,2}[^\W\d_]+\Z")
_REACH = 64
_MOST_GIVEN = 3


def agreement(seen: list[str], given: list[str]) -> int:
    """How well given names on the page agree with an entity's: FULL, INITIALS or 0 for not at all.

    Args:
        seen: Folded given names and initials on the page, in order, one or more.
        given: Folded given names of the entity. Each one seen must agree with one of them, in order.
    """
    if not given:
        return INITIALS
    best, at, first = 0, 0, None
    for word in seen:
        for k in range(at, len(given)):
            level = _agree(word, given[k])
            if level:
                best, at = max(best, level), k + 1
                first = k if first is None else first
                break
        else:
            if best < FULL or len(word) > 1 or at < len(given):
                return 0  # a middle initial that the gazetteer lacks speaks against nobody
    # Initials alone begin with the first: `B. Lane` is not Arthur B. Lane.
    return best if best == FULL or not first else 0


def _agree(word: str, name: str) -> int:
    if len(word) == 1:
        return INITIALS if word == name[0] else 0
    if len(name) == 1:  # the gazetteer knows no more than `R.`; not every word with an R is a given name
        return INITIALS if word[0] == name and is_given_name(word) else 0
    if word == name or name in nicknames().get(word, ()) or word in nicknames().get(name, ()):
        return FULL
    return 0


def _name_like(word: Word, *, capitals: bool) -> bool:
    """Whether a word may be a given name or an initial by its looks."""
    text = word.text
    return text.isalpha() and text[0].isupper() and (len(text) > 1 or capitals or "." in word.gap or word.gap == " ")


def given_before(page: Page, word: Word | None) -> list[Word]:
    """Words that may be given names or initials, nearest first, from the one right before a family name."""
    found: list[Word] = []
    if word is None or not word.text[0].isupper():
        return found
    while word is not None and _TOGETHER.fullmatch(word.gap) and _name_like(word, capitals=False):
        if "\n" in word.gap and _FAMILY_FIRST.search(page.text, max(0, word.start - _REACH), word.end):
            break  # `RUSK, Dean` at the end of the line above
        found.append(word)
        if len(found) == _MOST_GIVEN:
            break
        word = page.before(word.start)
    return found


def given_after(page: Page, word: Word | None) -> list[Word]:
    """Words that may be given names or initials, in order, from the one after a family name and a comma."""
    found: list[Word] = []
    if word is None or word.gap[0:1] != ",":
        return found
    between = _COMMA
    while word is not None and between.fullmatch(word.gap) and _name_like(word, capitals=True):
        found.append(word)
        if len(found) == _MOST_GIVEN:
            break
        word, between = page.after(word.end), _TOGETHER
    return found


def agreeing(seen: Iterable[str], givens: Mapping[int, list[str]]) -> dict[int, int]:
    """The entities whose given names agree with those seen, each with how well; only the best level stays."""
    words = list(seen)
    first = words[0]
    if len(first) > 1:
        # Who has given names and none that the first word may be is out, as nearly all are.
        fitting = _fitting(first)
        some = [number for number, given in givens.items() if not given or not fitting.isdisjoint(given)]
    else:
        some = [number for number, given in givens.items() if not given or any(name[0] == first for name in given)]
    levels = {number: level for number in some if (level := agreement(words, givens[number]))}
    best = max(levels.values(), default=0)
    return {number: level for number, level in levels.items() if level == best}


@lru_cache(4096)
def _fitting(word: str) -> frozenset[str]:
    """The given names that a word of more than one letter agrees with."""
    known = nicknames()
    initial = (word[0],) if is_given_name(word) else ()
    return known.get(word, frozenset()).union((word,), initial, (name for name, of in known.items() if word in of))


def is_given_name(word: str) -> bool:
    """Whether a word is a common given name and no title."""
    folded = fold_name(word)
    return folded in word_list("given_names") and folded not in word_list("titles")


def somebody_else(before: list[Word], page: Page) -> Word | None:
    """The word right before a family name that makes it another bearer's, where no candidate agrees with it.

    A known given name does; so does an initial with its full stop, unless it begins a line, where
    it may number a paragraph.
    """
    if not before:
        return None
    word = before[0]
    if len(word.text) > 1:
        return word if is_given_name(word.text) else None
    line_start = page.text.rfind("\n", 0, word.start) + 1
    begins_line = not page.text[line_start : word.start].strip()
    return word if word.gap.startswith(".") and "\n" not in word.gap and not begins_line else None
