"""A local CAVE with a small part of the sample, new for each test."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from microns_widgets.connectome import Connectome
from microns_widgets.sources.cave import connect, guard
from tests.cave.auth import GOOD
from tests.cave.server import CaveServer
from tests.cave.world import service_dict, world_of


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    # Between two tries a test need not wait as long as a user.
    monkeypatch.setattr(guard, "BACKOFF_S", 0.01)
    monkeypatch.setattr(guard, "LONGEST_WAIT_S", 0.1)


@pytest.fixture
def server(sample: Connectome) -> Iterator[CaveServer]:
    with_skeleton = sample.select(proofread=True)[:4]
    skeletons = {
        int(root_id): service_dict(sample.skeleton(root_id).to_cave()) for root_id in with_skeleton
    }
    with CaveServer(world_of(sample.cells, sample.synapses, skeletons)) as server:
        yield server


@pytest.fixture
def client(server: CaveServer):
    return connect(GOOD, server_address=server.url, version=1300, timeout=5)


@pytest.fixture
def proofread_ids(sample: Connectome) -> np.ndarray:
    return sample.select(proofread=True)[:8]
