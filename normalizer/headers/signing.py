"""Signatures at the end of a document."""

from __future__ import annotations

import re

from normalizer.headers.fields import Part
from normalizer.headers.labels import slot_of
from normalizer.headers.lines import Line, part
from normalizer.headers.tables import compact, nearest, stamps, words
from normalizer.model import Span

_MOST_WORDS = 4
_LONGEST = 34
_BODY_END = re.compile(r"[.?!\"”']\W{0,4}$|[.?!]\W{0,3}\w{0,2}\W{0,3}$")
_CORRECTION = re.compile(r"\W{0,3}(?:PARA|PARAGRAPH|CORRECTION|NOTE|LINE|WORD)\b.{0,3}\d?", re.IGNORECASE)
_NUMBERED = re.compile(r"\W{0,3}[\dlIiSs]{1,2}[.,:\-]\W")
_RANK = re.compile(
    r"\W*(?:lt|lieut|col|maj|gen|capt|cmdr|adm|brig|sgt|ambassador|minister|consul|charg|counsel|secretary|director|"
    r"chief|deputy|assistant|special|acting|president|u\.?s\.?[anmf]|agc|first|second|third|under|attach|officer|military|"
    r"commander|chairman|senior|executive)\b",
    re.IGNORECASE,
)
_PARTICLES = frozenset("DE VON VAN DER DEN LA LE DU DI DA JR SR II III AL EL BIN".split())  # noqa: SIM905


def signers(text: str, lines: list[Line]) -> tuple[Part, ...]:
    """The names in the place of the signature, from the lines of the tail.

    A signature stands on a line of its own after the last of the running text or after a complimentary close; stamps,
    titles, corrections and lists of copies may follow it. Several names under one another are several signers.
    """
    last = _last_of_body(text, lines)
    found: list[Part] = []
    for line in lines[last + 1 :]:
        surface = text[line.start : line.end]
        if _is_form(text, line) or _CORRECTION.match(surface):
            if found:
                break
            continue
        name = _name(text, line)
        if name is not None and not _RANK.match(surface):
            found.append(name)
        elif found:
            break
    return tuple(found[:1])


def _last_of_body(text: str, lines: list[Line]) -> int:
    """Number in the list of the last line of running text; corrections that follow the signature are none."""
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        surface = text[line.start : line.end]
        if _is_form(text, line) or _CORRECTION.match(surface):
            continue
        if nearest(compact(surface), words("close")):
            return number
        if _is_body(text, line):
            return number
    return -1


def _is_form(text: str, line: Line) -> bool:
    surface = text[line.start : line.end]
    if nearest(compact(surface), stamps()) or slot_of(text, line, head=False):
        return True
    return not any(len(compact(text[a:b])) > 2 and text[a:b][0].isalpha() for a, b in line.tokens)


def _is_body(text: str, line: Line) -> bool:
    surface = text[line.start : line.end]
    if _NUMBERED.match(surface) and len(line.tokens) > 1:
        return True
    wordy = [text[a:b] for a, b in line.tokens if sum(map(str.isalpha, text[a:b])) > 2]
    if len(wordy) > _MOST_WORDS:
        return True
    lower = sum(word[:1].islower() and len(word) > 2 for word in wordy)
    ended = surface.rstrip(" '\"“”|_:;`‘’*~-").endswith((".", "?", "!"))
    return (ended and len(wordy) > 1 and not _RANK.match(surface)) or (ended and lower > 0) or lower > 1


def _name(text: str, line: Line) -> Part | None:
    tokens = list(line.tokens)
    while tokens and _dirt(text, tokens[0]):
        tokens.pop(0)
    while tokens and _dirt(text, tokens[-1]):
        tokens.pop()
    if not tokens or len(tokens) > _MOST_WORDS or tokens[-1].end - tokens[0].start > _LONGEST:
        return None
    for a, b in tokens:
        surface = text[a:b]
        key = compact(surface)
        if any(map(str.isdigit, surface)) and sum(map(str.isalpha, surface)) < 3:
            return None
        if surface[0].islower() and key not in _PARTICLES and len(tokens) > 1:
            return None
    if not any(sum(map(str.isalpha, text[a:b])) > 2 for a, b in tokens):
        return None
    return part(text, tokens[0].start, tokens[-1].end)


def _dirt(text: str, token: Span) -> bool:
    """Whether a token at a line's edge is dirt: no letters, or a scrap in small letters."""
    surface = text[token.start : token.end]
    letters = [c for c in surface if c.isalpha()]
    if not letters:
        return True
    return len(letters) < 3 and (surface[0].islower() or (len(letters) == 1 and not surface.endswith(".")))
