"""`cablenorm train`: the tagger."""

from __future__ import annotations

from pathlib import Path

import click

from normalizer.cli.learn import PAIRS
from normalizer.cli.options import gazetteer_options


@click.group("train")
def command() -> None:
    """Train the tagger on pages that were read twice."""


@command.command("tagger")
@PAIRS
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path, file_okay=False),
              help="Folder for the pipeline; --tagger DIR uses it.")  # fmt: skip
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0, 2**31 - 1),
              help="Of the random draws; the same seed gives the same weights.")  # fmt: skip
@click.option("--epochs", default=None, type=click.IntRange(1), help="Times that the readings are gone through.")
@click.option("--without", multiple=True, metavar="FILE", type=click.Path(path_type=Path, dir_okay=False, exists=True),
              help="JSONL of documents, by id, that are not learnt from.")  # fmt: skip
@click.option("--gold", multiple=True, metavar="FILE", type=click.Path(path_type=Path, dir_okay=False, exists=True),
              help="JSONL with `text` and `mentions`: measured at the end, names met and not met apart.")  # fmt: skip
@click.option("--sheet", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
              help="Write 200 random labels with what stands around them, to be read.")  # fmt: skip
@gazetteer_options
def tagger(
    pairs: tuple[Path, ...],
    out: Path,
    seed: int,
    epochs: int | None,
    without: tuple[Path, ...],
    gold: tuple[Path, ...],
    sheet: Path | None,
    gazetteer: tuple[str, ...],
    no_default_gazetteer: bool,
) -> None:
    """A tagger of people, places, aircraft, missiles and organizations.

    \b
    PAIRS are JSONL files (.gz or not) of documents that were read twice by machine:
      {"id": "...", "clean": "the better reading", "ocr": "the worse, or null"}
    Nobody labels anything: the better reading is labelled by the gazetteer and by rules, the worse by
    aligning both, and passages that ship are filled with names.

    \b
    Example:
      cablenorm train tagger pairs.jsonl.gz --out tagger/
    """
    from dataclasses import replace

    from normalizer.errors import ConfigError
    from normalizer.gazetteer import confusions_path, load
    from normalizer.repair.channel import load_confusions
    from normalizer.tagger.record import train
    from normalizer.tagger.training import Plan

    plan = Plan(seed=seed)
    if epochs is not None:
        plan = replace(plan, epochs=epochs)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError("--out", f"{out} cannot be made: {error.strerror or error}") from error
    record = train(
        pairs,
        out,
        plan,
        load(gazetteer, default=not no_default_gazetteer),
        load_confusions(confusions_path(gazetteer)),
        without=without,
        gold=gold,
        sheet=sheet,
        tell=click.echo,
    )
    for name, scores in record["scores"].items():
        click.echo(f"{name}: " + ", ".join(f"{key} {value}" for key, value in scores.items()))
