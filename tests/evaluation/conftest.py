"""`cablenorm evaluate` over a small gazetteer, and a folder of two readings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pages import (
    AIRCRAFT,
    BETTER,
    GAZETTEER,
    PAGE,
    PEOPLE,
    PLACES,
    WORDS,
    at,
    held,
    mention,
    record,
    write,
)

from normalizer.cli import main


@pytest.fixture(scope="session")
def layers(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Options that name a gazetteer of eight entries."""
    folder = tmp_path_factory.mktemp("names")
    options = ["--no-default-gazetteer"]
    for kind, entries in (("person", PEOPLE), ("place", PLACES), ("aircraft", AIRCRAFT)):
        file = folder / f"{kind}.yaml"
        file.write_text(GAZETTEER.format(type=kind, entries=entries), "utf-8")
        options += ["--gazetteer", str(file)]
    return options


Evaluate = Callable[..., Result]


@pytest.fixture
def evaluate(_own_cache: None, layers: list[str], tmp_path: Path) -> Evaluate:
    """`cablenorm evaluate` in this process, with the small gazetteer and a few ordinary words."""
    words = tmp_path / "words.txt"
    words.write_text(" ".join(WORDS), "utf-8")

    def call(run: Path, gold: Path, *args: object) -> Result:
        argv = ["evaluate", str(run), str(gold), "--words", str(words), *layers, *map(str, args)]
        result = CliRunner().invoke(main, argv)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.fixture
def readings(tmp_path: Path) -> Path:
    folder = tmp_path / "readings"
    folder.mkdir()
    clean_page = "Nothing to report on Cuba this week."
    write(
        folder / "documents.jsonl",
        {"id": "a", "text": PAGE, "clean": BETTER},
        {"id": "b", "text": clean_page, "clean": clean_page},
    )
    marked = [
        {"start": s, "end": e, "label": label, "name": name, "surface": PAGE[s:e], "kind": kind}
        for surface, label, name, kind in (
            ("Guba", "PLACE", "Cuba", "garbled"),
            ("NIANI", "PLACE", "Miami", "garbled"),
            ("KuzneLsov", "PERSON", "Kuznetsov", "lost"),
        )
        for s, e in [at(PAGE, surface)]
    ]
    s, e = at(clean_page, "Cuba")
    plain = {"start": s, "end": e, "label": "PLACE", "name": "Cuba", "kind": "clean"}
    write(folder / "gold.jsonl", {"id": "a", "mentions": marked}, {"id": "b", "mentions": [plain]})
    write(
        folder / "run.jsonl",
        record(
            "a",
            PAGE,
            mention(PAGE, "Guba", "PLACE", "cuba", method="repair", score=0.96),
            mention(PAGE, "Chlef", "PLACE", "havana", method="repair", score=0.85),
            held(PAGE, "NIANI", "PLACE", "miami", 0.4),
            mention(
                PAGE,
                "KuzneLsov",
                "PERSON",
                None,
                decision="ambiguous",
                method="repair",
                score=0.8,
                candidates=[
                    {"entity": "kuznetsov-ivan", "name": "", "score": 0.5},
                    {"entity": "kuznetsov-vasily-v", "name": "", "score": 0.3},
                ],
            ),
            normalized=PAGE.replace("Guba", "Cuba").replace("KuzneLsov", "Kuznetsov"),
        ),
        record("b", clean_page, mention(clean_page, "Cuba", "PLACE", "cuba", score=0.99)),
        record("not asked for", "x"),
    )
    return folder
