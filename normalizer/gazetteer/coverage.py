"""What a gazetteer covers: entries by type, period, country and source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from normalizer.gazetteer.entities import Entity

PERIODS = tuple((year, year + 9) for year in range(1940, 1990, 10))
"""Decades in which an entry may be spoken of."""


def coverage(entities: Iterable[Entity]) -> dict[str, dict[str, Counter[str]]]:
    """Counts of entries by what is asked of them, value and type.

    Returns:
        For each of `period`, `country` and `source` the counts by value and type; an entry counts in every
        decade that its dates touch, and under "undated" where it has none.
    """
    found: dict[str, dict[str, Counter[str]]] = {"period": {}, "country": {}, "source": {}}

    def add(what: str, value: str, kind: str) -> None:
        found[what].setdefault(value, Counter())[kind] += 1

    for ent in entities:
        for period in _periods(ent):
            add("period", period, ent.type)
        facts = ent.facts or {}
        named = ent.country or facts.get("country") or facts.get("countries") or "unknown"
        for country in str(named).split("; "):
            add("country", country, ent.type)
        add("source", ent.source or "unknown", ent.type)
    return found


def _periods(ent: Entity) -> list[str]:
    days = ent.years()
    if days.first is None and days.last is None:
        return ["undated"]
    first = date.fromordinal(days.first).year if days.first else 0
    last = date.fromordinal(days.last).year if days.last else 9999
    return [f"{a}-{b}" for a, b in PERIODS if first <= b and a <= last] or ["before or after"]
