"""Labels carried over to a worse reading."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from normalizer.tagger.labels import DOUBTED, Label
from normalizer.tagger.projection import project

BETTER = "The chief of station at Bramwell told Mr. Witherby that the boat had left Port Vance on Tuesday."


def labelled(text: str, *names: tuple[str, str]) -> list[Label]:
    return sorted(Label(text.index(name), text.index(name) + len(name), label) for name, label in names)


def shown(text: str, labels: list[Label]) -> list[tuple[str, str]]:
    return [(text[s:e], label) for s, e, label in labels]


NAMES = labelled(BETTER, ("Bramwell", "PLACE"), ("Witherby", "PERSON"), ("Port Vance", "PLACE"))


def test_damaged_names_keep_their_labels() -> None:
    worse = "Tbe chief of stat1on at Brarnwell told Mr, Wifherby that the boat had 1eft Port\nVanee on Tuesday."
    found = project(BETTER, NAMES, worse)
    assert [x for x in shown(worse, found) if x[1] != DOUBTED] == [
        ("Brarnwell", "PLACE"), ("Wifherby", "PERSON"), ("Port\nVanee", "PLACE"),
    ]  # fmt: skip


def test_what_was_joined_keeps_its_part() -> None:
    worse = "The chief of station atBramwell told Mr. Witherby that the boat had left Port Vance on Tuesday."
    assert ("Bramwell", "PLACE") in shown(worse, project(BETTER, NAMES, worse))


def test_what_only_the_worse_reading_has_is_hardly_a_name() -> None:
    worse = BETTER.replace("that the", "xq Vvth Zmpp that the")
    assert [x for x in shown(worse, project(BETTER, NAMES, worse)) if x[1] == DOUBTED] == [("xq Vvth Zmpp", DOUBTED)]


def test_another_page_has_no_labels() -> None:
    assert all(label == DOUBTED for _, _, label in project(BETTER, NAMES, "Quite other words, one and all."))


@given(st.text("abc \nDE.", max_size=60), st.text("abc \nDE.", max_size=60))
def test_labels_stay_in_the_text_and_apart(better: str, worse: str) -> None:
    labels = [Label(at, at + 2, "PERSON") for at in range(0, len(better) - 2, 5) if not better[at : at + 2].isspace()]
    found = project(better, labels, worse)
    assert all(0 <= s < e <= len(worse) for s, e, _ in found)
    kept = [x for x in found if x.label != DOUBTED]
    assert all(a.end <= b.start for a, b in pairwise(kept))


@given(st.lists(st.sampled_from(["boat", "Vance", "left", "the"]), max_size=12))
def test_a_reading_projected_on_itself_keeps_all(words: list[str]) -> None:
    text = " ".join(words)
    at, labels = 0, []
    for word in words:
        if word == "Vance":
            labels.append(Label(at, at + 5, "PERSON"))
        at += len(word) + 1
    assert project(text, labels, text) == labels
