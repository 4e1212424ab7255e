"""The wheel has everything that a run needs, and nothing of it has to be looked for in a checkout."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

import normalizer
import normalizer.folding

ROOT = Path(__file__).parents[1]
PARTS = ("normalizer", "gazetteer", "pyproject.toml", "README.md", "LICENSE")
NO_COMPILER = {"CC": "no-such-compiler"}
COMPILED = not normalizer.folding.__file__.endswith(".py")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("build") is None, reason="needs the package `build`"),
]


def call(*argv: object, **options: Any) -> subprocess.CompletedProcess[str]:
    settings = {"capture_output": True, "encoding": "utf-8", "timeout": 600, **options}
    return subprocess.run([str(a) for a in argv], **settings)


def build(copy: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Build a wheel in a copy of the checkout: nothing is written into the repository."""
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, copy)
    ready = importlib.util.find_spec("hatchling") is not None
    argv = [sys.executable, "-m", "build", "--wheel", *(["--no-isolation"] if ready else []), "--outdir", copy / "dist"]
    here = {name: value for name, value in os.environ.items() if name != "CABLENORM_COMPILE"}
    done = call(*argv, copy, env={**here, **env})
    if done.returncode and not ready and "No matching distribution" in done.stdout + done.stderr:
        pytest.skip("hatchling is not installed and cannot be downloaded")
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """A wheel as it is built where nothing can be compiled."""
    copy = tmp_path_factory.mktemp("checkout")
    done = build(copy, **NO_COMPILER)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "plain Python" in done.stdout + done.stderr
    assert "there is no C compiler no-such-compiler" in done.stdout + done.stderr
    (made,) = (copy / "dist").glob("*.whl")
    return made


@pytest.fixture(scope="module")
def names(wheel) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_wheel_is_called_cablenorm_and_works_anywhere(wheel):
    assert wheel.name == f"cablenorm-{normalizer.__version__}-py3-none-any.whl"


def test_wheel_has_every_file_of_the_package(names):
    package = ROOT / "normalizer"
    files = [p for p in package.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    assert {p.relative_to(ROOT).as_posix() for p in files} <= names
    assert "normalizer/py.typed" in names
    assert "normalizer/data/english.txt" in names
    assert sum(name.startswith("normalizer/samples/") and name.endswith(".txt") for name in names) == 8


def test_wheel_has_the_gazetteer(names):
    folder = ROOT / "gazetteer"
    files = [p.relative_to(folder).as_posix() for p in folder.rglob("*.*") if p.suffix in (".yaml", ".md")]
    assert files
    assert {f"normalizer/data/gazetteer/{name}" for name in files} <= names


def test_wheel_has_nothing_else(names):
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"normalizer", f"cablenorm-{normalizer.__version__}.dist-info"}
    assert not [name for name in names if "__pycache__" in name or name.endswith((".pyc", ".orig"))]


def test_wheel_has_licence_and_notice(names):
    info = f"cablenorm-{normalizer.__version__}.dist-info"
    assert f"{info}/licenses/LICENSE" in names
    assert f"{info}/licenses/normalizer/data/NOTICE.md" in names
    assert f"{info}/licenses/gazetteer/NOTICE.md" in names


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The scripts folder of a fresh environment in which the wheel was installed."""
    home = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(home, with_pip=True)
    scripts = home / ("Scripts" if sys.platform == "win32" else "bin")
    pip = [scripts / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = call(*pip, wheel)
    if done.returncode and not _can_download(pip):
        pytest.skip("pip cannot download here")
    assert done.returncode == 0, done.stderr
    return scripts


def _can_download(pip: list[Any]) -> bool:
    return call(*pip[:-2], "--dry-run", "--no-deps", "click").returncode == 0


def elsewhere(folder: Path) -> dict[str, Any]:
    """Away from the checkout, with nothing in the environment that leads back to it."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return {"cwd": folder, "env": {**env, "XDG_CACHE_HOME": str(folder / "cache")}}


def test_installed_wheel_runs_the_demo(installed, tmp_path):
    done = call(installed / "cablenorm", "demo", **elsewhere(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.startswith("8 sample documents")
    assert "«Sumner → Kuznetsov»" in done.stdout


def test_installed_wheel_uses_its_own_gazetteer(installed, tmp_path):
    code = "from normalizer.gazetteer import default_path; print(default_path())"
    done = call(installed / "python", "-c", code, **elsewhere(tmp_path))
    assert Path(done.stdout.strip()).is_relative_to(installed.parent)
    assert call(installed / "cablenorm", "gazetteer", "check", **elsewhere(tmp_path)).returncode == 0


def test_installed_wheel_runs_with_several_jobs(installed, tmp_path):
    (tmp_path / "a.txt").write_text("The IL-28's left Cuba.")
    argv = ("run", "a.txt", "--out", "out", "--jobs", 2)
    done = call(installed / "cablenorm", *argv, **elsewhere(tmp_path))
    assert done.returncode == 0, done.stderr
    assert '"entity":"il-28"' in (tmp_path / "out" / "documents.jsonl").read_text("utf-8")


def test_what_must_be_compiled_and_cannot_is_an_error(tmp_path):
    done = build(tmp_path, CABLENORM_COMPILE="1", **NO_COMPILER)
    assert done.returncode != 0
    assert "there is no C compiler no-such-compiler" in done.stdout + done.stderr
    assert not list(tmp_path.glob("dist/*.whl"))


def test_another_wish_is_an_error(tmp_path):
    done = build(tmp_path, CABLENORM_COMPILE="yes")
    assert done.returncode != 0
    assert "CABLENORM_COMPILE is 'yes'; 0, 1 or nothing are known" in done.stdout + done.stderr


@pytest.mark.skipif(not COMPILED, reason="cablenorm runs as plain Python here")
def test_compiled_modules_are_installed_beside_their_sources():
    files = importlib.metadata.files("cablenorm")
    compiled = {str(f).partition(".")[0] for f in files if f.suffix in (".so", ".pyd")}
    sources = {str(f).removesuffix(".py") for f in files if f.suffix == ".py"}
    shared = {name for name in compiled if name.endswith("__mypyc")}
    assert shared == {f"normalizer_{group}__mypyc" for group in ("exact", "headers", "repair", "resolver")}
    assert compiled - shared <= sources
    assert {"normalizer/exact", "normalizer/repair/lookup", "normalizer/resolver/__init__"} <= compiled


@pytest.mark.skipif(not COMPILED, reason="cablenorm runs as plain Python here")
def test_compiled_or_not_the_output_is_the_same(installed, tmp_path):
    """Over pages of every kind that ships: the samples, and the damaged names of the cases."""
    pages = [path.read_text("utf-8") for path in sorted((ROOT / "normalizer" / "samples").glob("*.txt"))]
    groups = yaml.safe_load((ROOT / "tests" / "cases" / "repair.yaml").read_text("utf-8"))
    pages += [case["text"] for group in groups for case in group["cases"]]
    rows = [json.dumps({"id": str(number), "text": page}) for number, page in enumerate(pages)]
    (tmp_path / "pages.jsonl").write_text("\n".join(rows), encoding="utf-8")
    made = {}
    for scripts in (installed, Path(sys.executable).parent):
        argv = (scripts / "cablenorm", "run", "pages.jsonl", "--out", tmp_path / str(len(made)))
        done = call(*argv, **elsewhere(tmp_path))
        assert done.returncode == 0, done.stderr
        made[scripts] = (tmp_path / str(len(made)) / "documents.jsonl").read_bytes()
    plain, compiled = made.values()
    assert plain.count(b"\n") == len(pages)
    assert plain == compiled


def test_a_compiled_class_has_no_cached_property():
    """In one it would be computed anew each time, and nothing would tell."""
    groups = ast.literal_eval(
        re.search(r"^GROUPS = (\{.*?^\})", (ROOT / "normalizer" / "compiling.py").read_text(), re.M | re.S)[1]
    )
    files = [f for parts in groups.values() for part in parts for f in (ROOT / "normalizer").glob(part)]
    assert len(files) > 60
    assert [f for f in files if "cached_property" in f.read_text("utf-8")] == []


def test_installed_wheel_breaks_no_other_spacy_pipeline(installed, tmp_path):
    code = "import spacy; nlp = spacy.blank('en'); nlp.add_pipe('cable_gazetteer'); print(len(nlp('Cuba').ents))"
    done = call(installed / "python", "-W", "error", "-c", code, **elsewhere(tmp_path))
    assert done.returncode == 0, done.stderr
