"""Decisions shown in a text: colour on a terminal, brackets elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

COLOURS = {"PERSON": "cyan", "AIRCRAFT": "yellow", "PLACE": "green", "MISSILE": "red", "ORGANIZATION": "magenta"}
_SEEN = {"linked": "", "ambiguous": "?", "unknown": "??"}


def in_colour() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


def marked(
    text: str, mentions: Iterable[tuple[int, int, str, str, str | None]], hit: tuple[int, int] | None = None
) -> str:
    """A text with its mentions marked.

    Args:
        text: The page or a part of it.
        mentions: (start, end, label, decision, reading) of each, ascending; reading None where the page stands.
        hit: What a search was for; underlined in colour, in angle brackets elsewhere.
    """
    colour = in_colour()
    parts: list[str] = []
    at = 0
    spans = [(start, end, label, decision, reading) for start, end, label, decision, reading in mentions]
    if hit is not None and not any(start < hit[1] and hit[0] < end for start, end, *_ in spans):
        spans = sorted([*spans, (*hit, "", "", None)])
    for start, end, label, decision, reading in spans:
        parts.append(text[at:start])
        surface = text[start:end]
        is_hit = hit is not None and start < hit[1] and hit[0] < end
        beside = f" → {reading}" if reading is not None and reading != surface else ""
        doubt = _SEEN.get(decision, "")
        if colour:
            shown = click.style(surface, fg=COLOURS.get(label, "blue") if label else None, bold=True, underline=is_hit)
            parts.append(shown + click.style(beside + doubt, dim=True))
        elif is_hit:
            parts.append(f"«{surface}{beside}{doubt}»")
        else:
            parts.append(f"[{surface}{beside}{doubt}]")
        at = end
    parts.append(text[at:])
    return "".join(parts)
