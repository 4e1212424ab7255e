"""Attacks: texts that are made to be slow, or to be mistaken for names, against ordinary damaged pages."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from itertools import cycle
from math import inf
from pathlib import Path
from random import Random
from statistics import median
from string import ascii_lowercase, ascii_uppercase

from bounds import Row
from sides import side
from texts import damaged, write_texts

from normalizer.gazetteer import load

_SIZE = 1_000_000
_MOST_TIMES, _MOST_LINKS = 10.0, 5
_MOST_SECONDS = 900
"""More is ten times ordinary pages on any machine; an attack that takes it is stopped."""
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


def measure(data: Path, scratch: Path, rounds: int) -> Iterator[Row]:
    """One document of a million characters for each attack, beside as much of ordinary damaged pages."""
    ordinary, text = scratch / "ordinary.jsonl", scratch / "attack.txt"
    write_texts(ordinary, damaged(data), _SIZE)
    usual = []
    found: list[tuple[str, dict[str, float], float]] = []
    for what, (make, most_links) in _attacks().items():
        text.write_text(make()[:_SIZE], encoding="utf-8")
        try:
            told = side("attack", ordinary, text, most_seconds=_MOST_SECONDS)
        except subprocess.TimeoutExpired:
            told = {"seconds": inf, "links": 0, "unlinked": 0, "peak_mb": inf}
        except RuntimeError as error:
            print(f"{what}: {str(error)[-300:]}", flush=True)
            told = {"seconds": inf, "links": 0, "unlinked": 0, "peak_mb": inf}
        else:
            usual.append(told)
        found.append((what, told, most_links))
    seconds = median(t["usual_s"] for t in usual)
    links, peak = (median(t[key] for t in usual) for key in ("usual_links", "usual_mb"))
    yield Row(
        f"ordinary damaged pages, seconds a million characters ({links:.0f} repairs linked, {peak:.0f} MB)", seconds
    )
    for what, told, most_links in found:
        shown = f"{what}: {told['seconds']:.2f} s, {told['peak_mb']:.0f} MB, {told['unlinked']:.0f} repairs not linked"
        yield Row(f"times ordinary pages, {shown}", told["seconds"] / seconds, _MOST_TIMES)
        yield Row(f"repairs linked, {what}", told["links"], most_links)


def _attacks() -> dict[str, tuple[Callable[[], str], float]]:
    """A name for each text -> what makes it, and how many links it may have."""
    gazetteer = load()
    # By chance, and always the same, so that a part of the names is like the whole.
    names = [gazetteer.form_text(form) for form in range(len(gazetteer.form_entity))]
    names = sorted({name for name in names if name})
    Random(28).shuffle(names)
    wrong = [_changed(name) for name in names]
    both = [word for pair in zip(names, wrong, strict=True) for word in pair]
    return {
        "random capitals with spaces": (_random(ascii_uppercase + "    "), _MOST_LINKS),
        "random words of small letters, the first a capital": (
            lambda: _random(ascii_lowercase + "    ")().title(),
            _MOST_LINKS,
        ),
        "random capitals without a space": (_random(ascii_uppercase), _MOST_LINKS),
        "one letter": (lambda: "A" * _SIZE, _MOST_LINKS),
        "one letter in words of eight": (lambda: "AAAAAAAA " * (_SIZE // 9), _MOST_LINKS),
        "Cyrillic": (lambda: _random(_CYRILLIC + "    ")().title(), _MOST_LINKS),
        "Arabic": (_random(_ARABIC + "    "), _MOST_LINKS),
        "every name of the gazetteer": (lambda: _repeated(names), inf),
        "every name with each third letter changed": (lambda: _repeated(wrong), inf),
        "every name, right and then changed": (lambda: _repeated(both), inf),
        "`1L-28 ` repeated": (lambda: "1L-28 " * (_SIZE // 6), inf),
        "`CUBA ` with one letter wrong": (_cuba, inf),
        "letters with specks and single spaces": (_random(ascii_uppercase + "|!$&# .'\n"), _MOST_LINKS),
    }


def _random(characters: str) -> Callable[[], str]:
    return lambda: "".join(Random(1962).choices(characters, k=_SIZE))


def _repeated(names: list[str]) -> str:
    parts, size = [], 0
    for name in cycle(names):
        parts.append(name)
        size += len(name) + 1
        if size >= _SIZE:
            return " ".join(parts)
    return ""


def _changed(name: str) -> str:
    random = Random(name)
    letters = [k for k, char in enumerate(name) if char.isalpha()]
    chars = list(name)
    for k in letters[2::3]:
        chars[k] = random.choice(ascii_uppercase if chars[k].isupper() else ascii_lowercase)
    return "".join(chars)


def _cuba() -> str:
    random = Random(1962)
    words = []
    for _ in range(_SIZE // 5):
        chars = list("CUBA")
        chars[random.randrange(4)] = random.choice(ascii_uppercase)
        words.append("".join(chars))
    return " ".join(words)
