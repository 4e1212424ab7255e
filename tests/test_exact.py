from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from normalizer.exact import ABBREVIATIONS, Matcher
from normalizer.folding import APOSTROPHES, HYPHENS, fold, fold_character
from normalizer.gazetteer import Form, Gazetteer

SMALL = """
schema: 1
type: aircraft
entries:
  - {id: il-28, name: IL-28, aliases: [Ilyushin-28, {text: Beagle, common: true}], misreadings: [XI-10]}
  - {id: u-2, name: U-2, aliases: [Dragon Lady]}
  - {id: mig-21, name: MIG-21, aliases: [Fishbed, Ye-6U-2]}
---
schema: 1
type: person
entries:
  - {id: kuznetsov-vasily-v, name: Vasily V. Kuznetsov, misreadings: [Sumner]}
  - {id: de-gaulle-charles, name: Charles de Gaulle, family: de Gaulle}
  - {id: ben-gurion-david, name: David Ben-Gurion, family: Ben-Gurion}
  - {id: odonnell-kenneth, name: Kenneth O'Donnell}
  - {id: ball-george-w, name: George W. Ball}
  - {id: anderson-george-w, name: "George W. Anderson, Jr.", family: Anderson}
  - {id: dorticos-osvaldo, name: Osvaldo Dorticós}
---
schema: 1
type: place
entries:
  - {id: soviet-union, name: USSR, aliases: [Soviet Union]}
  - {id: cuba, name: Cuba}
  - {id: turkey, name: Turkey}
  - {id: san-antonio, name: San Antonio de los Baños}
  - {id: port-au-prince, name: Port-au-Prince}
---
schema: 1
type: organization
entries:
  - {id: cinclant, name: CINCLANT, aliases: ["Commander in Chief, Atlantic"]}
  - {id: un, name: United Nations, aliases: [{text: UN, common: true}]}
  - {id: far, name: FAR}
"""


@pytest.fixture(scope="module")
def small(make_gazetteer: Callable[..., Gazetteer]) -> Gazetteer:
    return make_gazetteer(SMALL)


@pytest.fixture(scope="module")
def matcher(small: Gazetteer) -> Matcher:
    return Matcher(small)


# A scan that is slow and plain. It works on the characters of the page, one by one, without folding
# whole texts, offset maps or an automaton. A mark or an invisible character belongs to the letter before it.


class Word(NamedTuple):
    text: str
    start: int
    end: int


@cache
def ignored(char: str) -> bool:
    """A combining mark or an invisible format character: nothing is left of it."""
    return unicodedata.category(char) in ("Mn", "Me", "Cf")


def line_end_hyphen(page: str, at: int) -> int:
    """Where the next line's first letter stands, if a hyphen stands at `at`, between letters, at a line's end; or 0."""
    if page[at] not in HYPHENS:
        return 0
    before = at - 1
    while before >= 0 and ignored(page[before]):
        before -= 1
    after = at + 1
    while after < len(page) and (page[after].isspace() or (ignored(page[after]) and page[after] != "\u00ad")):
        after += 1
    if before < 0 or after == len(page) or "\n" not in page[at:after]:
        return 0
    return after if page[before].isalpha() and page[after].isalpha() else 0


def words_of(page: str, *, joined: bool) -> tuple[list[Word], list[int]]:
    """The folded words of a page with their places; where lines are joined, also where (the hyphens)."""
    words: list[Word] = []
    joints: list[int] = []
    text, start, end = "", 0, 0
    at = 0
    while at < len(page):
        here = at
        if beyond := line_end_hyphen(page, at):
            if joined:
                joints.append(at)
                at = beyond
                continue
            folded = " "
        else:
            folded = fold_character(page[at])
        for char in folded:
            if char.isalnum():
                if not text:
                    start = here
                text, end = text + char, here + 1
            elif text:
                words.append(Word(text, start, end))
                text = ""
        at += 1
    if text:
        words.append(Word(text, start, end))
    return words, joints


def one_name(page: str, words: list[Word]) -> tuple[bool, bool]:
    """Whether words are held together as one name, and whether a comma stands between them.

    Spaces, breaks, hyphens and apostrophes hold them together, a full stop after an initial or a
    short abbreviation too; anything else, and the end of a sentence, parts them.
    """
    comma = False
    for left, right in pairwise(words):
        for char in page[left.end : right.start]:
            if char == ",":
                comma = True
            elif char == ".":
                if len(left.text) > 3 and left.text not in ABBREVIATIONS:
                    return False, comma
            elif not (char.isspace() or ignored(char) or char in HYPHENS or char in APOSTROPHES):
                return False, comma
    return True, comma


def in_capitals(surface: str, marks: int) -> bool:
    """Whether the page has the capitals that an acronym needs, and the dots of one that is spelt out."""
    letters = surface[:-1] if marks & Form.PLURAL and surface[-1] == "s" else surface
    capitals = all(c.upper() == c for c in letters)
    if marks & Form.SPELT:
        return capitals and letters.count(".") >= sum(c.isalnum() for c in letters) - 1
    return capitals or (len(letters) >= 4 and letters[0].isupper() and not marks & Form.COMMON)


def stands(surface: str, marks: int, comma: bool) -> bool:
    """Whether a form of a name may stand on the page as it is written there."""
    if comma and not marks & Form.COMMA:
        return False
    if marks & (Form.ACRONYM | Form.SPELT):
        return in_capitals(surface, marks)
    return bool(marks & Form.LOWER) or not surface[0].islower()


def naive(gazetteer: Gazetteer, page: str) -> dict[tuple[int, int], set[int]]:
    found: dict[tuple[int, int], set[int]] = {}
    for joined in (False, True):
        words, joints = words_of(page, joined=joined)
        for number, pattern in enumerate(gazetteer.patterns):
            parts = pattern.split(" ")
            for k in range(len(words) - len(parts) + 1):
                some = words[k : k + len(parts)]
                if [w.text for w in some] != parts:
                    continue
                start, end = some[0].start, some[-1].end
                if joined and not any(start < joint < end for joint in joints):
                    continue
                whole, comma = one_name(page, some)
                if not whole:
                    continue
                for form in gazetteer.forms(number):
                    if stands(page[start:end], gazetteer.form_flags[form], comma):
                        found.setdefault((start, end), set()).add(form)
    return found


def matched(matcher: Matcher, page: str) -> dict[tuple[int, int], set[int]]:
    return {(m.start, m.end): set(m.forms) for m in matcher.match(page, fold(page))}


NAMES = [
    *(
        "IL-28",
        "IL",
        "28",
        "Il-28s",
        "il 28's",
        "IL- 28",
        "IL28",
        "Ilyushin-28",
        "Beagle",
        "beagle",
        "XI-10",
        "XI",
        "10",
    ),
    *("U-2", "U", "2", "Dragon", "Lady", "MIG", "21", "Fishbeds", "Vasily", "V.", "V", "Kuznetsov", "KUZNETSOV"),
    *("Kuz", "netsov", "Sumner", "de", "Gaulle", "degaulle", "Ben", "Gurion", "BENGURION", "O", "Donnell", "O’Donnell"),
    *("George", "W.", "W", "Ball", "ball", "Anderson", "Jr.", "Osvaldo", "Dortico\u0301s", "Dorticós", "dorti", "cos"),
    *("USSR", "Ussr", "ussr", "U.S.S.R.", "S", "R", "U.", "S.", "R.", "Soviet", "Union", "Cuba", "Cu", "ba", "Turkey"),
    *(
        "turkey",
        "San",
        "Antonio",
        "los",
        "Baños",
        "Ban\u0303os",
        "Port",
        "au",
        "Prince",
        "CINCLANT",
        "Cinclant",
        "cinclant",
    ),
    *(
        "Commander",
        "in",
        "Chief",
        "Atlantic",
        "United",
        "Nations",
        "UN",
        "Un",
        "un",
        "FAR",
        "Far",
        "far",
        "Capt",
        "Supt",
    ),
]
SEPARATORS = [
    *(" ", "", "\n", "-\n", "-", ", ", ".", ". ", "'", "’", "'s ", "\0", "\f", "\r\n", "-\r\n", "- \n\n ", "\u00ad"),
    *(
        "\u00ad\n",
        "\u0301",
        "\u0301 ",
        "\u0301-\n",
        "\u200b",
        "\ufeff",
        "𝐊",
        "ﬁ",
        "ß",
        "İ",
        "…",
        "/",
        ";",
        "(",
        ") ",
        "_",
    ),
    *("\t", "  ", "\u2028", "–", "¬\n", ".\n", ",\n", " - ", "½"),
]
FILLERS = ["the", "x", "bombers", "1", "7", "", "Then", "𝔘𝔫", "é", "毛"]
pages = st.lists(
    st.tuples(st.sampled_from(SEPARATORS + [" "] * 20), st.sampled_from(NAMES * 3 + FILLERS)), max_size=14
).map(lambda parts: "".join(separator + name for separator, name in parts))


@given(pages)
@example("Cuba and Kuznetsov\u200b")
@example("Mr. Kuz-\nnetsov, U. S. S. R. and U.S.S.R., Port-\nau-Prince")
@example("Dortico\u0301-\ns")
def test_it_finds_what_a_plain_scan_finds(small: Gazetteer, matcher: Matcher, page: str) -> None:
    assert matched(matcher, page) == naive(small, page)


@given(pages)
def test_finds_stand_in_order_once_and_inside_the_page(small: Gazetteer, matcher: Matcher, page: str) -> None:
    found = matcher.match(page, fold(page))
    spans = [(m.start, m.end) for m in found]
    assert spans == sorted(set(spans))
    for m in found:
        assert 0 <= m.start < m.end <= len(page)
        assert len(set(m.forms)) == len(m.forms) > 0
        assert all(0 <= form < len(small.form_entity) for form in m.forms)
        assert fold_character(page[m.start]).strip() != ""


def found_in(matcher: Matcher, page: str) -> list[tuple[str, list[str]]]:
    gazetteer = matcher.gazetteer
    return [
        (page[m.start : m.end], sorted({gazetteer.entity(gazetteer.form_entity[f]).id for f in m.forms}))
        for m in matcher.match(page, fold(page))
    ]


@pytest.mark.parametrize(
    ("page", "surface", "entity"),
    [
        # Spacing, hyphens and case of designators.
        ("an IL-28 flew", "IL-28", "il-28"),
        ("an IL 28 flew", "IL 28", "il-28"),
        ("an IL28 flew", "IL28", "il-28"),
        ("an IL- 28 flew", "IL- 28", "il-28"),
        ("an IL -28 flew", "IL -28", "il-28"),
        ("an IL–28 flew", "IL–28", "il-28"),
        ("an IL-\n28 flew", "IL-\n28", "il-28"),
        ("an il-28 flew", "il-28", "il-28"),
        ("an Il-28 flew", "Il-28", "il-28"),
        ("a U2 flew", "U2", "u-2"),
        ("a U-2 flew", "U-2", "u-2"),
        ("a u-2 flew", "u-2", "u-2"),
        # Plurals and possessives.
        ("the IL-28s flew", "IL-28s", "il-28"),
        ("the IL28S flew", "IL28S", "il-28"),
        ("the IL-28's flew", "IL-28", "il-28"),
        ("the U-2's flew", "U-2", "u-2"),
        ("Kuznetsov's letter", "Kuznetsov", "kuznetsov-vasily-v"),
        ("Kuznetsov’s letter", "Kuznetsov", "kuznetsov-vasily-v"),
        ("KUZNETSOV'S LETTER", "KUZNETSOV", "kuznetsov-vasily-v"),
        ("two Fishbeds flew", "Fishbeds", "mig-21"),
        # Any case.
        ("mr. kuznetsov said", "kuznetsov", "kuznetsov-vasily-v"),
        ("SAN ANTONIO DE LOS BANOS", "SAN ANTONIO DE LOS BANOS", "san-antonio"),
        ("in SoViEt UnIoN", "SoViEt UnIoN", "soviet-union"),
        # Diacritics, composed, not composed or lost.
        ("President Dorticós", "Dorticós", "dorticos-osvaldo"),
        ("President Dortico\u0301s", "Dortico\u0301s", "dorticos-osvaldo"),
        ("President DORTICOS", "DORTICOS", "dorticos-osvaldo"),
        ("San Antonio de los Ban\u0303os", "San Antonio de los Ban\u0303os", "san-antonio"),
        # Line breaks within a name, and hyphens at a line's end.
        ("San Antonio\nde los\r\nBanos", "San Antonio\nde los\r\nBanos", "san-antonio"),
        ("Mr. Kuz-\nnetsov", "Kuz-\nnetsov", "kuznetsov-vasily-v"),
        ("Mr. Kuz-\r\n   netsov", "Kuz-\r\n   netsov", "kuznetsov-vasily-v"),
        ("Mr. Kuz\u00ad\nnetsov", "Kuz\u00ad\nnetsov", "kuznetsov-vasily-v"),
        ("Mr. Kuz\u00adnetsov", "Kuz\u00adnetsov", "kuznetsov-vasily-v"),
        ("Mr. Ben-\nGurion", "Ben-\nGurion", "ben-gurion-david"),
        ("Mr. Ben-Gu-\nrion", "Ben-Gu-\nrion", "ben-gurion-david"),
        ("to Port-au-\nPrince", "Port-au-\nPrince", "port-au-prince"),
        ("Dor-\nti-\ncos", "Dor-\nti-\ncos", "dorticos-osvaldo"),
        ("Presidente Dortico\u0301-\ns", "Dortico\u0301-\ns", "dorticos-osvaldo"),
        # Apostrophes and particles.
        ("Mr. O’Donnell", "O’Donnell", "odonnell-kenneth"),
        ("Mr. O Donnell", "O Donnell", "odonnell-kenneth"),
        ("Mr. ODonnell", "ODonnell", "odonnell-kenneth"),
        ("General de\nGaulle", "de\nGaulle", "de-gaulle-charles"),
        ("General DeGaulle", "DeGaulle", "de-gaulle-charles"),
        # Initials with full stops, and short abbreviations.
        ("Vasily V. Kuznetsov", "Vasily V. Kuznetsov", "kuznetsov-vasily-v"),
        ("Vasily V Kuznetsov", "Vasily V Kuznetsov", "kuznetsov-vasily-v"),
        ("GEORGE W.\nBALL", "GEORGE W.\nBALL", "ball-george-w"),
        ("George W. Anderson, Jr.", "George W. Anderson, Jr", "anderson-george-w"),
        # Acronyms, with full stops or not.
        ("the USSR is", "USSR", "soviet-union"),
        ("the U.S.S.R. is", "U.S.S.R", "soviet-union"),
        ("the U. S. S. R. is", "U. S. S. R", "soviet-union"),
        ("the U.S.\nS.R. is", "U.S.\nS.R", "soviet-union"),
        ("the Ussr is", "Ussr", "soviet-union"),
        ("from Cinclant", "Cinclant", "cinclant"),
        ("Commander in Chief, Atlantic", "Commander in Chief, Atlantic", "cinclant"),
        # English words with a capital.
        ("in Turkey today", "Turkey", "turkey"),
        ("Mr. Ball is", "Ball", "ball-george-w"),
    ],
)
def test_a_name_is_found_as_the_page_has_it(matcher: Matcher, page: str, surface: str, entity: str) -> None:
    assert (surface, [entity]) in found_in(matcher, page)


@pytest.mark.parametrize(
    "page",
    [
        "",
        " ",
        # Parts of words and other numbers.
        "IL-280, SIL-28, IL-2, IL-2 8",
        "Cubans, Excuba, Kuznetsova",
        # Names do not run across the end of a sentence, a bracket or a stroke.
        "It was Soviet. Union leaders came.",
        "the Soviet; Union leaders",
        "the Soviet/Union",
        "Commander in Chief. Atlantic",
        # A comma only where the name has one.
        "the Soviet, Union leaders",
        # A hyphen within a line parts.
        "Kuz-netsov, Kuz- netsov",
        "Kuz\nnetsov",
        # English words and acronyms need their capitals.
        "roast turkey, play ball, a beagle",
        "so far, the un, Far off, Un",
        "the ussr, u.s.s.r.",
        "U S S R, US SR",
    ],
)
def test_nothing_is_found_where_no_name_stands(matcher: Matcher, page: str) -> None:
    assert found_in(matcher, page) == []


def test_places_may_overlap_and_one_may_be_several_names(matcher: Matcher) -> None:
    assert found_in(matcher, "George W. Ball and Ye-6U-2") == [
        ("George W. Ball", ["ball-george-w"]),
        ("Ball", ["ball-george-w"]),
        ("Ye-6U-2", ["mig-21"]),
    ]


def test_a_gazetteer_without_entries_finds_nothing(make_gazetteer: Callable[..., Gazetteer]) -> None:
    empty = make_gazetteer("{schema: 1, type: ship, entries: []}")
    assert Matcher(empty).match("Kuznetsov", fold("Kuznetsov")) == []


@pytest.mark.parametrize("name", ["İnönü", "Straße", "Griﬃth", "毛澤東", "Хрущёв", "X½", "O'B"])
def test_any_script_can_be_a_name(make_gazetteer: Callable[..., Gazetteer], name: str) -> None:
    made = make_gazetteer(f'schema: 1\ntype: place\nentries:\n  - {{id: x, name: "{name}"}}\n')
    assert (name, ["x"]) in found_in(Matcher(made), f"in {name}, then")


def test_a_long_page_takes_no_long_time(matcher: Matcher) -> None:
    page = "Kuznetsov and the IL-28's. " * 20_000
    assert len(matcher.match(page, fold(page))) == 40_000
