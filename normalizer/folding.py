"""Folding: the form of a text in which names are compared.

Letters lose case, diacritics and ligatures; whatever is no letter or digit becomes one space.
The copy comes with an `OffsetMap`, so every find points into the untouched page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from normalizer.model import Folded, OffsetMap

HYPHENS = "-\u00ad\u00ac\u2010\u2011\u2012\u2013\u2014\u2015"
APOSTROPHES = "'\u2018\u2019\u201b\u02bc`\u00b4"
LINE_END_HYPHEN = re.compile(rf"(?<=[^\W\d_\u0300-\u036f]|[\u0300-\u036f])[{HYPHENS}][^\S\n]*\n\s*(?=[^\W\d_])")
"""A hyphen at the end of a line, between two letters, with the break after it."""
_LINE_END = re.compile(rf"[{HYPHENS}][^\S\n]*\n")

_SEPARATORS = re.compile(r"[\W_]+")
_JOINED_SEPARATORS = re.compile(rf"(?P<join>{LINE_END_HYPHEN.pattern})|[\W_]{{2,}}")
_SOFT_LINE_END = re.compile(r"\u00ad(?=[^\S\n]*\n)")
_SPACED = bytes(n if chr(n).isalnum() or n > 127 else 32 for n in range(256))
_LONG_SPACES = re.compile(b"  +")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


@lru_cache(maxsize=4096)
def fold_character(char: str) -> str:
    """What one code point becomes: letters and digits in lower case, or "" for marks, or a separator.

    Combining marks and format characters (soft hyphens, joiners) vanish; folding the result
    again changes nothing.
    """
    seen = char
    while True:
        wide = unicodedata.normalize("NFKD", seen).casefold().lower()
        kept = "".join(c for c in wide if unicodedata.category(c) not in ("Mn", "Me", "Cf"))
        if kept == seen:
            return kept
        seen = kept


def without_accents(text: str) -> str:
    """A text whose letters are plain, each in the case that it has; other characters stay."""
    return text if text.isascii() else "".join(map(_plain_character, text))


def _plain_character(char: str) -> str:
    folded = fold_character(char)
    return char if char.isascii() else folded.upper() if char.isupper() else folded or char


@lru_cache(maxsize=4096)
def _ascii_character(char: str) -> str:
    """What one code point becomes where separators are all alike, so that signs that are no letters are spaces."""
    return "".join(c if c.isascii() or c.isalnum() else " " for c in fold_character(char))


def line_end_hyphens(text: str) -> Iterator[re.Match[str]]:
    """The matches of LINE_END_HYPHEN, sought where a hyphen ends a line: many times as quick."""
    for end in _LINE_END.finditer(text):
        found = LINE_END_HYPHEN.match(text, end.start())
        if found:
            yield found


def fold(text: str, *, join_lines: bool = False) -> Folded:
    """The text as lower-case words with one space between them and at both ends.

    Args:
        text: Any text.
        join_lines: Read a hyphen at a line's end as no part of the word (`Kuz-` `netsov` is
            one word); otherwise it separates like any other.

    Returns:
        The folded copy and the map from `text` to it. Folding a folded text changes nothing.
    """
    changed: list[tuple[int, int, int]] = []
    length = len(text)
    if not text.isascii():
        if "\u00ad" in text:
            text = _SOFT_LINE_END.sub("-", text)  # inside a line a soft hyphen is nothing
        strange = set(_NOT_ASCII.findall(text))
        if any(len(fold_character(char)) != 1 for char in strange):
            changed = [
                (m.start(), m.end(), len(new))
                for m in _NOT_ASCII.finditer(text)
                if len(new := fold_character(m[0])) != 1
            ]
        for char in strange:
            text = text.replace(char, fold_character(char) if join_lines else _ascii_character(char))
    text = text.lower()
    if not join_lines:
        copy, edits = _fold_words(text)
        offsets = OffsetMap(len(text), edits)
        return Folded(copy, OffsetMap(length, changed).then(offsets) if changed else offsets)
    start = _SEPARATORS.match(text)
    lead = start.end() if start else 0
    tail = len(text)
    while tail > lead and not text[tail - 1].isalnum():
        tail -= 1
    edits = [(0, lead, 1)] if lead != 1 else []
    edits += [(m.start(), m.end(), 0 if m.lastgroup else 1) for m in _JOINED_SEPARATORS.finditer(text, lead, tail)]
    copy = " "
    if tail > lead:
        if len(text) - tail != 1:
            edits.append((tail, len(text), 1))
        body = text[lead:tail]
        copy = f" {_SEPARATORS.sub(' ', LINE_END_HYPHEN.sub('', body))} "
    offsets = OffsetMap(len(text), edits)
    return Folded(copy, OffsetMap(length, changed).then(offsets) if changed else offsets)


def _fold_words(text: str) -> tuple[str, list[tuple[int, int, int]]]:
    """The copy of a text in small letters, whose signs beyond ASCII are spaces already, and the edits that make it."""
    # Bytes, for they are many times as quick: once as they are written, and once a byte a code point.
    written = text.encode()
    spaced = written.translate(_SPACED)
    words = spaced.split()
    if not words:
        return " ", [(0, len(text), 1)] if len(text) != 1 else []
    if len(written) != len(text):
        spaced = text.replace("?", " ").encode("ascii", "replace").replace(b"?", b"x").translate(_SPACED)
    lead, tail = len(spaced) - len(spaced.lstrip()), len(spaced.rstrip())
    edits = [(0, lead, 1)] if lead != 1 else []
    edits += [(*m.span(), 1) for m in _LONG_SPACES.finditer(spaced, lead, tail)]
    if len(text) - tail != 1:
        edits.append((tail, len(text), 1))
    return f" {b' '.join(words).decode()} ", edits


@lru_cache(maxsize=4096)
def fold_name(text: str) -> str:
    """A name as it stands inside a folded text: words with one space between, no space at the ends."""
    if text.isascii() and text.isalnum():
        return text.lower()  # what most are, and many times as quick
    return fold(text).text.strip()


def key(text: str) -> str:
    """Letters and digits of a text alone, folded."""
    return fold(text).text.replace(" ", "")
