"""Fixtures that all tests share: real data where there is any, and small made tables."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import settings
from once_per_run import OncePerRun
from small_world import cell_frame, synapse_frame
from work_units import UnitScheduling, longest_first
from xdist.remote import Producer
from xdist.workermanage import WorkerController

import microns_widgets as mw
from tests.notebooks.chapter_runs import ChapterRuns

mpl.use("Agg")

# A test says what is right, not how fast: shared machines pause now and then.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> UnitScheduling:
    return UnitScheduling(config, log)


# After pytest itself has put tests together that share the case of a fixture.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = longest_first(items)


LEFT_OUT = pytest.StashKey[int]()


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Count the long proofs that were left out, for the summary."""
    if items:
        config = items[0].config
        left_out = sum("long" in item.keywords for item in items)
        config.stash[LEFT_OUT] = config.stash.get(LEFT_OUT, 0) + left_out


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    # In a process of pytest-xdist: all of them leave out the same.
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["left_out"] = session.config.stash.get(LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: WorkerController) -> None:
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if left_out := config.stash.get(LEFT_OUT, 0):
        line = f"{left_out} long proofs were left out: `make test-all` runs them, too."
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder with public MICrONS data (see README, "Tests on real data")."""
    named = os.environ.get("MICRONS_REAL_DATA")
    if not named:
        pytest.skip("MICRONS_REAL_DATA is unset: `make real-data` fetches the files")
    folder = Path(named)
    if not (folder / "cell_info_1300.feather").is_file():
        pytest.skip(f"MICRONS_REAL_DATA names {folder}, which has no cell_info_1300.feather")
    return folder


@pytest.fixture(scope="session")
def once_per_run(tmp_path_factory: pytest.TempPathFactory) -> OncePerRun:
    """What is made once for all processes of this run of the tests."""
    own = tmp_path_factory.getbasetemp()
    run = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    return OncePerRun(run / "once-per-run")


@pytest.fixture(scope="session")
def chapter_runs(once_per_run: OncePerRun) -> ChapterRuns:
    """The course's chapters, executed once for all tests."""
    return ChapterRuns(once_per_run)


@pytest.fixture
def no_front_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the built front end by empty modules, for tests of a widget's Python alone."""
    for module in ("cell-picker", "skeleton-viewer", "token-panel"):
        (tmp_path / f"{module}.js").write_text("export default {}")
    monkeypatch.setattr("microns_widgets.widgets._base.MicronsWidget._static", tmp_path)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    # No test reads or fills the cache of whoever runs it.
    monkeypatch.setenv("MICRONS_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture(autouse=True)
def _closed_figures() -> Iterator[None]:
    yield
    from matplotlib import pyplot as plt

    plt.close("all")


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(1300)


@pytest.fixture
def cells() -> pd.DataFrame:
    return cell_frame()


@pytest.fixture
def synapses() -> pd.DataFrame:
    return synapse_frame()


@pytest.fixture(scope="session")
def sample() -> mw.Connectome:
    """The built-in sample, as a student opens it."""
    return mw.load(quiet=True)
