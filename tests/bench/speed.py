"""Speed and memory, each beside what it is measured against, in one run.

    python tests/bench/speed.py [--shared PATH] [--rounds N]

1. The whole run with one worker, from reading to written JSONL, against `spacy.blank("en")` tokenizing the
   same text: with a gazetteer of 12,000 people, and with the whole default one; and what the index adds.
2. Finding and resolving with 1,000 people and 99,000 made-up ones against the 1,000 alone.
3. Peak memory of a run over 100 MB of text against one over 10 MB.
4. The default gazetteer: seconds to compile and to load again, memory with it loaded.
5. `cablenorm --help`, and a warm `cablenorm text` with 12,000 people.

Prints a table and exits with 1 where a bound is broken. Machines are noisy: the two sides of a
ratio alternate, and medians are compared.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from people import write_made_up, write_people

TOKENIZE = """
import json, sys, time, spacy
texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
nlp = spacy.blank("en")
nlp.max_length = 10**9
began = time.perf_counter()
for text in texts:
    nlp.make_doc(text)
print(time.perf_counter() - began)
"""
RUN = """
import resource, sys, time
from pathlib import Path
from normalizer.batch import run
from normalizer.pipeline import Settings
from normalizer.sinks import SINKS
if sys.argv[3] == "jsonl":
    del SINKS["index.sqlite"]
began = time.perf_counter()
paths = tuple(sys.argv[4:])
run([Path(sys.argv[1])], Path(sys.argv[2]), Settings(paths, default_gazetteer=not paths), overwrite=True)
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
RESOLVE = """
import json, sys, time
from normalizer.model import Document
from normalizer.pipeline import Pipeline, Settings
pipeline = Pipeline(Settings(tuple(sys.argv[2:]), default_gazetteer=False))
docs = [Document(**json.loads(line)) for line in open(sys.argv[1], encoding="utf-8")]
began = time.perf_counter()
for doc in docs:
    pipeline.process(doc)
print(time.perf_counter() - began)
"""
LOAD = """
import resource, sys, time
from normalizer.gazetteer import load
from normalizer.exact import Matcher
began = time.perf_counter()
gazetteer = load(cache=sys.argv[1] == "warm")
seconds = time.perf_counter() - began
Matcher(gazetteer)
gazetteer.entities()
print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[3] / "shared")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    data = options.shared / "data"
    if not data.is_dir():
        print(f"no data at {data}; give --shared", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        return measure(data, Path(scratch), options.rounds)


def measure(data: Path, scratch: Path, rounds: int) -> int:
    people = scratch / "people.yaml"
    print(f"{write_people(data / 'people.jsonl', people):,} people, {os.cpu_count()} cores, {rounds} rounds")
    texts = [
        text
        for row in gzip.decompress((data / "documents-train.jsonl.gz").read_bytes()).decode().splitlines()
        for record in [json.loads(row)]
        for text in (record["clean"], record["ocr"])
        if text
    ]
    whole = scratch / "whole.jsonl"
    characters = _write(whole, texts, sum(map(len, texts)))
    out = scratch / "out"
    python(RUN, whole, out, "all", people)  # compiles the gazetteers and warms the disk
    python(RUN, whole, out, "all")
    few, many = scratch / "few.yaml", scratch / "many.yaml"
    write_people(data / "people.jsonl", few, most=1_000)
    write_made_up(many, 99_000)
    python(RESOLVE, whole, few, many)
    tokenizing, running, fully, indexing, small, large = [], [], [], [], [], []
    for _ in range(rounds):
        tokenizing.append(float(python(TOKENIZE, whole)))
        running.append(float(python(RUN, whole, out, "jsonl", people).split()[0]))
        fully.append(float(python(RUN, whole, out, "jsonl").split()[0]))
        indexing.append(float(python(RUN, whole, out, "all").split()[0]))
        small.append(float(python(RESOLVE, whole, few)))
        large.append(float(python(RESOLVE, whole, few, many)))
    cold, _ = map(float, python(LOAD, "cold").split())
    warm, loaded = map(float, python(LOAD, "warm").split())
    peaks = []
    for size in (10_000_000, 100_000_000):
        corpus = scratch / "corpus.jsonl"
        _write(corpus, texts, size)
        peaks.append(float(python(RUN, corpus, out, "all", people).split()[1]))
    growth = peaks[1] / peaks[0]
    command = [sys.executable, "-m", "normalizer"]
    helping = median(_seconds([*command, "--help"]) for _ in range(5))
    page = scratch / "page.txt"
    page.write_text(texts[0], encoding="utf-8")
    text = [*command, "text", str(page), "--no-default-gazetteer", "--gazetteer", str(people)]
    showing = median(_seconds(text) for _ in range(5))
    speeds = " against ".join(f"{characters / 1e6 / median(t):.2f}" for t in (running, tokenizing))
    rows = [
        (f"run with 12,000 people against tokenizing ({speeds} MB/s)", median(running) / median(tokenizing), 1.0),
        ("run with the default gazetteer against tokenizing", median(fully) / median(tokenizing), 1.0),
        ("the same with the index, against the run without", median(indexing) / median(fully), 2.0),
        ("100,000 entries against 1,000", median(large) / median(small), 1.3),
        (f"peak memory, 100 MB against 10 MB ({peaks[1]:.0f} against {peaks[0]:.0f} MB)", growth, 1.1),
        ("the default gazetteer compiled, seconds", cold, 20.0),
        ("the default gazetteer loaded again, seconds", warm, 0.5),
        ("memory with the default gazetteer loaded and every entry built, MB", loaded, 250.0),
        ("cablenorm --help, seconds", helping, 0.4),
        ("cablenorm text, warm, seconds", showing, 2.5),
    ]
    for what, value, most in rows:
        print(f"{'ok  ' if value <= most else 'OVER'} {value:6.3f} (at most {most}) {what}")
    return any(value > most for _, value, most in rows)


def _write(path: Path, texts: list[str], characters: int) -> int:
    """Documents up to a number of characters; from the second time round every text is made new by a mark."""
    written = number = 0
    with path.open("w", encoding="utf-8") as f:
        while written < characters:
            round_, at = divmod(number, len(texts))
            text = texts[at] if not round_ else texts[at].replace("e ", f"e{round_} ")
            f.write(json.dumps({"id": str(number), "text": text}, ensure_ascii=False) + "\n")
            written += len(text)
            number += 1
    return written


def python(code: str, *arguments: Path | str) -> str:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
