"""What sinks promise: records whole and in order, whatever happens between them."""

from __future__ import annotations

import errno
import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from normalizer.errors import SinkError
from normalizer.sinks import SINKS

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def record_of(name: str, text: str = "Guba and the K-23's", **more: Any) -> dict[str, Any]:
    """A record of output schema 1 with a linked place in it."""
    mention = {
        "start": 0, "end": 4, "text": text[:4], "label": "PLACE", "normalized_start": 0, "normalized_end": 4,
        "decision": "linked", "entity": "cuba", "name": "Cuba", "method": "misreading", "score": 0.95,
        "evidence": ["because"], "candidates": [{"entity": "cuba", "name": "Cuba", "score": 0.95}],
    }  # fmt: skip
    return {
        "schema": 1, "id": name, "source": None, "date": "1962-11", "text": text, "normalized": "Cuba" + text[4:],
        "mentions": [mention], "entities": {"person": [], "aircraft": [], "place": []}, "metadata": {"box": 7},
        "versions": {"cablenorm": "0", "gazetteer": "sha256:0", "tagger": None}, **more,
    }  # fmt: skip


def line_of(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode()


def names_of(kind: str, entity: str) -> Iterator[tuple[str, str]]:
    yield entity.replace("-", ""), f"{entity} of {kind}"


def rows(path: Path, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(query, values).fetchall()


def lines(path: Path) -> list[dict[str, Any]]:
    data = path.read_bytes()
    assert not data or data.endswith(b"\n")
    return [json.loads(line) for line in data.split(b"\n")[:-1]]


def _ids_in_jsonl(path: Path) -> list[str]:
    return [record["id"] for record in lines(path)]


def _ids_in_sqlite(path: Path) -> list[str]:
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    found = rows(path, "SELECT id FROM documents ORDER BY number")
    # A document is there with its mentions and its words, or not at all.
    assert rows(path, "SELECT count(DISTINCT document) FROM mentions") == [(len(found),)]
    assert rows(path, "SELECT count(*) FROM full_text WHERE full_text MATCH 'cuba'") == [(len(found),)]
    return [own for (own,) in found]


IDS: dict[str, Callable[[Path], list[str]]] = {"documents.jsonl": _ids_in_jsonl, "index.sqlite": _ids_in_sqlite}
"""How to ask the target of each sink what it holds; a new sink adds itself here."""


@pytest.fixture(params=sorted(SINKS))
def target(request, tmp_path) -> Path:
    """The path of each sink's file, in turn."""
    return tmp_path / request.param


def ids_in(target: Path) -> list[str]:
    return IDS[target.name](target)


def write(sink: Any, *records: dict[str, Any]) -> None:
    for record in records:
        sink.write(line_of(record), record)


def write_on_and_on(sink: Any, taken: list[str]) -> None:
    """Write until the sink raises; `taken` says what it took before."""
    for n in range(10_000):
        write(sink, record_of(str(n), f"Guba {'and so on ' * 200}"))
        taken.append(str(n))


# --- the contract


def test_every_sink_is_tested():
    assert sorted(IDS) == sorted(SINKS)


def test_sink_holds_all_records_in_order(target):
    sink = SINKS[target.name](target)
    wanted = [f"{n * 7919 % 1201}" for n in range(1200)]
    write(sink, *map(record_of, wanted))
    sink.close(names_of)
    assert ids_in(target) == wanted


def test_sink_without_a_record(target):
    sink = SINKS[target.name](target)
    sink.close(names_of)
    assert ids_in(target) == []


def test_sink_gives_the_same_bytes_each_time(target, tmp_path):
    made = []
    for folder in ("a", "b"):
        path = tmp_path / folder / target.name
        path.parent.mkdir()
        sink = SINKS[target.name](path)
        write(sink, *(record_of(str(n)) for n in range(20)))
        sink.close(names_of)
        made.append(path.read_bytes())
    assert made[0] == made[1]


def test_sink_closed_after_an_interruption_is_whole(target):
    class Interrupting(dict):  # type: ignore[type-arg]
        def __getitem__(self, name: str) -> Any:
            if name == "mentions":
                raise KeyboardInterrupt
            return super().__getitem__(name)

    sink = SINKS[target.name](target)
    write(sink, record_of("a"), record_of("b"))
    third = record_of("c")
    try:
        sink.write(line_of(third), Interrupting(third))
        kept = ["a", "b", "c"]
    except KeyboardInterrupt:
        kept = ["a", "b"]
    sink.close(names_of)
    assert ids_in(target) == kept


def test_sink_in_a_missing_folder_raises_a_sink_error(target):
    with pytest.raises(SinkError, match=target.name):
        SINKS[target.name](target.parent / "missing" / target.name)


@pytest.mark.parametrize("text", ["Guba\x00 and after", "Guba\u2028\u2029\x85\x1e", "Guba \U0001f680 \ue000\ue001"])
def test_sink_keeps_odd_characters(target, text):
    sink = SINKS[target.name](target)
    write(sink, record_of("odd", text))
    sink.close(names_of)
    assert ids_in(target) == ["odd"]


# --- JSON Lines


def test_jsonl_is_the_lines_that_it_was_given(tmp_path):
    path = tmp_path / "documents.jsonl"
    sink = SINKS[path.name](path)
    given_lines = [line_of(record_of(str(n), f"Guba № {n}")) for n in range(3)]
    for line in given_lines:
        sink.write(line, json.loads(line))
        assert path.read_bytes().endswith(line + b"\n")  # at once, not at the end
    sink.close(names_of)
    assert path.read_bytes() == b"".join(line + b"\n" for line in given_lines)


class FullDisk(io.FileIO):
    """A file on a disk that has room for so many bytes."""

    room = 50_000

    def write(self, data: Any) -> int:
        left = self.room - self.tell()
        if left <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(memoryview(data)[:left])


def test_jsonl_takes_a_line_back_for_which_the_disk_has_no_room(tmp_path, monkeypatch):
    path = tmp_path / "documents.jsonl"
    monkeypatch.setattr(Path, "open", lambda self, mode, **_: FullDisk(self, mode.replace("b", "")))
    sink = SINKS[path.name](path)
    written: list[str] = []
    with pytest.raises(SinkError, match="No space left"):
        write_on_and_on(sink, written)
    sink.close(names_of)
    monkeypatch.undo()
    assert 0 < len(written) < 50
    assert _ids_in_jsonl(path) == written


# --- SQLite


@pytest.fixture
def index(tmp_path) -> Callable[..., Path]:
    """`index(record, ...)` is the path of a finished index."""

    def make(*records: dict[str, Any]) -> Path:
        path = tmp_path / "index.sqlite"
        sink = SINKS[path.name](path)
        write(sink, *records)
        sink.close(names_of)
        return path

    return make


def test_sqlite_full_text_of_both_texts(index):
    path = index(record_of("a"), record_of("b", "Cuba was quiet"))
    query = "SELECT id FROM documents WHERE number IN (SELECT rowid FROM full_text WHERE full_text MATCH ?)"
    assert rows(path, query, "guba") == [("a",)]
    assert rows(path, query, "cuba") == [("a",), ("b",)]
    assert rows(path, query, '"was quiet"') == [("b",)]
    assert rows(path, "INSERT INTO full_text (full_text) VALUES ('integrity-check')") == []


def test_sqlite_documents_keep_everything(index):
    path = index(record_of("a", metadata={"ü": [1, None]}, source="box 7", date=None))
    ((own, source, date, text, normalized, metadata),) = rows(
        path, "SELECT id, source, date, text, normalized, metadata FROM documents"
    )
    assert (own, source, date) == ("a", "box 7", None)
    assert (text, normalized) == ("Guba and the K-23's", "Cuba and the K-23's")
    assert json.loads(metadata) == {"ü": [1, None]}


def test_sqlite_mentions(index):
    path = index(record_of("a"))
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        (row,) = map(dict, db.execute("SELECT * FROM mentions"))
    mention = record_of("a")["mentions"][0]
    assert {k: row[k] for k in mention if k not in ("evidence", "candidates")} == {
        k: v for k, v in mention.items() if k not in ("evidence", "candidates")
    }
    assert json.loads(row["evidence"]) == mention["evidence"]
    assert json.loads(row["candidates"]) == mention["candidates"]


def test_sqlite_facets_count_documents_and_mentions(index):
    twice = record_of("b")
    twice["mentions"] = [twice["mentions"][0], {**twice["mentions"][0], "start": 5, "end": 8}]
    unknown = record_of("c")
    unknown["mentions"] = [{**unknown["mentions"][0], "decision": "unknown", "entity": None, "name": None}]
    path = index(record_of("a"), twice, unknown)
    facets = rows(path, "SELECT type, id, name, documents, mentions FROM entities")
    assert facets == [("place", "cuba", "Cuba", 2, 3)]
    live = rows(
        path,
        "SELECT lower(label), entity, count(DISTINCT document), count(*) FROM mentions"
        " WHERE entity IS NOT NULL GROUP BY 1, 2",
    )
    assert live == [("place", "cuba", 2, 3)]


def test_sqlite_same_id_of_two_types_is_two_entities(index):
    other = record_of("b")
    other["mentions"] = [{**other["mentions"][0], "label": "ORGANIZATION"}]
    path = index(record_of("a"), other)
    assert rows(path, "SELECT type, id FROM entities") == [("organization", "cuba"), ("place", "cuba")]


def test_sqlite_names_of_the_entities_seen(index):
    assert rows(index(record_of("a")), "SELECT * FROM names") == [("cuba", "place", "cuba", "cuba of place")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(TEXT)
def test_sqlite_keeps_any_text(tmp_path, text):
    path = tmp_path / "index.sqlite"
    path.unlink(missing_ok=True)
    sink = SINKS[path.name](path)
    record = record_of("a", text, normalized=text, id=text)
    write(sink, record)
    sink.close(names_of)
    assert rows(path, "SELECT id, text, normalized FROM documents") == [(text, text, text)]


def test_sqlite_words_after_a_nul_are_found(index):
    path = index(record_of("a", "Guba\x00 and the zebra"))
    assert rows(path, "SELECT rowid FROM full_text WHERE full_text MATCH 'zebra'") == [(1,)]


def _small_disk(monkeypatch, pages: int) -> None:
    """SQLite itself can play a full disk: so many pages and no more."""
    connect = sqlite3.connect

    def small(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        db = connect(*args, **kwargs)
        db.execute(f"PRAGMA max_page_count={pages}")
        return db

    monkeypatch.setattr(sqlite3, "connect", small)


@pytest.mark.parametrize("pages", [40, 100, 300])
def test_sqlite_on_a_full_disk_keeps_what_was_taken(tmp_path, monkeypatch, pages):
    path = tmp_path / "index.sqlite"
    _small_disk(monkeypatch, pages)
    sink = SINKS[path.name](path)
    taken: list[str] = []
    with pytest.raises(SinkError, match="full"):
        write_on_and_on(sink, taken)
    try:
        sink.close(names_of)
    except SinkError as error:
        assert "full" in str(error)  # noqa: PT017 - no room for the last tables is a fault that is told
    monkeypatch.undo()
    assert taken
    assert _ids_in_sqlite(path) == taken


def test_sqlite_refused_record_leaves_nothing_behind(tmp_path):
    path = tmp_path / "index.sqlite"
    sink = SINKS[path.name](path)
    write(sink, record_of("a"))
    with pytest.raises(SinkError, match="cannot be written"):
        write(sink, record_of("a", "Guba twice"))
    write(sink, record_of("b"))
    sink.close(names_of)
    assert _ids_in_sqlite(path) == ["a", "b"]
