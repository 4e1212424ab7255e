"""Training from beginning to end, on a few pages made up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from common import ONLY_SMALL

from normalizer.cli import main

PAGES = [
    {
        "id": f"page-{n}@1",
        "clean": f"Mr. Harry Witherby met General Brandesky in Havana on {n} May.\nThe bombers, IL-28s, left Cuba. "
        f"NIEMEYER, Maria told Khrushchev of it." * 3,
        "ocr": f"Mr. Harry Wifherby met Genera1 Brandesky in Havana on {n} May.\nThe bornbers, IL-28s, left Cuba. "
        f"NIEMEYER, Maria to1d Khrushchev of it." * 3 if n % 2 else None,
    }
    for n in range(16)
]  # fmt: skip


def train(folder: Path, *args: object) -> str:
    pairs = folder / "pairs.jsonl"
    pairs.write_text("".join(f"{json.dumps(page)}\n" for page in PAGES), "utf-8")
    argv = ["train", "tagger", pairs, "--epochs", 1, *ONLY_SMALL, *args]
    result = CliRunner().invoke(main, [str(a) for a in argv])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.slow
def test_a_tagger_is_trained_and_used(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    row = {"id": "g", "text": "Mr. Witherby left.", "mentions": [{"start": 4, "end": 12, "label": "PERSON"}]}
    gold.write_text(json.dumps(row) + "\n", "utf-8")
    without = tmp_path / "without.jsonl"
    without.write_text('{"id": "page-3@2"}\n', "utf-8")
    sheet = tmp_path / "sheet.tsv"
    said = train(tmp_path, "--out", tmp_path / "one", "--gold", gold, "--sheet", sheet, "--without", without)
    assert "epoch 1: loss " in said
    record = json.loads((tmp_path / "one" / "record.json").read_text("utf-8"))
    assert record["data"].startswith("sha256:")
    assert record["plan"]["seed"] == 1
    assert record["documents left out"] == 1
    assert set(record["scores"]) == {"kept documents", "gold"}
    rows = sheet.read_text("utf-8").splitlines()
    assert rows[0] == "label\tin its place"
    assert len(rows) == 201
    assert any("PERSON\t" in r and "[Harry Witherby]" in r for r in rows)
    assert not any("on 3 May" in r for r in rows)

    train(tmp_path, "--out", tmp_path / "two", "--without", without)
    assert (tmp_path / "two" / "cable_tagger").read_bytes() == (tmp_path / "one" / "cable_tagger").read_bytes()

    text = tmp_path / "text.txt"
    text.write_text("Mr. Witherby left Cuba.", "utf-8")
    result = CliRunner().invoke(main, ["text", str(text), "--tagger", str(tmp_path / "one"), *ONLY_SMALL])
    assert "Cuba" in result.stdout


def test_what_cannot_be_read_is_told_before(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["train", "tagger", str(tmp_path / "none.jsonl"), "--out", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert "none.jsonl" in result.stderr
