"""Tests share what is costly, and are dealt out so that what they share stays together."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from once_per_run import OncePerRun
from work_units import unit_of

ASK = """
import sys, time
from pathlib import Path
from once_per_run import OncePerRun
def fill(folder):
    time.sleep(0.3)
    (folder / "made").write_text("whole")
    with (Path(sys.argv[1]) / "log").open("a") as log:
        log.write("made ")
print((OncePerRun(Path(sys.argv[1])).folder("costly", fill) / "made").read_text())
"""


def test_processes_that_ask_at_once_make_it_once_and_all_get_it_whole(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ASK, str(tmp_path)]
    folder = Path(__file__).parents[1]
    asking = [
        subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    assert [process.communicate(timeout=60)[0] for process in asking] == 3 * ["whole\n"]
    assert (tmp_path / "log").read_text() == "made "


def test_what_an_attempt_that_failed_has_left_is_gone_for_the_next(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise OSError("The disk is full.")

    shared = OncePerRun(tmp_path)
    with pytest.raises(OSError, match="full"):
        shared.folder("costly", fail)
    assert list(shared.folder("costly", lambda folder: (folder / "made").touch()).iterdir()) == [
        tmp_path / "costly" / "made"
    ]


@pytest.mark.parametrize(
    ("test", "unit"),
    [
        ("tests/unit/test_depth.py::test_a[1]", "tests/unit/test_depth.py"),
        (
            "tests/browser/test_link.py::test_a[jupyterlab]",
            "tests/browser/test_link.py[jupyterlab]",
        ),
        (
            "tests/browser/test_token_panel_without_kernel.py::test_a[notebook-7-dark]",
            "tests/browser/test_token_panel_without_kernel.py[notebook-7]",
        ),
        (
            "tests/notebooks/test_course.py::test_a[start]",
            "tests/notebooks/test_course.py::test_a[start]",
        ),
        ("tests/grading/test_attacks.py::test_a[forks]", "tests/grading/test_attacks.py::test_a"),
    ],
)
def test_a_unit_is_a_file_in_one_host_or_a_test_that_shares_nothing(test: str, unit: str) -> None:
    assert unit_of(test) == unit
