"""Pages that were read twice, the command, and candidates made up: what the tests of learning share."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable
from pathlib import Path

from click.testing import CliRunner, Result

from normalizer.cli import main
from normalizer.learn.readings import Readings
from normalizer.learn.score import RIGHT, WRONG, Example
from normalizer.repair.features import FEATURES


def learn(*args: object) -> Result:
    """`cablenorm learn ...` in this process; an exception that it lets through fails the test."""
    result = CliRunner().invoke(main, ["learn", *map(str, args)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def refused(*args: object) -> str:
    """The one line in which `cablenorm learn ...` says what is wrong."""
    result = learn(*args)
    assert result.exit_code == 2, result.output
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    return line


def readings(*pairs: tuple[str, str], times: int = 1) -> list[Readings]:
    """(worse, better) as documents."""
    return [Readings(str(n), worse, better) for n, (worse, better) in enumerate(pairs * times)]


def write(path: Path, rows: Iterable[object]) -> Path:
    text = "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, "utf-8")
    return path


def rows_of(count: int) -> list[Example]:
    """Candidates of which those of low cost are right."""
    drawn = random.Random(2)
    made = []
    for _ in range(count):
        features = [drawn.random() for _ in FEATURES]
        made.append(Example(features, RIGHT if features[FEATURES.index("cost")] < 0.5 else WRONG, True))
    return made


def damaged_pairs(count: int) -> list[dict[str, str]]:
    """Documents of plain sentences about a few names, with some of these damaged, and words that are no names."""
    drawn = random.Random(3)
    names = [("Havana", "Hevana"), ("Moscow", "Moscaw"), ("Stevenson", "Stevensen"), ("Kuznetsov", "Kuznetsoy")]
    words = [("remedy", "Kemedy"), ("tuba", "Guba"), ("mosaic", "Moscaic"), ("stevedore", "Stevensore")]
    rows = []
    for number in range(count):
        worse, better = [], []
        for _ in range(6):
            clean, broken = drawn.choice(names + words)
            seen = broken if drawn.random() < 0.6 else clean
            frame = drawn.choice(
                ["We heard that {} was quiet again last week.", "They wrote of {} in the report then."]
            )
            better.append(frame.format(clean))
            worse.append(frame.format(seen))
        rows.append({"id": f"d{number}", "ocr": " ".join(worse), "clean": " ".join(better)})
    return rows
