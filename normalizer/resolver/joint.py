"""All places of a document decided together, in time linear in their number.

Each place is looked at by itself; then what that look made likely is told to the other places of the same people.
The two best places of an entity suffice to leave a place's own opinion out of what it is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from operator import attrgetter

from normalizer.resolver.bearers import Bearer
from normalizer.resolver.evidence import Witness
from normalizer.resolver.identity import Model
from normalizer.resolver.options import Place

SURE = 0.8
"""From this probability on somebody is company for others."""
_HOPELESS = 0.999
"""Probability of the first look that nobody is meant, which company does not bring below 0.98."""
_NONE = (0.0, -1)
_NOBODY = (_NONE, _NONE)
_FIRST, _SECOND = attrgetter("known.first"), attrgetter("known.second")


class Jury:
    """The places of one document that have several answers."""

    def __init__(self, witness: Witness, model: Model, bearer: Callable[[int], Bearer]) -> None:
        self._witness, self._model, self._bearer = witness, model, bearer
        self._open: list[Place] = []
        self._told: dict[int, tuple[tuple[float, int], tuple[float, int]]] = {}
        self._sure: dict[int, Bearer] = {}

    def hear(self, places: Iterable[Place]) -> None:
        """Look at further places, each by itself."""
        told, weigh = self._told, self._model.first.weigh
        for place in places:
            self._witness.look(place)
            weigh(place, _FIRST)
            if place.nobody > _HOPELESS and not place.named:
                continue  # nothing that others say makes a name of it
            self._open.append(place)
            for option in place.people:
                number, mine = option.number, (option.score, place.start)
                best, second = told.get(number, _NOBODY)
                if mine > best:
                    told[number] = (mine, best)
                    if option.score >= SURE:
                        self._sure[number] = self._bearer(number)
                elif mine > second:
                    told[number] = (best, mine)

    def settle(self) -> None:
        """Weigh the places that were heard last once more, each with what the first look made of all others."""
        weights = self._model.second
        listens = bool(weights.person["told"] or weights.person["rival_told"])
        by_country = Counter(c for who in self._sure.values() for c in who.countries)
        shares: dict[int, float] = {}
        for place in self._open:
            if listens:
                self._listen(place)
            if by_country:
                for option in place.people:
                    share = shares.get(option.number)
                    if share is None:
                        share = shares[option.number] = self._share(self._bearer(option.number), by_country)
                    if share:
                        option.row["company"] = share
            weights.weigh(place, _SECOND)
        self._open = []

    def elsewhere(self, number: int, place: Place) -> float:
        """The highest probability of a person at any other place."""
        best, second = self._told.get(number, _NOBODY)
        return best[0] if best[1] != place.start else second[0]

    def _listen(self, place: Place) -> None:
        """Tell the people of a place what the first look made of them and of each other elsewhere."""
        heard = {o.number: self.elsewhere(o.number, place) for o in place.people}
        top = sorted(heard.values(), reverse=True)[:2]
        for option in place.people:
            mine = option.row["told"] = heard[option.number]
            option.row["rival_told"] = 0.0 if len(top) < 2 else top[1] if mine == top[0] else top[0]

    def _share(self, who: Bearer, by_country: Counter[str]) -> float:
        """The share of the other sure people with whom somebody has his most frequent country in common."""
        own = who.number in self._sure
        others = len(self._sure) - own
        return max([by_country[c] - own for c in who.countries], default=0) / others if others else 0.0
