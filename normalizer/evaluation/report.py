"""All measures of a run against gold, as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from pathlib import Path
from typing import Any

from normalizer.evaluation.claims import Judged, Reach, verdicts
from normalizer.evaluation.gold import GARBLED, complete, read_gold
from normalizer.evaluation.links import LABELS, Links, Spans
from normalizer.evaluation.names import Names
from normalizer.evaluation.output import read_run
from normalizer.evaluation.readings import Readings
from normalizer.evaluation.reliability import curve, reliability
from normalizer.evaluation.searching import search_measures
from normalizer.gazetteer import Gazetteer


def evaluate(
    run: Path,
    gold: Path,
    gazetteer: Gazetteer,
    known_words: Set[str],
    *,
    labels: Sequence[str] = LABELS,
    examples: int = 0,
) -> dict[str, Any]:
    """The measures of a run.

    Args:
        run: The output folder of a run, or its documents.jsonl.
        gold: A folder of two readings, or a file of every mention; `normalizer.evaluation.gold` says how.
        gazetteer: What the run was made with; it tells the names of entities.
        known_words: Ordinary words in lower case.
        labels: What is measured where every mention is known.
        examples: The most frequent wrong claims and missed mentions that are listed.

    Returns:
        Plain data. `gold` says which measures are there: `pairs` and `search` of "two readings", `linked`
        and `spans` of "every mention".

    Raises:
        ConfigError: A file is missing, has faults, or does not fit the others.
    """
    known = read_gold(gold)
    documents = read_run(run, {doc.id for doc in known.documents})
    names = Names(gazetteer)
    pages = complete(known, documents, names)
    versions = {doc.gazetteer for doc in documents.values()}
    report: dict[str, Any] = {
        "gold": "two readings" if known.two_readings else "every mention",
        "documents": len(pages),
        "mentions": sum(len(doc.mentions) for doc in documents.values()),
        "same_gazetteer": versions == {names.version},
    }
    if known.two_readings:
        readings = Readings(names, known_words)
        for page in pages:
            readings.add(page, documents[page.id])
        report |= {
            "pairs": readings.measures(),
            "recall": readings.recall(),
            "search": search_measures(pages, documents),
            **_scores(readings.judged, readings.reached, GARBLED),
        }
        wrong, missed = readings.wrong, readings.missed
    else:
        spans, links = Spans(labels), Links(names, labels)
        for page in pages:
            spans.add(page, documents[page.id])
            links.add(page, documents[page.id])
        garbled = [reach for kind, reach in links.reached if kind == GARBLED]
        report |= {
            "linked": links.measures(),
            "labels": links.by_label(),
            "levels": links.by_level(),
            "spans": spans.measures(),
            # Gold that tells no damage has nothing but all its mentions to ask for.
            **_scores(links.judged, garbled or [reach for _, reach in links.reached], GARBLED if garbled else "all"),
        }
        wrong, missed = links.wrong, links.missed
    return report | {"wrong": _most(wrong, examples), "missed": _most(missed, examples)}


def _scores(judged: Sequence[Judged], reached: Sequence[Reach], recall_of: str) -> dict[str, Any]:
    return {
        "precision": verdicts(judged),
        "reliability": {
            "repairs": reliability(j for j in judged if j.claim.sort == "repair"),
            "all": reliability(judged),
        },
        "curve": {"recall_of": recall_of, **curve(judged, reached)},
    }


def _most(counts: Counter[tuple[str, ...]], most: int) -> list[dict[str, Any]]:
    return [{"what": list(what), "count": n} for what, n in counts.most_common(most)]
