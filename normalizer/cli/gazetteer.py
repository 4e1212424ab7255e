"""`cablenorm gazetteer check | show | find | stats | export`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from normalizer.cli.exits import FAULTS
from normalizer.cli.importing import import_command
from normalizer.cli.options import gazetteer_options

if TYPE_CHECKING:
    from normalizer.gazetteer import Entity, Gazetteer

FORMAT_NAMES = ("jsonl", "csv", "openrefine", "solr", "elasticsearch", "skos")
SUGGESTIONS = 5
MOST_ROWS, MOST_WIDE = 25, 29
NEAR_ENOUGH = 70.0
"""RapidFuzz ratio from which a name is worth suggesting."""


@click.group("gazetteer")
def command() -> None:
    """Check a gazetteer, look into it, hand it on."""


@command.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option("--no-default-gazetteer", is_flag=True, help="Leave the project's own gazetteer out.")
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
def check(paths: tuple[Path, ...], no_default_gazetteer: bool, strict: bool) -> None:
    """Report every fault of the YAML at PATH..., and doubts as warnings.

    The paths are read as layers over the default gazetteer; without a path that one is checked itself.

    \b
    Example:
      cablenorm gazetteer check my-names.yaml
    """
    from normalizer.gazetteer import default_path
    from normalizer.gazetteer.layers import layer_files, read_layers
    from normalizer.gazetteer.lint import lint
    from normalizer.gazetteer.loader import load_layers
    from normalizer.words import word_list

    own = default_path().resolve()
    # A part of the default gazetteer is checked in its place, not laid over itself.
    outside = [p for p in paths if not p.resolve().is_relative_to(own)]
    layers = read_layers(outside, default=len(outside) < len(paths) or not paths or not no_default_gazetteer)
    merged = load_layers(layers)
    asked = {str(f.resolve()) for f in layer_files(paths or [own])}
    doubts = [d for d in lint(merged, word_list("english")) if str(Path(d.path).resolve()) in asked]
    for doubt in doubts:
        click.echo(f"warning: {doubt}")
    files = len(asked)
    click.echo(
        f"no faults, {len(doubts)} warning{'s' if len(doubts) != 1 else ''} in {files} file{'s' if files != 1 else ''}"
    )
    if strict and doubts:
        sys.exit(FAULTS)


@command.command("show")
@click.argument("entity_id", metavar="ID")
@gazetteer_options
def show(entity_id: str, gazetteer: tuple[str, ...], no_default_gazetteer: bool) -> None:
    """Show all that the gazetteer knows of the entry ID.

    \b
    Example:
      cablenorm gazetteer show il-28
    """
    from rapidfuzz import process

    from normalizer.errors import ConfigError
    from normalizer.gazetteer import load

    known = load(gazetteer, default=not no_default_gazetteer)
    numbers = known.numbers(entity_id)
    if not numbers:
        near = [hit for hit, _, _ in process.extract(entity_id, known.ids(), limit=3, score_cutoff=NEAR_ENOUGH)]
        hint = f"; did you mean {', '.join(near)}?" if near else "; `cablenorm gazetteer find NAME` looks names up"
        raise ConfigError(entity_id, f"no entry has this id{hint}")
    for number in numbers:
        _print_entity(known.entity(number))


def _print_entity(ent: Entity) -> None:
    from normalizer.gazetteer.export import to_dict

    data = to_dict(ent)
    click.echo(f"{click.style(ent.name, bold=True)}  {ent.id}  {ent.type}")
    for name, value in data.items():
        if name in ("id", "type", "name", "misreadings") or not value:
            continue
        if name == "posts":
            value = "; ".join(", ".join(v for v in (p["title"], p["at"], p["dates"]) if v) for p in value)
        elif isinstance(value, dict):
            value = ", ".join(f"{k} {v}" for k, v in value.items())
        elif isinstance(value, list):
            value = ", ".join(map(str, value))
        click.echo(f"  {name}: {value}")
    for misreading in ent.misreadings:
        scope = misreading.when
        parts = [] if scope is None else [f"dates {scope.dates}" if scope.dates else ""]
        if scope is not None:
            for what in ("documents", "near", "not_near"):
                terms = getattr(scope, what)
                parts.append(f"{what} {', '.join(terms)}" if terms else "")
        where = "; ".join(p for p in parts if p) or "anywhere"
        click.echo(f"  misread {misreading.text!r}: {where} ({misreading.evidence or 'not attested'})")


@command.command("find")
@click.argument("name", nargs=-1, required=True)
@gazetteer_options
def find(name: tuple[str, ...], gazetteer: tuple[str, ...], no_default_gazetteer: bool) -> None:
    """Find entries by any of their names, or names that are spelt nearly so.

    \b
    Example:
      cablenorm gazetteer find Kuznetsov
    """
    from rapidfuzz import fuzz, process

    from normalizer.folding import fold_name
    from normalizer.gazetteer import load

    known = load(gazetteer, default=not no_default_gazetteer)
    wanted = fold_name(" ".join(name))
    if not _print_pattern(known, wanted):
        near = process.extract(wanted, known.patterns, scorer=fuzz.ratio, limit=SUGGESTIONS, score_cutoff=NEAR_ENOUGH)
        click.echo(f"no entry is called {' '.join(name)!r}" + ("; near it:" if near else ""))
        for pattern, _, _ in near:
            _print_pattern(known, pattern)


def _print_pattern(known: Gazetteer, wanted: str) -> bool:
    from bisect import bisect_left

    at = bisect_left(known.patterns, wanted)
    if at == len(known.patterns) or known.patterns[at] != wanted:
        return False
    for number in dict.fromkeys(known.form_entity[form] for form in known.forms(at)):
        ent = known.entity(number)
        years = "–".join(str(d)[:4] if d else "" for d in (ent.born, ent.died)) if ent.born or ent.died else ent.active
        click.echo(f"{ent.id:32} {ent.type:13} {ent.name}{f'  ({years})' if years else ''}")
    return True


@command.command("stats")
@click.option("--all", "everything", is_flag=True, help="Every country and source, not the largest alone.")
@gazetteer_options
def stats(everything: bool, gazetteer: tuple[str, ...], no_default_gazetteer: bool) -> None:
    """Count entries and names by type, period, country and source.

    \b
    Example:
      cablenorm gazetteer stats
    """
    from normalizer.gazetteer import load
    from normalizer.gazetteer.coverage import coverage

    known = load(gazetteer, default=not no_default_gazetteer)
    counts: dict[str, Counter[str]] = {}
    for ent in known.entities():
        row = counts.setdefault(ent.type, Counter())
        row["entries"] += 1
        row["aliases"] += len(ent.aliases)
        row["misreadings"] += len(ent.misreadings)
        row["dated"] += bool(ent.active or ent.born or ent.died)
        row["linked"] += bool(ent.links)
    columns = ("entries", "aliases", "misreadings", "dated", "linked")
    click.echo(f"{'type':14}" + "".join(f"{c:>13}" for c in columns))
    for kind, row in sorted(counts.items()):
        click.echo(f"{kind:14}" + "".join(f"{row[c]:>13,}" for c in columns))
    kinds = sorted(counts)
    for what, rows in coverage(known.entities()).items():
        click.echo(f"\n{what:30}" + "".join(f"{kind:>13}" for kind in kinds))
        ranked = sorted(rows) if what == "period" else sorted(rows, key=lambda v: (-rows[v].total(), v))
        shown = ranked if everything or what == "period" else ranked[:MOST_ROWS]
        for value in shown:
            name = value if len(value) <= MOST_WIDE else value[: MOST_WIDE - 1] + "…"
            click.echo(f"{name:30}" + "".join(f"{rows[value][kind]:>13,}" for kind in kinds))
        if len(shown) < len(ranked):
            click.echo(f"and {len(ranked) - len(shown):,} more; --all shows them")
    click.echo(f"\n{len(known):,} entries, {len(known.patterns):,} spellings, {known.version}")


@command.command("export")
@click.option(
    "--format", "form", type=click.Choice(FORMAT_NAMES), default="jsonl", show_default=True, help="Of the lines."
)
@gazetteer_options
def export(form: str, gazetteer: tuple[str, ...], no_default_gazetteer: bool) -> None:
    """Write every entry to standard output.

    jsonl and csv have a line an entity, openrefine a row a name; solr and elasticsearch are synonym
    files; skos is Turtle and needs the extra cablenorm[skos].

    \b
    Example:
      cablenorm gazetteer export --format csv > names.csv
    """
    from normalizer.gazetteer import load
    from normalizer.gazetteer.export import FORMATS

    FORMATS[form](load(gazetteer, default=not no_default_gazetteer).entities(), sys.stdout)


command.add_command(import_command)
