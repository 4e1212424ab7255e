"""`cablenorm text`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from normalizer.cli.marks import marked
from normalizer.cli.options import gazetteer_options, repair_options, settings_of, tagger_option


@click.command("text")
@click.argument("file", required=False, metavar="[FILE]", type=click.Path(path_type=Path))
@click.option("--date", default=None, metavar="DATE", help="Date of the document: YYYY, YYYY-MM or YYYY-MM-DD.")
@click.option("--json", "as_json", is_flag=True, help="Print the document of output schema 1.")
@tagger_option
@repair_options
@gazetteer_options
def command(
    file: Path | None,
    date: str | None,
    as_json: bool,
    tagger: str,
    gazetteer: tuple[str, ...],
    no_default_gazetteer: bool,
    no_repair: bool,
    min_score: float | None,
    priors: str | None,
) -> None:
    """Show the names of one text, from FILE or from standard input.

    \b
    Example:
      echo "Kuznetsov on the IL 28's" | cablenorm text
    """
    from normalizer.dates import parse_date
    from normalizer.errors import ConfigError
    from normalizer.model import Document
    from normalizer.pipeline import Pipeline
    from normalizer.readers.decoding import decode

    name = "standard input" if file is None or str(file) == "-" else str(file)
    from_input = file is None or str(file) == "-"
    if from_input and sys.stdin is None:
        raise ConfigError(name, "is closed; give a FILE")
    try:
        data = sys.stdin.buffer.read() if from_input or file is None else file.read_bytes()
        text = decode(data)
    except OSError as error:
        raise ConfigError(name, f"cannot be read: {error.strerror or error}") from error
    except ValueError as error:
        raise ConfigError(name, str(error)) from error
    if date is not None:
        try:
            parse_date(date)
        except ValueError as error:
            raise ConfigError("--date", str(error)) from error
    doc = Document(id=file.stem if file is not None else "-", text=text, date=date)
    record = (
        Pipeline(settings_of(gazetteer, no_default_gazetteer, tagger, no_repair, min_score, priors))
        .process(doc)
        .to_dict()
    )
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False))
        return
    normalized = record["normalized"]
    spans = [
        (m["start"], m["end"], m["label"], m["decision"], normalized[m["normalized_start"] : m["normalized_end"]])
        for m in record["mentions"]
    ]
    click.echo(marked(text.rstrip("\n"), spans))
    if spans:
        click.echo()
    for m in record["mentions"]:
        who = m["entity"] or ", ".join(c["entity"] for c in m["candidates"])
        surface = " ".join(m["text"].split())
        click.echo(f"{surface:24} {m['label']:12} {m['decision']:9} {m['score']:.2f}  {who}")
        for reason in m["evidence"]:
            click.echo(click.style(f"    {reason}", dim=True))
