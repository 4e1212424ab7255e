"""What search gains: phrase queries for the gold's names over the pages, and over pages and normalized texts."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import Any

from normalizer.evaluation.claims import ratio
from normalizer.evaluation.gold import GoldDocument
from normalizer.evaluation.output import RunDocument


def search_measures(gold: Iterable[GoldDocument], run: Mapping[str, RunDocument]) -> dict[str, Any]:
    """Recall and precision of the names' documents, before and after, and the share of lost pairs recovered.

    A document is wanted for a name that the gold marks in it; a hit is right, too, where the better
    reading has the name.
    """
    pages = {doc.id: doc for doc in gold}
    better = {doc.id: doc.clean.lower() for doc in pages.values()}
    wanted: dict[str, set[str]] = defaultdict(set)
    for doc in pages.values():
        for m in doc.mentions:
            wanted[m.name].add(doc.id)
    result: dict[str, Any] = {}
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("create virtual table before using fts5(id unindexed, text)")
        db.execute("create virtual table after using fts5(id unindexed, text, normalized)")
        for doc_id, doc in pages.items():
            db.execute("insert into before values (?, ?)", (doc_id, doc.text))
            db.execute("insert into after values (?, ?, ?)", (doc_id, doc.text, run[doc_id].normalized))
        for table in ("before", "after"):
            found = right = hits = 0
            for name, ids in wanted.items():
                # The table's name is one of the two above.
                query = f"select id from {table} where {table} match ?"
                hit = {row[0] for row in db.execute(query, ('"' + name.replace('"', "") + '"',))}
                plain = _standing_alone(name)
                found += len(hit & ids)
                right += sum(doc_id in ids or plain.search(better[doc_id]) is not None for doc_id in hit)
                hits += len(hit)
            total = sum(map(len, wanted.values()))
            result[table] = {"recall": ratio(found, total), "precision": ratio(right, hits)}
    gain = result["after"]["recall"] - result["before"]["recall"]
    result["recovered"] = ratio(gain, 1 - result["before"]["recall"])
    return result


def _standing_alone(name: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in name.lower().split())
    return re.compile(rf"(?<![a-z0-9]){words}s?(?![a-z0-9])")
