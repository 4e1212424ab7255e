"""Labels of a better reading without anybody's hand: the gazetteer, rules, and what they leave open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from normalizer.components import CableGazetteer
from normalizer.folding import fold, fold_name
from normalizer.model import UNKNOWN, Document, Mention
from normalizer.resolver.page import Page
from normalizer.resolver.support import aviation_near, title_of
from normalizer.tagger.people import People, Word, in_prose, is_word, small, words_of
from normalizer.words import word_list

OPEN = "?"
"""Label of a stretch of which nobody knows what it is: nothing is learnt from it."""
DOUBTED = "~"
"""Label of a stretch that is hardly a name, but may be one: a little is learnt from it."""
OUTSIDE_OR_ORGANIZATION = "O?"

_SURE, _DOUBT = 0.9, 0.4
"""Score of a repair from which it is believed, and from which it may be one."""
_SAFE_AIRCRAFT = re.compile(
    r"(?:MIG|Mi[Gg]|IL|Il|TU|Tu|AN|An|YAK|Yak)-\d+[A-Za-z]?(?:['’]?[sS])?|U-2(?:['’]?[sS])?|(?:B|C|F|DC|PBY|KC|RF|RB|T)-\d{2,3}[A-Z]?(?:['’]?[sS])?|M[Ii]Gs?|MIGS"
)
_SAFE_MISSILE = re.compile(
    r"SS?-?[NA]?-?\d+(?:['’]?[sS])?|[Pp][Oo][Ll][Aa][Rr][Ii][Ss]|SA-[1-9](?:['’]?[sS])?|Nike.*|Minuteman|Jupiter|Thor|Titan|Atlas|Skybolt|Pershing"
)
_ACT = re.compile(r"(?:JOHN F\.? )?KENNEDY ASSASSINATION|JFK ASSASSINATION")
_IN = frozenset(
    [
        "in",
        "at",
        "near",
        "from",
        "to",
        "via",
        "of",
        "visit",
        "visited",
        "toward",
        "towards",
        "around",
        "outside",
        "leaving",
        "left",
        "arrived",
    ]
)
_SUFFIXED = re.compile(
    r"(?:[A-Z][A-Za-z.&'’-]+ ){1,4}(?:Corporation|Company|Corp|Inc|Co|Ltd|Committee|Commission|Institute|University|"
    r"College|Association|Foundation|Bank|Hospital|School|Church|Hotel|Airlines?|Brigade|Front|Movement|Party|Ministry|"
    r"Department|Bureau|Agency|Council|Institute|Union|Society|Club|League|CORPORATION|COMPANY|COMMITTEE|COMMISSION|"
    r"UNIVERSITY|COLLEGE|ASSOCIATION|HOTEL|AIRLINES)\b\.?"
)
_STREET = re.compile(
    r"\b\d+\s+(?:[A-Z][A-Za-z.]*\s+){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Drive|Blvd|Boulevard|Lane|Place|Court|STREET|AVENUE)\b\.?"
)


class Label(NamedTuple):
    """A labelled stretch of a text: a label of the tagger, or one that says what is not known."""

    start: int
    end: int
    label: str


class Labeller:
    """Labels texts with a gazetteer; made once."""

    def __init__(self, component: CableGazetteer) -> None:
        self.component = component

    @cached_property
    def _names(self) -> tuple[frozenset[str], frozenset[str]]:
        """Single words that are names of places, and family names."""
        places, families = set(), set()
        for ent in self.component.gazetteer.entities():
            if ent.type == "place":
                places |= {fold_name(n) for n in (ent.name, *(a.text for a in ent.aliases))}
            elif ent.type == "person" and ent.family:
                families.add(fold_name(ent.family))
        return frozenset(p for p in places if " " not in p), frozenset(families)

    def label(self, text: str) -> list[Label]:
        """The labels of a text, in order, without overlap; what has none is outside of any name."""
        places, families = self._names
        words = words_of(text)
        page = Page(text, fold(text))
        found: list[tuple[int, Label]] = []
        for m in self.component.find(Document("", text)):
            found += self._of_mention(m, page, families)
        for person in People(text, words, lambda w: w in places and w not in families).find():
            found.append((3, Label(person.start, person.end, "PERSON")))
        found += ((5, Label(m.start(), m.end(), OPEN)) for m in _ACT.finditer(text))
        found += ((2, Label(m.start(), m.end(), OUTSIDE_OR_ORGANIZATION)) for m in _SUFFIXED.finditer(text))
        found += ((4, Label(m.start(), m.end(), OPEN)) for m in _STREET.finditer(text))
        chosen = _without_overlap(found)
        return sorted([*chosen, *self._left_open(text, words, chosen)])

    def _of_mention(self, m: Mention, page: Page, families: frozenset[str]) -> list[tuple[int, Label]]:
        """(rank, label) of a mention of the gazetteer, or nothing."""
        of_label = {"PERSON": self._of_person, "PLACE": self._of_place}.get(m.label, _of_thing)
        found = _of_repair(m) if m.decision.method == "repair" else of_label(m, page, families)
        return [(found[0], Label(m.start, m.end, found[1]))] if found else []

    def _of_person(self, m: Mention, page: Page, families: frozenset[str]) -> tuple[int, str]:
        lower = fold_name(m.text)
        if not m.text[0].isupper():
            return 1, OPEN
        if ("-" in m.text and any(c.isdigit() for c in m.text)) or _is_cryptonym(m.text, lower):
            return 4, OPEN
        if m.decision.kind == UNKNOWN:
            return 2, OPEN if is_word(lower.split()[-1]) else "PERSON"
        if " " in lower:
            return 3, "PERSON"
        doubtful = is_word(lower) or lower in word_list("given_names") or lower in word_list("demonyms")
        return (1, OPEN) if doubtful and not title_of(page.before(m.start)) else (2, "PERSON")

    def _of_place(self, m: Mention, page: Page, families: frozenset[str]) -> tuple[int, str]:
        lower = fold_name(m.text)
        if not m.text[0].isupper():
            return 1, OPEN
        if " " in lower:
            return 4, "PLACE"
        if lower not in families and not is_word(lower) and len(lower) > 3:
            return 2, "PLACE"
        before = page.before(m.start)
        said = before is not None and before.text.lower() in _IN
        return (2, "PLACE") if said and not (is_word(lower) and m.text.isupper()) else (1, OPEN)

    def _left_open(self, text: str, words: list[Word], chosen: list[Label]) -> list[Label]:
        """Capitals of which nothing is known and which are no word."""
        taken = bytearray(len(text) + 1)
        for label in chosen:
            taken[label.start : label.end] = b"\1" * (label.end - label.start)
        times: dict[str, int] = {}
        for word in words:
            times[word.lower] = times.get(word.lower, 0) + 1
        found = []
        for n, word in enumerate(words):
            if taken[word.start] or not word.text[0].isupper() or len(word.text) < 3:
                continue
            if is_word(word.lower) and (word.text.isupper() or "\n" in word.gap or "." in word.gap):
                continue
            if word.lower in word_list("demonyms") or word.lower in word_list("calendar"):
                continue
            if word.lower in word_list("titles") or (word.lower in word_list("label_words") and is_word(word.lower)):
                continue
            if _is_cryptonym(word.text, word.lower) and re.match(r"[-/]\d", text[word.end : word.end + 2]):
                continue
            if is_word(word.lower) and not (n and words[n - 1].text.islower()):
                continue
            if is_word(word.lower) and small(word.lower) > 20:
                continue
            found.append(Label(word.start, word.end, OPEN if in_prose(words, n) else DOUBTED))
        return found


def _of_repair(m: Mention) -> tuple[int, str] | None:
    """What a repair says: sure ones what they are, others that something may stand there."""
    if m.decision.kind == UNKNOWN and m.decision.score < _DOUBT:
        return None
    if m.decision.score >= _SURE and m.text[0].isupper() and m.label not in ("AIRCRAFT", "MISSILE"):
        return 2, m.label
    return 1, OPEN


def _of_thing(m: Mention, page: Page, families: frozenset[str]) -> tuple[int, str] | None:
    if m.label == "ORGANIZATION":
        return 2, OPEN if m.decision.kind == UNKNOWN else "ORGANIZATION"
    safe = {"AIRCRAFT": _SAFE_AIRCRAFT, "MISSILE": _SAFE_MISSILE}.get(m.label)
    if safe is None:
        return 1, OPEN
    if safe.fullmatch(m.text):
        return 2, m.label
    if not aviation_near(page, m.start, m.end):
        return 2, OUTSIDE_OR_ORGANIZATION
    return 2, m.label if "-" in m.text and any(c.isdigit() for c in m.text) else OPEN


def _is_cryptonym(surface: str, lower: str) -> bool:
    return (
        surface.isupper()
        and lower[:2] in ("am", "li", "od", "ku", "zr", "ae", "jm", "wi", "qj", "gp")
        and len(lower) > 4
        and lower not in word_list("given_names")
        and not is_word(lower)
    )


def _without_overlap(found: Iterable[tuple[int, Label]]) -> list[Label]:
    """The labels of the highest rank, and of those the longest, that do not overlap."""
    chosen: list[Label] = []
    taken: set[int] = set()
    for _, label in sorted(found, key=lambda r: (-r[0], r[1].start - r[1].end, r[1].start)):
        span = range(label.start, label.end)
        if taken.isdisjoint(span):
            taken.update(span)
            chosen.append(label)
    return chosen
