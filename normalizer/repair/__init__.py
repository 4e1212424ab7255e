"""Names that the scan destroyed: found where the text is damaged, scored, and told in words.

    repairer = Repairer(gazetteer, load_confusions(path))
    for repair in repairer.repair(text, matches, taken):
        repair.score, repair.reading, repair.evidence

`stretches` says where to look, `lookup` what a surface may be (`index` finds what is near, `channel` weighs what a
scan does to letters, `targets` are the names), `features` and `score` how likely it is, `heaps` where to doubt that,
`designators` reads codes.
Nothing here knows who is meant: that is the resolver's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from normalizer.gazetteer import Form, Gazetteer
from normalizer.model import Evidence, Match, Repair
from normalizer.repair.channel import Confusions
from normalizer.repair.designators import Code, Designators
from normalizer.repair.finding import Candidate, Finder
from normalizer.repair.heaps import DOUBT, in_heap
from normalizer.repair.priors import read_priors
from normalizer.repair.score import shipped_model
from normalizer.repair.wording import evidence_of, reading_of
from normalizer.spans import Span, Spans

__all__ = ["FLOOR", "Repairer", "default_min_score", "read_priors"]

FLOOR = 0.25
"""Repairs of a lower score are not kept even as unknown mentions."""
_CODE, _CODE_COST = 0.99, 0.1
"""Score of a designator whose letters are right, and what a unit of cost takes from it: of 46 read none was wrong."""
_NEVER = Form.SPELT | Form.MISREADING | Form.SCOPED | Form.PLURAL


def default_min_score() -> float:
    """The score from which a repair is believed: of the shipped weights."""
    return shipped_model().min_score


class Repairer:
    """Finds repairs; made once for a gazetteer and used for any number of texts."""

    def __init__(self, gazetteer: Gazetteer, confusions: Confusions, priors: Mapping[str, float] | None = None) -> None:
        """`confusions`: the table of look-alikes; `priors`: times a million words by the key of a name."""
        self.gazetteer = gazetteer
        self._priors = priors or {}
        self._finder = Finder(gazetteer, confusions, self._priors)
        self._designators = Designators(gazetteer)

    def prepare(self, pages: Iterable[tuple[str, Sequence[Match]]]) -> None:
        """Look up the damaged words of texts that are asked for next together: quicker, and all the same otherwise.

        `pages`: texts, with the names of the gazetteer that stand whole in each.
        """
        self._finder.prepare(pages)

    def repair(self, text: str, matches: Sequence[Match], taken: Sequence[Span]) -> list[Repair]:
        """Repairs in order of the page, without overlap with each other or with what is taken.

        Args:
            text: The page.
            matches: Names of the gazetteer that stand whole in it.
            taken: Spans that are decided already, ascending. A repair may be around one, if it is sure enough.
        """
        free = _Free(taken)
        found = [self._of_code(code) for code in self._designators.find(text, lambda a, b: not free(a, b, around=True))]
        model = shipped_model()
        found = [r for r in found if free.take(r.start, r.end, around=r.score >= model.min_score)]
        candidates = self._finder.candidates(text, matches, taken)
        scores = model.scores([c.features for c in candidates])
        ranked = [
            (score, c)
            for s, c in zip(scores, candidates, strict=True)
            if s >= FLOOR and (score := s * self._doubt(text, c)) >= FLOOR
        ]
        # A name of several words before one that is a part of it, then the likelier.
        ranked.sort(
            key=lambda r: (-(self._several(r[1]) and r[0] >= model.min_score), -r[0], r[1].stretch.start, r[1].name)
        )
        for score, candidate in ranked:
            if free.take(candidate.stretch.start, candidate.stretch.end, around=score >= model.min_score):
                found.append(self._of_word(text, candidate, score))
        return sorted(found, key=lambda r: r.start)

    def _doubt(self, text: str, candidate: Candidate) -> float:
        stretch = candidate.stretch
        return DOUBT if in_heap(text, stretch.start, stretch.end, self._finder.vocabulary) else 1.0

    def _several(self, candidate: Candidate) -> bool:
        return self._finder.targets[candidate.name.target].words > 1

    def _of_word(self, text: str, candidate: Candidate, score: float) -> Repair:
        target = self._finder.targets[candidate.name.target]
        stretch = candidate.stretch
        written = self._written(target.pattern)
        return Repair(
            stretch.start,
            stretch.end,
            self._forms(target.pattern),
            score,
            reading_of(candidate, target, written, text[stretch.start : stretch.end]),
            evidence_of(candidate, target, written, target.key in self._priors),
            target.label,
        )

    def _of_code(self, code: Code) -> Repair:
        forms = self._forms(code.pattern)
        entity = self.gazetteer.entity(self.gazetteer.form_entity[forms[0]])
        swaps = ", ".join(f"{seen} for {meant.upper()}" for seen, meant in code.swaps)
        words = (Evidence("look-alikes", f"reads like {code.name} with {swaps}"),)
        evidence = (*words, code.supported) if code.supported else words
        return Repair(
            code.start,
            code.end,
            forms,
            round(_CODE - _CODE_COST * code.cost, 4),
            code.name + code.ending,
            evidence,
            entity.label,
        )

    def _written(self, pattern: int) -> str:
        """How the gazetteer writes a name: as somebody's first name before a spelling of it (Vietnam, Viet-Nam)."""
        forms, flags = self._forms(pattern), self.gazetteer.form_flags
        return self.gazetteer.form_text(next((f for f in forms if flags[f] & Form.NAME), forms[0]))

    def _forms(self, pattern: int) -> tuple[int, ...]:
        flags = self.gazetteer.form_flags
        return tuple(f for f in self.gazetteer.forms(pattern) if not flags[f] & _NEVER)


class _Free:
    """Which spans of a page nobody has taken yet."""

    def __init__(self, taken: Sequence[Span]) -> None:
        self._taken = Spans(taken)
        self._given = set(taken)

    def __call__(self, start: int, end: int, *, around: bool = False) -> bool:
        """Whether a span is free; `around`: what was taken at first may be a part of it (`Mexico` in `Mexico Clty`)."""
        return all(
            around and (a, b) in self._given and start <= a and b <= end and b - a < end - start
            for a, b in self._taken.overlapping(start, end)
        )

    def take(self, start: int, end: int, *, around: bool = False) -> bool:
        """Take a span, unless it is taken."""
        free = self(start, end, around=around)
        if free:
            self._taken.put(start, end)
        return free
