"""Names that stand whole on a page, damaged as scanners do it: more to learn from than real pages have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from normalizer.folding import key
from normalizer.model import Mention
from normalizer.repair.channel import Confusions

MOST = 12
"""Names damaged on a page: the rest has to stay what it is."""
_EDITS = (1, 1, 1, 2, 2, 3)
_LETTERS = 4
_WORD = re.compile(r"[^\W\d_]+")
_ANY = "abcdefghijklmnopqrstuvwxyz"


class Damaged(NamedTuple):
    """A name that was damaged: where it stands now, and the keys by which it counts as found."""

    start: int
    end: int
    keys: frozenset[str]


def damage(text: str, mentions: Sequence[Mention], confusions: Confusions, random: Random) -> tuple[str, list[Damaged]]:
    """A page with some of its names damaged, and these names in order."""
    able = [m for m in mentions if m.label in ("PERSON", "PLACE", "ORGANIZATION") and _WORD.search(m.text)]
    chosen = sorted(random.sample(able, min(MOST, len(able) // 2)), key=lambda m: m.start)
    parts: list[str] = []
    done: list[Damaged] = []
    at = shift = 0
    for mention in chosen:
        words = [m for m in _WORD.finditer(mention.text) if len(m[0]) >= _LETTERS]
        if not words or mention.start < at:
            continue
        # Of a person the family name, of a place any word.
        word = words[-1] if mention.label == "PERSON" else random.choice(words)
        made = _damaged(word[0], confusions, random)
        if made.lower() == word[0].lower():
            continue
        parts += [text[at : mention.start + word.start()], made]
        at = mention.start + word.end()
        start = mention.start + shift
        shift += len(made) - len(word[0])
        done.append(Damaged(start, mention.end + shift, frozenset({key(mention.text), key(word[0])})))
    return "".join([*parts, text[at:]]), done


def _damaged(word: str, confusions: Confusions, random: Random) -> str:
    letters = list(word)
    for _ in range(random.choice(_EDITS)):
        place = random.randrange(len(letters))
        edits = confusions.edits(letters[place])
        # A cost is a logarithm of a probability; the tenth part of all edits follows no habit.
        if edits and random.random() < 0.9:
            letters[place] = random.choices([seen for seen, _ in edits], [1e-5**cost for _, cost in edits])[0]
        else:
            letters[place] = random.choice(("", random.choice(_ANY), letters[place] + random.choice(_ANY)))
        letters = [c for c in letters if c] or ["?"]
    return "".join(letters)
