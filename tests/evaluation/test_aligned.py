"""What a better reading says of a mention."""

from __future__ import annotations

import pytest
from pages import (
    BETTER,
    PAGE,
    WORDS,
    at,
)

from normalizer.evaluation.aligned import judge, place, spells


def asked(page: str, better: str, surface: str, *own: str) -> str:
    return judge(surface, place(page, better, *at(page, surface)), set(own), set(WORDS))


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
