"""The command: its tables, and what it imports."""

from __future__ import annotations

import subprocess
import sys

from click.testing import CliRunner
from pages import (
    GOLD,
    KNOWN,
    RUN,
    write,
)

from normalizer.cli import main


def test_tables_for_people(evaluate, readings, tmp_path):
    text = evaluate(readings / "run.jsonl", readings, "--examples", 1).stdout
    rows = [" ".join(line.split()) for line in text.splitlines()]
    for row in (
        "2 documents, 5 mentions, gold: two readings",
        "precision, repairs 0.667",
        "garbled PLACE 1 2 0.500",
        "and its normalized text 0.750 1.000",
        "method repair 2 1 0 0.667",
        "0.95 to 0.98 1 0.960 1.000",
        "0 3 1 0.750 2 1.000",
        "as decided - - 0.667 - 0.500",
        "1 Miami NIANI",
    ):
        assert row in rows
    text = evaluate(write(tmp_path / "r", RUN), write(tmp_path / "g", GOLD)).stdout
    rows = [" ".join(line.split()) for line in text.splitlines()]
    for row in (
        "decoys taken for mentions 1.000",
        "PERSON 0.500 1.000 0.667 2 1 0.000 1",
        "light garbled 1 1 1.000",
        "all 0.800 1.000 0.889 0.800 1.000 0.889 4",
    ):
        assert row in rows


def test_a_run_with_another_gazetteer_is_noticed(evaluate, tmp_path):
    result = evaluate(write(tmp_path / "r", RUN), write(tmp_path / "g", GOLD))
    assert "made with another gazetteer" in result.stderr


def test_a_folder_of_a_run_and_its_own_gazetteer(evaluate, layers, tmp_path):
    page = tmp_path / "k.txt"
    page.write_text(KNOWN, "utf-8")
    result = CliRunner().invoke(main, ["run", str(page), "--out", str(tmp_path / "out"), *layers])
    assert result.exit_code == 0, result.output
    result = evaluate(tmp_path / "out", write(tmp_path / "g", GOLD))
    assert (result.exit_code, result.stderr) == (0, "")


def test_no_spacy_and_no_matplotlib_are_imported():
    code = (
        "import sys, normalizer.cli, normalizer.evaluation.report, normalizer.evaluation.plot\n"
        "sys.exit(bool({'spacy', 'matplotlib'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
