"""Spellings that are looked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml

from normalizer.gazetteer import Form, Gazetteer
from normalizer.gazetteer.forms import is_designator


@pytest.mark.parametrize("text", ["IL-28", "U-2", "SS-N-4", "F8U-1P", "MIG-21F", "8K63", "R-5M", "Ye-6U-2"])
def test_designators(text: str) -> None:
    assert is_designator(text)


@pytest.mark.parametrize(
    "text", ["USSR", "Beagle", "1962", "Gamma-Delta", "26th of July Movement", "Kuznetsov", "IL 280000"]
)
def test_no_designators(text: str) -> None:
    assert not is_designator(text)


@pytest.mark.parametrize(
    ("kind", "entry", "patterns"),
    [
        ("aircraft", "name: IL-28", "il 28, il 28s, il28, il28s"),
        ("aircraft", "name: MiG", "mig, migs"),
        ("place", "name: USSR", "u s s r, ussr"),
        ("place", "name: Port-au-Prince", "port au prince, portauprince"),
        ("person", "name: Kenneth O'Donnell", "kenneth o donnell, kenneth odonnell, o donnell, odonnell"),
        ("person", "{name: Charles de Gaulle, family: de Gaulle}", "charles de gaulle, de gaulle, degaulle"),
        ("person", "name: U Thant", "thant, u thant"),
        ("person", "{name: Raúl Ba, family: Ba}", "raul ba"),
        ("organization", "{name: CIA, aliases: [C.I.A.]}", "c i a, cia"),
    ],
)
def test_spellings_that_are_looked_for(
    make_gazetteer: Callable[..., Gazetteer], kind: str, entry: str, patterns: str
) -> None:
    data = yaml.safe_load(entry if entry.startswith("{") else f"{{{entry}}}")
    made = make_gazetteer(yaml.safe_dump({"schema": 1, "type": kind, "entries": [{"id": "x", **data}]}))
    found = set(made.patterns)
    assert found >= set(patterns.split(", ")) if kind == "person" else found == set(patterns.split(", "))
    assert made.patterns == sorted(made.patterns)


def test_a_form_knows_what_it_was_made_from(gazetteer: Gazetteer) -> None:
    for text, flag, name in (
        ("il28s", Form.NAME | Form.PLURAL, "IL-28"),
        ("k 23", Form.MISREADING, "K-23"),
        ("beagle", Form.ALIAS | Form.COMMON, "Beagle"),
        ("mccloy", Form.FAMILY, "McCloy"),
    ):
        (form,) = gazetteer.forms(gazetteer.patterns.index(text))
        assert gazetteer.form_flags[form] & flag == flag
        assert gazetteer.form_text(form) == name


@pytest.mark.parametrize(
    ("entry", "common"),
    [
        ("{name: Turkey}", True),
        ("{name: Havana}", False),
        ("{name: Turkey, common: false}", False),
        ("{name: Havana, common: true}", True),
        ("{name: New Home}", False),
    ],
)
def test_names_that_are_words(make_gazetteer: Callable[..., Gazetteer], entry: str, common: bool) -> None:
    made = make_gazetteer(
        yaml.safe_dump({"schema": 1, "type": "place", "entries": [{"id": "x", **yaml.safe_load(entry)}]})
    )
    assert bool(made.form_flags[made.forms(0)[0]] & Form.COMMON) is common
