"""What the words of a page are, and which of its stretches are worth a look."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from repairing import PAGE

from normalizer.repair.finding import Finder
from normalizer.repair.stretches import (
    _INSIDE,
    CAPITAL,
    DAMAGED,
    FOREIGN,
    GLUE,
    GLUING,
    LONGEST,
    LOWER,
    NAMELIKE,
    ORDINARY,
    PARTING,
    PLURAL,
    RUN_ON,
    SLIP,
    WHOLE,
    WORTH,
    Places,
    Stretch,
    Vocabulary,
    Words,
    _joined,
    is_worth,
)

FOUND = {
    "cuba": NAMELIKE,
    "ana": NAMELIKE,
    "cubs": ORDINARY,
    "october": ORDINARY,
    "cuban": ORDINARY,
    "the": ORDINARY,
    "cub": ORDINARY,
}


class _All:
    """Has every surface."""

    def __contains__(self, surface: object) -> bool:
        return True


def stretches(text: str, words: Words) -> list[Stretch]:
    return Places(text, words).stretches(_All(), _All())


@pytest.fixture(scope="module")
def vocabulary(finder: Finder) -> Vocabulary:
    return finder.vocabulary


@pytest.mark.parametrize(
    ("word", "flags"),
    [
        ("Guba", DAMAGED | WORTH | CAPITAL),
        ("guba", DAMAGED | WORTH | LOWER),
        ("toCuba", DAMAGED | WORTH | CAPITAL | RUN_ON),
        ("GUBAs", DAMAGED | WORTH | CAPITAL | PLURAL),
        ("Москва", DAMAGED | WORTH | CAPITAL),
        ("X19z", DAMAGED | CAPITAL),  # too many digits
        ("12a4", DAMAGED | LOWER),
        ("x" * (LONGEST + 1), DAMAGED | LOWER),
        ("CUBA", NAMELIKE | WORTH | CAPITAL | WHOLE),
        ("cuba", NAMELIKE | WORTH | LOWER | WHOLE),
        ("ANA", NAMELIKE | WORTH | CAPITAL),  # short enough to be a part of a parted name
        ("Cubs", ORDINARY | WORTH | CAPITAL | WHOLE | SLIP),
        ("CUBS", ORDINARY | WORTH | CAPITAL | WHOLE),
        ("cubs", ORDINARY | WORTH | LOWER | WHOLE),
        ("October", ORDINARY | WORTH | CAPITAL | WHOLE),  # never a slip of a name
        ("Cuban", ORDINARY | WORTH | CAPITAL | WHOLE | PARTING),
        ("The", ORDINARY | WORTH | CAPITAL | GLUING),
        ("Cub", ORDINARY | WORTH | CAPITAL | SLIP),
        ("to", ORDINARY | LOWER | GLUING),
        ("28", ORDINARY),
        ("1962", ORDINARY | WHOLE | FOREIGN),
        ("xq", ORDINARY | LOWER),  # too short to say
    ],
)
def test_flags_of_a_word(word: str, flags: int) -> None:
    assert Vocabulary(FOUND, FOUND)[word] == flags


@pytest.mark.parametrize(("word", "foreign"), [("Cuba", False), ("October", True), ("ana", False), ("Guba", False)])
def test_a_sound_word_of_no_longer_name_is_foreign(word: str, *, foreign: bool) -> None:
    assert bool(Vocabulary(FOUND, {"cuba"})[word] & FOREIGN) is foreign


def test_a_name_that_the_texts_have_is_no_slip() -> None:
    made = Vocabulary({"havana": NAMELIKE, "zhukovka": NAMELIKE}, ())
    assert not made["Havana"] & SLIP
    assert made["Zhukovka"] & SLIP


@pytest.mark.parametrize(
    ("surface", "worth"),
    [
        ("Ab", False),
        ("Abc", True),
        ("M1G", True),
        ("M16", False),
        ("1L28a", False),
        ("x" * 20, True),
        ("x" * 21, False),
    ],
)
def test_what_may_be_a_name(surface: str, worth: bool) -> None:
    assert is_worth(surface) is worth


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("", []),
        ("The house is in Cuba", []),
        ("a b c", []),
        ("1962 1963", []),
        ("the Guba of", ["Guba"]),
        ("The Cubs in Cubs", ["Cubs"]),  # a capital in the midst of a sentence, not after another
        ("THE GUBAs OF", ["GUBAs", "GUBA"]),
        ("he went toQuba", ["toQuba", "Quba"]),
        ("he went toquba", ["toquba"]),
        ("of €uba rose", ["uba", "€uba"]),
        ("(Guba)", ["Guba", "(Guba", "Guba)", "(Guba)"]),
        ("HAV ANA", ["HAV", "HAVANA"]),
        ("Hav-\nana", ["Hav", "Havana"]),
        ("Hav, ana", ["Hav", "Havana"]),
        ("Hav    ana", ["Hav"]),
        ("Hav\n\nana", ["Hav"]),
        ("Mexico Clty", ["Clty", "MexicoClty"]),
        ("K#ba", ["K#ba"]),
        ("Hav the", ["Hav"]),
        ("Hav of Ana", ["Hav", "HavofAna"]),
        ("Hav Cuban", ["Hav"]),
    ],
)
def test_stretches_worth_a_look(vocabulary: Vocabulary, text: str, surfaces: list[str]) -> None:
    assert [s.surface for s in stretches(text, Words(text, vocabulary))] == surfaces


def test_what_a_stretch_says_of_itself(vocabulary: Vocabulary) -> None:
    text = "They left in Cubs for Mexico Clty, K#ba"
    made = {s.surface: s for s in stretches(text, Words(text, vocabulary))}
    assert made["Cubs"] == Stretch(13, 17, "Cubs", 3, known=True)
    assert made["MexicoClty"] == Stretch(22, 33, "MexicoClty", 5, 2, whole=True)
    assert made["Clty"] == Stretch(29, 33, "Clty", 6)
    assert made["K#ba"] == Stretch(35, 39, "K#ba", 7, 2, speck=True)


@given(PAGE)
def test_words_stand_where_they_are_said_to(vocabulary: Vocabulary, text: str) -> None:
    words = Words(text, vocabulary)
    spans = list(zip(words.starts, words.ends, strict=True))
    assert [text[a:b] for a, b in spans] == words.texts
    assert spans == sorted(spans)
    fresh = Vocabulary(vocabulary._kinds, vocabulary._parts)
    assert words.flags == [fresh[word] for word in words.texts]


@given(PAGE)
def test_stretches_stand_where_they_are_said_to(vocabulary: Vocabulary, text: str) -> None:
    words = Words(text, vocabulary)
    for s in stretches(text, words):
        last = s.first + s.words - 1
        assert 0 <= s.start <= words.starts[s.first]
        assert words.ends[last] <= s.end <= len(text)
        shown = text[s.start : s.end]
        behind = shown[: -len(s.surface)] in GLUE and shown.endswith(s.surface)
        assert s.words > 1 or behind or s.surface in (shown, shown[:-1])
        assert is_worth(s.surface) or s.speck


@given(PAGE)
@example("Cu ba#na")
def test_no_joined_stretch_is_missed_by_the_quick_look(vocabulary: Vocabulary, text: str) -> None:
    words = Words(text, vocabulary)
    slow = [s for number in range(len(words)) for s in _joined(text, words, number)]
    gaps = [text[a:b] for a, b in zip(words.ends, words.starts[1:], strict=False)]
    # In small letters a name is joined only if a speck stands behind its first word.
    wanted = [s for s in slow if words.flags[s.first] & CAPITAL or gaps[s.first] in _INSIDE]
    assert [s for s in stretches(text, words) if s.words > 1] == wanted
