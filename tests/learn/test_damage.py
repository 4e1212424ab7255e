"""Names that are damaged to learn from: the rest of the page stays, and what was done is told truly."""

from __future__ import annotations

from random import Random

import pytest
from common import Resolve

from normalizer.folding import key
from normalizer.gazetteer import confusions_path
from normalizer.learn.damage import MOST, damage
from normalizer.repair.channel import load_confusions

PAGE = "Adlai Stevenson wrote of Cuba. In Mexico City Mikoyan met Kuznetsov about the IL-28, and Havana was quiet. " * 5


@pytest.mark.parametrize("seed", range(20))
def test_names_are_damaged_and_all_else_stays(resolve: Resolve, seed: int) -> None:
    mentions = resolve(PAGE).mentions
    confusions = load_confusions(confusions_path())
    made, done = damage(PAGE, mentions, confusions, Random(seed))
    assert (made, done) == damage(PAGE, mentions, confusions, Random(seed))
    assert 0 < len(done) <= MOST
    by_key = {key(m.text): m for m in mentions}
    whole, at = PAGE, 0
    for d in done:
        assert at <= d.start < d.end
        surface = made[d.start : d.end]
        mention = by_key[max(d.keys, key=len)]
        assert key(surface) not in d.keys
        assert mention.label != "AIRCRAFT"
        whole = whole[: d.start] + surface + whole[d.start + len(mention.text) :]
        at = d.end
    assert whole == made


def test_a_page_without_names_stays(resolve: Resolve) -> None:
    text = "The IL-28 was quiet."
    assert damage(text, resolve(text).mentions, load_confusions(confusions_path()), Random(1)) == (text, [])
