"""How often names stand in a collection: a file that a first run over it makes and a second one reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from normalizer.errors import ConfigError

_MILLION = 1_000_000


def read_priors(path: Path) -> dict[str, float]:
    """Times a million words by the key of a name.

    The file is YAML: `schema: 1`, `words: N` counted, and `names: {key: times}`.

    Raises:
        ConfigError: The file cannot be read or is no such map.
    """
    try:
        data = yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except OSError as error:
        raise ConfigError("priors", f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, yaml.YAMLError) as error:
        raise ConfigError("priors", f"{path} is no YAML: {error}") from error
    if not _is_sound(data):
        raise ConfigError(
            "priors",
            f"{path} is no file of priors (`schema: 1`, `words: N`, `names: {{key: times}}`): make one with"
            " cablenorm learn priors RUN",
        )
    words = max(1, data["words"])
    return {key: _MILLION * times / words for key, times in data["names"].items()}


def _is_sound(data: Any) -> bool:
    if not isinstance(data, dict) or data.keys() != {"schema", "words", "names"} or data["schema"] != 1:
        return False
    if not isinstance(data["words"], int) or not isinstance(data["names"], dict):
        return False
    return all(isinstance(k, str) and isinstance(v, int | float) and v >= 0 for k, v in data["names"].items())


def priors_yaml(words: int, names: Mapping[str, int]) -> str:
    """The text of a file of priors, the most frequent names first."""
    ranked = sorted(names.items(), key=lambda row: (-row[1], row[0]))
    data = {"schema": 1, "words": words, "names": dict(ranked)}
    return str(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
