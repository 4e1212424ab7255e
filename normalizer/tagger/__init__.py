"""The statistical tagger: people, places, aircraft, missiles and organizations in damaged texts.

    nlp = load_tagger("cable")
    tags_of(nlp, text).spans

`features` and `network` are what it sees and computes, `decoding` makes spans of it, `component` puts it into spaCy;
`labels`, `people`, `projection`, `pieces`, `names`, `passages`, `damage` and `training` made its weights.
"""

from __future__ import annotations

from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import cast

import spacy
from spacy.language import Language

from normalizer.components import tagged_in
from normalizer.errors import ConfigError, MissingExtraError
from normalizer.resolver.tags import Tags
from normalizer.tagger.component import CableTagger

__all__ = ["NONE", "OWN", "load_tagger", "own_tagger", "tagger_version", "tags_of"]

OWN, NONE = "cable", "none"
"""The project's own tagger, and none at all."""
_WEIGHTS = "cable_tagger"


def own_tagger() -> Path:
    """The folder of the project's own tagger."""
    return Path(str(files("normalizer").joinpath("data", "tagger")))


def load_tagger(name: str | None) -> Language:
    """A pipeline that tags, or one that does nothing.

    Args:
        name: `cable` for the project's own, the name or folder of a spaCy pipeline, or None or `none`.

    Raises:
        MissingExtraError: The pipeline is not installed.
        ConfigError: It cannot be loaded.
    """
    if name is None or name == NONE:
        return spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "cablenorm.OcrTokenizer.v1"}}})
    try:
        return spacy.load(own_tagger() if name == OWN else name)
    except OSError as error:
        if Path(name).exists() or Path(name).name != name:
            told = f"{name} is no folder that holds a spaCy pipeline; give one that `cablenorm train tagger` wrote"
            raise ConfigError("tagger", told) from error
        raise MissingExtraError(f"the spaCy pipeline {name!r}", f"python -m pip install {name}") from error
    except ValueError as error:
        raise ConfigError("tagger", f"{name!r} is no spaCy pipeline that can be loaded: {error}") from error


def tagger_version(nlp: Language, name: str) -> str:
    """The version of a tagger; of one that the project trained the beginning of the hash of its weights too."""
    version = str(nlp.meta["version"])
    weights = (own_tagger() if name == OWN else Path(name)) / _WEIGHTS
    return f"{version} {sha256(weights.read_bytes()).hexdigest()[:8]}" if weights.is_file() else version


def tags_of(nlp: Language, text: str) -> Tags:
    """What the tagger of a pipeline says of a text."""
    if nlp.has_pipe(_WEIGHTS):
        return cast(CableTagger, nlp.get_pipe(_WEIGHTS)).tags(text)
    return Tags(tagged_in(nlp(text, disable=["cable_gazetteer"])))
