"""The file of priors, and what a name that is frequent in the collection gains by it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from repairing import DAMAGED, LOW, Asked, pipeline, told

from normalizer.components import CableGazetteer
from normalizer.errors import ConfigError
from normalizer.gazetteer import Gazetteer
from normalizer.model import UNKNOWN, Decision, Document
from normalizer.repair import Repairer, read_priors
from normalizer.repair.channel import Confusions
from normalizer.repair.priors import priors_yaml

OFTEN = {"mikoyan": 2000.0, "casilda": 2000.0, "conakry": 2000.0, "lechuga": 2000.0}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "- a",
        "schema: 2\nwords: 10\nnames: {cuba: 1}",
        "schema: 1\nnames: {cuba: 1}",
        "schema: 1\nwords: 10",
        "schema: 1\nwords: ten\nnames: {cuba: 1}",
        "schema: 1\nwords: 10\nnames: [cuba]",
        "schema: 1\nwords: 10\nnames: {cuba: often}",
        "schema: 1\nwords: 10\nnames: {cuba: -1}",
        "schema: 1\nwords: 10\nnames: {cuba: .nan}",
        "schema: 1\nwords: 10\nnames: {1: 1}",
        "schema: 1\nwords: 10\nnames: {cuba: 1}\nmore: 1",
        "schema: [",
    ],
)
def test_priors_with_faults(tmp_path: Path, content: str) -> None:
    file = tmp_path / "priors.yaml"
    file.write_text(content, "utf-8")
    with pytest.raises(ConfigError) as caught:
        read_priors(file)
    assert str(file) in str(caught.value)
    assert "cablenorm learn priors" in str(caught.value) or "no YAML" in str(caught.value)


def test_priors_that_are_missing_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml cannot be read: No such file"):
        read_priors(tmp_path / "nowhere.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"latin\.yaml is no YAML"):
        read_priors(tmp_path / "latin.yaml")
    with pytest.raises(ConfigError, match=r"nowhere\.yaml"):
        pipeline(priors=str(tmp_path / "nowhere.yaml"))


# A key is folded; `no`, `null` and `1e3` are keys that YAML might take for something else.
@given(
    st.integers(1, 10**9),
    st.dictionaries(st.text("abcno0123456789e", min_size=1) | st.sampled_from(["null", "yes"]), st.integers(0)),
)
def test_priors_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, words: int, names: dict[str, int]
) -> None:
    file = tmp_path_factory.mktemp("priors") / "priors.yaml"
    file.write_text(priors_yaml(words, names), "utf-8")
    assert read_priors(file) == pytest.approx({name: 1e6 * times / words for name, times in names.items()})


@pytest.fixture(scope="module")
def often(gazetteer: Gazetteer, confusions: Confusions) -> Repairer:
    return Repairer(gazetteer, confusions, OFTEN)


def score(asked: Asked, repairer: Repairer, surface: str) -> float:
    """The score of a repair, 0 where there is none."""
    text = f"A letter came from {surface} about the ships."
    return sum(r.score for r in asked.repairs(repairer, text) if text[r.start : r.end] == surface)


@pytest.mark.parametrize("surface", ["Mikoyen", "Casilds", "Conakrv", "Lechuqa"])
def test_a_name_frequent_in_the_collection_scores_higher(
    asked: Asked, repairer: Repairer, often: Repairer, surface: str
) -> None:
    assert score(asked, repairer, surface) < score(asked, often, surface)


def of_conakry(gazetteer: Gazetteer, min_score: float, priors: Mapping[str, float] | None) -> Decision:
    doc = Document("x", "A letter came from Conakrv about the ships.")
    found = CableGazetteer(gazetteer, min_score=min_score, priors=priors).find(doc)
    return next(m.decision for m in found if m.text == "Conakrv")


def test_a_name_frequent_in_the_collection_is_believed_sooner(gazetteer: Gazetteer) -> None:
    without, often = (of_conakry(gazetteer, 0, priors) for priors in (None, OFTEN))
    between = (without.score + often.score) / 2
    assert of_conakry(gazetteer, between, None).kind == UNKNOWN
    assert of_conakry(gazetteer, between, OFTEN).kind != UNKNOWN
    assert told(without, "collection") == []
    assert told(often, "collection") == ["Conakry is met in the collection"]


def test_priors_of_other_names_change_nothing(gazetteer: Gazetteer) -> None:
    doc = Document("x", DAMAGED)
    plain = CableGazetteer(gazetteer, min_score=LOW).find(doc)
    assert CableGazetteer(gazetteer, min_score=LOW, priors={"nobody": 9000.0}).find(doc) == plain
