"""A row of the table that the benchmarks print."""

from __future__ import annotations

from math import inf
from typing import NamedTuple


class Row(NamedTuple):
    """What was measured; `most` is the bound, `inf` for a figure that only informs."""

    what: str
    value: float
    most: float = inf

    @property
    def broken(self) -> bool:
        return not self.value <= self.most

    def __str__(self) -> str:
        verdict = "    " if self.most == inf else "OVER" if self.broken else "ok  "
        bound = "" if self.most == inf else f"(at most {self.most:g})"
        return f"{verdict} {self.value:8.3f} {bound:<14} {self.what}"
