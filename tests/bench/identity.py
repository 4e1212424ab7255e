"""What it costs to read headers and to tell people apart, against the last commit that did neither."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bounds import Row
from sides import side
from texts import damaged, readings, write_texts

WITHOUT = "f99247d"
"""The last commit without headers and identity; a checkout without its history measures nothing."""
_SMALL = 2_000_000


def measure(data: Path, scratch: Path, rounds: int) -> Iterator[Row]:
    """Whole runs over damaged pages and over both readings of all, with repair and without."""
    before = _checkout(scratch / "before")
    if before is None:
        return
    few, whole, page = scratch / "few.jsonl", scratch / "whole.jsonl", scratch / "page.jsonl"
    texts = readings(data, "clean", "ocr")
    write_texts(few, damaged(data), _SMALL)
    write_texts(whole, texts, sum(map(len, texts)))
    write_texts(page, ["The Soviets sent Kuznctsov to Cnba.\n"], 1)
    # The checkout runs as plain Python, as the old one does.
    trees = {"with": Path(__file__).parents[2], "without": before}

    def seconds(corpus: Path, repair: bool, tree: Path) -> float:
        return side("run", corpus, scratch / "out", (), True, repair, False, tree=tree)["seconds"]

    for tree in trees.values():
        seconds(page, True, tree)  # compiles the gazetteer
    for corpus, what in ((few, "2 million characters of damaged pages"), (whole, "both readings of all documents")):
        for repair in (True, False):
            took: dict[str, list[float]] = {name: [] for name in trees}
            for _ in range(rounds):
                for name, tree in trees.items():
                    took[name].append(seconds(corpus, repair, tree))
            how = "with repair" if repair else "without repair"
            yield Row(
                f"{what}, {how}, who is meant told against the same without ({median(took['without']):.1f} s)",
                median(took["with"]) / median(took["without"]),
                1.3,
            )


def _checkout(folder: Path) -> Path | None:
    """A folder with the tree of that commit, or None where git or the commit is not at hand."""
    folder.mkdir()
    try:
        packed = subprocess.run(
            ["git", "archive", WITHOUT], cwd=Path(__file__).parent.parent.parent, check=True, capture_output=True
        ).stdout
        subprocess.run(["tar", "-x"], cwd=folder, input=packed, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return folder
