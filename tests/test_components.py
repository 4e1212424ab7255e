from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import pytest
import spacy
from common import ROOT, SMALL
from hypothesis import example, given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from normalizer.components import LABELS, CableGazetteer, OcrTokenizer, make_gazetteer, make_tokenizer, mentions_of
from normalizer.errors import ConfigError
from normalizer.exact import Matcher
from normalizer.folding import fold
from normalizer.gazetteer import Gazetteer, confusions_path, load
from normalizer.tagger.component import make_tagger
from normalizer.tagger.network import make_network

TEXT = "Kuznetsov spoke of the K-23's and other bombers; Dean Rusk of Cuba, Roy Kennedy of nothing."
OCR = {"nlp": {"tokenizer": {"@tokenizers": "cablenorm.OcrTokenizer.v1"}}}
ONLY_SMALL = {"gazetteer": list(SMALL), "default_gazetteer": False}
MINE = """
schema: 1
type: ship
entries:
  - {id: grozny, name: Grozny, misreadings: [{text: GR0ZNY, when: {documents: "box-*", dates: 1962}}]}
"""


@pytest.fixture(scope="module")
def nlp() -> Language:
    made = spacy.blank("en")
    made.add_pipe("cable_gazetteer", config=ONLY_SMALL)
    return made


@pytest.fixture(scope="module")
def ocr() -> Language:
    made = spacy.blank("en", config=OCR)
    made.add_pipe("cable_gazetteer", config=ONLY_SMALL)
    return made


@pytest.fixture(scope="module")
def full() -> Language:
    made = spacy.blank("en", config=OCR)
    made.add_pipe("cable_gazetteer")
    return made


@pytest.fixture
def mine(tmp_path: Path) -> str:
    file = tmp_path / "mine.yaml"
    file.write_text(MINE, "utf-8")
    return str(file)


def seen(doc: Doc) -> list[tuple[str, str, str, str]]:
    return [(ent.text, ent.label_, ent.kb_id_, ent._.decision.kind) for ent in doc.ents]


EXPECTED = [
    ("Kuznetsov", "PERSON", "", "ambiguous"),
    ("K-23's", "AIRCRAFT", "il-28", "linked"),
    ("Dean Rusk", "PERSON", "rusk-dean", "linked"),
    ("Cuba", "PLACE", "cuba", "linked"),
    ("Roy Kennedy", "PERSON", "", "unknown"),
]


def test_entities_carry_label_id_and_decision(nlp: Language, ocr: Language) -> None:
    assert seen(nlp(TEXT)) == EXPECTED
    assert seen(ocr(TEXT)) == EXPECTED


def test_the_default_gazetteer_says_the_same_of_well_known_names(full: Language) -> None:
    assert seen(full(TEXT)) == EXPECTED


def test_mentions_are_to_be_had_with_their_readings(ocr: Language) -> None:
    doc = ocr(TEXT)
    assert doc._.mentions == mentions_of(doc)
    for m, ent in zip(doc._.mentions, doc.ents, strict=True):
        assert (m.start, m.end, m.text, m.label) == (ent.start_char, ent.end_char, ent.text, ent.label_)
        assert ent._.decision == m.decision
    plane = doc.ents[1]._.decision
    assert (plane.reading, plane.method, plane.name) == ("IL-28's", "misreading", "IL-28")
    assert 0 < plane.score <= 1
    assert any("attested misreading" in str(e) for e in plane.evidence)
    assert len(doc.ents[0]._.decision.candidates) == 2


def test_a_span_without_a_mention_has_no_decision(ocr: Language) -> None:
    doc = ocr(TEXT)
    assert doc[1:3].text == "spoke of"
    assert doc[1:3]._.decision is None
    assert ocr.make_doc("Kuznetsov")[:]._.decision is None


@pytest.mark.parametrize(("name", "linked"), [("ocr", 17), ("full", 18)])
def test_the_letter(letter: str, request: pytest.FixtureRequest, name: str, linked: int) -> None:
    doc = request.getfixturevalue(name)(letter)
    assert doc.text == letter
    assert sum(ent._.decision.kind == "linked" for ent in doc.ents) == linked
    assert {ent.kb_id_ for ent in doc.ents if ent.text.startswith(("K-23", "XI-10"))} == {"il-28"}


def test_what_a_scope_asks_for_stands_on_the_doc(mine: str) -> None:
    made = spacy.blank("en", config=OCR)
    made.add_pipe("cable_gazetteer", config={"gazetteer": [mine], "default_gazetteer": False})

    def found(name: str | None, date: str | None, source: str | None = None) -> bool:
        doc = made.make_doc("the GR0ZNY and Cuba")
        doc._.cable_id, doc._.cable_date, doc._.cable_source = name, date, source
        return seen(made(doc)) == [("GR0ZNY", "SHIP", "grozny", "linked")]

    assert found("box-7", "1962-11")
    assert found("x", "1962", "box-7")
    assert not found("x", "1962")
    assert not found("box-7", "1963")
    assert not found("box-7", None)
    assert not found(None, None)


def test_an_empty_text(nlp: Language, ocr: Language) -> None:
    for made in (nlp, ocr):
        assert made("").ents == ()
        assert made(" \n").ents == ()


# ------------------------------------------------------------------------------------------ Tokens

odd = st.sampled_from("ab1 -'_.\n\t\r\f\0  \u00ad\u0301\u200d\u2028\x85ﬁßİ👩🚀𝔘ⅣĳŉΣ")
texts = st.lists(odd | st.characters(exclude_categories=["Cs"]), max_size=30).map("".join)


@pytest.fixture(scope="module")
def tokenizer() -> OcrTokenizer:
    return OcrTokenizer(Vocab())


@given(texts)
@example(" ")
@example("  a  ")
@example("\n a\u00a0\n")
@example("__a_1_")
@example("ß½")
def test_tokens_joined_again_are_the_text(tokenizer: OcrTokenizer, text: str) -> None:
    doc = tokenizer(text)
    assert "".join(token.text_with_ws for token in doc) == text
    assert doc.text == text


@given(texts)
def test_a_token_is_of_one_kind(tokenizer: OcrTokenizer, text: str) -> None:
    for token in tokenizer(text):
        assert token.text
        kinds = {"space" if c.isspace() else "word" if c.isalnum() else c for c in token.text}
        assert len(kinds) == 1 or token.text.isspace()


@pytest.fixture(scope="module")
def matcher(gazetteer: Gazetteer) -> Matcher:
    return Matcher(gazetteer)


NAMES = ["Kuznetsov", "IL-28's", "K-23", "bombers", "Dean Rusk", "Raúl", "Castro", "U.S.S.R.", "Kuz-\nnetsov", "x"]
pages = st.lists(st.sampled_from(NAMES) | odd, max_size=20).map("".join)


@given(pages)
def test_every_find_begins_and_ends_at_a_token(tokenizer: OcrTokenizer, matcher: Matcher, page: str) -> None:
    doc = tokenizer(page)
    for m in matcher.match(page, fold(page)):
        assert doc.char_span(m.start, m.end) is not None


@given(pages)
def test_every_mention_that_is_no_tag_is_an_entity(ocr: Language, page: str) -> None:
    doc = ocr(page)
    assert [(e.start_char, e.end_char, e.label_) for e in doc.ents] == [
        (m.start, m.end, m.label) for m in mentions_of(doc)
    ]


@given(pages)
def test_any_tokenizer_will_do(nlp: Language, ocr: Language, page: str) -> None:
    doc = nlp(page)
    assert mentions_of(doc) == mentions_of(ocr(page))
    assert len(doc.ents) <= len(mentions_of(doc))
    assert all(ent._.decision is not None for ent in doc.ents)


# ------------------------------------------------------------------------------------------ Beside a tagger


@pytest.fixture(scope="module")
def tagged() -> Language:
    made = spacy.blank("en")
    ruler = made.add_pipe("entity_ruler")
    ruler.add_patterns(  # type: ignore[attr-defined]
        [
            {"label": "PERSON", "pattern": "Smithers"},
            {"label": "GPE", "pattern": "Cuba"},
            {"label": "ORG", "pattern": "Rusk"},
            {"label": "DATE", "pattern": "Tuesday"},
            {"label": "FAC", "pattern": "Hut 6"},
        ]
    )
    made.add_pipe("cable_gazetteer", config=ONLY_SMALL)
    return made


def test_a_tagger_contributes_mentions_and_the_gazetteer_outranks_it(tagged: Language) -> None:
    doc = tagged("Smithers met Dean Rusk in Cuba, in Hut 6, on Tuesday.")
    assert [(e.text, e.label_, e.kb_id_) for e in doc.ents] == [
        ("Smithers", "PERSON", ""),
        ("Dean Rusk", "PERSON", "rusk-dean"),
        ("Cuba", "PLACE", "cuba"),
        ("Hut 6", "FAC", ""),
        ("Tuesday", "DATE", ""),
    ]
    assert [(m.text, m.label, m.decision.kind, m.decision.method) for m in mentions_of(doc)] == [
        ("Smithers", "PERSON", "unknown", "tagger"),
        ("Dean Rusk", "PERSON", "linked", "exact"),
        ("Cuba", "PLACE", "linked", "exact"),
        ("Hut 6", "PLACE", "unknown", "tagger"),
    ]
    assert doc.ents[3]._.decision.method == "tagger"
    assert doc.ents[4]._.decision is None


def test_labels_of_taggers_lead_to_labels_of_mentions() -> None:
    assert LABELS["GPE"] == LABELS["LOC"] == LABELS["FAC"] == "PLACE"
    assert LABELS["PER"] == "PERSON"
    assert set(LABELS.values()) == {"PERSON", "PLACE", "ORGANIZATION", "AIRCRAFT", "MISSILE"}


# ------------------------------------------------------------------------------------------ Many docs, and on disk


def test_many_docs_one_after_the_other(ocr: Language) -> None:
    assert [seen(doc) for doc in ocr.pipe([TEXT, "", TEXT])] == [EXPECTED, [], EXPECTED]


@pytest.mark.skipif(sys.platform != "linux", reason="workers that are not forked import everything once more")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_many_docs_in_two_processes(ocr: Language) -> None:
    docs = list(ocr.pipe([TEXT] * 5, n_process=2, batch_size=2))
    assert [seen(doc) for doc in docs] == [EXPECTED] * 5
    assert [mentions_of(doc) for doc in docs] == [mentions_of(ocr(TEXT))] * 5


def test_a_doc_keeps_its_decisions_as_bytes(ocr: Language) -> None:
    doc = ocr(TEXT)
    again = Doc(spacy.blank("en").vocab).from_bytes(doc.to_bytes())
    assert seen(again) == EXPECTED
    assert mentions_of(again) == mentions_of(doc)


def test_a_doc_keeps_its_decisions_pickled(ocr: Language) -> None:
    doc = ocr(TEXT)
    assert mentions_of(pickle.loads(pickle.dumps(doc))) == mentions_of(doc)


def test_a_copy_of_a_doc_keeps_its_decisions(ocr: Language) -> None:
    doc = ocr(TEXT)
    assert mentions_of(doc.copy()) == mentions_of(doc)


def test_a_pipeline_goes_to_disk_and_back(tmp_path: Path, mine: str, ocr: Language) -> None:
    made = spacy.blank("en", config=OCR)
    made.add_pipe("cable_gazetteer", config={**ONLY_SMALL, "gazetteer": [*SMALL, mine]})
    made.to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    assert isinstance(again.tokenizer, OcrTokenizer)
    assert seen(again(TEXT)) == EXPECTED
    assert seen(again("the Grozny")) == [("Grozny", "SHIP", "grozny", "linked")]
    assert mentions_of(again(TEXT)) == mentions_of(ocr(TEXT))


def test_a_pipeline_goes_to_bytes_and_back(ocr: Language) -> None:
    again = spacy.blank("en", config=OCR)
    again.add_pipe("cable_gazetteer", config=ONLY_SMALL)
    again.from_bytes(ocr.to_bytes())
    assert seen(again(TEXT)) == EXPECTED


# ------------------------------------------------------------------------------------------ Registration


def test_entry_points_lead_to_the_factories() -> None:
    points = {(p.group, p.name): p for p in distribution("cablenorm").entry_points}
    assert set(points) == {
        ("console_scripts", "cablenorm"),
        ("spacy_factories", "cable_gazetteer"),
        ("spacy_factories", "cable_tagger"),
        ("spacy_architectures", "cablenorm.Tagger.v1"),
        ("spacy_tokenizers", "cablenorm.OcrTokenizer.v1"),
    }
    assert points["spacy_factories", "cable_gazetteer"].load() is make_gazetteer
    assert points["spacy_factories", "cable_tagger"].load() is make_tagger
    assert points["spacy_architectures", "cablenorm.Tagger.v1"].load() is make_network
    assert points["spacy_tokenizers", "cablenorm.OcrTokenizer.v1"].load() is make_tokenizer
    assert callable(points["console_scripts", "cablenorm"].load())


def test_a_fresh_process_finds_the_component_without_importing_it() -> None:
    code = (
        "import spacy; nlp = spacy.blank('en', config={'nlp': {'tokenizer': {'@tokenizers': "
        "'cablenorm.OcrTokenizer.v1'}}}); nlp.add_pipe('cable_gazetteer'); "
        "print([e.kb_id_ for e in nlp('Dean Rusk').ents])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "['rusk-dean']"


def test_the_factory_is_as_it_was(full: Language) -> None:
    """Change this with care: what stands here stands in the config of everybody's pipeline."""
    meta = Language.get_factory_meta("cable_gazetteer")
    snapshot = {
        "factory": meta.factory,
        "default_config": meta.default_config,
        "assigns": list(meta.assigns),
        "requires": list(meta.requires),
        "retokenizes": meta.retokenizes,
    }
    assert snapshot == {
        "factory": "cable_gazetteer",
        "default_config": {
            "gazetteer": [],
            "default_gazetteer": True,
            "repair": True,
            "min_score": None,
            "priors": None,
        },
        "assigns": ["doc.ents", "span._.decision"],
        "requires": [],
        "retokenizes": False,
    }
    assert full.config["components"]["cable_gazetteer"] == {
        "factory": "cable_gazetteer",
        "gazetteer": [],
        "default_gazetteer": True,
        "repair": True,
        "min_score": None,
        "priors": None,
    }
    assert full.config["nlp"]["tokenizer"] == {"@tokenizers": "cablenorm.OcrTokenizer.v1"}
    json.dumps(snapshot)


def test_a_wrong_config_is_refused() -> None:
    made = spacy.blank("en")
    with pytest.raises(ValueError, match="gazeteer"):
        made.add_pipe("cable_gazetteer", config={"gazeteer": []})


def test_the_component_can_be_built_by_hand(make_gazetteer: Callable[..., Gazetteer]) -> None:
    component = CableGazetteer(make_gazetteer(MINE))
    doc = component(spacy.blank("en").make_doc("the Grozny"))
    assert seen(doc) == [("Grozny", "SHIP", "grozny", "linked")]


def test_the_table_of_look_alikes_of_the_last_layer_counts(tmp_path: Path) -> None:
    shipped = confusions_path()
    one, two, bare = (tmp_path / name for name in ("one", "two", "bare"))
    for folder in (one, two / "inside", bare):
        folder.mkdir(parents=True)
    (one / "confusions.yaml").write_text("schema: 1\n", "utf-8")
    (two / "inside" / "confusions.yaml").write_text("schema: 1\n", "utf-8")
    for layers, table in (
        ([], shipped),
        ([bare, one / "confusions.yaml"], shipped),
        ([str(one), bare], one / "confusions.yaml"),
        ([one, two], two / "inside" / "confusions.yaml"),
        ([two, one], one / "confusions.yaml"),
    ):
        assert confusions_path(layers) == table


def test_a_folder_may_hold_look_alikes_alone(tmp_path: Path) -> None:
    (tmp_path / "confusions.yaml").write_text("schema: 1\n", "utf-8")
    assert load([*SMALL, tmp_path], default=False).version == load(SMALL, default=False).version
    with pytest.raises(ConfigError, match="no layer is left"):
        load([tmp_path], default=False)


def test_a_layer_s_look_alikes_decide_what_is_repaired(tmp_path: Path) -> None:
    table = tmp_path / "confusions.yaml"

    def score(content: str) -> float:
        table.write_text(content, "utf-8")
        nlp = spacy.blank("en")
        layers = [*SMALL, str(tmp_path)]
        config = {"gazetteer": layers, "default_gazetteer": False, "min_score": 0}
        nlp.add_pipe("cable_gazetteer", config=config)
        doc = nlp("The Soviet technicians remain in Cuxa until December.")
        return max((m.decision.score for m in doc._.mentions if m.text == "Cuxa"), default=0.0)

    assert score("schema: 1\nswaps: {b: {x: 0.01}}\n") > score("schema: 1\n")
    with pytest.raises(ConfigError, match=r"confusions\.yaml:3: swaps: 'b': \{'x': 2\}"):
        score("schema: 1\nswaps:\n  b: {x: 2}\n")


@pytest.mark.parametrize("min_score", [-0.1, 1.1, float("nan")])
def test_a_score_beyond_its_range_is_refused(make_gazetteer: Callable[..., Gazetteer], min_score: float) -> None:
    with pytest.raises(ConfigError, match="from 0 to 1"):
        CableGazetteer(make_gazetteer(MINE), min_score=min_score)
