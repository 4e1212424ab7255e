"""Roles: what a title on the page and an office in the gazetteer have in common."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

DATA = "identity_roles.json"


@cache
def _table() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files("normalizer").joinpath("data", DATA).read_text("utf-8"))
    return data


@cache
def titles() -> dict[str, str]:
    """Word of a title, small letters -> role: `gen` -> `general`."""
    return {word: role for role, words in _table()["titles"].items() for word in words.split()}


@cache
def phrases() -> dict[str, str]:
    """Two words that make a title together -> role: `foreign minister`."""
    found: dict[str, str] = _table()["before"]
    return found


@cache
def agreeing_roles(role: str) -> frozenset[str]:
    """The roles that a person may have whom a title calls so: a Foreign Minister is a Minister too."""
    return frozenset(_table()["kin"].get(role, ())) | {role}


@cache
def top_roles() -> frozenset[str]:
    """Roles whose holder is called by his bare family name."""
    return frozenset(_table()["top"])


@cache
def plain_roles() -> frozenset[str]:
    """Roles that the gazetteer says nothing of: nobody's offices can speak against them."""
    return frozenset(_table()["plain"])


@cache
def womens_names() -> frozenset[str]:
    """Folded given names of women, for `Mrs.` and `Madame`."""
    return frozenset(_table()["women"].split())


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern), role) for pattern, role in _table()["posts"]]


@cache
def roles_of_post(title: str) -> frozenset[str]:
    """The roles that a post's title means, each part of it between commas at most one."""
    found = (
        next((role for pattern, role in _patterns() if pattern.search(part)), "") for part in title.lower().split(", ")
    )
    return frozenset(found) - {""}
