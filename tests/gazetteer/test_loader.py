"""What the keys of the format become."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from layer_files import HEAD, PLACES, entity, fresh, write

from normalizer.gazetteer import Gazetteer, Misreading, Post, Scope


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
