"""Every fault with its file, line and entry."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from layer_files import HEAD, PLACES, faults_of, fresh, write

from normalizer.errors import CablenormError, GazetteerError
from normalizer.gazetteer.loader import load_layers

A = HEAD + "  - id: a\n    name: A\n"
BOMB = ", ".join(f"&{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]" for i in range(8))
FAULTS: dict[str, tuple[str | bytes, list[tuple[int, str | None, str]]]] = {
    "unknown key": (A + "    alias: [B]\n", [(6, "a", "unknown key 'alias'")]),
    "unknown key of the head": (
        "schema: 1\ntype: person\nsauce: x\nentries: []\n",
        [(3, None, "unknown key 'sauce'")],
    ),
    "unknown key of a scope": (
        A + "    misreadings:\n      - text: B\n        when:\n          neer: [x]\n",
        [(9, "a", "unknown key 'misreadings[1].when.neer'")],
    ),
    "unknown key of a post": (
        A + "    posts:\n      - {titel: x}\n",
        [(7, "a", "'posts[1].title' is missing"), (7, "a", "unknown key 'posts[1].titel'")],
    ),
    "key of another type": (A + "    location: [1, 2]\n", [(6, "a", "unknown key 'location'")]),
    "wrong date": (A + "    born: 1962-13\n", [(6, "a", "born: '1962-13' is no day of the calendar")]),
    "day 0": (A + "    born: 1962-11-00\n", [(6, "a", "born: '1962-11-00' is no day of the calendar")]),
    "date in words": (A + "    died: spring 1962\n", [(6, "a", "died: 'spring 1962' is no date: write YYYY")]),
    "bad range": (A + "    active: 1963..1962\n", [(6, "a", "active: '1963..1962' ends before it begins")]),
    "bad range of a post": (
        A + "    posts:\n      - title: x\n        dates: ..\n",
        [(8, "a", "posts[1].dates: a range needs at least one end")],
    ),
    "bad range of a scope": (
        A + "    misreadings:\n      - text: B\n        when:\n          dates: soon\n",
        [(9, "a", "misreadings[1].when.dates: 'soon' is no date")],
    ),
    "duplicated id": (
        A + "  - id: b\n    name: B\n  - id: a\n    name: C\n",
        [(8, "a", "stands in line 4 already")],
    ),
    "duplicated id in a later document": (
        A + "---\n" + A,
        [(10, "a", "stands in line 4 already")],
    ),
    "duplicated key": (A + "    name: B\n", [(6, "a", "the key 'name' stands twice")]),
    "duplicated key of a scope": (
        A + "    misreadings:\n      - text: B\n        when: {near: [x], near: [y]}\n",
        [(8, "a", "the key 'near' stands twice")],
    ),
    "duplicated key of the head": (
        "schema: 1\ntype: person\ntype: place\nentries: []\n",
        [(3, None, "the key 'type' stands twice")],
    ),
    "duplicated entries": (
        A + "entries:\n  - id: b\n    name: B\n",
        [(6, None, "the key 'entries' stands twice")],
    ),
    "tab": (HEAD + "  - id: a\n\tname: A\n", [(5, None, "a tab at the start of the line; YAML takes spaces only")]),
    "anchor that contains itself": (
        HEAD + "  - &x\n    id: a\n    name: A\n    facts: *x\n",
        [(4, None, "an anchor that contains itself")],
    ),
    "anchor of a list that contains itself": (
        A + "    aliases: &x [*x]\n",
        [(6, None, "an anchor that contains itself")],
    ),
    "billion laughs": (
        A + f"    aliases: [&a [x,x,x,x,x,x,x,x,x], {BOMB}]\n",
        [(1, None, "write the entries out")],
    ),
    "name: No": (
        HEAD + "  - id: a\n    name: No\n",
        [(5, "a", "name: YAML reads this as false, not as a text; put it in quotes")],
    ),
    "name: 1962": (
        HEAD + "  - id: a\n    name: 1962\n",
        [(5, "a", "name: YAML reads this as the number 1962, not as a text; put it in quotes")],
    ),
    "alias: Yes": (
        A + "    aliases:\n      - B\n      - Yes\n",
        [(8, "a", "aliases[2]: YAML reads this as true, not as a text; put it in quotes")],
    ),
    "alias: nothing": (
        A + "    aliases: [B, ]\n    misreadings: [~]\n",
        [(7, "a", "misreadings[1]: YAML reads this as nothing, not as a text")],
    ),
    "near: a number": (
        A + "    misreadings:\n      - text: B\n        when: {near: [28]}\n",
        [(8, "a", "misreadings[1].when.near[1]: YAML reads this as the number 28")],
    ),
    "list where a map should be: an entry": (HEAD + "  - [a, b]\n", [(4, None, "a list where an entry")]),
    "text where a map should be: an entry": (HEAD + "  - a\n", [(4, None, "the text 'a' where an entry")]),
    "list where a map should be: a scope": (
        A + "    misreadings:\n      - text: B\n        when: [x]\n",
        [(8, "a", "misreadings[1].when: ")],
    ),
    "list where a map should be: the file": (
        "- a\n",
        [(1, None, "a list where the keys schema, type and entries should be")],
    ),
    "text where a map should be: the file": ("hello\n", [(1, None, "the text 'hello' where the keys")]),
    "map where a list should be: entries": (
        "schema: 1\ntype: person\nentries: {id: a}\n",
        [(3, None, "a map where the list of entries should be")],
    ),
    "map where a list should be: aliases": (
        A + "    aliases: {text: B}\n",
        [
            (6, "a", "aliases: "),
        ],
    ),
    "text where a list should be: aliases": (A + "    aliases: B\n", [(6, "a", "aliases: ")]),
    "entries without any": (HEAD, [(3, None, "where the list of entries should be")]),
    "missing name": (HEAD + "  - id: a\n    born: 1900\n", [(4, "a", "no layer gives this entry a name")]),
    "missing id": (HEAD + "  - name: A\n", [(4, None, "the key 'id' is missing")]),
    "missing type": ("schema: 1\nentries: []\n", [(1, None, "the key 'type' is missing")]),
    "missing schema": ("type: person\nentries: []\n", [(1, None, "the key 'schema' is missing")]),
    "missing entries": ("schema: 1\ntype: person\n", [(1, None, "the key 'entries' is missing")]),
    "missing text of a misreading": (
        A + "    misreadings:\n      - evidence: x\n",
        [(7, "a", "the key 'misreadings[1].text' is missing")],
    ),
    "wrong schema version": (
        "schema: 2\ntype: person\nentries: []\n",
        [(1, None, "schema: only 1 is possible here, not 2")],
    ),
    "schema version in quotes": (
        "schema: '1'\ntype: person\nentries: []\n",
        [(1, None, "schema: only 1 is possible here")],
    ),
    "schema version true": (
        "schema: true\ntype: person\nentries: []\n",
        [(1, None, "schema: only 1 is possible here")],
    ),
    "empty file": ("", [(0, None, "empty; a gazetteer file begins with `schema: 1`")]),
    "nothing but a remark": ("# soon\n", [(0, None, "empty")]),
    "not UTF-8": ((A + "    given: Mir").encode() + b"\xf3\n", [(6, None, "not UTF-8; save the file as UTF-8")]),
    "UTF-16": (A.encode("utf-16"), [(1, None, "not UTF-8")]),
    "a NUL": (HEAD + "  - id: a\n    name: A\0B\n", [(5, None, "no valid YAML")]),
    "deep nesting": (HEAD + "  - id: a\n    name: " + "[" * 100_000, [(5, None, "nested deeper")]),
    "deep nesting of maps": ("{a: " * 100_000, [(1, None, "nested deeper")]),
    "deep nesting by dashes": (HEAD + "- " * 100_000, [(4, None, "nested deeper")]),
    "deep nesting by lines": (HEAD + "".join(f"{' ' * i}-\n" for i in range(300)), [(204, None, "nested deeper")]),
    "bad slug": (HEAD + "  - id: A_b\n    name: A\n", [(4, "A_b", "id: 'A_b' is no slug: write lower-case letters")]),
    "slug of a number": (HEAD + "  - id: 12\n    name: A\n", [(4, "12", "id: YAML reads this as the number 12")]),
    "bad type": ("schema: 1\ntype: My Ships\nentries: []\n", [(2, None, "type: 'My Ships' is no slug")]),
    "unknown id in a scope": (
        A + "    misreadings:\n      - text: B\n        when: {near: ['id:zzz']}\n",
        [(4, "a", "the scope of 'B' names no entry: id:zzz")],
    ),
    "unknown id in the scope of an alias": (
        A + "    aliases:\n      - text: B\n        when: {not_near: ['id:zzz']}\n",
        [(4, "a", "the scope of 'B' names no entry: id:zzz")],
    ),
    "bad id in a scope": (
        A + "    misreadings:\n      - text: B\n        when: {near: ['id:Z Z']}\n",
        [(8, "a", "'Z Z' is no slug")],
    ),
    "empty near": (
        A + "    misreadings:\n      - text: B\n        when: {near: []}\n",
        [(8, "a", "misreadings[1].when.near")],
    ),
    "within 0": (
        A + "    misreadings:\n      - text: B\n        when: {near: [x], within: 0}\n",
        [(8, "a", "misreadings[1].when.within")],
    ),
    "latitude out of range": (
        PLACES + "  - {id: a, name: A, location: [91, 0]}\n",
        [(4, "a", "location: [91, 0] is nowhere on Earth")],
    ),
    "location of three numbers": (
        PLACES + "  - {id: a, name: A, location: [1, 2, 3]}\n",
        [(4, "a", "location: write [latitude, longitude]")],
    ),
    "location as a text": (
        PLACES + "  - {id: a, name: A, location: '1, 2'}\n",
        [(4, "a", "location: write [latitude, longitude]")],
    ),
    "location not a number": (PLACES + "  - {id: a, name: A, location: [.nan, 2]}\n", [(4, "a", "location")]),
    "name without a letter": (HEAD + "  - id: a\n    name: '--'\n", [(5, "a", "name: '--' has no letter or digit")]),
    "negative prominence": (A + "    prominence: -1\n", [(6, "a", "prominence")]),
    "removal of what is not there": (
        HEAD + "  - id: a\n    remove: true\n",
        [(4, "a", "removes an entry that no earlier layer has")],
    ),
    "remove: false": (A + "    remove: false\n", [(6, "a", "remove: only true is possible here")]),
    "quote that does not end": (HEAD + '  - id: a\n    name: "A\n', [(6, None, "no valid YAML")]),
    "colon in a name": (
        HEAD + "  - id: a\n    name: A: B\n",
        [(5, None, "no valid YAML: mapping values are not allowed")],
    ),
    "anchor that is not there": (
        HEAD + "  - id: a\n    name: *x\n",
        [(5, None, "no valid YAML: found undefined alias")],
    ),
    "tag that would run a program": (
        HEAD + "  - id: a\n    name: !!python/object/apply:os.system [ls]\n",
        [(5, "a", "name: ")],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_its_place(tmp_path: Path, name: str) -> None:
    content, expected = FAULTS[name]
    file = tmp_path / "mine.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = faults_of(file)
    assert [(f.path, f.line, f.entity_id) for f in found] == [(str(file), line, who) for line, who, _ in expected]
    for fault, (line, who, words) in zip(found, expected, strict=True):
        assert words in fault.message
        where = f"{file}:{line}" if line else str(file)
        assert str(fault) == f"{where}:{f' [{who}]' if who else ''} {fault.message}"


def test_all_faults_are_reported_at_once_in_order(tmp_path: Path) -> None:
    one = write(
        tmp_path,
        "one.yaml",
        """
        schema: 1
        type: person
        sauce: x
        entries:
          - id: a
            name: A
            born: never
            alias: [B]
          - id: B
            name: Yes
          - just words
          - id: c
            name: C
            name: D
            misreadings:
              - text: "--"
                when: {dates: 1963..1962, near: ["id:Q Q"], within: -1}
          - id: d
          - id: fine
            name: Fine
        """.removeprefix("\n"),
    )
    two = write(tmp_path, "two.yaml", PLACES + "  - {id: x, name: X, location: [1]}\n")
    with pytest.raises(GazetteerError) as caught:
        fresh(one, two)
    found = [(Path(f.path).name, f.line, f.entity_id) for f in caught.value.faults]
    assert found == [
        ("one.yaml", 3, None),
        ("one.yaml", 7, "a"),
        ("one.yaml", 8, "a"),
        ("one.yaml", 9, "B"),
        ("one.yaml", 10, "B"),
        ("one.yaml", 11, None),
        ("one.yaml", 14, "c"),
        ("one.yaml", 16, "c"),
        ("one.yaml", 17, "c"),
        ("one.yaml", 17, "c"),
        ("one.yaml", 17, "c"),
        ("two.yaml", 4, "x"),
    ]
    message = str(caught.value)
    assert message.startswith("12 faults in the gazetteer\n")
    assert all(str(f) in message for f in caught.value.faults)
    assert isinstance(caught.value, CablenormError)


def test_one_mistake_is_one_fault(tmp_path: Path) -> None:
    file = write(tmp_path, "a.yaml", A + "    facts: {engines: [1, 2]}\n")
    (fault,) = faults_of(file)
    assert (fault.line, fault.entity_id) == (6, "a")
    assert "facts.engines" in fault.message


def test_a_fault_in_a_layer_does_not_hide_those_of_the_next(tmp_path: Path) -> None:
    one = write(tmp_path, "1.yaml", "- x\n")
    two = write(tmp_path, "2.yaml", HEAD + "\t- x\n")
    three = write(tmp_path, "3.yaml", "")
    assert [Path(f.path).name for f in faults_of(one, two, three)] == ["1.yaml", "2.yaml", "3.yaml"]


def test_a_single_fault_is_counted_right(tmp_path: Path) -> None:
    with pytest.raises(GazetteerError, match=r"\A1 fault in the gazetteer\n"):
        fresh(write(tmp_path, "a.yaml", ""))


@settings(max_examples=200)
@given(st.text(max_size=60) | st.binary(max_size=60))
def test_any_file_is_a_gazetteer_or_a_list_of_faults(content: str | bytes) -> None:
    with suppress(GazetteerError):
        load_layers([("f.yaml", content if isinstance(content, bytes) else content.encode())])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 9999) | st.floats() | st.text(max_size=5) | st.just("1962"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["text", "when", "near", "x"]), inner),
    max_leaves=6,
)
ENTRY_KEYS = ["id", "name", "aliases", "misreadings", "active", "links", "facts", "born", "posts", "location", "remove"]


@given(
    st.dictionaries(st.sampled_from(["schema", "type", "entries", "x"]), VALUES),
    st.lists(st.dictionaries(st.sampled_from(ENTRY_KEYS), VALUES), max_size=2),
)
def test_any_yaml_is_a_gazetteer_or_a_list_of_faults(head: dict[str, Any], entries: list[dict[str, Any]]) -> None:
    data = {"schema": 1, "type": "place", "entries": entries, **head}
    with suppress(GazetteerError):
        load_layers([("f.yaml", yaml.safe_dump(data, allow_unicode=True).encode())])
