"""How far a build is: one bar over all its stages, with the time that is left."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm.auto import tqdm

# What each stage is called, and how long it takes for each synapse beside the others.
_STAGES = {
    "convert": ("Reading CSV", 20.0),
    "survey": ("Counting", 0.5),
    "split": ("Checking and splitting", 3.0),
    "sort": ("Sorting", 8.0),
    "distinct": ("Looking for duplicates", 0.5),
    "merge": ("Outputs of each cell", 2.0),
    "link": ("Linking both sides", 0.5),
    "seal": ("Checksums", 1.0),
}
# A task that takes long is looked at so often, in seconds.
_GLANCE = 1.0


class Progress:
    """The bar.

    Parameters
    ----------
    csv : bool
        Whether there is a stage of reading CSV.
    shown : bool
        Whether it is shown at all.
    """

    def __init__(self, *, csv: bool, shown: bool) -> None:
        stages = _STAGES if csv else _STAGES.keys() - {"convert"}
        self._total = sum(_STAGES[stage][1] for stage in stages)
        self._finished = 0.0
        self._bar = tqdm(
            total=self._total,
            disable=None if shown else True,
            bar_format="{desc:<22} {percentage:3.0f}% |{bar}| {elapsed} gone, {remaining} left",
        )

    def close(self) -> None:
        """Leave the bar as it is."""
        self._bar.close()

    @contextmanager
    def stage(
        self, name: str, size: int, begun: Callable[[], int] = lambda: 0
    ) -> Iterator[Callable[[int], None]]:
        """Show a stage.

        Parameters
        ----------
        name : str
            Of the stage.
        size : int
            How much it is in all, in whatever unit.
        begun : callable
            How much is done of tasks that are not done yet, where these take long.

        Yields
        ------
        callable
            To be called with how much more is done.
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
            while not over.wait(_GLANCE):
                show(begun())

        self._bar.set_description_str(description)
        watching = threading.Thread(target=watch, daemon=True)
        watching.start()
        try:
            yield advance
        finally:
            over.set()
            watching.join()
        self._finished = before + weight
