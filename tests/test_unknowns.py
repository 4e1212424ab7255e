"""The names of a run that the gazetteer lacks, as layers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from normalizer.cli import main
from normalizer.errors import ConfigError
from normalizer.gazetteer import load
from normalizer.unknowns import count_unknowns, to_yaml


def run_of(path: Path, *texts: str, **more: str) -> Path:
    """A run in which every word in capitals at its head is an unknown person, one with a digit an aircraft."""
    rows = []
    for n, text in enumerate(texts):
        mentions, at = [], 0
        for word in text.split(" "):
            if word[:1].isupper():
                label = "AIRCRAFT" if any(c.isdigit() for c in word) else "PERSON"
                found = {"start": at, "end": at + len(word), "label": label, "decision": "unknown", "method": "tagger"}
                mentions.append({**found, **more})
            at += len(word) + 1
        rows.append(json.dumps({"id": f"d{n}", "text": text, "mentions": mentions}))
    path.write_text("".join(f"{row}\n" for row in rows), "utf-8")
    return path


def test_the_most_frequent_come_first_with_samples(tmp_path: Path) -> None:
    run = run_of(tmp_path / "documents.jsonl", "then Witherby met WITHERBY and Q-9", "saw Witherby by Brandesky \x07")
    names = count_unknowns(tmp_path)
    assert [(u.name, u.surfaces.total(), len(u.documents)) for u in names] == [
        ("Witherby", 3, 2), ("Q-9", 1, 1), ("Brandesky", 1, 1),
    ]  # fmt: skip
    assert names[0].samples[0] == "d0: then [Witherby] met WITHERBY and Q-9"
    told = to_yaml(count_unknowns(run), most=10, least=1)
    layer = tmp_path / "new.yaml"
    layer.write_text(told, "utf-8")
    assert [(e.type, e.id, e.name) for e in load([layer], default=False, cache=False).entities()] == [
        ("aircraft", "q-9", "Q-9"), ("person", "brandesky", "Brandesky"), ("person", "witherby", "Witherby"),
    ]  # fmt: skip
    assert "# 3 times in 2 documents" in told
    assert "brandesky" not in to_yaml(names, most=10, least=2)
    assert "brandesky" not in to_yaml(names, most=1, least=1)


def test_names_in_capitals_and_names_that_share_an_id(tmp_path: Path) -> None:
    run_of(tmp_path / "documents.jsonl", "by DE-VILLIERS and Мир and Жук")
    told = to_yaml(count_unknowns(tmp_path), most=9, least=1)
    assert "name: De-Villiers" in told
    layer = tmp_path / "new.yaml"
    layer.write_text(told, "utf-8")
    assert len(load([layer], default=False, cache=False).entities()) == 3


def test_repairs_and_links_are_no_unknown_names(tmp_path: Path) -> None:
    run_of(tmp_path / "documents.jsonl", "by Witherby", method="repair")
    assert count_unknowns(tmp_path) == []
    run_of(tmp_path / "documents.jsonl", "by Witherby", decision="linked")
    assert to_yaml(count_unknowns(tmp_path), most=9, least=1) == "# no unknown names\n"


def test_the_command(tmp_path: Path) -> None:
    run_of(tmp_path / "documents.jsonl", "by Witherby to Witherby")
    result = CliRunner().invoke(main, ["report", "unknowns", str(tmp_path)])
    assert result.exit_code == 0
    assert "type: person" in result.stdout
    assert "name: Witherby" in result.stdout


@pytest.mark.parametrize("line", ["[]", "{", '{"id": 1, "text": "x", "mentions": [{}]}'])
def test_what_is_no_run(tmp_path: Path, line: str) -> None:
    (tmp_path / "documents.jsonl").write_text(f"{line}\n", "utf-8")
    with pytest.raises(ConfigError, match=r"documents.jsonl:1 is no record of cablenorm run"):
        count_unknowns(tmp_path)
    with pytest.raises(ConfigError, match="cannot be read"):
        count_unknowns(tmp_path / "absent")


def test_misreadings_of_names_that_the_run_knows_are_left_out(tmp_path: Path) -> None:
    texts = ["GIA", "KCA", "CIC", "Wexlei", "Wexler"]
    run_of(tmp_path / "documents.jsonl", *texts)
    rows = (tmp_path / "documents.jsonl").read_text("utf-8").splitlines()
    for name, label, times in [
        ("CIA", "PERSON", 6),
        ("Wexley", "PERSON", 6),
        ("Wexlor", "PLACE", 9),
        ("KGA", "PERSON", 4),
    ]:
        linked = {"start": 0, "end": len(name), "label": label, "decision": "linked", "method": "exact"}
        rows += [json.dumps({"id": name, "text": name, "mentions": [linked]})] * times
    (tmp_path / "documents.jsonl").write_text("\n".join(rows) + "\n", "utf-8")
    # CIC is no look-alike of CIA, and KGA is not frequent enough.
    assert [u.name for u in count_unknowns(tmp_path)] == ["Cic", "Kca"]
