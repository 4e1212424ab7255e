"""Pipelines over the small gazetteer, damaged pages, and short ways to ask: what the tests of repair share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from common import SMALL
from hypothesis import strategies as st

import normalizer
from normalizer.exact import Matcher
from normalizer.folding import fold
from normalizer.gazetteer import Gazetteer
from normalizer.model import Decision, Match, Mention, Repair, Result
from normalizer.pipeline import Pipeline, Settings
from normalizer.repair import Repairer
from normalizer.repair.finding import Candidate, Finder

SAMPLES = sorted((Path(normalizer.__file__).parent / "samples").glob("*.txt"))
LOW = 0.3
"""A threshold that lets plain cases pass whatever the weights that ship."""
DAMAGED = "The Soviet technicians remain in Guba. General Tayler saw twelve 1L-28's and toCuba sailed HAV ANA radio."
WORDS = (
    *("Guba", "Cubs", "toCuba", "NIANI", "MIAMl", "HAV", "ANA", "Hav-", "ana", "ffiExico", "CITY", "Kemedy", "KEMEDY"),
    *("Kuznetsoy", "Mikoyen", "1L-28", "M1G-2l", "Cuba", "Mr.", "General", "in", "the", "of", "from", "Adlai"),
    *("Stevensen", "K-23's", "Buckley", "Castr0", "Castro's", "Stevenson", "Steweneem", "Mexico"),
)
GAPS = st.sampled_from([" ", "", "\n", ", "])
ODD = st.sampled_from([" ", "\n", "-\n", "€", "İ", "ﬁ", "ß", "\u0301", "\ud800", "Москва", "القاهرة"])
PAGE = st.lists(st.sampled_from(WORDS) | st.text(max_size=6) | ODD, max_size=14).flatmap(
    lambda parts: GAPS.map(lambda gap: gap.join(parts))
)
"""Pages of damaged and sound words and of whatever else may stand on one."""


def pipeline(**options: Any) -> Pipeline:
    return Pipeline(Settings(gazetteer=SMALL, default_gazetteer=False, tagger=None, **options))


def repaired(result: Result) -> list[tuple[str, str | None, str | None]]:
    return [(m.text, m.decision.entity, m.decision.reading) for m in result.mentions if m.decision.method == "repair"]


def of(result: Result, surface: str) -> Mention:
    """The one mention of a surface."""
    (found,) = [m for m in result.mentions if m.text == surface]
    return found


def told(decision: Decision, kind: str) -> list[str]:
    return [e.words for e in decision.evidence if e.kind == kind]


class Asked:
    """Asks a repairer or a finder as the pipeline does: with the names that stand whole, and nothing taken."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._matcher = Matcher(gazetteer)

    def repairs(self, repairer: Repairer, text: str) -> list[Repair]:
        return repairer.repair(text, self.matches(text), [])

    def candidates(self, finder: Finder, text: str) -> list[Candidate]:
        return finder.candidates(text, self.matches(text), [])

    def pages(self, texts: list[str]) -> list[tuple[str, list[Match]]]:
        return [(text, self.matches(text)) for text in texts]

    def matches(self, text: str) -> list[Match]:
        return self._matcher.match(text, fold(text))
