"""The file of look-alikes, and what may be wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from common import costs_between

from normalizer.errors import ConfigError
from normalizer.repair.channel import load_confusions


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("schema: 1\nswaps: {a: {o: [}", []),
        ("- schema", ["schema: 1"]),
        ("", ["schema: 1"]),
        ("schema: 2\nswaps: {a: {o: 0.5}}", ["schema: 1"]),
        ("schema: 1\nswaps: {a: {o: 0}}", ["swaps", "'a'", "'o'", "0", "above 0"]),
        ("schema: 1\nswaps: {a: {o: 2}}", ["swaps", "'a'", "'o'", "2", "at most 1"]),
        ("schema: 1\nswaps: {a: {o: .nan}}", ["swaps", "'a'", "'o'", "nan"]),
        ("schema: 1\nswaps: {a: {o: cheap}}", ["swaps", "'a'", "'o'", "'cheap'"]),
        ("schema: 1\nswaps: {1: {l: 0.5}}", ["swaps", "1", "'l'", "quote digits"]),
        ("schema: 1\nswaps: {l: {1: 0.5}}", ["swaps", "'l'", "1", "quote digits"]),
        ("schema: 1\nswaps: {a: 0.5}", ["swaps", "'a'", "0.5"]),
        ("schema: 1\nswaps: {ab: {o: 0.5}}", ["swaps", "'ab'"]),
        ("schema: 1\ngroups: {m: {n: 0.5}}", ["groups", "'m'", "'n'"]),
        ("schema: 1\ngroups: {abc: {de: 0.5}}", ["groups", "'abc'", "'de'"]),
        ("schema: 1\nmissing: {a: {b: 0.5}}", ["missing", "'a'", "'b'"]),
        ("schema: 1\nmissing: {1: 0.5}", ["missing", "1", "quote digits"]),
        ("schema: 1\nextra: {ab: 0.5}", ["extra", "'ab'"]),
        ("schema: 1\nswops: {a: {o: 0.5}}", ["unknown key 'swops'"]),
        ("schema: 1\nswaps: {a: {o: 0}}\nextra: {b: 2}", ["swaps: 'a'", "extra: 'b'"]),  # all, not the first
    ],
)
def test_confusions_with_faults(tmp_path: Path, content: str, wanted: Sequence[str]) -> None:
    file = tmp_path / "confusions.yaml"
    file.write_text(content, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_confusions(file)
    for words in (str(file), *wanted):
        assert words in str(caught.value)


def test_confusions_that_are_missing_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml"):
        load_confusions(tmp_path / "nowhere.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"latin\.yaml"):
        load_confusions(tmp_path / "latin.yaml")


@pytest.mark.parametrize("content", ["schema: 1\n", "schema: 1\nswaps:\ngroups:\nmissing:\nextra:\n"])
def test_confusions_may_be_empty(tmp_path: Path, content: str) -> None:
    file = tmp_path / "confusions.yaml"
    file.write_text(content, "utf-8")
    assert costs_between(load_confusions(file), ["Guba"], ["Cuba"]).tolist() == [1]


@pytest.mark.parametrize("part", ["swaps", "groups", "missing", "extra"])
@pytest.mark.parametrize("content", ["[a]", "5", "a"])
def test_confusions_whose_part_is_no_map(tmp_path: Path, part: str, content: str) -> None:
    file = tmp_path / "confusions.yaml"
    file.write_text(f"schema: 1\n{part}: {content}\n", "utf-8")
    with pytest.raises(ConfigError, match=part):
        load_confusions(file)
