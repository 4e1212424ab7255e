"""The word lists that ship with the package: plain texts, one folded word a line."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of `data/NAME.txt`, such as `english` or `given_names`."""
    text = files("normalizer").joinpath("data", f"{name}.txt").read_text("utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


@cache
def nicknames() -> dict[str, frozenset[str]]:
    """What a familiar or differently spelt given name may stand for, itself left out."""
    rows = files("normalizer").joinpath("data", "nicknames.txt").read_text("utf-8").splitlines()
    return {row.split()[0]: frozenset(row.split()[1:]) for row in rows if row and not row.startswith("#")}
