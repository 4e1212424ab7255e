"""What is allowed in a gazetteer and yet doubtful: names that collide or are words, claims without a source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from normalizer.errors import Fault
from normalizer.folding import fold_name
from normalizer.gazetteer.entities import derive_person, entity_from_dict
from normalizer.gazetteer.loader import Raw


def lint(merged: Mapping[tuple[str, str], Raw], english: frozenset[str]) -> list[Fault]:
    """Doubts about sound entries, by file and line.

    Args:
        merged: Entries as the loader gives them.
        english: Folded common English words.
    """
    bearers: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    true_names: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for place, raw in merged.items():
        for text in dict.fromkeys(_true(raw)):
            bearers[place[0], fold_name(text)].append(place)
            true_names[fold_name(text)].append(place)
        if place[0] == "person":
            derive_person(person := {"name": raw.data["name"], "family": raw.data.get("family")})
            true_names[fold_name(person["family"])].append(place)
    doubts = [doubt for place, raw in merged.items() for doubt in _of_entry(place, raw, true_names, english)]
    for (_, folded), places in bearers.items():
        others = _of_one_time(list(dict.fromkeys(places)), merged)
        for place in others[1:]:
            raw = merged[place]
            first = merged[others[0]]
            where = f"{first.places[0][0]}:{first.places[0][1]}"
            doubts.append(_doubt(place, raw, f"bears the same name as {others[0][1]} ({where}): {folded!r}"))
    return sorted(doubts, key=lambda f: (f.path, f.line, f.message))


def _of_one_time(places: list[tuple[str, str]], merged: Mapping[tuple[str, str], Raw]) -> list[tuple[str, str]]:
    """The bearers of a name whose years meet those of another bearer; dates tell the rest apart."""
    years = {place: entity_from_dict({"name": "?", **merged[place].data}).years() for place in places}
    return [p for p in places if any(q != p and years[p].overlaps(years[q]) for q in places)]


def _true(raw: Raw) -> Iterator[str]:
    if "name" in raw.data:
        yield raw.data["name"]
    for alias in raw.data.get("aliases", ()):
        if alias.get("when") is None:
            yield alias["text"]


def _of_entry(
    place: tuple[str, str], raw: Raw, true_names: Mapping[str, list[tuple[str, str]]], english: frozenset[str]
) -> Iterator[Fault]:
    settled = raw.data.get("common") is not None
    for alias in raw.data.get("aliases", ()):
        if alias.get("common") is None and not settled and fold_name(alias["text"]) in english:
            message = (
                f"the alias {alias['text']!r} is a common English word; mark it `common: true`, or false if it is safe"
            )
            yield _doubt(place, raw, message)
    for misreading in raw.data.get("misreadings", ()):
        text = misreading["text"]
        if misreading.get("when") is None:
            others = [i for i in true_names.get(fold_name(text), ()) if i != place]
            if others:
                yield _doubt(
                    place,
                    raw,
                    f"the misreading {text!r} has no scope and is a true name of {others[0][1]}; add `when:`",
                )
        if misreading.get("evidence") is None:
            yield _doubt(place, raw, f"the misreading {text!r} is not attested; say in `evidence:` where it was seen")


def _doubt(place: tuple[str, str], raw: Raw, message: str) -> Fault:
    path, line = raw.places[-1]
    return Fault(path, line, place[1], message)
