"""What a stretch of letters and figures may have been: the designators of a gazetteer, read through look-alikes.

A character may stand for one that looks like it; a figure is never read as another figure, because IL-18 and IL-28
are both true.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import accumulate
from typing import Any, Final, NamedTuple

import numpy as np

from normalizer.folding import HYPHENS
from normalizer.gazetteer import Form, Gazetteer

FIGURES, DASHES = frozenset("0123456789"), f"{HYPHENS}~=_"
HYPHENATED = re.compile(rf"\S\s?[{DASHES}]\s{{0,3}}\S")
LIGHT = 0.3
"""The dearest reading of a stretch without a hyphen; one with a hyphen may cost more."""
_ALIKE: Final = (
    # How far the two are apart, then what is meant and what scans make of it. Of two figures none stands for the other.
    (0.15, "1:Iil|! i:1l|! l:1I|! 0:Oo o:0"),
    (0.30, "5:Ss§$ 8:Bb& b:8 2:Zz z:2 6:Gb g:6 0:QD d:0 q:0 9:gq i:Tt 1:L"),
    (0.25, "s:5$§"),
    (0.35, "g:0"),
    (0.40, "1:TtJj s:8 c:€¢(Ge g:C€c 4:A a:4@ t:71I b:R r:B u:V v:U d:O o:DQ q:O 7:T"),
    (0.45, "m:rn d:cl w:vv w:VV h:ii u:ii h:ll u:ll h:II u:II h:li"),
    (0.50, "8:Ss b:5E6 f:7EP h:MNK m:HN n:HMU c:O0 o:CU e:FB£ p:FR r:PK k:RHX x:K v:Y y:VT t:Y u:ON"),
)
_MOST, _PER_CHARACTER, _MARGIN, _PAIR_COST = 0.85, 0.2, 0.2, 0.45
"""The dearest reading, in all and by character; how much cheaper it must be than that of another thing.

Set by reading every find and every near miss in 14 MB of scans and 51 rendered cables: with these none is false."""
_SEPARATORS = dict.fromkeys(map(ord, DASHES + " .:\t\n\r\f"))
_BARRED = Form.MISREADING | Form.SCOPED | Form.PLURAL | Form.PERSON
_NO_TYPES = frozenset({"person", "place", "organization"})


class Fit(NamedTuple):
    """A designator that a stretch may have been; `swaps` are (place in the designator, seen, meant)."""

    cost: float
    pattern: int
    swaps: tuple[tuple[int, str, str], ...]


def joined(code: str) -> str:
    """A stretch without its hyphens, points and spaces."""
    return code.translate(_SEPARATORS)


@cache
def _options() -> dict[str, tuple[tuple[str, float], ...]]:
    """What each character, or two, may stand for, itself first, and at what cost."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for char in "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ":
        found[char][char.lower()] = 0.0
    for cost, row in _ALIKE:
        for meant, seen in (entry.split(":") for entry in row.split()):
            for char in [seen] if cost == _PAIR_COST else seen:
                found[char].setdefault(meant, cost)
    return {char: tuple(meant.items()) for char, meant in found.items()}


class Codes:
    """The designators of a gazetteer; made once for it."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        flags = np.asarray(gazetteer.form_flags)
        marked = np.flatnonzero(flags & Form.DESIGNATOR)
        numbers = np.searchsorted(np.asarray(gazetteer.first_form), marked, "right") - 1
        self._true = frozenset(numbers[(flags[marked] & _BARRED) == 0].tolist())
        self._exact: dict[str, int] = {}
        for number in np.unique(numbers).tolist():
            # Of the spellings of a designator the longest has a space at every turn from letters to figures.
            key = gazetteer.patterns[number].replace(" ", "")
            self._exact[key] = max(number, self._exact.get(key, number), key=lambda n: len(gazetteer.patterns[n]))
        self._bearers: dict[int, frozenset[int]] = {}
        self._trie: dict[str, Any] = {}
        for key, number in self._exact.items():
            if number in self._true:
                node = self._trie
                for char in key:
                    node = node.setdefault(char, {})
                node[""] = number

    def exact(self, key: str) -> int | None:
        """The pattern that reads so, case folded and joined, or None."""
        return self._exact.get(key)

    def fits(self, code: str) -> Iterator[Fit]:
        """Every designator that a stretch becomes by few swaps, with its turns where the stretch is parted."""
        signs = joined(code)
        cuts = {n - i for i, n in enumerate(n for n, c in enumerate(code) if ord(c) in _SEPARATORS)}
        options = _options()
        limit = min(_MOST, _PER_CHARACTER * len(signs)) if HYPHENATED.search(code) else LIGHT
        stack: list[tuple[int, str, dict[str, Any], float, tuple[tuple[int, str, str], ...], tuple[int, ...]]]
        stack = [(0, "", self._trie, 0.0, (), ())]
        while stack:
            i, read, node, cost, swaps, turns = stack.pop()
            place, behind = len(read), read != "" and not read.isalpha()
            if i in cuts:
                turns = (*turns, place)
            if i >= len(signs):
                if swaps and (number := node.get("")) is not None:
                    atoms = self.gazetteer.patterns[number].split(" ")
                    if set(accumulate(map(len, atoms))).issuperset(turns):
                        yield Fit(cost, number, swaps)
                continue
            if signs[i] == "(" and i + 1 not in cuts:
                continue  # a bracket, unless `(-47`
            pair = signs[i : i + 2]
            for seen in (signs[i], pair) if pair in options and len(pair) > 1 and i + 1 not in cuts else (signs[i],):
                for meant, more in options.get(seen, ()):
                    # Behind figures letters tell one variant from another, and any may be a true one.
                    if meant not in node or cost + more > limit or (more and behind and meant not in FIGURES):
                        continue
                    swapped = (*swaps, (place, seen, meant)) if more else swaps
                    stack.append((i + len(seen), read + meant, node[meant], cost + more, swapped, turns))

    def best(self, fits: Iterable[Fit]) -> Fit | None:
        """The cheapest fit, unless some other thing fits nearly as well."""
        ranked = sorted(f for f in fits if f.cost <= _MOST and self.flies(f.pattern))
        rivals = {self.entities(f.pattern) for f in ranked if f.cost - ranked[0].cost < _MARGIN}
        return ranked[0] if len(rivals) == 1 else None

    def entities(self, pattern: int) -> frozenset[int]:
        """Who bears a designator, attested misreadings left out."""
        bearers = self._bearers.get(pattern)
        if bearers is None:
            gazetteer, barred = self.gazetteer, Form.MISREADING | Form.SCOPED
            forms = (f for f in gazetteer.forms(pattern) if not gazetteer.form_flags[f] & barred)
            bearers = self._bearers[pattern] = frozenset(gazetteer.form_entity[f] for f in forms)
        return bearers

    def flies(self, pattern: int) -> bool:
        """Whether a pattern is of a type of thing with designators, no place (`H-3`) and no organization (`G-2`)."""
        types = {self.gazetteer.entity(n).type for n in self.entities(pattern)}
        return pattern in self._true and not types & _NO_TYPES

    def name(self, pattern: int) -> str:
        """A designator as the gazetteer writes it."""
        flags = self.gazetteer.form_flags
        forms = self.gazetteer.forms(pattern)
        true = next(f for f in forms if flags[f] & Form.DESIGNATOR and not flags[f] & _BARRED)
        return self.gazetteer.form_text(true)
