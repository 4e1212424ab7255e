"""Where gazetteers lie: the default folder, the files of a path, their content and its version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import normalizer
from normalizer.errors import ConfigError
from normalizer.gazetteer.compiled import FORMAT

_SUFFIXES = (".yaml", ".yml")
_NOT_GAZETTEER = ("confusions.yaml",)
"""Files of a gazetteer folder that hold something else."""


def default_path() -> Path:
    """The folder of the default gazetteer: inside an installed package, or beside it in a checkout."""
    package = Path(normalizer.__file__).parent
    shipped = package / "data" / "gazetteer"
    return shipped if shipped.is_dir() else package.parent / "gazetteer"


def confusions_path() -> Path:
    """The table of look-alikes of the default gazetteer."""
    return default_path() / _NOT_GAZETTEER[0]


def layer_files(paths: Iterable[Path]) -> list[Path]:
    """Every YAML file of the paths, a folder's files in order of their paths.

    Raises:
        ConfigError: A path is missing, or a folder holds no YAML.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            files = sorted(p for s in _SUFFIXES for p in path.rglob(f"*{s}") if p.name not in _NOT_GAZETTEER)
            if not files:
                raise ConfigError(str(path), "no .yaml file in this folder; a gazetteer folder holds YAML files")
            found += files
        elif path.exists():
            found.append(path)
        else:
            raise ConfigError(str(path), "no such file or folder; give the path of a gazetteer")
    return found


def read_layers(paths: Iterable[Path], *, default: bool = True) -> list[tuple[str, bytes]]:
    """The layers of a gazetteer as (path to show, content), earliest first.

    Raises:
        ConfigError: A path is missing, unreadable or holds no YAML, or there is no layer at all.
    """
    every = [*([default_path()] if default else []), *paths]
    if not every:
        raise ConfigError("gazetteer", "no layer is left; leave the default in or give a path")
    layers: list[tuple[str, bytes]] = []
    for file in layer_files(every):
        try:
            layers.append((str(file), file.read_bytes()))
        except OSError as error:
            raise ConfigError(str(file), f"cannot be read: {error.strerror or error}") from error
    return layers


def version_of(layers: Sequence[tuple[str, bytes]]) -> str:
    """A hash of what the layers say and in which order, whatever folder they lie in."""
    digest = hashlib.sha256(f"{normalizer.__version__} {FORMAT}".encode())
    for _, content in layers:
        digest.update(hashlib.sha256(content).digest())
    return f"sha256:{digest.hexdigest()}"
