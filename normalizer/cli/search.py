"""`cablenorm search`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from normalizer.cli.marks import marked

if TYPE_CHECKING:
    from normalizer.search import Hit


@click.command("search")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("query", nargs=-1)
@click.option("--entity", "entity", multiple=True, metavar="ID|NAME", help="Documents that mention this entity.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(0), help="Documents shown at most.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a document.")
def command(folder: Path, query: tuple[str, ...], entity: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Search the output DIR of a run by words, a "phrase in quotes", or an entity.

    All words must stand in the document, in the page or in its normalized text. A query that is a
    name of an entity finds the documents that mention it under any name. With words and --entity, a
    document needs both.

    \b
    Example:
      cablenorm search out/ Kuznetsov
      cablenorm search out/ '"soviet bombers"'
      cablenorm search out/ --entity il-28
    """
    from normalizer.errors import ConfigError
    from normalizer.search import Index

    if not query and not entity:
        raise ConfigError("QUERY", "give words to search for, or --entity")
    words = " ".join(query)
    index = Index(folder)
    entities: list[tuple[str, str, str]] = []
    for wanted in entity:
        found = index.resolve(wanted)
        if not found:
            raise ConfigError("--entity", f"no entity in this index is called {wanted!r}")
        entities += found
    if not entity:
        entities = index.resolve(words.strip('"'))
    total, hits = index.search(words or None, entities, limit, both=bool(words and entity))
    shown = 0
    for hit in hits:
        shown += 1
        if as_json:
            click.echo(json.dumps(hit.to_dict(), ensure_ascii=False))
        else:
            show_hit(hit)
    if not as_json:
        names = ", ".join(f"{name} ({own})" for _, own, name in entities)
        also = f"; also under every name of {names}" if names and not entity else ""
        count = f"{total:,} document{'s' if total != 1 else ''}" if total else "nothing"
        more = f", {shown:,} shown" if shown < total else ""
        click.echo(f"{count} found{more}{also}")
    index.close()


def show_hit(hit: Hit) -> None:
    """A document found: its id and date, and the page around the hits with readings beside them."""
    click.echo(click.style(hit.id, bold=True) + (f"  {hit.date}" if hit.date else ""))
    for snippet in hit.snippets:
        spans = [(r.start, r.end, r.label, r.decision, r.reading) for r in snippet.readings]
        text = " ".join(marked(snippet.text, spans, snippet.hit).split())
        click.echo(f"  … {text} …")
        for r in snippet.readings:
            if r.start < snippet.hit.end and snippet.hit.start < r.end and r.entity:
                click.echo(click.style(f"      {r.name} ({r.entity}), {r.method}, {r.score:.2f}", dim=True))
