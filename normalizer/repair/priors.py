"""How often names stand in a collection: a file that a first run over it makes and a second one reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from normalizer.errors import ConfigError
from normalizer.repair.tables import line_of, read_yaml

_MILLION, _MOST = 1_000_000, 1e300
_REMEDY = "make one with: cablenorm learn priors RUN --out FILE"


def read_priors(path: Path) -> dict[str, float]:
    """Times a million words by the key of a name.

    The file is YAML: `schema: 1`, `words: N` counted, and `names: {key: times}`.

    Raises:
        ConfigError: The file cannot be read, is no such map, or has a count that is none.
    """
    data, text = read_yaml("priors", path)
    wanted = "`schema: 1`, `words: N`, `names: {key: times}`"
    if (
        not isinstance(data, dict)
        or data.keys() != {"schema", "words", "names"}
        or data["schema"] != 1
        or not isinstance(data["names"], dict)
    ):
        raise ConfigError("priors", f"{path} is no file of priors ({wanted}); {_REMEDY}")
    words, names = data["words"], data["names"]
    if not _is_count(words) or words < 1:
        raise ConfigError("priors", f"{path}:{line_of(text, 'words')}: `words: {words!r}` is no count; {_REMEDY}")
    for key, times in names.items():
        if not isinstance(key, str) or not _is_count(times):
            line = line_of(text, "names", key)
            raise ConfigError("priors", f"{path}:{line}: `{key!r}: {times!r}` is no name with a count; {_REMEDY}")
    return {key: _MILLION * times / words for key, times in names.items()}


def _is_count(value: Any) -> bool:
    """Whether it is a number from 0 that a float can hold; truth values, NaN and infinity are none."""
    return type(value) in (int, float) and 0 <= value < _MOST


def priors_yaml(words: int, names: Mapping[str, int]) -> str:
    """The text of a file of priors, the most frequent names first."""
    ranked = sorted(names.items(), key=lambda row: (-row[1], row[0]))
    data = {"schema": 1, "words": words, "names": dict(ranked)}
    return str(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
