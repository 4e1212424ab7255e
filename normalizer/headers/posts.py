"""Posts and offices in the slots of a header."""

from __future__ import annotations

import re
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from normalizer.headers.fields import Origin, Part
from normalizer.headers.lines import part
from normalizer.headers.tables import compact, is_routing, labels, nearest, words
from normalizer.model import Span
from normalizer.words import word_list

_TOKEN = re.compile(r"[^\s,;_|]+")
_NUMBER = re.compile(r"[\W\dOolI]*\d[\W\dOolI]*")
_MOST_WORDS = 5
_MOST_PLACE = 4
_PLACE = re.compile(r"(?=.*[^\W\d_]{3})[^\W\d_a-z].{2,40}")
_MOST_ODD = 5
"""One sign in so many may be none of a name: `TAIPE]`."""
_PARTICLES = frozenset(["EL", "LA", "ST", "DE", "AL", "ES", "DA", "DO", "LE", "SAN", "OF"])


class Slotted(NamedTuple):
    """What a slot for a post says: the whole of it, the place, the office; `marked` has words that are labels."""

    whole: Part | None
    place: Part | None
    office: Part | None
    marked: tuple[Span, ...]

    def origin(self) -> Origin | None:
        """The same as the origin of a document."""
        if self.whole is None:
            return None
        return Origin(self.whole.text, self.whole.span, self.place, self.office)


def read_post(text: str, start: int, end: int) -> Slotted:
    """What stands in a slot for a post: `AMEMBASSY MOSCOW 604 PRIORITY` is an office and a place.

    Precedences and serial numbers at its end are left out; they are marked.
    """
    tokens = [Span(*m.span()) for m in _TOKEN.finditer(text, start, end)]
    marked: list[Span] = []
    kept = tokens
    while kept and _trailer(text, kept[-1]):
        if not _NUMBER.fullmatch(text, *kept[-1]):
            marked.append(kept[-1])
        kept = kept[:-1]
    while kept and _trailer(text, kept[0]) and compact(text[kept[0].start : kept[0].end]) not in words("office"):
        if not _NUMBER.fullmatch(text, *kept[0]):
            marked.append(kept[0])
        kept = kept[1:]
    kept = _undirtied(text, kept)
    if not kept:
        return Slotted(None, None, None, tuple(marked))
    whole = part(text, kept[0].start, kept[-1].end)
    count, post = _office_words(text, kept)
    office = part(text, kept[0].start, kept[count - 1].end) if count else None
    first = count
    while first < len(kept) and compact(text[kept[first].start : kept[first].end]) in ("OF", "AT", "IN", "THE"):
        first += 1
    place = part(text, kept[first].start, kept[-1].end) if first < len(kept) else None
    if post and office and office.span and nearest(compact(office.text), words("marked")):
        marked.append(office.span)
    if place and not _placelike(place.text):
        office, place = whole, None
    return Slotted(whole, place, office, tuple(marked))


def _undirtied(text: str, tokens: list[Span]) -> list[Span]:
    """Tokens without what is no word at the ends, and without scraps in small letters behind capitals."""
    kept = list(tokens)
    while kept and (
        not any(map(str.isalpha, text[kept[0].start : kept[0].end]))
        or (len(kept) > 1 and sum(map(str.isalpha, text[kept[0].start : kept[0].end])) == 1)
    ):
        kept.pop(0)
    for number in range(1, len(kept)):
        word, before = text[kept[number].start : kept[number].end], text[kept[number - 1].start : kept[number - 1].end]
        scrap = not any(map(str.isalpha, word)) or (before.isupper() and word.islower()) or (len(word) == 1)
        classed = is_routing(compact(word)) or compact(word) in ("TOP", "EYES")
        if scrap or classed:
            return kept[:number]
    return kept


def office_of(text: str) -> str | None:
    """The office that words are as a whole, compact; None where they are none."""
    return nearest(compact(text), words("office"))


def _trailer(text: str, token: Span) -> bool:
    surface = text[token.start : token.end]
    key = compact(surface)
    return not key or bool(_NUMBER.fullmatch(surface)) or is_routing(key) or key in ("NO", "NR")


def _office_words(text: str, tokens: list[Span]) -> tuple[int, bool]:
    """How many of the first words are an office, and whether it is one that a place follows."""
    counts = range(1, min(_MOST_WORDS, len(tokens)) + 1)
    keys = {count: compact(text[tokens[0].start : tokens[count - 1].end]) for count in counts}
    found: list[tuple[int, int, bool]] = []
    for count, key in keys.items():
        for kind in ("post", "office"):
            word = nearest(key, words(kind))
            if word:
                # The least damage, then the most words: AMEMBASSY LA PAZ has AMEMBASSY alone.
                found.append((Levenshtein.distance(key, word), -count, kind == "post"))
    if not found:
        return 0, False
    _, count, post = min(found)
    return -count, post


def _placelike(text: str) -> bool:
    """Whether words may be a place: few, of letters, and none of those that bureaus are called by."""
    tokens = text.replace(",", " ").split()
    if not 1 <= len(tokens) <= _MOST_PLACE or not _PLACE.fullmatch(text):
        return False
    odd = sum(not c.isalpha() and c not in " ,.'’-" for c in text)
    scraps = sum(len(token) < 3 and compact(token) not in _PARTICLES for token in tokens)
    if odd * _MOST_ODD > len(text) or sum(map(str.isdigit, text)) > 1 or scraps * 2 > len(tokens):
        return False
    if any(sign in text for sign in "/&(") or personal(text):
        return False
    keys = {compact(token) for token in tokens}
    return not (keys & words("bureau") or keys & words("office") or keys & words("noplace") or keys & set(labels()))


def personal(text: str) -> bool:
    """Whether words are a person's name: they begin with a given name, or have an initial among them."""
    tokens = text.split()
    if len(tokens) < 2 or "," in text:
        return False
    if any(len(token.rstrip(".")) == 1 and token[0].isupper() for token in tokens[1:-1]):
        return True
    return tokens[0].lower() in word_list("given_names") and all(token[0].isupper() for token in tokens)
