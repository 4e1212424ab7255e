"""Layers over layers."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from layer_files import HEAD, PLACES, entity, fresh, write

from normalizer.errors import ConfigError
from normalizer.gazetteer import Gazetteer, Scope, load
from normalizer.gazetteer.layers import layer_files, read_layers, version_of


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


def test_a_later_layer_marks_an_alias_that_an_earlier_has(make_gazetteer: Callable[..., Gazetteer]) -> None:
    made = make_gazetteer(
        PLACES
        + "  - {id: a, name: A, aliases: [One, Two, {text: Three, common: true}, {text: Four, when: {near: [x]}}]}\n",
        PLACES + "  - {id: a, aliases: [{text: One, common: true}, Two, {text: Three, common: false}, Five]}\n",
    )
    aliases = {a.text: (a.common, a.when) for a in entity(made, "a").aliases}
    scope = Scope(near=("x",))
    assert aliases == {
        "One": (True, None),
        "Two": (None, None),
        "Three": (False, None),
        "Four": (None, scope),
        "Five": (None, None),
    }
    assert len(entity(made, "a").aliases) == 5


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
