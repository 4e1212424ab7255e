"""Speed and memory, each beside what it is measured against, in one run.

    python tests/bench/speed.py [--shared PATH] [--rounds N]

1. The whole run with one worker and 12,000 people more in the gazetteer, from reading to written
   JSONL and index, against `spacy.blank("en")` tokenizing the same text: ratio of medians.
2. Peak memory of a run over 100 MB of text against one over 10 MB.
3. `cablenorm --help`, and a warm `cablenorm text` with those people.

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

from people import write_people

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
began = time.perf_counter()
run([Path(sys.argv[1])], Path(sys.argv[2]), Settings((sys.argv[3],)), overwrite=True)
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
MOST_RATIO, MOST_GROWTH, MOST_HELP_S, MOST_TEXT_S = 1.0, 1.1, 0.4, 2.5


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
    python(RUN, whole, out, people)  # compiles the gazetteer and warms the disk
    tokenizing, running = [], []
    for _ in range(rounds):
        tokenizing.append(float(python(TOKENIZE, whole)))
        running.append(float(python(RUN, whole, out, people).split()[0]))
    ratio = median(running) / median(tokenizing)
    peaks = []
    for size in (10_000_000, 100_000_000):
        corpus = scratch / "corpus.jsonl"
        _write(corpus, texts, size)
        peaks.append(float(python(RUN, corpus, out, people).split()[1]))
    growth = peaks[1] / peaks[0]
    command = [sys.executable, "-m", "normalizer"]
    helping = median(_seconds([*command, "--help"]) for _ in range(5))
    page = scratch / "page.txt"
    page.write_text(texts[0], encoding="utf-8")
    showing = median(_seconds([*command, "text", str(page), "--gazetteer", str(people)]) for _ in range(5))
    rows = [
        (f"run of {characters / 1e6:.1f} MB against tokenizing ({characters / 1e6 / median(running):.2f} against "
         f"{characters / 1e6 / median(tokenizing):.2f} MB/s)", ratio, MOST_RATIO),
        (f"peak memory, 100 MB against 10 MB ({peaks[1]:.0f} against {peaks[0]:.0f} MB)", growth, MOST_GROWTH),
        ("cablenorm --help, seconds", helping, MOST_HELP_S),
        ("cablenorm text, warm, seconds", showing, MOST_TEXT_S),
    ]  # fmt: skip
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


def python(code: str, *arguments: Path) -> str:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
