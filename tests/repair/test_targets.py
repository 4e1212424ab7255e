"""The names that a damaged word may be, how often they are met, and their case."""

from __future__ import annotations

from collections.abc import Callable
from math import exp

import pytest

from normalizer.gazetteer import Gazetteer
from normalizer.repair.targets import SHORTEST, Target, as_seen, log_prior, targets_of
from normalizer.repair.vocabulary import name_counts, plausibility, word_counts

LAYER = """
schema: 1
type: {type}
entries:
{entries}
"""


def by_key(gazetteer: Gazetteer, **priors: float) -> dict[str, Target]:
    made = targets_of(gazetteer, priors)
    assert len({t.key for t in made}) == len(made)
    return {t.key: t for t in made}


def test_names_of_few_words_are_targets(gazetteer: Gazetteer) -> None:
    made = by_key(gazetteer)
    assert (made["havana"].name, made["havana"].label, made["havana"].words, made["havana"].seat) == (
        *("Havana", "PLACE", 1),
        True,
    )
    assert (made["mexicocity"].name, made["mexicocity"].words) == ("MexicoCity", 2)
    assert (made["stevenson"].label, made["stevenson"].seat) == ("PERSON", False)
    assert made.keys().isdisjoint({"adlaistevenson", "il28", "u2"})
    assert all(len(key) >= SHORTEST and key.isascii() and key.isalnum() and key.islower() for key in made)


def test_a_given_name_or_a_word_is_no_target(make_gazetteer: Callable[..., Gazetteer]) -> None:
    people = "- {id: a, name: Boris Martin}\n- {id: b, name: Ivan Kuznetsov}"
    assert set(by_key(make_gazetteer(LAYER.format(type="person", entries=people)))) == {"kuznetsov"}


def test_one_word_or_two_is_one_target(make_gazetteer: Callable[..., Gazetteer]) -> None:
    places = "- {id: a, name: Opalocka, aliases: [Opa Locka]}\n- {id: b, name: Matanzas}"
    made = by_key(make_gazetteer(LAYER.format(type="place", entries=places)))
    assert (made["opalocka"].words, made["opalocka"].parted) == (1, True)
    assert not made["matanzas"].parted


def test_times_are_those_of_the_texts_and_of_the_priors(gazetteer: Gazetteer) -> None:
    plain, often = by_key(gazetteer), by_key(gazetteer, kuznetsov=2000.0, mexicocity=500.0, nobody=9.0)
    every, small = word_counts()["kuznetsov"]
    assert plain["kuznetsov"].times == every - small
    assert plain["mexicocity"].times == name_counts()["mexicocity"]
    more = {key: often[key].times - plain[key].times for key in plain}
    assert 0 < more["mexicocity"] < more["kuznetsov"]
    assert {key for key, times in more.items() if times} == {"mexicocity", "kuznetsov"}


def test_a_name_that_is_met_often_is_likelier(gazetteer: Gazetteer) -> None:
    target = by_key(gazetteer)["kuznetsov"]
    for rarer, likelier in (
        (log_prior(0, 500, target), log_prior(3, 500, target)),
        (log_prior(3, 5000, target), log_prior(3, 500, target)),
        (log_prior(0, 500, target), log_prior(0, 500, target._replace(times=target.times + 900))),
        (log_prior(0, 500, target), log_prior(0, 500, target._replace(prominence=target.prominence + 90))),
        (log_prior(0, 500, target), log_prior(0, 500, target._replace(seat=True))),
    ):
        assert rarer < likelier
        assert exp(likelier) < 1


@pytest.mark.parametrize(
    ("surface", "seen"),
    [("Guba", "Cuba"), ("GUBA", "CUBA"), ("guba", "cuba"), ("GUBa", "CUBA"), ("G", "Cuba"), ("", "cuba")],
)
def test_a_name_is_seen_in_the_case_of_the_page(surface: str, seen: str) -> None:
    assert as_seen("Cuba", surface) == seen


def test_the_name_of_a_target_is_plain_letters_and_figures(full_gazetteer: Gazetteer) -> None:
    targets = {t.key: t for t in targets_of(full_gazetteer, {})}
    assert targets["sanjose"].name == "SanJose"
    assert targets["opalocka"].name == "Opalocka"
    assert [t.name for t in targets.values() if not (t.name.isascii() and t.name.isalnum())] == []


def test_words_are_more_plausible_than_letters_at_random() -> None:
    words, heaps = ["nation", "embassy", "moscow"], ["tnoian", "ysmbsea", "cwmoso"]
    assert min(plausibility(words)) > max(plausibility(heaps))


def test_plausibility_depends_on_the_word_alone() -> None:
    keys = ["moscow", "a", "", "k?ba", "m1g", "x" * 30]
    assert plausibility(keys) == [plausibility([key])[0] for key in keys]
    assert plausibility([]) == []
