"""Importing tables: names of people, mapping, ids that stay, reports."""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from common import ROOT

from normalizer.cli import main
from normalizer.errors import ConfigError
from normalizer.gazetteer import load
from normalizer.gazetteer.importing import Report, import_table
from normalizer.gazetteer.importing.columns import mapping
from normalizer.gazetteer.importing.names import parse
from normalizer.gazetteer.importing.people import person
from normalizer.gazetteer.importing.posts import place_of, title_of
from normalizer.gazetteer.importing.writing import block, scalar

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "names.yaml").read_text("utf-8"))
FORMS = [
    pytest.param(form, frozenset(group["countries"]), natural, family, id=f"{name}: {form}")
    for name, group in CASES.items()
    for form, natural, family in group["forms"]
]


@pytest.mark.parametrize(("form", "countries", "natural", "family"), FORMS)
def test_form_of_a_name(form: str, countries: frozenset[str], natural: str | None, family: str | None) -> None:
    parsed = parse(form, countries)
    if natural is None:
        assert parsed is None
        return
    assert parsed is not None
    shown = f"{parsed.natural} + {parsed.suffix}" if parsed.suffix else parsed.natural
    assert (shown, parsed.family) == (natural, family)


PEOPLE = [
    # The name is the form that stands most often, with a first name and an initial before a long one.
    ([("Aaron, David Laurence", 7), ("Aaron, David L.", 7)], (), "David L. Aaron", None, "David Laurence", []),
    ([("Rusk, Dean", 80), ("Rusk, David Dean", 5)], (), "Dean Rusk", None, "David Dean", []),
    # The short family name where it is attested, the full one as an alias.
    ([("Castro Ruz, Fidel", 17), ("Castro, Fidel", 11)], ("Cuba",), "Fidel Castro", None, None, ["Castro Ruz"]),
    ([("Medina Angarita, Isaias", 1), ("President Medina", 1)], (), "Isaias Medina Angarita", "Medina", "Isaias",
     ["Medina Angarita"]),
    ([("Chou En-lai", 28), ("Zhou Enlai (Chou En-lai)", 7)], (), "Chou En-lai", "Chou", "En-lai", ["Zhou Enlai"]),
    ([("Asad, Hafiz al-", 2), ("al-Assad (Asad), Hafiz", 1)], (), "Hafiz al-Asad", "Asad", "Hafiz",
     ["al-Asad", "al-Assad", "Assad"]),
    ([("Bolshakov, Georgi N.", 3), ("Bolshakov Georgi N.", 1)], (), "Georgi N. Bolshakov", None, None, []),
    ([("Graydon, John", 5), ("Gray don, John", 1)], (), "John Graydon", None, None, []),
    ([("De Gaulle, Charles", 59), ("de Gaulle, Charles", 14)], (), "Charles de Gaulle", "de Gaulle", None, []),
    ([("Nhu, Madame", 3), ("Ngo Dinh Nhu, Madame (Tran Le Xuan)", 2), ("Ngo Dinh Nhu", 1)], ("Vietnam",),
     "Madame Ngo Dinh Nhu", "Madame Ngo Dinh Nhu", None, ["Madame Nhu", "Tran Le Xuan"]),
    ([("Thieu", 9), ("Nguyen Van Thieu", 30), ("Thieu, Nguyen Van", 5)], ("Vietnam",), "Nguyen Van Thieu", None, None,
     []),
    ([("Cromer, Earl of (George Rowland Stanley Baring)", 12)], (), "Lord Cromer", None, None,
     ["George Rowland Stanley Baring"]),
    # An initial that differs is a slip of the list, no other name.
    ([("Helms, Richard M.", 58), ("Helms, Richard R.", 3)], (), "Richard M. Helms", None, None, []),
    ([("Jackson, Henry M. “Scoop,”", 3), ("Jackson, Henry M.", 5)], (), "Henry M. Jackson", None, None,
     ["Scoop Jackson"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("forms", "countries", "name", "family", "given", "aliases"), PEOPLE, ids=lambda v: str(v)[:40]
)
def test_person(
    forms: list[tuple[str, int]],
    countries: tuple[str, ...],
    name: str,
    family: str | None,
    given: str | None,
    aliases: list[str],
) -> None:
    made = person(forms, frozenset(countries))
    assert made is not None
    assert (made["name"], made.get("family"), made.get("given")) == (name, family, given)
    assert made["aliases"] == aliases


def test_a_bare_first_name_needs_support() -> None:
    assert person([("Albert", 2)]) == {"name": "Albert", "aliases": [], "common": True}


@pytest.mark.parametrize(
    ("columns", "entity_type", "expected"),
    [
        (["id", "canonical", "full_name"], "aircraft", {"id": "id", "canonical": "name", "full_name": "aliases"}),
        (["Label", "Birth year", "QID"], "person", {"Label": "name", "Birth year": "born", "QID": "links.wikidata"}),
        (["name", "lat", "lng", "type"], "place", {"name": "name", "lat": "lat", "lng": "lon", "type": "kind"}),
        (["name", "class", "country"], "ship", {"name": "name", "class": "facts.class", "country": "facts.country"}),
        (["name", "valid_from", "valid_to"], "place",
         {"name": "name", "valid_from": "active.start", "valid_to": "active.end"}),
        (["person", "role", "post", "start", "end"], "person",
         {"person": "name", "role": "post.title", "post": "post.at", "start": "post.start",
          "end": "post.end"}),
        (["surname", "given name"], "person", {"surname": "family", "given name": "given"}),
    ],
)  # fmt: skip
def test_mapping_by_names_of_columns(columns: list[str], entity_type: str, expected: dict[str, str]) -> None:
    assert mapping(columns, entity_type, {}) == expected


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"nmae": "name"}, "no column 'nmae'"),
        ({"name": "nmae"}, "no such key"),
        ({"name": "-"}, "no column gives names"),
    ],
)
def test_mapping_that_cannot_be(asked: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        mapping(["name", "born"], "person", asked)


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def take(tmp_path: Path, text: str, entity_type: str = "person", name: str = "t.csv", **options: object) -> Report:
    table = write(tmp_path / name, text)
    return import_table(table, entity_type, source="a list", out=tmp_path / "out.yaml", **options)  # type: ignore[arg-type]


def entries(path: Path) -> dict[str, dict[str, object]]:
    return {e["id"]: e for e in yaml.safe_load(path.read_text("utf-8"))["entries"]}


def test_output_reads_as_written_by_hand(tmp_path: Path) -> None:
    take(tmp_path, 'name,born,wikidata\n"Kuznetsov, Vasily V.",1901,Q1\n"No, Anna",1910,\n')
    assert (tmp_path / "out.yaml").read_text("utf-8") == (
        "schema: 1\ntype: person\nsource: a list\nentries:\n"
        "  - id: kuznetsov-vasily-v\n    name: Vasily V. Kuznetsov\n    born: 1901\n    links: {wikidata: Q1}\n\n"
        "  - id: no-anna\n    name: Anna No\n    born: 1910\n    common: true\n"
    )
    assert len(load([tmp_path / "out.yaml"], default=False)) == 2


@pytest.mark.parametrize(
    "text", ["No", "1962", "Yes", "~", "a: b", "a, b", "[x", "1e3", "12:30", "O'Neill", "é", "-", "# a", ""]
)
def test_scalars_come_back_as_they_were(text: str) -> None:
    assert yaml.safe_load(f"{{k: {scalar(text)}}}")["k"] == text


def test_long_lists_wrap() -> None:
    lines = block({"id": "a", "name": "A", "aliases": [f"Alias number {n}" for n in range(20)]}).splitlines()
    assert max(map(len, lines)) <= 100
    assert len(yaml.safe_load("\n".join(lines))[0]["aliases"]) == 20


def test_importing_again_changes_nothing(tmp_path: Path) -> None:
    text = 'name,born\n"Smith, John",1911\n"Smith, John",1920\n"Smith, John",1920\n'
    report = take(tmp_path, text)
    first = (tmp_path / "out.yaml").read_bytes()
    assert report.added == ["smith-john", "smith-john-1920"]
    assert [line for line, _, _ in report.merged] == [4]
    again = take(tmp_path, text)
    assert (again.added, again.kept) == ([], 2)
    assert (tmp_path / "out.yaml").read_bytes() == first


def test_a_link_keeps_the_id_when_the_name_changes(tmp_path: Path) -> None:
    keys = {"no": "links.mine"}
    take(tmp_path, 'no,name\n7,"Kuznetsov, V."\n8,"Kuznetsov, V."\n', keys=keys, id_link="links.mine")
    assert set(entries(tmp_path / "out.yaml")) == {"kuznetsov-v", "kuznetsov-v-8"}
    report = take(tmp_path, 'no,name\n8,"Kuznetsov, Viktor"\n9,"Zorin, V."\n', keys=keys, id_link="links.mine")
    after = entries(tmp_path / "out.yaml")
    assert after["kuznetsov-v-8"]["name"] == "Viktor Kuznetsov"
    assert (report.added, report.kept, report.gone) == (["zorin-v"], 1, ["kuznetsov-v"])


def test_ids_of_other_layers_win(tmp_path: Path) -> None:
    hand = write(
        tmp_path / "hand.yaml",
        "schema: 1\ntype: person\nsource: me\nentries:\n"
        "  - {id: big-k, name: Vasily V. Kuznetsov, links: {frus: '7'}}\n"
        "  - {id: zv, name: Valerian A. Zorin, born: 1902}\n",
    )
    before = hand.read_bytes()
    table = 'id,name,born\nfrus:7,"Kuznetsov, V. V.",\nfrus:8,"Zorin, Valerian",1902\n'
    take(tmp_path, table, keys={"id": "links.frus"}, id_link="links.frus", layers=[hand])
    assert set(entries(tmp_path / "out.yaml")) == {"big-k", "zv"}
    assert hand.read_bytes() == before


TENURES = """name,born,role,post,start,end
"Thompson, Llewellyn E.",1904,ambassador-e-p,russia,1957-07-16,1962-07-27
"Smith, John",,Envoy,Peru,1950,1951
"Newman, Paul",1910,Consul,Cuba,1959,1958
"""


def test_tenures_become_posts_of_people(tmp_path: Path) -> None:
    take(tmp_path, 'name,born\n"Thompson, Llewellyn",1904\n"Smith, John A.",\n"Smith, John B.",\n')
    report = take(tmp_path, TENURES, name="tenures.csv")
    after = entries(tmp_path / "out.yaml")
    assert after["thompson-llewellyn"]["posts"] == [
        {"title": "Ambassador", "at": "Soviet Union", "dates": "1957-07-16..1962-07-27"}
    ]
    assert [(line, "may be any of" in why) for line, _, why in report.skipped] == [(3, True)]
    assert report.added == ["newman-paul"]
    assert "dates" not in after["newman-paul"]["posts"][0]  # type: ignore[index]
    same = (tmp_path / "out.yaml").read_bytes()
    take(tmp_path, TENURES, name="tenures.csv")
    assert (tmp_path / "out.yaml").read_bytes() == same


def test_a_tenure_that_a_later_row_makes_clear_is_taken_at_once(tmp_path: Path) -> None:
    links = {"id_link": "links.slug", "keys": {"slug": "links.slug"}}
    take(tmp_path, 'name,active\n"Clark, William L.",1980..1990\n"Clark, William P.",1980..1990\n')
    table = (
        "slug,name,role,post,start,end\n"
        'clark-w,"Clark, William",Envoy,India,1985,1986\n'
        'clark-w-p,"Clark, William P.",Envoy,Peru,1981,1982\n'
        'clark-w-l,"Clark, William L.",Envoy,Chad,1981,1982\n'
    )
    report = take(tmp_path, table, name="tenures.csv", **links)
    assert (report.added, report.skipped) == (["clark-william"], [])
    same = (tmp_path / "out.yaml").read_bytes()
    take(tmp_path, table, name="tenures.csv", **links)
    assert (tmp_path / "out.yaml").read_bytes() == same


def test_names_left_out_are_no_aliases_of_people(tmp_path: Path) -> None:
    table = 'name,aliases\n"Castro, Fidel","Castro Ruz, Fidel|Castro Argiz, Fidel"\n'
    take(tmp_path, table)
    assert entries(tmp_path / "out.yaml")["castro-fidel"]["aliases"] == ["Castro Ruz", "Castro Argiz"]
    take(tmp_path, table, without=["Castro Argiz"])
    assert entries(tmp_path / "out.yaml")["castro-fidel"]["aliases"] == ["Castro Ruz"]


def test_years_keep_others_out(tmp_path: Path) -> None:
    text = 'name,died,role,post,start,end\n"Old, A.",1878,Envoy,Peru,1850,1851\n"New, B.",,Envoy,Peru,1995,1996\n'
    text += '"Right, C.",,Envoy,Peru,1950,1951\n'
    report = take(tmp_path, text, years="1945..1991")
    assert report.added == ["right-c"]
    assert [why for _, _, why in report.skipped] == ["gone before these years", "came after these years"]


def test_titles_and_places_in_words() -> None:
    assert title_of("charge-daffaires-ad-interim") == "Chargé d'Affaires ad interim"
    assert title_of("Minister of Public Works") == "Minister of Public Works"
    assert [place_of("germany", d) for d in ("1948", "1961-03-17", "1992")] == ["Germany", "West Germany", "Germany"]


def test_aircraft_keep_true_names_alone(tmp_path: Path) -> None:
    places = write(
        tmp_path / "places.yaml", "schema: 1\ntype: place\nsource: me\nentries:\n  - {id: boston, name: Boston}\n"
    )
    text = "id\tname\taliases\nil-28\tIL-28\tIl 28|IL28|Ilyushin Il-28|Beagle|Ilyushin-28|Il-28U\n"
    text += "a-20\tA-20\tBoston|Frank|Havoc X\n"
    take(tmp_path, text, "aircraft", "t.tsv", near=["bomber"], layers=[places])
    after = entries(tmp_path / "out.yaml")
    assert after["il-28"]["aliases"] == [{"text": "Beagle", "common": True}, "Ilyushin-28", "Il-28U"]
    scope = {"near": ["bomber"]}
    assert after["a-20"]["aliases"] == [{"text": "Boston", "when": scope}, {"text": "Frank", "when": scope}, "Havoc X"]


def test_places_and_organizations(tmp_path: Path) -> None:
    text = "name,type,lat,lon,aliases\nUnited States,country,38,-97,US|America|USA|Estados Unidos\n"
    text += "Georgia (State),region,33,,\n"
    take(tmp_path, text, "place")
    after = entries(tmp_path / "out.yaml")
    assert after["united-states"]["aliases"] == ["USA", "Estados Unidos"]
    assert after["united-states"]["location"] == [38, -97]
    assert after["georgia"]["name"] == "Georgia"
    report = import_table(
        write(tmp_path / "o.csv", "name,aliases\nCIA,the Agency|Central Intelligence Agency\n"),
        "organization",
        source="a list",
        out=tmp_path / "o.yaml",
    )
    assert entries(tmp_path / "o.yaml")[report.added[0]]["aliases"] == ["Central Intelligence Agency"]


def test_rows_without_a_name_add_to_entries_by_id(tmp_path: Path) -> None:
    take(tmp_path, "id,name\nhavana,Havana\n", "place")
    keys = {"place": "id", "{kind} {year}..": "facts.us_post", "kind": "-"}
    text = "place,kind,year\nhavana,embassy,1923\nhavana,consulate,1902\nnowhere,embassy,1950\n"
    report = take(tmp_path, text, "place", "posts.csv", keys=keys)
    assert entries(tmp_path / "out.yaml")["havana"]["facts"] == {"us_post": "embassy 1923..; consulate 1902.."}
    assert [(line, who) for line, who, _ in report.skipped] == [(4, "nowhere")]


def test_split_by_initial_and_kind(tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", "name,kind\nHavana,city\nBermuda,body of water\n")
    report = import_table(table, "place", source="a list", out=tmp_path / "kinds", split="kind")
    assert [f.name for f in report.files] == ["body-of-water.yaml", "city.yaml"]
    assert len(load([tmp_path / "kinds"], default=False)) == 2


def test_jsonl_with_counted_forms_and_broken_lines(tmp_path: Path) -> None:
    good = json.dumps({"name": "Rusk, Dean", "forms": [["Rusk, Dean", 80], ["Rusk, David Dean", 5]], "volumes": 80})
    report = take(tmp_path, f'{good}\n{{"name": \n[1]\n\n{{"name": ""}}\n', name="t.jsonl")
    assert report.rows == 4
    assert report.added == ["rusk-dean"]
    assert [line for line, _, _ in report.skipped] == [2, 3, 5]
    assert entries(tmp_path / "out.yaml")["rusk-dean"]["prominence"] == 80


def test_cells_that_cannot_be_used_are_reported(tmp_path: Path) -> None:
    report = take(tmp_path, 'name,born,notes\n"Rusk, Dean",about 1909,x\n')
    assert report.doubts == [(2, "Rusk, Dean", "born: 'about 1909' is no date: write YYYY, YYYY-MM or YYYY-MM-DD")]
    assert report.unused == ["notes"]
    assert "born" not in entries(tmp_path / "out.yaml")["rusk-dean"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("t.csv", b"", "t.csv: the table is empty"),
        ("t.csv", b"name,name\na,b\n", "t.csv:1: every column needs a name"),
        ("t.csv", b"name\n", "no row that can be read"),
        ("t.csv", b"name\n\xff\n", "not UTF-8"),
        ("t.csv", b"born\n1909\n", "no column gives names"),
        ("t.jsonl", b"{\n", "line 1: no valid JSON"),
        ("t.xlsx", b"PK", "a table is .csv, .tsv or .jsonl"),
    ],
)
def test_bad_tables(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigError, match=words):
        import_table(tmp_path / name, "person", source="a list", out=tmp_path / "out.yaml")
    assert not (tmp_path / "out.yaml").exists()


def test_rows_too_long_and_broken_quotes_are_counted(tmp_path: Path) -> None:
    report = take(tmp_path, 'name,born\n"Rusk, Dean",1909,x\n"Ball, George",1909\n"Open, A\n')
    assert report.added == ["ball-george"]
    assert [line for line, _, _ in report.skipped] == [2, 4]


def test_wrong_options(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="only none"):
        take(tmp_path, "name\nA B\n", split="size")
    with pytest.raises(ConfigError, match="no column is mapped to this key"):
        take(tmp_path, "name\nA B\n", id_link="links.frus")
    with pytest.raises(ConfigError, match="--years soon"):
        take(tmp_path, "name\nA B\n", years="soon")


def test_command(tmp_path: Path) -> None:
    table = write(tmp_path / "t.csv", 'who,seen,x\n"Rusk, Dean",1961,y\n"Identity 1, etc.",,\n')
    out = tmp_path / "people"
    options = ["--type", "person", "--source", "me", "--split", "initial", "--map", "who=name", "--map", "seen=active"]
    result = CliRunner().invoke(main, ["gazetteer", "import", str(table), *options, "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "columns: who -> name, seen -> active\nnot used: x\n" in result.output
    assert f"skipped: {table}:3: Identity 1, etc.: not the name of one entity" in result.output
    assert result.output.endswith(
        f"2 rows: 1 entries new, 0 brought up to date, 0 rows merged, 1 skipped; 1 file in {out}\n"
    )
    assert load([out], default=False).ids() == ["rusk-dean"]
