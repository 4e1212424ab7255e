"""Measures where every mention is known: tagging, links, the identity of people, decoys."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from normalizer.evaluation.aligned import Verdict, key
from normalizer.evaluation.claims import Claim, Judged, Reach, claims, f1, overlap, ratio, reach
from normalizer.evaluation.gold import CLEAN, KINDS, NIL, GoldDocument, GoldMention
from normalizer.evaluation.names import Names
from normalizer.evaluation.output import RunDocument

K = TypeVar("K")

ALL = "all"
PERSON = "PERSON"
LABELS = (PERSON, "PLACE", "AIRCRAFT")
"""What is measured unless other labels are asked for."""


class Spans:
    """Tagging alone: every mention of the run, whatever was decided, against the gold's spans and labels."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        self.counts: dict[str, Counter[str]] = {label: Counter() for label in labels}

    def add(self, gold: GoldDocument, run: RunDocument) -> None:
        """Count a document."""
        mine = [m for m in run.mentions if m.label in self.labels]
        want = [g for g in gold.mentions if g.label in self.labels]
        for g in want:
            same = [m for m in mine if m.label == g.label]
            near = any(overlap(m, g) for m in same)
            count = self.counts[g.label]
            count["gold"] += 1
            count["exact"] += any((m.start, m.end) == (g.start, g.end) for m in same)
            count["overlap"] += near
            if g.kind != CLEAN:
                count["damaged"] += 1
                count["damaged found"] += near
        for m in mine:
            touches = any(overlap(m, g) and m.label == g.label for g in want)
            if touches or not any(overlap(m, i) for i in gold.ignore):
                self.counts[m.label]["tagged"] += 1

    def measures(self) -> dict[str, dict[str, float]]:
        """Precision, recall and F1 of exact and of overlapping spans, by label and over all."""
        whole = sum(self.counts.values(), Counter())
        result: dict[str, dict[str, float]] = {}
        for label, c in {**self.counts, ALL: whole}.items():
            result[label] = {"gold": c["gold"], "tagged": c["tagged"]}
            for how in ("exact", "overlap"):
                precision, recall = ratio(c[how], c["tagged"]), ratio(c[how], c["gold"])
                result[label] |= {
                    f"{how}_precision": precision,
                    f"{how}_recall": recall,
                    f"{how}_f1": f1(precision, recall),
                }
            result[label]["damaged_recall"] = ratio(c["damaged found"], c["damaged"])
        return result


class Links:
    """A link is right where it touches a gold mention and its entity bears the gold's name.

    Of a person the family name suffices; identity asks more: that the entity is the gold's, by its id in the
    gazetteer or by an authority's number. Who the gold calls NIL may be found and not linked.
    """

    def __init__(self, names: Names, labels: Sequence[str]) -> None:
        self.names = names
        self.labels = tuple(labels)
        self.judged: list[Judged] = []
        self.reached: list[tuple[str, Reach]] = []  # with the kind
        self.gold: dict[tuple[str, str, str], Counter[bool]] = defaultdict(Counter)  # found, by label, level and kind
        self.claimed: dict[str, Counter[bool]] = defaultdict(Counter)  # right, by label
        self.identity: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)  # by label and level
        self.decoys: Counter[bool] = Counter()  # taken
        self.wrong: Counter[tuple[str, ...]] = Counter()
        self.missed: Counter[tuple[str, ...]] = Counter()

    def add(self, gold: GoldDocument, run: RunDocument) -> None:
        """Count a document."""
        found = [m for m in run.mentions if m.label in self.labels]
        mine = list(claims(found, run.text, self.names, ambiguous=False))
        want = [g for g in gold.mentions if g.label in self.labels and g.entity != NIL]
        meant: list[list[GoldMention]] = [[] for _ in mine]  # what each claim hits
        for g in want:
            hits = [i for i, c in enumerate(mine) if overlap(c, g) and self._means(c, g)]
            self._count_gold(g, [mine[i] for i in hits], gold.level)
            for i in hits:
                meant[i].append(g)
        for claim, hit in zip(mine, meant, strict=True):
            self._count_claim(claim, hit, any(overlap(claim, i) for i in gold.ignore), run.text)
        links = [c for c in mine if not c.held]
        for decoy in gold.decoys:
            self.decoys[any(overlap(c, decoy) for c in links)] += 1

    def _count_gold(self, g: GoldMention, hits: list[Claim], level: str) -> None:
        reached = reach(hits)
        self.reached.append((g.kind, reached))
        self.gold[g.label, level, g.kind][reached.decided] += 1
        if not reached.decided:
            self.missed[g.label, g.name, g.surface or ""] += 1
        if g.entity:
            count = self.identity[g.label, level]
            count["known"] += 1
            count["linked"] += reached.decided
            count["right"] += any(not c.held and self._is(c, g) for c in hits)

    def _count_claim(self, claim: Claim, meant: list[GoldMention], ignored: bool, text: str) -> None:
        verdict: Verdict = "unknown" if ignored else "wrong"
        if meant:
            # The score speaks of the decision, which names an entity and not only a family.
            verdict = "right" if any(not g.entity or self._is(claim, g) for g in meant) else "wrong"
        self.judged.append(Judged(claim, verdict))
        if claim.held or (ignored and not meant):
            return
        self.claimed[claim.found.label][bool(meant)] += 1
        if not meant:
            self.wrong[claim.found.label, claim.entities[0], text[claim.start : claim.end]] += 1

    def _means(self, claim: Claim, g: GoldMention) -> bool:
        """Whether the claim's entity bears the gold's name, in either order, or what the page should read."""
        if g.entity and claim.entities[0] == g.entity:
            return True
        forms = {key(g.name), key(" ".join(reversed(g.name.split(",", 1)))), key(g.clean_surface or g.surface or "")}
        if g.label == PERSON:
            forms.add(key(g.name.split(",")[0]))
        return not forms.isdisjoint(claim.keys)

    def _is(self, claim: Claim, g: GoldMention) -> bool:
        """Whether the claim's entity is the gold's: by id, else by an authority's number."""
        entity = claim.entities[0]
        right = {g.entity, *g.twins}
        if entity in right:
            return True
        return self.names.entity(g.entity) is None and not right.isdisjoint(self.names.numbers(entity))

    def measures(self) -> dict[str, float]:
        """The six numbers."""
        claimed = sum(self.claimed.values(), Counter())
        found = sum(self.gold.values(), Counter())
        people = _sum(self.identity, PERSON, 0)
        precision, recall = ratio(claimed[True], claimed.total()), ratio(found[True], found.total())
        return {
            "link_precision": precision,
            "link_recall": recall,
            "link_f1": f1(precision, recall),
            "identity": ratio(people["right"], people["linked"]),
            "people_linked": ratio(people["linked"], people["known"]),
            "decoys_taken": ratio(self.decoys[True], self.decoys.total()),
        }

    def by_label(self) -> list[dict[str, Any]]:
        """Links and identity of each label."""
        rows = []
        for label in self.labels:
            found, claimed = _sum(self.gold, label, 0), self.claimed[label]
            precision, recall = ratio(claimed[True], claimed.total()), ratio(found[True], found.total())
            rows.append(
                {
                    "label": label,
                    "gold": found.total(),
                    "found": found[True],
                    "recall": recall,
                    "links": claimed.total(),
                    "right": claimed[True],
                    "precision": precision,
                    "f1": f1(precision, recall),
                    "identity": _identity(_sum(self.identity, label, 0)),
                }
            )
        return rows

    def by_level(self) -> list[dict[str, Any]]:
        """Recall of each kind, and identity of people, at each level."""
        rows = []
        for level in sorted({level for _, level, _ in self.gold}):
            at_level = {k: c for k, c in self.gold.items() if k[1] == level}
            kinds = {kind: _sum(at_level, kind, 2) for kind in KINDS}
            rows.append(
                {
                    "level": level,
                    "recall": {
                        kind: {"gold": c.total(), "found": c[True], "recall": ratio(c[True], c.total())}
                        for kind, c in {**kinds, ALL: _sum(at_level, level, 1)}.items()
                    },
                    "identity": _identity(self.identity[PERSON, level]),
                }
            )
        return rows


def _sum(counts: Mapping[Any, Counter[K]], value: str, at: int) -> Counter[K]:
    """All counts whose key, a tuple, has a value at a position."""
    return sum((c for k, c in counts.items() if k[at] == value), Counter())


def _identity(c: Counter[str]) -> dict[str, float]:
    share = ratio(c["right"], c["linked"])
    return {"known": c["known"], "linked": c["linked"], "right": c["right"], "identity": share}
