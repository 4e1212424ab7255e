"""Names of people by their looks; the cases are a table that anybody may add to."""

from __future__ import annotations

import re

import pytest
import yaml
from common import ROOT

from normalizer.tagger.people import People, capital, words_of

CASES: list[str] = yaml.safe_load((ROOT / "tests" / "cases" / "people.yaml").read_text("utf-8"))
_PLACES = frozenset({"mexico", "virginia"})


@pytest.mark.parametrize("case", CASES)
def test_who_is_found(case: str) -> None:
    text = re.sub(r"[\[\]]", "", case)
    found = People(text, words_of(text), _PLACES.__contains__).find()
    shown, at = "", 0
    for person in found:
        shown += f"{text[at : person.start]}[{text[person.start : person.end]}]"
        at = person.end
    assert shown + text[at:] == case


def test_what_is_written_like_a_name() -> None:
    assert all(map(capital, ("Smith", "SMITH", "McCone", "O'Neil", "FitzGerald")))
    assert not any(map(capital, ("smith", "S", "sMITH", "SmiTh", "McCOne")))
