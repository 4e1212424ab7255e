"""Loading, dumping and loading again changes nothing."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st
from layer_files import PLACES, entity

import normalizer.gazetteer
from normalizer.folding import key
from normalizer.gazetteer import Entity, Gazetteer
from normalizer.gazetteer.export import FORMATS, to_dict
from normalizer.gazetteer.loader import load_layers
from normalizer.words import word_list


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
    names = [row.pop("names") for row in rows]
    assert rows == [to_dict(ent) for ent in gazetteer.entities()]
    for row, spellings in zip(rows, names, strict=True):
        assert spellings[0] == row["name"]
        assert {row["name"], *row["aliases"]} - {None} <= set(spellings)
        assert len(set(spellings)) == len(spellings)
    assert len({tuple(row) for row in rows}) == 1
    by_id = {(row["type"], row["id"]): row for row in rows}
    assert by_id["aircraft", "il-28"]["misreadings"] == ["K-23", "XI-10"]
    assert by_id["person", "rusk-dean"]["posts"][0]["title"] == "Secretary of State"

    table = io.StringIO()
    FORMATS["csv"](gazetteer.entities(), table)
    read = list(csv.DictReader(io.StringIO(table.getvalue())))
    assert [row["id"] for row in read] == gazetteer.ids()
    assert list(read[0]) == list(rows[0])
