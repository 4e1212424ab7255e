"""From bytes to documents: encodings, text files, JSON Lines, and the contract of every reader."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from normalizer.errors import ReadError
from normalizer.model import Document
from normalizer.readers import READERS, File, Item, Notice, Options, suffix_of
from normalizer.readers.decoding import decode

SENTENCE = "Señor Núñez Jiménez und General Müller trafen Ambassador Zorin – in «Havana»."
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x02\x00\x00\x00\x01\x80\x08\x06\x00\x00\x00" + bytes(range(256))
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


class Reading:
    """What a reader makes of a file."""

    def __init__(self, path: Path, options: Options | None = None) -> None:
        suffix = suffix_of(path.name)
        assert suffix is not None
        self.advanced = 0
        file = File(path, path.name, path.name[: -len(suffix)])
        self.items: list[Item] = list(READERS[suffix](file, options or Options(), self._advance))
        self.documents = [item for item in self.items if isinstance(item, Document)]
        self.errors = [item for item in self.items if isinstance(item, ReadError)]
        self.notices = [item for item in self.items if isinstance(item, Notice)]

    def _advance(self, count: int) -> None:
        assert count >= 0
        self.advanced += count


@pytest.fixture
def jsonl(tmp_path: Path) -> Callable[..., Reading]:
    """`jsonl(line, line, ...)` reads the lines; a line may be bytes, a text or what JSON can hold."""

    def read(*lines: Any, options: Options | None = None, name: str = "a.jsonl") -> Reading:
        data = b"".join(_line(line) + b"\n" for line in lines)
        (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return Reading(tmp_path / name, options)

    return read


def _line(line: Any) -> bytes:
    if isinstance(line, bytes):
        return line
    return (line if isinstance(line, str) else json.dumps(line)).encode()


# --- decoding


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_decode_known_encodings(encoding):
    assert decode(SENTENCE.encode(encoding)) == SENTENCE


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_decode_utf16_of_either_order(mark, encoding):
    assert decode(mark + SENTENCE.encode(encoding)) == SENTENCE


def test_decode_latin1():
    text = "À la conférence de Genève, M. Gromyko n'a répondu qu'à l'Élysée."
    assert decode(text.encode("latin-1")) == text


def test_decode_keeps_line_ends_and_blank_space():
    text = "one\r\ntwo\rthree\n\x0c \u00a0\u2028four\t\n\n"
    assert decode(text.encode()) == text


def test_decode_keeps_single_control_characters():
    text = "page one\x00 and so on, as some scanners leave it, one in a page or two of them\x1a" * 5
    assert decode(text.encode()) == text


def test_decode_nothing():
    assert decode(b"") == ""


@pytest.mark.parametrize(
    "data",
    [
        PNG,
        b"\x7fELF\x02\x01\x01" + bytes(64),
        bytes(1000),
        b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(range(256)) * 4,
        SENTENCE.encode("utf-16-le"),
    ],
    ids=["png", "elf", "zeros", "zip", "utf-16 without a mark"],
)
def test_decode_refuses_binary_data(data):
    with pytest.raises(ValueError, match="binary"):
        decode(data)


@pytest.mark.parametrize("cut", ["ñ", "ú", "ü", "–", "»"])
def test_decode_refuses_damaged_utf8(cut):
    whole = SENTENCE.encode()
    at = whole.index(cut.encode()) + 1
    with pytest.raises(ValueError, match=f"UTF-8.*byte {at - 1}"):
        decode(whole[:at] + whole[at + 1 :])


def test_decode_refuses_damaged_utf16():
    with pytest.raises(ValueError, match="UTF-16"):
        decode("Cuba".encode("utf-16")[:-1])


def test_decode_utf32_is_read_or_refused():
    data = "Cuba and Havana".encode("utf-32")
    try:
        text = decode(data)
    except ValueError:
        return
    assert text == "Cuba and Havana"


def test_decode_refuses_bytes_of_no_encoding():
    with pytest.raises(ValueError, match="--encoding"):
        decode(b"caf\xe9 \x81 \x8d")


def test_decode_named_encoding():
    assert decode("Хрущёв".encode("koi8-r"), "koi8-r") == "Хрущёв"
    with pytest.raises(ValueError, match="utf-8"):
        decode(b"caf\xe9", "utf-8")
    with pytest.raises(ValueError, match="no-such"):
        decode(b"Cuba", "no-such")


@given(TEXT)
def test_decode_gives_back_utf8(text):
    data = text.encode()
    try:
        made = decode(data)
    except ValueError as error:
        assert "binary" in str(error)  # noqa: PT017 - a text of control characters may be refused
    else:
        if not data.startswith(b"\xef\xbb\xbf"):
            assert made == text


@given(st.binary())
def test_decode_any_bytes_gives_text_or_value_error(data):
    try:
        text = decode(data)
    except ValueError as error:
        assert not isinstance(error, UnicodeError)  # noqa: PT017
    else:
        text.encode()


# --- suffixes


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("a.txt", ".txt"),
        ("A.TXT", ".txt"),
        ("a.b.md", ".md"),
        ("a.jsonl", ".jsonl"),
        ("a.jsonl.gz", ".jsonl.gz"),
        ("a.txt.jsonl.gz", ".jsonl.gz"),
        ("a.gz", None),
        ("a.pdf", None),
        ("txt", None),
        (".txt", None),
        ("", None),
    ],
)
def test_suffix_of(name, suffix):
    assert suffix_of(name) == suffix


# --- the contract of every reader


@pytest.fixture(params=sorted(READERS))
def sample(request, tmp_path) -> Path:
    """A small sound file for every reader there is."""
    path = tmp_path / f"sample{request.param}"
    line = json.dumps({"id": "sample", "text": SENTENCE}).encode() + b"\n"
    contents = {
        ".txt": SENTENCE.encode(),
        ".md": SENTENCE.encode(),
        ".jsonl": line,
        ".jsonl.gz": gzip.compress(line),
    }
    path.write_bytes(contents[request.param])
    return path


def test_reader_gives_the_document(sample):
    reading = Reading(sample)
    assert [(d.id, d.text) for d in reading.items] == [("sample", SENTENCE)]


def test_reader_tells_how_many_bytes_it_read(sample):
    assert Reading(sample).advanced == sample.stat().st_size


def test_reader_counts_a_missing_file(sample):
    sample.unlink()
    reading = Reading(sample)
    assert not reading.documents
    assert len(reading.errors) == 1
    assert "cannot be read" in reading.errors[0].reason
    assert reading.errors[0].source == sample.name


def test_reader_counts_a_folder(sample):
    sample.unlink()
    sample.mkdir()
    assert [type(item) for item in Reading(sample).items if not isinstance(item, Notice)] == [ReadError]


def test_reader_notices_an_empty_file(sample):
    sample.write_bytes(gzip.compress(b"") if sample.name.endswith(".gz") else b"")
    reading = Reading(sample)
    assert not reading.errors
    assert len(reading.notices) == 1
    assert "empty" in reading.notices[0].reason


def test_reader_counts_binary_data(sample):
    sample.write_bytes(PNG)
    reading = Reading(sample)
    assert not reading.documents
    assert reading.errors


# --- JSON Lines


def test_jsonl_other_keys_are_metadata(jsonl):
    record = {
        "id": "a",
        "text": "Cuba",
        "date": "1962-10",
        "source": "box 7",
        "box": 7,
        "nested": {"a": [1, None, "ü"]},
    }
    (doc,) = jsonl(record).items
    assert doc == Document("a", "Cuba", "1962-10", "box 7", {"box": 7, "nested": {"a": [1, None, "ü"]}})


def test_jsonl_keys_can_be_named(jsonl):
    options = Options(id_key="docid", text_key="body", date_key="sent", source_key="box")
    record = {"docid": "a", "body": "Cuba", "sent": "1962", "box": "7", "id": 1, "text": "other", "date": "x"}
    (doc,) = jsonl(record, options=options).items
    assert doc == Document("a", "Cuba", "1962", "7", {"id": 1, "text": "other", "date": "x"})


def test_jsonl_whole_number_as_id(jsonl):
    assert jsonl({"id": 12, "text": "x"}, {"id": 0, "text": "x"}).documents[0].id == "12"
    assert jsonl({"id": 0, "text": "x"}).documents[0].id == "0"


def test_jsonl_id_from_the_line_where_it_is_missing(jsonl):
    assert [d.id for d in jsonl({"text": "x"}, "", {"text": "y", "id": None}).documents] == ["a:1", "a:3"]


@pytest.mark.parametrize("own", [True, 1.5, [], {}])
def test_jsonl_id_that_is_none(jsonl, own):
    reading = jsonl({"id": own, "text": "x"})
    assert not reading.documents
    assert "--id-key" in reading.errors[0].reason


def test_jsonl_date_that_is_none_stays_in_the_metadata(jsonl):
    reading = jsonl({"id": "a", "text": "x", "date": "Nov. 1962"})
    assert reading.documents == [Document("a", "x", None, None, {"date": "Nov. 1962"})]
    assert [(n.line, "date" in n.reason) for n in reading.notices] == [(1, True)]


@pytest.mark.parametrize(("date", "read"), [(1962, "1962"), (None, None), ("", None), (" 1962-11-17 ", "1962-11-17")])
def test_jsonl_dates(jsonl, date, read):
    reading = jsonl({"id": "a", "text": "x", "date": date})
    assert reading.documents[0].date == read
    assert not reading.notices


BROKEN = {
    "no JSON": b"{this is no JSON",
    "half a line": b'{"id": "x", "text": "Cu',
    "a list": b'["id", "text"]',
    "a text": b'"text"',
    "a number": b"17",
    "null": b"null",
    "NaN": b'{"id": "x", "text": "Cuba", "n": NaN}',
    "Infinity": b'{"id": "x", "text": "Cuba", "n": -Infinity}',
    "a number beyond any float": b'{"id": "x", "text": "Cuba", "n": 1e999}',
    "a number of 5,000 digits": b'{"id": "x", "text": "Cuba", "n": ' + b"9" * 5000 + b"}",
    "no text": b'{"id": "x"}',
    "null as text": b'{"id": "x", "text": null}',
    "a number as text": b'{"id": "x", "text": 17}',
    "half a surrogate pair in the text": b'{"id": "x", "text": "Cuba \\ud800"}',
    "half a surrogate pair in the id": b'{"id": "x\\udfff", "text": "Cuba"}',
    "half a surrogate pair in the source": b'{"id": "x", "text": "Cuba", "source": "\\ud800"}',
    "half a surrogate pair in the metadata": b'{"id": "x", "text": "Cuba", "m": {"n": ["\\ud83d"]}}',
    "half a surrogate pair in a key": b'{"id": "x", "text": "Cuba", "\\ud83d": 1}',
    "brackets without end": b'{"id": "x", "text": "Cuba", "n": ' + b"[" * 100_000,
    "nested too deep": b'{"id": "x", "text": "Cuba", "n": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "damaged UTF-8": b'{"id": "x", "text": "' + "Núñez Jiménez Müller".encode()[:-4] + b'\xc3ller"}',
    "binary data": PNG.replace(b"\n", b""),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_jsonl_broken_line_is_counted_and_the_rest_is_read(jsonl, broken):
    good = [{"id": str(n), "text": f"Cuba {n}"} for n in range(4)]
    reading = jsonl(good[0], good[1], broken, good[2], "", broken, good[3])
    assert [d.text for d in reading.documents] == [g["text"] for g in good]
    assert [(e.source, e.line) for e in reading.errors] == [("a.jsonl", 3), ("a.jsonl", 6)]
    assert all(e.reason and "\n" not in e.reason for e in reading.errors)


def test_jsonl_whole_surrogate_pair(jsonl):
    assert jsonl(b'{"id": "x", "text": "\\ud83d\\ude80"}').documents[0].text == "\U0001f680"


def test_jsonl_of_other_encodings_and_line_ends(jsonl):
    record = json.dumps({"id": "x", "text": SENTENCE}, ensure_ascii=False)
    lines = (b"\xef\xbb\xbf" + record.encode(), record.encode("cp1252") + b"\r")
    assert [d.text for d in jsonl(*lines).documents] == [SENTENCE] * 2


def test_jsonl_without_a_last_line_end(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "a", "text": "x"}\n{"id": "b", "text": "y"}', "utf-8")
    assert [d.id for d in Reading(path).documents] == ["a", "b"]


@pytest.mark.parametrize("cut", [1, 5, 9, 200])
def test_jsonl_truncated_gzip_keeps_what_stands_before(tmp_path, cut):
    lines = [json.dumps({"id": str(n), "text": f"Document {n} of {n * 7919 % 10_007}"}) for n in range(2000)]
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode())[:-cut])
    reading = Reading(path)
    documents = reading.documents
    assert len(documents) > 1000 or cut == 200
    assert [d.id for d in documents] == [str(n) for n in range(len(documents))]
    assert any("cannot be read to its end" in e.reason for e in reading.errors)
    assert all(e.line is not None for e in reading.errors)


def test_jsonl_gzip_with_a_damaged_middle(tmp_path):
    lines = [json.dumps({"id": str(n), "text": f"Document {n} of {n * 7919 % 10_007}"}) for n in range(20_000)]
    data = bytearray(gzip.compress("\n".join(lines).encode()))
    data[len(data) // 2] ^= 0xFF
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(data)
    reading = Reading(path)
    assert reading.documents
    assert reading.errors


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXT, st.dictionaries(TEXT, JSON, max_size=3)), min_size=1, max_size=5))
def test_jsonl_gives_back_what_was_written(tmp_path, records):
    reserved = ("id", "text", "date", "source")
    wanted = [(text, {k: v for k, v in more.items() if k not in reserved}) for text, more in records]
    path = tmp_path / "a.jsonl"
    lines = [json.dumps({"id": n, "text": text, **more}) for n, (text, more) in enumerate(wanted)]
    path.write_text("\n".join(lines), "utf-8")
    assert [(d.text, d.metadata) for d in Reading(path).items] == wanted


# --- text files


def test_text_file_is_read_as_it_is(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"  Cuba\r\n\x0cHavana \n\n")
    assert Reading(path).items == [Document("a", "  Cuba\r\n\x0cHavana \n\n")]


def test_text_file_of_blank_space_is_kept_with_a_notice(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b" \n\x0c\n")
    reading = Reading(path)
    assert [d.text for d in reading.documents] == [" \n\x0c\n"]
    assert ["empty" in n.reason for n in reading.notices] == [True]


def test_text_file_of_a_named_encoding(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("Хрущёв".encode("koi8-r"))
    assert Reading(path, Options(encoding="koi8-r")).documents[0].text == "Хрущёв"


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="there is no /proc here")
def test_text_file_that_cannot_be_read(tmp_path):
    path = tmp_path / "a.txt"
    path.symlink_to("/proc/self/mem")
    (error,) = Reading(path).items
    assert isinstance(error, ReadError)
    assert "cannot be read" in error.reason


def test_text_file_with_one_long_line(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"the ships can go home " * 1_000_000)
    (doc,) = Reading(path).items
    assert len(doc.text) == 22_000_000
