"""Tables of names: CSV, TSV and JSON Lines, read row by row with the line where each stands."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from normalizer.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table by column; `fault` says why it cannot be used."""

    line: int
    cells: dict[str, Any]
    fault: str | None = None


def read_table(path: Path) -> list[Row]:
    """Every row of a table, broken ones with their fault.

    Args:
        path: `.csv`, `.tsv` or `.jsonl`, UTF-8.

    Raises:
        ConfigError: The file is missing, empty, of another kind or not UTF-8.
    """
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), "not UTF-8; save the table as UTF-8") from error
    except OSError as error:
        raise ConfigError(str(path), f"cannot be read: {error.strerror or error}") from error
    if not text.strip():
        raise ConfigError(str(path), "the table is empty; its first line should name the columns")
    suffix = path.suffix.lower()
    if suffix in (".jsonl", ".ndjson"):
        rows = list(_jsonl(text))
    elif suffix in (".csv", ".tsv", ".tab"):
        rows = list(_separated(path, text, tabs=suffix != ".csv"))
    else:
        raise ConfigError(str(path), f"{suffix or 'no suffix'}: a table is .csv, .tsv or .jsonl")
    if not any(row.fault is None for row in rows):
        first = f"; line {rows[0].line}: {rows[0].fault}" if rows else ""
        raise ConfigError(str(path), f"the table has no row that can be read{first}")
    return rows


def _jsonl(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except ValueError as error:
            yield Row(number, {}, f"no valid JSON: {error}")
            continue
        yield Row(number, data) if isinstance(data, dict) else Row(number, {}, "no JSON object")


def _separated(path: Path, text: str, *, tabs: bool) -> Iterator[Row]:
    # Tables with tabs are written without quoting; a quote there is a quote.
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if tabs else csv.reader(lines, strict=True)
    try:
        head = [h.strip() for h in next(reader)]
        if len(set(head)) < len(head) or not all(head):
            raise ConfigError(f"{path}:1", "every column needs a name of its own in the first line")
        at = reader.line_num + 1
        for cells in reader:
            if len(cells) > len(head):
                yield Row(at, {}, f"{len(cells)} cells under {len(head)} columns")
            elif any(c.strip() for c in cells):
                yield Row(at, {h: c.strip() for h, c in zip(head, cells, strict=False)})
            at = reader.line_num + 1
    except csv.Error as error:
        yield Row(reader.line_num, {}, f"no valid CSV from here on: {error}")
