"""Pieces of text, and what is done to them before they are learnt from."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from normalizer.gazetteer import Gazetteer, confusions_path
from normalizer.repair.channel import load_confusions
from normalizer.tagger.damage import Damager, in_capitals, people_in_capitals, renamed, rewrapped
from normalizer.tagger.decoding import LABELS, OUTSIDE, TAGS
from normalizer.tagger.labels import DOUBTED, OPEN, OUTSIDE_OR_ORGANIZATION, Label
from normalizer.tagger.names import Names, kept_out
from normalizer.tagger.passages import Filler, passages
from normalizer.tagger.pieces import ANY, HARDLY, OUTSIDE_OR, Stretch, pieces_of, tags_of_piece
from normalizer.tagger.training import blank, wanted_of

PIECE = [Stretch("To ", ""), Stretch("John Witherby", "PERSON"), Stretch(", at ", ""), Stretch("Bramwell", "PLACE")]


@pytest.fixture(scope="module")
def nlp() -> spacy.language.Language:
    return blank()


def tagged(nlp: spacy.language.Language, piece: list[Stretch]) -> list[str | int]:
    found = tags_of_piece(nlp.make_doc("".join(s.text for s in piece)), piece)
    return [TAGS[t] if t >= 0 else int(t) for t in found]


def test_tags_of_words(nlp: spacy.language.Language) -> None:
    assert tagged(nlp, PIECE) == ["O", "B-PERSON", "L-PERSON", "O", "O", "U-PLACE"]
    unknown = [Stretch("Ab", OPEN), Stretch(" ", ""), Stretch("Cd", DOUBTED), Stretch(" ", "")]
    assert tagged(nlp, [*unknown, Stretch("Ef", OUTSIDE_OR_ORGANIZATION)]) == [ANY, HARDLY, OUTSIDE_OR]


def test_a_part_of_a_word_is_left_open(nlp: spacy.language.Language) -> None:
    assert tagged(nlp, [Stretch("in", ""), Stretch("Cuba", "PLACE"), Stretch(" now", "")]) == [ANY, "O"]


@given(st.text("ab \n.", max_size=9_000), st.integers(1, 400))
def test_pieces_together_are_the_text(text: str, step: int) -> None:
    labels = [Label(at, at + 1, "PLACE") for at in range(step, len(text) - 1, step)]
    pieces = list(pieces_of(text, labels))
    assert "".join(s.text for piece in pieces for s in piece) == text
    assert sum(s.label == "PLACE" for piece in pieces for s in piece) == len(labels)


def test_what_is_wanted_of_the_network() -> None:
    scores = np.full((4, len(TAGS)), 1 / len(TAGS), dtype=np.float32)
    wanted = wanted_of(np.array([OUTSIDE, TAGS.index("U-PLACE"), OUTSIDE_OR, HARDLY]), scores)
    assert wanted.sum(axis=1) == pytest.approx(1)
    assert wanted[0, OUTSIDE] == wanted[1, TAGS.index("U-PLACE")] == wanted[3, OUTSIDE] == 1
    assert wanted[2, OUTSIDE] == pytest.approx(wanted[2, TAGS.index("U-ORGANIZATION")])
    assert wanted[2, TAGS.index("U-PERSON")] == 0


@given(st.integers(0, 200), st.sampled_from([0.0, 0.05, 0.3]))
def test_damage_keeps_labels_and_letters_of_few(seed: int, share: float) -> None:
    damager = Damager(load_confusions(confusions_path()))
    made = damager.damage(PIECE, share, Random(seed))
    labels = [s.label for s in made if s.label]
    assert labels == [x for x in ("PERSON", "PLACE") if x in labels]
    if not share:
        assert made == PIECE
    assert damager.damage(PIECE, share, Random(seed)) == made


def test_other_forms_of_a_piece() -> None:
    assert [s.text for s in in_capitals(PIECE)] == ["TO ", "JOHN WITHERBY", ", AT ", "BRAMWELL"]
    assert [s.text for s in people_in_capitals(PIECE, whole=False)] == ["To ", "John WITHERBY", ", at ", "Bramwell"]
    assert people_in_capitals(PIECE, whole=True)[1] == Stretch("JOHN WITHERBY", "PERSON")
    assert people_in_capitals([Stretch("Witherby, John", "PERSON")], whole=False)[0].text == "WITHERBY, John"
    assert rewrapped(PIECE, 1.0, Random(1))[1] == Stretch("John\nWitherby", "PERSON")
    other = renamed(PIECE, 1.0, lambda label, text, random: label, Random(1))
    assert [s.text for s in other] == ["To ", "PERSON", ", at ", "PLACE"]


def test_names_keep_the_form_of_the_name_that_they_replace(full_gazetteer: Gazetteer) -> None:
    names, random = Names(full_gazetteer), Random(1)
    for _ in range(50):
        person = names.another("PERSON", "JOHN Q. WITHERBY", random)
        assert person.isupper()
        assert person.split()[1][1:] == "."
        assert names.another("PERSON", "WITHERBY, John", random).split(", ")[0].replace(" ", "").upper()
        assert names.another("AIRCRAFT", "IL-28s", random).endswith("s")
        assert names.another("ORGANIZATION", "FBI", random) == "FBI"
    assert not any(map(kept_out, names.families[0] + names.families[1]))
    assert 0.05 < np.mean([kept_out(f"name{n}") for n in range(2000)]) < 0.15


def test_every_passage_can_be_filled(full_gazetteer: Gazetteer) -> None:
    filler, random = Filler(Names(full_gazetteer)), Random(1)
    assert len(passages()) > 150
    labels = set()
    for passage in passages():
        piece = filler.filled(passage, random)
        text = "".join(s.text for s in piece)
        assert "{" not in text
        assert "}" not in text
        assert all(s.text for s in piece)
        labels |= {s.label for s in piece}
    assert labels == {"", *LABELS}


def test_a_number_makes_the_same_name_again(full_gazetteer: Gazetteer) -> None:
    piece = Filler(Names(full_gazetteer)).filled("{F1} and {P1}; {A1}, {A1}; {PLACE=Miami}", Random(4))
    person, family, one, other, place = [s for s in piece if s.label]
    assert person.text.endswith(family.text)
    assert one == other
    assert place == Stretch("Miami", "PLACE")
