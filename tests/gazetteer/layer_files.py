"""YAML written for a test, and what the loader makes of it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from normalizer.errors import Fault, GazetteerError
from normalizer.gazetteer import Entity, Gazetteer, load

HEAD = "schema: 1\ntype: person\nentries:\n"
PLACES = "schema: 1\ntype: place\nentries:\n"


def write(folder: Path, name: str, text: str | bytes) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else dedent(text).encode())
    return file


def fresh(*paths: Path) -> Gazetteer:
    return load(paths, default=False, cache=False)


def entity(gazetteer: Gazetteer, entity_id: str) -> Entity:
    (number,) = gazetteer.numbers(entity_id)
    return gazetteer.entity(number)


def faults_of(*paths: Path) -> list[Fault]:
    with pytest.raises(GazetteerError) as caught:
        fresh(*paths)
    return caught.value.faults
