"""What a better reading of a page says of a mention: is its name there?

The words around a mention tie it to a place in the better reading. Where that place has a name of
the entity, the mention is right; where plain words alone stand there, it is wrong; else nobody can say.

    at = place("... of the Soviet bombers in Guba, which ...", better, 30, 34)
    judge("Guba", at, {"cuba"}, english)  # "right"
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

Verdict = Literal["right", "wrong", "unknown"]

CONTEXT = 28
"""Code points on each side of a mention that tie it to a place."""
LEAST_CONTEXT = 20
"""A mention with less on one side, at an end of the page, is not looked up."""
NEXT_TO = 14
NEAR_ENOUGH = 9
"""Of the NEXT_TO code points beside a mention so many must stand in the better reading too, on either side."""
SEARCH_CUTOFF = 70.0
"""RapidFuzz's partial ratio below which the context is not found at all."""
SLIP_LENGTH, SLIP_SIMILARITY = 5, 0.75
"""Better readings have slips of their own: from this length on, a word this similar is the name."""
SHARED_SLIPS: dict[str, frozenset[str]] = {"cubs": frozenset({"cuba"}), "cube": frozenset({"cuba"})}
"""What both readings of many pages make of a name: there the better one is no witness against it."""

_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_PLAIN_WORD = re.compile(r"[^\W_]+")
_AROUND = 60
"""Code points beside the place in which its words and their neighbours are looked for."""


@dataclass(frozen=True, slots=True)
class Place:
    """Words of the better reading, lower case: those where the mention stands, and with a neighbour on each side."""

    words: tuple[str, ...]
    around: tuple[str, ...]


def key(text: str) -> str:
    """Letters and digits of a text, lower case: the form in which names are compared here.

    Unlike `folding.key` it keeps accents, as measures do that others publish.
    """
    return "".join(c for c in text.lower() if c.isalnum())


def squeeze(text: str) -> str:
    """The text in lower case with one space for every stretch of white space."""
    return _SPACE.sub(" ", text.lower())


_squeezed = lru_cache(maxsize=8)(squeeze)  # many mentions of one page ask for the same text


def place(doc_text: str, clean: str, start: int, end: int) -> Place | None:
    """Where the better reading has what stands at `start, end` of the page, or None where its context is not found.

    It depends on no entity: look once, then `judge` every candidate.
    """
    left = squeeze(doc_text[max(0, start - CONTEXT - 12) : start])[-CONTEXT:]
    right = squeeze(doc_text[end : end + CONTEXT + 12])[:CONTEXT]
    if min(len(left), len(right)) < LEAST_CONTEXT:
        return None
    query = left + squeeze(doc_text[start:end]) + right
    text = _squeezed(clean)
    found = fuzz.partial_ratio_alignment(query, text, score_cutoff=SEARCH_CUTOFF)
    if found is None:
        return None
    base = max(0, found.dest_start - 4)
    first, last = len(left), len(query) - len(right)
    low = high = -1
    before = after = 0
    for op in Levenshtein.opcodes(query, text[base : found.dest_end + 4]):
        if op.tag == "equal":
            before += _shared(op.src_start, op.src_end, first - NEXT_TO, first)
            after += _shared(op.src_start, op.src_end, last, last + NEXT_TO)
        width = op.dest_end - op.dest_start
        if op.src_start < first <= op.src_end:
            low = base + op.dest_start + min(first - 1 - op.src_start, width) + 1
        if op.src_start <= last < op.src_end:
            high = base + op.dest_start + min(last - op.src_start, width)
    if before < NEAR_ENOUGH or after < NEAR_ENOUGH:
        return None
    return _words_at(text, low, high)


def _shared(a: int, b: int, low: int, high: int) -> int:
    return max(0, min(b, high) - max(a, low))


def _words_at(text: str, low: int, high: int) -> Place:
    """The words that touch `low, high`, and those with a neighbour on either side."""
    shift = max(0, low - _AROUND)
    found = [(m[0], m.start() + shift, m.end() + shift) for m in _WORD.finditer(text[shift : high + _AROUND])]
    inside = [i for i, (_, start, end) in enumerate(found) if start < high and end > low]
    if not inside:
        return Place((), ())
    words = tuple(word for word, _, _ in found)
    return Place(words[inside[0] : inside[-1] + 1], words[max(0, inside[0] - 1) : inside[-1] + 2])


def runs(words: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Every run of neighbouring words: its key and the words."""
    for i in range(len(words)):
        for j in range(i + 1, len(words) + 1):
            yield key("".join(words[i:j])), words[i:j]


def spells(text: str, own_keys: Set[str]) -> bool:
    """Whether a run of the text's words is letter by letter one of the names, a plural s aside."""
    return any(_is_name(run, own_keys) for run, _ in runs(_PLAIN_WORD.findall(squeeze(text))))


def _is_name(run: str, own_keys: Set[str]) -> bool:
    return run in own_keys or (run.endswith("s") and run[:-1] in own_keys)


def bears(words: Sequence[str], own_keys: Set[str], known_words: Set[str]) -> bool:
    """Whether a run of words is one of the names, or a slip of one that is no other word."""
    for run, parts in runs(words):
        if _is_name(run, own_keys):
            return True
        if len(run) >= SLIP_LENGTH and not _all_known(parts, known_words) and _near(run, own_keys):
            return True
    return False


def _near(run: str, own_keys: Iterable[str]) -> bool:
    return any(
        abs(len(name) - len(run)) <= 2 and Levenshtein.normalized_similarity(name, run) >= SLIP_SIMILARITY
        for name in own_keys
    )


def _all_known(words: Iterable[str], known_words: Set[str]) -> bool:
    return all(word.lower() in known_words for word in words)


def judge(surface: str, at: Place | None, own_keys: Set[str], known_words: Set[str]) -> Verdict:
    """Whether a mention means an entity, by the place in the better reading.

    Args:
        surface: The mention as the page has it.
        at: Its place, from `place`.
        own_keys: `key` of every name of the entity.
        known_words: Ordinary words in lower case.
    """
    if at is None:
        return "unknown"
    if bears(at.around, own_keys, known_words):
        return "right"
    if not at.words or not _all_known(at.words, known_words):
        return "unknown"  # no plain words, so perhaps a slip of the better reading itself
    return "unknown" if SHARED_SLIPS.get(key(surface), frozenset()) & own_keys else "wrong"
