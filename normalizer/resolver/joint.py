"""All places of a document decided together, in time linear in their number.

Each place is looked at by itself; then what that look made likely is told to the other places of the same people.
The two best places of an entity suffice to leave a place's own opinion out of what it is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from normalizer.resolver.bearers import Bearer
from normalizer.resolver.evidence import PERSON, Witness
from normalizer.resolver.identity import Model
from normalizer.resolver.options import Place

SURE = 0.8
"""From this probability on somebody is company for others."""
_TOLD, _RIVAL, _COMPANY = (PERSON.index(n) for n in ("told", "rival_told", "company"))


class Jury:
    """The places of one document that have several answers."""

    def __init__(self, witness: Witness, model: Model, bearer: Callable[[int], Bearer]) -> None:
        self._witness, self._model, self._bearer = witness, model, bearer
        self._open: list[Place] = []
        self._told: dict[int, list[tuple[float, int]]] = {}

    def hear(self, places: Iterable[Place]) -> None:
        """Look at further places, each by itself."""
        for place in places:
            self._witness.look(place)
            self._model.first.weigh(place)
            self._open.append(place)
            for option in place.people:
                rows = self._told.setdefault(option.number, [])
                rows.append((option.score, place.start))
                rows.sort(reverse=True)
                del rows[2:]

    def settle(self) -> None:
        """Weigh the places that were heard last once more, each with what the first look made of all others."""
        by_country, sure = self._company()
        open_, self._open = self._open, []
        for place in open_:
            heard = {o.number: self._elsewhere(o.number, place) for o in place.people}
            top = sorted(heard.values(), reverse=True)[:2]
            for option in place.people:
                mine = heard[option.number]
                option.row[_TOLD] = mine
                option.row[_RIVAL] = 0.0 if len(top) < 2 else top[1] if mine == top[0] else top[0]
                option.row[_COMPANY] = self._share(option.number, by_country, sure)
            self._model.second.weigh(place)

    def _elsewhere(self, number: int, place: Place) -> float:
        """The highest probability of a person at any other place."""
        return next((p for p, at in self._told.get(number, ()) if at != place.start), 0.0)

    def _company(self) -> tuple[Counter[str], set[int]]:
        """The people of whom the first look is sure, and how many of them have to do with each country."""
        sure = {number for number, rows in self._told.items() if rows[0][0] >= SURE}
        return Counter(c for number in sorted(sure) for c in self._of(number)), sure

    def _share(self, number: int, by_country: Counter[str], sure: set[int]) -> float:
        """The share of the other people with whom somebody has his most frequent country in common."""
        own = number in sure
        others = len(sure) - own
        return max((by_country[c] - own for c in self._of(number)), default=0) / others if others else 0.0

    def _of(self, number: int) -> frozenset[str]:
        who = self._bearer(number)
        return who.home | who.posted
