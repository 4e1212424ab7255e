"""Paths, the small gazetteer, and a type: what test modules import from each other's side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from normalizer.gazetteer import Gazetteer, default_path
from normalizer.model import Result
from normalizer.repair.channel import Confusions, Costs

ROOT = Path(__file__).parents[1]

SMALL = tuple(
    str(default_path() / name)
    for name in (
        *("hand/people.yaml", "hand/aircraft.yaml", "hand/missiles.yaml", "hand/places.yaml"),
        *("hand/organizations.yaml", "misreadings/letter-to-mccloy.yaml"),
    )
)
"""A few files of the default gazetteer that suffice for the missile crisis: fast, and they change seldom."""

ONLY_SMALL = ("--no-default-gazetteer", *(word for file in SMALL for word in ("--gazetteer", file)))
"""The same as options of a command."""


class Resolve(Protocol):
    """Finds and decides, without spaCy."""

    def __call__(
        self,
        text: str,
        date: str | None = None,
        gazetteer: Gazetteer = ...,
        *,
        name: str = "test",
        source: str | None = None,
    ) -> Result: ...


def costs_between(confusions: Confusions, seen: Sequence[str], meant: Sequence[str]) -> Costs:
    """What `weigh` says of surfaces and as many names."""
    every = np.arange(len(seen))
    width = max(map(len, (*seen, *meant, " ")))
    return confusions.weigh(confusions.encode_seen(seen, width), every, confusions.encode_meant(meant, width), every)
