"""A build shows its progress, also while it reads a large CSV file."""

from __future__ import annotations

import io
import re
import threading
from contextlib import redirect_stderr

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest
from small_world import random_synapses

from microns_widgets.scale import progress
from microns_widgets.scale.csv_tables import convert
from microns_widgets.scale.inputs import find_sources

pytest.importorskip("duckdb", reason="needs the extra 'scale'")

IDS = 864691135000000000 + np.arange(1_000)


class Terminal(io.StringIO):
    """Remembers the percentages that were shown, in their order."""

    def isatty(self) -> bool:
        return True

    def shown(self) -> list[int]:
        return [int(found) for found in re.findall(r"(\d+)% ", self.getvalue())]


def test_reading_csv_reports_its_progress_repeatedly(tmp_path):
    path = tmp_path / "synapses.csv"
    frame = random_synapses(1_000_000, IDS, np.random.default_rng(0))
    pa.csv.write_csv(pa.Table.from_pandas(frame), path)
    (source,) = find_sources(path, {})
    reports: list[int] = []
    convert(source, tmp_path / "0.arrow", 100_000, reports.append)
    assert reports == sorted(reports)
    assert reports[0] < path.stat().st_size == reports[-1], (
        "not all of it was read before the first"
    )


def test_stages_add_up_to_a_whole():
    with redirect_stderr(Terminal()) as terminal:
        bar = progress.Progress(csv=False, visible=True)
        for stage in ("count", "split", "sort", "distinct", "merge", "link", "seal"):
            with bar.stage(stage, 4) as advance:
                advance(1)
                advance(3)
        bar.close()
    shown = terminal.shown()
    assert shown == sorted(shown)
    assert (shown[0], shown[-1]) == (0, 100)


def test_a_task_that_takes_long_is_looked_at_before_it_is_done(monkeypatch):
    monkeypatch.setattr(progress, "_INTERVAL", 0.01)
    looked = threading.Semaphore(0)

    def partial() -> int:
        looked.release()
        return 50

    with redirect_stderr(Terminal()) as terminal:
        bar = progress.Progress(csv=True, visible=True)
        with bar.stage("convert", 100, partial) as advance:
            # The result of the first update is visible by the second.
            assert all(looked.acquire(timeout=30) for _ in range(2))
            half = max(terminal.shown())
            advance(100)
        bar.close()
    # Reading is more than half of the whole.
    assert 25 < half < 50 < max(terminal.shown())
