"""The gazetteer that ships, and the examples of its guide."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml
from common import ROOT, SMALL
from layer_files import entity, write

from normalizer.gazetteer import Gazetteer
from normalizer.gazetteer.layers import read_layers
from normalizer.gazetteer.loader import load_layers

LEAST = {"person": 12_000, "aircraft": 600, "missile": 250, "place": 4_000, "organization": 450}


def test_the_default_gazetteer_is_large_enough(full_gazetteer: Gazetteer) -> None:
    """That it has no faults is shown by its being loaded, as the fixture, and by `gazetteer check`."""
    counts = Counter(ent.type for ent in full_gazetteer.entities())
    assert counts.keys() == LEAST.keys()
    for kind, least in LEAST.items():
        assert counts[kind] >= least, kind


def test_ids_are_unique_within_their_type(full_gazetteer: Gazetteer) -> None:
    counts = Counter((ent.type, ent.id) for ent in full_gazetteer.entities())
    assert [who for who, count in counts.items() if count > 1] == []


def test_the_small_gazetteer_has_a_part_of_each_type(gazetteer: Gazetteer) -> None:
    counts = Counter(ent.type for ent in gazetteer.entities())
    for kind, least in (("person", 60), ("aircraft", 30), ("missile", 15), ("place", 60), ("organization", 25)):
        assert counts[kind] >= least, kind


def test_every_entry_says_where_it_comes_from(full_gazetteer: Gazetteer) -> None:
    assert [ent.id for ent in full_gazetteer.entities() if not ent.source] == []


def test_every_misreading_is_attested(full_gazetteer: Gazetteer) -> None:
    assert [(ent.id, m.text) for ent in full_gazetteer.entities() for m in ent.misreadings if not m.evidence] == []


LOADS = """
import re, sys, time
began = time.process_time()
from normalizer.gazetteer import load
gazetteer = load()
took = time.process_time() - began
try:
    # A process begins with what its parent took as its own maximum in `getrusage`, but not here.
    most = int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) / 1024
except OSError:
    most = 0
    if sys.platform == "darwin":
        import resource
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
print(took, most, len(gazetteer))
"""


def test_the_default_gazetteer_loads_fast_from_the_cache_and_takes_little_memory(full_gazetteer: Gazetteer) -> None:
    runs = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", LOADS], capture_output=True, text=True, check=True, timeout=60)
        runs.append([float(word) for word in done.stdout.split()])
    assert min(took for took, _, _ in runs) < 0.5
    assert all(megabytes < 250 for _, megabytes, _ in runs)
    assert {count for _, _, count in runs} == {len(full_gazetteer)}


def test_locations_of_well_known_places(full_gazetteer: Gazetteer) -> None:
    for place, lat, lon in (("havana", 23, -82), ("moscow", 56, 38), ("new-york", 41, -74), ("berlin", 52, 13)):
        location = entity(full_gazetteer, place).location
        assert location is not None
        assert location == (pytest.approx(lat, abs=1.5), pytest.approx(lon, abs=1.5))


README = ROOT / "gazetteer" / "README.md"
BLOCKS = re.findall(r"```yaml\n(.*?)```", README.read_text("utf-8"), re.DOTALL)


def test_the_readme_has_examples() -> None:
    assert len(BLOCKS) >= 5


def test_the_examples_of_the_readme_load_over_the_default(tmp_path: Path) -> None:
    files = [write(tmp_path, f"{number}.yaml", block) for number, block in enumerate(BLOCKS)]
    load_layers(read_layers(files))


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_an_example_of_the_readme_loads(tmp_path: Path, number: int) -> None:
    file = write(tmp_path, "mine.yaml", BLOCKS[number])
    merged = load_layers(read_layers([*map(Path, SMALL), file], default=False))
    changed = {who for (kind, who), raw in merged.items() if str(file) in dict(raw.places)}
    named = {entry["id"] for data in yaml.safe_load_all(BLOCKS[number]) for entry in data["entries"]}
    removed = {e["id"] for d in yaml.safe_load_all(BLOCKS[number]) for e in d["entries"] if e.get("remove")}
    assert changed == named - removed
    assert not removed & {who for _, who in merged}
