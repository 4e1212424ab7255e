"""Measures against gold: verdicts of a better reading, counts by hand, faults of files, the picture, the command."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from normalizer.cli import main
from normalizer.errors import ConfigError, SinkError
from normalizer.evaluation.aligned import judge, place, spells, verdict
from normalizer.evaluation.claims import Claim, Judged, Reach
from normalizer.evaluation.output import Found
from normalizer.evaluation.plot import draw
from normalizer.evaluation.records import read_records
from normalizer.evaluation.reliability import curve, reliability
from normalizer.gazetteer.export import to_dict

GAZETTEER = """
schema: 1
type: {type}
source: made for tests
entries:
{entries}
"""
PEOPLE = """
  - {id: kuznetsov-vasily-v, name: Vasily V. Kuznetsov, links: {frus: "100"}}
  - {id: kuznetsov-ivan, name: Ivan Kuznetsov, links: {frus: "200"}}
  - {id: thompson-llewellyn, name: Llewellyn Thompson, links: {frus: "300"}}
"""
PLACES = """
  - {id: cuba, name: Cuba}
  - {id: miami, name: Miami}
  - {id: havana, name: Havana, aliases: [La Habana]}
"""
AIRCRAFT = """
  - {id: il-28, name: IL-28, aliases: [Beagle]}
  - {id: a-12, name: A-12}
"""
WORDS = ["the", "chief", "of", "mission", "cubs", "and", "port", "staff"]

BETTER = (
    "A note on trade said that the freighters bound for Cuba had left the port on Monday. "
    "The chief of mission asked that the envoy be sent to Miami before the talks began, "
    "and nobody at the office could say when Kuznetzov might return from his long journey."
)
PAGE = (
    BETTER.replace("Cuba", "Guba").replace("chief", "Chlef").replace("Miami", "NIANI").replace("Kuznetzov", "KuzneLsov")
)


def at(text: str, surface: str) -> tuple[int, int]:
    """Where a text has a surface."""
    start = text.index(surface)
    return start, start + len(surface)


def mention(text: str, surface: str, label: str, entity: str | None, **rest: Any) -> dict[str, Any]:
    """A mention as a run writes it, linked unless `rest` says otherwise."""
    start, end = at(text, surface)
    made = {"start": start, "end": end, "text": surface, "label": label, "normalized_start": start}
    made |= {"normalized_end": end, "decision": "linked", "entity": entity, "name": None, "method": "exact"}
    made |= {"score": 0.9, "evidence": [], "candidates": [], **rest}
    return made


def held(text: str, surface: str, label: str, entity: str, score: float) -> dict[str, Any]:
    """A repair that the run abstained from."""
    candidates = [{"entity": "a-12", "name": "", "score": 0.01}, {"entity": entity, "name": "", "score": score}]
    rest = {"decision": "unknown", "method": "repair", "score": score, "candidates": candidates}
    return mention(text, surface, label, None, **rest)


def write(path: Path, *records: object) -> Path:
    """JSON Lines; a text stands as it is."""
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in records) + "\n", "utf-8")
    return path


def record(doc_id: str, text: str, *mentions: dict[str, Any], normalized: str | None = None) -> dict[str, Any]:
    """A document as a run writes it, as far as it is read."""
    return {"id": doc_id, "text": text, "normalized": normalized or text, "mentions": list(mentions), "versions": {}}


@pytest.fixture(scope="session")
def layers(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Options that name a gazetteer of eight entries."""
    folder = tmp_path_factory.mktemp("names")
    options = ["--no-default-gazetteer"]
    for kind, entries in (("person", PEOPLE), ("place", PLACES), ("aircraft", AIRCRAFT)):
        file = folder / f"{kind}.yaml"
        file.write_text(GAZETTEER.format(type=kind, entries=entries), "utf-8")
        options += ["--gazetteer", str(file)]
    return options


Evaluate = Callable[..., Result]


@pytest.fixture
def evaluate(_own_cache: None, layers: list[str], tmp_path: Path) -> Evaluate:
    """`cablenorm evaluate` in this process, with the small gazetteer and a few ordinary words."""
    words = tmp_path / "words.txt"
    words.write_text(" ".join(WORDS), "utf-8")

    def call(run: Path, gold: Path, *args: object) -> Result:
        argv = ["evaluate", str(run), str(gold), "--words", str(words), *layers, *map(str, args)]
        result = CliRunner().invoke(main, argv)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


def measured(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    report: dict[str, Any] = json.loads(result.stdout)
    return report


# --- what a better reading says


def asked(page: str, better: str, surface: str, *own: str) -> str:
    return verdict(page, better, *at(page, surface), set(own), set(WORDS))


def test_a_name_that_stands_there_is_right():
    assert asked(PAGE, BETTER, "Guba", "cuba") == "right"
    assert asked(PAGE, BETTER, "NIANI", "miami", "miamibeach") == "right"


def test_plain_words_there_are_against_it():
    assert asked(PAGE, BETTER, "Chlef", "chile") == "wrong"


def test_another_name_there_proves_nothing():
    assert asked(PAGE, BETTER, "NIANI", "minsk") == "unknown"


def test_a_slip_of_the_better_reading_is_the_name():
    assert asked(PAGE, BETTER, "KuzneLsov", "kuznetsov") == "right"
    assert asked(PAGE, BETTER, "KuzneLsov", "karamanlis") == "unknown"


def test_a_glued_word_is_found_beside_it():
    page = BETTER.replace("to Miami", "toMiami")
    assert asked(page, BETTER, "toMiami", "miami") == "right"


def test_a_plural_is_the_name():
    assert asked(PAGE, BETTER.replace("Cuba", "Cubas"), "Guba", "cuba") == "right"


def test_without_context_nothing_is_known():
    page = "Guba had left the port on Monday, and nobody could say when it would return."
    assert asked(page, BETTER, "Guba", "cuba") == "unknown"
    assert asked(PAGE, "Quite another page, with other words on every other line of it.", "Guba", "cuba") == "unknown"


def test_a_misreading_that_both_readings_share_proves_nothing():
    page = BETTER.replace("Cuba", "Cubs")
    assert asked(page, page, "Cubs", "cuba") == "unknown"
    assert asked(page, page, "Cubs", "chile") == "wrong"


def test_a_place_is_looked_up_once_for_all_candidates():
    found = place(PAGE, BETTER, *at(PAGE, "Chlef"))
    assert found is not None
    assert (found.words, found.around) == (("chief",), ("the", "chief", "of"))
    assert judge("Chlef", found, {"chief"}, set(WORDS)) == "right"
    assert judge("Chlef", None, {"chief"}, set(WORDS)) == "unknown"


@pytest.mark.parametrize(
    ("surface", "own", "is_spelt"),
    [("IL-28s", "il28", True), ("Mr. Rusk", "rusk", True), ("1L-28", "il28", False), ("Guba", "cuba", False)],
)
def test_spelling(surface, own, is_spelt):
    assert spells(surface, {own}) is is_spelt


# --- two readings


@pytest.fixture
def readings(tmp_path: Path) -> Path:
    folder = tmp_path / "readings"
    folder.mkdir()
    clean_page = "Nothing to report on Cuba this week."
    write(
        folder / "documents.jsonl",
        {"id": "a", "text": PAGE, "clean": BETTER},
        {"id": "b", "text": clean_page, "clean": clean_page},
    )
    marked = [
        {"start": s, "end": e, "label": label, "name": name, "surface": PAGE[s:e], "kind": kind}
        for surface, label, name, kind in (
            ("Guba", "PLACE", "Cuba", "garbled"),
            ("NIANI", "PLACE", "Miami", "garbled"),
            ("KuzneLsov", "PERSON", "Kuznetsov", "lost"),
        )
        for s, e in [at(PAGE, surface)]
    ]
    s, e = at(clean_page, "Cuba")
    plain = {"start": s, "end": e, "label": "PLACE", "name": "Cuba", "kind": "clean"}
    write(folder / "gold.jsonl", {"id": "a", "mentions": marked}, {"id": "b", "mentions": [plain]})
    write(
        folder / "run.jsonl",
        record(
            "a",
            PAGE,
            mention(PAGE, "Guba", "PLACE", "cuba", method="repair", score=0.96),
            mention(PAGE, "Chlef", "PLACE", "havana", method="repair", score=0.85),
            held(PAGE, "NIANI", "PLACE", "miami", 0.4),
            mention(
                PAGE,
                "KuzneLsov",
                "PERSON",
                None,
                decision="ambiguous",
                method="repair",
                score=0.8,
                candidates=[
                    {"entity": "kuznetsov-ivan", "name": "", "score": 0.5},
                    {"entity": "kuznetsov-vasily-v", "name": "", "score": 0.3},
                ],
            ),
            normalized=PAGE.replace("Guba", "Cuba").replace("KuzneLsov", "Kuznetsov"),
        ),
        record("b", clean_page, mention(clean_page, "Cuba", "PLACE", "cuba", score=0.99)),
        record("not asked for", "x"),
    )
    return folder


def test_measures_of_two_readings(evaluate, readings):
    report = measured(evaluate(readings / "run.jsonl", readings, "--json", "--examples", 5))
    assert report["gold"] == "two readings"
    assert (report["documents"], report["mentions"]) == (2, 5)
    assert report["pairs"] == {
        "clean_recall": 1.0,
        "garbled_recall": 0.5,
        "garbled_recall_by_name": 0.5,
        "exact_precision": 0.0,  # the one mention has too little context to be judged
        "repair_precision": pytest.approx(2 / 3),
        "repairs": 3,
    }
    assert {(r["kind"], r["label"]): (r["found"], r["gold"]) for r in report["recall"]} == {
        ("clean", "PLACE"): (1, 1),
        ("garbled", "PLACE"): (1, 2),
        ("lost", "PERSON"): (1, 1),
    }
    counts = {r["value"]: (r["right"], r["wrong"], r["unknown"]) for r in report["precision"] if r["by"] == "method"}
    assert counts == {"exact": (0, 0, 1), "repair": (2, 1, 0)}
    assert report["wrong"] == [{"what": ["repair", "havana", "Chlef", "the chief of"], "count": 1}]
    assert report["missed"] == [{"what": ["Miami", "NIANI"], "count": 1}]


def test_search_gains_what_normalized_texts_add(evaluate, readings):
    search = measured(evaluate(readings / "run.jsonl", readings, "--json"))["search"]
    # Wanted: Cuba in a and b, Miami in a, Kuznetsov in a. The pages give one of the four.
    assert search["before"] == {"recall": 0.25, "precision": 1.0}
    assert search["after"] == {"recall": 0.75, "precision": 1.0}
    assert search["recovered"] == pytest.approx(2 / 3)


def test_the_curve_looks_below_the_threshold(evaluate, readings):
    report = measured(evaluate(readings / "run.jsonl", readings, "--json"))
    found = report["curve"]
    assert (found["recall_of"], found["gold"]) == ("garbled", 2)
    assert found["decided"] == {"precision": pytest.approx(2 / 3), "recall": 0.5}
    assert [(p["threshold"], p["right"], p["wrong"], p["found"]) for p in found["points"]] == [
        (0.96, 1, 0, 1),
        (0.85, 1, 1, 1),
        (0.8, 2, 1, 1),
        (0.4, 3, 1, 2),
    ]
    assert report["reliability"]["repairs"]["number"] == report["reliability"]["all"]["number"] == 4


# --- every mention known

KNOWN = "Kuznetsov met Thompson in HAUANA. The Soviet IL-28 of annex A-12 left."


def known(surface: str, label: str, **rest: Any) -> dict[str, Any]:
    start, end = at(KNOWN, surface)
    return {"start": start, "end": end, "label": label, "surface": surface, **rest}


def span(surface: str) -> dict[str, int]:
    start, end = at(KNOWN, surface)
    return {"start": start, "end": end}


GOLD = {
    "id": "k",
    "text": KNOWN,
    "level": "light",
    "mentions": [
        known("Kuznetsov", "PERSON", name="Kuznetsov, Vasily", entity="100"),
        known("Thompson", "PERSON", name="Thompson, Tom", entity="NIL"),
        known("HAUANA", "PLACE", name="Havana", entity="", kind="garbled", clean_surface="HAVANA"),
        known("IL-28", "AIRCRAFT", name="IL-28"),
    ],
    "decoys": [span("A-12")],
    "ignore": [span("Soviet")],
}
RUN = record(
    "k",
    KNOWN,
    mention(KNOWN, "Kuznetsov", "PERSON", "kuznetsov-ivan", score=0.6),
    mention(KNOWN, "Thompson", "PERSON", "thompson-llewellyn", score=0.97),
    mention(KNOWN, "HAUANA", "PLACE", "havana", method="repair", score=0.93),
    mention(KNOWN, "Soviet", "PLACE", "cuba"),
    mention(KNOWN, "IL-28", "AIRCRAFT", None, decision="unknown"),
    mention(KNOWN, "A-12", "AIRCRAFT", "a-12", score=0.9),
)


def test_measures_of_every_mention(evaluate, tmp_path):
    report = measured(evaluate(write(tmp_path / "r", RUN), write(tmp_path / "g", GOLD), "--json", "--examples", 9))
    assert report["linked"] == {
        "link_precision": 0.5,
        "link_recall": pytest.approx(2 / 3),
        "link_f1": pytest.approx(4 / 7),
        "identity": 0.0,
        "people_linked": 1.0,
        "decoys_taken": 1.0,
    }
    assert {r["label"]: (r["right"], r["links"], r["found"], r["gold"]) for r in report["labels"]} == {
        "PERSON": (1, 2, 1, 1),
        "PLACE": (1, 1, 1, 1),
        "AIRCRAFT": (0, 1, 0, 1),
    }
    (level,) = report["levels"]
    assert level["level"] == "light"
    assert {k: (r["found"], r["gold"]) for k, r in level["recall"].items()} == {
        "clean": (1, 2),
        "garbled": (1, 1),
        "lost": (0, 0),
        "all": (2, 3),
    }
    assert level["identity"] == {"known": 1, "linked": 1, "right": 0, "identity": 0.0}
    everything = report["spans"]["all"]
    assert (everything["gold"], everything["tagged"]) == (4, 5)
    assert (everything["exact_precision"], everything["exact_recall"]) == (0.8, 1.0)
    assert everything["exact_f1"] == everything["overlap_f1"] == pytest.approx(8 / 9)
    assert everything["damaged_recall"] == 1.0
    assert [w["what"] for w in report["wrong"]] == [
        ["PERSON", "thompson-llewellyn", "Thompson"],
        ["AIRCRAFT", "a-12", "A-12"],
    ]
    assert [m["what"] for m in report["missed"]] == [["AIRCRAFT", "IL-28", "IL-28"]]


def test_the_score_of_a_link_answers_for_the_entity(evaluate, tmp_path):
    report = measured(evaluate(write(tmp_path / "r", RUN), write(tmp_path / "g", GOLD), "--json"))
    bins = {b["from"]: (b["number"], b["share_right"]) for b in report["reliability"]["all"]["bins"] if b["number"]}
    assert bins == {0.5: (1, 0.0), 0.9: (2, 0.5), 0.95: (1, 0.0)}  # what is ignored is not judged
    assert report["curve"]["decided"] == {"precision": 1.0, "recall": 1.0}


@pytest.mark.parametrize(
    ("means", "linked", "found", "right"),
    [
        ({"entity": "kuznetsov-vasily-v"}, "kuznetsov-vasily-v", 1, 1),
        ({"entity": "kuznetsov-vasily-v"}, "kuznetsov-ivan", 1, 0),
        ({"entity": "kuznetsov-vasily-v"}, "thompson-llewellyn", 0, 0),
        ({"entity": "100"}, "kuznetsov-vasily-v", 1, 1),
        ({"entity": 100}, "kuznetsov-vasily-v", 1, 1),
        ({"entity": "200"}, "kuznetsov-vasily-v", 1, 0),
        ({"entity": "200", "twins": ["100"]}, "kuznetsov-vasily-v", 1, 1),
        ({"entity": "kuznetsov-ivan", "twins": ["kuznetsov-vasily-v"]}, "kuznetsov-vasily-v", 1, 1),
        ({"entity": "not-in-it", "name": "Kuznetsov, Pyotr"}, "kuznetsov-vasily-v", 1, 0),
    ],
)
def test_gold_of_ones_own_names_entities_by_id_or_number(evaluate, tmp_path, means, linked, found, right):
    gold = {"id": 7, "mentions": [{"start": 0, "end": 9, "label": "PERSON", **means}]}
    run = record("7", KNOWN, mention(KNOWN, "Kuznetsov", "PERSON", linked))
    report = measured(evaluate(write(tmp_path / "r", run), write(tmp_path / "g", gold), "--json"))
    who = report["labels"][0]["identity"]
    assert (who["known"], who["linked"], who["right"]) == (1, found, right)
    assert report["curve"]["recall_of"] == "all"  # this gold tells no damage


def test_other_labels_are_measured_where_they_are_asked_for(evaluate, tmp_path):
    paths = write(tmp_path / "r", RUN), write(tmp_path / "g", GOLD)
    report = measured(evaluate(*paths, "--json", "--label", "aircraft", "--label", "AIRCRAFT"))
    assert list(report["spans"]) == ["AIRCRAFT", "all"]
    assert report["linked"]["link_recall"] == 0.0


# --- scores


def judged(score: float, how: str, *, held_back: bool = False, sort: Any = "repair") -> Judged:
    found = Found(0, 1, "PLACE", "linked", "x", "repair", score, ())
    return Judged(Claim(found, ("x",), frozenset(), sort, score, held_back), how)  # type: ignore[arg-type]


def test_reliability_by_hand():
    table = reliability(
        [
            judged(0.4, "wrong"),
            *(judged(0.6, "right"), judged(0.6, "wrong")),
            *(judged(0.98, "right"), judged(1.0, "right")),
            judged(0.75, "unknown"),
        ]
    )
    rows = {(b["from"], b["to"]): (b["number"], b["mean_score"], b["share_right"]) for b in table["bins"]}
    assert table["number"] == 5
    assert rows.pop((0.0, 0.5)) == (1, 0.4, 0.0)
    assert rows.pop((0.5, 0.7)) == (2, pytest.approx(0.6), 0.5)
    assert rows.pop((0.98, 1.0)) == (2, pytest.approx(0.99), 1.0)
    assert set(rows.values()) == {(0, None, None)}
    assert table["expected_calibration_error"] == pytest.approx(0.2 * 0.4 + 0.4 * 0.1 + 0.4 * 0.01)


def test_reliability_of_nothing():
    assert reliability([])["expected_calibration_error"] == 0.0
    assert curve([], []) == {"gold": 0, "decided": {"precision": None, "recall": 0.0}, "points": []}


def test_curve_by_hand():
    made = curve(
        [
            judged(0.9, "right"),
            judged(0.8, "wrong"),
            judged(0.8, "right"),
            judged(0.3, "right", held_back=True),
            judged(0.95, "wrong", sort="exact"),
            judged(0.2, "unknown"),
        ],
        [Reach(True, float("inf")), Reach(True, 0.8), Reach(False, 0.3), Reach(False, -float("inf"))],
    )
    assert made["decided"] == {"precision": pytest.approx(2 / 3), "recall": 0.5}
    assert [(p["threshold"], p["precision"], p["recall"]) for p in made["points"]] == [
        (0.9, 1.0, 0.25),
        (0.8, pytest.approx(2 / 3), 0.5),
        (0.3, 0.75, 0.75),
    ]


# --- the picture


def points(*rows: tuple[float, float, float]) -> dict[str, Any]:
    made = [{"threshold": t, "precision": p, "recall": r} for t, p, r in rows]
    decided = {"precision": 0.9 if rows else None, "recall": 0.5}
    return {"recall_of": "garbled", "gold": 4, "decided": decided, "points": made}


@pytest.mark.parametrize("rows", [[(0.97, 1.0, 0.2), (0.6, 0.8, 0.7)], []], ids=["points", "none"])
def test_pictures_are_what_their_names_say_and_always_the_same(tmp_path, rows):
    for name in ("a.png", "b.png", "a.svg", "b.SVG"):
        draw(points(*rows), tmp_path / name)
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert ElementTree.parse(tmp_path / "a.svg").getroot().tag == "{http://www.w3.org/2000/svg}svg"
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.SVG").read_bytes()


def test_a_picture_that_cannot_be_written(tmp_path):
    (tmp_path / "c.png").mkdir()
    with pytest.raises(SinkError, match="cannot be written"):
        draw(points(), tmp_path / "c.png")


def test_the_command_draws_without_a_display(evaluate, readings, tmp_path, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    assert evaluate(readings / "run.jsonl", readings, "--plot", tmp_path / "c.svg").exit_code == 0
    assert "recall of garbled mentions (2)" in (tmp_path / "c.svg").read_text("utf-8")


@pytest.mark.parametrize(("name", "says"), [("c.gif", ".png or .svg"), ("no/c.png", "there is no folder")])
def test_a_picture_that_cannot_be_drawn_is_refused_before_the_work(evaluate, tmp_path, name, says):
    result = evaluate(tmp_path / "missing", tmp_path / "missing", "--plot", tmp_path / name)
    assert (result.exit_code, says in result.stderr) == (2, True)


def test_without_matplotlib_the_extra_is_named(evaluate, readings, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = evaluate(readings / "run.jsonl", readings, "--plot", tmp_path / "c.png")
    assert result.exit_code == 2
    assert "pip install 'cablenorm[plot]'" in result.stderr
    assert evaluate(readings / "run.jsonl", readings).exit_code == 0


# --- the text


def test_tables_for_people(evaluate, readings, tmp_path):
    text = evaluate(readings / "run.jsonl", readings, "--examples", 1).stdout
    rows = [" ".join(line.split()) for line in text.splitlines()]
    for row in (
        "2 documents, 5 mentions, gold: two readings",
        "precision, repairs 0.667",
        "garbled PLACE 1 2 0.500",
        "and its normalized text 0.750 1.000",
        "method repair 2 1 0 0.667",
        "0.95 to 0.98 1 0.960 1.000",
        "0 3 1 0.750 2 1.000",
        "as decided - - 0.667 - 0.500",
        "1 Miami NIANI",
    ):
        assert row in rows
    text = evaluate(write(tmp_path / "r", RUN), write(tmp_path / "g", GOLD)).stdout
    rows = [" ".join(line.split()) for line in text.splitlines()]
    for row in (
        "decoys taken for mentions 1.000",
        "PERSON 0.500 1.000 0.667 2 1 0.000 1",
        "light garbled 1 1 1.000",
        "all 0.800 1.000 0.889 0.800 1.000 0.889 4",
    ):
        assert row in rows


def test_a_run_with_another_gazetteer_is_noticed(evaluate, tmp_path):
    result = evaluate(write(tmp_path / "r", RUN), write(tmp_path / "g", GOLD))
    assert "made with another gazetteer" in result.stderr


def test_a_folder_of_a_run_and_its_own_gazetteer(evaluate, layers, tmp_path):
    page = tmp_path / "k.txt"
    page.write_text(KNOWN, "utf-8")
    result = CliRunner().invoke(main, ["run", str(page), "--out", str(tmp_path / "out"), *layers])
    assert result.exit_code == 0, result.output
    result = evaluate(tmp_path / "out", write(tmp_path / "g", GOLD))
    assert (result.exit_code, result.stderr) == (0, "")


def test_no_spacy_and_no_matplotlib_are_imported():
    code = (
        "import sys, normalizer.cli, normalizer.evaluation.report, normalizer.evaluation.plot\n"
        "sys.exit(bool({'spacy', 'matplotlib'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


# --- faults


def without(record: dict[str, Any], name: str) -> dict[str, Any]:
    return {k: v for k, v in record.items() if k != name}


def gold_with(**rest: Any) -> dict[str, Any]:
    """Gold with one mention that has more or other keys."""
    return {"id": "k", "mentions": [{"start": 0, "end": 9, "label": "PERSON", "name": "Kuznetsov, Vasily", **rest}]}


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (['{"id": "k", "mentions": ['], "g:1: no valid JSON"),
        (["[1]"], "g:1: no object"),
        ([GOLD, {"mentions": []}], "g:2: the record lacks the key 'id'"),
        ([GOLD, {"id": "l"}], "g:2: the record lacks the key 'mentions'"),
        ([GOLD, "", GOLD], "g:3: document 'k' stands at"),
        ([without(GOLD, "mentions")], "g:1: the record lacks the key 'mentions'"),
        ([{"id": "k", "mentions": [1]}], "g:1: 'mentions' is no list of objects"),
        ([{"id": "k", "mentions": [{"end": 9, "label": "PERSON"}]}], "a mention lacks the key 'start'"),
        ([gold_with(end="9")], "a mention has no whole number under 'end'"),
        ([gold_with(start=5, end=3)], "runs from 5 to 3"),
        ([gold_with(end=0)], "is empty"),
        ([gold_with(label=None)], "the mention 0-9 lacks the key 'label'"),
        ([gold_with(name=None)], "lacks the keys 'entity' and 'name'"),
        ([gold_with(kind="dirty")], "none of clean, garbled, lost"),
        ([gold_with(twins="100")], "'twins' of the mention 0-9 is no list"),
        ([gold_with(surface=5)], "has no text under 'surface'"),
        ([gold_with(surface="Kuznetso")], "g:1: the mention 0-9 reads 'Kuznetsov', its surface is 'Kuznetso'"),
        ([gold_with(end=900)], "g:1: the mention 0-900 lies outside the text of 70 code points"),
        ([{**gold_with(end=900), "text": KNOWN}], "g:1: the mention 0-900 lies outside"),
        ([{**gold_with(), "text": KNOWN + "!"}], "g:1: the text of 'k' is not the run's from 70 on"),
        ([gold_with(name=None, entity="nobody")], "no id of the gazetteer and no number in its links"),
        (
            [{"id": "k", "mentions": [*gold_with()["mentions"], *gold_with(start=5, end=12)["mentions"]]}],
            "g:1: mentions 0-9 and 5-12 overlap",
        ),
        ([{"id": "other", "mentions": []}], "no output for document 'other' of the gold"),
        ([], "has no record"),
    ],
)
def test_faults_of_gold_are_named_by_file_and_line(evaluate, tmp_path, lines, says):
    result = evaluate(write(tmp_path / "r", RUN), write(tmp_path / "g", *lines))
    assert result.exit_code == 2
    assert says in result.stderr
    assert str(tmp_path) in result.stderr


def changed(**rest: Any) -> dict[str, Any]:
    """The run with a first mention that has other values."""
    return {**RUN, "mentions": [{**RUN["mentions"][0], **rest}, *RUN["mentions"][1:]]}


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([RUN, "{"], "r:2: no valid JSON"),
        ([RUN, RUN], "r:2: document 'k' stands at"),
        ([without(RUN, "text")], "r:1: the record lacks the key 'text'"),
        ([without(RUN, "mentions")], "r:1: the record lacks the key 'mentions'"),
        ([{**RUN, "normalized": 5, "versions": 5}], "has no text under 'normalized'"),
        ([changed(score=None)], "the mention 0-9 has no number from 0 to 1 under 'score'"),
        ([changed(score=1.5)], "no number from 0 to 1"),
        ([changed(decision="perhaps")], "has the decision 'perhaps'"),
        ([changed(entity=None)], "the mention 0-9 lacks the key 'entity'"),
        ([changed(candidates=[{"score": 1}])], "a candidate of the mention 0-9 lacks the key 'entity'"),
        ([changed(end=20)], "r:1: mentions 0-20 and 14-22 of 'k' overlap"),
        ([changed(start=70, end=99)], "r:1: the mention 70-99 lies outside the text"),
    ],
)
def test_faults_of_a_run_are_named_by_file_and_line(evaluate, tmp_path, lines, says):
    result = evaluate(write(tmp_path / "r", *lines), write(tmp_path / "g", GOLD))
    assert result.exit_code == 2
    assert says in result.stderr


def test_all_faults_are_reported_at_once(evaluate, tmp_path):
    many = [{**gold_with(kind="dirty"), "id": str(i)} for i in range(12)]
    shown = evaluate(write(tmp_path / "r", RUN), write(tmp_path / "g", *many)).stderr.splitlines()
    assert shown[0].endswith("12 faults")
    assert [line.split(": ")[0].rpartition(":")[2] for line in shown[1:-1]] == [str(n) for n in range(1, 11)]
    assert shown[-1] == "and 2 more"


def test_missing_paths_say_what_belongs_there(evaluate, readings, tmp_path):
    run = readings / "run.jsonl"
    assert "the output folder of `cablenorm run`" in evaluate(tmp_path / "no", readings).stderr
    assert "the output folder of `cablenorm run`" in evaluate(tmp_path, write(tmp_path / "g", GOLD)).stderr
    assert "--help" in evaluate(run, tmp_path / "no").stderr
    (readings / "gold.jsonl").rename(tmp_path / "aside.jsonl")
    assert "holds no gold.jsonl" in evaluate(run, readings).stderr
    assert evaluate(run, readings, "--words", tmp_path / "no.txt").exit_code == 2


def test_faults_of_two_readings(evaluate, readings):
    run = readings / "run.jsonl"
    one = {"start": 0, "end": 1, "label": "PLACE"}
    write(readings / "gold.jsonl", {"id": "c", "mentions": []}, {"id": "a", "mentions": [one]})
    shown = evaluate(run, readings).stderr
    assert "gold.jsonl:1: document 'c' is not in" in shown
    assert "gold.jsonl:2: the mention 0-1 lacks the key 'name'" in shown
    write(readings / "gold.jsonl")
    assert "has no record" in evaluate(run, readings).stderr
    write(readings / "documents.jsonl", {"id": "a", "text": PAGE})
    assert "documents.jsonl:1: the record lacks the key 'clean'" in evaluate(run, readings).stderr


def test_a_file_in_another_encoding(evaluate, tmp_path):
    (tmp_path / "g").write_bytes('{"id": "Malmö"}'.encode("latin-1"))
    assert "save the file as UTF-8" in evaluate(write(tmp_path / "r", RUN), tmp_path / "g").stderr


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_records(tmp_path, lambda record, where: None)


# --- the same numbers as the script beside the repository

SUBSET = 40
"""Documents of each kind; enough for every measure to have counts."""


def scored(script: Path, *args: object) -> Any:
    done = subprocess.run([sys.executable, str(script), *map(str, args)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def contained(part: Any, whole: Any) -> bool:
    """Whether every number of `part` stands in `whole`."""
    if isinstance(part, dict):
        return all(contained(value, whole[name]) for name, value in part.items())
    return bool(part == pytest.approx(whole, abs=1e-9))


def with_repairs(record: dict[str, Any], gold: Iterable[dict[str, Any]], bearers: dict[str, str]) -> dict[str, Any]:
    """A record with claims at damaged mentions that have none: right ones, wrong ones, and some held back."""
    for n, g in enumerate(g for g in gold if g.get("kind", "clean") != "clean" and g["start"] < g["end"]):
        name = g["name"].split(",")[0].lower()
        entity = "miami" if n % 5 == 1 else bearers.get(name)
        if entity and not any(m["start"] < g["end"] and g["start"] < m["end"] for m in record["mentions"]):
            made = mention(record["text"], record["text"][g["start"] : g["end"]], g["label"], entity)
            candidates = [{"entity": entity, "name": "", "score": 0.5}]
            if n % 3 == 1:
                made |= {"decision": "ambiguous", "entity": None, "candidates": candidates}
            elif n % 7 == 2:
                made |= {"decision": "unknown", "entity": None, "candidates": candidates}
            record["mentions"].append({**made, "method": "repair", "start": g["start"], "end": g["end"]})
    return record


@pytest.fixture(scope="module")
def script(shared: Path) -> Path:
    for name in ("score.py", "words.txt", "pairs/dev/documents.jsonl", "rendered/dev/ocr.jsonl"):
        if not (shared / "eval" / name).is_file():
            pytest.skip(f"{name} is not here")
    return shared / "eval" / "score.py"


@pytest.fixture(scope="module")
def names(full_gazetteer, tmp_path_factory) -> Path:
    return write(tmp_path_factory.mktemp("export") / "names.jsonl", *map(to_dict, full_gazetteer.entities()))


@pytest.fixture(scope="module")
def bearers(full_gazetteer) -> dict[str, str]:
    """Entity ids by name and family name."""
    return {n.lower(): ent.id for ent in full_gazetteer.entities() for n in (ent.family, ent.name) if n}


def head(path: Path, most: int = SUBSET) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line, _ in zip(lines, range(most), strict=False)]


def run_over(documents: Path, out: Path) -> list[dict[str, Any]]:
    assert CliRunner().invoke(main, ["run", str(documents), "--out", str(out)]).exit_code == 0
    return head(out / "documents.jsonl")


@pytest.mark.slow
def test_the_script_counts_the_same_of_two_readings(script, names, bearers, tmp_path):
    dev = script.parent / "pairs" / "dev"
    folder = tmp_path / "gold"
    folder.mkdir()
    gold = {g["id"]: g for g in head(dev / "gold.jsonl")}
    documents = [d for d in head(dev / "documents.jsonl", 10**6) if d["id"] in gold]
    write(folder / "gold.jsonl", *gold.values())
    made = run_over(write(folder / "documents.jsonl", *documents), tmp_path / "out")
    run = write(tmp_path / "run.jsonl", *(with_repairs(r, gold[r["id"]]["mentions"], bearers) for r in made))
    argv = ["evaluate", str(run), str(folder), "--json", "--words", str(script.with_name("words.txt"))]
    report = measured(CliRunner().invoke(main, argv))
    assert report["pairs"]["garbled_recall"] > 0.3
    assert 0.3 < report["pairs"]["repair_precision"] < 1.0
    assert contained(scored(script, "pairs", folder, run, names), report["pairs"])
    assert contained(scored(script, "search", folder, run), report["search"])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ocr.jsonl", "clean.jsonl"])
def test_the_script_counts_the_same_of_every_mention(script, names, bearers, tmp_path, name):
    documents = head(script.parent / "rendered" / "dev" / name)
    gold = write(tmp_path / "gold.jsonl", *documents)
    made = run_over(gold, tmp_path / "out")
    known = {d["id"]: d["mentions"] for d in documents}
    run = write(tmp_path / "run.jsonl", *(with_repairs(r, known[r["id"]], bearers) for r in made))
    report = measured(CliRunner().invoke(main, ["evaluate", str(run), str(gold), "--json"]))
    assert report["linked"]["identity"] > 0.5
    assert contained(scored(script, "linked", gold, run, names), report["linked"])
    assert contained(scored(script, "spans", gold, run), report["spans"])
