"""Counts of words and names, and what stands beside names."""

from __future__ import annotations

from pathlib import Path

from common import ONLY_SMALL
from learning import learn, write

from normalizer.gazetteer import Gazetteer, confusions_path
from normalizer.learn.words import count_names, count_neighbours, count_words
from normalizer.repair.channel import load_confusions


def test_words_are_counted() -> None:
    texts = ["The Embassy in Cuba. The embassy!", "An embassy; the Cuba of 1962, it is", "Cuba alone alone alone"]
    assert count_words(texts) == [("cuba", 3, 0), ("embassy", 3, 2), ("the", 3, 1)]


def test_slips_are_dropped() -> None:
    texts = ["Zhukovka " * 40, "Zhukovka Zhukovko Zhukovko", "Zhukovko Zhukovko Zhukavko"]
    words = [word for word, _, _ in count_words([*texts, "Xenonia Xenonia", "Xenonia Xenonia"])]
    assert words == ["xenonia", "zhukovka"]


def test_a_word_that_is_no_slip_is_kept() -> None:
    # An English word beside a far more frequent one, and a name half as frequent as its look-alike.
    texts = ["house " * 100 + "horse horse", "house horse Zhukovka Zhukovka", "Zhukovka Zhukovko Zhukovko Zhukovko"]
    assert {"house", "horse"} <= {word for word, _, _ in count_words(texts)}
    assert "zhukovko" not in {word for word, _, _ in count_words(texts)}  # it stands in one text alone
    assert "zhukovko" in {word for word, _, _ in count_words([*texts, "Zhukovko"])}


def test_slips_of_names_are_dropped(gazetteer: Gazetteer) -> None:
    confusions = load_confusions(confusions_path())
    cheap = ["Cube Cube Cube", "Cube cube Miant", "Miant Miant Miomt Miomt Miomt"]  # of Cuba and Miami
    others = ["Cure Cure Cube", "Cuber Cuber Cuber Zentro Zentro"]
    texts = ["Cuba Miami " * 150, "Cuba and Miami", *cheap, *others, "Miant Miomt Cure Cuber Zentro"]
    kept = {word: times for word, times, _ in count_words(texts, gazetteer, confusions)}
    assert {"cuba", "miami", "cure", "cuber", "zentro"} <= kept.keys()
    assert "miant" not in kept
    assert kept["cube"] == 4  # of six: once it stands in small letters
    assert {"cube", "miant"} <= {word for word, _, _ in count_words(texts)}


def test_an_english_word_in_small_letters_is_no_slip_of_a_name(gazetteer: Gazetteer) -> None:
    texts = ["Cuba " * 150, "Cuba, a cube, a cube", "Cube, a cube"]
    assert ("cube", 4, 3) in count_words(texts, gazetteer, load_confusions(confusions_path()))


def test_names_of_several_words_are_counted(gazetteer: Gazetteer) -> None:
    texts = ["The Soviet Union and the Soviet Union.", "THE SOVIET UNION and Cuba"]
    assert count_names(texts, gazetteer) == [("sovietunion", 3)]
    assert count_names(texts[:1], gazetteer) == []


def test_neighbours_are_counted(gazetteer: Gazetteer) -> None:
    rows = count_neighbours(["They flew to Havana yesterday. The paper is here and there."] * 20, gazetteer)
    found = {(side, word, label): odds for side, word, label, odds in rows}
    assert found.keys() == {("before", "to", "PLACE"), ("after", "yesterday", "PLACE")}
    assert all(odds > 0 for odds in found.values())
    assert count_neighbours(["They flew to Havana yesterday."] * 5, gazetteer) == []


def test_learn_words(tmp_path: Path) -> None:
    rows = [{"id": str(n), "clean": "They left the Soviet Union for Havana yesterday"} for n in range(14)]
    result = learn("words", write(tmp_path / "p.jsonl", rows), "--out", tmp_path, "--source", "a test", *ONLY_SMALL)
    assert (result.exit_code, result.stdout) == (0, "14 documents\n")
    made = {
        name: (tmp_path / f"{name}.txt").read_text("utf-8") for name in ("word_counts", "name_counts", "neighbours")
    }
    assert all(text.startswith("# ") and text.splitlines()[0].endswith("a test") for text in made.values())
    assert "havana 14 0\n" in made["word_counts"]
    assert "sovietunion 14\n" in made["name_counts"]
    assert "after yesterday PLACE " in made["neighbours"]
