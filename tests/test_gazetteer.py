from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml
from conftest import ROOT, SMALL
from hypothesis import given, settings
from hypothesis import strategies as st

import normalizer.gazetteer
from normalizer.errors import CablenormError, ConfigError, Fault, GazetteerError
from normalizer.folding import key
from normalizer.gazetteer import Entity, Form, Gazetteer, Misreading, Post, Scope, load
from normalizer.gazetteer.compiled import cache_folder
from normalizer.gazetteer.export import FORMATS, to_dict
from normalizer.gazetteer.forms import is_designator
from normalizer.gazetteer.layers import layer_files, read_layers, version_of
from normalizer.gazetteer.lint import lint
from normalizer.gazetteer.loader import load_layers
from normalizer.words import word_list

HEAD = "schema: 1\ntype: person\nentries:\n"
PLACES = "schema: 1\ntype: place\nentries:\n"


def write(folder: Path, name: str, text: str | bytes) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else dedent(text).encode())
    return file


def fresh(*paths: Path) -> Gazetteer:
    return load(paths, default=False, cache=False)


def entity(gazetteer: Gazetteer, entity_id: str) -> Entity:
    (number,) = gazetteer.numbers(entity_id)
    return gazetteer.entity(number)


def faults_of(*paths: Path) -> list[Fault]:
    with pytest.raises(GazetteerError) as caught:
        fresh(*paths)
    return caught.value.faults


# ------------------------------------------------------------------------------------------ Loading


def test_every_key_of_the_format_is_loaded(make_gazetteer: Callable[..., Gazetteer]) -> None:
    made = make_gazetteer(
        """
        schema: 1
        type: person
        source: a list
        entries:
          - id: thompson-llewellyn-e
            name: Llewellyn E. Thompson, Jr.
            aliases:
              - Tommy Thompson
              - {text: Red, common: true, when: {dates: 1962, within: 7, near: Moscow}}
            misreadings:
              - Thornpson
              - text: Thomson
                when: {documents: "a*", near: [x, "id:thompson-llewellyn-e"], not_near: [y]}
                evidence: page 2
            born: 1904-08-24
            died: 1972-02
            prominence: 77
            posts:
              - {title: Ambassador, at: Soviet Union, dates: 1957-07-16..1962-07-27}
              - {title: Adviser}
            links: {frus: 113537, wikidata: Q1}
            facts: {height_m: 1.8, tall: true, sons: 2, note: "yes"}
        """
    )
    ent = entity(made, "thompson-llewellyn-e")
    assert (ent.type, ent.label, ent.source, ent.prominence) == ("person", "PERSON", "a list", 77)
    assert (ent.name, ent.family, ent.given) == ("Llewellyn E. Thompson, Jr.", "Thompson", "Llewellyn E.")
    assert [a.text for a in ent.aliases] == ["Tommy Thompson", "Red"]
    assert ent.aliases[1].common is True
    assert ent.aliases[1].when == Scope(dates="1962", near=("Moscow",), within=7)
    assert ent.misreadings[0] == Misreading("Thornpson")
    near = ("x", "id:thompson-llewellyn-e")
    assert ent.misreadings[1] == Misreading("Thomson", Scope(None, ("a*",), near, ("y",)), "page 2")
    assert ent.posts == (Post("Ambassador", "Soviet Union", "1957-07-16..1962-07-27"), Post("Adviser"))
    assert ent.links == {"frus": "113537", "wikidata": "Q1"}
    assert ent.facts == {"height_m": 1.8, "tall": True, "sons": 2, "note": "yes"}
    assert ent.years().last is not None


@pytest.mark.parametrize(
    ("entry", "family", "given"),
    [
        ("name: Dean Rusk", "Rusk", "Dean"),
        ("name: Pelé", "Pelé", None),
        ("name: 'Roger Hilsman, Jr.'", "Hilsman", "Roger"),
        ("name: 'Henry Ford II'", "Ford", "Henry"),
        ("{name: Charles de Gaulle, family: de Gaulle}", "de Gaulle", "Charles"),
        ("{name: Mao Tse-tung, family: Mao, given: Tse-tung}", "Mao", "Tse-tung"),
        ("{name: Lord Home, family: Home, given: Alec}", "Home", "Alec"),
        ("{name: Mao Tse-tung, family: Mao}", "Mao", None),
    ],
)
def test_family_and_given_names(
    make_gazetteer: Callable[..., Gazetteer], entry: str, family: str, given: str | None
) -> None:
    data = yaml.safe_load(entry if entry.startswith("{") else f"{{{entry}}}")
    made = make_gazetteer(yaml.safe_dump({"schema": 1, "type": "person", "entries": [{"id": "x", **data}]}))
    ent = entity(made, "x")
    assert (ent.family, ent.given) == (family, given)


def test_dates_stay_texts_and_a_bare_year_may_be_a_number(make_gazetteer: Callable[..., Gazetteer]) -> None:
    made = make_gazetteer(HEAD + "  - {id: a, name: A B, born: 1904, died: 1972-02-06}\n")
    assert (entity(made, "a").born, entity(made, "a").died) == ("1904", "1972-02-06")


def test_a_file_may_hold_several_documents(make_gazetteer: Callable[..., Gazetteer]) -> None:
    made = make_gazetteer(
        """
        schema: 1
        type: place
        source: one
        entries: [{id: x, name: X}]
        ---
        schema: 1
        type: ship
        source: two
        entries: [{id: x, name: X}, {id: y, name: Y, source: three}]
        """
    )
    assert [(e.type, e.id, e.source) for e in made.entities()] == [
        ("place", "x", "one"),
        ("ship", "x", "two"),
        ("ship", "y", "three"),
    ]
    assert len(made.numbers("x")) == 2
    assert made.numbers("z") == []


def test_a_byte_order_mark_and_windows_lines_do_no_harm(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbf" + (PLACES + "  - id: a\n    name: Caf\u00e9\n").replace("\n", "\r\n").encode()
    assert entity(fresh(write(tmp_path, "a.yaml", text)), "a").name == "Café"


def test_anchors_are_allowed_where_they_do_not_blow_up(make_gazetteer: Callable[..., Gazetteer]) -> None:
    made = make_gazetteer(
        PLACES
        + "  - {id: a, name: A, misreadings: [{text: B, when: &here {near: [x]}}]}\n"
        + "  - {id: c, name: C, misreadings: [{text: D, when: *here}]}\n"
    )
    assert entity(made, "a").misreadings[0].when == entity(made, "c").misreadings[0].when == Scope(near=("x",))


def test_entities_stand_by_type_and_id_whatever_the_order_of_the_file(make_gazetteer: Callable[..., Gazetteer]) -> None:
    one = make_gazetteer(PLACES + "  - {id: b, name: B}\n  - {id: a, name: A}\n")
    two = make_gazetteer(PLACES + "  - {id: a, name: A}\n  - {id: b, name: B}\n")
    assert one.ids() == two.ids() == ["a", "b"]
    assert one.columns == two.columns
    assert one.version != two.version


# ------------------------------------------------------------------------------------------ Layers


def test_lists_unite_scalars_override_maps_merge(make_gazetteer: Callable[..., Gazetteer]) -> None:
    made = make_gazetteer(
        """
        schema: 1
        type: place
        source: first
        entries:
          - {id: a, name: A, aliases: [One, Two], location: [1, 2], country: X, links: {p: q}, facts: {k: 1, l: 2}}
        """,
        """
        schema: 1
        type: place
        source: second
        entries:
          - {id: a, aliases: [Two, Three], location: [3, 4], country: Y, links: {r: s}, facts: {l: 3}, kind: city}
        """,
    )
    ent = entity(made, "a")
    assert [a.text for a in ent.aliases] == ["One", "Two", "Three"]
    assert (ent.location, ent.country, ent.kind) == ((3, 4), "Y", "city")
    assert ent.links == {"p": "q", "r": "s"}
    assert ent.facts == {"k": 1, "l": 3}
    assert (ent.name, ent.source) == ("A", "first")


def test_a_later_name_overrides_and_brings_its_source(make_gazetteer: Callable[..., Gazetteer]) -> None:
    layer = "schema: 1\ntype: place\nsource: {}\nentries: [{{id: a, name: {}}}]\n"
    made = make_gazetteer(layer.format("first", "A"), layer.format("second", "B"))
    assert (entity(made, "a").name, entity(made, "a").source) == ("B", "second")
    assert made.patterns == ["b"]


def test_misreadings_of_one_text_with_other_scopes_both_stay(make_gazetteer: Callable[..., Gazetteer]) -> None:
    made = make_gazetteer(
        PLACES + "  - {id: a, name: A, misreadings: [{text: B, when: {near: [x]}}]}\n",
        PLACES + "  - {id: a, misreadings: [{text: B, when: {near: [y]}}]}\n",
    )
    assert [m.when for m in entity(made, "a").misreadings] == [Scope(near=("x",)), Scope(near=("y",))]
    assert len(made.forms(made.patterns.index("b"))) == 2


def test_an_entry_is_removed_and_may_come_back(make_gazetteer: Callable[..., Gazetteer]) -> None:
    first = PLACES + "  - {id: a, name: A, aliases: [Old]}\n  - {id: b, name: B}\n"
    remove = PLACES + "  - {id: a, remove: true}\n"
    assert make_gazetteer(first, remove).ids() == ["b"]
    again = make_gazetteer(first, remove, PLACES + "  - {id: a, name: New}\n")
    assert (entity(again, "a").name, entity(again, "a").aliases) == ("New", ())


def test_a_type_of_the_same_id_is_not_touched(make_gazetteer: Callable[..., Gazetteer]) -> None:
    made = make_gazetteer(
        PLACES + "  - {id: a, name: A}\n", HEAD + "  - {id: a, name: B}\n", PLACES + "  - {id: a, remove: true}\n"
    )
    assert [(e.type, e.name) for e in made.entities()] == [("person", "B")]


def test_a_folder_is_read_in_order_of_paths(tmp_path: Path) -> None:
    write(tmp_path, "b.yaml", PLACES + "  - {id: a, name: Second}\n")
    write(tmp_path, "a/z.yml", PLACES + "  - {id: a, name: First}\n")
    write(tmp_path, "c/d/e.yaml", PLACES + "  - {id: a, name: Third}\n")
    write(tmp_path, "notes.txt", "no YAML: [")
    write(tmp_path, "confusions.yaml", "no: gazetteer")
    assert [f.name for f in layer_files([tmp_path])] == ["z.yml", "b.yaml", "e.yaml"]
    assert entity(fresh(tmp_path), "a").name == "Third"


def test_layers_go_over_the_default_gazetteer(tmp_path: Path, full_gazetteer: Gazetteer) -> None:
    gazetteer = full_gazetteer
    file = write(tmp_path, "mine.yaml", "schema: 1\ntype: aircraft\nentries: [{id: il-28, aliases: [Iljuschin-28]}]")
    made = load([file], cache=False)
    assert len(made) == len(gazetteer)
    assert [a.text for a in entity(made, "il-28").aliases] == [
        *(a.text for a in entity(gazetteer, "il-28").aliases),
        "Iljuschin-28",
    ]


def test_paths_that_give_no_layer_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file or folder") as caught:
        load([tmp_path / "absent.yaml"])
    assert caught.value.key == str(tmp_path / "absent.yaml")
    with pytest.raises(ConfigError, match=r"no \.yaml file in this folder"):
        load([tmp_path])
    with pytest.raises(ConfigError, match="no layer is left"):
        load(default=False)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    file = write(tmp_path, "a.yaml", PLACES)
    file.chmod(0)
    with pytest.raises(ConfigError, match="cannot be read"):
        load([file])


def test_the_version_is_of_the_content_and_not_of_the_place(tmp_path: Path) -> None:
    one = write(tmp_path, "one/a.yaml", PLACES + "  - {id: a, name: A}\n")
    two = write(tmp_path, "two/b.yaml", PLACES + "  - {id: a, name: A}\n")
    other = write(tmp_path, "three/a.yaml", PLACES + "  - {id: a, name: B}\n")
    versions = [version_of(read_layers([p], default=False)) for p in (one, two, other)]
    assert versions[0] == versions[1] != versions[2]
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", versions[0])
    assert fresh(one).version == versions[0]


# ------------------------------------------------------------------------------------------ Faults

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


# ------------------------------------------------------------------------------------------ The cache


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


# ------------------------------------------------------------------------------------------ Load, dump, load


def dump(ent: Entity) -> dict[str, Any]:
    """An entity as the YAML that makes it."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items() if v is not None and v != () and v != []}
        return [plain(v) for v in value] if isinstance(value, (list, tuple)) else value

    data = plain(asdict(ent))
    del data["type"]
    if not ent.prominence:
        del data["prominence"]
    return data


def dumped(entities: list[Entity]) -> str:
    types: dict[str, list[dict[str, Any]]] = {}
    for ent in entities:
        types.setdefault(ent.type, []).append(dump(ent))
    files = [{"schema": 1, "type": kind, "entries": entries} for kind, entries in types.items()]
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump_all(files, Dumper=dumper, allow_unicode=True, sort_keys=False))


def test_a_gazetteer_survives_load_dump_load(gazetteer: Gazetteer, make_gazetteer: Callable[..., Gazetteer]) -> None:
    again = make_gazetteer(dumped(gazetteer.entities()))
    assert again.entities() == gazetteer.entities()
    assert again.patterns == gazetteer.patterns
    for column in ("first_form", "form_entity", "form_flags", "form_detail", "ids"):
        assert again.columns[column] == gazetteer.columns[column]


def test_the_default_gazetteer_survives_load_dump_load(
    full_gazetteer: Gazetteer, make_gazetteer: Callable[..., Gazetteer]
) -> None:
    """One entry of eight, and every one with misreadings or with many aliases: all would take long."""
    some = [e for n, e in enumerate(full_gazetteer.entities()) if n % 8 == 0 or e.misreadings or len(e.aliases) > 8]
    again = make_gazetteer(dumped(some))
    assert again.entities() == some


# PyYAML writes Unicode's own line separators so that they are read as spaces; they are left out.
some_texts = st.text(
    st.characters(exclude_categories=["Cs", "Zl", "Zp"], exclude_characters="\x85"), min_size=1, max_size=8
)
some_names = some_texts.filter(lambda t: bool(key(t)))
some_dates = st.sampled_from(["1962", "1962-11", "1962-11-17", "1948..", "..1975", "1962-10..1962-12"])
some_scopes = st.fixed_dictionaries(
    {},
    optional={
        "dates": some_dates,
        "documents": st.lists(some_texts, min_size=1, max_size=2),
        "near": st.lists(some_names.filter(lambda t: not t.startswith("id:")), min_size=1, max_size=2),
        "not_near": st.just(["id:x"]),
        "within": st.integers(1, 100),
    },
).filter(lambda scope: scope.keys() - {"within"})
some_entries = st.fixed_dictionaries(
    {"id": st.just("x"), "name": some_names},
    optional={
        "aliases": st.lists(
            st.fixed_dictionaries({"text": some_names}, optional={"when": some_scopes, "common": st.booleans()}),
            max_size=3,
        ),
        "misreadings": st.lists(
            some_names
            | st.fixed_dictionaries({"text": some_names}, optional={"when": some_scopes, "evidence": some_texts}),
            max_size=3,
        ),
        "active": some_dates,
        "links": st.dictionaries(some_texts, some_texts, max_size=2),
        "facts": st.dictionaries(
            some_texts,
            some_texts | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
            max_size=3,
        ),
        "common": st.booleans(),
        "kind": some_texts,
        "location": st.tuples(st.floats(-90, 90), st.integers(-180, 180)).map(list),
    },
)


@given(some_entries)
def test_any_entry_survives_load_dump_load(entry: dict[str, Any]) -> None:
    def loaded(text: str) -> Gazetteer:
        merged = load_layers([("f.yaml", text.encode())])
        return normalizer.gazetteer.compile_gazetteer(merged, "v", word_list("english"))

    one = loaded(yaml.safe_dump({"schema": 1, "type": "place", "entries": [entry]}, allow_unicode=True))
    two = loaded(dumped(one.entities()))
    ent = one.entity(0)
    assert ent.name == entry["name"]
    assert [a.text for a in ent.aliases] == [a["text"] for a in entry.get("aliases", [])]
    assert (ent.facts or {}) == entry.get("facts", {})
    assert (ent.links or {}) == entry.get("links", {})
    assert two.entities() == [ent]
    assert two.patterns == one.patterns


def test_links_keep_their_digits(make_gazetteer: Callable[..., Gazetteer]) -> None:
    made = make_gazetteer(PLACES + "  - {id: a, name: A, links: {frus: 100070, viaf: 0123}}\n")
    assert entity(made, "a").links == {"frus": "100070", "viaf": "0123"}


def test_export_gives_every_entity_with_every_key(gazetteer: Gazetteer) -> None:
    out = io.StringIO()
    FORMATS["jsonl"](gazetteer.entities(), out)
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert rows == [to_dict(ent) for ent in gazetteer.entities()]
    assert len({tuple(row) for row in rows}) == 1
    by_id = {(row["type"], row["id"]): row for row in rows}
    assert by_id["aircraft", "il-28"]["misreadings"] == ["K-23", "XI-10"]
    assert by_id["person", "rusk-dean"]["posts"][0]["title"] == "Secretary of State"

    table = io.StringIO()
    FORMATS["csv"](gazetteer.entities(), table)
    read = list(csv.DictReader(io.StringIO(table.getvalue())))
    assert [row["id"] for row in read] == gazetteer.ids()
    assert list(read[0]) == list(rows[0])


# ------------------------------------------------------------------------------------------ Forms


@pytest.mark.parametrize("text", ["IL-28", "U-2", "SS-N-4", "F8U-1P", "MIG-21F", "8K63", "R-5M", "Ye-6U-2"])
def test_designators(text: str) -> None:
    assert is_designator(text)


@pytest.mark.parametrize(
    "text", ["USSR", "Beagle", "1962", "Gamma-Delta", "26th of July Movement", "Kuznetsov", "IL 280000"]
)
def test_no_designators(text: str) -> None:
    assert not is_designator(text)


@pytest.mark.parametrize(
    ("kind", "entry", "patterns"),
    [
        ("aircraft", "name: IL-28", "il 28, il 28s, il28, il28s"),
        ("aircraft", "name: MiG", "mig, migs"),
        ("place", "name: USSR", "u s s r, ussr"),
        ("place", "name: Port-au-Prince", "port au prince, portauprince"),
        ("person", "name: Kenneth O'Donnell", "kenneth o donnell, kenneth odonnell, o donnell, odonnell"),
        ("person", "{name: Charles de Gaulle, family: de Gaulle}", "charles de gaulle, de gaulle, degaulle"),
        ("person", "name: U Thant", "thant, u thant"),
        ("person", "{name: Raúl Ba, family: Ba}", "raul ba"),
        ("organization", "{name: CIA, aliases: [C.I.A.]}", "c i a, cia"),
    ],
)
def test_spellings_that_are_looked_for(
    make_gazetteer: Callable[..., Gazetteer], kind: str, entry: str, patterns: str
) -> None:
    data = yaml.safe_load(entry if entry.startswith("{") else f"{{{entry}}}")
    made = make_gazetteer(yaml.safe_dump({"schema": 1, "type": kind, "entries": [{"id": "x", **data}]}))
    found = set(made.patterns)
    assert found >= set(patterns.split(", ")) if kind == "person" else found == set(patterns.split(", "))
    assert made.patterns == sorted(made.patterns)


def test_a_form_knows_what_it_was_made_from(gazetteer: Gazetteer) -> None:
    for text, flag, name in (
        ("il28s", Form.NAME | Form.PLURAL, "IL-28"),
        ("k 23", Form.MISREADING, "K-23"),
        ("beagle", Form.ALIAS | Form.COMMON, "Beagle"),
        ("mccloy", Form.FAMILY, "McCloy"),
    ):
        (form,) = gazetteer.forms(gazetteer.patterns.index(text))
        assert gazetteer.form_flags[form] & flag == flag
        assert gazetteer.form_text(form) == name


@pytest.mark.parametrize(
    ("entry", "common"),
    [
        ("{name: Turkey}", True),
        ("{name: Havana}", False),
        ("{name: Turkey, common: false}", False),
        ("{name: Havana, common: true}", True),
        ("{name: New Home}", False),
    ],
)
def test_names_that_are_words(make_gazetteer: Callable[..., Gazetteer], entry: str, common: bool) -> None:
    made = make_gazetteer(
        yaml.safe_dump({"schema": 1, "type": "place", "entries": [{"id": "x", **yaml.safe_load(entry)}]})
    )
    assert bool(made.form_flags[made.forms(0)[0]] & Form.COMMON) is common


# ------------------------------------------------------------------------------------------ Lint


def doubts_of(*paths: Path) -> list[tuple[int, str | None, str]]:
    merged = load_layers(read_layers(paths, default=False))
    return [(f.line, f.entity_id, f.message) for f in lint(merged, word_list("english"))]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ("  - {id: a, name: Havana}\n  - {id: b, name: havana}\n", [(5, "b", "bears the same name as a")]),
        (
            "  - {id: a, name: Havana}\n  - {id: b, name: B, aliases: [Havana]}\n",
            [(5, "b", "bears the same name as a")],
        ),
        ("  - {id: a, name: A, aliases: [Crate]}\n", [(4, "a", "the alias 'Crate' is a common English word")]),
        ("  - {id: a, name: A, aliases: [{text: Crate, common: true}]}\n", []),
        ("  - {id: a, name: A, common: false, aliases: [Crate]}\n", []),
        (
            "  - {id: a, name: A, misreadings: [{text: Havana, evidence: x}]}\n  - {id: b, name: Havana}\n",
            [(4, "a", "the misreading 'Havana' has no scope and is a true name of b")],
        ),
        (
            "  - {id: a, name: A, misreadings: [{text: Havana, evidence: x, when: {near: [y]}}]}\n"
            "  - {id: b, name: Havana}\n",
            [],
        ),
        ("  - {id: a, name: A, misreadings: [HAV ANA]}\n", [(4, "a", "the misreading 'HAV ANA' is not attested")]),
        ("  - {id: a, name: A, misreadings: [{text: HAV ANA, evidence: x}]}\n", []),
    ],
)
def test_doubts(tmp_path: Path, entries: str, expected: list[tuple[int, str, str]]) -> None:
    found = doubts_of(write(tmp_path, "a.yaml", PLACES + entries))
    assert [(line, who) for line, who, _ in found] == [(line, who) for line, who, _ in expected]
    assert all(words in message for (_, _, message), (_, _, words) in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    "other",
    [
        "  - {id: b, name: Dean Rusk, family: Rusk}\n",
        "  - {id: b, name: Dean Rusk}\n",
    ],
)
def test_a_family_name_is_a_true_name_too(tmp_path: Path, other: str) -> None:
    entry = "  - {id: a, name: A B, misreadings: [{text: Rusk, evidence: x}]}\n"
    found = doubts_of(write(tmp_path, "a.yaml", HEAD + entry + other))
    assert [(line, who) for line, who, _ in found] == [(4, "a")]
    assert "has no scope and is a true name of b" in found[0][2]


def test_a_doubt_stands_where_the_latest_layer_speaks(tmp_path: Path) -> None:
    one = write(tmp_path, "1.yaml", PLACES + "  - {id: a, name: A}\n")
    two = write(tmp_path, "2.yaml", "# mine\n" + PLACES + "  - {id: a, misreadings: [Q]}\n")
    (doubt,) = lint(load_layers(read_layers([one, two], default=False)), word_list("english"))
    assert (doubt.path, doubt.line) == (str(two), 5)


# ------------------------------------------------------------------------------------------ The default gazetteer


LEAST = {"person": 12_000, "aircraft": 600, "missile": 250, "place": 4_000, "organization": 450}


def test_the_default_gazetteer_is_large_enough(full_gazetteer: Gazetteer) -> None:
    """That it has no faults is shown by its being loaded, as the fixture, and by `gazetteer check`."""
    counts = Counter(ent.type for ent in full_gazetteer.entities())
    assert counts.keys() == LEAST.keys()
    for kind, least in LEAST.items():
        assert counts[kind] >= least, kind


def test_ids_are_unique_within_their_type(full_gazetteer: Gazetteer) -> None:
    counts = Counter((ent.type, ent.id) for ent in full_gazetteer.entities())
    assert [who for who, count in counts.items() if count > 1] == []


def test_the_small_gazetteer_has_a_part_of_each_type(gazetteer: Gazetteer) -> None:
    counts = Counter(ent.type for ent in gazetteer.entities())
    for kind, least in (("person", 60), ("aircraft", 30), ("missile", 15), ("place", 60), ("organization", 25)):
        assert counts[kind] >= least, kind


def test_every_entry_says_where_it_comes_from(full_gazetteer: Gazetteer) -> None:
    assert [ent.id for ent in full_gazetteer.entities() if not ent.source] == []


def test_every_misreading_is_attested(full_gazetteer: Gazetteer) -> None:
    assert [(ent.id, m.text) for ent in full_gazetteer.entities() for m in ent.misreadings if not m.evidence] == []


LOADS = """
import re, sys, time
began = time.perf_counter()
from normalizer.gazetteer import load
gazetteer = load()
took = time.perf_counter() - began
try:
    # A process begins with what its parent took as its own maximum in `getrusage`, but not here.
    most = int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) / 1024
except OSError:
    most = 0
    if sys.platform == "darwin":
        import resource
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
print(took, most, len(gazetteer))
"""


def test_the_default_gazetteer_loads_fast_from_the_cache_and_takes_little_memory(full_gazetteer: Gazetteer) -> None:
    runs = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", LOADS], capture_output=True, text=True, check=True, timeout=60)
        runs.append([float(word) for word in done.stdout.split()])
    assert min(took for took, _, _ in runs) < 0.5
    assert all(megabytes < 250 for _, megabytes, _ in runs)
    assert {count for _, _, count in runs} == {len(full_gazetteer)}


def test_locations_of_well_known_places(full_gazetteer: Gazetteer) -> None:
    for place, lat, lon in (("havana", 23, -82), ("moscow", 56, 38), ("new-york", 41, -74), ("berlin", 52, 13)):
        location = entity(full_gazetteer, place).location
        assert location is not None
        assert location == (pytest.approx(lat, abs=1.5), pytest.approx(lon, abs=1.5))


README = ROOT / "gazetteer" / "README.md"
BLOCKS = re.findall(r"```yaml\n(.*?)```", README.read_text("utf-8"), re.DOTALL)


def test_the_readme_has_examples() -> None:
    assert len(BLOCKS) >= 5


def test_the_examples_of_the_readme_load_over_the_default(tmp_path: Path) -> None:
    files = [write(tmp_path, f"{number}.yaml", block) for number, block in enumerate(BLOCKS)]
    load_layers(read_layers(files))


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_an_example_of_the_readme_loads(tmp_path: Path, number: int) -> None:
    file = write(tmp_path, "mine.yaml", BLOCKS[number])
    merged = load_layers(read_layers([*map(Path, SMALL), file], default=False))
    changed = {who for (kind, who), raw in merged.items() if str(file) in dict(raw.places)}
    named = {entry["id"] for data in yaml.safe_load_all(BLOCKS[number]) for entry in data["entries"]}
    removed = {e["id"] for d in yaml.safe_load_all(BLOCKS[number]) for e in d["entries"] if e.get("remove")}
    assert changed == named - removed
    assert not removed & {who for _, who in merged}
