"""`cablenorm evaluate`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from normalizer.cli.options import gazetteer_options


@click.command("evaluate")
@click.argument("run", metavar="RUN", type=click.Path(path_type=Path))
@click.argument("gold", metavar="GOLD", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print all measures and the whole curve as a JSON object.")
@click.option(
    "--plot",
    default=None,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Draw the curve to FILE.png or FILE.svg; needs the extra cablenorm[plot].",
)
@click.option(
    "--label",
    "labels",
    multiple=True,
    metavar="LABEL",
    help="Measured where every mention is known; may be given several times.  [default: PERSON, PLACE, AIRCRAFT]",
)
@click.option(
    "--examples", default=0, show_default=True, type=click.IntRange(0), help="Wrong claims and missed mentions listed."
)
@click.option(
    "--words",
    default=None,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Ordinary words, with spaces or line breaks between, instead of the project's list.",
)
@gazetteer_options
def command(
    run: Path,
    gold: Path,
    as_json: bool,
    plot: Path | None,
    labels: tuple[str, ...],
    examples: int,
    words: Path | None,
    gazetteer: tuple[str, ...],
    no_default_gazetteer: bool,
) -> None:
    """Measure a run against gold: recall, precision, and whether scores mean what they say.

    RUN is the output folder of `cablenorm run`, or its documents.jsonl; give the gazetteer that it was
    made with. GOLD is one of two, in JSON Lines:

    \b
    A file with every mention known, an object a document:
      {"id": "page-1", "mentions": [{"start": 16, "end": 21, "label": "AIRCRAFT", "entity": "il-28"}]}
    start and end are half-open and count code points of the run's text. entity is an id of the
    gazetteer, a number in its links, or NIL for somebody it need not know. A mention may have
    name (Family, Given; enough without an entity), surface, clean_surface, kind (clean, garbled or
    lost) and twins (further ids that are right); a document may have text, level, and lists of spans
    as decoys (only look like mentions) and ignore (neither rewarded nor punished).

    \b
    A folder with two readings of each page:
      documents.jsonl  {"id": ..., "text": the reading that was run, "clean": a better one}
      gold.jsonl       {"id": ..., "mentions": [{start, end, label, name, kind}]}
    Claims are right where the better reading has the name, wrong where plain words stand there.

    The reliability table sets the scores beside the share that is right; the curve shows precision and
    recall of repairs, names that the page does not spell letter by letter, had the threshold been another.
    In both, a repair that the run held back counts as a link to its best candidate.

    \b
    Example:
      cablenorm evaluate out/ gold.jsonl --plot curve.svg
    """
    from normalizer.evaluation.links import LABELS
    from normalizer.evaluation.plot import check_plot, draw
    from normalizer.evaluation.report import evaluate
    from normalizer.evaluation.table import render
    from normalizer.gazetteer import load
    from normalizer.words import word_list

    if plot is not None:
        check_plot(plot)
    known_words = word_list("english") if words is None else _words(words)
    known = load(gazetteer, default=not no_default_gazetteer)
    wanted = tuple(dict.fromkeys(label.upper() for label in labels)) or LABELS
    report = evaluate(run, gold, known, known_words, labels=wanted, examples=examples)
    if not report["same_gazetteer"]:
        click.echo("notice: the run was made with another gazetteer; names and ids are looked up in this one", err=True)
    if plot is not None:
        draw(report["curve"], plot)
    click.echo(json.dumps(report, ensure_ascii=False) if as_json else render(report))


def _words(path: Path) -> frozenset[str]:
    from normalizer.errors import ConfigError

    try:
        return frozenset(path.read_text("utf-8").lower().split())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("--words", f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
