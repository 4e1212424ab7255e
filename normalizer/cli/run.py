"""`cablenorm run`."""

from __future__ import annotations

import codecs
import sys
from pathlib import Path

import click

from normalizer.cli.exits import SOME_FAILED
from normalizer.cli.options import gazetteer_options, repair_options, settings_of, tagger_option

MOST_SHOWN = 10
"""Failures and notices shown at the end of a run; the summary has them all."""


@click.command("run")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Folder for the output.")
@click.option("--overwrite", is_flag=True, help="Replace earlier output in DIR.")
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1), help="Worker processes.")
@click.option("--id-key", default="id", show_default=True, help="Key of a JSONL record that holds its id.")
@click.option("--text-key", default="text", show_default=True, help="Key that holds its text.")
@click.option("--date-key", default="date", show_default=True, help="Key that holds its date.")
@click.option("--source-key", default="source", show_default=True, help="Key that holds its source.")
@click.option("--encoding", default=None, help="Encoding of the input; found out by default.")
@tagger_option
@repair_options
@gazetteer_options
def command(
    inputs: tuple[Path, ...],
    out: Path,
    overwrite: bool,
    jobs: int,
    id_key: str,
    text_key: str,
    date_key: str,
    source_key: str,
    encoding: str | None,
    tagger: str,
    gazetteer: tuple[str, ...],
    no_default_gazetteer: bool,
    no_repair: bool,
    min_score: float | None,
    priors: str | None,
) -> None:
    """Resolve the names of every document in files and folders (.txt .md .jsonl .jsonl.gz).

    Writes documents.jsonl, index.sqlite for `cablenorm search`, and summary.json to DIR.

    \b
    Example:
      cablenorm run scans/ more.jsonl.gz --out out/ --jobs 2
    """
    from tqdm import tqdm

    from normalizer.batch import check_inputs, run
    from normalizer.errors import ConfigError
    from normalizer.readers import Options

    if encoding is not None:
        try:
            codecs.lookup(encoding)
        except LookupError as error:
            raise ConfigError("--encoding", f"{error}; Python's names for encodings are known") from error
    size = check_inputs(inputs, out)
    documents = 0
    # disable=None: no bar where standard error is no terminal.
    with tqdm(total=size, unit="B", unit_scale=True, disable=None, file=sys.stderr) as bar:

        def progress(read_bytes: int, written: int) -> None:
            nonlocal documents
            documents += written
            bar.update(read_bytes)
            if written:
                bar.set_postfix_str(f"{documents:,} documents", refresh=False)

        summary = run(
            inputs,
            out,
            settings_of(gazetteer, no_default_gazetteer, tagger, no_repair, min_score, priors),
            options=Options(id_key, text_key, date_key, source_key, encoding),
            jobs=jobs,
            overwrite=overwrite,
            progress=progress,
        )
    counts = ", ".join(f"{n:,} {kind}" for kind, n in summary.to_dict()["decisions"].items())
    click.echo(
        f"{summary.documents:,} document{'' if summary.documents == 1 else 's'} in {summary.seconds:.1f} s, "
        f"mentions: {counts}"
    )
    for rows, total, what in (
        (summary.notices, summary.noticed, "notice"),
        (summary.failures, summary.failed, "failed"),
    ):
        for row in rows[:MOST_SHOWN]:
            where = f"{row['source'] or row.get('id')}{':' + str(row['line']) if row['line'] else ''}"
            click.echo(f"{what}: {where}: {row['reason']}", err=True)
        if total > MOST_SHOWN:
            click.echo(f"{what}: {total - MOST_SHOWN:,} more, see {out / 'summary.json'}", err=True)
    if summary.skipped_files:
        click.echo(f"notice: {summary.skipped_files:,} files of other kinds left alone", err=True)
    if summary.failed:
        click.echo(f"{summary.failed:,} failed and are not in the output; reasons: {out / 'failures.jsonl'}", err=True)
        sys.exit(SOME_FAILED)
