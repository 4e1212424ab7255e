"""Labels of a better reading without anybody's hand: the gazetteer, rules, and what they leave open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from normalizer.components import CableGazetteer
from normalizer.folding import fold_name
from normalizer.gazetteer import Gazetteer
from normalizer.model import UNKNOWN, Document, Mention
from normalizer.resolver.support import aviation_near, title_of
from normalizer.resolver.page import Page
from normalizer.folding import fold
from normalizer.tagger.people import People, Word, capital, is_word, small, words_of
from normalizer.words import word_list

OPEN = "?"
"""Label of a stretch of which nobody knows what it is: nothing is learnt from it."""
DOUBTED = "~"
"""Label of a stretch that is hardly a name, but may be one: a little is learnt from it."""
OUTSIDE_OR_ORGANIZATION = "O?"

_SURE = 0.9
_SAFE_CODE = re.compile(
    r"(?:MIG|Mi[Gg]|IL|Il|TU|Tu|AN|An|YAK|Yak)-\d+[A-Za-z]?(?:['’]?[sS])?|U-2(?:['’]?[sS])?|(?:B|C|F|DC|PBY|KC|RF|RB|T)-\d{2,3}[A-Z]?(?:['’]?[sS])?|M[Ii]Gs?|MIGS"
)
_SAFE_MISSILE = re.compile(r"SS?-?[NA]?-?\d+(?:['’]?[sS])?|[Pp][Oo][Ll][Aa][Rr][Ii][Ss]|SA-[1-9](?:['’]?[sS])?|Nike.*|Minuteman|Jupiter|Thor|Titan|Atlas|Skybolt|Pershing")
_ACT = re.compile(r"(?:JOHN F\.? )?KENNEDY ASSASSINATION|JFK ASSASSINATION")
_IN = frozenset("in at near from to via of visit visited toward towards around outside leaving left arrived".split())
_SUFFIXED = re.compile(
    r"(?:[A-Z][A-Za-z.&'’-]+ ){1,4}(?:Corporation|Company|Corp|Inc|Co|Ltd|Committee|Commission|Institute|University|"
    r"College|Association|Foundation|Bank|Hospital|School|Church|Hotel|Airlines?|Brigade|Front|Movement|Party|Ministry|"
    r"Department|Bureau|Agency|Council|Institute|Union|Society|Club|League|CORPORATION|COMPANY|COMMITTEE|COMMISSION|"
    r"UNIVERSITY|COLLEGE|ASSOCIATION|HOTEL|AIRLINES)\b\.?"
)
_STREET = re.compile(r"\b\d+\s+(?:[A-Z][A-Za-z.]*\s+){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Drive|Blvd|Boulevard|Lane|Place|Court|STREET|AVENUE)\b\.?")


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
            found += self._of_mention(m, page, text, families)
        for person in People(text, words, lambda w: w in places and w not in families).find():
            found.append((3, Label(person.start, person.end, "PERSON")))
        found += ((5, Label(m.start(), m.end(), OPEN)) for m in _ACT.finditer(text))
        found += ((2, Label(m.start(), m.end(), OUTSIDE_OR_ORGANIZATION)) for m in _SUFFIXED.finditer(text))
        found += ((4, Label(m.start(), m.end(), OPEN)) for m in _STREET.finditer(text))
        chosen = _without_overlap(found)
        return sorted([*chosen, *self._left_open(text, words, chosen)])

    def _of_mention(self, m: Mention, page: Page, text: str, families: frozenset[str]) -> list[tuple[int, Label]]:
        d, surface = m.decision, m.text
        at = lambda label, rank: [(rank, Label(m.start, m.end, label))]  # noqa: E731
        several = len(surface.split()) > 1
        if m.label == "AIRCRAFT":
            if _SAFE_CODE.fullmatch(surface):
                return at("AIRCRAFT", 2)
            near = aviation_near(page, m.start, m.end)
            return at("AIRCRAFT" if near and any(c.isdigit() for c in surface) and "-" in surface else OPEN if near else OUTSIDE_OR_ORGANIZATION, 2)
        if m.label == "MISSILE":
            if _SAFE_MISSILE.fullmatch(surface):
                return at("MISSILE", 2)
            return at(OPEN if surface[0].isupper() and not surface[-1].isdigit() else OUTSIDE_OR_ORGANIZATION, 2)
        if m.label == "ORGANIZATION":
            return at("ORGANIZATION" if d.kind != UNKNOWN and (d.method != "repair" or d.score >= _SURE) else OPEN, 2)
        if d.kind == UNKNOWN and d.method == "repair":
            return at(OPEN, 1) if d.score >= 0.4 and surface[0].isupper() else []
        if d.method == "repair":
            return at(m.label if d.score >= _SURE and surface[:1].isupper() else OPEN, 2 if d.score >= _SURE else 1)
        if not surface[0].isupper():
            return at(OPEN, 1)
        lower = fold_name(surface)
        if m.label == "PERSON":
            if "-" in surface and any(c.isdigit() for c in surface) or _is_cryptonym(surface, lower):
                return at(OPEN, 4)
            if d.kind == UNKNOWN:
                return at("PERSON" if not is_word(lower.split()[-1]) else OPEN, 2)
            titled = title_of(page.before(m.start))
            if not several and not titled and (is_word(lower) or lower in word_list("given_names") or lower in word_list("demonyms")):
                return at(OPEN, 1)
            return at("PERSON", 3 if several else 2)
        if m.label == "PLACE":
            if several:
                return at("PLACE", 4)
            if lower in families or is_word(lower) or len(lower) < 4:
                before = page.before(m.start)
                said = before is not None and before.text.lower() in _IN
                return at("PLACE" if said and not is_word(lower) else "PLACE" if said and not surface.isupper() else OPEN, 2 if said else 1)
            return at("PLACE", 2)
        return at(OPEN, 1)

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
            if word.lower in word_list("titles") or word.lower in word_list("label_words") and is_word(word.lower):
                continue
            if _is_cryptonym(word.text, word.lower) and re.match(r"[-/]\d", text[word.end : word.end + 2]):
                continue
            if is_word(word.lower) and not (n and words[n - 1].text.islower()):
                continue
            if is_word(word.lower) and small(word.lower) > 20:
                continue
            found.append(Label(word.start, word.end, DOUBTED))
        return found


def _is_cryptonym(surface: str, lower: str) -> bool:
    return surface.isupper() and lower[:2] in ("am", "li", "od", "ku", "zr", "ae", "jm", "wi", "qj", "gp") and len(lower) > 4 and lower not in word_list("given_names") and not is_word(lower)


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
