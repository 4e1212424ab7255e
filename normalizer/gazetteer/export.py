"""A gazetteer for other programs: tables, synonym files of search engines, SKOS."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import IO, Any

from normalizer.errors import MissingExtraError
from normalizer.folding import fold_name, without_accents
from normalizer.gazetteer.entities import Entity
from normalizer.words import word_list


def to_dict(ent: Entity) -> dict[str, Any]:
    """An entity as plain data; every key is there, absent values are null or empty."""
    return {
        "id": ent.id,
        "type": ent.type,
        "name": ent.name,
        "aliases": [a.text for a in ent.aliases],
        "misreadings": [m.text for m in ent.misreadings],
        "family": ent.family,
        "given": ent.given,
        "born": ent.born,
        "died": ent.died,
        "active": ent.active,
        "prominence": ent.prominence,
        "posts": [asdict(p) for p in ent.posts],
        "kind": ent.kind,
        "country": ent.country,
        "location": list(ent.location) if ent.location else None,
        "links": ent.links or {},
        "facts": ent.facts or {},
        "source": ent.source,
    }


def write_jsonl(entities: Iterable[Entity], out: IO[str]) -> None:
    """JSON Lines; `names` has every true spelling that is looked for, with its accents and without them."""
    for ent in entities:
        names = [n for n in (ent.name, *(a.text for a in ent.aliases), ent.family) if n]
        row = {**to_dict(ent), "names": list(dict.fromkeys([*names, *map(without_accents, names)]))}
        out.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_csv(entities: Iterable[Entity], out: IO[str]) -> None:
    """CSV with a header; lists are joined by `|`, links and facts written `key=value`."""
    writer: Any = None
    for ent in entities:
        row = {k: _cell(v) for k, v in to_dict(ent).items()}
        if writer is None:
            writer = csv.DictWriter(out, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        return "|".join(f"{k}={v}" for k, v in value.items() if v is not None)
    if isinstance(value, list):
        return "|".join(str(_cell(v)) for v in value)
    return value


def write_openrefine(entities: Iterable[Entity], out: IO[str]) -> None:
    """CSV with a row a name, as reconciliation against a table wants it; the canonical name comes first."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["name", "id", "type", "canonical", "kind", "active", "country", "wikidata"])
    for ent in entities:
        country = ent.country or (ent.facts or {}).get("country") or ""
        dates = ent.active or (f"{ent.born or ''}..{ent.died or ''}" if ent.born or ent.died else "")
        rest = [dates, country, (ent.links or {}).get("wikidata", "")]
        names = dict.fromkeys([ent.name, *(a.text for a in ent.aliases)])
        for name in names:
            writer.writerow([name, ent.id, ent.type, ent.name, "name" if name == ent.name else "alias", *rest])


def _synonyms(entities: Iterable[Entity]) -> Iterator[tuple[Entity, list[str]]]:
    """Names that mean an entity wherever they stand: no scope, and no common word."""
    english = word_list("english")
    for ent in entities:
        names = [
            a.text
            for a in ent.aliases
            if a.when is None
            and not (ent.common if a.common is None else a.common)
            and fold_name(a.text) not in english
        ]
        every = list(dict.fromkeys([ent.name, *names]))
        if len(every) > 1:
            yield ent, every


def write_solr(entities: Iterable[Entity], out: IO[str]) -> None:
    """A synonyms file of Solr's: a line an entity, its names with commas between; Lucene engines read it."""
    for ent, names in _synonyms(entities):
        out.write(f"# {ent.type} {ent.id}\n")
        # Source: the format of Lucene's SolrSynonymParser, where a backslash takes a comma as it is.
        out.write(", ".join(n.replace("\\", "\\\\").replace(",", "\\,").replace("=>", "=\\>") for n in names) + "\n")


def write_elasticsearch(entities: Iterable[Entity], out: IO[str]) -> None:
    """The body of a request that puts a synonyms set into Elasticsearch: a rule an entity, its id the entity's."""
    rules = [
        {"id": f"{ent.type}:{ent.id}", "synonyms": ", ".join(n.replace(",", " ") for n in names)}
        for ent, names in _synonyms(entities)
    ]
    json.dump({"synonyms_set": rules}, out, ensure_ascii=False, indent=1)
    out.write("\n")


def write_skos(entities: Iterable[Entity], out: IO[str]) -> None:
    """SKOS in Turtle: a concept an entity, aliases as altLabel, misreadings as hiddenLabel.

    Raises:
        MissingExtraError: rdflib is not installed.
    """
    try:
        from rdflib import Graph, Literal, Namespace, URIRef
        from rdflib.namespace import RDF, SKOS
    except ImportError as error:
        raise MissingExtraError("rdflib", "python -m pip install 'cablenorm[skos]'") from error
    own = Namespace("urn:cablenorm:")
    graph = Graph()
    graph.bind("skos", SKOS)
    scheme = own["gazetteer"]
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    for ent in entities:
        concept = own[f"{ent.type}:{ent.id}"]
        graph.add((concept, RDF.type, SKOS.Concept))
        graph.add((concept, SKOS.inScheme, scheme))
        graph.add((concept, SKOS.notation, Literal(ent.id)))
        graph.add((concept, SKOS.prefLabel, Literal(ent.name)))
        for alias in ent.aliases:
            if alias.text != ent.name:
                graph.add((concept, SKOS.altLabel, Literal(alias.text)))
        for misreading in ent.misreadings:
            graph.add((concept, SKOS.hiddenLabel, Literal(misreading.text)))
        if ent.source:
            graph.add((concept, SKOS.editorialNote, Literal(ent.source)))
        if (wikidata := (ent.links or {}).get("wikidata")) is not None:
            graph.add((concept, SKOS.exactMatch, URIRef(f"http://www.wikidata.org/entity/{wikidata}")))
    out.write(graph.serialize(format="turtle"))


FORMATS: dict[str, Callable[[Iterable[Entity], IO[str]], None]] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
    "openrefine": write_openrefine,
    "solr": write_solr,
    "elasticsearch": write_elasticsearch,
    "skos": write_skos,
}
"""Writers by the name that the command line gives them."""
