"""Texts to measure on: the project's training documents, and pages of them repeated up to a size."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from random import Random


def readings(data: Path, *kinds: str) -> list[str]:
    """The readings of the training documents: `clean` the better ones, `ocr` the worse ones, page by page."""
    rows = gzip.decompress((data / "documents-train.jsonl.gz").read_bytes()).decode().splitlines()
    return [text for row in rows for record in [json.loads(row)] for kind in kinds if (text := record[kind])]


def damaged(data: Path) -> list[str]:
    """The worse readings in an order by chance that is always the same: any first part of them is like the whole."""
    texts = readings(data, "ocr")
    Random(1962).shuffle(texts)
    return texts


def write_texts(path: Path, texts: list[str], characters: int) -> int:
    """Documents up to a number of characters; from the second time round every text is made new by a mark.

    Returns:
        The characters written.
    """
    written = number = 0
    with path.open("w", encoding="utf-8") as f:
        while written < characters:
            round_, at = divmod(number, len(texts))
            text = texts[at] if not round_ else texts[at].replace("e ", f"e{round_} ")
            f.write(json.dumps({"id": str(number), "text": text}, ensure_ascii=False) + "\n")
            written += len(text)
            number += 1
    return written
