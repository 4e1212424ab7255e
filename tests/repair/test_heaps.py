"""Heaps of letters, in which a repair is believed less."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.repair import Repairer
from normalizer.repair.finding import Finder
from normalizer.repair.heaps import DOUBT, in_heap

JUNK = "aavbnq tlrxe sxxoq vnnrwe qqrst"
SOUND = "they were told that the ship"


def stands_in_heap(finder: Finder, before: str, after: str) -> bool:
    text = f"{before} Guba {after}"
    start = len(before) + 1
    return in_heap(text, start, start + 4, finder.vocabulary)


@pytest.mark.parametrize(
    ("before", "after", "heap"),
    [
        (JUNK, JUNK, True),
        (JUNK, "", False),  # too few words to tell
        (f"{JUNK} wrrte", "", True),
        (SOUND, SOUND, False),
        (SOUND, JUNK, False),  # half of them
        (f"{SOUND} {JUNK} uunrq", JUNK, True),  # sound words far off
        (f"{JUNK} the", f"the {JUNK}", True),
        (f"{JUNK} 12 a of", f"{JUNK} 1963", True),  # figures and short words tell nothing
        ("", "", False),
    ],
)
def test_what_is_a_heap(finder: Finder, before: str, after: str, heap: bool) -> None:
    assert stands_in_heap(finder, before, after) is heap


@given(st.lists(st.sampled_from([*JUNK.split(), *SOUND.split()]), max_size=30), st.data())
def test_more_sound_words_make_no_heap(finder: Finder, words: Sequence[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(words)))
    number = data.draw(st.integers(0, max(0, len(words) - 1)))
    if not stands_in_heap(finder, " ".join(words[:at]), " ".join(words[at:])):
        sound = [*words[:number], "they", *words[number + 1 :]]
        assert not stands_in_heap(finder, " ".join(sound[:at]), " ".join(sound[at:]))


def test_a_repair_in_a_heap_is_believed_less(repairer: Repairer) -> None:
    def score(page: str) -> float:
        (repair,) = (r for r in repairer.repair(page, [], []) if page[r.start : r.end] == "Guba")
        return repair.score

    # The neighbours of the name are the same, the words beyond them are not.
    sound, heap = "He said they were vqr in Guba qrv and they left again", f"{JUNK} vqr in Guba qrv {JUNK}"
    assert score(heap) < score(sound)
    assert score(heap) <= DOUBT
