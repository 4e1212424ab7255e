"""Speed: the whole run against spaCy's tokenizer, many entries against few, a small text, and the beginning."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from bounds import Row
from people import write_made_up, write_people
from sides import side
from texts import damaged, readings, write_texts

from normalizer.gazetteer import load

_ENTRIES = 100_000
_SMALL = 2_000_000
_ONE_PAGE = "The Soviets sent Kuznctsov to Cnba.\n"
"""Damaged, so that everything that repair builds once is built."""

Running = Callable[..., float]


def measure(data: Path, scratch: Path, rounds: int) -> Iterator[Row]:
    """The whole run on much text and on little, and with many entries."""
    page = scratch / "page.jsonl"
    write_texts(page, [_ONE_PAGE], 1)

    def running(corpus: Path, *layers: Path, default: bool = True, repair: bool = True, index: bool = False) -> float:
        return side("run", corpus, scratch / "out", layers, default, repair, index)["seconds"]

    yield from _small(data, scratch, rounds, running)
    yield from _whole(data, scratch, rounds, running)


def _medians(sides: dict[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Median seconds of each side; they take turns, so that a busy moment of the machine meets them all."""
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, go in sides.items():
            seconds[name].append(go())
    return {name: median(some) for name, some in seconds.items()}


def _small(data: Path, scratch: Path, rounds: int, running: Running) -> Iterator[Row]:
    """Damaged pages alone, and so few that nothing is remembered from pages before."""
    few, page = scratch / "few.jsonl", scratch / "page.jsonl"
    megabytes = write_texts(few, damaged(data), _SMALL) / 1e6
    running(page)  # compiles the gazetteer
    took = _medians(
        {
            "tokenizing": lambda: side("tokenize", few)["seconds"],
            "repair": lambda: running(few),
            "building": lambda: running(page),
            "plain": lambda: running(few, repair=False),
            "plain building": lambda: running(page, repair=False),
        },
        rounds,
    )
    net, plain = took["repair"] - took["building"], took["plain"] - took["plain building"]
    what = f"{megabytes:.1f} million characters of damaged pages against tokenizing"
    yield Row(
        f"{what} ({took['tokenizing']:.2f} s), with repair, less what is built once", net / took["tokenizing"], 2.0
    )
    yield Row("the same with what is built once", took["repair"] / took["tokenizing"])
    yield Row(f"share that is built once ({took['building']:.2f} s)", took["building"] / took["repair"])
    yield Row("the same pages without repair, less what is built once", plain / took["tokenizing"])
    yield Row("seconds that repair adds to what is built once", took["building"] - took["plain building"])


def _whole(data: Path, scratch: Path, rounds: int, running: Running) -> Iterator[Row]:
    """All training documents, both readings; without repair and with it, with few entries and with many."""
    whole, page = scratch / "whole.jsonl", scratch / "page.jsonl"
    texts = readings(data, "clean", "ocr")
    megabytes = write_texts(whole, texts, sum(map(len, texts))) / 1e6
    table = data / "people.jsonl"
    people, thousand = scratch / "people.yaml", scratch / "thousand.yaml"
    beside_thousand, beside_default = scratch / "beside-thousand.yaml", scratch / "beside-default.yaml"
    write_people(table, people)
    write_people(table, thousand, most=1_000)
    write_made_up(beside_thousand, _ENTRIES - 1_000, table, texts)
    write_made_up(beside_default, _ENTRIES - len(load().entities()), table, texts)
    # Compile the gazetteers.
    running(page, people, default=False, repair=False)
    running(page, beside_default)
    side("resolve", page, (thousand,))
    side("resolve", page, (thousand, beside_thousand))
    took = _medians(
        {
            "tokenizing": lambda: side("tokenize", whole)["seconds"],
            "people": lambda: running(whole, people, default=False, repair=False),
            "plain": lambda: running(whole, repair=False),
            "index": lambda: running(whole, repair=False, index=True),
            "repair": lambda: running(whole),
            "repair, many": lambda: running(whole, beside_default),
            "building": lambda: running(page),
            "building, many": lambda: running(page, beside_default),
            "few": lambda: side("resolve", whole, (thousand,))["seconds"],
            "many": lambda: side("resolve", whole, (thousand, beside_thousand))["seconds"],
        },
        rounds,
    )
    times = {name: seconds / took["tokenizing"] for name, seconds in took.items()}
    speed = {name: f"{megabytes / seconds:.2f} MB/s" for name, seconds in took.items()}
    yield Row(f"tokenizing {megabytes:.1f} million characters, seconds ({speed['tokenizing']})", took["tokenizing"])
    yield Row(f"run with 12,000 people and without repair against tokenizing ({speed['people']})", times["people"], 1.0)
    yield Row(f"run without repair against tokenizing ({speed['plain']})", times["plain"], 1.0)
    yield Row("the same with the index, against the run without", took["index"] / took["plain"], 2.0)
    yield Row(f"run with repair against tokenizing ({speed['repair']})", times["repair"], 2.0)
    more = took["repair, many"] / took["repair"]
    net = (took["repair, many"] - took["building, many"]) / (took["repair"] - took["building"])
    yield Row("run with repair, 100,000 entries against the default gazetteer", more, 1.5)
    yield Row("the same less what is built once", net)
    yield Row(f"seconds to build once with 100,000 entries ({took['building']:.2f} by default)", took["building, many"])
    yield Row("finding and resolving without repair, 100,000 entries against 1,000", took["many"] / took["few"], 1.3)


def measure_starting(data: Path, scratch: Path, rounds: int) -> Iterator[Row]:
    """What comes before the first document, and the commands that people type."""
    people, page = scratch / "people.yaml", scratch / "page.txt"
    write_people(data / "people.jsonl", people)
    page.write_text(readings(data, "clean")[0], encoding="utf-8")
    cold, warm = side("load", False), side("load", True)
    yield Row("the default gazetteer compiled, seconds", cold["seconds"], 20.0)
    yield Row("the default gazetteer loaded again, seconds", warm["seconds"], 0.5)
    yield Row("memory with the default gazetteer loaded and every entry built, MB", warm["peak_mb"], 250.0)
    command = [sys.executable, "-m", "normalizer"]
    text = [*command, "text", str(page)]
    for_people = [*text, "--no-default-gazetteer", "--gazetteer", str(people)]
    _seconds(for_people)
    took = _medians(
        {
            "help": lambda: _seconds([*command, "--help"]),
            "people": lambda: _seconds(for_people),
            "default": lambda: _seconds(text),
        },
        max(rounds, 5),
    )
    yield Row("cablenorm --help, seconds", took["help"], 0.4)
    yield Row("cablenorm text, warm, 12,000 people, with repair, seconds", took["people"], 2.5)
    yield Row("cablenorm text, warm, default gazetteer, with repair, seconds", took["default"])


def _seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began
