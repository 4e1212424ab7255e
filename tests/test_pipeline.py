from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from common import SMALL
from hypothesis import given, settings
from hypothesis import strategies as st

import normalizer
from normalizer import pipeline as module
from normalizer.errors import CablenormError, ConfigError, GazetteerError, MissingExtraError
from normalizer.gazetteer import Gazetteer, confusions_path
from normalizer.model import Document, Result
from normalizer.pipeline import Pipeline, Settings
from normalizer.repair import default_min_score


def small(tagger: str | None = None) -> Settings:
    return Settings(gazetteer=SMALL, default_gazetteer=False, tagger=tagger)


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(small())


@pytest.fixture(scope="module")
def default_pipeline() -> Pipeline:
    return Pipeline(Settings())


@pytest.fixture(scope="module")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A pipeline on disk that tags a few words."""
    made = spacy.blank("en")
    made.meta["version"] = "1.2.3"
    ruler = made.add_pipe("entity_ruler")
    ruler.add_patterns(  # type: ignore[attr-defined]
        [{"label": "PERSON", "pattern": "Smithers"}, {"label": "DATE", "pattern": "Tuesday"}]
    )
    folder = tmp_path_factory.mktemp("tagger") / "model"
    made.to_disk(folder)
    return str(folder)


def found(result: Result) -> list[tuple[str, str]]:
    return [(m.text, m.decision.entity or m.decision.kind) for m in result.mentions]


def check(result: Result) -> None:
    """What holds for every result."""
    text, normalized = result.document.text, result.normalized
    at = new_at = 0
    for m in result.mentions:
        assert at <= m.start < m.end <= len(text)
        assert text[m.start : m.end] == m.text
        start, end = result.offsets.forward(m.start, m.end)
        reading = m.text if m.decision.reading is None else m.decision.reading
        assert normalized[start:end] == reading
        assert result.offsets.backward(start, end) == (m.start, m.end)
        assert normalized[new_at:start] == text[at : m.start]
        at, new_at = m.end, end
        d = m.decision
        assert d.kind in ("linked", "ambiguous", "unknown")
        assert 0 <= d.score <= 1
        assert d.evidence
        assert (d.entity is not None) == (d.kind == "linked")
        assert (d.name is None) == (d.kind == "unknown")
        if d.kind == "ambiguous":
            assert d.candidates  # one, where it may be somebody whom the gazetteer lacks
    assert normalized[new_at:] == text[at:]


def test_a_document_becomes_a_result(pipeline: Pipeline) -> None:
    doc = Document("x", "Kuznetsov spoke of the K-23's and other bombers.", "1962-11", "box", {"page": 3})
    result = pipeline.process(doc)
    assert result.document is doc
    assert found(result) == [("Kuznetsov", "kuznetsov-vasily-v"), ("K-23's", "il-28")]
    assert result.normalized == "Kuznetsov spoke of the IL-28's and other bombers."
    assert result.to_dict()["metadata"] == {"page": 3}
    check(result)


@pytest.mark.parametrize(("name", "linked"), [("pipeline", 17), ("default_pipeline", 18)])
def test_the_letter(letter: str, request: pytest.FixtureRequest, name: str, linked: int) -> None:
    result = request.getfixturevalue(name).process(Document("letter", letter))
    check(result)
    assert sum(m.decision.kind == "linked" for m in result.mentions) == linked
    expected = letter.replace("John J. Buckley", "John J. McCloy").replace("Alistair Stevenson", "Adlai Stevenson")
    expected = re.sub("K-23's|XI-10's", "IL-28's", expected).replace("Sumner", "Kuznetsov")
    assert result.normalized == expected


def test_versions_say_what_made_the_result(pipeline: Pipeline, gazetteer: Gazetteer) -> None:
    result = pipeline.process(Document("x", ""))
    assert result.versions == {
        "cablenorm": normalizer.__version__,
        "gazetteer": gazetteer.version,
        "tagger": None,
        "repair": repair_version(pipeline),
    }
    assert result.to_dict()["versions"] == result.versions


def repair_version(made: Pipeline) -> str:
    found = made.versions["repair"]
    assert found is not None
    assert re.fullmatch(r"weights \w{8}, confusions \w{8}, min-score [\d.]+(, priors \w{8})?", found)
    return found


def test_versions_say_what_repairs_depend_on(pipeline: Pipeline, tmp_path: Path) -> None:
    shipped = repair_version(pipeline)
    data = files("normalizer").joinpath("data", "repair.json").read_bytes()
    assert f"weights {sha256(data).hexdigest()[:8]}, " in shipped
    assert f"confusions {sha256(confusions_path().read_bytes()).hexdigest()[:8]}, " in shipped
    assert shipped.endswith(f"min-score {default_min_score()}")
    assert Pipeline(replace(small(), repair=False)).versions["repair"] is None
    assert Pipeline(replace(small(), min_score=0.25)).versions["repair"] == re.sub("e [^,]*$", "e 0.25", shipped)

    priors, layer = tmp_path / "priors.yaml", tmp_path / "layer"
    priors.write_text("schema: 1\nwords: 10\nnames: {cuba: 1}\n", "utf-8")
    layer.mkdir()
    (layer / "confusions.yaml").write_text("schema: 1\n", "utf-8")
    settings = replace(small(), priors=str(priors), gazetteer=(*SMALL, str(layer)))
    first = repair_version(Pipeline(settings))
    assert first.split(", ")[1] != shipped.split(", ")[1]
    (layer / "confusions.yaml").write_text("schema: 1\nswaps: {a: {o: 0.5}}\n", "utf-8")
    second = repair_version(Pipeline(settings))
    priors.write_text("schema: 1\nwords: 10\nnames: {cuba: 2}\n", "utf-8")
    third = repair_version(Pipeline(settings))
    changed = [[a != b for a, b in zip(x.split(", "), y.split(", "), strict=True)]
               for x, y in ((first, second), (second, third))]  # fmt: skip
    assert changed == [[False, True, False, False], [False, False, False, True]]


def test_without_settings_it_is_the_default_gazetteer(
    default_pipeline: Pipeline, full_gazetteer: Gazetteer, gazetteer: Gazetteer
) -> None:
    result = default_pipeline.process(Document("x", "Dean Rusk in Cuba."))
    assert found(result) == [("Dean Rusk", "rusk-dean"), ("Cuba", "cuba")]
    assert result.versions["gazetteer"] == full_gazetteer.version != gazetteer.version


def test_date_id_and_source_reach_the_scopes(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "schema: 1\ntype: place\nentries:\n"
        "  - {id: x, name: X-Town, misreadings: [{text: Foo, when: {dates: 1962, documents: 'nara-*'}}]}\n",
        "utf-8",
    )
    made = Pipeline(Settings(gazetteer=(str(file),), default_gazetteer=False))
    assert len(made.gazetteer) == 1
    for doc, holds in (
        (Document("nara-1", "in Foo", "1962-05"), True),
        (Document("1", "in Foo", "1962-05", source="nara-box"), True),
        (Document("1", "in Foo", "1962-05"), False),
        (Document("nara-1", "in Foo", "1963"), False),
        (Document("nara-1", "in Foo"), False),
    ):
        assert (found(made.process(doc)) == [("Foo", "x")]) is holds


@pytest.mark.parametrize(
    ("page", "entity"),
    [
        ("A pilot who was trained in Cubs told of two flights a week from Cuba to Tampa.", "cuba"),
        ("Two light planes left for Cubs on a mission. They were back from Cuba at noon.", "cuba"),
        ("Aerial reconnaissance of Cubs will go on; what is seen in Cuba will be told to the allies.", "cuba"),
        ("It is said that two Cubs flew to Cuba, and that the pilots stayed in Havana.", "an-12"),
        ("The pilots of the Cub, a transport, stayed in Cuba.", "an-12"),
    ],
)
def test_an_aircraft_or_the_place_that_is_spelt_like_it(default_pipeline: Pipeline, page: str, entity: str) -> None:
    result = default_pipeline.process(Document("page", page, "1964"))
    (cub,) = (m for m in result.mentions if re.fullmatch("Cubs?", m.text))
    assert cub.decision.entity == entity


def test_results_come_one_at_a_time_in_order(pipeline: Pipeline) -> None:
    taken: list[int] = []

    def docs() -> list[Document]:
        for k in range(5):
            taken.append(k)
            yield Document(str(k), f"IL-28 number {k}")  # type: ignore[misc]

    results = pipeline.process_all(docs())
    assert taken == []
    assert next(results).document.id == "0"
    assert taken == [0]
    assert [r.document.id for r in results] == ["1", "2", "3", "4"]


def test_a_result_outlives_its_batch(pipeline: Pipeline) -> None:
    (result,) = list(pipeline.process_all([Document("x", "Dean Rusk of Zyzzyva")]))
    assert found(result) == [("Dean Rusk", "rusk-dean")]
    assert result.normalized == "Dean Rusk of Zyzzyva"


JUNK = [
    "\r\n",
    "\f",
    "\0",
    "\u0301",
    "\u00ad",
    "-\n",
    "…",
    "𝔘",
    "ﬁ",
    "ß",
    "(",
    ", ",
    ". ",
    "'s ",
    " ",
    "\n\n",
    "-",
    "\u200b",
]
NAMES = [
    *("Kuznetsov", "KUZNETSOV", "Sumner", "Welles", "K-23", "K-23's", "XI-10", "bombers", "Soviet position", "IL 28"),
    *(
        "IL-28's",
        "U 2",
        "flight",
        "Cuba",
        "NIANI",
        "Dean",
        "Rusk",
        "John J.",
        "Buckley",
        "Alistair",
        "Stevenson",
        "Roy",
    ),
    *(
        "United States Mission to the United Nations",
        "Kennedy",
        "Castro",
        "Fidel",
        "Raúl",
        "Mr.",
        "Ball",
        "ball",
        "Gen.",
    ),
    *(
        "Power",
        "Home",
        "Turkey",
        "U.S.S.R.",
        "USSR",
        "Khru-\nshchev",
        "Dorticós",
        "Bundy",
        "McGeorge",
        "paragraph",
        "A-12",
    ),
]
pages = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from([" "] * 8 + JUNK)), max_size=25).map(
    lambda parts: "".join(name + junk for name, junk in parts)
)
dates = st.sampled_from([None, "1962-11-17", "1950", "1999-01"])


@given(pages, dates)
def test_mentions_point_into_both_texts(pipeline: Pipeline, page: str, date: str | None) -> None:
    check(pipeline.process(Document("x", page, date)))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_is_processed(pipeline: Pipeline, text: str) -> None:
    check(pipeline.process(Document("x", text)))


@given(pages)
def test_the_same_document_gives_the_same_result(pipeline: Pipeline, page: str) -> None:
    doc = Document("x", page)
    assert pipeline.process(doc).to_dict() == pipeline.process(doc).to_dict()


# ------------------------------------------------------------------------------------------ Long documents


def test_a_long_document_is_processed_in_parts(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    paragraph = "The IL-28's are in Cuba, said Dean Rusk.\n\n"
    text = paragraph * 50
    whole = pipeline.process(Document("x", text))
    monkeypatch.setattr(module, "MOST_CHARACTERS", 200)
    parts = pipeline.process(Document("x", text))
    check(parts)
    assert len(parts.mentions) == 150
    assert parts.to_dict() == whole.to_dict()


def test_a_misreading_in_a_later_part_is_mended_in_its_place(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_CHARACTERS", 100)
    text = "Nothing here.\n\n" * 20 + "The K-23's and other bombers.\n\n" + "Nothing here.\n\n" * 20
    result = pipeline.process(Document("x", text))
    check(result)
    assert result.normalized == text.replace("K-23", "IL-28")


@settings(max_examples=50)
@given(pages, st.integers(1, 60))
def test_parts_cover_the_text_and_are_short_enough(page: str, most: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST_CHARACTERS", most)
        parts = list(module._parts(page))
    assert "".join(page[a:b] for a, b in parts) == page
    assert parts[0][0] == 0
    assert parts[-1][1] == len(page)
    assert all(0 < b - a <= most for a, b in parts) or page == ""
    assert all(b == c for (_, b), (c, _) in pairwise(parts))


def test_a_part_ends_at_a_paragraph_then_a_line_then_a_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CHARACTERS", 20)
    ends = {
        "a" * 18 + "\n\n" + "b c\n" * 5: 20,
        "a" * 18 + "\nb" + "c d " * 5: 19,
        "a" * 18 + " b" + "cd " * 5: 19,
        "a" * 50: 20,
    }
    for text, end in ends.items():
        assert next(module._parts(text)) == (0, end)


# ------------------------------------------------------------------------------------------ Settings


def test_a_tagger_contributes_mentions(tagger: str) -> None:
    made = Pipeline(small(tagger))
    result = made.process(Document("x", "On Tuesday Smithers met Dean Rusk."))
    check(result)
    assert found(result) == [("Smithers", "unknown"), ("Dean Rusk", "rusk-dean")]
    assert result.mentions[0].decision.method == "tagger"
    assert result.versions["tagger"] == f"{tagger} 1.2.3"


def test_a_tagger_in_a_later_part_points_right(tagger: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CHARACTERS", 50)
    text = "Nothing here.\n\n" * 10 + "Smithers met Dean Rusk."
    result = Pipeline(small(tagger)).process(Document("x", text))
    check(result)
    assert found(result) == [("Smithers", "unknown"), ("Dean Rusk", "rusk-dean")]


def test_the_tagger_of_the_project_is_there_by_default() -> None:
    text = "Mr. Harry V. Witherby told General Brandesky that he had left Lisbon."
    made = Pipeline(replace(small(), tagger=Settings().tagger))
    result = made.process(Document("x", text))
    check(result)
    assert ("Harry V. Witherby", "unknown") in found(result)
    version = made.versions["tagger"]
    assert version is not None
    assert re.fullmatch(r"cable [\w.]+ \w{8}", version)
    for nothing in (None, "none"):
        without = Pipeline(small(nothing))
        assert without.versions["tagger"] is None
        assert without.process(Document("x", text)).mentions == ()


def test_a_missing_tagger_says_how_to_get_it() -> None:
    with pytest.raises(MissingExtraError, match="is not installed; install it with: ") as caught:
        Pipeline(small("xx_no_such_model"))
    assert "xx_no_such_model" in caught.value.extra
    assert isinstance(caught.value, CablenormError)


def test_what_is_no_tagger_is_a_wrong_setting(tmp_path: Path) -> None:
    (tmp_path / "config.cfg").write_text("[nlp]\nlang = 3\n", "utf-8")
    (tmp_path / "meta.json").write_text("{}", "utf-8")
    with pytest.raises(CablenormError):
        Pipeline(small(str(tmp_path)))


def test_a_wrong_gazetteer_stops_before_any_document(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        Pipeline(Settings(gazetteer=(str(tmp_path / "absent.yaml"),)))
    (tmp_path / "bad.yaml").write_text("schema: 2\n", "utf-8")
    with pytest.raises(GazetteerError):
        Pipeline(Settings(gazetteer=(str(tmp_path / "bad.yaml"),), default_gazetteer=False))


def test_settings_are_frozen() -> None:
    with pytest.raises(AttributeError):
        Settings().tagger = "x"  # type: ignore[misc]


def test_names_of_an_entity(pipeline: Pipeline) -> None:
    names = dict(pipeline.names_of("person", "kuznetsov-vasily-v"))
    assert names["vasilyvkuznetsov"] == "Vasily V. Kuznetsov"
    assert names["kuznetsov"] == "Kuznetsov"
    assert names["kuznetzov"] == "Kuznetzov"
    assert "sumner" not in names
    assert list(pipeline.names_of("place", "kuznetsov-vasily-v")) == []
    assert list(pipeline.names_of("person", "nobody")) == []
    assert "fidel" not in dict(pipeline.names_of("person", "castro-fidel"))
