"""A Dask cluster builds the index that one machine does, even when it loses a worker."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from small_world import random_synapses

from microns_widgets.errors import ClusterError
from microns_widgets.scale.build import build_folder
from microns_widgets.synapses.files import COLUMNS, FOLDER
from microns_widgets.tables.reading import write_feather

pytest.importorskip("duckdb", reason="needs the extra 'scale'")
distributed = pytest.importorskip("distributed", reason="needs the extra 'scale'")

# What Dask and tornado leave open when a worker is lost is theirs to close.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]


@pytest.fixture(scope="module")
def table(tmp_path_factory) -> Path:
    ids = 864691135000000000 + 7 * np.arange(3_000)
    path = tmp_path_factory.mktemp("table") / "synapses.feather"
    write_feather(random_synapses(600_000, ids, np.random.default_rng(3)), path)
    return path


@pytest.fixture(scope="module")
def alone(table, tmp_path_factory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("alone")
    return content(build_folder(table, out, memory=512_000_000, progress=False))


@pytest.fixture(scope="module")
def client():
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", memory_limit="1GB"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def content(home: Path) -> dict[str, bytes]:
    return {name: (home / name).read_bytes() for name in COLUMNS}


def test_a_cluster_writes_the_same_bytes(table, alone, client, tmp_path):
    address = client.scheduler.address
    home = build_folder(table, tmp_path, memory=512_000_000, dask=address, progress=False)
    assert content(home) == alone


def test_a_lost_worker_changes_nothing(table, alone, client, tmp_path):
    pids = client.run(os.getpid)
    work, lost = tmp_path / f".{FOLDER}-work", []

    def kill_one() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not lost:
            if list(work.glob("done/sort-*.json")):
                os.kill(next(iter(pids.values())), signal.SIGKILL)
                lost.append(work.is_dir())
            time.sleep(0.001)

    killer = threading.Thread(target=kill_one)
    killer.start()
    home = build_folder(table, tmp_path, memory=512_000_000, dask=client, progress=False)
    killer.join()
    assert lost == [True], "the worker was lost in the midst of the work"
    assert content(home) == alone


def test_no_scheduler_at_an_address_is_reported(table, tmp_path, monkeypatch):
    with pytest.raises(ClusterError, match="no Dask scheduler at nowhere"):
        build_folder(table, tmp_path, dask="nowhere://1", progress=False)


def test_a_cluster_without_workers_is_reported(table, tmp_path):
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0") as empty,
        pytest.raises(ClusterError, match="has no workers"),
    ):
        build_folder(table, tmp_path, dask=empty.scheduler_address, progress=False)
