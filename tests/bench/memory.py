"""Memory: a run over much text against one over little, and what repair adds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bounds import Row
from sides import side
from texts import readings, write_texts

_LITTLE, _MUCH = 10_000_000, 100_000_000


def measure(data: Path, scratch: Path, rounds: int) -> Iterator[Row]:
    """Peaks of processes; they hardly differ between rounds, so that one is enough."""
    texts, corpus = readings(data, "clean", "ocr"), scratch / "corpus.jsonl"

    def peak(characters: int, *, repair: bool) -> float:
        write_texts(corpus, texts, characters)
        return side("run", corpus, scratch / "out", (), True, repair, True)["peak_mb"]

    without, little = peak(_LITTLE, repair=False), peak(_LITTLE, repair=True)
    yield Row(f"MB that repair adds to a run over 10 MB ({without:.0f} without)", little - without)
    much = peak(_MUCH, repair=True)
    yield Row(f"peak memory with repair, 100 MB against 10 MB ({much:.0f} against {little:.0f} MB)", much / little, 1.1)
