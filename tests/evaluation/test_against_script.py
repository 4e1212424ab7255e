"""The same numbers as the script beside the repository."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pages import (
    measured,
    mention,
    write,
)

from normalizer.cli import main
from normalizer.gazetteer.export import to_dict

SUBSET = 40
"""Documents of each kind; enough for every measure to have counts."""


def scored(script: Path, *args: object) -> Any:
    done = subprocess.run([sys.executable, str(script), *map(str, args)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def contained(part: Any, whole: Any) -> bool:
    """Whether every number of `part` stands in `whole`."""
    if isinstance(part, dict):
        return all(contained(value, whole[name]) for name, value in part.items())
    return bool(part == pytest.approx(whole, abs=1e-9))


def with_repairs(record: dict[str, Any], gold: Iterable[dict[str, Any]], bearers: dict[str, str]) -> dict[str, Any]:
    """A record with claims at damaged mentions that have none: right ones, wrong ones, and some held back."""
    for n, g in enumerate(g for g in gold if g.get("kind", "clean") != "clean" and g["start"] < g["end"]):
        name = g["name"].split(",")[0].lower()
        entity = "miami" if n % 5 == 1 else bearers.get(name)
        if entity and not any(m["start"] < g["end"] and g["start"] < m["end"] for m in record["mentions"]):
            made = mention(record["text"], record["text"][g["start"] : g["end"]], g["label"], entity)
            candidates = [{"entity": entity, "name": "", "score": 0.5}]
            if n % 3 == 1:
                made |= {"decision": "ambiguous", "entity": None, "candidates": candidates}
            elif n % 7 == 2:
                made |= {"decision": "unknown", "entity": None, "candidates": candidates}
            record["mentions"].append({**made, "method": "repair", "start": g["start"], "end": g["end"]})
    return record


@pytest.fixture(scope="module")
def script(shared: Path) -> Path:
    for name in ("score.py", "words.txt", "pairs/dev/documents.jsonl", "rendered/dev/ocr.jsonl"):
        if not (shared / "eval" / name).is_file():
            pytest.skip(f"{name} is not here")
    return shared / "eval" / "score.py"


@pytest.fixture(scope="module")
def names(full_gazetteer, tmp_path_factory) -> Path:
    return write(tmp_path_factory.mktemp("export") / "names.jsonl", *map(to_dict, full_gazetteer.entities()))


@pytest.fixture(scope="module")
def bearers(full_gazetteer) -> dict[str, str]:
    """Entity ids by name and family name."""
    return {n.lower(): ent.id for ent in full_gazetteer.entities() for n in (ent.family, ent.name) if n}


def head(path: Path, most: int = SUBSET) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line, _ in zip(lines, range(most), strict=False)]


def run_over(documents: Path, out: Path) -> list[dict[str, Any]]:
    assert CliRunner().invoke(main, ["run", str(documents), "--out", str(out)]).exit_code == 0
    return head(out / "documents.jsonl")


@pytest.mark.slow
def test_the_script_counts_the_same_of_two_readings(script, names, bearers, tmp_path):
    dev = script.parent / "pairs" / "dev"
    folder = tmp_path / "gold"
    folder.mkdir()
    gold = {g["id"]: g for g in head(dev / "gold.jsonl")}
    documents = [d for d in head(dev / "documents.jsonl", 10**6) if d["id"] in gold]
    write(folder / "gold.jsonl", *gold.values())
    made = run_over(write(folder / "documents.jsonl", *documents), tmp_path / "out")
    run = write(tmp_path / "run.jsonl", *(with_repairs(r, gold[r["id"]]["mentions"], bearers) for r in made))
    argv = ["evaluate", str(run), str(folder), "--json", "--words", str(script.with_name("words.txt"))]
    report = measured(CliRunner().invoke(main, argv))
    assert report["pairs"]["garbled_recall"] > 0.3
    assert 0.3 < report["pairs"]["repair_precision"] < 1.0
    assert contained(scored(script, "pairs", folder, run, names), report["pairs"])
    assert contained(scored(script, "search", folder, run), report["search"])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ocr.jsonl", "clean.jsonl"])
def test_the_script_counts_the_same_of_every_mention(script, names, bearers, tmp_path, name):
    documents = head(script.parent / "rendered" / "dev" / name)
    gold = write(tmp_path / "gold.jsonl", *documents)
    made = run_over(gold, tmp_path / "out")
    known = {d["id"]: d["mentions"] for d in documents}
    run = write(tmp_path / "run.jsonl", *(with_repairs(r, known[r["id"]], bearers) for r in made))
    report = measured(CliRunner().invoke(main, ["evaluate", str(run), str(gold), "--json"]))
    assert report["linked"]["identity"] > 0.5
    assert contained(scored(script, "linked", gold, run, names), report["linked"])
    assert contained(scored(script, "spans", gold, run), report["spans"])
