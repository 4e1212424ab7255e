"""`cablenorm learn`: confusions, words, the repair score, identity, and priors."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import click

from normalizer.cli.options import SHARE, gazetteer_options


def _out(ctx: click.Context, param: click.Parameter, path: Path) -> Path:
    """The path, if it can be one of a new file: what takes hours to learn should not fail at the end."""
    from normalizer.errors import ConfigError

    if not path.parent.is_dir():
        raise ConfigError("--out", f"{path} cannot be written: there is no folder {path.parent}; make it first")
    return path


PAIRS = click.argument("pairs", nargs=-1, required=True, metavar="PAIRS...", type=click.Path(path_type=Path))
OUT = click.option("--out", required=True, metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
                   callback=_out, help="File to write.")  # fmt: skip


def _write(path: Path, text: str) -> None:
    from normalizer.errors import ConfigError

    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, "utf-8", newline="\n")
        part.replace(path)
    except OSError as error:
        raise ConfigError("--out", f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            part.unlink()  # what is whole has its own name by now


@click.group("learn")
def command() -> None:
    """Learn from texts what repairs are made with.

    \b
    PAIRS are JSONL files (.gz or not) of documents that were read twice by machine:
      {"id": "...", "clean": "the better reading", "ocr": "the worse"}
    """


@command.command("confusions")
@PAIRS
@OUT
@click.option("--source", default="two readings of the same pages", show_default=True, help="Noted in the file.")
def confusions(pairs: tuple[Path, ...], out: Path, source: str) -> None:
    """Look-alikes and their costs, as confusions.yaml of a gazetteer.

    \b
    Example:
      cablenorm learn confusions pairs.jsonl.gz --out gazetteer/confusions.yaml
    """
    from normalizer.learn.confusions import learn_confusions, to_yaml
    from normalizer.learn.readings import read_pairs

    table = learn_confusions(read_pairs(pairs))
    _write(out, to_yaml(table, source))
    click.echo(", ".join(f"{sum(_size(v) for v in rows.values()):,} {part}" for part, rows in table.items()))


def _size(row: object) -> int:
    return len(row) if isinstance(row, dict) else 1


@command.command("words")
@PAIRS
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True),
              help="Folder for word_counts.txt, name_counts.txt, neighbours.txt.")  # fmt: skip
@click.option("--source", default="the better readings", show_default=True, help="Noted in the files.")
@gazetteer_options
def words(
    pairs: tuple[Path, ...], out: Path, source: str, gazetteer: tuple[str, ...], no_default_gazetteer: bool
) -> None:
    """Counts of words and of what stands beside names, in the better readings.

    \b
    Example:
      cablenorm learn words pairs.jsonl.gz --out normalizer/data/
    """
    from normalizer.gazetteer import confusions_path, load
    from normalizer.learn.readings import read_pairs
    from normalizer.learn.words import count_names, count_neighbours, count_words
    from normalizer.repair.channel import load_confusions

    texts = [pair.better for pair in read_pairs(pairs, both=False)]
    known = load(gazetteer, default=not no_default_gazetteer)
    confusions = load_confusions(confusions_path(gazetteer))
    tables: dict[str, tuple[str, Iterable[tuple[object, ...]]]] = {
        "word_counts": ("word, times, times in small letters", count_words(texts, known, confusions)),
        "name_counts": ("name of several words, run together, and its times", count_names(texts, known)),
        "neighbours": (
            "side, word, label, log-odds that a name of the label stands there against any word",
            count_neighbours(texts, known),
        ),
    }
    for name, (columns, rows) in tables.items():
        lines = [f"# {columns}; {' '.join(source.split())}", *(" ".join(map(str, row)) for row in rows)]
        _write(out / f"{name}.txt", "\n".join(lines) + "\n")
    click.echo(f"{len(texts):,} documents")


@command.command("score")
@PAIRS
@OUT
@click.option("--precision", default=0.97, show_default=True, type=SHARE,
              help="Share of right ones among repairs, which sets the threshold.")  # fmt: skip
@click.option("--min-score", metavar="FLOAT", type=SHARE, help="The threshold itself; --precision has no say then.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**31 - 1),
              help="Of the random draws in training; the same seed gives the same weights.")  # fmt: skip
@gazetteer_options
def score(
    pairs: tuple[Path, ...],
    out: Path,
    precision: float,
    min_score: float | None,
    seed: int,
    gazetteer: tuple[str, ...],
    no_default_gazetteer: bool,
) -> None:
    """Weights of the repair score.

    \b
    Example:
      cablenorm learn score pairs.jsonl.gz --out normalizer/data/repair.json
    """
    import json

    from normalizer.gazetteer import confusions_path, load
    from normalizer.learn.readings import read_pairs
    from normalizer.learn.score import learn_score
    from normalizer.repair.channel import load_confusions
    from normalizer.repair.finding import Finder

    known = load(gazetteer, default=not no_default_gazetteer)
    finder = Finder(known, load_confusions(confusions_path(gazetteer)))
    data, told = learn_score(read_pairs(pairs), known, finder, precision, seed, min_score)
    _write(out, json.dumps(data, separators=(",", ":")) + "\n")
    click.echo(told)


@command.command("identity")
@click.argument("gold", nargs=-1, required=True, metavar="GOLD...", type=click.Path(path_type=Path))
@OUT
@click.option("--source", required=True, help="Where the texts come from; noted in the file.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**31 - 1),
              help="Of the folds by which documents are held out for the report.")  # fmt: skip
@gazetteer_options
def identity(
    gold: tuple[Path, ...], out: Path, source: str, seed: int, gazetteer: tuple[str, ...], no_default_gazetteer: bool
) -> None:
    """Weights of the identity model: which bearer of a name is meant.

    \b
    GOLD are JSONL files (.gz or not) of two kinds of documents:
      {"id", "text", "date", "mentions": [{"start", "end", "label", "entity"}]}   who is meant everywhere
      {"id", "clean"} or {"id", "text"}   plain texts, where full names tell what family names mean
    An entity is an id of the gazetteer, a `links.frus` of one, or NIL. What is reported is of documents held out.

    \b
    Example:
      cablenorm learn identity cables.jsonl --source "cables of ours" --out normalizer/data/identity.json
    """
    import json

    from normalizer.gazetteer import confusions_path, load
    from normalizer.learn.identity import Pages, learn_identity, read_gold
    from normalizer.repair import Repairer
    from normalizer.repair.channel import load_confusions

    known = load(gazetteer, default=not no_default_gazetteer)
    pages = Pages(known, Repairer(known, load_confusions(confusions_path(gazetteer))))
    data, told = learn_identity(list(read_gold(gold)), pages, source, seed)
    _write(out, json.dumps(data, indent=1) + "\n")
    click.echo(told)


@command.command("priors")
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@OUT
def priors(run: Path, out: Path) -> None:
    """How often names stand in a collection, counted in a run over it, for `cablenorm run --priors`.

    \b
    Example:
      cablenorm learn priors out/ --out priors.yaml
    """
    from normalizer.learn.priors import count_names
    from normalizer.repair.priors import priors_yaml

    words, names = count_names(run)
    _write(out, priors_yaml(words, names))
    click.echo(f"{len(names):,} names in {words:,} words")
