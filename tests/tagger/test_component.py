"""The tagger in a spaCy pipeline."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from normalizer.errors import ConfigError, MissingExtraError
from normalizer.resolver.tags import Tagged, Tags
from normalizer.tagger import OWN, load_tagger, own_tagger, scoring, tagger_version, tags_of
from normalizer.tagger import component as module
from normalizer.tagger.features import BLANK, COLUMNS, JOINED, LINE, SPACE, WIDE, Hashes, shape_of, skeleton
from normalizer.tagger.scoring import Scorer, words_of

TEXT = "FROM: DIRECTOR\n\nMr. Harry V. Witherby told Gen. Brandesky in Lisbon that two MIG-17s had left for Cairo."


@pytest.fixture(scope="module")
def nlp() -> spacy.language.Language:
    return load_tagger(OWN)


def test_the_shipped_tagger_finds_names_that_no_gazetteer_has(nlp: spacy.language.Language) -> None:
    found = [(TEXT[s.start : s.end], s.label) for s in tags_of(nlp, TEXT).spans]
    assert ("Harry V. Witherby", "PERSON") in found
    assert ("Lisbon", "PLACE") in found
    assert ("MIG-17s", "AIRCRAFT") in found


def test_it_is_an_ordinary_pipeline(nlp: spacy.language.Language, tmp_path: Path) -> None:
    assert nlp.pipe_names == ["cable_tagger"]
    doc = nlp(TEXT)
    ents = [(e.start_char, e.end_char, e.label_) for e in doc.ents]
    assert ents == [s[:3] for s in tags_of(nlp, TEXT).spans]
    assert set(doc.user_data[module.SCORES]) == {e.start for e in doc.ents}
    nlp.to_disk(tmp_path / "copy")
    again = spacy.load(tmp_path / "copy")
    assert [(e.start_char, e.end_char, e.label_) for e in again(TEXT).ents] == ents
    assert spacy.blank("en").from_bytes(nlp.to_bytes(), exclude=["tokenizer"]) is not None


def test_other_texts_of_a_batch_change_nothing(nlp: spacy.language.Language) -> None:
    texts = [TEXT, "", "  \n", TEXT.upper(), "Short.", TEXT * 3]
    alone = [[(e.start, e.end, e.label) for e in nlp(text).ents] for text in texts]
    assert [[(e.start, e.end, e.label) for e in doc.ents] for doc in nlp.pipe(texts, batch_size=4)] == alone


@given(st.text("aB1 .\n\t'-é", max_size=60))
def test_the_quick_way_gives_the_same_numbers(nlp: spacy.language.Language, text: str) -> None:
    tagger = nlp.get_pipe("cable_tagger")
    words = words_of(text)
    doc = nlp.make_doc(text)
    assert words == [(t.idx, t.idx + len(t)) for t in doc if not t.is_space]
    if words:
        slow = tagger.probabilities([doc])[0]  # type: ignore[attr-defined]
        quick = Scorer(tagger.model).scores(text, words)  # type: ignore[attr-defined]
        assert np.allclose(slow, quick, atol=1e-4)


def test_words_are_forgotten_when_there_are_many(nlp: spacy.language.Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "_MOST_KEPT", 30)
    scorer = Scorer(nlp.get_pipe("cable_tagger").model)  # type: ignore[attr-defined]
    first = scorer.scores(TEXT, words_of(TEXT))
    other = "quite other words all of them stand in this text here and now"
    for _ in range(3):
        scorer.scores(other, words_of(other))
        assert np.array_equal(scorer.scores(TEXT, words_of(TEXT)), first)


def test_what_was_read_before_changes_no_bit(nlp: spacy.language.Language) -> None:
    model = nlp.get_pipe("cable_tagger").model  # type: ignore[attr-defined]
    words = words_of(TEXT)
    fresh, used = Scorer(model), Scorer(model)
    for start, end in reversed(words):
        used.scores(TEXT[start:end], [(0, end - start)])
    assert np.array_equal(fresh.scores(TEXT, words), used.scores(TEXT, words))


def test_a_long_text_is_tagged_in_pieces(nlp: spacy.language.Language, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{TEXT}\n\n" * 3
    whole = [s[:3] for s in tags_of(nlp, text).spans]
    monkeypatch.setattr(module, "MOST_CHARACTERS", len(TEXT) + 10)
    assert [s[:3] for s in tags_of(nlp, text).spans] == whole


def test_its_size_and_record() -> None:
    assert sum(f.stat().st_size for f in own_tagger().rglob("*") if f.is_file()) < 8_000_000
    assert {"config.cfg", "meta.json", "record.json"} <= {f.name for f in own_tagger().iterdir()}


def test_its_version_tells_its_weights(nlp: spacy.language.Language) -> None:
    version, weights = tagger_version(nlp, OWN).split()
    assert version == nlp.meta["version"]
    assert len(weights) == 8


@given(st.text("aB1 .\n\t'-", max_size=40))
def test_every_word_has_a_row_of_hashes(text: str) -> None:
    doc = load_tagger(None).make_doc(text)
    rows, inverse, words = Hashes().of(doc)
    assert len(inverse) == len(words) == sum(not t.is_space for t in doc)
    assert rows.shape[1] == len(COLUMNS)
    again = Hashes()
    again.of(load_tagger(None).make_doc(text * 2))
    assert np.array_equal(again.of(doc)[0], rows)


def test_gaps_between_words() -> None:
    rows, inverse, _ = Hashes().of(load_tagger(None).make_doc("a.b c  d\ne\n\nf"))
    gaps = [int(rows[n, -1]) for n in inverse]
    after = [gap % 5 for gap in gaps]
    assert after == [JOINED, JOINED, SPACE, WIDE, LINE, BLANK, BLANK]
    assert [gap // 5 for gap in gaps] == [BLANK, *after[:-1]]


def test_damage_changes_few_of_the_features() -> None:
    assert skeleton("c0rnell") == skeleton("comell") == skeleton("come1l")
    assert shape_of("McCone12345") == "XxXxxxddd"


def test_shares_of_a_span() -> None:
    tags = Tags([(0, 4, "PERSON")], [(0, 4), (5, 9)], [[0.8, 0.1], [0.2, 0.4]], ["PERSON", "PLACE"])
    assert tags.spans == [Tagged(0, 4, "PERSON", 0.5)]
    assert tags.share(0, 9, "PERSON") == pytest.approx(0.5)
    assert tags.share(1, 2, "PLACE") == pytest.approx(0.1)
    assert tags.named(0, 4) == pytest.approx(0.9)
    assert tags.share(4, 5, "PERSON") is None
    assert tags.share(0, 4, "MISSILE") is None
    assert Tags([(0, 4, "PERSON")]).named(0, 4) is None
    assert tags.overlapping(3, 6) == tags.spans
    assert tags.overlapping(4, 6) == []


def test_a_pipeline_that_is_not_there_is_to_be_installed() -> None:
    with pytest.raises(MissingExtraError, match="pip install no_such_model"):
        load_tagger("no_such_model")


def test_a_folder_without_a_whole_pipeline_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no folder that holds a spaCy pipeline"):
        load_tagger(str(tmp_path / "missing"))
    cut = tmp_path / "cut"
    copytree(own_tagger(), cut)
    weights = cut / "cable_tagger"
    whole = weights.read_bytes()
    weights.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ConfigError, match="no spaCy pipeline that can be loaded"):
        load_tagger(str(cut))
    weights.write_bytes(whole)
    nlp = load_tagger(str(cut))
    assert tagger_version(nlp, str(cut)) == tagger_version(load_tagger(OWN), OWN)
