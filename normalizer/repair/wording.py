"""A repair in words: what the page ought to read, and why."""

from __future__ import annotations

from normalizer.model import Evidence
from normalizer.repair.channel import swaps
from normalizer.repair.features import FEATURES
from normalizer.repair.finding import Candidate
from normalizer.repair.stretches import GLUE
from normalizer.repair.targets import Target, as_seen

_AT = {name: n for n, name in enumerate(FEATURES)}
_TELLING = 1.0
"""Log-odds from which a neighbouring word is worth telling."""


def reading_of(candidate: Candidate, target: Target, written: str, shown: str) -> str:
    """What the page ought to read at a stretch, in its own case.

    Args:
        candidate: The repair.
        target: Its name.
        written: The name as the gazetteer writes it.
        shown: The page at the stretch.
    """
    surface = candidate.stretch.surface
    glue = candidate.name.glue
    bare = surface[len(glue) :] if glue and surface.startswith(glue) else surface
    reading = as_seen(written, bare)
    if candidate.stretch.words == 1 and shown.endswith(surface) and shown[: -len(surface)] in GLUE:
        glue = shown[: -len(surface)]
    if glue.lower() in GLUE:
        return f"{glue} {reading}"
    plural = candidate.stretch.words == 1 and shown != surface and shown == surface + "s"
    return f"{reading}s" if plural else reading


def evidence_of(candidate: Candidate, target: Target, written: str, frequent: bool) -> tuple[Evidence, ...]:
    """Why a repair is likely, the spelling first; `frequent`: the priors of the collection have the name."""
    stretch, name, found, row = candidate.stretch, candidate.name, candidate.found, candidate.features
    told = [Evidence("look-alikes", _likeness(stretch.surface, target, name.glue, written))]
    times = candidate.here
    if times:
        told.append(Evidence("document", f"{written} stands {times} time{'s' * (times > 1)} in this document"))
    if frequent:
        told.append(Evidence("collection", f"{written} is met in the collection"))
    if found.word and found.word_cost <= name.cost:
        told.append(Evidence("rival", f"the English word {found.word!r} is as near"))
    elif target.words == 1:
        told.append(Evidence("rival", "no English word is nearer"))
    context = candidate.context
    for side, word in (("before", context.before), ("after", context.after)):
        if word and row[_AT[side]] >= _TELLING:
            told.append(Evidence("context", f"{word!r} stands {side} it, as it does {side} names of its kind"))
    if row[_AT["title"]]:
        told.append(Evidence("title", f"the title {context.before!r} stands before it"))
    elif row[_AT["given"]]:
        told.append(Evidence("given", f"{context.before!r} stands before it, a given name or initial"))
    return tuple(told)


def _likeness(surface: str, target: Target, glue: str, written: str) -> str:
    if glue:
        return f"{written} stands in one word with {glue!r}"
    changed = swaps(surface, as_seen(target.name, surface))
    if not changed:
        return f"the parts together are {written}"
    told = []
    for seen, meant in changed:
        told.append(f"{seen} for {meant}" if seen and meant else f"{seen} too many" if seen else f"{meant} missing")
    return f"reads like {written} with {', '.join(told)}"
