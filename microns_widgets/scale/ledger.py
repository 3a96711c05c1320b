"""The work folder of a build: which tasks are done, and a lock against a second build."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from microns_widgets._files import sweep, write_text
from microns_widgets.errors import IndexExists

_JOB = "job.json"


class Ledger:
    """Record of finished tasks, in files that survive a kill.

    Parameters
    ----------
    folder : path
        The work folder. Files of a different job in it are removed.
    fingerprint : dict
        Identifies the job: with an equal fingerprint, an interrupted build is resumed.
    budget : int
        Bytes of memory per task, which determine how the work is divided. A resumed build
        keeps its previous budget, unless that is larger than this one.
    any_budget : bool
        Whether a resumed build keeps its previous budget in any case.

    Attributes
    ----------
    budget : int
        The budget to use.
    """

    def __init__(
        self, folder: Path, fingerprint: dict[str, Any], budget: int, *, any_budget: bool = False
    ) -> None:
        self.folder = folder
        previous: dict[str, Any] = {}
        with suppress(OSError, ValueError):  # no job file, or a damaged one
            previous = json.loads((folder / _JOB).read_text())
        resumed = previous.get("job") == fingerprint and (
            any_budget or previous["budget"] <= budget
        )
        self.budget: int = previous["budget"] if resumed else budget
        if not resumed:
            shutil.rmtree(folder, ignore_errors=True)
        for name in ("done", "converted", "sample", "runs", "parts", "cells", "index"):
            (folder / name).mkdir(parents=True, exist_ok=True)
            sweep(folder / name, older_than=0)
        write_text(folder / _JOB, json.dumps({"job": fingerprint, "budget": self.budget}))

    def results(self, stage: str) -> dict[int, dict[str, Any]]:
        """Return the results of the finished tasks of a stage, by number."""
        results = {}
        for path in (self.folder / "done").glob(f"{stage}-*.json"):
            results[int(path.stem.rpartition("-")[2])] = json.loads(path.read_text())
        return results

    def note(self, stage: str, number: int, result: dict[str, Any]) -> None:
        """Record that a task is done."""
        write_text(self.folder / "done" / f"{stage}-{number}.json", json.dumps(result))


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold a lock file; raise `IndexExists` if another process holds it."""
    with path.open("a+b") as file:
        try:
            # Windows does not have this module; there, two simultaneous builds are not detected.
            import fcntl
        except ImportError:
            yield
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise IndexExists(
                f"{path.parent}: another process is working in this folder. Wait until "
                "it is done, or choose another folder."
            ) from error
        # The lock is released when the process ends, even if it is killed; the file may remain.
        yield
        with suppress(OSError):
            os.unlink(path)
