"""`cablenorm report`: what a run tells about a collection."""

from __future__ import annotations

from pathlib import Path

import click


@click.group("report")
def command() -> None:
    """What a run tells about a collection."""


@command.command("unknowns")
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--most", default=50, show_default=True, type=click.IntRange(1), help="Names of each type.")
@click.option("--least", default=2, show_default=True, type=click.IntRange(1), help="Times that a name must stand.")
def unknowns(run: Path, most: int, least: int) -> None:
    """The most frequent names that the gazetteer does not know, as a layer to be completed.

    Prints YAML: an entry a name, with how often and where it stands as comments. What is no name is to be
    deleted, the rest completed and given to --gazetteer.

    \b
    Example:
      cablenorm report unknowns out/ > new-names.yaml
    """
    from normalizer.unknowns import count_unknowns, to_yaml

    click.echo(to_yaml(count_unknowns(run), most=most, least=least), nl=False)
