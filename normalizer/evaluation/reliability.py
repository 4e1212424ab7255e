"""Whether scores mean what they say, and what another threshold for repairs would give."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any

from normalizer.evaluation.claims import Judged, Reach, ratio

EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)
"""Of the bins: each holds its lower edge, the last one both."""


def reliability(judged: Iterable[Judged]) -> dict[str, Any]:
    """Number, mean score and share right of the claims in each bin of scores, and the expected calibration error.

    Claims that nobody can judge are left out; those that were held back count with the score of their
    best candidate.

    Source: Guo et al., On Calibration of Modern Neural Networks, ICML 2017, with the bins of `EDGES`.
    """
    bins: list[list[Judged]] = [[] for _ in EDGES[1:]]
    for j in judged:
        if j.verdict != "unknown":
            bins[min(bisect_right(EDGES, j.claim.score), len(bins)) - 1].append(j)
    total = sum(map(len, bins))
    rows: list[dict[str, Any]] = []
    error = 0.0
    for low, high, inside in zip(EDGES, EDGES[1:], bins, strict=False):
        mean = ratio(sum(j.claim.score for j in inside), len(inside))
        right = ratio(sum(j.verdict == "right" for j in inside), len(inside))
        error += ratio(len(inside), total) * abs(mean - right)
        rows.append(
            {
                "from": low,
                "to": high,
                "number": len(inside),
                "mean_score": mean if inside else None,
                "share_right": right if inside else None,
            }
        )
    return {"number": total, "bins": rows, "expected_calibration_error": error}


def curve(judged: Iterable[Judged], reached: Sequence[Reach]) -> dict[str, Any]:
    """Precision and recall of repairs at every threshold, and as the run decided.

    Args:
        judged: Claims; those that the page spells letter by letter are left out.
        reached: The gold mentions that recall is asked of.

    Returns:
        `decided` and `points`, the latter by descending threshold, which is rounded to three places.
    """
    repairs = [j for j in judged if j.claim.sort == "repair" and j.verdict != "unknown"]
    decided = [j.verdict == "right" for j in repairs if not j.claim.held]
    scores = sorted(((round(j.claim.score, 3), j.verdict == "right") for j in repairs), reverse=True)
    reach = sorted((round(r.threshold, 3) for r in reached), reverse=True)
    points: list[dict[str, float]] = []
    claimed = right = found = 0
    for threshold in sorted({score for score, _ in scores}, reverse=True):
        while claimed < len(scores) and scores[claimed][0] >= threshold:
            right += scores[claimed][1]
            claimed += 1
        while found < len(reach) and reach[found] >= threshold:
            found += 1
        points.append(
            {
                "threshold": threshold,
                "right": right,
                "wrong": claimed - right,
                "precision": ratio(right, claimed),
                "found": found,
                "recall": ratio(found, len(reach)),
            }
        )
    return {
        "gold": len(reached),
        "decided": {
            "precision": ratio(sum(decided), len(decided)) if decided else None,
            "recall": ratio(sum(r.decided for r in reached), len(reached)),
        },
        "points": points,
    }
