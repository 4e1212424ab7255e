"""Pages that hold no names, or next to nothing, or far too much: they are gone through, and nothing is made of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from string import ascii_letters, ascii_lowercase, ascii_uppercase, punctuation

import pytest
from repairing import DAMAGED, Asked, of

from normalizer.gazetteer import Gazetteer
from normalizer.model import UNKNOWN, Document
from normalizer.pipeline import Pipeline, Settings
from normalizer.repair import Repairer

CYRILLIC, ARABIC, GREEK = (
    [chr(n) for n in range(first, last)] for first, last in ((0x410, 0x450), (0x627, 0x64B), (0x391, 0x3CA))
)
LENGTH = 20_000


def heap(letters: Sequence[str], longest: int = 12) -> str:
    """Words of any letters and lengths."""
    drawn = random.Random(5)
    words = ("".join(drawn.choices(letters, k=drawn.randint(1, longest))) for _ in range(LENGTH // 6))
    return " ".join(words)[:LENGTH]


HOSTILE = {
    "capitals": heap(ascii_uppercase),
    "small letters": heap(ascii_lowercase),
    "letters and signs": heap(ascii_letters + punctuation),
    "parts": heap(ascii_uppercase, 3),
    "a letter": "I" * LENGTH,
    "a letter by words": "I " * (LENGTH // 2),
    "a syllable": "Ha " * (LENGTH // 3),
    "specks": "€a" * (LENGTH // 2),
    "hyphens": "Ab-\n" * (LENGTH // 4),
    "cyrillic": heap(CYRILLIC),
    "arabic": heap(ARABIC),
    "greek": heap(GREEK),
    "scripts mixed": heap([*ascii_letters, *CYRILLIC, *ARABIC, "İ", "ß", "ﬁ", "\u0301"]),
    "surrogates": "Qu\ud800zt \udfff " * (LENGTH // 8),
    "figures": heap("0123456789"),
}


@pytest.fixture(scope="module")
def shipped(full_gazetteer: Gazetteer) -> Pipeline:
    """As a user gets it."""
    return Pipeline(Settings(tagger=None))


@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_page_links_next_to_nothing(shipped: Pipeline, page: str) -> None:
    found = [m for m in shipped.process(Document("x", page)).mentions if m.decision.method == "repair"]
    believed = [(m.text, m.decision.reading, m.decision.score) for m in found if m.decision.kind != UNKNOWN]
    assert 500 * len(believed) <= len(page.split()), believed


@pytest.mark.parametrize("words", [40, 400])
def test_a_heap_of_letters_is_no_text_and_a_few_damaged_words_are(repairer: Repairer, asked: Asked, words: int) -> None:
    """Beside one name in a heap nothing says that it is one; a short page may be a table of damaged names."""
    page = " ".join([heap(ascii_uppercase, 9)[: 5 * words], "Kuznetsoy"])
    assert bool(asked.repairs(repairer, page)) == (words < 50)


@pytest.mark.parametrize("text", ["", " ", "\n", "\n\n\x0c\n", ".", "€", "\ud800", "\u0301", "Z", "Жук", "القاهرة"])
def test_next_to_nothing_is_repaired_to_nothing(repairer: Repairer, asked: Asked, text: str) -> None:
    repairer.prepare(asked.pages([text, "", text]))
    assert asked.repairs(repairer, text) == []


@pytest.mark.parametrize("beside", ["Москва", "القاهرة", "\ud800", "Αθήνα", "\x00", "𝔾𝕦𝕓𝕒"])
def test_a_name_beside_another_script_is_found(believing: Pipeline, beside: str) -> None:
    result = believing.process(Document("x", f"{beside} they remain in Guba now {beside}"))
    assert of(result, "Guba").decision.entity == "cuba"


def test_a_long_page_is_read_to_its_end(repairer: Repairer, asked: Asked) -> None:
    gap = "\n\n" + "The house is theirs and so is the garden. " * 2000 + "\n\n"
    found = asked.repairs(repairer, DAMAGED + gap + DAMAGED)
    again = len(DAMAGED + gap)
    for r in asked.repairs(repairer, DAMAGED):
        assert {(r.start, r.end), (again + r.start, again + r.end)} <= {(f.start, f.end) for f in found}
