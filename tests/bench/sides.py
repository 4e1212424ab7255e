"""The sides that are compared, each run in a process of its own; `side` runs one and gives back what it measured.

Seconds are of the processor, not of the clock: each side works in one thread, and what else the machine does
meanwhile hardly counts.

python sides.py SIDE ARGUMENTS as JSON
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

MOST_SECONDS = 1_800


def side(name: str, *arguments: Any, most_seconds: float = MOST_SECONDS, tree: Path | None = None) -> dict[str, float]:
    """What a side measured, by name; `tree` is another checkout of the project whose package runs.

    Raises:
        subprocess.TimeoutExpired: It took longer than `most_seconds`.
        RuntimeError: It failed.
    """
    command = [sys.executable, __file__, name, json.dumps(arguments, default=str)]
    env = {**os.environ, "PYTHONPATH": str(tree)} if tree else None
    done = subprocess.run(command, capture_output=True, text=True, timeout=most_seconds, env=env)
    if done.returncode:
        raise RuntimeError(f"{name} {arguments}: {done.stderr}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def tokenize(corpus: str) -> dict[str, float]:
    """The yardstick: spaCy's own English tokenizer over the texts, and nothing else."""
    import spacy

    texts = [row["text"] for row in _rows(corpus)]
    nlp = spacy.blank("en")
    nlp.max_length = 10**9
    began = time.process_time()
    for text in texts:
        nlp.make_doc(text)
    return {"seconds": time.process_time() - began}


def ner(corpus: str, folder: str) -> dict[str, float]:
    """The other yardstick: the entity recognizer of a spaCy pipeline in a folder, and nothing else of it."""
    import spacy

    (path,) = {config.parent for config in Path(folder).glob("*/*/config.cfg")}
    nlp = spacy.load(path, exclude=["tok2vec", "tagger", "parser", "lemmatizer", "attribute_ruler", "senter"])
    nlp.max_length = 10**9
    texts = [row["text"] for row in _rows(corpus)]
    began = time.process_time()
    entities = sum(len(doc.ents) for doc in nlp.pipe(texts))
    return {"seconds": time.process_time() - began, "entities": entities, "peak_mb": _peak_mb()}


def run(
    corpus: str, out: str, layers: Sequence[str], default: bool, repair: bool, index: bool, tagger: str | None = None
) -> dict[str, float]:
    """A whole run with one worker, from reading to what it writes; `layers` are paths over the default gazetteer."""
    from normalizer.batch import run
    from normalizer.pipeline import Settings
    from normalizer.sinks import SINKS

    if not index:
        del SINKS["index.sqlite"]
    settings = Settings(tuple(layers), default_gazetteer=default, repair=repair, tagger=tagger)
    began = time.process_time()
    summary = run([Path(corpus)], Path(out), settings, overwrite=True)
    seconds = time.process_time() - began
    if summary.failed:
        raise RuntimeError(f"{summary.failed} documents failed, first {summary.failures[0]}")
    return {"seconds": seconds, "peak_mb": _peak_mb()}


def resolve(corpus: str, layers: Sequence[str]) -> dict[str, float]:
    """Finding and resolving without repair and without the default gazetteer, document by document."""
    from normalizer.model import Document
    from normalizer.pipeline import Pipeline, Settings

    pipeline = Pipeline(Settings(tuple(layers), default_gazetteer=False, repair=False, tagger=None))
    docs = [Document(**row) for row in _rows(corpus)]
    began = time.process_time()
    for doc in docs:
        pipeline.process(doc)
    return {"seconds": time.process_time() - began}


def load(cache: bool) -> dict[str, float]:
    """The default gazetteer, compiled or from the cache, and then every part of it built."""
    from normalizer.exact import Matcher
    from normalizer.gazetteer import load

    began = time.process_time()
    gazetteer = load(cache=cache)
    seconds = time.process_time() - began
    Matcher(gazetteer)
    gazetteer.entities()
    return {"seconds": seconds, "peak_mb": _peak_mb()}


def attack(ordinary: str, text: str) -> dict[str, float]:
    """Repair over ordinary damaged pages and then over one long text, in one pipeline that is built and warm."""
    from normalizer.batch.workers import chunks
    from normalizer.model import Document
    from normalizer.pipeline import Pipeline, Settings

    pages = [Document(**row) for row in _rows(ordinary)]
    pipeline = Pipeline(Settings(tagger=None))

    def go(docs: list[Document]) -> tuple[float, int, int]:
        began, decided = time.process_time(), Counter[bool]()
        for chunk in chunks(docs):
            with pipeline.batch(chunk):
                for doc in chunk:
                    decisions = [mention.decision for mention in pipeline.process(doc).mentions]
                    decided.update(d.kind == "linked" for d in decisions if d.method == "repair")
        seconds = (time.process_time() - began) / sum(len(doc.text) for doc in docs) * 1e6
        return seconds, decided[True], decided[False]

    go(pages[:1])
    usual, usual_links, _ = go(pages[1:])
    usual_mb = _peak_mb()
    seconds, links, rest = go([Document("attack", Path(text).read_text(encoding="utf-8"))])
    return {
        "usual_s": usual,
        "usual_links": usual_links,
        "usual_mb": usual_mb,
        "seconds": seconds,
        "links": links,
        "unlinked": rest,
        "peak_mb": _peak_mb(),
    }


def _rows(corpus: str) -> list[dict[str, str]]:
    with Path(corpus).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


SIDES = {f.__name__: f for f in (tokenize, ner, run, resolve, load, attack)}

if __name__ == "__main__":
    # The sides print nothing themselves, and what a library prints stands before.
    print(json.dumps(SIDES[sys.argv[1]](*json.loads(sys.argv[2]))))
