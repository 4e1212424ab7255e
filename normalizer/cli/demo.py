"""`cablenorm demo`."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

import click

MOST_SHOWN = 6
QUERIES = ("Kuznetsov", "IL-28")


@click.command("demo")
@click.option("--out", default=None, metavar="DIR", type=click.Path(path_type=Path), help="Keep the output here.")
@click.option("--overwrite", is_flag=True, help="Replace earlier output in DIR.")
def command(out: Path | None, overwrite: bool) -> None:
    """Run over eight sample documents, show what was found, and search it.

    \b
    Example:
      cablenorm demo --out demo/
    """
    from tempfile import TemporaryDirectory

    if out is not None:
        show(out, overwrite)
        click.echo(f"\nKept in {out}; try: cablenorm search {out} Miami")
        return
    with TemporaryDirectory() as scratch:
        show(Path(scratch) / "out", overwrite)


def show(out: Path, overwrite: bool) -> None:
    """The demonstration, with its output in a folder."""
    from normalizer.batch import run
    from normalizer.cli.search import show_hit
    from normalizer.pipeline import Settings
    from normalizer.search import Index

    with as_file(files("normalizer") / "samples") as samples:
        summary = run(sorted(samples.glob("*.txt")), out, Settings(), overwrite=overwrite)
    counts = ", ".join(f"{n} {kind}" for kind, n in summary.to_dict()["decisions"].items())
    click.echo(f"{summary.documents} sample documents, {summary.characters:,} characters; mentions: {counts}\n")
    index = Index(out)
    for kind, rows in index.facets(MOST_SHOWN).items():
        named = ", ".join(f"{name} ({mentions})" for _, name, _, mentions in rows)
        click.echo(f"{click.style(kind, bold=True)}: {named}")
    for query in QUERIES:
        click.echo(f"\n$ cablenorm search {out.name} {query}")
        _, hits = index.search(query, index.resolve(query), limit=3)
        for hit in hits:
            show_hit(hit)
    index.close()
