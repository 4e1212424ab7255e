"""Passages written for training, with slots that are filled with names and with what only looks like names."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from random import Random

from normalizer.tagger.names import Names
from normalizer.tagger.pieces import Piece, Stretch

_SLOT = re.compile(r"\{(\w+)(?:=([^}]*))?\}")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_LETTERS = "ABCDEFGHIJKLMNOPRSTUW"
_PEOPLE = ("P", "F", "I", "R")
_THINGS = {"L": "PLACE", "C": "PLACE", "O": "ORGANIZATION"}
_THINGS |= {"A": "AIRCRAFT", "AS": "AIRCRAFT", "M": "MISSILE", "MS": "MISSILE"}
_WHOLE, _ANYWHERE, _OTHERWISE, _TWO_FAMILIES = 0.4, 0.7, 0.12, 0.3
"""Shares: of names of people those of one entry, of places those that may be any, of codes those without hyphen, of
names in lists those of a father's and a mother's family."""


@cache
def passages() -> tuple[str, ...]:
    """The passages that ship, each with its slots."""
    text = files("normalizer").joinpath("data", "passages.txt").read_text("utf-8")
    text = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(p.strip("\n") for p in re.split(r"\n---\n", text) if p.strip())


class Filler:
    """Fills the slots of passages."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def pieces(self, random: Random, most: int = 4) -> Piece:
        """Some passages together, as the text of a document."""
        chosen = random.sample(passages(), random.randint(2, most))
        gap = random.choice(("\n\n", "\n", "\n\n     "))
        made: Piece = []
        for passage in chosen:
            made += self.filled(passage, random)
            made.append(Stretch(gap, ""))
        return made

    def filled(self, passage: str, random: Random) -> Piece:
        """A passage with its slots filled; a slot of the same number twice is the same name."""
        said: dict[str, str] = {}
        made: Piece = []
        at = 0
        for slot in _SLOT.finditer(passage):
            made.append(Stretch(passage[at : slot.start()], ""))
            at = slot.end()
            made.append(Stretch(slot[2], slot[1]) if slot[2] else self._slot(slot[1], said, random))
        made.append(Stretch(passage[at:], ""))
        return [s for s in made if s.text]

    def _slot(self, slot: str, said: dict[str, str], random: Random) -> Stretch:
        kind = slot.rstrip("0123456789")
        if kind in _PLAIN:
            return Stretch(_PLAIN[kind](random), "")
        if kind in _PEOPLE:
            # The family name of `F1` is `P1`.
            return Stretch(self._person(kind, said, slot[len(kind) :], random), "PERSON")
        made = self._thing(kind, random)
        name = made if slot == kind else said.setdefault(slot, made)
        if kind in ("AS", "MS") and name[-1].isalnum() and name[-1] not in "sS":
            name += random.choice(("s", "s", "'s"))
        if kind[0] in "AM" and random.random() < _OTHERWISE:
            name = name.replace("-", random.choice((" ", "")))
        return Stretch(name, _THINGS[kind])

    def _person(self, kind: str, said: dict[str, str], number: str, random: Random) -> str:
        names = self.names
        family = names.family(random)
        if number:
            family = said.setdefault(f"P{number}", family)
        match kind:
            case "P":
                return family
            case "I":
                initials = random.choices(_LETTERS, k=random.choice((1, 2, 2)))
                return " ".join([*(f"{letter}." for letter in initials), family])
            case "R":
                if random.random() < _TWO_FAMILIES:
                    family = f"{family.upper()}{random.choice(' -')}{names.family(random)}"
                return f"{family}, {names.given(random)}"
        if not number and random.random() < _WHOLE:
            return random.choice(names.whole)
        middle = random.choice(("", "", f"{random.choice(_LETTERS)}. "))
        return f"{names.given(random)} {middle}{family}"

    def _thing(self, kind: str, random: Random) -> str:
        names = self.names
        match kind[0]:
            case "O":
                return random.choice(names.organizations)
            case "C":
                return random.choice(names.countries)
            case "L":
                return random.choice(names.places if random.random() < _ANYWHERE else names.countries)
        return names.code(names.aircraft if kind[0] == "A" else names.missiles, random)


def _date(random: Random) -> str:
    day, month, year = random.randint(1, 28), random.choice(_MONTHS), random.randint(1946, 1989)
    return random.choice((f"{month} {day}, {year}", f"{day} {month} {year}", f"{day} {month[:3].upper()} {year % 100}"))


_PLAIN: dict[str, Callable[[Random], str]] = {
    "date": _date,
    "day": lambda r: f"{r.choice(_MONTHS)} {r.randint(1, 28)}",
    "month": lambda r: r.choice(_MONTHS),
    "year": lambda r: str(r.randint(1946, 1989)),
    "time": lambda r: r.choice(
        (
            f"{r.randint(1, 12)} p.m.",
            f"{r.randint(1, 12)}:{r.randint(10, 59)}",
            f"{r.randint(10, 23)}{r.randint(10, 59)} hours",
        )
    ),
    "num": lambda r: str(r.choice((r.randint(2, 60), r.randint(100, 9999)))),
    "dtg": lambda r: (
        f"{r.randint(10, 28)}{r.randint(10, 23)}{r.randint(10, 59)}Z "
        f"{r.choice(_MONTHS)[:3].upper()} {r.randint(47, 89)}"
    ),
    "code": lambda r: f"{r.choice(_LETTERS)}-{r.randint(1, 60)}",
    "form": lambda r: f"{r.choice(_LETTERS)}{r.choice(_LETTERS)}-{r.randint(1, 400)}",
    "crypt": lambda r: (
        r.choice(("AM", "LI", "OD", "KU", "ZR", "AE", "JM"))
        + "".join(r.choice("ABCDEGHILMNOPRSTUWY") for _ in range(r.randint(3, 5)))
    ),
}
