"""Countries by one name each, and the words of a page that speak of one."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

DATA = "identity_countries.json"
HERE = "united states"
"""Named on every page of these papers, so it tells nobody apart."""


@cache
def _table() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files("normalizer").joinpath("data", DATA).read_text("utf-8"))
    return data


@cache
def country(name: str) -> str:
    """One name for all names that a country has in the gazetteer: `FRG`, `West Germany` and `Germany` are one."""
    low = name.strip().lower()
    same: dict[str, str] = _table()["same"]
    return same.get(low, low)


@cache
def countries(names: str) -> frozenset[str]:
    """The countries of a list such as `Chile; Cuba` or `India/China`."""
    return frozenset(country(n) for n in names.replace("/", ";").split(";") if n.strip())


@cache
def country_words() -> dict[str, str]:
    """Folded word -> country: peoples (`soviet`), governments (`gvn`)."""
    words: dict[str, str] = _table()["words"]
    return words
