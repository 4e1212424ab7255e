"""What the tests share: a cache of their own, gazetteers, the letter, and a short way to resolve a text."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from common import ROOT, SMALL, Resolve
from hypothesis import settings

from normalizer.exact import Matcher
from normalizer.folding import fold
from normalizer.gazetteer import Gazetteer, load
from normalizer.headers import parse_header
from normalizer.model import Document, Result, normalize
from normalizer.resolver import Resolver

# A first example may load a gazetteer, and a slow machine is no fault of the code.
settings.register_profile("cablenorm", deadline=None)
settings.load_profile("cablenorm")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the user's cache, nor does a process that it starts."""
    folder = str(tmp_path_factory.mktemp("cache"))
    before = {name: os.environ.get(name) for name in ("XDG_CACHE_HOME", "LOCALAPPDATA")}
    os.environ.update(dict.fromkeys(before, folder))
    yield
    for name, value in before.items():
        if value is None:
            os.environ.pop(name)
        else:
            os.environ[name] = value


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of material beside the repository; a test that needs it is skipped where it is absent."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here")
    return folder


@pytest.fixture(scope="session")
def letter(shared: Path) -> str:
    """The letter that the project began with, as its scan was read."""
    file = shared / "seed" / "letter-ocr.txt"
    if not file.is_file():
        pytest.skip(f"{file} is not here")
    return file.read_text("utf-8")


@pytest.fixture(scope="session")
def gazetteer(_own_cache: None) -> Gazetteer:
    """The small gazetteer, for tests of what is done with one."""
    return load(SMALL, default=False)


@pytest.fixture(scope="session")
def full_gazetteer(_own_cache: None) -> Gazetteer:
    """The default gazetteer, for tests of what is in it."""
    return load()


@pytest.fixture(scope="session")
def make_gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Gazetteer]:
    """A gazetteer of YAML texts, each a layer; without the default one and without the cache."""
    folder = tmp_path_factory.mktemp("gazetteers")
    numbers = itertools.count()

    def make(*layers: str) -> Gazetteer:
        files = []
        for layer in layers:
            file = folder / f"{next(numbers)}.yaml"
            file.write_text(dedent(layer), "utf-8")
            files.append(file)
        return load(files, default=False, cache=False)

    return make


@pytest.fixture(scope="session")
def resolve(gazetteer: Gazetteer) -> Resolve:
    """`resolve(text, date)` gives the result for a text; with the small gazetteer unless another is given."""
    made: dict[int, tuple[Gazetteer, Matcher, Resolver]] = {}

    def run(
        text: str,
        date: str | None = None,
        gazetteer: Gazetteer = gazetteer,
        *,
        name: str = "test",
        source: str | None = None,
    ) -> Result:
        if id(gazetteer) not in made:
            made[id(gazetteer)] = (gazetteer, Matcher(gazetteer), Resolver(gazetteer))
        _, matcher, resolver = made[id(gazetteer)]
        doc = Document(name, text, date=date, source=source)
        folded = fold(text)
        return normalize(
            doc, resolver.resolve(doc, folded, matcher.match(text, folded), header=parse_header(text, date)), {}
        )

    return run
