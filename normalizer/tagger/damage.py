"""Pieces made other than they are: other names, capitals, broken lines, and what scanners do to letters."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from normalizer.repair.channel import Confusions
from normalizer.tagger.pieces import Piece, Stretch

_SPECKS = ".,'`-_:;~*|\"^•"
_SPACE = re.compile(r"(?<=\S) (?=\S)")


class Damager:
    """Damages pieces as the table of look-alikes has it."""

    def __init__(self, confusions: Confusions) -> None:
        self._edits = confusions.edits
        self._known: dict[str, tuple[list[str], list[float]]] = {}

    def _choice(self, letter: str, random: Random) -> str:
        known = self._known.get(letter)
        if known is None:
            edits = self._edits(letter)
            known = self._known[letter] = ([seen for seen, _ in edits], [1e-5**cost for _, cost in edits])
        if not known[0]:
            return letter
        return random.choices(*known)[0]

    def damage(self, piece: Piece, share: float, random: Random) -> Piece:
        """A piece with about a `share` of its letters misread, and now and then words joined, parted or specked."""

        def letters(text: str) -> str:
            made = []
            for c in text:
                if c.isspace():
                    r = random.random()
                    made.append("" if c == " " and r < share * 0.25 else c)
                elif random.random() < share:
                    r = random.random()
                    if r < 0.86:
                        made.append(self._choice(c, random))
                    elif r < 0.92:
                        made.append(c + random.choice(_SPECKS))
                    elif r < 0.96:
                        made.append(c + " ")
                    else:
                        made.append("")
                else:
                    made.append(c)
            return "".join(made)

        return [Stretch(made, label) for text, label in piece if (made := letters(text))]


def in_capitals(piece: Piece) -> Piece:
    """A piece in capitals, as cables were sent."""
    return [Stretch(text.upper(), label) for text, label in piece]


def people_in_capitals(piece: Piece, *, whole: bool) -> Piece:
    """A piece with the family names of people in capitals, as in dispatches, or their `whole` names, as in reports."""
    return [
        Stretch(_raised(text, whole), label) if label == "PERSON" else Stretch(text, label) for text, label in piece
    ]


def _raised(name: str, whole: bool) -> str:
    if whole:
        return name.upper()
    family, comma, rest = name.partition(",")
    if comma:
        return family.upper() + comma + rest
    given, space, family = name.rpartition(" ")
    return given + space + family.upper()


def rewrapped(piece: Piece, share: float, random: Random) -> Piece:
    """A piece with some spaces made line ends."""
    return [
        Stretch(_SPACE.sub(lambda m: "\n" if random.random() < share else " ", text), label) for text, label in piece
    ]


def renamed(piece: Piece, share: float, name: Callable[[str, str, Random], str], random: Random) -> Piece:
    """A piece with a share of its names replaced; `name` makes one of a label, in the form of another."""
    return [
        Stretch(name(label, text, random), label)
        if label.isupper() and random.random() < share
        else Stretch(text, label)
        for text, label in piece
    ]
