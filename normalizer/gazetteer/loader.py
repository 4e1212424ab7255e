"""From YAML files to merged entries, with every fault named by file, line and entry.

Each file is a layer. A file may hold several YAML documents, each with its own head, so that
one file can add to several types.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from pydantic import ValidationError

from normalizer.errors import Fault, GazetteerError
from normalizer.gazetteer.schema import HeadModel, model_of

# libyaml composes by recursion and takes the process down on deep nesting; a gazetteer needs 6 levels.
_DEEP_LINE = re.compile(r"^(?: {200}|(?:[-?:] ){50})", re.MULTILINE)
_DEEPEST_FLOW = 50
_MOST_EXPANDED = 20
"""Aliases may make a file look this many times larger than it is."""


@dataclass(slots=True)
class Raw:
    """An entry as merged so far: its data, and where each layer's part of it stands."""

    data: dict[str, Any]
    places: list[tuple[str, int]] = field(default_factory=list)


def load_layers(files: Iterable[tuple[str, bytes]]) -> dict[tuple[str, str], Raw]:
    """Merged entries by (type, id), in order of first mention.

    Args:
        files: (path to show, content) of each layer, earliest first.

    Raises:
        GazetteerError: Anything is wrong; lists all of it.
    """
    faults: list[Fault] = []
    merged: dict[tuple[str, str], Raw] = {}
    for path, content in files:
        for entity_type, source, data, line in _read_file(path, content, faults):
            _merge(merged, (entity_type, data["id"]), source, data, path, line, faults)
    for (_, entity_id), raw in merged.items():
        if "name" not in raw.data:
            path, line = raw.places[0]
            faults.append(Fault(path, line, entity_id, "no layer gives this entry a name; add `name:` or mend the id"))
    _check_references(merged, faults)
    if faults:
        raise GazetteerError(sorted(faults, key=lambda f: (f.path, f.line)))
    return merged


def _merge(
    merged: dict[tuple[str, str], Raw],
    place: tuple[str, str],
    source: str | None,
    data: dict[str, Any],
    path: str,
    line: int,
    faults: list[Fault],
) -> None:
    if data.pop("remove", None):
        if merged.pop(place, None) is None:
            faults.append(Fault(path, line, place[1], "removes an entry that no earlier layer has"))
        return
    known = merged.get(place)
    if known is None:
        if source and "source" not in data and "name" in data:
            data["source"] = source
        merged[place] = Raw({"type": place[0], **data}, [(path, line)])
        return
    known.places.append((path, line))
    for name, value in data.items():
        old = known.data.get(name)
        if isinstance(value, list) and isinstance(old, list) and name != "location":
            if name == "aliases":
                old = _marked(old, value)
            known.data[name] = old + [v for v in value if v not in old]
        elif isinstance(value, dict) and isinstance(old, dict):
            known.data[name] = {**old, **value}
        else:
            known.data[name] = value
    if source and "name" in data and "source" not in data:
        known.data["source"] = source


def _marked(old: list[dict[str, Any]], later: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Aliases with the mark `common` that a later layer gives to the same text."""
    marks = {alias["text"]: alias["common"] for alias in later if alias.get("common") is not None}
    return [{**alias, "common": marks[alias["text"]]} if alias["text"] in marks else alias for alias in old]


def _check_references(merged: dict[tuple[str, str], Raw], faults: list[Fault]) -> None:
    ids = {entity_id for _, entity_id in merged}
    for (_, entity_id), raw in merged.items():
        for name in (*raw.data.get("aliases", ()), *raw.data.get("misreadings", ())):
            when = name.get("when") or {}
            for term in (*(when.get("near") or ()), *(when.get("not_near") or ())):
                if term.startswith("id:") and term[3:] not in ids:
                    path, line = raw.places[-1]
                    faults.append(Fault(path, line, entity_id, f"the scope of {name['text']!r} names no entry: {term}"))


def _read_file(path: str, content: bytes, faults: list[Fault]) -> Iterator[tuple[str, str | None, dict[str, Any], int]]:
    """(type, source, entry, line) of every sound entry; the unsound are added to `faults`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        faults.append(Fault(path, line, None, "not UTF-8; save the file as UTF-8"))
        return
    if deep := _too_deep(text):
        faults.append(Fault(path, deep, None, "nested deeper than any gazetteer needs; flatten it"))
        return
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        roots = [root for root in yaml.compose_all(text, Loader=loader) if root is not None]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        faults.append(Fault(path, line, None, _syntax(error, text, line)))
        return
    except yaml.YAMLError as error:
        at = getattr(error, "position", None)
        line = text.count("\n", 0, at) + 1 if isinstance(at, int) else 0
        faults.append(Fault(path, line, None, f"no valid YAML: {' '.join(str(error).split())}"))
        return
    if not roots:
        faults.append(Fault(path, 0, None, "empty; a gazetteer file begins with `schema: 1`"))
    ids: dict[tuple[str, str], int] = {}
    for root in roots:
        if sick := _unsafe(root):
            faults.append(Fault(path, sick[0], None, sick[1]))
            return
        yield from _read_document(path, root, ids, faults)


def _syntax(error: yaml.MarkedYAMLError, text: str, line: int) -> str:
    lines = text.splitlines()
    if 0 < line <= len(lines) and "\t" in lines[line - 1][: len(lines[line - 1]) - len(lines[line - 1].lstrip())]:
        return "a tab at the start of the line; YAML takes spaces only"
    problem = " ".join(str(part) for part in (error.context, error.problem) if part)
    return f"no valid YAML: {problem}"


def _too_deep(text: str) -> int:
    """The line where nesting passes what is safe to parse, or 0."""
    if found := _DEEP_LINE.search(text):
        return text.count("\n", 0, found.start()) + 1
    if text.count("[") + text.count("{") > _DEEPEST_FLOW:
        depth = 0
        for found in re.finditer(r"[\[\]{}]", text):
            depth = depth + 1 if found[0] in "[{" else max(0, depth - 1)
            if depth > _DEEPEST_FLOW:
                return text.count("\n", 0, found.start()) + 1
    return 0


def _unsafe(root: yaml.Node) -> tuple[int, str] | None:
    """Line and reason where aliases contain themselves or blow up, else None."""
    sizes: dict[int, int] = {}
    unique = 0

    def size(node: yaml.Node, above: frozenset[int]) -> int | tuple[int, str]:
        nonlocal unique
        if id(node) in above:
            return node.start_mark.line + 1, "an anchor that contains itself; write the entry out"
        if id(node) in sizes:
            return sizes[id(node)]
        unique += 1
        total = 1
        if not isinstance(node, yaml.ScalarNode):
            parts = node.value
            children = [n for pair in parts for n in pair] if isinstance(node, yaml.MappingNode) else parts
            inside = above | {id(node)}
            for child in children:
                below = size(child, inside)
                if isinstance(below, tuple):
                    return below
                total += below
        sizes[id(node)] = total
        return total

    total = size(root, frozenset())
    if isinstance(total, tuple):
        return total
    if total > _MOST_EXPANDED * unique + 1000:
        return root.start_mark.line + 1, f"its anchors expand {unique} parts to {total}; write the entries out"
    return None


def _read_document(
    path: str, root: yaml.Node, ids: dict[tuple[str, str], int], faults: list[Fault]
) -> Iterator[tuple[str, str | None, dict[str, Any], int]]:
    line = root.start_mark.line + 1
    if not isinstance(root, yaml.MappingNode):
        faults.append(Fault(path, line, None, f"{_what(root)} where the keys schema, type and entries should be"))
        return
    head_nodes = [(k, v) for k, v in root.value if k.value != "entries"]
    lists = [(k, v) for k, v in root.value if k.value == "entries"]
    faults += (Fault(path, k.start_mark.line + 1, None, "the key 'entries' stands twice") for k, _ in lists[1:])
    entries = lists[0][1] if lists else None
    head = yaml.MappingNode(root.tag, head_nodes, root.start_mark, root.end_mark)
    data = _construct(head, path, None, faults)
    if entries is not None:
        if not isinstance(entries, yaml.SequenceNode):
            where = entries.start_mark.line + 1
            faults.append(Fault(path, where, None, f"{_what(entries)} where the list of entries should be"))
            entries = None
        data["entries"] = []
    try:
        sound = HeadModel.model_validate(data)
    except ValidationError as error:
        _report(error, root, path, None, faults)
        sound = None
    if entries is None:
        return
    declared = sound.type if sound else str(data.get("type"))
    for node in entries.value:
        line = node.start_mark.line + 1
        if not isinstance(node, yaml.MappingNode):
            faults.append(Fault(path, line, None, f"{_what(node)} where an entry (a map with id and name) should be"))
            continue
        entity_id = next((v.value for k, v in node.value if k.value == "id" and isinstance(v.value, str)), None)
        first = ids.setdefault((declared, entity_id), line) if entity_id else line
        if first != line:
            faults.append(Fault(path, line, entity_id, f"this id stands in line {first} already; join the two"))
            continue
        before = len(faults)
        raw = _construct(node, path, entity_id, faults)
        try:
            entry = model_of(declared).model_validate(raw)
        except ValidationError as error:
            _report(error, node, path, entity_id, faults)
            continue
        if sound and len(faults) == before:
            yield sound.type, sound.source, entry.model_dump(exclude_none=True), line


def _what(node: yaml.Node) -> str:
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return "a map" if isinstance(node, yaml.MappingNode) else f"the text {node.value[:40]!r}"


def _construct(node: yaml.Node, path: str, entity_id: str | None, faults: list[Fault]) -> Any:
    """Plain data of a node. Timestamps stay texts; a key that stands twice is a fault."""
    if isinstance(node, yaml.SequenceNode):
        return [_construct(child, path, entity_id, faults) for child in node.value]
    if isinstance(node, yaml.MappingNode):
        made: dict[str, Any] = {}
        for k, v in node.value:
            name = str(k.value) if isinstance(k, yaml.ScalarNode) else _what(k)
            if name in made:
                faults.append(Fault(path, k.start_mark.line + 1, entity_id, f"the key {name!r} stands twice"))
            made[name] = _construct(v, path, entity_id, faults)
        return made
    kind, value = node.tag.rpartition(":")[2], node.value
    if kind == "bool":
        return value.lower() in ("yes", "true", "on")
    if kind == "null":
        return None
    try:
        if kind == "int":
            number = int(value)
            # A number that does not keep its digits (0123, 1_000) is a text: it may be an id.
            return number if str(number) == value else value
        if kind == "float":
            return float(value.replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))
    except ValueError:
        pass  # sexagesimal and octal spellings of YAML 1.1: taken as the text that they look like
    return value


def _report(error: ValidationError, node: yaml.Node, path: str, entity_id: str | None, faults: list[Fault]) -> None:
    for found in error.errors(include_url=False, include_context=True):
        line, trail = _line_of(node, found["loc"])
        faults.append(Fault(path, line, entity_id, _words(found, trail)))


def _line_of(node: yaml.Node, loc: tuple[int | str, ...]) -> tuple[int, str]:
    """The line where a location of a validation error stands, and the keys that lead there."""
    line, trail = node.start_mark.line + 1, ""
    for step in loc:
        if isinstance(node, yaml.MappingNode) and isinstance(step, str):
            pair = next(((k, v) for k, v in node.value if k.value == step), None)
            if pair is None:
                trail = f"{trail}.{step}" if trail else step
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
            trail = f"{trail}.{step}" if trail else step
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
            trail += f"[{step + 1}]"
    return line, trail


def _words(found: Any, trail: str) -> str:
    kind, value = found["type"], found.get("input")
    if kind == "extra_forbidden":
        return f"unknown key {trail!r}"
    if kind == "missing":
        return f"the key {trail!r} is missing"
    if kind == "literal_error":
        expected = str(found["ctx"]["expected"]).replace("True", "true")
        return f"{trail}: only {expected} is possible here, not {value!r}"
    if kind == "value_error":
        return f"{trail}: {found['ctx']['error']}"
    shown = "a map" if isinstance(value, dict) else "a list" if isinstance(value, list) else repr(value)
    return f"{trail}: {found['msg'][0].lower()}{found['msg'][1:]}, not {shown}"
