"""Which names and words a surface may be, and what of a document's names more is gone of."""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase

import pytest

from normalizer.gazetteer import Gazetteer
from normalizer.repair.channel import Confusions
from normalizer.repair.finding import Finder
from normalizer.repair.lookup import LONE, MOST_NAMES, NOTHING, PARTED, SEVERAL, Found, Lookup, Name, Named
from normalizer.repair.targets import targets_of

WEAR = 0.2
WORN = Confusions({"swaps": {m: {"q": WEAR} for m in ascii_lowercase} | {m: {"Q": WEAR} for m in ascii_uppercase}})
"""Any letter may be worn to a `q`, which costs little."""


@pytest.fixture(scope="module")
def lookup(gazetteer: Gazetteer) -> Lookup:
    return Lookup(targets_of(gazetteer, {}), WORN)


def number(lookup: Lookup, key: str) -> int:
    return next(n for n, target in enumerate(lookup.targets) if target.key == key)


def keys(lookup: Lookup, found: Found) -> list[str]:
    return [lookup.targets[name.target].key for name in found.names]


def found_for(lookup: Lookup, surface: str, several: bool = False) -> Found:
    way = SEVERAL if several else LONE
    return lookup.find([surface], way).get(surface, NOTHING)


def recalled(lookup: Lookup, surface: str, targets: list[int], times: int) -> dict[str, Found]:
    """What it may be with names of its document added."""
    known = lookup.find([surface], LONE)
    (told,) = lookup.among([Named([surface], targets, [times] * len(targets))], known)
    return told


@pytest.mark.parametrize(
    ("surface", "several", "key"),
    [
        ("Mqscow", False, "moscow"),
        ("MQSCOW", False, "moscow"),
        ("Mqscqw", False, "moscow"),
        ("Kuzqetsoq", False, "kuznetsov"),
        ("toMoscow", False, "moscow"),
        ("MeqicoCiqy", True, "mexicocity"),
    ],
)
def test_a_name_is_found_with_a_letter_or_two_gone(lookup: Lookup, surface: str, several: bool, key: str) -> None:
    assert keys(lookup, found_for(lookup, surface, several))[0] == key


@pytest.mark.parametrize("surface", ["Qqqqq", "Mzszzw", "qqqqqq", "Москва", "القاهرة", "K#@", "İİİİ"])
def test_what_is_near_no_name_is_nothing(lookup: Lookup, surface: str) -> None:
    assert found_for(lookup, surface) is NOTHING


def test_names_of_several_words_are_looked_for_where_they_may_be(lookup: Lookup) -> None:
    assert "mexicocity" not in keys(lookup, found_for(lookup, "MeqicoCity"))
    assert "moscow" not in keys(lookup, found_for(lookup, "Moqcow", several=True))


def test_what_is_found_is_told_truly(lookup: Lookup) -> None:
    found = found_for(lookup, "Mqscow")
    assert found.names[0] == Name(number(lookup, "moscow"), pytest.approx(WEAR), 1, "", found.names[0].worth)
    assert found.plausible < 0
    (glued, *_) = found_for(lookup, "toMoscow").names
    assert (glued.target, glued.glue) == (number(lookup, "moscow"), "to")


def test_the_nearest_word_is_told(finder: Finder) -> None:
    near, far = (found_for(finder.lookup, surface) for surface in ("Kemedy", "Kuznetsoy"))
    assert near.word == "remedy"
    assert near.word_cost <= near.word_worth
    assert near.word_cost < far.word_cost


def test_names_are_few_and_the_likeliest_first(finder: Finder) -> None:
    surfaces = ["Havaua", "Moscaw", "Castra", "Kemedy", "Stevensen", "Cnba", "Marlin", "Mikoyen"]
    for found in finder.lookup.find(surfaces, LONE).values():
        worths = [n.cost + float(finder.lookup._rarity[n.target]) for n in found.names]
        assert worths == sorted(worths)
        assert 0 < len(worths) <= MOST_NAMES
        assert all(n.worth <= finder.lookup._hopeless[0, n.target] + 1e-6 for n in found.names)
        assert len({n.target for n in found.names}) == len(found.names)


@pytest.mark.parametrize("way", [LONE, PARTED, SEVERAL])
def test_surfaces_are_found_together_as_alone(
    gazetteer: Gazetteer, finder: Finder, confusions: Confusions, way: int
) -> None:
    surfaces = ["Havaua", "KEMEDY", "guba", "toCuba", "HAVANA", "Q", "MexicoClty"]
    together = Lookup(targets_of(gazetteer, {}), confusions).find(surfaces, way)
    alone = {s: finder.lookup.find([s], way) for s in reversed(surfaces)}
    assert {s: together.get(s) for s in surfaces} == {s: found.get(s) for s, found in alone.items()}
    assert together
    assert finder.lookup.find([], way) == {}


@pytest.mark.parametrize(
    ("surface", "key"),
    [("Stqqqqson", "stevenson"), ("STQQQQSON", "stevenson"), ("Miqqqan", "mikoyan")],
)
def test_a_name_of_the_document_is_found_with_nearly_half_of_it_gone(lookup: Lookup, surface: str, key: str) -> None:
    target = number(lookup, key)
    assert key not in keys(lookup, found_for(lookup, surface))
    (found,) = recalled(lookup, surface, [target], 3).values()
    (name,) = [n for n in found.names if n.target == target]
    assert name.cost == pytest.approx(WEAR * name.edits, abs=1e-3)


def test_what_the_document_lacks_is_not_found_with_half_of_it_gone(lookup: Lookup) -> None:
    others = [n for n, target in enumerate(lookup.targets) if target.words == 1 and target.key != "stevenson"]
    found = recalled(lookup, "Stqqqqson", others, 3)
    assert "stevenson" not in [key for more in found.values() for key in keys(lookup, more)]
    assert recalled(lookup, "Stqqqqson", [], 3) == {}


@pytest.mark.parametrize(("surface", "key"), [("Hqqqna", "havana"), ("Hqqqqa", "havana"), ("Sqqqqqqon", "stevenson")])
def test_half_of_a_name_or_more_is_too_much(lookup: Lookup, surface: str, key: str) -> None:
    assert recalled(lookup, surface, [number(lookup, key)], 9) == {}


def test_what_is_found_anyway_is_not_recalled(lookup: Lookup) -> None:
    assert "moscow" in keys(lookup, found_for(lookup, "Mqscqw"))
    assert recalled(lookup, "Mqscqw", [number(lookup, "moscow")], 9) == {}


def test_a_name_of_the_document_is_recalled_that_costs_too_much_without_it(finder: Finder) -> None:
    """A short name with one letter read by no habit of scanners: `Cuxa`."""
    target = number(finder.lookup, "cuba")
    assert "cuba" not in keys(finder.lookup, found_for(finder.lookup, "cuxa"))
    (found,) = recalled(finder.lookup, "cuxa", [target], 9).values()
    assert "cuba" in keys(finder.lookup, found)


def test_pages_are_recalled_together_as_alone(lookup: Lookup, monkeypatch: pytest.MonkeyPatch) -> None:
    stevenson, mikoyan, havana = (number(lookup, key) for key in ("stevenson", "mikoyan", "havana"))
    pages = [
        Named(["Stqqqqson", "Miqqqan"], [stevenson, mikoyan], [3, 1]),
        Named([], [stevenson], [2]),
        Named(["Stqqqqson", "Havqqq", "Havqna"], [], []),
        Named(["Miqqqan", "Stqqqqson", "Stqqqqson"], [havana, stevenson], [1, 1]),
    ]
    known = lookup.find([surface for page in pages for surface in page.surfaces], LONE)
    alone = [lookup.among([page], known)[0] for page in pages]
    assert [list(told) for told in alone] == [["Stqqqqson", "Miqqqan"], [], [], ["Stqqqqson"]]
    assert lookup.among(pages, known) == alone
    monkeypatch.setattr("normalizer.repair.lookup._PAIRS", 2)
    assert lookup.among(pages, known) == alone


def test_what_is_recalled_is_not_remembered(lookup: Lookup) -> None:
    before = found_for(lookup, "Stqqqqson")
    assert recalled(lookup, "Stqqqqson", [number(lookup, "stevenson")], 3)
    assert found_for(lookup, "Stqqqqson") == before
