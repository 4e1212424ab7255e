"""Why a repair is likely, in words, and what the page ought to read."""

from __future__ import annotations

import pytest
from repairing import Asked, of, told

from normalizer.model import Document
from normalizer.pipeline import Pipeline
from normalizer.repair import Repairer


def test_look_alikes_are_told(believing: Pipeline) -> None:
    m = of(believing.process(Document("x", "The Soviet technicians remain in Guba until December.")), "Guba")
    assert (m.label, m.decision.kind, m.decision.entity, m.decision.method) == ("PLACE", "linked", "cuba", "repair")
    assert told(m.decision, "look-alikes") == ["reads like Cuba with G for C"]
    assert m.decision.evidence[0].kind == "look-alikes"
    assert told(m.decision, "rival") == ["no English word is nearer"]
    assert told(m.decision, "context")[0] == "'in' stands before it, as it does before names of its kind"
    assert told(m.decision, "document") == []
    assert m.decision.candidates[0].entity == "cuba"


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ("Mikoyan left.", ["Mikoyan stands 1 time in this document"]),
        ("Mikoyan left. Mikoyan came.", ["Mikoyan stands 2 times in this document"]),
        ("Mikoyan came. " * 40, ["Mikoyan stands 40 times in this document"]),
        ("Nobody left.", []),
    ],
)
def test_the_document_is_told(believing: Pipeline, others: str, words: list[str]) -> None:
    m = of(believing.process(Document("x", f"The paper was sent to Mr. Mikoyen on Friday. {others}")), "Mikoyen")
    assert told(m.decision, "document") == words


@pytest.mark.parametrize(("name", "surface"), [("Cuba", "Guba"), ("Mikoyan", "Mikoyen"), ("Kuznetsov", "Kuznetsoy")])
def test_a_name_that_the_document_has_is_likelier(asked: Asked, repairer: Repairer, name: str, surface: str) -> None:
    never, once, often = (
        next(r.score for r in asked.repairs(repairer, text) if text[r.start : r.end] == surface)
        for n in (0, 1, 10)
        for text in [f"They left {surface} on Friday. {f'{name} replied. ' * n}{'Nobody replied. ' * (10 - n)}"]
    )
    assert never < min(once, often)


def test_a_word_that_is_near_is_told(believing: Pipeline) -> None:
    m = of(believing.process(Document("x", "President Kemedy spoke to the nation on Tuesday.")), "Kemedy")
    assert told(m.decision, "rival") == ["the English word 'remedy' is as near"]
    assert told(m.decision, "title") == ["the title 'president' stands before it"]
    assert told(m.decision, "look-alikes") == ["reads like Kennedy with n missing, m for n"]
    assert (m.decision.kind, m.decision.entity) == ("linked", "kennedy-john-f")
    assert {c.entity for c in m.decision.candidates} >= {"kennedy-john-f", "kennedy-robert-f"}


def test_a_given_name_joins_the_mention_and_decides(believing: Pipeline) -> None:
    result = believing.process(Document("x", "The letter was signed by Adlai Stevensen in New York."))
    (m,) = [m for m in result.mentions if m.decision.method == "repair"]
    assert (m.text, m.decision.entity) == ("Adlai Stevensen", "stevenson-adlai-e")
    assert m.decision.reading == "Adlai Stevenson"
    assert told(m.decision, "given")


def test_parts_and_designators_are_told(believing: Pipeline) -> None:
    result = believing.process(Document("x", "HAV ANA radio spoke of twelve 1L-28's."))
    assert told(of(result, "HAV ANA").decision, "look-alikes") == ["the parts together are Havana"]
    assert told(of(result, "1L-28's").decision, "look-alikes") == ["reads like IL-28 with 1 for I"]
    assert result.normalized == "HAVANA radio spoke of twelve IL-28's."


@pytest.mark.parametrize(
    ("text", "surface", "reading"),
    [
        ("The Soviet technicians remain in Guba until December.", "Guba", "Cuba"),
        ("THE SOVIET TECHNICIANS REMAIN IN GUBA UNTIL DECEMBER.", "GUBA", "CUBA"),
        ("the planes flew to guba last night.", "guba", "cuba"),
        ("The planes flew toCuba last night.", "toCuba", "to Cuba"),
        ("The Government of Guba's reply came late.", "Guba", "Cuba"),
        ("THE GUBAs OF THE WORLD", "GUBAs", "CUBAs"),
        ("A letter came from Kuznetsoy's office in Geneva.", "Kuznetsoy", "Kuznetsov"),
        ("The IL-28s and the 1L-28s left.", "1L-28s", "IL-28s"),
        ("The IL-28's and the 1L-28's left.", "1L-28's", "IL-28's"),
        ("THE IL-28'S AND THE 1L-28'S LEFT.", "1L-28'S", "IL-28'S"),
        ("The boats left Hav-\nana at night.", "Hav-\nana", "Havana"),
    ],
)
def test_what_a_page_ought_to_read(believing: Pipeline, text: str, surface: str, reading: str) -> None:
    result = believing.process(Document("x", text))
    m = of(result, surface)
    assert (m.decision.reading or m.text) == reading
    assert result.normalized == text.replace(surface, reading)
