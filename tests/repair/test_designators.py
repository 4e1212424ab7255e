"""Damaged designators: the table of cases, and what holds of every find."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from normalizer.gazetteer import Gazetteer
from normalizer.repair.designators import DOUBT, Code, Designators

TABLE: dict[str, list[Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "designators.yaml").read_text("utf-8")
)

DAMAGE = st.sampled_from(
    [*"0123456789", *"IlOoSZBGTCDEFHKMNPRUVWXY", *"|!§€$&@(", "-", " ", ".", "s", "'s", "rn", "ll"]
)
SOURCES = ["IL-28", "MIG-21", "B-52", "C-118", "U-2", "SS-N-4", "SA-2", "F-86F", "TU-104", "AN-12", "F8U-1P", "RB-47H"]


@pytest.fixture(scope="session")
def designators(full_gazetteer: Gazetteer) -> Designators:
    return Designators(full_gazetteer)


def names(codes: Iterable[Code], text: str, *, doubted: bool) -> dict[str, str]:
    return {text[c.start : c.end]: c.name for c in codes if (c.cost >= DOUBT) is doubted}


@pytest.mark.parametrize("case", TABLE["found"], ids=lambda c: c["text"])
def test_found(designators: Designators, case: dict[str, Any]) -> None:
    expected = case.get("codes") or {case["code"]: case["name"]}
    assert names(designators.find(case["text"]), case["text"], doubted=False) == expected


@pytest.mark.parametrize("case", TABLE["doubted"], ids=lambda c: c["text"])
def test_doubted(designators: Designators, case: dict[str, Any]) -> None:
    found = list(designators.find(case["text"]))
    assert names(found, case["text"], doubted=True) == {case["code"]: case["name"]}
    assert names(found, case["text"], doubted=False) == {}
    assert all(c.supported is not None for c in found)


@pytest.mark.parametrize("text", TABLE["left"])
def test_left(designators: Designators, text: str) -> None:
    assert [(text[c.start : c.end], c.name) for c in designators.find(text)] == []


def test_table_is_large() -> None:
    texts = [case if isinstance(case, str) else case["text"] for group in TABLE.values() for case in group]
    assert len(texts) == len(set(texts))
    assert len(TABLE["found"]) >= 60
    assert len(TABLE["left"]) >= 60


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A designator with some characters struck by others."""
    signs = list(draw(st.sampled_from(SOURCES)))
    for _ in range(draw(st.integers(1, 3))):
        signs[draw(st.integers(0, len(signs) - 1))] = draw(DAMAGE)
    return "".join(signs)


@given(st.lists(damaged(), min_size=1, max_size=6))
@example(["F-868"])
def test_no_figure_becomes_another(designators: Designators, codes: list[str]) -> None:
    text = f"The bombers {' and '.join(codes)} flew with other aircraft."
    last = 0
    for code in designators.find(text):
        assert last <= code.start < code.end <= len(text)
        last = code.end
        assert code.swaps
        assert 0 < code.cost <= 0.85 or DOUBT < code.cost <= DOUBT + 0.85
        for seen, meant in code.swaps:
            assert seen.lower() != meant.lower()
            assert not (seen.isdigit() and meant.isdigit())
        # Figures of the page, in order, are figures of the name or stand for letters.
        figures = [c for c in text[code.start : code.end] if c.isdigit()]
        struck = [seen for seen, meant in code.swaps if seen.isdigit() and meant.isalpha()]
        assert len(struck) == sum(seen.isdigit() for seen, _ in code.swaps)
        assert any(is_within(kept, code.name) for kept in without(figures, struck))


def without(figures: list[str], struck: list[str]) -> Iterable[list[str]]:
    """Figures of a page less those that stand for letters, for every place where these may be (F-868: F-86S)."""
    for places in combinations(range(len(figures)), len(struck)):
        if [figures[n] for n in places] == struck:
            yield [c for n, c in enumerate(figures) if n not in places]


def is_within(figures: list[str], name: str) -> bool:
    """Whether a name has these figures in this order."""
    rest = iter(name)
    return all(c in rest for c in figures)


@given(st.text(alphabet=st.sampled_from("ILMGUBCTS1lO025869-. \n|('s"), max_size=80))
def test_never_overlaps_and_is_the_same_again(designators: Designators, text: str) -> None:
    found = list(designators.find(text))
    assert found == list(designators.find(text))
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_what_is_known_is_left(designators: Designators) -> None:
    text = "The 1L-28 and the HIG-19 bombers"
    assert [c.name for c in designators.find(text, lambda start, end: text[start:end] == "1L-28")] == ["MIG-19"]


def test_pattern_leads_to_the_entity(designators: Designators, full_gazetteer: Gazetteer) -> None:
    (code,) = designators.find("An M1G-2l stood there.")
    ids = {full_gazetteer.entity(full_gazetteer.form_entity[f]).id for f in full_gazetteer.forms(code.pattern)}
    assert ids == {"mig-21"}
    assert code.swaps == (("1", "i"), ("l", "1"))
    assert code.supported is None


@pytest.mark.parametrize(
    ("surface", "ending"),
    [
        ("1L-28", ""),
        ("1L-28s", "s"),
        ("1L-28's", "'s"),
        ("M1G-15S", "S"),
        ("C-475", "S"),
        ("Tu-9S", ""),
        ("5S-5", ""),
        ("1L-285", "S"),
        ("Il-288", "s"),
    ],
)
def test_ending(designators: Designators, surface: str, ending: str) -> None:
    (code,) = designators.find(f"The {surface} bombers")
    assert code.ending == ending
    assert code.end == len(f"The {surface}")


def test_support_is_told(designators: Designators) -> None:
    (code,) = designators.find("Eight 8-52 bombers flew.")
    assert code.supported is not None
    assert code.supported.words == "'bombers' stands near"


def test_ships_of_a_gazetteer_of_ones_own(make_gazetteer: Callable[..., Gazetteer]) -> None:
    made = Designators(make_gazetteer("{schema: 1, type: ship, entries: [{id: pt-109, name: PT-109}]}"))
    assert [c.name for c in made.find("The PT-lO9 sank.")] == ["PT-109"]
    assert list(made.find("The 1L-28 sank.")) == []


def test_nothing_to_look_for(make_gazetteer: Callable[..., Gazetteer]) -> None:
    assert list(Designators(make_gazetteer("{schema: 1, type: ship, entries: []}")).find("The 1L-28 sank.")) == []


def test_time_grows_with_the_text_alone(designators: Designators) -> None:
    far = "TU-16 " * 20_000 + "B-5Z " * 20_000
    for awkward in (
        far,
        "1L-" * 100_000,
        "1L-28 " * 20_000,
        "8-52 " * 50_000,
        "-I" * 100_000,
        "1|!" * 100_000,
        "A 1\n" * 50_000,
    ):
        list(designators.find(awkward))
