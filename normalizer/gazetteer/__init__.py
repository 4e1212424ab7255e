"""Gazetteers: the format, its layers, and the compiled form that matching uses.

    gazetteer = load([Path("my-names.yaml")])
    gazetteer.entity(0).name

`layers` finds the files, `schema` says what they may hold, `loader` reads and merges them, `forms`
makes the spellings to look for, `compiled` keeps them, `lint` doubts them, `export` hands them on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from normalizer.gazetteer.compiled import Gazetteer, cache_folder, compile_gazetteer, read_cache, write_cache
from normalizer.gazetteer.entities import Alias, Entity, Misreading, Post, Scope
from normalizer.gazetteer.forms import Form
from normalizer.gazetteer.layers import confusions_path, default_path, read_layers, version_of
from normalizer.words import word_list

__all__ = [
    "Alias",
    "Entity",
    "Form",
    "Gazetteer",
    "Misreading",
    "Post",
    "Scope",
    "confusions_path",
    "default_path",
    "load",
]


def load(paths: Sequence[Path | str] = (), *, default: bool = True, cache: bool = True) -> Gazetteer:
    """A gazetteer of the default layers and more, compiled; from the cache where it is there.

    Args:
        paths: Files or folders of YAML, later ones over earlier ones.
        default: Begin with the project's own gazetteer.
        cache: Keep the compiled form in the user's cache folder, and use it.

    Raises:
        ConfigError: A path is missing or unreadable.
        GazetteerError: The YAML has faults; lists all of them.
    """
    layers = read_layers([Path(p) for p in paths], default=default)
    version = version_of(layers)
    file = cache_folder() / f"{version.removeprefix('sha256:')[:32]}.gazetteer"
    if cache and (kept := read_cache(file, version)) is not None:
        return kept
    # YAML and pydantic take longer to import than a compiled gazetteer takes to read.
    from normalizer.gazetteer.loader import load_layers

    english, given = word_list("english") | word_list("calendar"), word_list("given_names")
    made = compile_gazetteer(load_layers(layers), version, english, given)
    if cache:
        write_cache(made, file)
    return made
