"""Tables of look-alikes, learnt and read again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from common import costs_between
from hypothesis import given
from hypothesis import strategies as st
from learning import learn, readings, write

from normalizer.errors import ConfigError
from normalizer.learn.confusions import FEWEST, learn_confusions, to_yaml
from normalizer.repair.channel import load_confusions

PARTS = ["swaps", "groups", "missing", "extra"]


def test_planted_confusions_are_learnt() -> None:
    made = learn_confusions(
        readings(
            ("the Guba of today", "the Cuba of today"),
            ("a harnper full of it", "a hamper full of it"),
            ("the clown of the day", "the down of the day"),
            ("it vvas the wolf", "it was the wolf"),
            ("one Sovet ship", "one Soviet ship"),
            ("one Pragu'e street", "one Prague street"),
            ("turned to the rnoon", "turned to the moon"),
            times=FEWEST,
        )
    )
    assert list(made) == PARTS
    assert made["swaps"].keys() == {"C"}
    assert made["swaps"]["C"].keys() == {"G"}
    assert {(meant, seen) for meant, row in made["groups"].items() for seen in row} == {
        ("m", "rn"),
        ("d", "cl"),
        ("w", "vv"),
    }
    assert made["missing"].keys() == {"i"}
    assert made["extra"].keys() == {"'"}
    costs = [
        *(cost for part in ("swaps", "groups") for row in made[part].values() for cost in row.values()),
        *(cost for part in ("missing", "extra") for cost in made[part].values()),
    ]
    assert all(0 < cost < 1 for cost in costs)


def test_two_letters_for_one_are_learnt() -> None:
    made = learn_confusions(readings(("the modem age", "the modern age"), times=FEWEST))
    assert made["groups"].keys() == {"rn"}
    assert made["groups"]["rn"].keys() == {"m"}


def test_what_is_seen_more_often_costs_less() -> None:
    often = learn_confusions(readings(*[("Guba", "Cuba")] * 8, *[("Cuba", "Cuba")] * 2))["swaps"]["C"]["G"]
    seldom = learn_confusions(readings(*[("Guba", "Cuba")] * 8, *[("Cuba", "Cuba")] * 200))["swaps"]["C"]["G"]
    assert often < seldom


def test_what_is_seen_seldom_is_chance() -> None:
    empty: dict[str, Any] = {part: {} for part in PARTS}
    assert learn_confusions(readings(("Guba", "Cuba"), times=FEWEST - 1)) == empty
    assert learn_confusions(readings(("Cuba", "Cuba"), times=100)) == empty
    assert learn_confusions([]) == empty


def test_confusions_may_be_read_again(tmp_path: Path) -> None:
    made = learn_confusions(
        readings(
            ("l962 Guba", "1962 Cuba"), ("\"ab 'cd", "ab cd"), ("harnper", "hamper"), ("modem", "modern"),
            ("Sovet", "Soviet"), ("n0 N0", "no NO"), ("y:s", "yes"), times=FEWEST,
        )
    )  # fmt: skip
    file = tmp_path / "confusions.yaml"
    file.write_text(to_yaml(made, 'a test: of "quotes", and umlauts ä, #1'), "utf-8")
    data = yaml.safe_load(file.read_text("utf-8"))
    assert data.pop("schema") == 1
    assert data.pop("source") == 'a test: of "quotes", and umlauts ä, #1'
    assert {part: rows or {} for part, rows in data.items()} == made
    assert made["swaps"]["1"].keys() == {"l"}  # a digit stays a character
    cost, whole = costs_between(load_confusions(file), ["Guba", "Cuba"], ["Cuba", "Cuba"]).tolist()
    assert cost == pytest.approx(made["swaps"]["C"]["G"])
    assert whole == 0


CHAR = st.characters(min_codepoint=33, max_codepoint=126)
COST = st.integers(5, 99).map(lambda n: n / 100)


@given(
    st.fixed_dictionaries({
        "swaps": st.dictionaries(CHAR, st.dictionaries(CHAR, COST, min_size=1)).map(
            lambda rows: {meant: row for meant, row in rows.items() if meant not in row}
        ),
        "groups": st.dictionaries(CHAR, st.dictionaries(st.text(CHAR, min_size=2, max_size=2), COST, min_size=1)),
        "missing": st.dictionaries(CHAR, COST),
        "extra": st.dictionaries(CHAR, COST),
    })
)  # fmt: skip
def test_a_table_survives_its_file(tmp_path_factory: Any, table: dict[str, Any]) -> None:
    file = tmp_path_factory.mktemp("confusions") / "confusions.yaml"
    file.write_text(to_yaml(table, "a test"), "utf-8")
    data = yaml.safe_load(file.read_text("utf-8"))
    assert {part: data[part] or {} for part in PARTS} == table
    load_confusions(file)


def test_learn_confusions(tmp_path: Path) -> None:
    rows = [{"id": str(n), "clean": "The man left Cuba", "ocr": "The man left Guba"} for n in range(6)]
    pairs, out = write(tmp_path / "pairs.jsonl.gz", rows), tmp_path / "confusions.yaml"
    result = learn("confusions", pairs, "--out", out, "--source", "a test")
    assert result.exit_code == 0
    assert result.stdout == "1 swaps, 0 groups, 0 missing, 0 extra\n"
    assert yaml.safe_load(out.read_text("utf-8"))["source"] == "a test"
    assert costs_between(load_confusions(out), ["Guba"], ["Cuba"])[0] < 1
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".part"] == []


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("swaps:\n  b: {c: 0.5}\n  a: {a: 0.5}", ":4: swaps: 'a': {'a': 0.5} ("),  # a letter for itself
        ("swaps:\n  a: {b: true}", ":3: swaps: 'a': {'b': True} ("),
        ("swaps: [a]", ":2: swaps: a map is wanted, not list"),
        ("missing: 3", ":2: missing: a map is wanted, not int"),
        ("missing: {a: true}", ":2: missing: 'a': True ("),
        ("missing: {a: {}}", ":2: missing: 'a': {} ("),
        ("extra: {a: {'': 0.5}}", ":2: extra: 'a': {'': 0.5} ("),
        ("swaps: {é: {e: 0.5}}", ":2: swaps: 'é': {'e': 0.5} ("),  # would count for every rare letter
        ("more: 1", ":2: unknown key 'more'; there are schema, "),
        ("swaps: {a: {o: [}", " is no YAML at line 2: "),
    ],
)
def test_a_table_with_faults(tmp_path: Path, content: str, wanted: str) -> None:
    file = tmp_path / "confusions.yaml"
    file.write_text(f"schema: 1\n{content}\n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_confusions(file)
    assert f"{file}{wanted}" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_of_many_faults_some_are_told(tmp_path: Path) -> None:
    file = tmp_path / "confusions.yaml"
    file.write_text("schema: 1\nextra:\n" + "".join(f"  {c}: 2\n" for c in "abcdefghijklm"), "utf-8")
    with pytest.raises(ConfigError, match=r"yaml:12: extra: 'j': 2 \([^)]*\); and 3 more$"):
        load_confusions(file)
