"""Fixtures of the static files: the sample, with a fifth of its synapses, on a local server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from local_server import LocalServer, serve
from static_export_world import COLUMNS, some
from static_world import write_static

from microns_widgets.scale import chosen_synapses
from microns_widgets.sources import resumable
from tests.cave.world import SYNAPSES, world_of


@pytest.fixture(scope="module")
def bucket(sample, tmp_path_factory) -> Path:
    """The sample in the layout of the static files; with a fifth of its synapses."""
    folder = tmp_path_factory.mktemp("bucket")
    synapses = some(sample).sample(frac=1, random_state=0, ignore_index=True)
    world = world_of(sample.cells, synapses, {})
    world.tables[SYNAPSES] = world.tables[SYNAPSES][COLUMNS]
    write_static(world, folder, 1412)
    return folder


@pytest.fixture
def server(bucket, tmp_path, monkeypatch) -> Iterator[LocalServer]:
    shutil.copytree(bucket, tmp_path / "bucket")
    monkeypatch.setattr(chosen_synapses, "INTERVAL", 200_000)
    monkeypatch.setattr(chosen_synapses, "_AHEAD", 150_000)
    monkeypatch.setattr(chosen_synapses, "_TEXT", 300_000)
    monkeypatch.setattr(resumable, "WAITS", (0.0, 0.0))
    with serve(tmp_path / "bucket") as server:
        monkeypatch.setenv("MICRONS_STATIC_URL", server.url)
        yield server


@pytest.fixture
def ids(sample) -> np.ndarray:
    with_autapses = sample.select(cell_type="BC", proofread=True)
    return np.sort([*sample.select(proofread=True)[:15], *with_autapses[:5]])
