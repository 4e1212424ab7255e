"""A report as text for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from normalizer.evaluation.reliability import EDGES

Cell = str | int | float | None


def render(report: dict[str, Any]) -> str:
    """The measures of `evaluate` as tables."""
    return "\n\n".join(_sections(report))


def _sections(report: dict[str, Any]) -> Iterator[str]:
    yield f"{report['documents']:,} documents, {report['mentions']:,} mentions, gold: {report['gold']}"
    if "pairs" in report:
        yield from _readings(report)
    else:
        yield from _links(report)
    yield _verdicts(report["precision"])
    for what, title in (("repairs", "repairs"), ("all", "all links")):
        yield _reliability(report["reliability"][what], title)
    yield _curve(report["curve"])
    for what, title in (("wrong", "claimed wrongly"), ("missed", "missed")):
        if report[what]:
            rows = [(row["count"], "  ".join(" ".join(part.split()) for part in row["what"])) for row in report[what]]
            yield _table(("number", title), rows)


def _readings(report: dict[str, Any]) -> Iterator[str]:
    pairs, search = report["pairs"], report["search"]
    names = {
        "clean_recall": "recall, spelt right on the page",
        "garbled_recall": "recall, garbled",
        "garbled_recall_by_name": "recall, garbled, mean over names",
        "exact_precision": "precision, spelt right on the page",
        "repair_precision": "precision, repairs",
        "repairs": "repairs made",
    }
    yield _table(("measure", "value"), [(title, pairs[name]) for name, title in names.items()])
    yield _table(
        ("recall", "label", "found", "gold", "share"),
        [(r["kind"], r["label"], r["found"], r["gold"], r["recall"]) for r in report["recall"]],
    )
    yield (
        _table(
            ("search by name", "recall", "precision"),
            [
                (title, search[when]["recall"], search[when]["precision"])
                for when, title in (("before", "the page"), ("after", "and its normalized text"))
            ],
        )
        + f"\n{search['recovered']:.3f} of the documents that a search of the page misses are recovered"
    )


def _links(report: dict[str, Any]) -> Iterator[str]:
    linked = report["linked"]
    names = {
        "link_precision": "links, precision",
        "link_recall": "links, recall",
        "link_f1": "links, F1",
        "identity": "people linked to the right one",
        "people_linked": "people linked, of those known",
        "decoys_taken": "decoys taken for mentions",
    }
    yield _table(("measure", "value"), [(title, linked[name]) for name, title in names.items()])
    yield _table(
        ("links", "precision", "recall", "F1", "links", "gold", "identity", "of"),
        [
            (r["label"], r["precision"], r["recall"], r["f1"], r["links"], r["gold"], *_identity(r["identity"]))
            for r in report["labels"]
        ],
    )
    yield _table(
        ("level", "recall", "found", "gold", "share"),
        [
            (row["level"], kind, r["found"], r["gold"], r["recall"])
            for row in report["levels"]
            for kind, r in row["recall"].items()
            if r["gold"]
        ],
    )
    people = [(row["level"], row["identity"]) for row in report["levels"] if row["identity"]["known"]]
    if people:
        yield _table(
            ("identity of people", "right", "linked", "known", "share"),
            [(level, r["right"], r["linked"], r["known"], r["identity"]) for level, r in people],
        )
    hows = [f"{how}_{what}" for how in ("exact", "overlap") for what in ("precision", "recall", "f1")]
    yield _table(
        ("tagging", "exact P", "R", "F1", "overlap P", "R", "F1", "gold"),
        [(label, *(r[how] for how in hows), int(r["gold"])) for label, r in report["spans"].items()],
    )


def _identity(who: dict[str, Any]) -> tuple[Cell, Cell]:
    return (who["identity"] if who["linked"] else None, who["linked"])


def _verdicts(rows: Iterable[dict[str, Any]]) -> str:
    return _table(
        ("claims", "right", "wrong", "not known", "precision"),
        [
            (
                r["value"] if r["by"] == "sort" else f"method {r['value']}",
                *(r[verdict] for verdict in ("right", "wrong", "unknown")),
                r["precision"] if r["right"] + r["wrong"] else None,
            )
            for r in rows
        ],
    )


def _reliability(table: dict[str, Any], title: str) -> str:
    rows = [(f"{b['from']:g} to {b['to']:g}", b["number"], b["mean_score"], b["share_right"]) for b in table["bins"]]
    error = table["expected_calibration_error"]
    return (
        _table((f"score, {title}", "number", "mean", "right"), rows) + f"\nexpected calibration error {error:.3f}"
        if table["number"]
        else f"score, {title}: none that can be judged"
    )


def _curve(curve: dict[str, Any]) -> str:
    rows: list[tuple[Cell, ...]] = []
    for edge in EDGES[:-1]:
        above = [p for p in curve["points"] if p["threshold"] >= edge]
        if above:
            p = above[-1]
            rows.append((f"{edge:g}", p["right"], p["wrong"], p["precision"], p["found"], p["recall"]))
    decided = curve["decided"]
    rows.append(("as decided", None, None, decided["precision"], None, decided["recall"]))
    return _table(
        ("repairs from score", "right", "wrong", "precision", "found", f"recall ({curve['recall_of']})"), rows
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Columns under their heads: the text of the first ones to the left, numbers to the right."""
    cells = [[_cell(cell) for cell in row] for row in rows]
    left = [all(isinstance(row[i], str) for row in rows) for i in range(len(head))]
    widths = [max(len(row[i]) for row in [list(head), *cells]) for i in range(len(head))]
    return "\n".join(
        "  ".join(
            c.ljust(w) if is_left else c.rjust(w) for c, w, is_left in zip(row, widths, left, strict=True)
        ).rstrip()
        for row in [list(head), *cells]
    )


def _cell(value: Cell) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else value
