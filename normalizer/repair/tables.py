"""YAML files that repair reads, and what is wrong with them in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from normalizer.errors import ConfigError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(key: str, path: Path) -> tuple[Any, str]:
    """(data, text) of a file.

    Raises:
        ConfigError: With this key; the file cannot be read or is no YAML.
    """
    try:
        text = path.read_text("utf-8-sig")
        return yaml.load(text, _LOADER), text
    except OSError as error:
        raise ConfigError(key, f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError(key, f"{path} is no YAML in UTF-8: line {line}; save it as UTF-8") from error
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        words = " ".join(str(getattr(error, "problem", None) or error).split())
        raise ConfigError(key, f"{path} is no YAML{where}: {words}") from error


def line_of(text: str, *keys: object) -> int:
    """The line, from 1, on which the last of nested keys stands that is there."""
    node, line = yaml.compose(text, _LOADER), 1
    for key in keys:
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        found = next(((k, v) for k, v in pairs if k.value == str(key)), None)
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line
