"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


class _Share(click.FloatRange):
    """A number from 0 to 1; click lets NaN through, which no comparison holds back."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if number != number:
            self.fail(f"{value} is not in the range {self._describe_range()}.", param, ctx)
        return number


SHARE = _Share(0, 1)


def gazetteer_options(command: F) -> F:
    """`--gazetteer PATH` and `--no-default-gazetteer`."""
    for option in (
        click.option("--no-default-gazetteer", is_flag=True, help="Leave the project's own gazetteer out."),
        click.option(
            "--gazetteer",
            "gazetteer",
            multiple=True,
            metavar="PATH",
            help="Add a file or folder of YAML as a layer; may be given several times. A folder's own confusions.yaml, "
            "the last one's, replaces the default table of look-alikes.",
        ),
    ):
        command = option(command)
    return command


def tagger_option(command: F) -> F:
    """`--tagger none|cable|PATH|MODEL`."""
    return click.option(
        "--tagger",
        default="cable",
        show_default=True,
        metavar="none|cable|PATH|MODEL",
        help="What finds names that the gazetteer lacks: the project's own tagger, a folder of `cablenorm train "
        "tagger`, an installed spaCy pipeline such as en_core_web_sm, or nothing.",
    )(command)


def repair_options(command: F) -> F:
    """`--no-repair`, `--min-score SCORE` and `--priors FILE`."""
    for option in (
        click.option(
            "--priors",
            metavar="FILE",
            type=click.Path(dir_okay=False),
            help="How often names stand in the collection: a file of `cablenorm learn priors`.",
        ),
        click.option(
            "--min-score",
            metavar="SCORE",
            type=SHARE,
            help="Repairs of a lower score stay unknown, with their candidates.  [default: the shipped threshold]",
        ),
        click.option("--no-repair", is_flag=True, help="Leave damaged names alone."),
    ):
        command = option(command)
    return command


def settings_of(
    gazetteer: tuple[str, ...],
    no_default_gazetteer: bool,
    tagger: str,
    no_repair: bool = False,
    min_score: float | None = None,
    priors: str | None = None,
) -> Any:
    """The pipeline's settings from these options."""
    from normalizer.pipeline import Settings

    return Settings(
        tuple(gazetteer),
        not no_default_gazetteer,
        None if tagger == "none" else tagger,
        not no_repair,
        min_score,
        priors,
    )
