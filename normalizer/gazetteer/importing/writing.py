"""Entries as YAML that a person reads and compares: one block each, keys in one order, quotes only where needed."""

from __future__ import annotations

import io
import json
from functools import lru_cache
from typing import Any

import yaml

ORDER = (
    "id", "name", "family", "given", "aliases", "misreadings", "born", "died", "active", "prominence", "posts", "kind",
    "country", "location", "common", "links", "facts", "source",
)  # fmt: skip
_WIDTH = 100
_MARKS = yaml.SafeDumper(io.StringIO())


@lru_cache(maxsize=65536)
def scalar(value: str) -> str:
    """A text as YAML: bare where a reader takes it back as the same text, else in double quotes."""
    analysis = _MARKS.analyze_scalar(value)
    tag = _MARKS.resolve(yaml.ScalarNode, value, (True, False))  # type: ignore[no-untyped-call]
    if analysis.allow_flow_plain and not analysis.multiline and tag == "tag:yaml.org,2002:str":
        return value
    return json.dumps(value, ensure_ascii=False)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return scalar(value) if isinstance(value, str) else repr(value)


def _wrapped(head: str, opening: str, parts: list[str], closing: str) -> str:
    """A flow collection, broken behind commas where a line would pass the width."""
    lines, line = [], f"{head}{opening}"
    for i, part in enumerate(parts):
        piece = part + ("," if i < len(parts) - 1 else closing)
        if len(line) + len(piece) + 1 > _WIDTH and line.strip() != f"{head}{opening}".strip():
            lines.append(line.rstrip())
            line = " " * (len(head) + 1) + piece
        else:
            line += ("" if line.endswith(opening) or not i else " ") + piece
    return "\n".join([*lines, line])


def block(entry: dict[str, Any]) -> str:
    """One entry as lines that begin at its dash."""
    lines = []
    for name in ORDER:
        value = entry.get(name)
        if value is None or value == [] or value == {}:
            continue
        if name in ("aliases", "posts", "misreadings"):
            if all(isinstance(v, str) for v in value):
                lines.append(_wrapped(f"    {name}: ", "[", [_flow(v) for v in value], "]"))
            else:
                lines.append(f"    {name}:")
                lines += [f"      - {_flow(v)}" for v in value]
        elif isinstance(value, dict):
            lines.append(_wrapped(f"    {name}: ", "{", [f"{k}: {_flow(v)}" for k, v in value.items()], "}"))
        elif name in ("born", "died", "active"):
            # A bare year, date or range is what people write; the loader takes all three as texts.
            lines.append(f"    {name}: {value}")
        else:
            lines.append(f"    {name}: {_flow(value)}")
    return "  - " + "\n".join(lines)[4:]


def document(entity_type: str, source: str, entries: list[dict[str, Any]]) -> str:
    """A whole file: head, then the entries by id with a blank line between."""
    head = f"schema: 1\ntype: {entity_type}\nsource: {_flow(source)}\nentries:\n"
    return head + "\n\n".join(block(e) for e in sorted(entries, key=lambda e: str(e["id"]))) + "\n"
