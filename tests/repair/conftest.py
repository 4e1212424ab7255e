"""Parts of repair over the small gazetteer, made once: they remember what they looked up, and nothing else."""

from __future__ import annotations

import pytest
from repairing import LOW, Asked, pipeline

from normalizer.components import CableGazetteer
from normalizer.gazetteer import Gazetteer, confusions_path
from normalizer.pipeline import Pipeline
from normalizer.repair import Repairer
from normalizer.repair.channel import Confusions, load_confusions
from normalizer.repair.finding import Finder


@pytest.fixture(scope="session")
def confusions() -> Confusions:
    return load_confusions(confusions_path())


@pytest.fixture(scope="session")
def finder(gazetteer: Gazetteer, confusions: Confusions) -> Finder:
    return Finder(gazetteer, confusions)


@pytest.fixture(scope="session")
def repairer(gazetteer: Gazetteer, confusions: Confusions) -> Repairer:
    return Repairer(gazetteer, confusions)


@pytest.fixture(scope="session")
def believing(_own_cache: None) -> Pipeline:
    """Believes all that scores a little."""
    return pipeline(min_score=LOW)


@pytest.fixture(scope="session")
def exact(_own_cache: None) -> Pipeline:
    return pipeline(repair=False)


@pytest.fixture(scope="session")
def credulous(gazetteer: Gazetteer) -> CableGazetteer:
    """Believes every repair."""
    return CableGazetteer(gazetteer, min_score=0)


@pytest.fixture(scope="session")
def asked(gazetteer: Gazetteer) -> Asked:
    return Asked(gazetteer)
