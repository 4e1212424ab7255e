"""The most frequent names of a run that the gazetteer does not know, as layers to be completed."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from normalizer.errors import ConfigError
from normalizer.folding import fold_name, key

_AROUND = 40
_SAMPLES = 3
_FAR_MORE = 5
"""Times that a known name is as frequent as an unknown one, from which that is a misreading of it."""
_SHORTEST, _LONG = 3, 6
_LOOKS = {letter: alike[0] for alike in ("ilt1j", "cgoq0", "b83esrpf", "kxh", "mn", "uv", "a4") for letter in alike}
"""Letters that scans take for each other, by one of them."""
_REMEDY = "give the folder of a run over texts"


@dataclass(slots=True)
class Unknown:
    """A name that no entry bears.

    Attributes:
        label: Of its mentions.
        surfaces: How often each spelling stands.
        documents: Ids of the documents that have it.
        samples: What stands around it, a few times.
    """

    label: str
    surfaces: Counter[str] = field(default_factory=Counter)
    documents: set[str] = field(default_factory=set)
    samples: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name as most mentions have it, in small letters with capitals where all have capitals."""
        best = max(self.surfaces.items(), key=lambda row: (not row[0].isupper(), row[1], row[0]))[0]
        if best.isupper() and self.label in ("PERSON", "PLACE"):
            return re.sub(r"[^\W\d_]+", lambda m: m[0].capitalize(), best)
        return best


def count_unknowns(run: Path) -> list[Unknown]:
    """The names of a run's unknown mentions, the most frequent first.

    Args:
        run: The output folder of `cablenorm run`, or its `documents.jsonl`.

    Raises:
        ConfigError: There is no such file, or a line of it is no record of a run.
    """
    path = run / "documents.jsonl" if run.is_dir() else run
    found: dict[tuple[str, str], Unknown] = {}
    known: Counter[tuple[str, str]] = Counter()
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    record = json.loads(line.decode())
                    known.update(_linked(record))
                    for label, surface, sample in _mentions(record):
                        unknown = found.setdefault((label, key(surface)), Unknown(label))
                        unknown.surfaces[surface] += 1
                        unknown.documents.add(record["id"])
                        if len(unknown.samples) < _SAMPLES:
                            unknown.samples.append(f"{record['id']}: {sample}")
                except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
                    reason = f"no record of cablenorm run ({type(error).__name__}: {error})"
                    raise ConfigError("run", f"{path}:{number} is {reason}; {_REMEDY}") from error
    except OSError as error:
        raise ConfigError("run", f"{path} cannot be read: {error.strerror or error}; {_REMEDY}") from error
    left = _misread(found, known)
    rows = (unknown for name, unknown in found.items() if name not in left)
    return sorted(rows, key=lambda u: (-u.surfaces.total(), u.label, u.name))


def _linked(record: dict[str, object]) -> Iterator[tuple[str, str]]:
    """(label, key) of each mention that is an entry's."""
    text = str(record["text"])
    mentions: list[dict[str, object]] = record["mentions"]  # type: ignore[assignment]
    for m in mentions:
        if m["decision"] == "linked" and m["method"] != "repair":
            yield str(m["label"]), key(text[int(str(m["start"])) : int(str(m["end"]))])


def _misread(found: Mapping[tuple[str, str], Unknown], known: Mapping[tuple[str, str], int]) -> set[tuple[str, str]]:
    """Of the unknown names those that are a far more frequent name of an entry, or one letter away: `CLA`, `Cia`."""
    near: dict[tuple[str, str], int] = {}
    for (label, name), times in known.items():
        for form in _blanked(name):
            near[label, form] = max(times, near.get((label, form), 0))
    return {
        (label, name)
        for (label, name), unknown in found.items()
        if any(near.get((label, form), 0) >= _FAR_MORE * unknown.surfaces.total() for form in _blanked(name))
    }


def _blanked(name: str) -> Iterator[str]:
    """A name, and with each of its letters taken for any; in a short one for those that look alike."""
    if len(name) < _SHORTEST:
        return
    yield name
    for n, letter in enumerate(name):
        yield f"{name[:n]}\0{_LOOKS.get(letter, letter) if len(name) < _LONG else ''}{name[n + 1 :]}"


def _mentions(record: dict[str, object]) -> Iterator[tuple[str, str, str]]:
    """(label, surface, sample) of mentions that no entry is linked to, repairs left out: these are known names."""
    text = str(record["text"])
    mentions: list[dict[str, object]] = record["mentions"]  # type: ignore[assignment]
    for m in mentions:
        if m["decision"] != "unknown" or m["method"] == "repair":
            continue
        start, end = int(str(m["start"])), int(str(m["end"]))
        surface = " ".join(text[start:end].split())
        if key(surface):
            sample = f"{text[max(0, start - _AROUND) : start]}[{surface}]{text[end : end + _AROUND]}"
            yield str(m["label"]), surface, " ".join(sample.split())


def to_yaml(unknowns: Iterable[Unknown], *, most: int, least: int) -> str:
    """Layers of the gazetteer, a document a type: an entry a name, its samples as comments.

    Args:
        unknowns: The most frequent first.
        most: Entries of a type.
        least: Times that a name must stand.
    """
    by_label: dict[str, list[Unknown]] = {}
    for unknown in unknowns:
        if unknown.surfaces.total() >= least:
            by_label.setdefault(unknown.label, []).append(unknown)
    lines = []
    for label, rows in sorted(by_label.items()):
        lines += [
            "---",
            "schema: 1",
            f"type: {label.lower()}",
            "source: names of a run that the gazetteer lacks",
            "entries:",
        ]
        taken: Counter[str] = Counter()
        for unknown in rows[:most]:
            slug = "-".join(re.findall(r"[a-z0-9]+", fold_name(unknown.name))) or "name"
            taken[slug] += 1
            entry = {"id": slug if taken[slug] == 1 else f"{slug}-{taken[slug]}", "name": unknown.name}
            times, documents = unknown.surfaces.total(), len(unknown.documents)
            lines.append(f"  # {times} times in {documents} document{'' if documents == 1 else 's'}")
            lines += (f"  #   {_printable(sample)}" for sample in unknown.samples)
            shown = yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=10**6)
            lines += (f"  {row}" for row in shown.splitlines())
    return "".join(f"{line}\n" for line in lines) or "# no unknown names\n"


def _printable(text: str) -> str:
    """A text that may stand in a comment of YAML."""
    return "".join(c if c.isprintable() else "?" for c in text)
