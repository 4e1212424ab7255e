"""Designators of aircraft and missiles that a scan damaged: `1L-28`, `M1G-2l`, `C-l18`.

    for code in Designators(gazetteer).find(text):
        code.name, code.cost, code.supported

`lookalikes` reads a stretch as a designator, character by character; `pieces` finds the stretches of a page; `need`
says what support each needs, for codes that prove little by themselves (`U-Z`, `TL-28`, `il-2b`) count only where
aircraft are spoken of; `surroundings` looks for it, and for labels and numbers (`drawer TL-28`, `8-52-61`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from normalizer.gazetteer import Gazetteer
from normalizer.model import Evidence
from normalizer.repair.designators.lookalikes import Codes
from normalizer.repair.designators.pieces import Piece, Reader
from normalizer.repair.designators.surroundings import Surroundings, may_be_label, ruled_out

__all__ = ["DOUBT", "Code", "Designators"]

DOUBT = 5.0
"""What a designator costs above its swaps that nothing supports: possible, but not to be believed."""
_UNSUPPORTED: Final = Evidence("context", "nothing near speaks of aircraft or missiles")
_LABEL: Final = Evidence("context", "it may be a label")


@dataclass(frozen=True, slots=True)
class Code:
    """A damaged designator on a page and what it was.

    Attributes:
        start: Where it begins, in code points of the text.
        end: Where it ends, its plural ending included.
        pattern: Number of the gazetteer pattern that it was; `Gazetteer.forms` gives its names.
        name: The designator as the gazetteer writes it.
        cost: Sum of what the swaps cost, in (0, 0.85], and `DOUBT` above that if it is no more than possible.
        swaps: What the page shows and what it stands for, in order.
        ending: The plural ending that belongs behind the name: `s`, `'s`, `S` or nothing.
        supported: What around it speaks for it, or why it is in doubt; None where it needed nothing.
    """

    start: int
    end: int
    pattern: int
    name: str
    cost: float
    swaps: tuple[tuple[str, str], ...]
    ending: str = ""
    supported: Evidence | None = None


class Designators:
    """Reads damaged designators; made once for a gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._codes = Codes(gazetteer)
        self._reader = Reader(self._codes)

    def find(self, text: str, known: Callable[[int, int], bool] | None = None) -> Iterator[Code]:
        """Every damaged designator of a text, in order, without overlap.

        Args:
            text: The page.
            known: Whether a name stands at a start and end already; such places are left alone.
        """
        pieces = list(self._reader.pieces(text))
        if not any(p.fit.swaps for p in pieces):
            return
        kept = [p for p in pieces if not ruled_out(text, p)]
        around = Surroundings(text, kept, self._codes)
        for p in kept:
            if not p.fit.swaps or (known is not None and known(p.start, p.end)):
                continue
            label = may_be_label(text, p)
            support = around.support(p) if p.need and not label else None
            if not label and (support is not None or not p.need):
                yield self._code(p, support, 0.0)
            elif p.possible:
                yield self._code(p, _LABEL if label else _UNSUPPORTED, DOUBT)

    def _code(self, piece: Piece, support: Evidence | None, doubt: float) -> Code:
        cost, pattern, swaps = piece.fit
        shown = tuple((seen, meant) for _, seen, meant in swaps)
        name = self._codes.name(pattern)
        return Code(piece.start, piece.end, pattern, name, round(cost + doubt, 2), shown, piece.ending, support)
