"""Measures against two readings of each page: names found, and claims that the better reading bears out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Set
from typing import Any

from normalizer.evaluation.aligned import judge, key, place
from normalizer.evaluation.claims import Judged, Reach, claims, overlap, ratio, reach
from normalizer.evaluation.gold import CLEAN, GARBLED, KINDS, GoldDocument
from normalizer.evaluation.names import Names
from normalizer.evaluation.output import RunDocument


class Readings:
    """Counts over documents that were read twice.

    Recall asks for the spelling: a gold mention is found where a claim that touches it has its name, be it
    the family name. Precision asks the better reading about every claim.
    """

    def __init__(self, names: Names, known_words: Set[str]) -> None:
        self.names = names
        self.known_words = known_words
        self.judged: list[Judged] = []
        self.reached: list[Reach] = []
        self.found: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)  # by label and kind
        self.by_name: dict[str, Counter[bool]] = defaultdict(Counter)  # of garbled mentions
        self.wrong: Counter[tuple[str, ...]] = Counter()
        self.missed: Counter[tuple[str, ...]] = Counter()

    def add(self, gold: GoldDocument, run: RunDocument) -> None:
        """Count a document."""
        mine = list(claims(run.mentions, run.text, self.names, ambiguous=True))
        for g in gold.mentions:
            reached = reach([c for c in mine if overlap(c, g) and key(g.name) in c.keys])
            self.found[g.label, g.kind][reached.decided] += 1
            if g.kind == GARBLED:
                self.reached.append(reached)
                self.by_name[g.name][reached.decided] += 1
                if not reached.decided:
                    self.missed[g.name, g.surface or ""] += 1
        for claim in mine:
            surface = run.text[claim.start : claim.end]
            at = place(run.text, gold.clean, claim.start, claim.end)
            verdict = judge(surface, at, claim.keys, self.known_words)
            self.judged.append(Judged(claim, verdict))
            if verdict == "wrong" and not claim.held and at is not None:
                self.wrong[claim.sort, claim.entities[0], surface, " ".join(at.around)] += 1

    def measures(self) -> dict[str, float]:
        """The six numbers."""
        seen = Counter((j.claim.sort, j.verdict) for j in self.judged if not j.claim.held)
        kinds: dict[str, Counter[bool]] = defaultdict(Counter)
        for (_, kind), found in self.found.items():
            kinds[kind] += found
        precision = {s: ratio(seen[s, "right"], seen[s, "right"] + seen[s, "wrong"]) for s in ("exact", "repair")}
        shares = [ratio(c[True], c.total()) for c in self.by_name.values()]
        return {
            "clean_recall": ratio(kinds[CLEAN][True], kinds[CLEAN].total()),
            "garbled_recall": ratio(kinds[GARBLED][True], kinds[GARBLED].total()),
            "garbled_recall_by_name": ratio(sum(shares), len(shares)),
            "exact_precision": precision["exact"],
            "repair_precision": precision["repair"],
            "repairs": sum(n for (sort, _), n in seen.items() if sort == "repair"),
        }

    def recall(self) -> list[dict[str, Any]]:
        """Gold found, by kind and label."""
        order = sorted(self.found.items(), key=lambda f: (KINDS.index(f[0][1]), f[0][0]))
        return [
            {"kind": kind, "label": label, "found": c[True], "gold": c.total(), "recall": ratio(c[True], c.total())}
            for (label, kind), c in order
        ]
