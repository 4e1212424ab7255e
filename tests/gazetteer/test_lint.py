"""Doubts about sound files."""

from __future__ import annotations

from pathlib import Path

import pytest
from layer_files import HEAD, PLACES, write

from normalizer.gazetteer.layers import read_layers
from normalizer.gazetteer.lint import lint
from normalizer.gazetteer.loader import load_layers
from normalizer.words import word_list


def doubts_of(*paths: Path) -> list[tuple[int, str | None, str]]:
    merged = load_layers(read_layers(paths, default=False))
    return [(f.line, f.entity_id, f.message) for f in lint(merged, word_list("english"))]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ("  - {id: a, name: Havana}\n  - {id: b, name: havana}\n", [(5, "b", "bears the same name as a")]),
        (
            "  - {id: a, name: Havana}\n  - {id: b, name: B, aliases: [Havana]}\n",
            [(5, "b", "bears the same name as a")],
        ),
        ("  - {id: a, name: A, aliases: [Crate]}\n", [(4, "a", "the alias 'Crate' is a common English word")]),
        ("  - {id: a, name: A, aliases: [{text: Crate, common: true}]}\n", []),
        ("  - {id: a, name: A, common: false, aliases: [Crate]}\n", []),
        (
            "  - {id: a, name: A, misreadings: [{text: Havana, evidence: x}]}\n  - {id: b, name: Havana}\n",
            [(4, "a", "the misreading 'Havana' has no scope and is a true name of b")],
        ),
        (
            "  - {id: a, name: A, misreadings: [{text: Havana, evidence: x, when: {near: [y]}}]}\n"
            "  - {id: b, name: Havana}\n",
            [],
        ),
        ("  - {id: a, name: A, misreadings: [HAV ANA]}\n", [(4, "a", "the misreading 'HAV ANA' is not attested")]),
        ("  - {id: a, name: A, misreadings: [{text: HAV ANA, evidence: x}]}\n", []),
    ],
)
def test_doubts(tmp_path: Path, entries: str, expected: list[tuple[int, str, str]]) -> None:
    found = doubts_of(write(tmp_path, "a.yaml", PLACES + entries))
    assert [(line, who) for line, who, _ in found] == [(line, who) for line, who, _ in expected]
    assert all(words in message for (_, _, message), (_, _, words) in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    "other",
    [
        "  - {id: b, name: Dean Rusk, family: Rusk}\n",
        "  - {id: b, name: Dean Rusk}\n",
    ],
)
def test_a_family_name_is_a_true_name_too(tmp_path: Path, other: str) -> None:
    entry = "  - {id: a, name: A B, misreadings: [{text: Rusk, evidence: x}]}\n"
    found = doubts_of(write(tmp_path, "a.yaml", HEAD + entry + other))
    assert [(line, who) for line, who, _ in found] == [(4, "a")]
    assert "has no scope and is a true name of b" in found[0][2]


def test_a_doubt_stands_where_the_latest_layer_speaks(tmp_path: Path) -> None:
    one = write(tmp_path, "1.yaml", PLACES + "  - {id: a, name: A}\n")
    two = write(tmp_path, "2.yaml", "# mine\n" + PLACES + "  - {id: a, misreadings: [Q]}\n")
    (doubt,) = lint(load_layers(read_layers([one, two], default=False)), word_list("english"))
    assert (doubt.path, doubt.line) == (str(two), 5)
