"""The widget of the live tests: its front end is ``frontend/test/probe/``.

It uses every way between Python and the browser, so that a test in a host proves all that
the package's widgets rely on there.
"""

from __future__ import annotations

import io
import os
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import traitlets
from matplotlib.figure import Figure

from microns_widgets.widgets._base import MicronsWidget
from microns_widgets.widgets._requests import Reply, answers
from microns_widgets.widgets._traits import RootIds
from microns_widgets.widgets.columns import pack


def random_ids(n: int = 100_000) -> np.ndarray:
    """Return root ids of up to 63 bits, the same in every process."""
    return np.random.default_rng(1300).integers(0, 2**63, n)


class Probe(MicronsWidget):
    _module = "probe"
    # Where the tests have built it: conftest.py.
    _static = Path(os.environ.get("MICRONS_PROBE", "."))

    clicks = traitlets.Int(0).tag(sync=True)
    typed = traitlets.Unicode("").tag(sync=True)
    ids = RootIds()
    ids_by_trait = RootIds()
    ids_by_message: tuple[int, ...] = ()
    ids_by_csv: tuple[int, ...] = ()

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self._threads = ThreadPoolExecutor(1)

    def returned(self) -> dict[str, bool]:
        """Say of each way back whether the ids came exactly."""
        names = ("ids_by_trait", "ids_by_message", "ids_by_csv")
        return {name: getattr(self, name) == self.ids for name in names}

    def _still(self) -> Figure:
        figure = Figure(figsize=(3, 1))
        figure.text(0.1, 0.4, f"clicked {self.clicks}")
        return figure

    @answers("table")
    def _table(self, _content: object, _buffers: list[memoryview]) -> Reply:
        columns = {"depth": np.zeros(len(self.ids), np.int8), "pt_root_id": np.array(self.ids)}
        return Reply(buffers=[pack(columns, ids=["pt_root_id"])])

    @answers("ids_by_message")
    def _by_message(self, content: list[str], _buffers: list[memoryview]) -> None:
        self.ids_by_message = tuple(map(int, content))

    @answers("ids_by_csv")
    def _by_csv(self, _content: object, buffers: list[memoryview]) -> None:
        frame = pd.read_csv(io.BytesIO(bytes(buffers[0])))
        self.ids_by_csv = tuple(frame["pt_root_id"].tolist())

    @answers("slow")
    def _slow(self, _content: object, _buffers: list[memoryview]) -> Future[str]:
        def work() -> str:
            time.sleep(0.2)
            return "answered by a thread"

        return self._threads.submit(work)

    @answers("fail")
    def _fail(self, _content: object, _buffers: list[memoryview]) -> None:
        raise ValueError("This was to be expected.")
