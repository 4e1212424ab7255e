"""Speed and memory, each beside what it is measured against, in one run.

    python tests/bench [--shared PATH] [--rounds N] [SUBJECT ...]

The subjects, all where none is named:

speed     the whole run with one worker, from reading to written JSONL, against `spacy.blank("en")` tokenizing the
          same text, without and with repair; a few damaged pages alone; 100,000 entries against few
identity  the same with who is meant and without, by the last commit that knew nothing of it
memory    peak over 100 MB of text against 10 MB, and what repair adds
attacks   repair over texts made to be slow or to be mistaken for names, against ordinary damaged pages
tagging   the whole default run with tagger and repair against the entity recognizer of `en_core_web_sm` alone, which
          is installed into a folder of its own; memory that the tagger adds
starting  to compile and to load the default gazetteer; `cablenorm --help` and `cablenorm text`

Prints a table and exits with 1 where a bound is broken. Machines are noisy: the two sides of a
ratio alternate, each in a process of its own, and medians are compared.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import attacks
import identity
import memory
import speed
import tagging

SUBJECTS = {
    "speed": speed.measure,
    "identity": identity.measure,
    "memory": memory.measure,
    "attacks": attacks.measure,
    "tagging": tagging.measure,
    "starting": speed.measure_starting,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", choices=[*SUBJECTS, []])
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[3] / "shared")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    data = options.shared / "data"
    if not data.is_dir():
        print(f"no data at {data}; give --shared", file=sys.stderr)
        return 2
    print(f"{os.cpu_count()} cores, {options.rounds} rounds", flush=True)
    broken = False
    for subject in options.subjects or SUBJECTS:
        with tempfile.TemporaryDirectory() as scratch:
            for row in SUBJECTS[subject](data, Path(scratch), options.rounds):
                print(row, flush=True)
                broken = broken or row.broken
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
