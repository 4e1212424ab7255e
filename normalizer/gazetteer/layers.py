"""Where gazetteers lie: the default folder, the files of a path, their content and its version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import normalizer
from normalizer.errors import ConfigError
from normalizer.gazetteer.compiled import FORMAT

_SUFFIXES = (".yaml", ".yml")
_CONFUSIONS = "confusions.yaml"
"""The one YAML file of a gazetteer folder that holds no entries, but what scans make of letters."""


def default_path() -> Path:
    """The folder of the default gazetteer: inside an installed package, or beside it in a checkout."""
    package = Path(normalizer.__file__).parent
    shipped = package / "data" / "gazetteer"
    return shipped if shipped.is_dir() else package.parent / "gazetteer"


def confusions_path(layers: Iterable[Path | str] = ()) -> Path:
    """The table of look-alikes that counts: of the last layer that is a folder with one, else the shipped one."""
    own = [file for layer in map(Path, layers) if layer.is_dir() for file in sorted(layer.rglob(_CONFUSIONS))]
    return own[-1] if own else default_path() / _CONFUSIONS


def layer_files(paths: Iterable[Path]) -> list[Path]:
    """Every YAML file of entries in the paths, a folder's files in order of their paths.

    Raises:
        ConfigError: A path is missing, or a folder holds no YAML at all.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            files = sorted(p for s in _SUFFIXES for p in path.rglob(f"*{s}"))
            if not files:
                raise ConfigError(str(path), "no .yaml file in this folder; a gazetteer folder holds YAML files")
            found += (p for p in files if p.name != _CONFUSIONS)
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
    files = layer_files([*([default_path()] if default else []), *paths])
    if not files:
        raise ConfigError("gazetteer", "no layer is left; leave the default in or give a path")
    layers: list[tuple[str, bytes]] = []
    for file in files:
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
