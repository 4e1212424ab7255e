from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from normalizer.headers import Header, Part, parse_header

CASES = yaml.safe_load(Path(__file__).parents[1].joinpath("cases", "headers.yaml").read_text("utf-8"))
PARTS = ("sender", "salutation", "classification", "subject", "reference")
LISTS = ("addressees", "info", "signers", "participants", "copies")


def said(header: Header, text: str, key: str) -> Any:
    if key == "form":
        return header.form.value
    if key == "date":
        return header.date and header.date.iso
    if key in ("place", "office"):
        part: Part | None = header.origin and getattr(header.origin, key)
        return part and part.text
    if key in PARTS:
        part = getattr(header, key)
        return part and part.text
    if key in LISTS:
        return [part.text for part in getattr(header, key)]
    if key == "labels":
        return [text[a:b] for a, b in header.labels]
    raise ValueError(f"headers.yaml has no key {key!r}")


def written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def covered(header: Header, text: str, words: str) -> bool:
    """Whether some place where the words stand lies in a label."""
    at = text.find(words)
    assert at >= 0, words
    while at >= 0:
        if any(a <= at and at + len(words) <= b for a, b in header.labels):
            return True
        at = text.find(words, at + 1)
    return False


def touched(header: Header, text: str, words: str) -> bool:
    at = text.find(words)
    assert at >= 0, words
    return any(a < at + len(words) and at < b for a, b in header.labels)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])
def test_case(case: Mapping[str, Any]) -> None:
    text = case["text"]
    header = parse_header(text, written(case.get("date")), case.get("metadata"))
    expected = {key: written(value) for key, value in case["expect"].items()}
    assert {key: said(header, text, key) for key in expected} == expected
    assert [words for words in case.get("marked", ()) if not covered(header, text, words)] == []
    assert [words for words in case.get("free", ()) if touched(header, text, words)] == []


def test_the_table_is_large_enough() -> None:
    assert len(CASES) >= 60
    assert len({case["what"] for case in CASES}) == len(CASES)
