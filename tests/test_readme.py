"""README.md is true: its commands run and print what it shows, its Python runs, its YAML loads.

Blocks are taken in order, in one scratch folder with the sample texts under `scans/`:

- ```console, ```sh, ```bash: lines that begin with `$ cablenorm` or `$ echo ... | cablenorm` are run,
  and the lines below such a line are compared with what it prints. A line `...` stands for any lines;
  seconds and the blank ends of lines do not count. Other commands are left alone.
- ```python: run in one namespace; a comment `# -> text` behind or below a statement is what its value is or prints.
- ```yaml: loaded as a layer over the default gazetteer. A first line `# name.yaml` writes it to that file.
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import normalizer
from normalizer.gazetteer import load

README = Path(__file__).parents[1] / "README.md"
SAMPLES = Path(normalizer.__file__).parent / "samples"
SHELL = ("console", "sh", "bash", "shell")
_FENCE = re.compile(r"^( *)(`{3,}|~{3,})\s*(\w*)[^\n]*\n(.*?)^\1\2`*\s*$", re.MULTILINE | re.DOTALL)
_OURS = re.compile(r"(echo\b.*\|\s*|[A-Z_]+=\S+ )?cablenorm\b")
_SECONDS = re.compile(r"\b\d+(\.\d+)? s\b")
_RESULT = re.compile(r"#\s*->\s?(.*)$")


@dataclass
class Step:
    """A block or a command of the README, and what it is to print."""

    kind: str
    line: int
    source: str
    shown: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"line {self.line}: {self.source.splitlines()[0][:60] if self.source else ''}"


@dataclass
class Made:
    """What a step did."""

    code: int = 0
    printed: str = ""
    faults: list[str] = field(default_factory=list)


def steps_of(markdown: str) -> list[Step]:
    """What a README asks a reader to run, in order."""
    steps: list[Step] = []
    for block in _FENCE.finditer(markdown):
        line = markdown.count("\n", 0, block.start(4)) + 1
        language, body = block[3].lower(), block[4]
        if indent := len(block[1]):
            body = "".join(row[indent:] for row in body.splitlines(keepends=True))
        if language in SHELL:
            steps += _commands(body, line)
        elif language in ("python", "py", "yaml"):
            steps.append(Step("yaml" if language == "yaml" else "python", line, body))
    return steps


def _commands(body: str, line: int) -> list[Step]:
    steps: list[Step] = []
    rows = body.splitlines()
    at = 0
    while at < len(rows):
        row, first = rows[at], at
        at += 1
        if not row.startswith("$ "):
            if steps:
                steps[-1].shown.append(row)
            continue
        command = row[2:]
        while command.rstrip().endswith("\\") and at < len(rows):
            command = command.rstrip()[:-1] + rows[at].removeprefix("> ").lstrip()
            at += 1
        steps.append(Step("command" if _OURS.match(command) else "other", line + first, command.strip()))
    return [step for step in steps if step.kind == "command"]


def shown_is_printed(shown: list[str], printed: str) -> bool:
    """Whether the lines shown are those printed, `...` standing for any lines."""
    pattern = "".join("(?:.*\n)*" if row.strip() == "..." else re.escape(_comparable(row)) + "\n" for row in shown)
    rows = "".join(_comparable(row) + "\n" for row in printed.rstrip().splitlines())
    return re.fullmatch(pattern, rows) is not None


def _comparable(row: str) -> str:
    return _SECONDS.sub("N s", row.rstrip())


def _run_command(step: Step, folder: Path) -> Made:
    bin_folder = Path(sys.executable).parent
    env = {**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ.get('PATH', '')}", "COLUMNS": "80"}
    done = subprocess.run(
        ["bash", "-c", step.source], cwd=folder, env=env, timeout=120, encoding="utf-8",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return Made(done.returncode, done.stdout)


def _run_python(step: Step, folder: Path, names: dict[str, Any]) -> Made:
    made = Made()
    rows = step.source.splitlines()
    for statement in ast.parse(step.source).body:
        is_value = isinstance(statement, ast.Expr)
        code = ast.Expression(statement.value) if is_value else ast.Module([statement], [])
        out = io.StringIO()
        with contextlib.chdir(folder), contextlib.redirect_stdout(out):
            value = eval(compile(code, f"README.md:{step.line}", "eval" if is_value else "exec"), names)
        said = [] if value is None else [str(value), repr(value)]
        last = statement.end_lineno or statement.lineno
        behind = _RESULT.search(rows[last - 1])
        below = _RESULT.fullmatch(rows[last].strip()) if last < len(rows) else None
        if (wanted := behind or below) and wanted[1].strip() not in (*said, out.getvalue().strip()):
            made.faults.append(f"line {step.line + last - 1}: {wanted[1]!r} is shown, it is {said or out.getvalue()!r}")
    return made


def _load_yaml(step: Step, folder: Path) -> Made:
    named = re.match(r"#\s*([\w./-]+\.ya?ml)\s*$", step.source.partition("\n")[0])
    path = folder / (named[1] if named else f"line-{step.line}.yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(step.source, "utf-8")
    load([path], cache=False)
    return Made()


STEPS = steps_of(README.read_text("utf-8")) if README.is_file() else []


@pytest.fixture(scope="module")
def made(tmp_path_factory, _own_cache) -> dict[int, Made | Exception]:
    """What every step of the README did, by its line; all are run once, in order."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "scans").mkdir()
    for path in SAMPLES.glob("*.txt"):
        shutil.copy(path, folder / "scans")
    names: dict[str, Any] = {"__name__": "__readme__"}
    results: dict[int, Made | Exception] = {}
    for step in STEPS:
        try:
            if step.kind == "command":
                results[step.line] = _run_command(step, folder)
            elif step.kind == "python":
                results[step.line] = _run_python(step, folder, names)
            else:
                results[step.line] = _load_yaml(step, folder)
        except Exception as error:  # noqa: BLE001 - raised again by the test of this step
            results[step.line] = error
    return results


def result_of(step: Step, made: dict[int, Made | Exception]) -> Made:
    result = made[step.line]
    if isinstance(result, Exception):
        raise result
    return result


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.parametrize("step", [s for s in STEPS if s.kind == "command"], ids=str)
def test_command_prints_what_the_readme_shows(step, made):
    result = result_of(step, made)
    assert "Traceback" not in result.printed
    assert result.code == 0 or step.shown, result.printed
    if any(row.strip() for row in step.shown):
        while not step.shown[-1].strip():
            step.shown.pop()
        assert shown_is_printed(step.shown, result.printed), f"$ {step.source}\n{result.printed}"


@pytest.mark.parametrize("step", [s for s in STEPS if s.kind == "python"], ids=str)
def test_python_of_the_readme(step, made):
    assert result_of(step, made).faults == []


@pytest.mark.parametrize("step", [s for s in STEPS if s.kind == "yaml"], ids=str)
def test_yaml_of_the_readme(step, made):
    result_of(step, made)


def test_links_of_the_readme_lead_somewhere():
    text = _FENCE.sub("", README.read_text("utf-8"))
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in target and not target.startswith("mailto:"):
            assert (README.parent / target).exists(), target


# --- the reading of a README itself


def test_steps_of_a_readme():
    text = (
        "# Title\n\n```console\n$ pip install x\nignored\n$ cablenorm run scans/ \\\n>   --out out/\n8 documents\n...\n"
        "\n$ echo 'a' | cablenorm text\n$ make test\n```\n\n```yaml\nschema: 1\n```\n```json\n{}\n```\n"
        "```python\nx = 1\n```\n"
    )
    steps = steps_of(text)
    assert [(s.kind, s.line, s.source, s.shown) for s in steps] == [
        ("command", 6, "cablenorm run scans/ --out out/", ["8 documents", "...", ""]),
        ("command", 11, "echo 'a' | cablenorm text", []),
        ("yaml", 16, "schema: 1\n", []),
        ("python", 22, "x = 1\n", []),
    ]


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        (["a", "b"], "a\nb\n", True),
        (["a  ", "b"], "a\nb   \n\n", True),
        (["a"], "a\nb\n", False),
        (["a", "..."], "a\nb\nc\n", True),
        (["...", "c"], "a\nb\nc\n", True),
        (["a", "...", "b"], "a\nb\n", True),
        (["a", "...", "d"], "a\nb\nc\n", False),
        (["8 in 0.4 s, 1"], "8 in 12.9 s, 1\n", True),
        (["a.c"], "abc\n", False),
    ],
)
def test_comparison_of_what_is_shown(shown, printed, same):
    assert shown_is_printed(shown, printed) == same


def test_python_results_are_compared(tmp_path):
    source = "x = 1\nx + 1  # -> 2\n'a'\n# -> 'a'\nprint(3)\n# -> 3\nx\n# -> 5\n"
    made = _run_python(Step("python", 10, source), tmp_path, {})
    assert len(made.faults) == 1
    assert made.faults[0].startswith("line 16: '5' is shown")
