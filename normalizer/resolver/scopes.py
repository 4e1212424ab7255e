"""Whether the scope of an alias or a misreading holds at a place of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from functools import cache

from normalizer.dates import Interval, parse_range
from normalizer.folding import fold_name
from normalizer.gazetteer import Scope
from normalizer.model import Document, Evidence
from normalizer.resolver.page import Page

Places = Callable[[str], Iterable[tuple[int, int]]]
"""Where in the folded copy any name of an entity id stands."""


@cache
def _padded(terms: tuple[str, ...]) -> list[tuple[str, str]]:
    """Terms, each with the folded form that it has between words."""
    return [(term, f" {fold_name(term)} ") for term in terms]


def holds(
    scope: Scope, doc: Document, when: Interval | None, page: Page, start: int, end: int, places: Places
) -> tuple[Evidence, ...] | None:
    """The evidence that every key of a scope holds, or None where one does not.

    Args:
        scope: The scope.
        doc: The document; `documents` is matched against its id and source.
        when: The days of the document's date; None where unknown, and then `dates` fails.
        page: The page.
        start: Where the name begins.
        end: Where it ends.
        places: Where the names of an entity stand, for terms written `id:ENTITY`.
    """
    evidence: list[Evidence] = []
    if scope.dates is not None:
        if when is None or not when.overlaps(parse_range(scope.dates)):
            return None
        evidence.append(Evidence("scope", f"the document's date {doc.date} lies in {scope.dates}"))
    if scope.documents:
        names = [n for n in (doc.id, doc.source) if n]
        glob = next((g for g in scope.documents if any(fnmatchcase(n, g) for n in names)), None)
        if glob is None:
            return None
        evidence.append(Evidence("scope", f"the document is one of {glob}"))
    if scope.near or scope.not_near:
        left, right = page.window(start, end, scope.within)

        def standing(terms: tuple[str, ...]) -> str | None:
            for term, padded in _padded(terms):
                if term.startswith("id:"):
                    first, last = page.folded.offsets.forward(start, end)
                    area, spots = (first - len(left), last + len(right)), places(term[3:])
                    if any(area[0] <= a and b <= area[1] and (b <= first or a >= last) for a, b in spots):
                        return term
                elif padded in left or padded in right:
                    return term
            return None

        if scope.not_near and standing(scope.not_near):
            return None
        if scope.near:
            near = standing(scope.near)
            if near is None:
                return None
            evidence.append(Evidence("scope", f"{near!r} stands within {scope.within} words"))
    return tuple(evidence)
