"""`cablenorm learn identity`: gold and plain texts in, weights and what they learnt from out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from common import ONLY_SMALL
from learning import learn, refused

from normalizer.resolver.identity import NOBODY, PERSON, THING, model_from

TEXT = "Secretary Dulles saw Kennedy. Allen Dulles stayed, and Robert Kennedy left. Bundy wrote."
PLAIN = "McGeorge Bundy opened the meeting. Later Bundy left."


def gold(*entities: str) -> str:
    """A document whose first two people are these."""
    at = (TEXT.index("Dulles"), TEXT.index("Kennedy"))
    words = ("Dulles", "Kennedy")
    mentions = [
        {"start": a, "end": a + len(w), "label": "PERSON", "entity": e}
        for a, w, e in zip(at, words, entities, strict=True)
    ]
    return json.dumps({"id": "a", "text": TEXT, "date": "1955-05-05", "mentions": mentions})


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    lines = [gold("dulles-john-foster", "NIL"), json.dumps({"id": "b", "clean": PLAIN})]
    lines += [line.replace('"a"', f'"a{n}"') for n in range(5) for line in lines[:1]]
    file = tmp_path / "gold.jsonl"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def test_the_weights_have_every_name_and_say_what_they_learnt_from(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "identity.json"
    result = learn("identity", texts, "--source", "made up", "--out", out, *ONLY_SMALL)
    assert result.exit_code == 0, result.output
    data = json.loads(out.read_text("utf-8"))
    assert data["learnt_from"].startswith("made up: 6 documents of gold")
    assert data["held_out"] in result.output
    for look in ("first", "second"):
        assert tuple(data[look]["person"]) == PERSON
        assert tuple(data[look]["thing"]) == THING
        assert tuple(data[look]["nobody"]) == NOBODY
    assert model_from(data).second.person["own_name"] >= 5


def test_the_same_texts_give_the_same_weights(texts: Path, tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        learn("identity", texts, "--source", "made up", "--out", tmp_path / name, *ONLY_SMALL)
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]


def test_texts_without_people_teach_nothing(tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text(json.dumps({"id": "a", "text": "Nobody.", "mentions": []}), "utf-8")
    assert "no record has a person" in refused("identity", file, "--source", "x", "--out", tmp_path / "o", *ONLY_SMALL)


def test_a_line_without_a_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text('{"id": "a"}', "utf-8")
    assert "line 1" in refused("identity", file, "--source", "x", "--out", tmp_path / "o", *ONLY_SMALL)
