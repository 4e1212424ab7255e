"""The names that a damaged word may be: their keys, and how prominent their bearers are."""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import NamedTuple

from normalizer.folding import without_accents
from normalizer.gazetteer import Form, Gazetteer
from normalizer.repair.vocabulary import name_counts, word_counts
from normalizer.words import word_list

SHORTEST = 4
"""Letters of the shortest name that is repaired: fewer are some word or other in every scan."""
A_NAT = 0.075
"""What a factor e of probability is worth, in the unit of the costs: they are logarithms to the base 1e-5, less a part
because damage comes in heaps."""
TEXT_WORDS = 1.3e6
PROMINENT = 25
"""Volumes that list a person who is repaired to although his name is an English word or a given name (Helms)."""
_MOST_WORDS = 3
_NEVER = Form.SPELT | Form.MISREADING | Form.SCOPED | Form.PLURAL | Form.DESIGNATOR
PERSON, PLACE, ORGANIZATION = "PERSON", "PLACE", "ORGANIZATION"


class Target(NamedTuple):
    """A name that may be repaired to.

    Attributes:
        key: Its folded letters and digits.
        pattern: Number of the gazetteer's pattern.
        name: As the gazetteer writes it, without spaces and punctuation.
        label: Of its most prominent bearer.
        prominence: Volumes that list the most prominent bearer.
        seat: It is the first name of a country or a capital.
        common: It is an English word too.
        words: How many words it has.
        entity: Number of its most prominent bearer.
        parted: It is written in several words too (`Opa Locka`, `Opalocka`).
        times: How often it stands in the texts that the project learnt from and in the collection.
    """

    key: str
    pattern: int
    name: str
    label: str
    prominence: int
    seat: bool
    common: bool
    words: int
    times: int
    entity: int
    parted: bool = False


def targets_of(gazetteer: Gazetteer, priors: Mapping[str, float]) -> list[Target]:
    """Every name of few words of a person, place or organization; of people the family name.

    `priors`: times a million words by key, in the collection that is read; they count beside the texts learnt from.
    """
    flags, owner, prominence = gazetteer.form_flags, gazetteer.form_entity, gazetteer.prominence
    given = word_list("given_names")
    found: dict[str, Target] = {}
    bearers: dict[str, set[int]] = {}
    # Fewer words first: `cuba` is Cuba before it is Cu Ba.
    for pattern, text in sorted(enumerate(gazetteer.patterns), key=lambda row: row[1].count(" ")):
        words = text.count(" ") + 1
        key = text.replace(" ", "") if words > 1 else text
        if len(key) < SHORTEST or words > _MOST_WORDS or not key.isascii():
            continue
        kept = [f for f in gazetteer.forms(pattern) if not flags[f] & _NEVER]
        if words > 1:
            kept = [f for f in kept if not flags[f] & Form.PERSON or flags[f] & Form.FAMILY]
        if key in found:
            if not bearers[key].isdisjoint(owner[f] for f in kept):
                found[key] = found[key]._replace(parted=True)
            continue
        if not kept:
            continue
        bearers[key] = {owner[f] for f in kept}
        best = max(kept, key=lambda f: (prominence[owner[f]], -f)) if len(kept) > 1 else kept[0]
        bearer = owner[best]
        seat = any(flags[f] & Form.NAME and gazetteer.seats[owner[f]] for f in kept)
        name = without_accents(gazetteer.form_text(best))
        if not name.isalnum():
            name = "".join(filter(str.isalnum, name))
        common = all(flags[f] & Form.COMMON for f in kept)
        label = PLACE if seat else gazetteer.labels[bearer]
        everyday = common or (label == PERSON and key in given)
        if everyday and not seat and prominence[bearer] < PROMINENT:
            continue
        every, small = word_counts().get(key, (0, 0))
        times = name_counts().get(key, 0) if words > 1 else every - small
        found[key] = Target(
            key,
            pattern,
            name if name.lower() == key else key.title(),
            label,
            prominence[bearer],
            seat,
            common,
            words,
            times + round(priors.get(key, 0) * TEXT_WORDS / 1e6),
            bearer,
        )
    return list(found.values())


def log_prior(times: int, words: int, target: Target) -> float:
    """Logarithm of how often a name is met, mixed of the document, the texts learnt from and its prominence."""
    share = 0.5 * times / (words + 50) + 0.3 * target.times / TEXT_WORDS + 0.2 * (1 + target.prominence) * 1e-7
    return log(share + 2e-7 + 4e-5 * target.seat)


AS_WRITTEN, UPPER, LOWER = range(3)


def case_of(surface: str) -> int:
    """UPPER for capitals, LOWER for small letters throughout, else AS_WRITTEN."""
    if surface[1:].islower():
        return AS_WRITTEN if surface[0].isupper() else LOWER
    if surface.isupper():
        return UPPER if sum(map(str.isalpha, surface)) > 1 else AS_WRITTEN
    upper = sum(map(str.isupper, surface))
    if not upper:
        return LOWER
    return UPPER if upper > 1 and 2 * upper >= sum(map(str.isalpha, surface)) else AS_WRITTEN


def as_seen(name: str, surface: str) -> str:
    """A name in the case in which the page has a surface: capitals, small letters, or as the gazetteer writes it."""
    case = case_of(surface)
    return name.upper() if case == UPPER else name.lower() if case == LOWER else name
