"""Tagger and gazetteer as two witnesses: what the one says of the other's names.

The tagger's shares are the probabilities that the words of a span are of names of each label. Where it says nothing
of words (no tagger, or one that gives spans alone), everything stays as the gazetteer has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from math import exp, log

from rapidfuzz import fuzz

from normalizer.folding import fold_name
from normalizer.gazetteer import Gazetteer
from normalizer.model import AMBIGUOUS, LINKED, UNKNOWN, Candidate, Decision, Evidence, Mention, Repair
from normalizer.resolver.boundaries import LARGER, Boundaries, is_title
from normalizer.resolver.options import Place
from normalizer.resolver.page import Page
from normalizer.resolver.support import aviation_near
from normalizer.resolver.tags import Tagged, Tags
from normalizer.words import word_list

_SCORE, _SAME, _OTHER, _ALWAYS = 0.8, 0.25, -0.05, 0.71
"""Weights of a repair's log-odds, of the logarithms of the shares of its label and of other labels, and what is added.
Fitted to 1,800 repairs that can be judged, of scans that the tagger had not learnt from and of rendered cables: at the
threshold 1,212 of 1,272 on the scans are right instead of 1,193 of 1,253, 284 of 317 on the cables instead of 265 of
299."""
_LITTLE = 0.01
"""Added to a share before its logarithm is taken."""
_SEEN, _DOUBTFUL = 0.5, 0.2
"""Share from which the tagger is said to see a name, and the most that another label may have beside it."""
_TYPED = 0.7
"""Share from which of two types that a name may be of the one is taken that the tagger sees."""
_LEAST = {"PERSON": 0.35, "PLACE": 0.35, "AIRCRAFT": 0.2, "MISSILE": 0.35, "ORGANIZATION": 0.5}
"""Score from which a tagged span where the gazetteer has nothing is a mention: below, less than two in five were."""
_FLYING_WORD = 0.6
"""The same for an aircraft or a missile without a number."""
_LOUD = 0.6
"""Share below which an English word in capitals is nobody whom the page does not tell."""
_OTHERWISE, _NOT_SAME = 0.85, 0.1
"""Share of another label, and of the own one, from which a name of the gazetteer is taken for something else."""
_NOTHING, _WORD_NOTHING, _CODE_NOTHING = 0.003, 0.02, 0.01
"""Share of the own label below which a short name, an English word and a code of letters beside a number are none,
where those of all labels together are below `_NO_NAME`. Read by eye in 85 scans: of 60 such links three were right."""
_NO_NAME = 0.06
_WEAK = 0.35
"""Score of a repair below which it is nothing where the tagger sees no name."""
_SHORT = 4
_BARE = 0.05
"""Share below which a word at the edge of a name is no part of it."""
_ALIKE = 60
"""Likeness of given names, in percent, below which they are another person's."""
_SHORT_CODE = re.compile(r"[A-Za-z][^\w\n]?\d{1,2}[A-Za-z]?")
_WORD = re.compile(r"[^\W_]+")
_FIRM = ("misreading", "correction")
"""Methods whose decisions were made by people, for a place: no tagger is heard on them."""
_SURE = 0.95
"""Score from which a person is who the gazetteer says, whatever else the tagger has at the name or beside it: who signs
(`LODGE`, `HARE`) is told by the header, of which the tagger knows nothing."""


class TaggerWitness:
    """What a tagger's word changes, for one text."""

    def __init__(self, gazetteer: Gazetteer, tags: Tags, page: Page) -> None:
        self.gazetteer, self.tags, self.page, self.text = gazetteer, tags, page, page.text
        self.bounds = Boundaries(tags, page)
        if tags.speaks:
            self.tags = tags.instead(part for span in tags.spans for part in self.bounds.tidy(span))
        self._seen = [s for s in self.tags.spans if s.score >= _SEEN]
        # Whether the tagger is sure of an aircraft or a missile anywhere in the text.
        self._flies = any(s.label in ("AIRCRAFT", "MISSILE") for s in self._seen)
        self._named: frozenset[str] | None = None

    @property
    def _people(self) -> frozenset[str]:
        """Words of names of people that the tagger sees anywhere in the text; gathered once."""
        if self._named is None:
            people = [s for s in self._seen if s.label == "PERSON"]
            self._named = frozenset(word for s in people for word in self._names(s.start, s.end))
        return self._named

    def agreed(self, place: Place) -> Place:
        """A place with those of its options that are of the type that the tagger sees."""
        if not self.tags.speaks:
            return place
        if place.people:
            place.seen = (self.tags.share(place.start, place.end, "PERSON") or 0.0) >= _SEEN
        options = [*place.people, *place.things]
        if len(options) < 2:
            return place
        entity = self.gazetteer.entity
        labels = {o.number: entity(o.number).label for o in options}
        shares = {label: self.tags.share(place.start, place.end, label) or 0.0 for label in set(labels.values())}
        if len(shares) < 2:
            return place
        best = max(shares, key=lambda label: (shares[label], label))
        if shares[best] >= _TYPED and all(share <= _DOUBTFUL for label, share in shares.items() if label != best):
            place.people = [o for o in place.people if labels[o.number] == best]
            place.things = [o for o in place.things if labels[o.number] == best]
        return place

    def weighed(self, repair: Repair) -> Repair:
        """A repair with the score that it has by both witnesses."""
        same, named = self._shares(repair.start, repair.end, repair.label)
        if same is None or named is None:
            return repair
        score = min(max(repair.score, 0.01), 0.99)
        other = max(0.0, named - same)
        odds = _SCORE * log(score / (1 - score)) + _SAME * log(same + _LITTLE) + _OTHER * log(other + _LITTLE) + _ALWAYS
        words: tuple[Evidence, ...] = ()
        if same >= _SEEN:
            words = (Evidence("tagger", f"the tagger sees {_a(repair.label)} here"),)
        elif same < _NOT_SAME:
            words = (Evidence("tagger", f"the tagger sees no {repair.label.lower()} here"),)
        return replace(repair, score=round(1 / (1 + exp(-odds)), 4), evidence=(*repair.evidence, *words))

    def joined(self, mentions: Iterable[Mention]) -> list[Mention]:
        """The mentions with the boundaries that both witnesses leave, and those that the tagger adds."""
        found: list[Mention] = []
        used: set[Tagged] = set()
        for mention in mentions:
            here = self.tags.overlapping(mention.start, mention.end)
            if self._vetoed(mention):
                continue
            made = self._heard(mention, here)
            if found and made.start < found[-1].end:
                made = mention
            if not found or made.start >= found[-1].end:
                found.append(made)
                used.update(here)
        for tagged in self.tags.spans:
            if tagged not in used and tagged.score >= self._least_of(tagged):
                found.append(self._unknown(tagged))
        return _without_overlap(found)

    def _least(self, label: str) -> float:
        return _LEAST.get(label, 0.0) if self.tags.speaks else 0.0

    def _least_of(self, tagged: Tagged) -> float:
        """Score from which a tagged span where the gazetteer has nothing is a mention; words fly less than codes."""
        least, surface = self._least(tagged.label), self.text[tagged.start : tagged.end]
        if not self.tags.speaks:
            return least
        if tagged.label == "PERSON" and _is_loud(surface):
            return _LOUD
        if tagged.label in ("AIRCRAFT", "MISSILE") and not any(c.isdigit() for c in surface):
            return max(least, _FLYING_WORD)
        return least

    def _vetoed(self, mention: Mention) -> bool:
        """Whether a weak name of the gazetteer stands where the tagger sees no name at all, or a law's is meant."""
        if mention.label == "PERSON" and self.bounds.is_law(mention.end):
            return True
        decision = mention.decision
        same, named = self._shares(mention.start, mention.end, mention.label)
        if decision.method == "repair" and decision.kind == UNKNOWN:
            return named is not None and named < _NOT_SAME and decision.score < _WEAK
        if decision.method == "repair" or decision.method in _FIRM or decision.kind == UNKNOWN or _is_sure(mention):
            return False
        surface = mention.text
        if same is None or named is None:
            return False
        if mention.label == "AIRCRAFT" and same < _BARE and _is_given(surface):
            return True
        if mention.label == "PERSON" and decision.kind == AMBIGUOUS and same < _LOUD and _is_loud(surface):
            return True
        if named >= _NO_NAME:
            return False
        if mention.label in ("AIRCRAFT", "MISSILE"):
            code = any(c.isdigit() for c in surface) and " " not in surface and not surface.islower()
            if code and (self._flies or _SHORT_CODE.fullmatch(surface) is None):
                return False
            return same < _CODE_NOTHING and not aviation_near(self.page, mention.start, mention.end)
        if not surface.isalpha():
            return False
        folded = fold_name(surface)
        if folded in word_list("english") or folded in word_list("demonyms"):
            return same < _WORD_NOTHING and folded not in self._people
        return len(surface) <= _SHORT and same < _NOTHING

    def _heard(self, mention: Mention, here: list[Tagged]) -> Mention:
        """A mention after the tagger was heard on it."""
        if not self.tags.speaks or mention.decision.method in _FIRM:
            return mention
        if mention.decision.kind == UNKNOWN:
            return self._retagged(mention, here)
        if self._is_otherwise(mention):
            for tagged in here:
                if tagged.start <= mention.start and mention.end <= tagged.end and tagged.label != mention.label:
                    return self._unknown(tagged, mention)
        mention = self._narrowed(mention)
        grown = self.bounds.grown(mention.start, mention.end) if mention.label == "PERSON" else None
        for tagged in [*here, grown] if grown else here:
            larger = tagged.start <= mention.start and mention.end <= tagged.end
            if (
                larger
                and tagged.label == mention.label
                and tagged.score >= LARGER
                and tagged[:2] != (mention.start, mention.end)
            ):
                return self._widened(mention, tagged)
        return mention

    def gainsays(self, mention: Mention) -> bool:
        """Whether the tagger takes a name of the gazetteer for none, or for one of another label."""
        return mention.decision.method not in _FIRM and (self._vetoed(mention) or self._is_otherwise(mention))

    def _is_otherwise(self, mention: Mention) -> bool:
        same, named = self._shares(mention.start, mention.end, mention.label)
        otherwise = same is not None and named is not None and same < _NOT_SAME and named - same >= _OTHERWISE
        return otherwise and not _is_sure(mention)

    def _retagged(self, mention: Mention, here: list[Tagged]) -> Mention:
        """An unknown mention with the boundaries and the label of the tagger's span."""
        best = max(here, key=lambda t: t.score, default=None)
        if (
            best is None
            or best.score < self._least(best.label)
            or best[:3] == (mention.start, mention.end, mention.label)
        ):
            return mention
        if best.label == mention.label:
            return self._moved(mention, best.start, best.end)
        return self._unknown(best)

    def _widened(self, mention: Mention, tagged: Tagged) -> Mention:
        """A name with the words that the tagger has beside it; a person's given names have to fit."""
        if _is_sure(mention):
            return mention
        if mention.label == "PERSON" and (earlier := self._names(tagged.start, mention.start)):
            if "\n" in self.text[tagged.start : mention.start] and earlier[-1] not in word_list("given_names"):
                return mention  # a list, a name a line
            candidates = mention.decision.candidates
            if not any(self._fits(earlier[0], candidate) for candidate in candidates):
                return self._unknown(tagged, mention)
        elif mention.label == "PLACE":
            return mention
        return self._moved(mention, tagged.start, tagged.end)

    def _names(self, start: int, end: int) -> list[str]:
        return [name for m in _WORD.finditer(self.text, start, end) if (name := fold_name(m[0]))]

    def _fits(self, word: str, candidate: Candidate) -> bool:
        """Whether a word may be a given name of a candidate, damaged or not."""
        for number in self.gazetteer.numbers(candidate.entity):
            ent = self.gazetteer.entity(number)
            given = fold_name(ent.given or "").split()
            if not given:
                return True
            if any((word[0] == g[0] and min(len(word), len(g)) == 1) or fuzz.ratio(word, g) >= _ALIKE for g in given):
                return True
        return False

    def _narrowed(self, mention: Mention) -> Mention:
        """A name without a title, and without words at its end that the tagger sees outside of it."""
        words = list(_WORD.finditer(self.text, mention.start, mention.end))
        first, last = 0, len(words)
        if mention.label == "PERSON":
            while last - first > 1 and is_title(words[first][0]):
                first += 1
        trims = mention.decision.method == "repair" or mention.label == "AIRCRAFT"
        if mention.label == "AIRCRAFT" and words and any(c.isdigit() for c in words[-1][0]):
            trims = False  # half a code is none
        while (
            trims
            and last - first > 1
            and self._bare(words[last - 1], mention.label)
            and not self._bare(words[last - 2], mention.label)
        ):
            last -= 1
        if (first, last) == (0, len(words)):
            return mention
        end = words[last - 1].end() if last < len(words) else mention.end
        return self._moved(mention, words[first].start(), end)

    def _bare(self, word: re.Match[str], label: str) -> bool:
        share = self.tags.share(word.start(), word.end(), label)
        return share is not None and share < _BARE

    def _moved(self, mention: Mention, start: int, end: int) -> Mention:
        """A mention with other boundaries, its reading with the words that it gains or without those it loses."""
        decision = mention.decision
        if decision.reading is not None:
            reading = decision.reading
            if start > mention.start:
                lost = self.text[mention.start : start]
                if not reading.startswith(lost):
                    return mention
                reading = reading[len(lost) :]
            if end < mention.end:
                lost = self.text[end : mention.end]
                if not reading.endswith(lost):
                    return mention
                reading = reading[: -len(lost)]
            reading = self.text[start : mention.start] + reading + self.text[mention.end : end]
            decision = replace(decision, reading=reading)
        return Mention(start, end, self.text[start:end], mention.label, decision)

    def _unknown(self, tagged: Tagged, instead: Mention | None = None) -> Mention:
        """A tagged span as a mention; `instead`: of one that the gazetteer took for a name."""
        words = "tagged, and no name of the gazetteer"
        candidates: tuple[Candidate, ...] = ()
        if instead is not None:
            words = f"the tagger sees {_a(tagged.label)}, {self.text[tagged.start : tagged.end]!r}"
            rest = 1 - tagged.score
            candidates = tuple(
                Candidate(c.entity, c.name, round(c.score * rest, 4)) for c in instead.decision.candidates
            )
        decision = Decision(UNKNOWN, None, None, "tagger", tagged.score, (Evidence("tagger", words),), candidates)
        return Mention(tagged.start, tagged.end, self.text[tagged.start : tagged.end], tagged.label, decision)

    def _shares(self, start: int, end: int, label: str) -> tuple[float | None, float | None]:
        return self.tags.share(start, end, label), self.tags.named(start, end)


def _is_sure(mention: Mention) -> bool:
    """Whether so much speaks for a person that no tagger is heard against him."""
    return mention.label == "PERSON" and mention.decision.kind == LINKED and mention.decision.score > _SURE


def _is_loud(surface: str) -> bool:
    """Whether a name is an English word in capitals, as any word of a cable is."""
    return surface.isupper() and surface.isalpha() and fold_name(surface) in word_list("english")


def _is_given(surface: str) -> bool:
    """Whether an aircraft's name is a given name, as Bob and Fred are."""
    first = _WORD.match(surface)
    return first is not None and len(surface) - first.end() < 3 and fold_name(first[0]) in word_list("given_names")


def _a(label: str) -> str:
    word = label.lower()
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def _without_overlap(mentions: list[Mention]) -> list[Mention]:
    """Mentions in order; of two that overlap the decided one, then the earlier."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, m.decision.kind == UNKNOWN, -m.end)):
        if kept and mention.start < kept[-1].end:
            if mention.decision.kind != UNKNOWN and kept[-1].decision.kind == UNKNOWN:
                kept[-1] = mention
            continue
        kept.append(mention)
    return kept
