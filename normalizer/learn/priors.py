"""Counts of the names that a run found whole, as priors for a second run over the same collection."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from normalizer.errors import ConfigError
from normalizer.folding import key

_WHOLE = frozenset({"exact", "alias", "context"})
_REMEDY = "give the folder of a run over texts"


def count_names(run: Path) -> tuple[int, dict[str, int]]:
    """(words, times by key) of the names that stand whole in a run's documents.

    Args:
        run: The output folder of `cablenorm run`, or its `documents.jsonl`.

    Raises:
        ConfigError: There is no such file, it has no words, or a line of it is no record of a run.
    """
    path = run / "documents.jsonl" if run.is_dir() else run
    words, names = 0, Counter[str]()
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    record = json.loads(line.decode())
                    words += len(record["text"].split())
                    for mention in record["mentions"]:
                        if mention["method"] in _WHOLE and mention["decision"] != "unknown":
                            for name in {key(mention["text"]), key(mention["text"].split()[-1])} - {""}:
                                names[name] += 1
                except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
                    reason = f"no record of cablenorm run ({type(error).__name__}: {error})"
                    raise ConfigError("run", f"{path}:{number} is {reason}; {_REMEDY}") from error
    except OSError as error:
        raise ConfigError("run", f"{path} cannot be read: {error.strerror or error}; {_REMEDY}") from error
    if not words:
        raise ConfigError("run", f"{path} has no words to count names in; {_REMEDY}")
    return words, dict(names)
