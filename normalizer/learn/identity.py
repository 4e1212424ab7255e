"""Weights of the identity model: which bearer of a name a page means.

Two kinds of pages teach it. Gold says of every mention who is meant, or that the gazetteer lacks him (NIL).
Plain texts teach themselves: where a document gives a full name, the full name is hidden and the family name alone
has to find its bearer among those that the gazetteer has. Documents of gold teach a second time without their date.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from normalizer.errors import ConfigError
from normalizer.exact import Matcher
from normalizer.folding import fold, fold_name
from normalizer.gazetteer import Form, Gazetteer
from normalizer.headers import parse_header
from normalizer.learn.logit import NAMES, Floats, Sample, as_look, by_hand, fit
from normalizer.model import UNKNOWN, Document, Repair
from normalizer.repair import Repairer, default_min_score
from normalizer.resolver import Resolver
from normalizer.resolver.case import Case
from normalizer.resolver.identity import LOOKS, NOBODY, PERSON, THING, Model, model_from
from normalizer.resolver.options import FULL, Place
from normalizer.resolver.people import agreement

Hidden = Callable[[Place], bool] | None

_MOST_A_NAME = 3
"""Places of one family name that a plain document teaches with: a long one should not drown the others."""
_STRENGTH = 1.0
"""Of the Gaussian that draws weights to what was believed before; 0.3 and 3 gave the same within 0.003."""
_FOLDS = 5


class Pages:
    """Opens documents as the run does, repairs and all."""

    def __init__(self, gazetteer: Gazetteer, repairer: Repairer) -> None:
        self.gazetteer, self.min_score = gazetteer, default_min_score()
        self._matcher, self._repairer = Matcher(gazetteer), repairer
        self._repairs: dict[tuple[str, str], list[Repair]] = {}

    def case(
        self, doc: Document, resolver: Resolver, hidden: Hidden = None, *, dated: bool = True, repair: bool = True
    ) -> Case:
        """A document with its places, those of repairs among them; repairs are looked for once."""
        folded = fold(doc.text)
        matches = self._matcher.match(doc.text, folded)
        header = parse_header(doc.text, doc.date)
        case = resolver.open(doc, folded, matches, header if dated else replace(header, date=None), hidden=hidden)
        case.settle()
        if repair:
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


_UNDATED, _PLAIN = 0.5, 0.1
"""Weights of a gold document whose date is kept from the model, and of a plain text, beside gold's 1."""


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
        if not place.is_open:
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


def plain_samples(record: Mapping[str, Any], pages: Pages, resolver: Resolver) -> list[Sample]:
    """Family names of a text that gives the full names too; those are hidden."""
    text = record.get("clean") or record["text"]
    doc = Document(str(record["id"]), text, date=record.get("date"))
    case = pages.case(doc, resolver, repair=False)
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
    case = pages.case(doc, resolver, hidden, repair=False)
    for place in case.places:
        name = _last(doc.text, place)
        if name not in answers or not place.people or not place.is_open or place.repair is not None:
            continue
        seen[name] = seen.get(name, 0) + 1
        if seen[name] <= _MOST_A_NAME:
            sample = _sample(doc.id, place, {answers[name]}, "person", "plain", _PLAIN)
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
        names = PERSON if option.marks & Form.PERSON else THING
        at = 0 if names is PERSON else len(PERSON)
        row = np.zeros(len(NAMES))
        row[at : at + len(names)] = [option.sign(name) for name in names]
        rows.append(row)
        answers.append(option.number in right)
    nobody = np.zeros(len(NAMES))
    nobody[len(PERSON) + len(THING) :] = [place.row.get(name, 0.0) for name in NOBODY]
    rows.append(nobody)
    answers.append(not any(answers))
    return Sample(group, np.array(rows), np.array(answers), weight, kind, level)


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


def learn_identity(
    records: Sequence[Mapping[str, Any]], pages: Pages, source: str, seed: int
) -> tuple[dict[str, Any], str]:
    """What the file holds, and what held-out documents say of it in words.

    Raises:
        ConfigError: No record of gold has a person.
    """
    data = by_hand()
    bearers = bearers_of(pages.gazetteer)
    samples: list[Sample] = []
    for look in LOOKS:
        samples = gather(records, pages, data, bearers)
        if not any(s.kind == "person" and s.level != "plain" for s in samples):
            raise ConfigError("GOLD", "no record has a person with an entity; see cablenorm learn identity --help")
        data[look] = as_look(fit(samples, _STRENGTH, late=look == LOOKS[1]))
    chances = held_out(samples, seed)
    told = report(samples, chances, model_from(data))
    gold = {s.group for s in samples if s.level != "plain"}
    plain = {s.group for s in samples if s.level == "plain"}
    learnt_from = f"{source}: {len(gold)} documents of gold, each with and without its date, {len(plain)} plain texts"
    return {"learnt_from": learnt_from, "held_out": told, **data}, told


def gather(
    records: Sequence[Mapping[str, Any]], pages: Pages, data: Mapping[str, Any], bearers: Mapping[str, set[int]]
) -> list[Sample]:
    """The samples of all records, looked at with a model."""
    resolver = Resolver(pages.gazetteer, pages.min_score, model_from(data))
    found: list[Sample] = []
    for record in records:
        if "mentions" in record:
            found += gold_samples(record, pages, resolver, bearers)
        else:
            found += plain_samples(record, pages, resolver)
    return found


def held_out(samples: Sequence[Sample], seed: int) -> list[Floats]:
    """Probabilities of the rows of every sample, by weights that were learnt without its document."""
    groups = sorted({s.group for s in samples})
    random.Random(seed).shuffle(groups)
    fold_of = {group: k % _FOLDS for k, group in enumerate(groups)}
    found: list[Floats] = [np.zeros(0)] * len(samples)
    for k in range(_FOLDS):
        seen = [s for s in samples if fold_of[s.group] != k]
        if not seen:
            continue
        weights = fit(seen, _STRENGTH, late=True)
        for at, sample in enumerate(samples):
            if fold_of[sample.group] == k:
                score = np.exp(sample.rows @ weights - (sample.rows @ weights).max())
                found[at] = score / score.sum()
    return found


def report(samples: Sequence[Sample], chances: Sequence[Floats], model: Model) -> str:
    """How many are linked, and how many of them right, by level of noise, in words."""
    lines = []
    for level in sorted({s.level for s in samples}):
        linked = right = people = strangers = 0
        for sample, chance in zip(samples, chances, strict=True):
            if sample.level != level:
                continue
            people += sample.kind in ("person", "out")
            options = chance if level == "plain" else chance[:-1]
            if not model.tells(float(options.max()), float(options.sum() - options.max())):
                continue
            good = bool(sample.answers[options.argmax()])
            linked += sample.kind in ("person", "out")
            right += sample.kind in ("person", "out") and good
            strangers += sample.kind in ("nil", "none") and not good
        lines.append(
            f"{level}: {right} of {linked} people linked are right, of {people} seen; {strangers} others linked"
        )
    return "; ".join(lines)
