"""The work folder of a build: what is done already, and that nobody else is at it."""

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
    """Which tasks are done, noted in files that outlive a kill.

    Parameters
    ----------
    folder : path
        The work folder. What another job left there is removed.
    fingerprint : dict
        What this job is: with an equal one, a build goes on where it was interrupted.
    budget : int
        Bytes of memory for a task, which decide how the work is divided. A build that is
        gone on with keeps its own, if it is not more than this.
    any_budget : bool
        Whether it keeps its own in any case.

    Attributes
    ----------
    budget : int
        The one to keep to.
    """

    def __init__(
        self, folder: Path, fingerprint: dict[str, Any], budget: int, *, any_budget: bool = False
    ) -> None:
        self.folder = folder
        known: dict[str, Any] = {}
        with suppress(OSError, ValueError):  # no job here, or one that was not noted to its end
            known = json.loads((folder / _JOB).read_text())
        resumed = known.get("job") == fingerprint and (any_budget or known["budget"] <= budget)
        self.budget: int = known["budget"] if resumed else budget
        if not resumed:
            shutil.rmtree(folder, ignore_errors=True)
        for name in ("done", "converted", "sample", "runs", "parts", "cells", "index"):
            (folder / name).mkdir(parents=True, exist_ok=True)
            sweep(folder / name, older_than=0)
        write_text(folder / _JOB, json.dumps({"job": fingerprint, "budget": self.budget}))

    def results(self, stage: str) -> dict[int, dict[str, Any]]:
        """Results of the tasks of a stage that are done, by number."""
        found = {}
        for path in (self.folder / "done").glob(f"{stage}-*.json"):
            found[int(path.stem.rpartition("-")[2])] = json.loads(path.read_text())
        return found

    def note(self, stage: str, number: int, result: dict[str, Any]) -> None:
        """Note that a task is done."""
        write_text(self.folder / "done" / f"{stage}-{number}.json", json.dumps(result))


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold a lock file; raise `IndexExists` if another process holds it."""
    with path.open("a+b") as file:
        try:
            # Windows has no such module; there, two builds at once are not noticed.
            import fcntl
        except ImportError:
            yield
            return
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise IndexExists(
                f"{path.parent}: another process is building an index there. Wait for it, or name "
                "another folder."
            ) from error
        # The lock ends with the process, however that ends; the empty file may stay.
        yield
        with suppress(OSError):
            os.unlink(path)
