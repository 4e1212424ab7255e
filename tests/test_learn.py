"""Learning: confusions and words of two readings, weights of the score, priors of a run, and the command."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from conftest import ONLY_SMALL
from hypothesis import given
from hypothesis import strategies as st

from normalizer.cli import main
from normalizer.errors import ConfigError
from normalizer.gazetteer import Gazetteer, confusions_path
from normalizer.learn.confusions import FEWEST, learn_confusions, to_yaml
from normalizer.learn.priors import count_names as count_names_of_run
from normalizer.learn.readings import Readings, read_pairs, word_pairs
from normalizer.learn.score import RIGHT, SAME, WRONG, Aligned, Example, calibrate, learn_score, train
from normalizer.learn.words import count_names, count_neighbours, count_words
from normalizer.repair import read_priors
from normalizer.repair.channel import load_confusions
from normalizer.repair.features import FEATURES
from normalizer.repair.finding import Finder
from normalizer.repair.score import Model, shipped_model

PARTS = ["swaps", "groups", "missing", "extra"]


def readings(*pairs: tuple[str, str], times: int = 1) -> list[Readings]:
    """(worse, better) as documents."""
    return [Readings(str(n), worse, better) for n, (worse, better) in enumerate(pairs * times)]


def write(path: Path, rows: Iterable[object]) -> Path:
    text = "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, "utf-8")
    return path


# -------------------------------------------------------------------------------------------------- pairs of words


@pytest.mark.parametrize(
    ("worse", "better", "pairs"),
    [
        ("in Guba today", "in Cuba today", [("in", "in"), ("Guba", "Cuba"), ("today", "today")]),
        ("in Guba Noscow today", "in Cuba Moscow today", [("in", "in"), ("Guba", "Cuba"), ("Noscow", "Moscow"),
                                                          ("today", "today")]),
        ("in xyzzy today", "in Cuba today", [("in", "in"), ("today", "today")]),
        ("in today", "in Cuba today", [("in", "in"), ("today", "today")]),
        ("", "Cuba", []),
        ("", "", []),
    ],
)  # fmt: skip
def test_word_pairs(worse: str, better: str, pairs: list[tuple[str, str]]) -> None:
    assert list(word_pairs(worse, better)) == pairs


@pytest.mark.parametrize(("worse", "better"), [("HAV ANA", "HAVANA"), ("toCuba", "to Cuba"), ("H AV ANA", "HAVANA")])
@pytest.mark.xfail(reason="rapidfuzz never replaces words by a different number of words; `HAV` pairs with `HAVANA`")
def test_words_of_different_number_are_compared_run_together(worse: str, better: str) -> None:
    run = better.replace(" ", "")
    pairs = list(word_pairs(f"in {worse} today", f"in {better} today"))
    assert pairs == [("in", "in"), (run, run), ("today", "today")]


@given(st.text())
def test_word_pairs_of_one_reading_are_its_words(text: str) -> None:
    assert list(word_pairs(text, text)) == [(word, word) for word in text.split()]


def test_pairs_are_read(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "ocr": "Guba", "clean": "Cuba"},
        {"id": "b", "text": "Guba", "clean": "Cuba"},
        {"ocr": "Guba", "clean": "Cuba"},
        {"id": "d", "clean": "Cuba"},
        {"id": "e", "ocr": "Guba"},
        {"id": "f", "ocr": "", "clean": "Cuba"},
    ]
    plain, zipped = write(tmp_path / "a.jsonl", rows), write(tmp_path / "b.jsonl.gz", rows)
    both = [Readings(name, "Guba", "Cuba") for name in ("a", "b", "3")]
    assert list(read_pairs([plain, zipped])) == both * 2
    assert [pair.id for pair in read_pairs([plain], both=False)] == ["a", "b", "3", "d", "f"]
    assert list(read_pairs([])) == []


# -------------------------------------------------------------------------------------------------- confusions


def test_planted_confusions_are_learnt() -> None:
    made = learn_confusions(
        readings(
            ("the Guba of today", "the Cuba of today"),
            ("a harnper full of it", "a hamper full of it"),
            ("the clown of the day", "the down of the day"),
            ("it vvas the wolf", "it was the wolf"),
            ("one Sovet ship", "one Soviet ship"),
            ("one Pragu'e street", "one Prague street"),
            ("turned to the rnoon", "turned to the moon"),
            times=FEWEST,
        )
    )
    assert list(made) == PARTS
    assert made["swaps"].keys() == {"C"}
    assert made["swaps"]["C"].keys() == {"G"}
    assert {(meant, seen) for meant, row in made["groups"].items() for seen in row} == {
        ("m", "rn"),
        ("d", "cl"),
        ("w", "vv"),
    }
    assert made["missing"].keys() == {"i"}
    assert made["extra"].keys() == {"'"}
    costs = [
        *(cost for part in ("swaps", "groups") for row in made[part].values() for cost in row.values()),
        *(cost for part in ("missing", "extra") for cost in made[part].values()),
    ]
    assert all(0 < cost < 1 for cost in costs)


def test_two_letters_for_one_are_learnt() -> None:
    made = learn_confusions(readings(("the modem age", "the modern age"), times=FEWEST))
    assert made["groups"].keys() == {"rn"}
    assert made["groups"]["rn"].keys() == {"m"}


def test_what_is_seen_more_often_costs_less() -> None:
    often = learn_confusions(readings(*[("Guba", "Cuba")] * 8, *[("Cuba", "Cuba")] * 2))["swaps"]["C"]["G"]
    seldom = learn_confusions(readings(*[("Guba", "Cuba")] * 8, *[("Cuba", "Cuba")] * 200))["swaps"]["C"]["G"]
    assert often < seldom


def test_what_is_seen_seldom_is_chance() -> None:
    empty: dict[str, Any] = {part: {} for part in PARTS}
    assert learn_confusions(readings(("Guba", "Cuba"), times=FEWEST - 1)) == empty
    assert learn_confusions(readings(("Cuba", "Cuba"), times=100)) == empty
    assert learn_confusions([]) == empty


def test_confusions_may_be_read_again(tmp_path: Path) -> None:
    made = learn_confusions(
        readings(
            ("l962 Guba", "1962 Cuba"), ("\"ab 'cd", "ab cd"), ("harnper", "hamper"), ("modem", "modern"),
            ("Sovet", "Soviet"), ("n0 N0", "no NO"), ("y:s", "yes"), times=FEWEST,
        )
    )  # fmt: skip
    file = tmp_path / "confusions.yaml"
    file.write_text(to_yaml(made, 'a test: of "quotes", and umlauts ä, #1'), "utf-8")
    data = yaml.safe_load(file.read_text("utf-8"))
    assert data.pop("schema") == 1
    assert data.pop("source") == 'a test: of "quotes", and umlauts ä, #1'
    assert {part: rows or {} for part, rows in data.items()} == made
    assert made["swaps"]["1"].keys() == {"l"}  # a digit stays a character
    cost, whole = load_confusions(file).costs(["Guba", "Cuba"], ["Cuba", "Cuba"]).tolist()
    assert cost == pytest.approx(made["swaps"]["C"]["G"])
    assert whole == 0


CHAR = st.characters(min_codepoint=33, max_codepoint=126)
COST = st.integers(5, 99).map(lambda n: n / 100)


@given(
    st.fixed_dictionaries({
        "swaps": st.dictionaries(CHAR, st.dictionaries(CHAR, COST, min_size=1)),
        "groups": st.dictionaries(CHAR, st.dictionaries(st.text(CHAR, min_size=2, max_size=2), COST, min_size=1)),
        "missing": st.dictionaries(CHAR, COST),
        "extra": st.dictionaries(CHAR, COST),
    })
)  # fmt: skip
def test_a_table_survives_its_file(tmp_path_factory: Any, table: dict[str, Any]) -> None:
    file = tmp_path_factory.mktemp("confusions") / "confusions.yaml"
    file.write_text(to_yaml(table, "a test"), "utf-8")
    data = yaml.safe_load(file.read_text("utf-8"))
    assert {part: data[part] or {} for part in PARTS} == table
    load_confusions(file)


# -------------------------------------------------------------------------------------------------- words


def test_words_are_counted() -> None:
    texts = ["The Embassy in Cuba. The embassy!", "An embassy; the Cuba of 1962, it is", "Cuba alone alone alone"]
    assert count_words(texts) == [("cuba", 3, 0), ("embassy", 3, 2), ("the", 3, 1)]


def test_slips_are_dropped() -> None:
    texts = ["Zhukovka " * 40, "Zhukovka Zhukovko Zhukovko", "Zhukovko Zhukovko Zhukavko"]
    words = [word for word, _, _ in count_words([*texts, "Xenonia Xenonia", "Xenonia Xenonia"])]
    assert words == ["xenonia", "zhukovka"]


def test_a_word_that_is_no_slip_is_kept() -> None:
    # An English word beside a far more frequent one, and a name half as frequent as its look-alike.
    texts = ["house " * 100 + "horse horse", "house horse Zhukovka Zhukovka", "Zhukovka Zhukovko Zhukovko Zhukovko"]
    assert {"house", "horse"} <= {word for word, _, _ in count_words(texts)}
    assert "zhukovko" not in {word for word, _, _ in count_words(texts)}  # it stands in one text alone
    assert "zhukovko" in {word for word, _, _ in count_words([*texts, "Zhukovko"])}


def test_names_of_several_words_are_counted(gazetteer: Gazetteer) -> None:
    texts = ["The Soviet Union and the Soviet Union.", "THE SOVIET UNION and Cuba"]
    assert count_names(texts, gazetteer) == [("sovietunion", 3)]
    assert count_names(texts[:1], gazetteer) == []


def test_neighbours_are_counted(gazetteer: Gazetteer) -> None:
    rows = count_neighbours(["They flew to Havana yesterday. The paper is here and there."] * 20, gazetteer)
    found = {(side, word, label): odds for side, word, label, odds in rows}
    assert found.keys() == {("before", "to", "PLACE"), ("after", "yesterday", "PLACE")}
    assert all(odds > 0 for odds in found.values())
    assert count_neighbours(["They flew to Havana yesterday."] * 5, gazetteer) == []


# -------------------------------------------------------------------------------------------------- the score


def test_the_shipped_weights_are_of_these_features() -> None:
    data = json.loads(files("normalizer").joinpath("data", "repair.json").read_text("utf-8"))
    assert tuple(data["features"]) == FEATURES
    assert len(set(FEATURES)) == len(FEATURES)
    assert 0 < data["min_score"] <= 1
    shipped_model()
    for tree in data["trees"]:
        for at, (feature, _, left, right, _) in enumerate(tree):
            assert -1 <= feature < len(FEATURES)
            assert feature < 0 or at < left < right < len(tree)


def test_weights_of_other_features_are_refused() -> None:
    with pytest.raises(ConfigError, match="cablenorm learn score"):
        Model({"features": ["cost"], "trees": [], "depth": 0, "calibration": [1, 0], "min_score": 0.5})


@pytest.mark.xfail(
    reason="the trees never ask for `in_collection`, as training knows no priors: --priors has no effect"
)
def test_the_shipped_weights_ask_for_the_collection() -> None:
    data = json.loads(files("normalizer").joinpath("data", "repair.json").read_text("utf-8"))
    assert FEATURES.index("in_collection") in {node[0] for tree in data["trees"] for node in tree}


@pytest.mark.parametrize(
    ("surface", "target", "better", "label"),
    [
        ("Guba", "cuba", "They say that he left Cuba for good on Friday", RIGHT),
        ("Guba", "cuba", "They say that he left home for good on Friday", WRONG),
        ("Guba", "cuba", "They say that he left Guba for good on Friday", SAME),
        ("Guba", "cuba", "All else is other words than these ones", None),
    ],
)
def test_labels(surface: str, target: str, better: str, label: int | None) -> None:
    worse = f"They say that he left {surface} for good on Friday"
    start = worse.index(surface)
    ordinary = frozenset(["home", "left", "for"])
    assert Aligned(worse, better).label(start, start + len(surface), surface, target, ordinary) == label


def test_calibration_gives_the_share_that_is_right() -> None:
    import numpy as np

    drawn = random.Random(1)
    margins = [drawn.uniform(-4, 4) for _ in range(4000)]
    right = [drawn.random() < 1 / (1 + 2.718281828 ** -(0.5 * m - 1)) for m in margins]
    slope, shift = calibrate(np.array(margins), np.array(right))
    assert (slope, shift) == (pytest.approx(0.5, abs=0.1), pytest.approx(-1, abs=0.2))


@pytest.mark.xfail(reason="right ones of a score are counted before wrong ones of the same score")
def test_a_threshold_counts_all_of_a_score() -> None:
    from normalizer.learn.score import _threshold

    one_leaf = [[[-1, 0, 0, 0, 0]]]
    model = Model({"features": FEATURES, "trees": one_leaf, "depth": 0, "calibration": [1, 0], "min_score": 0.5})
    assert _threshold(model, [2.0, 2.0, 2.0, 2.0], [True, False, False, False], 0.97) == 1.0


def rows_of(count: int) -> list[Example]:
    """Candidates of which those of low cost are right."""
    drawn = random.Random(2)
    made = []
    for _ in range(count):
        features = [drawn.random() for _ in FEATURES]
        made.append(Example(features, RIGHT if features[FEATURES.index("cost")] < 0.5 else WRONG, True))
    return made


def test_training_is_the_same_again() -> None:
    pytest.importorskip("lightgbm")
    rows = rows_of(300)
    first = train(rows, 1)
    assert first == train(rows, 1)
    assert first != train(rows, 2)
    assert first["features"] == list(FEATURES)


def test_trained_weights_tell_right_from_wrong_and_are_read_again() -> None:
    pytest.importorskip("lightgbm")
    data = train(rows_of(300))
    model, again = Model(data), Model(json.loads(json.dumps(data)))
    rows = rows_of(60)
    scores = model.scores([row.features for row in rows])
    assert scores == again.scores([row.features for row in rows])
    assert all(0 <= score <= 1 for score in scores)
    right = [s for s, row in zip(scores, rows, strict=True) if row.label == RIGHT]
    wrong = [s for s, row in zip(scores, rows, strict=True) if row.label == WRONG]
    assert min(right) > max(wrong) - 0.5
    assert sum(right) / len(right) > sum(wrong) / len(wrong) + 0.5


def test_trees_give_what_lightgbm_gives() -> None:
    lightgbm = pytest.importorskip("lightgbm")
    import numpy as np

    rows = rows_of(300)
    made: list[Any] = []
    kept = lightgbm.train
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lightgbm, "train", lambda *a, **k: made.append(kept(*a, **k)) or made[0])
        model = Model(train(rows))
    x = [row.features for row in rows]
    theirs = made[0].predict(np.array(x), raw_score=True)
    assert model.margins(x) == pytest.approx(theirs, abs=1e-3)


def damaged_pairs(count: int) -> list[dict[str, str]]:
    """Documents of plain sentences about a few names, with some of these damaged, and words that are no names."""
    drawn = random.Random(3)
    names = [("Havana", "Hevana"), ("Moscow", "Moscaw"), ("Stevenson", "Stevensen"), ("Kuznetsov", "Kuznetsoy")]
    words = [("remedy", "Kemedy"), ("tuba", "Guba"), ("mosaic", "Moscaic"), ("stevedore", "Stevensore")]
    rows = []
    for number in range(count):
        worse, better = [], []
        for _ in range(6):
            clean, broken = drawn.choice(names + words)
            seen = broken if drawn.random() < 0.6 else clean
            frame = drawn.choice(
                ["We heard that {} was quiet again last week.", "They wrote of {} in the report then."]
            )
            better.append(frame.format(clean))
            worse.append(frame.format(seen))
        rows.append({"id": f"d{number}", "ocr": " ".join(worse), "clean": " ".join(better)})
    return rows


def test_the_score_is_learnt(gazetteer: Gazetteer) -> None:
    pytest.importorskip("lightgbm")
    pairs = [Readings(row["id"], row["ocr"], row["clean"]) for row in damaged_pairs(60)]
    finder = Finder(gazetteer, confusions_path())
    data, told = learn_score(pairs, gazetteer, finder, None, 0.9, 1)
    again, _ = learn_score(pairs, gazetteer, Finder(gazetteer, confusions_path()), None, 0.9, 1)
    assert data == again
    assert told.startswith("60 documents, ")
    assert 0 <= data["min_score"] <= 1
    Model(json.loads(json.dumps(data)))
    held, _ = learn_score(pairs, gazetteer, finder, {"d1", "d2", "d3", "d4"}, 0.9, 1)
    assert held["trees"] != data["trees"]


# -------------------------------------------------------------------------------------------------- priors


MENTION = {"decision": "linked", "method": "exact"}


def test_names_of_a_run_are_counted(tmp_path: Path) -> None:
    mentions = [
        {"text": "Adlai Stevenson", **MENTION},
        {"text": "STEVENSON", "decision": "ambiguous", "method": "alias"},
        {"text": "Cuba", "decision": "linked", "method": "context"},
        {"text": "Guba", "decision": "linked", "method": "repair"},  # not whole
        {"text": "Sumner", "decision": "linked", "method": "misreading"},
        {"text": "Taylor", "decision": "unknown", "method": "exact"},
    ]
    folder = tmp_path / "out"
    folder.mkdir()
    write(folder / "documents.jsonl", [{"text": "one two three", "mentions": mentions}, {"text": "", "mentions": []}])
    expected = (3, {"adlaistevenson": 1, "stevenson": 2, "cuba": 1})
    assert count_names_of_run(folder) == expected
    assert count_names_of_run(folder / "documents.jsonl") == expected


# -------------------------------------------------------------------------------------------------- the command


@pytest.fixture
def learn() -> Callable[..., Result]:
    """`cablenorm learn ...` in this process; an exception that it lets through fails the test."""

    def call(*args: object) -> Result:
        result = CliRunner().invoke(main, ["learn", *map(str, args)])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


def cablenorm(*args: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in args])


def test_learn_confusions(learn: Callable[..., Result], tmp_path: Path) -> None:
    rows = [{"id": str(n), "clean": "The man left Cuba", "ocr": "The man left Guba"} for n in range(6)]
    pairs, out = write(tmp_path / "pairs.jsonl.gz", rows), tmp_path / "confusions.yaml"
    result = learn("confusions", pairs, "--out", out, "--source", "a test")
    assert result.exit_code == 0
    assert result.stdout == "1 swaps, 0 groups, 0 missing, 0 extra\n"
    assert yaml.safe_load(out.read_text("utf-8"))["source"] == "a test"
    assert load_confusions(out).costs(["Guba"], ["Cuba"])[0] < 1
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".part"] == []


def test_learn_words(learn: Callable[..., Result], tmp_path: Path) -> None:
    rows = [{"id": str(n), "clean": "They left the Soviet Union for Havana yesterday"} for n in range(14)]
    result = learn("words", write(tmp_path / "p.jsonl", rows), "--out", tmp_path, "--source", "a test", *ONLY_SMALL)
    assert (result.exit_code, result.stdout) == (0, "14 documents\n")
    made = {
        name: (tmp_path / f"{name}.txt").read_text("utf-8") for name in ("word_counts", "name_counts", "neighbours")
    }
    assert all(text.startswith("# ") and text.splitlines()[0].endswith("a test") for text in made.values())
    assert "havana 14 0\n" in made["word_counts"]
    assert "sovietunion 14\n" in made["name_counts"]
    assert "after yesterday PLACE " in made["neighbours"]


def test_learn_score(learn: Callable[..., Result], tmp_path: Path) -> None:
    pytest.importorskip("lightgbm")
    pairs, out, hold = write(tmp_path / "p.jsonl", damaged_pairs(60)), tmp_path / "repair.json", tmp_path / "hold.txt"
    hold.write_text("".join(f"d{n}\n" for n in range(12)), "utf-8")
    result = learn("score", pairs, "--out", out, "--hold-out", hold, "--precision", "0.9", *ONLY_SMALL)
    assert result.exit_code == 0, result.output
    assert "60 documents" in result.stdout
    data = out.read_bytes()
    Model(json.loads(data))
    learn("score", pairs, "--out", out, "--hold-out", hold, "--precision", "0.9", *ONLY_SMALL)
    assert out.read_bytes() == data


def test_learn_priors_of_a_run(learn: Callable[..., Result], tmp_path: Path) -> None:
    scan, out, priors = tmp_path / "scan.txt", tmp_path / "out", tmp_path / "priors.yaml"
    scan.write_text("Kuznetsov wrote to Havana. Kuznetsov left Guba.\n", "utf-8")
    assert cablenorm("run", scan, "--out", out, *ONLY_SMALL).exit_code == 0
    result = learn("priors", out, "--out", priors)
    assert (result.exit_code, result.stdout) == (0, "2 names in 7 words\n")
    assert read_priors(priors) == pytest.approx({"kuznetsov": 2e6 / 7, "havana": 1e6 / 7})
    again = cablenorm("run", scan, "--out", tmp_path / "again", "--priors", priors, *ONLY_SMALL)
    assert again.exit_code == 0
    assert cablenorm("text", scan, "--priors", priors, *ONLY_SMALL).exit_code == 0


@pytest.mark.parametrize("kind", ["confusions", "words", "score"])
def test_pairs_that_are_missing_or_broken(learn: Callable[..., Result], tmp_path: Path, kind: str) -> None:
    options = ["--out", tmp_path if kind == "words" else tmp_path / "made"]
    options += [] if kind == "confusions" else ONLY_SMALL
    missing = learn(kind, tmp_path / "none.jsonl", *options)
    assert missing.exit_code == 2
    assert f"{tmp_path / 'none.jsonl'} cannot be read: No such file" in missing.stderr
    for number, line in enumerate(("{", "[1]", "5", '"text"')):
        broken = write(tmp_path / f"{number}.jsonl", [{"id": "a", "clean": "Cuba", "ocr": "Guba"}, line])
        result = learn(kind, broken, *options)
        assert result.exit_code == 2
        assert f"{broken}:2 is no JSON object with two readings" in result.stderr
    assert not (tmp_path / "made").exists()
    assert not (tmp_path / "word_counts.txt").exists()


def test_a_run_that_is_missing_or_broken(learn: Callable[..., Result], tmp_path: Path) -> None:
    out = tmp_path / "priors.yaml"
    missing = learn("priors", tmp_path / "none", "--out", out)
    assert missing.exit_code == 2
    assert f"{tmp_path / 'none'} cannot be read: No such file" in missing.stderr
    assert learn("priors", tmp_path, "--out", out).exit_code == 2
    for number, line in enumerate(("{", "[1]", '{"text": "a"}', '{"text": "a", "mentions": [{}]}')):
        broken = write(tmp_path / f"{number}.jsonl", [{"text": "a", "mentions": []}, line])
        result = learn("priors", broken, "--out", out)
        assert result.exit_code == 2
        assert f"{broken}:2 is no record of cablenorm run" in result.stderr
    assert not out.exists()


def test_a_file_that_cannot_be_written(learn: Callable[..., Result], tmp_path: Path) -> None:
    pairs = write(tmp_path / "p.jsonl", [{"clean": "Cuba", "ocr": "Guba"}])
    result = learn("confusions", pairs, "--out", tmp_path / "none" / "made.yaml")
    assert result.exit_code == 2
    assert "cannot be written: No such file or directory" in result.stderr


def test_no_pairs_is_wrong_use(learn: Callable[..., Result], tmp_path: Path) -> None:
    for kind in ("confusions", "words", "score", "priors"):
        assert learn(kind, "--out", tmp_path).exit_code == 2


# What follows lets a traceback through; see the reports. An expected failure that passes fails the suite.
AWKWARD = {
    "a reading that is a number": b'{"id": "a", "clean": 5, "ocr": "Guba"}\n',
    "no UTF-8": b'{"id": "a", "clean": "Cuba \xff", "ocr": "Guba"}\n',
}


@pytest.mark.parametrize("what", AWKWARD)
@pytest.mark.xfail(reason="AttributeError or UnicodeDecodeError reach the user", strict=True)
def test_awkward_pairs(learn: Callable[..., Result], tmp_path: Path, what: str) -> None:
    file = tmp_path / "p.jsonl"
    file.write_bytes(AWKWARD[what])
    result = learn("confusions", file, "--out", tmp_path / "made")
    assert result.exit_code == 2
    assert str(file) in result.stderr


@pytest.mark.xfail(reason="EOFError is taken for Ctrl-C: exit code 130, `interrupted`", strict=True)
def test_a_gz_file_that_is_cut_short(learn: Callable[..., Result], tmp_path: Path) -> None:
    file = write(tmp_path / "p.jsonl.gz", [{"clean": f"Cuba {n}", "ocr": "Guba"} for n in range(500)])
    file.write_bytes(file.read_bytes()[:-20])
    result = learn("confusions", file, "--out", tmp_path / "made")
    assert result.exit_code == 2
    assert str(file) in result.stderr


@pytest.mark.xfail(reason="the reason of a BadGzipFile is told as None", strict=True)
def test_a_gz_file_that_is_none(learn: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "p.jsonl.gz"
    file.write_bytes(b"no gzip")
    result = learn("confusions", file, "--out", tmp_path / "made")
    assert result.exit_code == 2
    assert "None" not in result.stderr


@pytest.mark.xfail(reason="numpy or LightGBM complain of an empty array", strict=True)
@pytest.mark.parametrize("count", [0, 1])
def test_too_little_to_learn_a_score_from(learn: Callable[..., Result], tmp_path: Path, count: int) -> None:
    pytest.importorskip("lightgbm")
    result = learn("score", write(tmp_path / "p.jsonl", damaged_pairs(count)), "--out", tmp_path / "made", *ONLY_SMALL)
    assert result.exit_code == 2


@pytest.mark.xfail(reason="nothing to calibrate with: a singular matrix", strict=True)
def test_a_hold_out_of_unknown_documents(learn: Callable[..., Result], tmp_path: Path) -> None:
    pytest.importorskip("lightgbm")
    hold = tmp_path / "hold.txt"
    hold.write_text("nobody\n", "utf-8")
    pairs = write(tmp_path / "p.jsonl", damaged_pairs(40))
    assert learn("score", pairs, "--out", tmp_path / "made", "--hold-out", hold, *ONLY_SMALL).exit_code == 2


@pytest.mark.xfail(reason="UnicodeDecodeError reaches the user", strict=True)
def test_a_run_that_is_no_text(learn: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "documents.jsonl"
    file.write_bytes(b'{"text": "\xff", "mentions": []}\n')
    assert learn("priors", file, "--out", tmp_path / "made").exit_code == 2
