"""What speaks for and against a repair, in numbers: the features that the score is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import log1p
from typing import NamedTuple

from normalizer.repair.lookup import Found, Name
from normalizer.repair.stretches import DAMAGED, GLUE, Stretch, Words
from normalizer.repair.targets import A_NAT, PERSON, PLACE, Target
from normalizer.repair.vocabulary import AFTER, BEFORE, neighbours, word_counts
from normalizer.words import word_list

OF_TARGET = (
    "length",
    "short",
    "in_texts",
    "prominence",
    "seat",
    "person",
    "organization",
    "common",
    "several_words",
)
OF_SURFACE = ("upper", "lower", "mixed", "digits", "surface_times", "surface_small")
OF_CONTEXT = ("neighbour_damaged", "capital_before", "capital_after", "listed", "begins")
OF_STRETCH = ("joined", "joined_exact", "speck", "is_word", "broken")
OF_NAME = (
    "cost",
    "cost_squared",
    "cost_by_length",
    "edits",
    "glued_word",
    "glued_letters",
    "same_first",
    "demonym",
    "plural",
    "rarer",
)
OF_DOCUMENT = ("in_document", "damage", "surface_here", "variants_here", "cost_in_document")
OF_RIVALS = ("word_cost", "word_margin", "name_margin", "worth", "prior", "plausible")
OF_NEIGHBOURS = ("before", "after", "title", "given", "person_expected", "cost_before")
FEATURES = (
    *OF_TARGET,
    *OF_SURFACE,
    *OF_CONTEXT,
    *OF_STRETCH,
    *OF_NAME,
    *OF_DOCUMENT,
    *OF_RIVALS,
    *OF_NEIGHBOURS,
)
_DEMONYM = ("an", "ans", "n", "ns", "no", "nos", "na", "ish", "ese", "ian", "ians", "i", "is")


_NONE: set[str] = set()


@dataclass(slots=True)
class Surroundings:
    """What the document says beyond the stretch itself.

    Attributes:
        times: How often a target stands whole in the document, by its number.
        surfaces: How often a damaged word stands there.
        damage: Share of damaged words in the document.
        words: Of the document.
        variants: Damaged spellings there that are near a target, by its number.
    """

    times: Mapping[int, int]
    surfaces: Mapping[str, int]
    damage: float
    words: int
    variants: dict[int, set[str]] = field(default_factory=dict)


class Context(NamedTuple):
    """The words beside a stretch.

    Attributes:
        before, after: Folded, or "" at the ends of the page.
        title, given: A title, a given name or an initial stands before.
        damaged: One of them is damaged.
        capital_before, capital_after: They begin with a capital.
        listed: Commas part them from the stretch.
        begins: The stretch begins a line.
    """

    before: str
    after: str
    title: bool
    given: bool
    damaged: bool
    capital_before: bool
    capital_after: bool
    listed: bool
    begins: bool


def context_of(words: Words, first: int, last: int, text: str) -> Context:
    """What stands beside the words from `first` to `last`, both included."""
    before = words.texts[first - 1] if first else ""
    after = words.texts[last + 1] if last + 1 < len(words) else ""
    gap = text[words.ends[first - 1] : words.starts[first]] if before else "\n"
    behind = text[words.ends[last] : words.starts[last + 1]] if after else ""
    folded = before.lower()
    capital = before[:1].isupper()
    damaged = (before and words.flags[first - 1] & DAMAGED) or (after and words.flags[last + 1] & DAMAGED)
    return Context(
        folded,
        after.lower(),
        capital and folded in word_list("titles"),
        capital and (folded in word_list("given_names") or (len(folded) == 1 and gap.startswith("."))),
        bool(damaged),
        capital,
        after[:1].isupper(),
        "," in gap or "," in behind,
        "\n" in gap,
    )


def features_of(
    stretch: Stretch,
    context: Context,
    found: Found,
    name: Name,
    target: Target,
    worth: float,
    margin: float,
    around: Surroundings,
) -> list[float]:
    """One row of `FEATURES`.

    Args:
        stretch: Where on the page.
        context: Of `context_of`.
        found: What the surface may be.
        name: The name asked about.
        target: Its target.
        worth: Its cost and prior together.
        margin: By how much it is better than the next name; up to 1.
        around: The document.
    """
    surface, cost, label = stretch.surface, name.cost, target.label
    spelling = _spelling(surface)
    key, name_key = spelling.key, target.key
    times = around.times.get(name.target, 0)
    in_document = min(3.0, log1p(times))
    before = _beside(BEFORE, context.before, label)
    person = label == PERSON
    ending = ""
    if key.startswith(name_key[:-1]):
        ending = key[len(name_key) :] if key.startswith(name_key) else key[len(name_key) - 1 :]
    glue = len(name.glue)
    joined = stretch.words > 1 and target.words == 1
    return [
        *_of_target(target),
        *spelling.features,
        context.damaged,
        context.capital_before,
        context.capital_after,
        context.listed,
        context.begins,
        joined,
        joined and name.edits == 0,
        stretch.speck,
        stretch.known,
        stretch.broken,
        cost,
        cost * cost,
        cost * 4 / len(name_key),
        0 if glue else name.edits,
        glue > 2 or (glue > 0 and name.glue.lower() in GLUE),
        0 < glue <= 2,
        key[0] == name_key[0],
        ending in _DEMONYM,
        key == name_key + "s",
        spelling.features[_TIMES] - log1p(target.times),
        in_document,
        around.damage,
        log1p(around.surfaces.get(surface, 1) - 1),
        min(3, len(around.variants.get(name.target, _NONE) - {surface})),
        cost * in_document,
        min(found.word_cost, 2.0),
        max(-1.0, min(1.5, found.word_worth - worth)),
        margin,
        worth,
        (cost - worth) / A_NAT,
        found.plausible,
        before,
        _beside(AFTER, context.after, label),
        context.title and person,
        context.given and person,
        (context.title or context.given) and not person,
        cost * before,
    ]


class _Spelling(NamedTuple):
    """A surface in small letters, and the features `OF_SURFACE`."""

    key: str
    features: tuple[float, ...]


_TIMES = OF_SURFACE.index("surface_times")


@lru_cache(50_000)
def _spelling(surface: str) -> _Spelling:
    upper = sum(map(str.isupper, surface))
    all_upper = upper > 1 and not any(map(str.islower, surface))
    title_case = upper == 1 and surface[0].isupper()
    key = surface.lower()
    times, small = word_counts().get(key, (0, 0))
    mixed = bool(upper) and not all_upper and not title_case
    digits = any(map(str.isdigit, surface))
    return _Spelling(key, (all_upper, not upper, mixed, digits, log1p(times), log1p(small)))


@lru_cache(50_000)
def _of_target(target: Target) -> tuple[float, ...]:
    """The features `OF_TARGET`."""
    length = len(target.key)
    return (
        min(length, 12) / 4,
        length == 4,
        log1p(target.times),
        log1p(target.prominence),
        target.seat,
        target.label == PERSON,
        target.label not in (PERSON, PLACE),
        target.common,
        target.words > 1,
    )


def _beside(side: str, word: str, label: str) -> float:
    known = neighbours().get((side, word))
    return known.get(label, 0.0) if known else 0.0
