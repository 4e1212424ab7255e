"""The compiled form in the cache."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from layer_files import PLACES, entity, write

import normalizer.gazetteer
from normalizer.errors import GazetteerError
from normalizer.gazetteer import Gazetteer, load
from normalizer.gazetteer.compiled import cache_folder


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder of this test alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    if sys.platform == "darwin":
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return cache_folder()


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    entries = (
        "  - {id: a, name: Café, aliases: [One]}\n  - {id: b, name: B, misreadings: [{text: C, when: {near: x}}]}\n"
    )
    return write(tmp_path, "mine.yaml", PLACES + entries)


def cached_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The versions that were compiled from YAML, in order."""
    seen: list[str] = []
    real = normalizer.gazetteer.compile_gazetteer

    def spy(merged: Any, version: str, *words: frozenset[str]) -> Gazetteer:
        seen.append(version)
        return real(merged, version, *words)

    monkeypatch.setattr(normalizer.gazetteer, "compile_gazetteer", spy)
    return seen


def test_a_hit_gives_the_same_without_reading_yaml(cache: Path, mine: Path, compiled: list[str]) -> None:
    first = load([mine], default=False)
    second = load([mine], default=False)
    assert len(compiled) == 1
    assert second.version == first.version
    assert second.columns == first.columns
    assert second.patterns == first.patterns
    assert second.entities() == first.entities()
    assert [second.form_text(f) for f in range(len(second.form_entity))] == [
        first.form_text(f) for f in range(len(first.form_entity))
    ]


def test_another_content_is_another_file(cache: Path, mine: Path, compiled: list[str]) -> None:
    load([mine], default=False)
    mine.write_text(PLACES + "  - {id: a, name: Other}\n", "utf-8")
    assert entity(load([mine], default=False), "a").name == "Other"
    assert len(compiled) == len(list(cache.iterdir())) == 2


def test_without_the_cache_nothing_is_written(cache: Path, mine: Path) -> None:
    load([mine], default=False, cache=False)
    assert not cache.exists()


def altered(content: bytes, what: str) -> bytes:
    head, _, body = content.partition(b"\n")
    if what == "empty":
        return b""
    if what == "the head alone":
        return head + b"\n"
    if what == "truncated":
        return content[:-3]
    if what == "longer":
        return content + b"x"
    if what == "a byte altered":
        return content[:-20] + bytes([content[-20] ^ 1]) + content[-19:]
    if what == "no JSON":
        return b"x" + content
    if what == "not UTF-8":
        return b"\xff" + content
    if what == "a list":
        return b"[1]\n" + body
    if what == "nested deep":
        return b"[" * 100_000 + b"\n" + body
    data = json.loads(head)
    if what == "another version":
        data["version"] = "sha256:0"
    elif what == "another format":
        data["format"] = -1
    elif what == "another byte order":
        data["byteorder"] = "middle"
    elif what == "lengths that do not fit":
        data["lengths"]["patterns"] -= 1
        data["lengths"]["ids"] += 1
    elif what == "a negative length":
        data["lengths"]["patterns"] -= 1000
        data["lengths"]["ids"] += 1000
    elif what == "a column missing":
        data["lengths"]["other"] = data["lengths"].pop("ids")
    elif what == "lengths no map":
        data["lengths"] = 3
    elif what == "a length that is a text":
        data["lengths"]["ids"] = str(data["lengths"]["ids"])
    else:
        raise AssertionError(what)
    return json.dumps(data).encode() + b"\n" + body


@pytest.mark.parametrize(
    "what",
    [
        *("empty", "the head alone", "truncated", "longer", "a byte altered", "no JSON", "not UTF-8", "a list"),
        *("nested deep", "another version", "another format", "another byte order", "lengths that do not fit"),
        *("a negative length", "a column missing", "lengths no map", "a length that is a text"),
    ],
)
def test_a_damaged_cache_is_rebuilt(cache: Path, mine: Path, compiled: list[str], what: str) -> None:
    first = load([mine], default=False)
    file = cached_file(cache)
    good = file.read_bytes()
    file.write_bytes(altered(good, what))
    again = load([mine], default=False)
    assert again.columns == first.columns
    assert again.entities() == first.entities()
    assert len(compiled) == 2
    assert cached_file(cache).read_bytes() == good
    load([mine], default=False)
    assert len(compiled) == 2


@pytest.mark.parametrize("what", ["a file for a folder", "a folder for a file", "may not be written"])
def test_a_cache_that_cannot_be_kept_is_no_error(cache: Path, mine: Path, what: str) -> None:
    if what == "a file for a folder":
        cache.parent.mkdir(parents=True)
        cache.write_bytes(b"")
    elif what == "a folder for a file":
        load([mine], default=False)
        file = cached_file(cache)
        file.unlink()
        (file / "inside").mkdir(parents=True)
    else:
        cache.mkdir(parents=True)
        cache.chmod(0o500)
    try:
        for _ in range(2):
            assert load([mine], default=False).ids() == ["a", "b"]
    finally:
        if cache.is_dir():
            cache.chmod(0o700)
    if what == "a folder for a file":
        assert [p.name for p in cache.iterdir()] == [file.name], "a part was left behind"


def test_a_gazetteer_with_faults_is_not_cached(cache: Path, mine: Path) -> None:
    mine.write_text("", "utf-8")
    for _ in range(2):
        with pytest.raises(GazetteerError):
            load([mine], default=False)
    assert not cache.exists()


def test_the_tests_use_a_cache_of_their_own() -> None:
    assert Path.home() / ".cache" not in cache_folder().parents
