"""Schema 1 of the gazetteer format, as pydantic models.

The models say what a file may hold; `loader` turns their complaints into faults with lines.
"""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from normalizer.dates import parse_date, parse_range
from normalizer.folding import key

SCHEMA = 1
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def _text(value: Any) -> Any:
    if isinstance(value, bool | int | float) or value is None:
        raise ValueError(f"YAML reads this as {_plain(value)}, not as a text; put it in quotes")
    return value


def _plain(value: Any) -> str:
    if value is None:
        return "nothing"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else f"the number {value}"


def _slug(value: str) -> str:
    if not SLUG.fullmatch(value):
        raise ValueError(f"{value!r} is no slug: write lower-case letters, digits and single hyphens")
    return value


def _name(value: str) -> str:
    if not key(value):
        raise ValueError(f"{value!r} has no letter or digit")
    return value


def _from_year(value: Any) -> Any:
    # YAML reads a bare year as a number; that is the one number that a date may be.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(value)


def _date(value: str) -> str:
    parse_date(value)
    return value


def _range(value: str) -> str:
    parse_range(value)
    return value


def _as_map(value: Any) -> Any:
    if isinstance(value, dict):
        return value
    return {"text": _text(value)}


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_text)]
Name = Annotated[str, BeforeValidator(_text), AfterValidator(_name)]
Slug = Annotated[str, BeforeValidator(_text), AfterValidator(_slug)]
Date = Annotated[str, BeforeValidator(_from_year), AfterValidator(_date)]
Range = Annotated[str, BeforeValidator(_from_year), AfterValidator(_range)]
Texts = Annotated[list[Text], BeforeValidator(_as_list), Field(min_length=1)]


def _near(value: str) -> str:
    if value.startswith("id:"):
        _slug(value[3:])
    else:
        _name(value)
    return value


Near = Annotated[list[Annotated[Text, AfterValidator(_near)]], BeforeValidator(_as_list), Field(min_length=1)]


def _pair(value: Any) -> Any:
    if not (isinstance(value, list) and len(value) == 2 and all(type(v) in (int, float) for v in value)):
        raise ValueError("write [latitude, longitude] in degrees")
    lat, lon = value
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(f"[{lat}, {lon}] is nowhere on Earth: latitude is within 90 degrees, longitude within 180")
    return value


Location = Annotated[list[float | int], BeforeValidator(_pair)]


def _fact(value: Any) -> Any:
    if isinstance(value, dict | list) or value is None:
        raise ValueError("a fact is a text, a number, true or false")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number has to be finite")
    return value


def _whole(value: Any) -> Any:
    if value is True:
        raise ValueError("only 1 is possible here, not true")
    return value


class Strict(BaseModel):
    """A map of which every key is known and no value is guessed at."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ScopeModel(Strict):
    """`when:` of an alias or misreading."""

    dates: Range | None = None
    documents: Texts | None = None
    near: Near | None = None
    not_near: Near | None = None
    within: int | None = Field(default=None, ge=1, le=10_000)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if all(said is None for said in (self.dates, self.documents, self.near, self.not_near)):
            raise ValueError("a scope needs dates, documents, near or not_near; leave `when:` out to hold anywhere")
        return self


class AliasModel(Strict):
    """A true other name."""

    text: Name
    when: ScopeModel | None = None
    common: bool | None = None


class MisreadingModel(Strict):
    """What a scan made of a name."""

    text: Name
    when: ScopeModel | None = None
    evidence: Text | None = None


class PostModel(Strict):
    """An office held."""

    title: Name
    at: Text | None = None
    dates: Range | None = None


def _link(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(value)


class EntryModel(Strict):
    """What every type may have; a type of a user's own has this and no more."""

    id: Slug
    name: Name | None = None
    aliases: list[Annotated[AliasModel, BeforeValidator(_as_map)]] | None = None
    misreadings: list[Annotated[MisreadingModel, BeforeValidator(_as_map)]] | None = None
    active: Range | None = None
    links: dict[str, Annotated[str, BeforeValidator(_link)]] | None = None
    facts: dict[str, Annotated[Any, BeforeValidator(_fact)]] | None = None
    source: Text | None = None
    common: bool | None = None
    remove: Literal[True] | None = None


class PersonModel(EntryModel):
    """What a person adds."""

    family: Name | None = None
    given: Name | None = None
    born: Date | None = None
    died: Date | None = None
    prominence: int | None = Field(default=None, ge=0)
    posts: list[PostModel] | None = None


class PlaceModel(EntryModel):
    """What a place adds."""

    kind: Text | None = None
    country: Text | None = None
    location: Location | None = None


class HeadModel(Strict):
    """The keys of a file around its entries."""

    schema_: Annotated[Literal[1], BeforeValidator(_whole)] = Field(alias="schema")
    type: Slug
    source: Text | None = None
    entries: list[Any]


def model_of(entity_type: str) -> type[EntryModel]:
    """The model for the entries of a type."""
    models: dict[str, type[EntryModel]] = {"person": PersonModel, "place": PlaceModel}
    return models.get(entity_type, EntryModel)
