"""Progress of a build: one bar for all its stages, with the remaining time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm.auto import tqdm

# Label of each stage, and its relative duration per synapse.
_STAGES = {
    "convert": ("Reading CSV", 20.0),
    "count": ("Counting", 0.5),
    "split": ("Checking and splitting", 3.0),
    "sort": ("Sorting", 8.0),
    "distinct": ("Finding duplicates", 0.5),
    "merge": ("Merging outputs", 2.0),
    "link": ("Linking both sides", 0.5),
    "seal": ("Checksums", 1.0),
}
# Seconds between two updates while a long task runs.
_INTERVAL = 1.0


class Progress:
    """The progress bar.

    Parameters
    ----------
    csv : bool
        Whether CSV files are read, which is a stage of its own.
    visible : bool
        Whether to show the bar.
    """

    def __init__(self, *, csv: bool, visible: bool) -> None:
        stages = _STAGES if csv else _STAGES.keys() - {"convert"}
        self._total = sum(_STAGES[stage][1] for stage in stages)
        self._finished = 0.0
        self._bar = tqdm(
            total=self._total,
            disable=None if visible else True,
            bar_format="{desc:<22} {percentage:3.0f}% |{bar}| {elapsed} elapsed, {remaining} left",
        )

    def close(self) -> None:
        """Close the bar; what it shows stays visible."""
        self._bar.close()

    @contextmanager
    def stage(
        self, name: str, size: int, partial: Callable[[], int] = lambda: 0
    ) -> Iterator[Callable[[int], None]]:
        """Show the progress of a stage.

        Parameters
        ----------
        name : str
            Name of the stage.
        size : int
            Total amount of work, in any unit.
        partial : callable
            Returns the amount of work done in unfinished tasks, for stages with long tasks.

        Yields
        ------
        callable
            To be called with the additional amount of work that is done.
        """
        description, weight = _STAGES[name]
        before, done, over = self._finished, 0, threading.Event()

        def show(more: int) -> None:
            part = min((done + more) / max(size, 1), 1.0)
            self._bar.n = min(before + weight * part, self._total)
            self._bar.refresh()

        def advance(more: int) -> None:
            nonlocal done
            done += more
            show(0)

        def watch() -> None:
            while not over.wait(_INTERVAL):
                show(partial())

        self._bar.set_description_str(description)
        watching = threading.Thread(target=watch, daemon=True)
        watching.start()
        try:
            yield advance
        finally:
            over.set()
            watching.join()
        self._finished = before + weight
