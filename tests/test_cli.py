"""The command line: exit codes, help, start-up, `text`, `demo`, `gazetteer`; `run` and `search` have own files."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from common import ONLY_SMALL

import normalizer
from normalizer.cli import _COMMANDS, main
from normalizer.gazetteer import default_path, load

SAMPLES = Path(normalizer.__file__).parent / "samples"
LETTER = SAMPLES / "1962-11-16-letter.txt"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX")
MISREAD = "The bombers, forty K-23's, left Havana.\n"
"""Short, and with a reading that differs from the page."""
KEYS = ["schema", "id", "source", "date", "text", "normalized", "mentions", "entities", "metadata", "versions"]
MENTION_KEYS = [
    "start", "end", "text", "label", "normalized_start", "normalized_end", "decision", "entity", "name", "method",
    "score", "evidence", "candidates",
]  # fmt: skip


@pytest.fixture
def cablenorm(_own_cache) -> Callable[..., Result]:
    """The command in this process; an exception that it lets through fails the test."""

    def call(*args: object, input: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(main, [str(a) for a in args], input=input)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


def start(*args: object, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    argv = [sys.executable, "-m", "normalizer", *map(str, args)]
    return subprocess.run(argv, **{"capture_output": True, "timeout": 60, **options})


def on_a_terminal(*args: object, input: bytes = b"") -> tuple[int, str]:
    """Exit code and standard output of the command where that is a terminal."""
    import pty

    ours, theirs = pty.openpty()
    argv = [sys.executable, "-m", "normalizer", *map(str, args)]
    process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=theirs, stderr=subprocess.PIPE)
    os.close(theirs)
    assert process.stdin is not None
    assert process.stderr is not None
    process.stdin.write(input)
    process.stdin.close()
    seen = b""
    with contextlib.suppress(OSError):  # Linux ends a terminal with an error
        while part := os.read(ours, 65536):
            seen += part
    os.close(ours)
    process.stderr.close()
    return process.wait(60), seen.decode().replace("\r\n", "\n")


def all_commands() -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = [("cablenorm", main)]
    for name, module in _COMMANDS.items():
        command = import_module(module).command
        found.append((f"cablenorm {name}", command))
        if isinstance(command, click.Group):
            found += [(f"cablenorm {name} {sub}", c) for sub, c in command.commands.items()]
    return found


ALL = dict(all_commands())


# --- help, version, start


@pytest.mark.parametrize("name", ALL)
def test_help_has_an_example_and_shows_it_on_a_line_of_its_own(cablenorm, name):
    result = cablenorm(*name.split()[1:], "--help")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert "\\b" not in result.stdout
    if not (isinstance(ALL[name], click.Group) and name != "cablenorm"):
        examples = [line for line in result.stdout.splitlines() if line.startswith(("    cablenorm", "    echo"))]
        assert examples
        assert all("cablenorm" in line for line in examples)


@pytest.mark.parametrize("name", ALL)
def test_every_option_is_explained(name):
    assert ALL[name].help
    for parameter in ALL[name].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


def test_help_names_the_exit_codes(cablenorm):
    text = cablenorm("--help").stdout
    for code in ("0", "1", "2", "3", "130"):
        assert f"\n  {code}  " in text or f"\n    {code}  " in text


def test_version(cablenorm):
    result = cablenorm("--version")
    how = "plain Python" if normalizer.folding.__file__.endswith(".py") else "compiled"
    assert (result.exit_code, result.stdout) == (0, f"cablenorm, version {normalizer.__version__}, {how}\n")


def test_help_imports_nothing_that_takes_time():
    code = (
        "import sys\nfrom normalizer.cli import main\n"
        "try:\n    main(['--help'])\nfinally:\n    print(*sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert "click" in loaded
    assert not loaded & {"spacy", "yaml", "pydantic", "numpy", "rapidfuzz", "thinc", "tqdm", "sqlite3"}


def test_help_is_quick():
    took = []
    for _ in range(5):
        began = os.times()
        assert start("--help").returncode == 0
        ended = os.times()
        took.append(ended.children_user + ended.children_system - began.children_user - began.children_system)
    assert statistics.median(took) < 0.4


@pytest.mark.parametrize(
    "module", ["normalizer.search", "normalizer.gazetteer", "normalizer.readers", "normalizer.sinks"]
)
def test_core_imports_no_spacy(module):
    code = f"import sys, {module}; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


# --- wrong use


@pytest.mark.parametrize(
    "args",
    [
        ["nosuch"],
        ["run"],
        ["run", LETTER],
        ["run", LETTER, "--out", "x", "--jobs", "0"],
        ["run", LETTER, "--out", "x", "--jobs", "many"],
        ["run", LETTER, "--out", "x", "--nosuch"],
        ["run", LETTER, "--out", "x", "--tagger", "no_such_model"],
        ["run", LETTER, "--out", "x", "--gazetteer", "missing.yaml"],
        ["text", "missing.txt"],
        ["text", LETTER, "--date", "November"],
        ["text", LETTER, "--no-default-gazetteer"],
        ["search"],
        ["gazetteer", "check", "missing.yaml"],
        ["gazetteer", "show"],
        ["gazetteer", "show", "no-such-entry", *ONLY_SMALL],
        ["gazetteer", "find"],
        ["gazetteer", "export", "--format", "xml"],
        ["gazetteer", "nosuch"],
    ],
    ids=lambda args: " ".join(Path(str(a)).name for a in args if a not in ONLY_SMALL[1:]),
)
def test_wrong_use_exits_with_2_and_says_why(cablenorm, tmp_path, monkeypatch, args):
    monkeypatch.chdir(tmp_path)
    result = cablenorm(*args)
    assert result.exit_code == 2
    assert result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "x").exists()


def test_missing_tagger_says_how_to_install_it(cablenorm):
    result = cablenorm("text", LETTER, "--tagger", "no_such_model")
    assert "pip install no_such_model" in result.stderr


@POSIX
def test_reader_of_the_output_that_goes_away_is_no_fault():
    argv = [sys.executable, "-m", "normalizer", "gazetteer", "export"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


# --- text


def test_text_marks_names_in_a_pipe(cablenorm):
    result = cablenorm("text", input=MISREAD)
    assert result.exit_code == 0
    assert "forty [K-23's → IL-28's], left [Havana]." in result.stdout
    assert "il-28" in result.stdout
    assert "\x1b[" not in result.stdout


def test_text_of_a_file(cablenorm):
    result = cablenorm("text", LETTER)
    assert result.exit_code == 0
    assert "[K-23's → IL-28's]" in result.stdout


def test_text_dash_is_standard_input(cablenorm):
    assert "[K-23's → IL-28's]" in cablenorm("text", "-", input=MISREAD).stdout


def test_text_explains_each_link(cablenorm):
    lines = cablenorm("text", input=MISREAD).stdout.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("K-23's "))
    assert lines[at].split()[:3] == ["K-23's", "AIRCRAFT", "linked"]
    assert lines[at].split()[-1] == "il-28"
    assert lines[at + 1].startswith("    ")


def test_text_json_is_output_schema_1(cablenorm):
    result = cablenorm("text", LETTER, "--json", "--date", "1962-11-16")
    (line,) = result.stdout.splitlines()
    record = json.loads(line)
    assert list(record) == KEYS
    assert (record["schema"], record["id"], record["date"]) == (1, LETTER.stem, "1962-11-16")
    assert record["text"] == LETTER.read_text("utf-8")
    for m in record["mentions"]:
        assert list(m) == MENTION_KEYS
        assert record["text"][m["start"] : m["end"]] == m["text"]
    assert record["versions"]["cablenorm"] == normalizer.__version__
    assert record["versions"]["gazetteer"].startswith("sha256:")
    assert record["versions"]["repair"].startswith("weights ")
    bare = json.loads(cablenorm("text", LETTER, "--json", "--no-repair").stdout)
    assert bare["versions"]["repair"] is None


@pytest.mark.parametrize("command", [("text",), ("run", "--out", "out")])
def test_what_repair_cannot_use_is_told_before_the_work(cablenorm, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    Path("scan.txt").write_text(MISREAD, "utf-8")
    Path("layer").mkdir()
    Path("layer/confusions.yaml").write_text("schema: 1\nmissing: 3\n", "utf-8")
    Path("priors.yaml").write_text("schema: 1\nwords: 0\nnames: {}\n", "utf-8")
    for options, wanted in (
        (("--gazetteer", "layer"), "Error: confusions: layer/confusions.yaml:2: missing: a map is wanted, not int"),
        (("--priors", "priors.yaml"), "Error: priors: priors.yaml:2: `words: 0` is no count; make one with"),
        (("--priors", "none.yaml"), "Error: priors: none.yaml cannot be read: No such file"),
        (("--min-score", "nan"), "Invalid value for '--min-score'"),
    ):
        result = cablenorm(*command, "scan.txt", *ONLY_SMALL, *options)
        assert result.exit_code == 2
        assert wanted in result.stderr
        assert not Path("out").exists()


@pytest.mark.parametrize("text", ["", "\n", "no name at all"])
def test_text_without_names(cablenorm, text):
    result = cablenorm("text", input=text)
    assert result.exit_code == 0
    assert result.stdout.strip() == text.strip()
    assert json.loads(cablenorm("text", "--json", input=text).stdout)["mentions"] == []


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n" + bytes(100), "Núñez Jiménez Müller".encode() + b"\xc3"])
def test_text_that_is_none(cablenorm, tmp_path, data):
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    for result in (cablenorm("text", path), cablenorm("text", input=data)):
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 1
    assert str(path) in cablenorm("text", path).stderr


def test_text_of_other_encodings(cablenorm):
    assert "[Havana]" in cablenorm("text", input="Señor in Havana".encode("cp1252")).stdout
    assert "[Havana]" in cablenorm("text", input="Señor in Havana".encode("utf-16")).stdout


def test_text_of_a_folder(cablenorm, tmp_path):
    result = cablenorm("text", tmp_path)
    assert result.exit_code == 2
    assert str(tmp_path) in result.stderr


@POSIX
def test_text_without_standard_input():
    argv = ["sh", "-c", f"exec {sys.executable} -m normalizer text <&-"]
    done = subprocess.run(argv, capture_output=True, timeout=60)
    assert b"Traceback" not in done.stderr
    assert done.returncode == 2


@POSIX
def test_text_in_colour_on_a_terminal():
    code, seen = on_a_terminal("text", input=MISREAD.encode())
    assert code == 0
    assert "\x1b[" in seen
    assert "K-23's" in seen
    assert "→ IL-28's" in seen
    assert "[K-23's" not in seen


@POSIX
def test_text_json_has_no_colour_on_a_terminal():
    code, seen = on_a_terminal("text", "--json", input=MISREAD.encode())
    assert code == 0
    assert json.loads(seen)["normalized"] == MISREAD.replace("K-23", "IL-28")


def test_text_with_a_layer(cablenorm, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("schema: 1\ntype: ship\nentries:\n  - id: zz\n    name: Poltavskaya\n", "utf-8")
    args = ("text", "--json", *ONLY_SMALL, "--gazetteer", path)
    record = json.loads(cablenorm(*args, input="the Poltavskaya left Havana").stdout)
    assert [(m["label"], m["entity"]) for m in record["mentions"]] == [("SHIP", "zz"), ("PLACE", "havana")]
    args = ("text", "--json", "--gazetteer", path, "--no-default-gazetteer", "--tagger", "none")
    record = json.loads(cablenorm(*args, input="the Poltavskaya left Havana").stdout)
    assert [m["entity"] for m in record["mentions"]] == ["zz"]


# --- demo


def test_demo(cablenorm):
    result = cablenorm("demo")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.startswith("8 sample documents")
    for wanted in ("IL-28", "Cuba", "Khrushchev", "«Sumner → Kuznetsov»", "$ cablenorm search"):
        assert wanted in result.stdout


def test_demo_keeps_its_output(cablenorm, tmp_path):
    out = tmp_path / "out"
    assert cablenorm("demo", "--out", out).exit_code == 0
    assert sorted(p.name for p in out.iterdir()) == ["documents.jsonl", "index.sqlite", "summary.json"]
    assert cablenorm("search", out, "Miami").exit_code == 0
    assert cablenorm("demo", "--out", out).exit_code == 2
    assert cablenorm("demo", "--out", out, "--overwrite").exit_code == 0


# --- gazetteer

FAULTY = """\
schema: 1
type: aircraft
entries:
  - id: zz-1
    nmae: ZZ-1
  - id: Bad Id
    name: X
  - id: zz-2
    name: ZZ-2
    active: 19x8
  - id: zz-3
    name: ZZ-3
    misreadings:
      - text: Q-3
        when: {nearby: [bomber]}
  - id: zz-4
    name: ZZ-4
  - id: zz-4
    name: ZZ-4
  - id: zz-5
"""
FAULTS = [(5, "nmae"), (6, "Bad Id"), (10, "19x8"), (15, "nearby"), (18, "zz-4"), (20, "zz-5")]


@pytest.fixture
def faulty(tmp_path) -> Path:
    path = tmp_path / "faulty.yaml"
    path.write_text(FAULTY, "utf-8")
    return path


@pytest.mark.parametrize(
    "args",
    [
        ["gazetteer", "check", "{}"],
        ["gazetteer", "check", "--no-default-gazetteer", "{}"],
        ["gazetteer", "stats", *ONLY_SMALL, "--gazetteer", "{}"],
        ["text", LETTER, *ONLY_SMALL, "--gazetteer", "{}"],
    ],
    ids=["check", "check alone", "stats", "text"],
)
def test_faults_are_all_listed_with_file_and_line(cablenorm, faulty, args):
    result = cablenorm(*(str(a).format(faulty) for a in args))
    assert result.exit_code == 1
    listed = result.stdout + result.stderr
    for line, word in FAULTS:
        assert any(row.startswith(f"{faulty}:{line}:") and word in row for row in listed.splitlines()), (line, word)
    assert "Traceback" not in listed


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n\x00",
        b"a: [1",
        b"- a\n- b\n",
        b"schema: 2\ntype: aircraft\nentries: []\n",
        b"\tx",
        b"a: &a [*a]",
    ],
    ids=["empty", "binary", "no YAML", "a list", "schema 2", "a tab", "a loop"],
)
def test_file_that_is_no_gazetteer(cablenorm, tmp_path, content):
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    result = cablenorm("gazetteer", "check", "--no-default-gazetteer", path)
    assert "Traceback" not in result.stderr
    if content:
        assert result.exit_code == 1
        assert str(path) in result.stderr


def test_check_of_the_default_gazetteer(cablenorm):
    began = time.process_time()
    result = cablenorm("gazetteer", "check")
    assert time.process_time() - began < 15
    assert result.exit_code == 0
    assert "no faults" in result.stdout
    files = len([f for f in default_path().rglob("*.yaml") if f.name != "confusions.yaml"])
    assert result.stdout.splitlines()[-1].endswith(f" in {files} files")


def test_check_with_warnings(cablenorm, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("schema: 1\ntype: ship\nentries:\n  - id: zz\n    name: Zz\n    misreadings: [Qq]\n", "utf-8")
    result = cablenorm("gazetteer", "check", path)  # over the default one, whose own doubts are not shown
    assert result.exit_code == 0
    assert f"warning: {path}:" in result.stdout
    assert "no faults, 1 warning in 1 file" in result.stdout
    assert cablenorm("gazetteer", "check", "--strict", "--no-default-gazetteer", path).exit_code == 1


def test_check_of_a_folder(cablenorm, tmp_path, faulty):
    assert cablenorm("gazetteer", "check", "--no-default-gazetteer", tmp_path).exit_code == 1
    empty = tmp_path / "empty"
    empty.mkdir()
    assert cablenorm("gazetteer", "check", empty).exit_code == 2


def test_check_of_a_part_of_the_default_gazetteer(cablenorm):
    result = cablenorm("gazetteer", "check", default_path() / "hand" / "aircraft.yaml")
    assert result.exit_code == 0
    assert "in 1 file" in result.stdout


def test_show(cablenorm):
    result = cablenorm("gazetteer", "show", "il-28")
    assert result.exit_code == 0
    for wanted in ("IL-28", "aircraft", "Beagle", "Ilyushin-28", "1948..", "XI-10", "letter to McCloy"):
        assert wanted in result.stdout


def test_show_suggests_an_id(cablenorm):
    result = cablenorm("gazetteer", "show", "il-82", *ONLY_SMALL)
    assert result.exit_code == 2
    assert "il-28" in result.stderr
    assert "find NAME" in cablenorm("gazetteer", "show", "qqqwww", *ONLY_SMALL).stderr
    assert "did you mean il-" in cablenorm("gazetteer", "show", "il-82").stderr


def test_find_by_any_name(cablenorm):
    for name in (["Beagle"], ["ilyushin", "28"], ["IL-28"]):
        result = cablenorm("gazetteer", "find", *name, *ONLY_SMALL)
        assert result.exit_code == 0
        assert result.stdout.startswith("il-28 ")
        result = cablenorm("gazetteer", "find", *name)
        assert result.exit_code == 0
        assert any(line.startswith("il-28 ") for line in result.stdout.splitlines())


def test_find_all_bearers_of_a_name(cablenorm):
    found = cablenorm("gazetteer", "find", "Kuznetsov").stdout.splitlines()
    assert {line.split()[0] for line in found} >= {"kuznetsov-vasily-v", "kuznetsov-nikolai-g"}


def test_find_suggests_a_name_nearby(cablenorm):
    result = cablenorm("gazetteer", "find", "Khrushchow")
    assert result.exit_code == 0
    assert "khrushchev-nikita-s" in result.stdout


def test_find_nothing(cablenorm):
    assert "no entry" in cablenorm("gazetteer", "find", "xyzzyqq").stdout


def test_stats(cablenorm):
    known = load()
    result = cablenorm("gazetteer", "stats")
    assert result.exit_code == 0
    counts: dict[str, int] = {}
    for ent in known.entities():
        counts[ent.type] = counts.get(ent.type, 0) + 1
    for kind, count in counts.items():
        assert any(line.split()[:2] == [kind, f"{count:,}"] for line in result.stdout.splitlines())
    assert f"{len(known):,} entries" in result.stdout
    assert known.version in result.stdout


def test_export_jsonl(cablenorm):
    rows = [json.loads(line) for line in cablenorm("gazetteer", "export").stdout.splitlines()]
    assert len(rows) == len(load())
    assert all({"id", "type", "name", "aliases", "family", "links"} <= row.keys() for row in rows)
    il28 = next(row for row in rows if row["id"] == "il-28")
    assert il28["name"] == "IL-28"
    assert "Beagle" in il28["aliases"]
    kuznetsov = next(row for row in rows if row["id"] == "kuznetsov-vasily-v")
    assert kuznetsov["family"] == "Kuznetsov"
    assert kuznetsov["links"]


def test_export_csv(cablenorm):
    rows = list(csv.DictReader(io.StringIO(cablenorm("gazetteer", "export", "--format", "csv").stdout)))
    assert len(rows) == len(load())
    assert {"id", "type", "name", "aliases", "family", "links"} <= rows[0].keys()
    il28 = next(row for row in rows if row["id"] == "il-28")
    assert "Beagle" in il28["aliases"].split("|")


def test_export_of_a_layer_alone(cablenorm, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text('schema: 1\ntype: ship\nentries:\n  - id: zz\n    name: "A, \\"B\\""\n', "utf-8")
    args = ("gazetteer", "export", "--gazetteer", path, "--no-default-gazetteer")
    (row,) = map(json.loads, cablenorm(*args).stdout.splitlines())
    assert (row["id"], row["type"], row["name"]) == ("zz", "ship", 'A, "B"')
    (row,) = csv.DictReader(io.StringIO(cablenorm(*args, "--format", "csv").stdout))
    assert row["name"] == 'A, "B"'
