"""Weights of the identity model: which bearer of a name a page means.

Two kinds of pages teach it. Gold says of every mention who is meant, or that the gazetteer lacks him (NIL).
Plain texts teach themselves: where a document gives a full name, the full name is hidden and the family name alone
has to find its bearer among those that the gazetteer has. Documents of gold teach a second time without their date.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from normalizer.errors import ConfigError
from normalizer.exact import Matcher
from normalizer.folding import fold, fold_name
from normalizer.gazetteer import Form, Gazetteer
from normalizer.headers import parse_header
from normalizer.model import UNKNOWN, Document
from normalizer.repair import Repairer
from normalizer.resolver import Resolver
from normalizer.resolver.case import Case
from normalizer.resolver.deciding import is_open
from normalizer.resolver.evidence import NOBODY, PERSON, THING
from normalizer.resolver.identity import LOOKS, model_from
from normalizer.resolver.options import FULL, Place
from normalizer.resolver.people import agreement

Floats = NDArray[np.float64]
NAMES = (*PERSON, *THING, *NOBODY)
_LATE = ("told", "rival_told", "company")
"""What the first look cannot know."""
_ROUNDS, _ENOUGH, _TINY = 40, 1e-6, 1e-300
_MOST_A_NAME = 3
"""Places of one family name that a plain document teaches with: a long one should not drown the others."""

BELIEFS: dict[str, dict[str, float]] = {
    "person": {
        "prominence": 1.0,
        "in_years": 1.0,
        "years_late": -1.5,
        "title_post": 2.0,
        "title_office": 1.0,
        "title_against": -1.0,
        "woman": -2.0,
        "signs_at_post": 4.0,
        "signs_elsewhere": -1.0,
        "post_at_origin": 1.0,
        "post_near": 1.0,
        "country_beside": 1.0,
        "country_near": 1.0,
        "country_share": 1.0,
        "country_absent": -1.0,
        "own_name": 4.0,
        "rival_name": -3.0,
        "name": 5.0,
        "given": 4.0,
        "initials": 2.5,
        "told": 2.0,
        "rival_told": -1.0,
        "company": 0.5,
        "top_office": 1.0,
        "holds_post": 0.3,
    },
    "thing": {
        "country": 6.0,
        "capital": 4.5,
        "city": 3.0,
        "other_place": 2.5,
        "thing": 4.0,
        "alias_thing": -1.0,
        "beside_thing": 3.0,
        "near_thing": 1.5,
        "share_thing": 1.5,
        "origin_thing": 1.5,
        "own_name_thing": 1.0,
        "placed": 0.7,
        "called_thing": -3.0,
        "common_thing": -1.0,
    },
    "nobody": {
        "always": 1.5,
        "common": 2.0,
        "given_word": 1.0,
        "small": 1.0,
        "title": -1.0,
        "signs": -1.5,
        "beside": -0.4,
        "in_sentence": -0.7,
        "small_share": 2.0,
        "frequent": 1.0,
        "other_bearer": 2.5,
        "repaired": -0.2,
        "joined": 1.0,
        "in_list": -0.5,
    },
}
"""What weights are drawn to where the pages say little: set by hand."""

AT_LEAST: dict[str, float] = {
    **dict.fromkeys(("prominence", "in_years", "holds_post", "top_office"), 0.0),
    **dict.fromkeys(("title_post", "signs_at_post", "post_at_origin", "post_near"), 0.0),
    **dict.fromkeys(("country_beside", "country_near", "country_share", "origin_home", "told", "company"), 0.0),
    "country": 9.0,
    "capital": 6.0,
    "city": 7.0,
    "other_place": 5.0,
    "title_office": 1.5,
    "woman": 0.0,
    "given_word": 1.5,
    "common": 1.5,
    "own_name": 6.5,
    "article": 4.0,
    "of": 2.0,
    "other_bearer": 5.0,
    "mrs": 0.0,
    "name": 3.0,
    "given": 3.0,
    "initials": 1.0,
}
AT_MOST: dict[str, float] = {
    **dict.fromkeys(("years_late", "title_against", "country_absent", "rival_told"), 0.0),
    "rival_name": -3.0,
    "called_thing": -6.0,
    "always": 3.0,
    "title": 0.0,
    "plain_title": 0.5,
    "man": -9.0,
    "mister": -0.7,
    "person_named": -3.0,
    "beside": -0.4,
}
"""Bounds of weights: what speaks for somebody never counts against him, whatever a few pages seem to say, and a full
name in the document decides its family name."""


@dataclass(slots=True)
class Sample:
    """A place with its answer.

    Attributes:
        group: Of the document, all of whose versions are learnt from or held out together.
        rows: A row an option, then nobody's; `numbers` are the entities of the options.
        answers: Which rows are right; none where the place is of no use.
        weight: How much it counts.
        kind: `person` (its bearer is an option), `out` (he is none), `nil` (not in the gazetteer), `none` (no person).
        level: Of noise, for reports.
    """

    group: str
    rows: Floats
    answers: NDArray[np.bool_]
    weight: float
    kind: str
    level: str


class Pages:
    """Opens documents as the run does, repairs and all."""

    def __init__(self, gazetteer: Gazetteer, repairer: Repairer | None, min_score: float) -> None:
        self.gazetteer, self.min_score = gazetteer, min_score
        self._matcher, self._repairer = Matcher(gazetteer), repairer
        self._repairs: dict[tuple[str, str], Any] = {}

    def case(self, doc: Document, resolver: Resolver, hidden: Any = None, *, dated: bool = True) -> Case:
        """A document with its places, those of repairs among them; repairs are looked for once."""
        folded = fold(doc.text)
        matches = self._matcher.match(doc.text, folded)
        header = parse_header(doc.text, doc.date)
        case = resolver.open(doc, folded, matches, header if dated else replace(header, date=None), hidden)
        case.settle()
        if self._repairer is not None:
            known = (doc.id, str(doc.date))
            if known not in self._repairs:
                spans = [(m.start, m.end) for m in case.decide(case.places) if m.decision.kind != UNKNOWN]
                self._repairs[known] = self._repairer.repair(doc.text, matches, spans)
            mended = [case.mend(r) for r in self._repairs[known] if r.score >= self.min_score]
            kept = [p for p in mended if p is not None]
            case.hear(kept)
            case.places += kept
        case.settle()
        return case


def read_gold(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Records of JSONL files, gzipped or not.

    Raises:
        ConfigError: A file cannot be read or a line is no record with a text.
    """
    for path in paths:
        try:
            with (
                gzip.open(path, "rt", encoding="utf-8")
                if path.suffix == ".gz"
                else path.open(encoding="utf-8") as lines
            ):
                for number, line in enumerate(lines, 1):
                    if not line.strip():
                        continue
                    record = json.loads(line)
                    if not isinstance(record, dict) or not (record.get("text") or record.get("clean")):
                        raise ConfigError("GOLD", f"{path}, line {number} is no record with a text")
                    yield record
        except (OSError, ValueError) as error:
            raise ConfigError("GOLD", f"{path} cannot be read: {error}") from error


_UNDATED = 0.5
"""Weight of a gold document whose date is kept from the model."""


def gold_samples(
    record: Mapping[str, Any], pages: Pages, resolver: Resolver, bearers: Mapping[str, set[int]]
) -> list[Sample]:
    """Places of a record whose mentions say who is meant."""
    found = []
    for date, weight in ((record.get("date"), 1.0), (None, _UNDATED)):
        found += _dated(record, date, weight, pages, resolver, bearers)
    return found


def _dated(
    record: Mapping[str, Any],
    date: str | None,
    weight: float,
    pages: Pages,
    resolver: Resolver,
    bearers: Mapping[str, set[int]],
) -> list[Sample]:
    doc = Document(str(record["id"]), record["text"], date=date)
    case = pages.case(doc, resolver, dated=date is not None)
    group = str(record.get("cable") or doc.id)
    level = str(record.get("level", "clean")) if date else "undated"
    marked = record["mentions"]
    ignored = record.get("ignore", ())
    found = []
    for place in case.places:
        if not is_open(place):
            continue
        here = [m for m in marked if m["start"] < place.end and place.start < m["end"]]
        if not here and any(m["start"] < place.end and place.start < m["end"] for m in ignored):
            continue
        person = next((m for m in here if m["label"] == "PERSON"), None)
        right: set[int] = set()
        kind = "none"
        if person is not None:
            ids = {str(person.get("entity", "")), *map(str, person.get("twins", ()))}
            right = set().union(*(bearers.get(i, set()) for i in ids))
            kind = "nil" if person.get("entity") == "NIL" else "person"
            if kind == "nil":  # the gold knows those alone whom the volumes list; others go by their names
                right = {o.number for o in place.people if _bears(resolver, o.number, person.get("name", ""))}
        elif here:
            right = {o.number for o in place.things if resolver.gazetteer.entity(o.number).label == here[0]["label"]}
        sample = _sample(group, place, right, kind, level, weight)
        if kind == "person" and sample.answers[-1]:
            sample.kind = "out"
        found.append(sample)
    return found


def _bears(resolver: Resolver, number: int, name: str) -> bool:
    """Whether an entity that no volume lists is the bearer of a name written `Family, Given`."""
    ent = resolver.gazetteer.entity(number)
    family, _, given = name.partition(",")
    if ent.prominence or fold_name(ent.family or ent.name) != fold_name(family):
        return False
    return bool(given.strip()) and agreement(fold_name(given).split(), resolver.given(number)) > 0


def plain_samples(record: Mapping[str, Any], pages: Pages, resolver: Resolver, weight: float) -> list[Sample]:
    """Family names of a text that gives the full names too; those are hidden."""
    text = record.get("clean") or record["text"]
    doc = Document(str(record["id"]), text, date=record.get("date"))
    case = pages.case(doc, resolver)
    full: dict[str, set[int]] = {}
    for place in case.places:
        if place.somebody_else is not None:
            full.setdefault(_last(doc.text, place), set()).add(-1)
        elif place.is_full:
            full.setdefault(_last(doc.text, place), set()).update(o.number for o in place.people if o.level >= FULL)
    answers = {name: next(iter(numbers)) for name, numbers in full.items() if len(numbers) == 1 and -1 not in numbers}
    if not answers:
        return []

    def hidden(place: Place) -> bool:
        return place.somebody_else is not None or any(o.level >= FULL for o in place.people)

    found = []
    seen: dict[str, int] = {}
    case = pages.case(doc, resolver, hidden)
    for place in case.places:
        name = _last(doc.text, place)
        if name not in answers or not place.people or not is_open(place) or place.repair is not None:
            continue
        seen[name] = seen.get(name, 0) + 1
        if seen[name] <= _MOST_A_NAME:
            sample = _sample(doc.id, place, {answers[name]}, "person", "plain", weight)
            # The hidden name says which bearer is meant; how often nobody of the gazetteer is, gold alone tells.
            sample.rows, sample.answers = sample.rows[:-1], sample.answers[:-1]
            if sample.answers.any() and len(sample.answers) > 1:
                found.append(sample)
    return found


def _last(text: str, place: Place) -> str:
    return fold_name(text[place.start : place.end]).split()[-1]


def _sample(group: str, place: Place, right: set[int], kind: str, level: str, weight: float) -> Sample:
    rows, answers = [], []
    for option in place.options:
        row = np.zeros(len(NAMES))
        person = option.marks & Form.PERSON
        at = 0 if person else len(PERSON)
        row[at : at + len(option.row)] = option.row
        rows.append(row)
        answers.append(option.number in right)
    nobody = np.zeros(len(NAMES))
    nobody[len(PERSON) + len(THING) :] = place.row
    rows.append(nobody)
    answers.append(not any(answers))
    return Sample(group, np.array(rows), np.array(answers), weight, kind, level)


def fit(samples: Sequence[Sample], strength: float, *, late: bool) -> Floats:
    """Weights that make the answers likely, drawn to BELIEFS by a Gaussian of that strength.

    Newton's steps on the conditional logit; `late` lets the second look's evidence in.
    Source: McFadden, Conditional logit analysis of qualitative choice behavior, 1974.
    """
    belief = np.array(
        [
            v
            for part, names in (("person", PERSON), ("thing", THING), ("nobody", NOBODY))
            for v in (BELIEFS[part].get(n, 0.0) for n in names)
        ]
    )
    rows = np.concatenate([s.rows for s in samples])
    if not late:
        for name in _LATE:
            rows[:, NAMES.index(name)] = 0
            belief[NAMES.index(name)] = 0
    sizes = [len(s.rows) for s in samples]
    place = np.repeat(np.arange(len(samples)), sizes)
    starts = np.cumsum([0, *sizes[:-1]])
    answers = np.concatenate([s.answers for s in samples])
    counted = np.array([s.weight for s in samples])
    low = np.array([AT_LEAST.get(n, -np.inf) for n in NAMES])
    high = np.array([AT_MOST.get(n, np.inf) for n in NAMES])
    if not late:
        low[[NAMES.index(n) for n in _LATE]] = 0
    data = _Data(rows, place, starts, answers, counted, belief, strength)
    weights = belief.clip(low, high)
    free = np.ones(len(NAMES), bool)
    while True:
        weights = _climb(data, weights, free)
        beyond = (weights < low) | (weights > high)
        if not beyond.any():
            return weights
        weights = weights.clip(low, high)
        free &= ~beyond


@dataclass(frozen=True, slots=True)
class _Data:
    rows: Floats
    place: NDArray[np.intp]
    starts: NDArray[np.intp]
    answers: NDArray[np.bool_]
    counted: Floats
    belief: Floats
    strength: float

    def chances(self, weights: Floats) -> tuple[Floats, Floats]:
        """The probability of every row, and its share in the probability of the right ones of its place."""
        score = self.rows @ weights
        count = len(self.counted)
        highest = np.maximum.reduceat(score, self.starts)
        chance = np.exp(score - highest[self.place])
        chance /= np.bincount(self.place, chance, count)[self.place]
        right = chance * self.answers
        right /= np.maximum(np.bincount(self.place, right, count)[self.place], _TINY)
        return chance, right

    def loss(self, weights: Floats) -> float:
        """What is to be made small."""
        chance, _ = self.chances(weights)
        told = np.bincount(self.place, chance * self.answers, len(self.counted))
        drawn = self.strength / 2 * float(((weights - self.belief) ** 2).sum())
        return drawn - float((self.counted * np.log(np.maximum(told, _TINY))).sum())


def _climb(data: _Data, weights: Floats, free: NDArray[np.bool_]) -> Floats:
    """Newton's steps in the weights that are free."""
    value = data.loss(weights)
    for _ in range(_ROUNDS):
        chance, right = data.chances(weights)
        counted = data.counted[data.place]
        gradient = data.rows.T @ ((chance - right) * counted) + data.strength * (weights - data.belief)
        means = np.add.reduceat(data.rows * chance[:, None], data.starts)
        bent = (data.rows * (chance * counted)[:, None]).T @ data.rows - (means * data.counted[:, None]).T @ means
        move = np.zeros(len(NAMES))
        move[free] = np.linalg.solve(bent[np.ix_(free, free)] + data.strength * np.eye(int(free.sum())), gradient[free])
        step = 1.0
        while step > _ENOUGH and data.loss(weights - step * move) > value:
            step /= 2
        weights = weights - step * move
        before, value = value, data.loss(weights)
        if before - value < _ENOUGH * abs(before):
            break
    return weights


def as_look(weights: Floats) -> dict[str, dict[str, float]]:
    """Weights as the file has them."""
    told = [round(float(w), 3) for w in weights]
    a, b = len(PERSON), len(PERSON) + len(THING)
    return {
        "person": dict(zip(PERSON, told[:a], strict=True)),
        "thing": dict(zip(THING, told[a:b], strict=True)),
        "nobody": dict(zip(NOBODY, told[b:], strict=True)),
    }


def by_hand(link: float = 0.5, name: float = 0.6, rival: float = 0.25, careful: float = 0.85) -> dict[str, Any]:
    """A model of BELIEFS alone, to begin with."""
    return {"link": link, "name": name, "rival": rival, "careful": careful, **dict.fromkeys(LOOKS, BELIEFS)}


def bearers_of(gazetteer: Gazetteer) -> dict[str, set[int]]:
    """What gold may call a person by: the entry's id or its `links.frus` -> entities."""
    found: dict[str, set[int]] = {}
    for number, entity_id in enumerate(gazetteer.ids()):
        ent = gazetteer.entity(number)
        if ent.type == "person":
            found.setdefault(entity_id, set()).add(number)
            if ent.links and "frus" in ent.links:
                found.setdefault(str(ent.links["frus"]), set()).add(number)
    return found


def learn(
    records: Sequence[Mapping[str, Any]],
    pages: Pages,
    strength: float,
    plain_weight: float,
    data: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Both looks, learnt from records."""
    data = dict(data or by_hand())
    bearers = bearers_of(pages.gazetteer)
    for look in LOOKS:
        samples = gather(records, pages, data, bearers, plain_weight)
        data[look] = as_look(fit(samples, strength, late=look == "second"))
    return data


def gather(
    records: Sequence[Mapping[str, Any]],
    pages: Pages,
    data: Mapping[str, Any],
    bearers: Mapping[str, set[int]],
    plain_weight: float,
) -> list[Sample]:
    """The samples of all records, looked at with a model."""
    model = model_from(data)
    resolver = Resolver(pages.gazetteer, pages.min_score, model)
    found: list[Sample] = []
    for record in records:
        if "mentions" in record:
            found += gold_samples(record, pages, resolver, bearers)
        else:
            found += plain_samples(record, pages, resolver, plain_weight)
    return found
