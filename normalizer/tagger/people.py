"""Names of people by their looks: titles, given names, initials, lists, and what the rest of a document says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from normalizer.folding import without_accents
from normalizer.repair.vocabulary import word_counts
from normalizer.words import word_list

_WORD = re.compile(r"[^\W\d_]+(?:['’](?![sS]\b)[^\W\d_]+)*")
_TOGETHER = re.compile(r"\.? ?\n?|\.?  ?|-")
"""What may stand between the parts of a name: no more than a full stop, a space, a line's end or a hyphen."""
_COMMA = re.compile(r", ?\n?")
_UNNAMED = re.compile(r"[FL]NU", re.IGNORECASE)
_PARTICLES = frozenset(
    [
        "de",
        "la",
        "las",
        "los",
        "del",
        "della",
        "da",
        "dos",
        "du",
        "di",
        "le",
        "van",
        "von",
        "der",
        "den",
        "ten",
        "ter",
        "al",
        "el",
        "bin",
        "ibn",
        "abu",
        "y",
        "ben",
    ]
)
_STRONG = frozenset(
    [
        "mr",
        "mrs",
        "miss",
        "ms",
        "dr",
        "gen",
        "general",
        "col",
        "colonel",
        "capt",
        "captain",
        "maj",
        "major",
        "lt",
        "lieutenant",
        "sgt",
        "cmdr",
        "cdr",
        "senator",
        "sen",
        "congressman",
        "rep",
        "ambassador",
        "amb",
        "admiral",
        "adm",
        "sr",
        "sra",
        "señor",
        "senor",
        "mme",
        "madame",
        "mlle",
        "herr",
        "prof",
        "professor",
        "comrade",
        "judge",
        "gov",
        "governor",
        "inspector",
        "brig",
        "brigadier",
        "marshal",
    ]
)
_OFTEN_NONE = frozenset(["general", "gen", "judge", "major", "professor", "governor", "gov", "inspector", "lieutenant"])
"""Titles that are other words too: General Counsel, Major Components."""
_NEVER = frozenset(
    [
        "the",
        "and",
        "for",
        "from",
        "with",
        "that",
        "this",
        "not",
        "was",
        "were",
        "are",
        "his",
        "her",
        "has",
        "had",
        "who",
        "whom",
        "which",
        "when",
        "where",
        "what",
        "upon",
        "after",
        "before",
        "memo",
        "memorandum",
        "subject",
        "subj",
        "document",
        "cable",
        "dispatch",
        "secret",
        "station",
        "headquarters",
        "director",
        "attn",
        "attention",
        "chief",
        "deputy",
        "copy",
        "file",
        "page",
        "date",
        "record",
        "records",
        "act",
        "classified",
        "message",
        "routing",
        "action",
        "info",
        "cite",
        "ref",
        "refs",
        "office",
        "officer",
        "officers",
        "division",
        "branch",
        "staff",
        "group",
        "committee",
        "agency",
        "bureau",
        "department",
        "embassy",
        "consulate",
        "government",
        "army",
        "navy",
        "air",
        "force",
        "party",
        "street",
        "avenue",
        "st",
        "ave",
        "road",
        "rd",
        "blvd",
        "hotel",
        "building",
        "university",
        "college",
        "school",
        "hospital",
        "airport",
        "bank",
        "company",
        "corp",
        "inc",
        "co",
        "north",
        "south",
        "east",
        "west",
        "central",
        "united",
        "new",
        "york",
        "saint",
        "san",
        "santa",
        "jr",
        "sr",
        "ii",
        "iii",
        "iv",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "spanish",
        "english",
        "russian",
        "american",
        "cuban",
        "nato",
        "usa",
        "ussr",
        "cia",
        "fbi",
        "kgb",
        "fnu",
        "lnu",
        "aka",
        "nee",
        "alias",
    ]
)
_CRYPTIC = ("am", "li", "od", "ku", "zr", "ae", "jm", "wi", "qj", "gp", "mh", "pb", "un", "rn", "an", "ai")
"""How code names begin, and how scans read them."""
_POSSESSIVE = re.compile(r"['’][sS]\b")
_VOWEL = re.compile(r"[aeiouy]")
_COMMON = 12
"""Times that a word stands in small letters in the project's texts, from which capitals alone make no name of it."""


class Word(NamedTuple):
    """A word of letters, with what stands before it."""

    text: str
    lower: str
    start: int
    end: int
    gap: str


class Found(NamedTuple):
    """A name of a person; `sure` says whether its last word may be looked for elsewhere."""

    start: int
    end: int
    family: str
    sure: bool


def words_of(text: str) -> list[Word]:
    """The words of a text."""
    found, at = [], 0
    for m in _WORD.finditer(text):
        found.append(Word(m[0], without_accents(m[0]).lower(), m.start(), m.end(), text[at : m.start()]))
        at = m.end()
    return found


def small(lower: str) -> int:
    """How often a word stands in small letters in the project's texts."""
    return word_counts().get(lower, (0, 0))[1]


def is_word(lower: str) -> bool:
    """Whether it is an English word."""
    return lower in word_list("english") or small(lower) >= _COMMON


def capital(text: str) -> bool:
    """Whether it is written as a name is: `Smith`, `SMITH`, `McCone`, `O'Neil`."""
    if len(text) < 2 or not text[0].isupper():
        return False
    return (
        text.isupper()
        or text[1:].islower()
        or re.fullmatch(r"(?:Mc|Mac|De|La|Fitz|O['’]|D['’])[A-Z][a-z]+", text) is not None
    )


def in_prose(words: list[Word], n: int) -> bool:
    """Whether a word in capitals that may be a name, and no code name or letters, stands among small letters."""
    word = words[n]
    if not word.text.isupper() or len(word.text) < 5 or is_word(word.lower) or word.lower.startswith(_CRYPTIC):
        return False
    if not 0.25 <= len(_VOWEL.findall(word.lower)) / len(word.text) <= 0.75:
        return False
    before = n and word.gap in (" ", "\n") and words[n - 1].text.islower()
    after = n + 1 < len(words) and words[n + 1].gap in (" ", "'", "’", ", ") and words[n + 1].text.islower()
    return bool(before or after)


class People:
    """Finds people in one text; `is_place` says whether a word is a name of a place."""

    def __init__(self, text: str, words: list[Word], is_place: Callable[[str], bool]) -> None:
        self.text, self.words, self.is_place = text, words, is_place

    def find(self) -> list[Found]:
        """The people, in order, without overlap."""
        sure = list(self._by_pattern())
        families = Counter(f.family for f in sure if f.sure and len(f.family) > 3)
        families = Counter({f: n for f, n in families.items() if not is_word(f) and not self.is_place(f)})
        taken = {k for f in sure for k in range(f.start, f.end)}
        for word in self.words:
            if word.lower in families and word.start not in taken and capital(word.text):
                sure.append(Found(word.start, word.end, word.lower, False))
        return sorted(sure)

    def _by_pattern(self) -> Iterator[Found]:
        n = 0
        while n < len(self.words):
            found = (
                self._titled(n)
                or self._unnamed(n)
                or self._listed(n)
                or self._given(n)
                or self._rare(n)
                or self._speaks(n)
            )
            if found is None:
                n += 1
                continue
            first, last, sure = found
            end = self.words[last].end
            family = self.words[last].lower
            if last > first and len(self.words[last].text) == 1 and self.text[end : end + 1] == ".":
                end += 1  # the full stop of an initial at the end
                family = self.words[first].lower
            yield Found(self.words[first].start, end, family, sure)
            n = last + 1

    def _initial(self, n: int) -> bool:
        word = self.words[n]
        return len(word.text) == 1 and word.text.isupper() and self.text[word.end : word.end + 1] in (".", " ")

    def _dotted(self, n: int) -> bool:
        return self._initial(n) and self.text[self.words[n].end] == "."

    def _is_given(self, n: int) -> bool:
        word = self.words[n]
        if not capital(word.text) or len(word.text) < 3 or word.lower in word_list("titles"):
            return False
        return word.lower in word_list("given_names") and word.lower not in _NEVER and not self.is_place(word.lower)

    def _joined(self, n: int) -> bool:
        return n < len(self.words) and _TOGETHER.fullmatch(self.words[n].gap) is not None

    def _family(self, n: int, *, strong: bool) -> bool:
        """Whether a word may be a family name; `strong`: what stands before it leaves little else."""
        word = self.words[n]
        if not capital(word.text) or word.lower in _NEVER or (len(word.text) < 3 and not strong):
            return False
        if (
            word.lower in word_list("calendar")
            or word.lower in word_list("demonyms")
            or word.lower in word_list("titles")
        ):
            return False
        if word.lower in word_list("label_words"):
            return False
        if word.text.isupper():
            return not is_word(word.lower) or (strong and small(word.lower) < _COMMON)
        return strong or not is_word(word.lower)

    def _parts(self, n: int, *, strong: bool) -> int | None:
        """The last word of particles, a family name and a second one from word `n` on."""
        k = n
        while k + 1 < len(self.words) and k - n < 2 and self.words[k].lower in _PARTICLES and self._joined(k + 1):
            k += 1
        if k >= len(self.words) or not self._family(k, strong=strong or k > n):
            return None
        if (
            self.text[self.words[k].end : self.words[k].end + 1] == "-"
            and self._joined(k + 1)
            and self._family(k + 1, strong=True)
        ):
            k += 1
        more = k + 1
        if (
            more < len(self.words)
            and self.words[more].gap == " "
            and self._family(more, strong=False)
            and not self.is_place(self.words[more].lower)
            and not self._is_given(more)
        ):
            return more
        return k

    def _forenames(self, n: int) -> tuple[int, int, int]:
        """Where given names and initials from word `n` end, how many are names, and how many initials."""
        k, names, initials = n, 0, 0
        while k < len(self.words) and (k == n or self._joined(k)) and k - n < 4:
            if self._is_given(k):
                names += 1
            elif self._initial(k) and (k > n or self._dotted(k)):
                initials += 1
            else:
                break
            k += 1
        return k, names, initials

    def _titled(self, n: int) -> tuple[int, int, bool] | None:
        word = self.words[n]
        if word.lower not in _STRONG or not word.text[0].isupper() or not self._joined(n + 1):
            return None
        k, _, _ = self._forenames(n + 1)
        if k > n + 1 and not (k < len(self.words) and self._joined(k)):
            k -= 1
        strong = word.lower not in _OFTEN_NONE
        if k < len(self.words) and (last := self._parts(k, strong=strong)) is not None:
            return n + 1, last, True
        if k > n + 1 and self._is_given(k - 1):
            return n + 1, k - 1, False
        return None

    def _unnamed(self, n: int) -> tuple[int, int, bool] | None:
        """`FNU Smith`, `Jose LNU`: somebody of whom one name is known."""
        word = self.words[n]
        if _UNNAMED.fullmatch(word.text) is None:
            return None
        beside = re.compile(r"[)(]?,? ?[(]?\n?")
        if (
            n + 1 < len(self.words)
            and word.lower == "fnu"
            and beside.fullmatch(self.words[n + 1].gap)
            and self._family(n + 1, strong=True)
        ):
            return n + 1, n + 1, True
        return None

    def _listed(self, n: int) -> tuple[int, int, bool] | None:
        """`SMITH, John H.`"""
        if (
            not self._family(n, strong=True)
            or n + 1 >= len(self.words)
            or _COMMA.fullmatch(self.words[n + 1].gap) is None
        ):
            return None
        word = self.words[n]
        if (
            self.is_place(word.lower)
            or (is_word(word.lower) and not word.text.isupper())
            or small(word.lower) >= _COMMON
        ):
            return None
        if n and self._joined(n) and (self._is_given(n - 1) or self._initial(n - 1)):
            return None
        k, names, _ = self._forenames(n + 1)
        if not names or (k < len(self.words) and self._joined(k) and self._family(k, strong=True)):
            return None
        first = n
        if self._second_family(n):
            first -= 1
        while first and self.words[first - 1].lower in _PARTICLES and self.words[first].gap == " ":
            first -= 1
        return first, k - 1, True

    def _second_family(self, n: int) -> bool:
        """Whether a word ends a family name of two, as in `CASTANO Fernandez, Jose`."""
        if not n or self.words[n].gap not in (" ", "-"):
            return False
        word = self.words[n - 1]
        if not self._family(n - 1, strong=False) or self.is_place(word.lower) or len(word.text) < 4:
            return False
        return word.text.isupper() or self.words[n].gap == "-"

    def _speaks(self, n: int) -> tuple[int, int, bool] | None:
        """`SALGUEIRO stated`, `of SALGUEIRO's`: capitals amid small letters, and what people do or have."""
        word = self.words[n]
        if not in_prose(self.words, n) or not self._family(n, strong=False) or self.is_place(word.lower):
            return None
        if _POSSESSIVE.match(self.text, word.end) is None and not (
            n + 1 < len(self.words) and self.words[n + 1].gap == " " and self.words[n + 1].lower in word_list("deeds")
        ):
            return None
        return n, n, True

    def _rare(self, n: int) -> tuple[int, int, bool] | None:
        """`WESTON G. PARKER`: an initial between two names, the first of which no list has."""
        word = self.words[n]
        if not capital(word.text) or len(word.text) < 3 or is_word(word.lower) or word.lower in _NEVER:
            return None
        if n + 2 >= len(self.words) or not self._joined(n + 1) or not self._dotted(n + 1) or not self._joined(n + 2):
            return None
        last = self._parts(n + 2, strong=True)
        return None if last is None or self.is_place(word.lower) else (n, last, True)

    def _given(self, n: int) -> tuple[int, int, bool] | None:
        k, names, initials = self._forenames(n)
        if k == n:
            return None
        begins_line = "\n" in self.words[n].gap or n == 0
        if not names and (begins_line or not self._dotted(n)):
            return None
        if (
            k < len(self.words)
            and self._joined(k)
            and (last := self._parts(k, strong=names > 0 and (initials > 0 or not self.words[k].text.isupper())))
            is not None
        ):
            return n, last, True
        if k - n > 1 and names > 1 and not self._initial(k - 1):
            return n, k - 1, True  # two names, the second a family name too: `Howard Lawson`
        word = self.words[n]
        if (
            k - n == 1
            and not word.text.isupper()
            and n
            and self.words[n - 1].text.islower()
            and not is_word(word.lower)
        ):
            return n, n, False  # a given name alone, in the midst of a sentence
        return None
