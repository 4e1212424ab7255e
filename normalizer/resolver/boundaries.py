"""Where a person's name begins and ends by what stands beside it: titles, commas, hyphens, particles, laws."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz import fuzz

from normalizer.folding import fold_name
from normalizer.resolver.page import Page, Word
from normalizer.resolver.support import title_of
from normalizer.resolver.tags import Tagged, Tags
from normalizer.words import word_list

LARGER = 0.4
"""Score from which a tagged name around one of the gazetteer's is the whole name, and share of a word beside it."""
_NAME, _MOST = 3, 4
"""Letters of a word that belongs to a name beside it, and the most words on a side."""
_PARTICLE = 0.05
"""Share from which a particle beside a name is a part of it."""
_PARTICLES = frozenset({"da", "de", "del", "der", "di", "do", "dos", "la", "las", "los", "van", "von"})
_MISREAD, _LONG = 80, 5
"""Likeness in percent from which a word of so many letters is a title misread."""
_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’][sS]\Z")
_ACT = re.compile(r" (?:Act|ACT)\b")
_PAIR = re.compile(r"([^\W\d_]+)-([^\W\d_]+)")
_COMMA = re.compile(r",\s*")
_INITIAL = re.compile(r"\b\w\Z")
_TITLES = frozenset(
    {"ayatollah", "king", "queen", "madame", "mme", "prince", "pope", "shah", "sheikh"}
    | {"colonels", "captains", "capts", "majors", "generals", "lieutenants", "messrs", "ambassadors", "senators"}
)


def is_title(word: str) -> bool:
    """Whether a word is a title that stays outside of a name."""
    lower = word.lower()
    return lower in word_list("titles") or lower in _TITLES


@lru_cache(4096)
def _is_misread_title(word: str) -> bool:
    lower = word.lower()
    if len(lower) < _LONG or not word[0].isupper():
        return False
    if lower in word_list("given_names") or lower in word_list("english"):
        return False
    return any(len(t) >= _LONG and fuzz.ratio(lower, t) >= _MISREAD for t in word_list("titles"))


class Boundaries:
    """The boundaries of people's names in one text, by its words and by what a tagger says of each."""

    def __init__(self, tags: Tags, page: Page) -> None:
        self.tags, self.page, self.text = tags, page, page.text

    def is_law(self, end: int) -> bool:
        """Whether a name that ends here is a law's: `the Hatch Act`."""
        return _ACT.match(self.text, end) is not None

    def tidy(self, tagged: Tagged) -> Iterator[Tagged]:
        """A tagged person without titles and possessives, two where a comma or a hyphen parts two, none for a law."""
        text = self.text[tagged.start : tagged.end]
        if _WORD.search(text) is None:
            return
        if tagged.label != "PERSON":
            yield tagged
            return
        if self.is_law(tagged.end):
            return
        comma = _COMMA.search(text)
        if comma and (later := _WORD.search(text, comma.end())):
            rest = tagged._replace(start=tagged.start + later.start())
            if len(text[: comma.start()].strip()) < 2:
                yield from self.tidy(rest)
                return
            if self._two(tagged, text[: comma.start()], later[0]):
                yield from self.tidy(tagged._replace(end=tagged.start + comma.start()))
                yield from self.tidy(rest)
                return
        if (pair := _PAIR.fullmatch(text)) and self._is_pact(tagged):
            yield tagged._replace(end=tagged.start + pair.end(1))
            yield tagged._replace(start=tagged.start + pair.start(2))
            return
        start, end = tagged.start, tagged.end
        words = list(_WORD.finditer(self.text, start, end))
        while len(words) > 1 and (is_title(words[0][0]) or _is_misread_title(words[0][0])):
            del words[0]
            start = words[0].start()
        found = _POSSESSIVE.search(text)
        end = end - len(found[0]) if found else self._with_family(end)
        start = self._with_particles(start)
        if start < end:
            yield tagged._replace(start=start, end=end)

    def grown(self, start: int, end: int) -> Tagged | None:
        """A name with the capitalised words right beside it that the tagger sees in a person's, or None."""
        first, last, least = start, end, 1.0
        for _ in range(_MOST):
            before = self.page.before(first)
            if before is None or (share := self._beside(before)) < LARGER:
                break
            first, least = before.start, min(least, share)
        for _ in range(_MOST):
            after = self.page.after(last)
            if after is None or (share := self._beside(after)) < LARGER:
                break
            last, least = after.end, min(least, share)
        made = Tagged(self._with_particles(first), self._with_family(last), "PERSON", round(least, 4))
        if made[:2] == (start, end) or (_PAIR.fullmatch(self.text, made.start, made.end) and self._is_pact(made)):
            return None
        return made

    def _beside(self, word: Word) -> float:
        """The share of a person in a word beside a name, 0 where something parts them or it is a title."""
        if word.gap not in (" ", "-") or not word.text[0].isupper() or len(word.text) < _NAME or is_title(word.text):
            return 0.0
        return self.tags.share(word.start, word.end, "PERSON") or 0.0

    def _is_pact(self, tagged: Tagged) -> bool:
        """Whether two names that a hyphen joins are of what two people have together: `the Nixon-Pompidou talks`."""
        before, after = self.page.before(tagged.start), self.page.after(tagged.end)
        if before is None or after is None or before.text.lower() != "the" or after.gap not in (" ", "\n"):
            return False
        return after.text.lower() in word_list("english")

    def _two(self, tagged: Tagged, earlier: str, later: str) -> bool:
        """Whether a comma parts two people, and neither a family name from a given one nor a misread initial."""
        if len(later) < 2 or _INITIAL.search(earlier):
            return False
        if fold_name(later) not in word_list("given_names"):
            return True
        return title_of(self.page.before(tagged.start)) is not None and " " not in earlier.strip()

    def _with_particles(self, start: int) -> int:
        """Where a name begins with the particles before it, of which the tagger sees something: `DE LA TORRE`."""
        for _ in range(_MOST):
            before = self.page.before(start)
            if before is None or before.text.lower() not in _PARTICLES or before.gap not in (" ", "\n"):
                break
            share = self.tags.share(before.start, before.end, "PERSON")
            alike = before.text[0].islower() or self.text[start : start + 2].isupper() == before.text.isupper()
            if share is None or share < _PARTICLE or not alike:
                break
            start = before.start
        return start

    def _with_family(self, end: int) -> int:
        """Where a name in capitals ends with a particle and a family name in capitals after it: `LOPEZ DE LEON`."""
        after = self.page.after(end) if self.text[max(0, end - 2) : end].isupper() else None
        if after is None or after.gap != " " or after.text not in ("DE", "DEL", "Y"):
            return end
        last = self.page.after(after.end)
        if last is None or last.gap != " " or not last.text.isupper():
            return end
        return last.end if (self.tags.share(after.start, last.end, "PERSON") or 0.0) >= _PARTICLE else end
