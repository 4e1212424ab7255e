from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from normalizer.folding import fold, fold_character, fold_name, key, without_accents

# Few code points, so that a failing text shrinks quickly; those that fold in an odd way more often.
odd = st.sampled_from("ﬁﬃßẞİıÅåéỄΣςſKΩ½…⑴㏂ĳŉǅﷺ𝔘𝟘Ⅳ①²\u0301\u0345\u20dd\u00ad\u200b\u200d\ufeff\u2028\x85\0\f\r\n_-'’¬–")
texts = st.lists(st.one_of(odd, st.characters(exclude_categories=["Cs"]), st.sampled_from("ab 1-\n")), max_size=30).map(
    "".join
)


def mixed(text: str) -> bool:
    """Whether a character stands for letters and separators at once, such as ⑴: the place of its parts is not sharp."""
    return any(len(whole) > 1 and not whole.isalnum() for whole in map(fold_character, text))


@given(texts)
@example("Cuba Roa\u200b")
@example("İ")
@example("\u0345")
def test_folding_a_folded_text_changes_nothing(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once


@given(st.characters(exclude_categories=["Cs"]))
def test_folding_a_folded_character_changes_nothing(char: str) -> None:
    assert "".join(map(fold_character, fold_character(char))) == fold_character(char)


@given(texts, st.booleans())
def test_one_space_between_words_and_at_both_ends(text: str, join: bool) -> None:
    folded = fold(text, join_lines=join).text
    assert folded[0] == folded[-1] == " "
    assert "  " not in folded
    assert folded == " " or folded == f" {' '.join(folded.split(' ')[1:-1])} "


@given(texts, st.booleans())
def test_a_folded_text_holds_letters_and_digits_alone_in_lower_case(text: str, join: bool) -> None:
    folded = fold(text, join_lines=join).text
    assert all(c.isalnum() or c == " " for c in folded)
    assert folded == folded.lower()
    assert not any(unicodedata.category(c) in ("Mn", "Me", "Cf", "Lu") for c in folded)


@given(texts, st.booleans())
@example("Cuba Roa\u200b", False)
@example("Roa\u0301", False)
def test_every_folded_character_comes_from_where_its_span_says(text: str, join: bool) -> None:
    assume(not mixed(text))
    folded = fold(text, join_lines=join)
    for k, char in enumerate(folded.text):
        start, end = folded.offsets.backward(k, k + 1)
        assert 0 <= start <= end <= len(text)
        if char != " ":
            assert end - start == 1
            assert char in fold_character(text[start])


@given(texts, st.booleans())
def test_every_letter_of_the_page_finds_its_folded_form(text: str, join: bool) -> None:
    folded = fold(text, join_lines=join)
    for k, char in enumerate(text):
        start, end = folded.offsets.forward(k, k + 1)
        assert 0 <= start <= end <= len(folded.text)
        whole = fold_character(char)
        if whole.isalnum():
            assert folded.text[start:end] == whole


@given(texts, st.booleans())
def test_words_map_there_and_back(text: str, join: bool) -> None:
    assume(not mixed(text))
    folded = fold(text, join_lines=join)
    at = 1
    for word in folded.text.split():
        start, end = folded.offsets.backward(at, at + len(word))
        assert fold(text[start:end], join_lines=join).text == f" {word} "
        assert all(fold_character(text[k]).isalnum() for k in (start, end - 1))
        there = folded.offsets.forward(start, end)
        assert there.start <= at
        assert at + len(word) <= there.end
        at += len(word) + 1


@given(texts)
def test_the_map_is_monotone(text: str) -> None:
    folded = fold(text)
    for there, length in ((folded.offsets.forward, len(text)), (folded.offsets.backward, len(folded.text))):
        starts = [there(k, length).start for k in range(length + 1)]
        ends = [there(0, k).end for k in range(length + 1)]
        assert starts == sorted(starts)
        assert ends == sorted(ends)


@given(st.text(st.characters(codec="ascii"), max_size=30))
def test_ascii_folds_to_its_words_in_lower_case(text: str) -> None:
    words = "".join(c.lower() if c.isalnum() else " " for c in text).split()
    assert fold(text).text == " ".join(["", *words, ""]) if words else " "


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", " "),
        (" \n\f\0\r\n", " "),
        ("IL-28's", " il 28 s "),
        ("  HAVANA,\r\n Cuba. ", " havana cuba "),
        ("U.S.S.R.", " u s s r "),
        # Diacritics, composed and not.
        ("Hammarskjöld", " hammarskjold "),
        ("Ro\u0301mulo Betancourt", " romulo betancourt "),
        ("Miró Cardona, José", " miro cardona jose "),
        ("Adam Śmigły-Rydz", " adam smigły rydz "),
        ("İnönü", " inonu "),
        # Ligatures and other characters that stand for several.
        ("ﬁeld oﬃce ﬂight", " field office flight "),
        ("Straße", " strasse "),
        ("½", " 1 2 "),
        ("№ 5", " no 5 "),
        ("１９６２ Ｕ－２", " 1962 u 2 "),
        ("K-²³", " k 23 "),
        ("𝐊hrushchev", " khrushchev "),
        ("ΣΊΣΥΦΟΣ", " σισυφοσ "),
        # Soft hyphens vanish inside a line; other invisible characters anywhere.
        ("Khru\u00adshchev", " khrushchev "),
        ("Khru\u200bshchev\ufeff", " khrushchev "),
        # Underscores and all the apostrophes separate.
        ("Kennedy_John", " kennedy john "),
        ("O’Donnell O'Donnell O`Donnell", " o donnell o donnell o donnell "),
        # A hyphen at a line's end is kept as a separator.
        ("Kuz-\nnetsov", " kuz netsov "),
        ("Kuz\u00ad\nnetsov", " kuz netsov "),
        ("Ben-\nGurion", " ben gurion "),
        # Other scripts.
        ("Хрущёв", " хрущев "),
        ("毛澤東", " 毛澤東 "),
    ],
)
def test_examples(text: str, folded: str) -> None:
    assert fold(text).text == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Kuz-\nnetsov", " kuznetsov "),
        ("Kuz-\r\nnetsov", " kuznetsov "),
        ("Kuz-  \n\n   netsov", " kuznetsov "),
        ("Kuz\u00ad\nnetsov", " kuznetsov "),
        ("Kuz\u00ac\nnetsov", " kuznetsov "),
        ("Kuz\u2010\nnetsov", " kuznetsov "),
        ("Kuz–\nnetsov", " kuznetsov "),
        ("Kuz-\f\nnetsov", " kuznetsov "),
        ("Kuz-\n\fnetsov", " kuznetsov "),
        ("Dortico\u0301-\ns", " dorticos "),
        ("HA-\nVA-\nNA", " havana "),
        # Not at a line's end, not between letters, or no hyphen: as ever.
        ("Kuz-netsov", " kuz netsov "),
        ("Kuz- netsov", " kuz netsov "),
        ("Kuz\nnetsov", " kuz netsov "),
        ("IL-\n28", " il 28 "),
        ("Kuz -\nnetsov", " kuz netsov "),
        ("1962-\nMarch", " 1962 march "),
        ("Kuz_-\nnetsov", " kuz netsov "),
    ],
)
def test_examples_with_lines_joined(text: str, folded: str) -> None:
    assert fold(text, join_lines=True).text == folded


@pytest.mark.parametrize(
    ("text", "word", "surface"),
    [
        ("Mr. Khrushchev, of", "khrushchev", "Khrushchev"),
        ("the oﬃce of", "office", "oﬃce"),
        ("by Khru\u00adshchev.", "khrushchev", "Khru\u00adshchev"),
        ("Cuba Castro\u200b", "cuba", "Cuba"),
        ("Rau\u0301l Roa\u0301", "raul", "Rau\u0301l"),
        ("\ufeffHavana", "havana", "Havana"),
        ("Straße in Berlin", "strasse", "Straße"),
        ("𝐊-23 here", "k 23", "𝐊-23"),
        ("⑴ Cuba, ⑵:: ½ Havana… ⑶", "cuba", "Cuba"),
        ("⑴ Cuba, ⑵:: ½ Havana… ⑶", "havana", "Havana"),
    ],
)
def test_a_word_points_into_the_page(text: str, word: str, surface: str) -> None:
    folded = fold(text)
    at = folded.text.index(f" {word} ") + 1
    start, end = folded.offsets.backward(at, at + len(word))
    assert text[start:end] == surface


def test_a_joined_word_points_into_the_page_with_its_hyphen() -> None:
    text = "Mr. Kuz-\n  netsov spoke."
    folded = fold(text, join_lines=True)
    at = folded.text.index("kuznetsov")
    start, end = folded.offsets.backward(at, at + len("kuznetsov"))
    assert text[start:end] == "Kuz-\n  netsov"


@pytest.mark.parametrize(
    ("text", "name", "only"),
    [("IL-28's", "il 28 s", "il28s"), ("  Miró Cardona. ", "miro cardona", "mirocardona"), ("--", "", "")],
)
def test_names_and_keys(text: str, name: str, only: str) -> None:
    assert fold_name(text) == name
    assert key(text) == only


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("San José", "San Jose"),
        ("O'Donnell", "O'Donnell"),
        ("ÁVILA", "AVILA"),
        ("Ångström", "Angstrom"),
        ("€5 Жук", "€5 Жук"),
    ],
)
def test_accents_go_and_case_stays(text: str, plain: str) -> None:
    assert without_accents(text) == plain
