"""`cablenorm gazetteer import`."""

from __future__ import annotations

from pathlib import Path

import click

SHOWN = 20
"""Lines of each part of the report that are printed without `--all`."""


@click.command("import")
@click.argument("table", type=click.Path(path_type=Path))
@click.option(
    "--type",
    "entity_type",
    required=True,
    metavar="TYPE",
    help="person, aircraft, missile, place, organization or your own.",
)
@click.option("--source", required=True, help="Where the table comes from; every entry will name it.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The YAML file to write; with --split a folder."
)
@click.option(
    "--map", "maps", multiple=True, metavar="COLUMN=KEY", help="What a column holds; may be given several times."
)
@click.option(
    "--split",
    type=click.Choice(["none", "initial", "country", "kind"]),
    default="none",
    show_default=True,
    help="Write a file for each first letter of the ids, country or kind.",
)
@click.option(
    "--id-link", metavar="KEY", help="The key that identifies a row in every version of the table: links.frus."
)
@click.option(
    "--gazetteer",
    "layers",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A layer whose ids win; may be repeated.",
)
@click.option(
    "--near",
    metavar="WORDS",
    help="Words, parted by commas, that must stand near names which also mean something else.",
)
@click.option("--without", multiple=True, metavar="NAME", help="A name of the table to leave out; may be repeated.")
@click.option(
    "--years", metavar="A..B", help="Make no new entry for whoever was gone before or came after these years."
)
@click.option("--all", "everything", is_flag=True, help="Print the whole report.")
def import_command(
    table: Path,
    entity_type: str,
    source: str,
    out: Path,
    maps: tuple[str, ...],
    split: str,
    id_link: str | None,
    layers: tuple[Path, ...],
    near: str | None,
    without: tuple[str, ...],
    years: str | None,
    everything: bool,
) -> None:
    """Turn a table of names (CSV, TSV, JSON Lines) into a layer of the gazetteer.

    A KEY is id, name, family, given, forms, aliases, born, died, active, active.start, active.end, prominence, kind,
    country, lat, lon, post.title, post.at, post.start, post.end, links.NAME, facts.NAME, or - for nothing. Columns
    that you do not map go by their names. A column may be a template: --map "{kind} {year}=facts.note".

    Imported again, a newer table keeps the ids of the entries that stand in --out.

    \b
    Example:
      cablenorm gazetteer import people.csv --type person --source "my list" --out people.yaml
    """
    from normalizer.errors import ConfigError
    from normalizer.gazetteer.importing import import_table

    keys = {}
    for pair in maps:
        column, equals, key = pair.rpartition("=")
        if not equals or not column or not key:
            raise ConfigError(f"--map {pair}", "write COLUMN=KEY")
        keys[column] = key
    words = [w.strip() for w in near.split(",") if w.strip()] if near else []
    report = import_table(
        table,
        entity_type,
        source=source,
        out=out,
        keys=keys,
        split=split,
        id_link=id_link,
        layers=layers,
        near=words,
        without=without,
        years=years,
    )
    click.echo(f"columns: {', '.join(f'{c} -> {k}' for c, k in report.keys.items())}")
    if report.unused:
        click.echo(f"not used: {', '.join(report.unused)}")
    for head, lines in (("merged", report.merged), ("skipped", report.skipped), ("in doubt", report.doubts)):
        for line, who, why in lines if everything else lines[:SHOWN]:
            click.echo(f"{head}: {table}:{line}: {f'{who}: ' if who else ''}{why}")
        if len(lines) > SHOWN and not everything:
            click.echo(f"{head}: {len(lines) - SHOWN} more; --all prints them")
    if report.gone:
        click.echo(f"{len(report.gone)} entries of {out} are not in this table and stay as they are")
    click.echo(
        f"{report.rows} rows: {len(report.added)} entries new, {report.kept} brought up to date, "
        f"{len(report.merged)} rows merged, {len(report.skipped)} skipped; "
        f"{len(report.files)} file{'s' if len(report.files) != 1 else ''} in {out}"
    )
