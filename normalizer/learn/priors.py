"""Counts of the names that a run found whole, as priors for a second run over the same collection."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from normalizer.errors import ConfigError
from normalizer.folding import key

_WHOLE = frozenset({"exact", "alias", "context"})


def count_names(run: Path) -> tuple[int, dict[str, int]]:
    """(words, times by key) of the names that stand whole in a run's documents.

    Args:
        run: The output folder of `cablenorm run`, or its `documents.jsonl`.

    Raises:
        ConfigError: There is no such file, or a line of it is no record of a run.
    """
    path = run / "documents.jsonl" if run.is_dir() else run
    words, names = 0, Counter[str]()
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    record = json.loads(line)
                    words += len(record["text"].split())
                    for mention in record["mentions"]:
                        if mention["method"] in _WHOLE and mention["decision"] != "unknown":
                            for name in {key(mention["text"]), key(mention["text"].split()[-1])} - {""}:
                                names[name] += 1
                except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
                    raise ConfigError("run", f"{path}:{number} is no record of cablenorm run: {error!r}") from error
    except OSError as error:
        raise ConfigError("run", f"{path} cannot be read: {error.strerror}; give the folder of a run") from error
    return words, dict(names)
