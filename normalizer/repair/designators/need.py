"""What support a damaged designator needs from the page around it."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from normalizer.repair.designators.lookalikes import FIGURES, HYPHENATED, LIGHT, Fit, joined
from normalizer.words import word_list

PLURAL_PLACE = 99
"""The place of a plural ending, behind every character of a designator."""
_FAIR = 0.4
_STROKES, _UPRIGHT = frozenset("1Il|!i"), frozenset("1Il|!iTt")
_DATES = frozenset("1Il|!4")
_BUREAUS = frozenset({"an", "be", "il", "ka", "la", "mi", "mig", "su", "tu", "yak"})
"""Makers of the Soviet Union, whose variants are seldom told by a letter of our alphabet."""
_LETTERED: Final = [str.maketrans("01589", f"o{one}sbg") for one in "il"]


class Need(IntEnum):
    """Nothing; aircraft spoken of in the passage, near, nearer, right beside; itself whole elsewhere on the page."""

    NONE = 0
    PASSAGE = 1
    NEAR = 2
    CLOSE = 3
    BESIDE = 4
    OWN = 5


def need_of(code: str, pattern: str, fit: Fit, *, stem: bool) -> Need | None:
    """What support a damaged designator needs, or None where no support would do.

    Args:
        code: The stretch of the page without its plural.
        pattern: The designator that it may have been, as the gazetteer's patterns are written: `il 28`.
        fit: How the one becomes the other.
        stem: Whether the stretch without its last character is a designator of the gazetteer.
    """
    prefix = pattern.split(" ")[0]
    letters, figures = len(prefix), sum(c.isdigit() for c in pattern)
    struck = [(seen, meant) for place, seen, meant in fit.swaps if place < letters]
    # One letter for another, strokes aside, makes an aircraft of an ordinary label: `TL-28`, `P-84`.
    hard = any(seen.isalpha() and not (seen in _STROKES and meant in _STROKES) for seen, meant in struck)
    plural, true_figures = fit.swaps[-1][0] == PLURAL_PLACE, bool(FIGURES.intersection(code))
    if not prefix.isalpha() or (figures < 2 and (plural or hard)):
        return None
    if not HYPHENATED.search(code):
        return _need_unhyphenated(code, letters, figures, struck, fit)
    if len(struck) == letters:
        return _need_without_letters(code, figures, fit.cost, struck, hard)
    if not true_figures and (figures < 2 or letters == 1):
        # `U-Z`, but not `C-I-A`, `ac-|`, `A-II` or `M-A`.
        odd = not pattern[-1].isdigit() or code[-2:] == "II" or fit.cost > LIGHT
        if code[-1] in "|!" or (letters == 1 and odd):
            return None
        return Need.CLOSE if figures < 2 else Need.BESIDE
    if letters == 1 and figures < 2:
        return Need.CLOSE
    if hard and letters == 2:
        return Need.NEAR if fit.cost <= _FAIR else Need.OWN  # HC-97 and KC-97 are both true
    if prefix not in _BUREAUS and _may_be_variant(code, pattern, fit, stem):
        return Need.OWN
    weak = figures < (3 if letters == 1 else 2) or plural or not any(c.isupper() for c in code[:letters])
    weak = weak or not true_figures or (letters == 1 and (fit.cost > LIGHT or any(s == "L" for _, s, _ in fit.swaps)))
    if weak or (letters == 2 and (fit.cost > _FAIR or _may_be_room(prefix, struck))):
        return Need.NEAR
    return Need.PASSAGE if hard or _may_be_room("", [s for s in struck if s[0] not in _STROKES]) else Need.NONE


def _may_be_room(prefix: str, struck: list[tuple[str, str]]) -> bool:
    """Whether a figure and a letter are a room or a section as well: `5A-10`, `1A-11`, `II-28`, but not `1L-28`."""
    if prefix == "il":
        return any(seen == "I" for seen, _ in struck)
    return any(seen.isdigit() or seen == "I" for seen, _ in struck)


def _may_be_variant(code: str, pattern: str, fit: Fit, stem: bool) -> bool:
    """Whether the last figure is a letter that tells a variant: `F-10B`, `C-12L`. No variant is called I or O."""
    struck_last = fit.swaps[-1][0] == len(pattern.replace(" ", "")) - 1 and pattern[-1].isdigit()
    return struck_last and code[-1].isupper() and (code[-1] in "ABCDEFGH" or (stem and code[-1] not in "IO"))


def _need_unhyphenated(code: str, letters: int, figures: int, struck: list[tuple[str, str]], fit: Fit) -> Need | None:
    upright = all(seen in _UPRIGHT and meant in _UPRIGHT for seen, meant in struck)
    capital = any(c.isupper() for c in code[:letters])
    if fit.cost > LIGHT or not (upright or letters > 2) or not capital or len(struck) == letters:
        return None
    last, seen, _ = fit.swaps[-1]
    if letters == 1:
        return None if " " in code or figures < 2 or _reads_as_word(code) or last == figures else Need.CLOSE
    # What is no figure at the end, is in a word.
    word = figures < 2 or _reads_as_word(code) or (last == letters + figures - 1 and seen not in "Bl")
    return None if joined(code) == code and word else Need.NEAR


def _need_without_letters(
    code: str, figures: int, cost: float, struck: list[tuple[str, str]], hard: bool
) -> Need | None:
    """Every letter is struck: `8-52`, `55-4`."""
    letters, numbers = len(struck), any(seen.isdigit() for seen, _ in struck)
    if figures < 2:
        return Need.BESIDE if letters == 2 and not any(c.isalpha() for c in code) else None
    if letters == 1 and struck[0][0] in _DATES:
        return None  # `1-28` and `4-11` are dates
    if hard and (cost > _FAIR + 0.1 or (letters == 1 and figures < 3)):
        return Need.OWN  # R-36 and B-36 are both true
    return Need.BESIDE if numbers else Need.CLOSE


def may_be_doubted(code: str, pattern: str) -> bool:
    """Whether a designator without support is worth being told as possible: two letters, two figures, capitals."""
    letters = len(pattern.split(" ")[0])
    capital = any(c.isupper() for c in code[:letters])
    return letters > 1 and capital and sum(c.isdigit() for c in pattern) > 1 and HYPHENATED.search(code) is not None


def _reads_as_word(code: str) -> bool:
    """Whether a stretch is an English word with figures for letters: `SA1D`, `M1ll`."""
    return any(code.lower().translate(t) in word_list("english") for t in _LETTERED)
