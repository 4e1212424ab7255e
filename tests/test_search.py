"""Search over the output of a run: by word, phrase and entity, shown on the original page."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import normalizer
from normalizer.batch import run
from normalizer.cli import main
from normalizer.errors import ConfigError
from normalizer.pipeline import Settings
from normalizer.search import Hit, Index, fts_query

SAMPLES = Path(normalizer.__file__).parent / "samples"
LETTER = "1962-11-16-letter"
MADE = {
    "nul": "Cuba\x00 before and after",
    "zebra": "The Zebra stood before the gate in Havana",
    "marks": "The private \ue000marks\ue001 of a text about aardvarks",
    "accents": "Señor Núñez spoke in São Paulo",
    "long": "word " * 5000 + "bombers like the K-23 in Havana " + "word " * 5000,
    "none": "",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory, _own_cache) -> Path:
    """The output of a run over the samples and a few texts of our own."""
    here = tmp_path_factory.mktemp("search")
    with (here / "made.jsonl").open("w", encoding="utf-8") as f:
        for own, text in MADE.items():
            f.write(json.dumps({"id": own, "text": text, "date": "1962-11"}) + "\n")
    out = here / "out"
    run([SAMPLES, here / "made.jsonl"], out, Settings())
    return out


@pytest.fixture
def index(folder) -> Iterator[Index]:
    index = Index(folder)
    yield index
    index.close()


@pytest.fixture
def search(index) -> Callable[[str], dict[str, Hit]]:
    """`search(query)` gives the hits by document, a query that is a name finding its entity, too."""
    return lambda query: {hit.id: hit for hit in index.search(query, index.resolve(query), 1000)[1]}


@pytest.fixture
def cablenorm() -> Callable[..., Result]:
    """The command in this process; an exception that it lets through fails the test."""

    def call(*args: object) -> Result:
        result = CliRunner().invoke(main, [str(a) for a in args])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


def texts(folder: Path) -> dict[str, str]:
    lines = (folder / "documents.jsonl").read_text("utf-8").splitlines()
    return {record["id"]: record["text"] for record in map(json.loads, lines)}


# --- what is found


def test_word(search):
    assert set(search("zebra")) == {"zebra"}
    assert set(search("aardvarks")) == {"marks"}


def test_word_in_the_page_and_in_the_normalized_text(search):
    assert {LETTER, "long"} <= set(search("K-23"))
    assert {LETTER, "long"} <= set(search("IL-28"))


def test_words_must_all_stand_in_the_document(search):
    assert set(search("loose fourteenth")) == {LETTER}
    assert not search("loose aardvarks")


def test_words_are_found_without_case_and_accents(search):
    assert set(search("NUNEZ")) == set(search("núñez")) == {"accents"}


def test_phrase(search):
    assert set(search('"two or three loose ends"')) == {LETTER}
    assert not search('"loose three"')
    assert search("loose three")


def test_entity_under_a_name_that_the_page_does_not_have(search):
    found = search("Vasily V. Kuznetsov")
    assert LETTER in found
    assert any("Sumner" in snippet.text for snippet in found[LETTER].snippets)
    assert all("Kuznetsov" not in snippet.text for snippet in found[LETTER].snippets)


@pytest.mark.parametrize("name", ["il-28", "IL-28", "Il 28", "Ilyushin-28", "beagle"])
def test_entity_by_id_and_by_any_true_name(index, name):
    assert index.resolve(name) == [("aircraft", "il-28", "IL-28")]
    ids = [hit.id for hit in index.search(None, index.resolve(name))[1]]
    assert {LETTER, "long"} <= set(ids)


def test_entity_alone_finds_each_document_that_mentions_it(index, folder):
    total, hits = index.search(None, [("aircraft", "il-28", "IL-28")], 1000)
    lines = (folder / "documents.jsonl").read_text("utf-8").splitlines()
    wanted = {r["id"] for r in map(json.loads, lines) if any(m["entity"] == "il-28" for m in r["mentions"])}
    assert {hit.id for hit in hits} == wanted
    assert total == len(wanted)


def test_misreading_is_no_name_of_the_entity(index):
    assert index.resolve("XI-10") == []


def test_limit(index):
    total, hits = index.search("the", limit=2)
    assert total > 2
    assert len(list(hits)) == 2
    assert list(index.search("the", limit=0)[1]) == []


def test_facets(index):
    facets = index.facets(3)
    assert facets["aircraft"][0][0] == "il-28"
    for rows in facets.values():
        assert 0 < len(rows) <= 3
        assert [-row[3] for row in rows] == sorted(-row[3] for row in rows)


# --- what is shown


@pytest.mark.parametrize("query", ["Cuba", "K-23", "IL-28", "Kuznetsov", "the", "Zebra", '"ships can go home"'])
def test_snippets_are_the_original_text_with_the_readings_beside_it(search, folder, query):
    pages = texts(folder)
    found = search(query)
    assert found
    for hit in found.values():
        for snippet in hit.snippets:
            assert snippet.text == pages[hit.id][snippet.start : snippet.start + len(snippet.text)]
            assert 0 <= snippet.hit.start < snippet.hit.end <= len(snippet.text)
            for r in snippet.readings:
                assert snippet.text[r.start : r.end] == r.text
                assert r.reading


def test_snippet_shows_a_reading_beside_the_page(search):
    (snippet,) = search("IL-28")["long"].snippets
    assert snippet.text[slice(*snippet.hit)] == "K-23"
    assert [(r.text, r.reading, r.entity) for r in snippet.readings] == [
        ("K-23", "IL-28", "il-28"),
        ("Havana", "Havana", "havana"),
    ]
    assert len(snippet.text) < 200


def test_phrase_of_the_normalized_text_is_shown_where_the_page_has_it(search):
    (snippet,) = search('"the IL-28 in"')["long"].snippets
    assert snippet.text[slice(*snippet.hit)] == "the K-23 in"


def test_hit_beside_characters_of_private_use_is_shown(search):
    (snippet,) = search("aardvarks")["marks"].snippets
    assert snippet.text[slice(*snippet.hit)] == "aardvarks"


def test_hit_after_a_nul_is_shown(search):
    (snippet,) = search("after")["nul"].snippets
    assert snippet.text[slice(*snippet.hit)] == "after"


# --- odd queries


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        '"',
        '""',
        "*",
        "-",
        "()",
        "NEAR(a b)",
        "a OR",
        "NOT",
        "^a",
        "text:x",
        "{a}",
        "'",
        "\ue000a\ue001",
        "a\x00b",
    ],
)
def test_nothing_that_is_typed_is_an_operator(index, query):
    total, hits = index.search(query, index.resolve(query))
    assert total >= len(list(hits))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
@example('"\u0345')
@example("²")
def test_any_query_has_an_answer(index, query):
    total, hits = index.search(query, index.resolve(query), 3)
    assert len(list(hits)) == min(total, 3)


def test_query_language():
    assert fts_query("IL-28") == '(text : ("IL-28")) OR (normalized : ("IL-28"))'
    assert fts_query('a "b c" d') == '(text : ("a" AND "b c" AND "d")) OR (normalized : ("a" AND "b c" AND "d"))'
    assert fts_query("- *") == ""


# --- folders that hold no index


def test_folder_without_an_index(tmp_path):
    with pytest.raises(ConfigError, match="cablenorm run"):
        Index(tmp_path)


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + bytes(200)])
def test_index_that_is_none(tmp_path, content):
    (tmp_path / "index.sqlite").write_bytes(content)
    with pytest.raises(ConfigError, match="cablenorm run"):
        Index(tmp_path)


def test_database_of_another_program(tmp_path):
    db = sqlite3.connect(tmp_path / "index.sqlite")
    db.execute("CREATE TABLE t (x)")
    db.close()
    with pytest.raises(ConfigError, match="cablenorm run"):
        Index(tmp_path)


@pytest.mark.parametrize("name", ["a b", "50% ü", "what?#x&y"])
def test_folder_with_an_odd_name(folder, tmp_path, name):
    shutil.copytree(folder, tmp_path / name)
    index = Index(tmp_path / name)
    assert index.search("zebra")[0] == 1
    index.close()


def test_search_writes_nothing(folder, cablenorm):
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    cablenorm("search", folder, "Kuznetsov")
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


# --- the command


def test_command_shows_the_page_and_the_reading(cablenorm, folder):
    result = cablenorm("search", folder, "Vasily", "V.", "Kuznetsov")
    assert result.exit_code == 0
    assert LETTER in result.stdout
    assert "«Sumner → Kuznetsov»" in result.stdout
    assert "kuznetsov-vasily-v" in result.stdout
    assert "\x1b[" not in result.stdout
    assert result.stderr == ""


def test_command_shows_the_date(cablenorm, folder):
    assert "zebra  1962-11" in cablenorm("search", folder, "zebra").stdout


def test_command_by_word_and_phrase(cablenorm, folder):
    assert "Zebra" in cablenorm("search", folder, "before", "zebra").stdout
    assert LETTER in cablenorm("search", folder, '"three loose ends"').stdout


@pytest.mark.parametrize("name", ["il-28", "Beagle"])
def test_command_by_entity(cablenorm, folder, name):
    result = cablenorm("search", folder, "--entity", name)
    assert result.exit_code == 0
    assert "K-23's → IL-28's" in result.stdout


def test_command_by_two_entities(cablenorm, folder):
    result = cablenorm("search", folder, "--entity", "il-28", "--entity", "havana", "--json")
    assert {"zebra", "long", LETTER} <= {json.loads(line)["id"] for line in result.stdout.splitlines()}


def test_command_json(cablenorm, folder):
    result = cablenorm("search", folder, "IL-28", "--json")
    hits = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    by_id = {hit["id"]: hit for hit in hits}
    assert list(by_id["long"]) == ["id", "date", "source", "snippets"]
    (snippet,) = by_id["long"]["snippets"]
    start, end = snippet["hit"]
    assert snippet["text"][start:end] == "K-23"
    assert (snippet["readings"][0]["text"], snippet["readings"][0]["reading"]) == ("K-23", "IL-28")


def test_command_finds_nothing(cablenorm, folder):
    result = cablenorm("search", folder, "xylophone")
    assert result.exit_code == 0
    assert "nothing found" in result.stdout
    assert cablenorm("search", folder, "xylophone", "--json").stdout == ""


def test_command_says_how_many_are_not_shown(cablenorm, folder):
    assert ", 1 shown" in cablenorm("search", folder, "the", "--limit", 1).stdout


def test_command_without_a_query(cablenorm, folder):
    result = cablenorm("search", folder)
    assert result.exit_code == 2
    assert "QUERY" in result.stderr


def test_command_with_an_unknown_entity(cablenorm, folder):
    result = cablenorm("search", folder, "--entity", "no-such-thing")
    assert result.exit_code == 2
    assert "no-such-thing" in result.stderr


def test_command_without_an_index(cablenorm, tmp_path):
    for path in (tmp_path, tmp_path / "missing"):
        result = cablenorm("search", path, "Cuba")
        assert result.exit_code == 2
        assert str(path) in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="arguments are no bytes there")
@pytest.mark.parametrize("option", [[], ["--entity"]])
def test_command_with_a_query_in_another_encoding(folder, option):
    argv = [sys.executable, "-m", "normalizer", "search", str(folder), *option, b"N\xfa\xf1ez"]
    done = subprocess.run(argv, capture_output=True, timeout=60)
    assert b"Traceback" not in done.stderr
    assert done.returncode in (0, 2)


def test_words_beside_an_entity_narrow_it_down(cablenorm, folder):
    alone = cablenorm("search", folder, "--entity", "il-28")
    narrowed = cablenorm("search", folder, "zzzz", "--entity", "il-28")
    assert alone.exit_code == narrowed.exit_code == 0
    assert "nothing found" not in alone.stdout
    assert "nothing found" in narrowed.stdout
