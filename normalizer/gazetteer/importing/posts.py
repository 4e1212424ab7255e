"""Titles and places of posts in words, where a table has them as slugs (`charge-daffaires`, `cote-divoire`)."""

from __future__ import annotations

import re

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SMALL = frozenset({"of", "the", "and", "for", "to", "at", "in", "ad", "on", "interim"})
_WORDS = {
    "charge": "Chargé", "daffaires": "d'Affaires", "mgmt": "Management", "econ": "Economic", "ag": "Agricultural",
    "intl": "International", "extraordinary": "Extraordinary and", "secretary2": "Secretary", "un": "UN",
    "nato": "NATO",
    "oas": "OAS", "eu": "EU", "oecd": "OECD", "icao": "ICAO", "iaea": "IAEA", "unesco": "UNESCO", "unido": "UNIDO",
    "uneo": "UN European Office", "unvo": "UN Vienna Office", "unafa": "UN Agencies for Food and Agriculture",
    "us": "US",
    "usoarn": "US Organizations in Rome", "usia": "USIA", "aid": "AID", "secretary": "Secretary",
}  # fmt: skip
_TITLES = {
    "ambassador-e-p": "Ambassador",
    "secretary": "Secretary of State",
    "under-secretary": "Under Secretary of State",
}
_TITLES |= {"deputy-secretary": "Deputy Secretary of State", "secretary-ad-interim": "Secretary of State ad interim"}
_TITLES |= {"counselor": "Counselor of the Department of State"}
_PLACES: dict[str, list[tuple[str, str, str]]] = {
    "russia": [("1922-12-30", "1991-12-25", "Soviet Union")],
    "germany": [("1949-09-21", "1990-10-02", "West Germany")],
    "german-democratic-republic": [("", "", "East Germany")],
    "vietnam-south": [("", "", "South Vietnam")],
    "cote-divoire": [("", "", "Ivory Coast")],
    "congo-democratic-republic": [("1971-10-27", "1997-05-17", "Zaire"), ("", "", "Congo (Leopoldville)")],
    "congo-republic": [("", "", "Congo (Brazzaville)")],
    "sri-lanka": [("", "1972-05-21", "Ceylon")],
    "benin": [("", "1975-11-29", "Dahomey")],
    "burkina-faso": [("", "1984-08-03", "Upper Volta")],
    "zimbabwe": [("", "1980-04-17", "Rhodesia")],
    "lesotho": [("", "1966-10-03", "Basutoland")],
    "serbia": [("1918-12-01", "2003-02-03", "Yugoslavia")],
}
"""What states that go by their last name in such tables were called; first day, last day, name. General knowledge."""


def title_of(text: str) -> str:
    """A title in words; any text that is no slug stays."""
    if not _SLUG.fullmatch(text):
        return text
    return _TITLES.get(text) or _in_words(text)


def place_of(text: str, date: str) -> str:
    """A place in words, under its name at a date (`1961-03`, or nothing)."""
    if not _SLUG.fullmatch(text):
        return text
    for first, last, name in _PLACES.get(text, ()):
        if (date and first <= date and (not last or date <= last)) or not (first or last):
            return name
    return _in_words(text)


def _in_words(slug: str) -> str:
    return " ".join(
        _WORDS.get(w) or (w if w in _SMALL and i else w.capitalize()) for i, w in enumerate(slug.split("-"))
    )
