"""Where a page may be damaged: words that are none, joined and parted ones, with the specks beside them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from normalizer.folding import HYPHENS
from normalizer.repair.vocabulary import word_counts
from normalizer.words import word_list

_WORD = re.compile(r"[^\W_]+")
_SPECKS = frozenset("€@#&§£¢{}|!?$%*<>[]()+=~^\\;:")
"""What a scan makes of a letter at a word's edge."""
PUNCTUATION = frozenset("()[]:;?")
"""Of these, what may as well be none."""
_INSIDE = frozenset("€@#&§£¢{}|!?$%*<>+=~^\\;:.'’`")
"""What it makes of a letter inside a word."""
_BLUNT = frozenset(".:'’`")
"""Of these, what stands between sound words too."""
_JOINT = re.compile(rf"[ \t]{{1,3}}|[ \t]?[.,:;'’`_~·*][ \t]?|[{HYPHENS}][ \t]*\n?[ \t]*|[ \t]*\n[ \t]*")
"""What may stand between the parts of one name."""
_WIDEST = 6
"""Characters of the longest gap between the parts of one name that is looked at."""
GLUE = frozenset(
    "the to in of and from for at by on with de la el en mr mrs gen dr col sr is was that than via near his "  # noqa: SIM905
    "president director ambassador".split()
)
"""Words that run together with a name beside them, and that are no part of one."""
SHORTEST, LONGEST = 3, 20
_MOST_DIGITS = 0.4
_LONG_PART = 4
"""Letters of an ordinary word that is too long to be a part of a parted one."""
_REMEMBERED = 100_000
_NO_TEXT, _ENOUGH = 0.95, 50
"""Share of unknown words, and words of some length, from which a page is a heap of letters, in which anything can be
found: the worst of 3,100 scans had 0.81."""

Flags = NDArray[np.uint16]
Numbers = NDArray[np.int64]
DAMAGED, ORDINARY, NAMELIKE, WORTH, CAPITAL, LOWER, SLIP, WHOLE, FOREIGN, PARTING, GLUING, PLURAL, RUN_ON = (
    1 << n for n in range(13)
)
"""What a word is: neither a word nor a name known; a word that names nothing; a name; of a length and with so few
digits that it may be a name; with a capital in it; in small letters; a word with one capital that may be a slip of a
name; too long and sound to be a part of a parted name; that, and no word of any name of several; a demonym, no part of
a name; one of `GLUE`; capitals with a small plural letter (`CUBAs`); one of `GLUE` and more (`toQuba`)."""


class Stretch(NamedTuple):
    """A stretch of the page that may be a damaged name.

    Attributes:
        start, end: Code points of the page.
        surface: What stands there, without spaces and line breaks.
        first: Number of its first word.
        words: Of how many words of the page it is made.
        speck: It takes in a character that is no letter or digit.
        known: It is an ordinary word or a name that nothing supports.
        whole: One of its words is a name or a longer word: it is no parted word, but may be a name of several.
        broken: One of its words is damaged, or a speck parts them.
    """

    start: int
    end: int
    surface: str
    first: int
    words: int = 1
    speck: bool = False
    known: bool = False
    whole: bool = False
    broken: bool = True


class Vocabulary(dict[str, int]):
    """Flags by word, worked out once for every spelling that is met."""

    def __init__(self, kinds: Mapping[str, int], parts: Container[str]) -> None:
        """`kinds` has ORDINARY or NAMELIKE for the folded words that need no repair, `parts` words of longer names."""
        super().__init__()
        self._kinds, self._parts = kinds, parts
        self._no_slip = GLUE | word_list("demonyms") | word_list("given_names") | word_list("calendar")

    def __missing__(self, word: str) -> int:
        if len(self) > _REMEMBERED:
            self.clear()
        folded = word.lower()
        flags = self._kinds.get(folded, ORDINARY if len(word) < SHORTEST or word.isdigit() else 0) or DAMAGED
        if is_worth(word):
            flags |= WORTH
        if word.islower():
            flags |= LOWER
        elif folded != word:
            flags |= CAPITAL
        if not flags & DAMAGED and len(word) >= SHORTEST:
            if len(word) >= _LONG_PART:
                flags |= WHOLE if folded in self._parts else WHOLE | FOREIGN
            # A name that is met elsewhere is not a slip of another.
            met = not flags & ORDINARY and folded in word_counts()
            if (
                word[0].isupper()
                and word[1:].islower()
                and folded not in self._no_slip
                and folded not in GLUE
                and not met
            ):
                flags |= SLIP
        if folded in word_list("demonyms"):
            flags |= PARTING
        if folded in GLUE:
            flags |= GLUING
        if flags & DAMAGED and flags & CAPITAL:
            if len(word) > SHORTEST + 1 and word[-1] == "s" and word[:-1].isupper():
                flags |= PLURAL
            if _glued_at(word):
                flags |= RUN_ON
        self[word] = flags
        return flags


class Words:
    """The words of a page, in lists of one length.

    Attributes:
        starts, ends: Their places.
        texts: As the page has them.
        flags: What they are.
        points: The code points of the page.
        edges, kinds: Starts and ends, and flags, again as arrays.
    """

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        self.edges = _words_of(text, self.points)
        self.starts, self.ends = (edges.tolist() for edges in self.edges)
        self.texts = [text[a:b] for a, b in zip(self.starts, self.ends, strict=True)]
        self.flags = list(map(vocabulary.__getitem__, self.texts))
        self.kinds: Flags = np.array(self.flags, np.uint16)

    def __len__(self) -> int:
        return len(self.texts)

    def are_no_text(self) -> bool:
        """Whether they are a heap of letters."""
        starts, ends = self.edges
        long = self.kinds[ends - starts >= SHORTEST]
        known = int(np.count_nonzero(long & DAMAGED == 0))
        return len(long) >= _ENOUGH and known < (1 - _NO_TEXT) * len(long)

    def share_damaged(self) -> float:
        """The share of them that is neither word nor name."""
        return int(np.count_nonzero(self.kinds & DAMAGED)) / max(1, len(self))


def _words_of(text: str, points: NDArray[np.uint32]) -> tuple[Numbers, Numbers]:
    """Starts and ends of the runs of letters and digits."""
    alone = _alone()
    if len(points) and points.max() >= len(alone):
        spans = np.array([m.span() for m in _WORD.finditer(text)], np.int64).reshape(-1, 2)
        return spans[:, 0], spans[:, 1]
    edges = np.flatnonzero(np.diff(alone[points], prepend=True, append=True))
    return edges[::2], edges[1::2]


@cache
def _alone() -> NDArray[np.bool_]:
    """Which of the first characters are no letters and no digits."""
    return np.array([not chr(n).isalnum() for n in range(0x3000)])


def is_worth(surface: str) -> bool:
    """Whether a surface is of such a length, and has so few digits, that it may be a name."""
    if not SHORTEST <= len(surface) <= LONGEST:
        return False
    return surface.isalpha() or sum(map(str.isdigit, surface)) <= _MOST_DIGITS * len(surface)


class Places:
    """Where a page may be damaged.

    Most of these places are near no name, so that nothing but their surfaces is made ready at first.

    Attributes:
        words: Of the page.
        surfaces: Of the damaged words and of what is beside them, as often as each stands there.
        slips: Ordinary words with a capital in the midst of a sentence (`in Cubs`).
        joined: Two or three words that may be one name.
    """

    def __init__(self, text: str, words: Words) -> None:
        self.words = words
        self.slips: list[Stretch] = []
        self.joined: list[Stretch] = []
        self._damaged: list[int] = []
        self._beside: list[Stretch] = []
        if len(words) and not words.are_no_text():
            self._find(text)
        self.surfaces = [words.texts[n] for n in self._damaged] + [s.surface for s in self._beside]

    def _find(self, text: str) -> None:
        words, flags = self.words, self.words.kinds
        starts, ends = words.edges
        gaps = np.append(starts[1:] - ends[:-1], _WIDEST + 1)
        behind = words.points[np.minimum(ends, len(text) - 1)]
        damaged = np.flatnonzero(flags & (DAMAGED | WORTH) == DAMAGED | WORTH)
        self._damaged = damaged.tolist()
        more = (flags & (PLURAL | RUN_ON) > 0) | _is_of(_SPECK_TABLE, behind)
        more |= _is_of(_SPECK_TABLE, words.points[np.maximum(starts - 1, 0)])
        for number in damaged[more[damaged]].tolist():
            self._beside += _beside(text, words.starts[number], words.ends[number], words.texts[number], number)
        slips = (flags[1:] & SLIP > 0) & (flags[:-1] & LOWER > 0) & (gaps[:-1] <= 2)
        for number in (np.flatnonzero(slips) + 1).tolist():
            if text[words.ends[number - 1] : words.starts[number]].isspace():
                start, end, word = words.starts[number], words.ends[number], words.texts[number]
                self.slips.append(Stretch(start, end, word, number, known=True))
        for number in _heads(flags, behind, gaps):
            self.joined += _joined(text, words, number)

    def stretches(self, lone: Container[str], joined: Container[str]) -> list[Stretch]:
        """The stretches with one of some surfaces: single words, then joined ones."""
        words = self.words
        damaged = zip(self._damaged, self.surfaces, strict=False)
        found = [Stretch(words.starts[n], words.ends[n], surface, n) for n, surface in damaged if surface in lone]
        found += [s for s in (*self._beside, *self.slips) if s.surface in lone]
        found += [s for s in self.joined if s.surface in joined]
        return found


def _beside(text: str, start: int, end: int, word: str, number: int) -> Iterator[Stretch]:
    """A damaged word with the specks that touch it, without a small plural letter, or without what it runs on from."""
    left = start > 0 and text[start - 1] in _SPECKS
    right = end < len(text) and text[end] in _SPECKS
    if left:
        yield Stretch(start - 1, end, text[start - 1 : end], number, speck=True)
    if right:
        yield Stretch(start, end + 1, text[start : end + 1], number, speck=True)
    if left and right:
        yield Stretch(start - 1, end + 1, text[start - 1 : end + 1], number, speck=True)
    if len(word) > SHORTEST + 1 and word[-1] == "s" and word[:-1].isupper():
        yield Stretch(start, end, word[:-1], number)  # CUBAs
    cut = _glued_at(word)
    if cut:
        yield Stretch(start, end, word[cut:], number)  # toQuba


def _glued_at(word: str) -> int:
    """Where a word with a capital begins behind one of `GLUE` that it runs together with, or 0."""
    cut = next((n for n in range(1, len(word) - SHORTEST) if word[n].isupper()), 0) if word[0].islower() else 0
    return cut if word[:cut] in GLUE and word[cut + 1 :].islower() else 0


def _heads(flags: Flags, behind: NDArray[np.uint32], gaps: Numbers) -> list[int]:
    """Numbers of the words that may be the first of a joined name: a quick look at what `_joined` asks.

    Args:
        flags: Of the words.
        behind: The character behind each.
        gaps: How many characters are between each and the next.
    """
    if len(flags) < 2:
        return []
    close = (gaps > 0) & (gaps <= _WIDEST)
    inside = (gaps == 1) & _is_of(_INSIDE_TABLE, behind)
    sharp = (gaps == 1) & _is_of(_SHARP_TABLE, behind)
    ordinary, damaged = flags & ORDINARY > 0, flags & DAMAGED > 0
    whole, foreign, parting = flags & WHOLE > 0, flags & FOREIGN > 0, flags & PARTING > 0
    good = close[:-1] & ~parting[1:] & ((flags[:-1] & CAPITAL > 0) | inside[:-1])
    two = ~ordinary[:-1] | ~ordinary[1:] | sharp[:-1]
    two &= damaged[:-1] | damaged[1:] | sharp[:-1] | whole[:-1] | whole[1:]
    two &= ~(foreign[:-1] & foreign[1:])
    three = np.zeros(len(good), np.bool_)
    three[:-1] = close[1:-1] & ~parting[2:]
    three[:-1] &= ~ordinary[:-2] | ~ordinary[1:-1] | ~ordinary[2:] | sharp[:-2] | sharp[1:-1]
    three[:-1] &= ~(foreign[:-2] | foreign[1:-1] | foreign[2:])
    found: list[int] = np.flatnonzero(good & (two | three)).tolist()
    return found


def _table(chars: frozenset[str]) -> NDArray[np.bool_]:
    table = np.zeros(0x2100, np.bool_)
    table[[ord(c) for c in chars]] = True
    return table


def _is_of(table: NDArray[np.bool_], points: NDArray[np.uint32]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = table[np.minimum(points, len(table) - 1)]
    return found


_INSIDE_TABLE, _SHARP_TABLE, _SPECK_TABLE = _table(_INSIDE), _table(_INSIDE - _BLUNT), _table(_SPECKS)


class _Gaps(dict[str, tuple[bool, bool]]):
    """Whether the parts of one name may stand on both sides of a gap, and whether it is a letter's place, by text."""

    def __missing__(self, gap: str) -> tuple[bool, bool]:
        if len(self) > _REMEMBERED:
            self.clear()
        inside = gap in _INSIDE
        told = self[gap] = (inside or bool(_JOINT.fullmatch(gap)), inside)
        return told


_GAPS = _Gaps()


def _joined(text: str, words: Words, number: int) -> Iterator[Stretch]:
    """Two or three words from a number on that may be one name."""
    start, first, flags = words.starts[number], words.texts[number], words.flags[number]
    surface, damaged, broken, speck = first, not flags & ORDINARY, bool(flags & DAMAGED), False
    whole, capital, glued = bool(flags & WHOLE), bool(flags & CAPITAL), bool(flags & GLUING)
    foreign = flags & FOREIGN
    known = whole and not foreign
    for last in (number + 1, number + 2):
        if last == len(words):
            return
        word, flags = words.texts[last], words.flags[last]
        gap = text[words.ends[last - 1] : words.starts[last]]
        joint, inside = _GAPS[gap]
        if not joint or (last == number + 1 and len(first) == 1 and gap[0] == "."):
            return  # an initial is no part of a parted word
        surface += gap + word if inside else word
        sharp = inside and gap not in _BLUNT
        damaged = damaged or not flags & ORDINARY or sharp
        broken = broken or bool(flags & DAMAGED) or sharp
        speck, whole = speck or inside, whole or bool(flags & WHOLE)
        known = known or (flags & (WHOLE | FOREIGN)) == WHOLE
        foreign |= flags & FOREIGN
        if len(surface) > LONGEST or flags & PARTING or (foreign and last > number + 1):
            return
        if not sharp and (glued or flags & GLUING):
            continue
        if not damaged or (whole and not known and not sharp):
            continue
        if (broken or whole) and (capital or inside) and len(surface) > SHORTEST and is_worth(surface):
            count = last - number + 1
            yield Stretch(start, words.ends[last], surface, number, count, speck, False, whole and not sharp, broken)
