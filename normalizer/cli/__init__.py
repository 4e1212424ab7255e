"""The command line: one thin function a command, a module a group.

Only here does the project print, read the environment or exit. Modules that take time to import
(spaCy, YAML) are imported by the commands that need them.
"""

from __future__ import annotations

import io
import os
import sys
from importlib.util import find_spec
from typing import Any

import click

from normalizer import __version__
from normalizer.cli.exits import FAULTS, INTERRUPTED, SOME_FAILED, WRONG_USE
from normalizer.errors import CablenormError, ConfigError, GazetteerError, MissingExtraError, SinkError

EPILOG = """\b
Exit codes:
  0  done
  1  faults found in a gazetteer
  2  wrong use: an option, a path or a setting
  3  some documents failed, or not everything could be written
  130  interrupted; what was written is whole
"""
_COMMANDS = {
    "run": "normalizer.cli.run",
    "search": "normalizer.cli.search",
    "text": "normalizer.cli.text",
    "demo": "normalizer.cli.demo",
    "evaluate": "normalizer.cli.evaluate",
    "gazetteer": "normalizer.cli.gazetteer",
    "learn": "normalizer.cli.learn",
    "train": "normalizer.cli.train",
    "report": "normalizer.cli.report",
}


def _how_it_runs() -> str:
    spec = find_spec("normalizer.folding")
    return "plain Python" if spec is None or str(spec.origin).endswith(".py") else "compiled"


class _Lazy(click.Group):
    """Imports a command's module when the command is asked for, and turns errors into exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        from importlib import import_module

        command: click.Command = import_module(_COMMANDS[name]).command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # The reader of our output has seen enough. What is left in the buffer has nowhere to go.
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123
            return None

    def main(self, *args: Any, **kwargs: Any) -> Any:
        # Products of small matrices in several threads take more of the processor, not less; --jobs is for that.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")  # a console that cannot show an arrow
        try:
            return super().main(*args, **{**kwargs, "standalone_mode": False})
        except click.ClickException as error:
            error.show()
            sys.exit(WRONG_USE)
        except (click.Abort, KeyboardInterrupt):
            click.echo("interrupted; what was written is whole", err=True)
            sys.exit(INTERRUPTED)
        except GazetteerError as error:
            click.echo(str(error), err=True)
            sys.exit(FAULTS)
        except (ConfigError, MissingExtraError) as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(WRONG_USE)
        except SinkError as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(SOME_FAILED)
        except CablenormError as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(SOME_FAILED)


@click.group(
    cls=_Lazy, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="cablenorm", message=f"%(prog)s, version %(version)s, {_how_it_runs()}")
def main() -> None:
    """Find the names in badly scanned Cold War documents and resolve them to a gazetteer.

    \b
    Example:
      cablenorm run scans/ --out out/
      cablenorm search out/ Kuznetsov
    """
