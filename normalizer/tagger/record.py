"""A training from beginning to end, and the record of it that stands beside the weights."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

import normalizer
from normalizer.components import CableGazetteer
from normalizer.errors import ConfigError
from normalizer.folding import fold_name
from normalizer.gazetteer import Gazetteer
from normalizer.learn.readings import read_pairs
from normalizer.repair.channel import Confusions
from normalizer.tagger.component import CableTagger
from normalizer.tagger.decoding import LABELS
from normalizer.tagger.labels import Labeller
from normalizer.tagger.pieces import Piece
from normalizer.tagger.training import Material, Plan, Trainer, blank, gather

RECORD = "record.json"
_SHEET = 200
_AROUND = 60


def train(
    pairs: Sequence[Path],
    out: Path,
    plan: Plan,
    gazetteer: Gazetteer,
    confusions: Confusions,
    *,
    without: Sequence[Path] = (),
    gold: Sequence[Path] = (),
    sheet: Path | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Train a tagger, write it to a folder, and give back its record.

    Args:
        pairs: Documents read twice.
        out: The folder.
        plan: How long and how.
        gazetteer: Labels the better readings, and gives names.
        confusions: The table of look-alikes by which pages are damaged.
        without: Files of documents that are not learnt from.
        gold: Files of documents with mentions, for measuring.
        sheet: Where to write labels to be read, or None.
        tell: Told how far it has come.
    """
    left_out = {_page(json.loads(line)["id"]) for path in without for line in _lines(path)}
    component = CableGazetteer(gazetteer)
    readings = (pair for pair in read_pairs(pairs, both=False) if _page(pair.id) not in left_out)
    material = gather(readings, Labeller(component), tell)
    if sheet is not None:
        sheet.write_text(_sheet(material, Random(plan.seed)), "utf-8")
    trainer = Trainer(component, confusions, plan)
    trainer.train(material, tell)
    met = trainer.met
    scores = {"kept documents": measure(trainer.tagger, _of_pieces(material.kept), met)}
    for path in gold:
        scores[path.stem] = measure(trainer.tagger, map(json.loads, _lines(path)), met)
    record = {
        "cablenorm": normalizer.__version__,
        "gazetteer": gazetteer.version,
        "data": f"sha256:{material.digest}",
        "documents left out": len(left_out),
        "pieces": {"better": len(material.better), "worse": len(material.worse), "kept": len(material.kept)},
        "plan": asdict(plan),
        "scores": scores,
    }
    save(trainer.tagger, out)
    (out / RECORD).write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    return record


def save(tagger: CableTagger, out: Path) -> None:
    """Write a tagger as a pipeline with nothing else in it."""
    nlp = blank()
    nlp.meta["name"], nlp.meta["version"] = "cable", normalizer.__version__
    nlp.get_pipe("cable_tagger").from_bytes(tagger.to_bytes())  # type: ignore[attr-defined]
    nlp.to_disk(out)


def measure(tagger: CableTagger, docs: Iterable[dict[str, Any]], met: frozenset[str]) -> dict[str, Any]:
    """Precision, recall and F1 of exact spans by label, and recall of people whose name was met in training or not.

    Args:
        tagger: The tagger.
        docs: With `text` and `mentions`, perhaps with `open`, spans of which nobody knows what they are.
        met: Folded words of names of people.
    """
    right, found, wanted = Counter[str](), Counter[str](), Counter[str]()
    people, recalled = Counter[str](), Counter[str]()
    for doc in docs:
        spans = {(s.start, s.end, s.label) for s in tagger.tags(doc["text"]).spans}
        gold = {(m["start"], m["end"], m["label"]) for m in doc["mentions"]}
        open_ = doc.get("open", ())
        spans = {s for s in spans if s in gold or not any(s[0] < b and a < s[1] for a, b in open_)}
        found.update(s[2] for s in spans)
        wanted.update(g[2] for g in gold)
        right.update(s[2] for s in spans & gold)
        for start, end, label in gold:
            if label == "PERSON":
                words = fold_name(doc["text"][start:end]).split()
                kind = "met" if words and words[-1] in met else "new"
                people[kind] += 1
                recalled[kind] += any(a < end and start < b and x == label for a, b, x in spans)
    scores: dict[str, Any] = {}
    for label in LABELS:
        if wanted[label]:
            p, r = right[label] / max(1, found[label]), right[label] / wanted[label]
            scores[label] = {
                "precision": round(p, 3),
                "recall": round(r, 3),
                "f1": round(2 * p * r / max(1e-9, p + r), 3),
            }
    for kind in ("met", "new"):
        if people[kind]:
            scores[f"people, name {kind}"] = {"recall": round(recalled[kind] / people[kind], 3), "of": people[kind]}
    return scores


def _of_pieces(pieces: Iterable[Piece]) -> Iterable[dict[str, Any]]:
    """Pieces as documents with mentions."""
    for piece in pieces:
        at, mentions, open_ = 0, [], []
        for text, label in piece:
            end = at + len(text)
            if label in LABELS:
                mentions.append({"start": at, "end": end, "label": label})
            elif label:
                open_.append((at, end))
            at = end
        yield {"text": "".join(s.text for s in piece), "mentions": mentions, "open": open_}


def _sheet(material: Material, random: Random) -> str:
    """Random labels with what stands around them, a line each."""
    rows: list[str] = []
    pieces = material.better + material.worse
    while len(rows) < _SHEET and pieces:
        piece = random.choice(pieces)
        labelled = [n for n, s in enumerate(piece) if s.label in LABELS]
        if not labelled:
            continue
        n = random.choice(labelled)
        before = "".join(s.text for s in piece[:n])[-_AROUND:]
        after = "".join(s.text for s in piece[n + 1 :])[:_AROUND]
        shown = f"{before}[{piece[n].text}]{after}"
        rows.append(f"{piece[n].label}\t{' '.join(shown.split())}")
    return "label\tin its place\n" + "".join(f"{row}\n" for row in rows)


def _page(document: str) -> str:
    """What an id names, whatever stands behind an @."""
    return document.split("@")[0]


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("train", f"{path} cannot be read: {error}") from error
