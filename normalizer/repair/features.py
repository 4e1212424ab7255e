"""What speaks for and against a repair, in numbers: the features that the score is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log1p
from typing import NamedTuple

from normalizer.repair.lookup import Found, Name
from normalizer.repair.stretches import DAMAGED, Stretch, Words
from normalizer.repair.targets import A_NAT, PERSON, PLACE, Target
from normalizer.repair.vocabulary import AFTER, BEFORE, neighbours, word_counts
from normalizer.words import word_list

FEATURES = (
    "bias",
    "cost",
    "cost_squared",
    "cost_by_length",
    "length",
    "short",
    "edits",
    "in_document",
    "in_texts",
    "prominence",
    "seat",
    "person",
    "organization",
    "common",
    "several_words",
    "word_cost",
    "word_margin",
    "name_margin",
    "worth",
    "prior",
    "same_first",
    "upper",
    "lower",
    "mixed",
    "before",
    "after",
    "title",
    "given",
    "glued_word",
    "glued_letters",
    "joined",
    "joined_exact",
    "speck",
    "digits",
    "is_word",
    "surface_times",
    "surface_small",
    "damage",
    "plural",
    "cost_in_document",
    "cost_before",
    "neighbour_damaged",
    "demonym",
    "capital_before",
    "capital_after",
    "listed",
    "begins",
    "broken",
    "surface_here",
    "variants_here",
    "plausible",
    "rarer",
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
    before, after = context.before, context.after
    surface = stretch.surface
    length = len(target.key)
    upper = sum(c.isupper() for c in surface)
    lower = sum(c.islower() for c in surface)
    all_upper = upper > 1 and not lower
    title_case = surface[:1].isupper() and not any(c.isupper() for c in surface[1:])
    times = around.times.get(name.target, 0)
    beside_before = neighbours().get((BEFORE, before), {}).get(target.label, 0.0)
    beside_after = neighbours().get((AFTER, after), {}).get(target.label, 0.0)
    counted = word_counts().get(surface.lower(), (0, 0))
    prior = (name.cost - worth) / A_NAT
    key = surface.lower()
    demonym = (key.startswith(target.key[:-1]) and key[len(target.key) - 1 :] in _DEMONYM) or (
        key.startswith(target.key) and key[len(target.key) :] in _DEMONYM
    )
    in_document = min(3.0, log1p(times))
    return [
        1.0,
        name.cost,
        name.cost * name.cost,
        name.cost * 4 / length,
        min(length, 12) / 4,
        float(length == 4),
        float(name.edits if not name.glue else 0),
        in_document,
        log1p(target.times),
        log1p(target.prominence),
        float(target.seat),
        float(target.label == PERSON),
        float(target.label not in (PERSON, PLACE)),
        float(target.common),
        float(target.words > 1),
        min(found.word_cost, 2.0),
        max(-1.0, min(1.5, found.word_worth - worth)),
        margin,
        worth,
        prior,
        float(surface[0].lower() == target.key[0]),
        float(all_upper),
        float(not upper),
        float(bool(upper) and not all_upper and not title_case),
        beside_before,
        beside_after,
        float(context.title and target.label == PERSON),
        float(context.given and target.label == PERSON),
        float(len(name.glue) > 2 or name.glue.lower() in ("to", "in", "of", "by", "at", "on")),
        float(0 < len(name.glue) <= 2),
        float(stretch.words > 1 and target.words == 1),
        float(stretch.words > 1 and target.words == 1 and name.edits == 0),
        float(stretch.speck),
        float(any(c.isdigit() for c in surface)),
        float(stretch.known),
        log1p(counted[0]),
        log1p(counted[1]),
        around.damage,
        float(surface.lower() == target.key + "s"),
        name.cost * in_document,
        name.cost * beside_before,
        float(context.damaged),
        float(demonym),
        float(context.capital_before),
        float(context.capital_after),
        float(context.listed),
        float(context.begins),
        float(stretch.broken),
        log1p(around.surfaces.get(surface, 1) - 1),
        float(min(3, len(around.variants.get(name.target, _NONE) - {surface}))),
        found.plausible,
        log1p(counted[0]) - log1p(target.times),
    ]
