"""A cluster gives the marks that one machine gives, whatever becomes of its workers."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from grading.grading_course import Course
from grading.small_course import RIGHT, submission

from microns_widgets.errors import ClusterError

distributed = pytest.importorskip("distributed", reason="Dask is not installed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("with_bubblewrap"),
    # Dask leaves sockets and loops to the end of the process.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    course = Course(tmp_path)
    slow = {"total": "import time\ntime.sleep(0.5)\ntotal = 55", "odd": RIGHT["odd"]}
    course.hand_in(
        {f"Student {i}": submission(slow if i % 2 else RIGHT, student=f"s{i}") for i in range(8)}
    )
    return course


def marks(course: Course, out: str, **changed: object) -> str:
    graded = course.grade(out=course.folder / out, **changed)
    return json.dumps({name: [m.to_json() for m in one.marks] for name, one in graded.items()})


@pytest.mark.long
def test_a_worker_that_is_killed_in_the_middle_loses_and_doubles_no_mark(course):
    alone = marks(course, "alone")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0"
    ) as cluster:
        runs = course.folder / "cluster" / ".runs"
        killed: list[int] = []

        def kill_one() -> None:
            while not (runs.is_dir() and any(runs.iterdir())):
                time.sleep(0.02)
            worker = next(iter(cluster.workers.values()))
            killed.append(worker.pid)
            os.kill(worker.pid, signal.SIGKILL)

        killer = threading.Thread(target=kill_one)
        killer.start()
        together = marks(course, "cluster", dask=cluster.scheduler_address)
        killer.join()
    assert killed
    assert together == alone
    assert len(list(runs.iterdir())) == 8


def test_where_there_is_no_cluster_it_is_said(course):
    with pytest.raises(ClusterError, match="no Dask scheduler"):
        marks(course, "nowhere", dask="tcp://127.0.0.1:9")
