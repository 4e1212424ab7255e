"""Exports hold what the gazetteer knows, in the form that the other program reads."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter

import pytest

from normalizer.gazetteer import Alias, Entity, Misreading, Scope
from normalizer.gazetteer.coverage import coverage
from normalizer.gazetteer.export import FORMATS

BOMBER = Entity(
    id="il-28",
    type="aircraft",
    name="IL-28",
    aliases=(
        Alias("Ilyushin-28"),
        Alias("Beagle"),
        Alias("Mascot, trainer"),
        Alias("Type 30", common=True),
        Alias("Twenty-eight", when=Scope(near=("bomber",))),
    ),
    misreadings=(Misreading("XI-10"),),
    active="1948..1964",
    links={"wikidata": "Q1"},
    facts={"country": "USSR"},
    source="general knowledge",
)
PLACE = Entity(id="havana", type="place", name="Havana", country="Cuba", location=(23.1, -82.4))
WHO = Entity(
    id="rusk-dean", type="person", name="Dean Rusk", family="Rusk", given="Dean", born="1909-02-09", died="1994"
)


def exported(form: str) -> str:
    out = io.StringIO()
    FORMATS[form]([BOMBER, PLACE, WHO], out)
    return out.getvalue()


def test_jsonl_has_a_line_an_entity_with_every_key():
    rows = [json.loads(line) for line in exported("jsonl").splitlines()]
    assert [r["id"] for r in rows] == ["il-28", "havana", "rusk-dean"]
    assert len({tuple(r) for r in rows}) == 1
    assert rows[0]["aliases"][:2] == ["Ilyushin-28", "Beagle"]
    assert rows[1]["location"] == [23.1, -82.4]
    assert rows[2]["family"] == "Rusk"


def test_csv_reads_back():
    rows = list(csv.DictReader(io.StringIO(exported("csv"))))
    assert rows[0]["aliases"].split("|")[2] == "Mascot, trainer"
    assert rows[0]["links"] == "wikidata=Q1"
    assert rows[2]["born"] == "1909-02-09"


def test_openrefine_has_a_row_a_name():
    rows = list(csv.DictReader(io.StringIO(exported("openrefine"))))
    assert Counter(r["id"] for r in rows) == {"il-28": 6, "havana": 1, "rusk-dean": 1}
    assert [r["kind"] for r in rows[:2]] == ["name", "alias"]
    assert rows[-1]["active"] == "1909-02-09..1994"


def test_solr_leaves_out_what_is_a_word_or_has_a_scope():
    lines = [line for line in exported("solr").splitlines() if not line.startswith("#")]
    assert lines == ["IL-28, Ilyushin-28, Mascot\\, trainer"]


def test_elasticsearch_has_a_rule_an_entity():
    rules = json.loads(exported("elasticsearch"))["synonyms_set"]
    assert rules == [{"id": "aircraft:il-28", "synonyms": "IL-28, Ilyushin-28, Mascot  trainer"}]


def test_skos_reads_back():
    rdflib = pytest.importorskip("rdflib")
    graph = rdflib.Graph().parse(data=exported("skos"), format="turtle")
    skos = rdflib.namespace.SKOS
    concept = rdflib.URIRef("urn:cablenorm:aircraft:il-28")
    assert str(graph.value(concept, skos.prefLabel)) == "IL-28"
    assert {str(o) for o in graph.objects(concept, skos.hiddenLabel)} == {"XI-10"}
    assert len(list(graph.subjects(rdflib.RDF.type, skos.Concept))) == 3


def test_coverage_counts_decades_countries_and_sources():
    found = coverage([BOMBER, PLACE, WHO])
    assert found["period"]["1940-1949"] == {"aircraft": 1, "person": 1}
    assert found["period"]["1960-1969"] == {"aircraft": 1, "person": 1}
    assert found["period"]["1970-1979"] == {"person": 1}
    assert found["period"]["undated"] == {"place": 1}
    assert found["country"] == {"USSR": {"aircraft": 1}, "Cuba": {"place": 1}, "unknown": {"person": 1}}
    assert found["source"]["general knowledge"] == {"aircraft": 1}
