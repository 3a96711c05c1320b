"""Fetches the skeletons that a viewer shows, in threads, since a service may take long.

In a browser without threads, a skeleton is fetched when it is asked for.
"""

from __future__ import annotations

from concurrent.futures import Executor, Future
from functools import cached_property

from microns_widgets._threads import thread_pool
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.connectome import Connectome


class SkeletonRequests:
    """The latest requests for skeletons.

    Parameters
    ----------
    con : Connectome
        Source of the skeletons.
    most : int
        Number of skeletons in memory.
    """

    def __init__(self, con: Connectome, most: int) -> None:
        self._con, self._most = con, most
        self._futures: dict[int, Future[Skeleton]] = {}

    @cached_property
    def _threads(self) -> Executor:
        return thread_pool(2, "skeletons")

    def future(self, root_id: int) -> Future[Skeleton]:
        """Return the future of a skeleton; one that failed is requested again."""
        future = self._futures.get(root_id)
        if future is None or (future.done() and future.exception()):
            # The oldest are dropped: a picker may lead through thousands of cells.
            while len(self._futures) >= self._most:
                self._futures.pop(next(iter(self._futures)))
            future = self._futures[root_id] = self._threads.submit(self._con.skeleton, root_id)
        return future

    def result(self, root_id: int, timeout: float | None = None) -> Skeleton:
        """Wait for a skeleton, at most `timeout` seconds."""
        return self.future(root_id).result(timeout)

    def cancel(self) -> None:
        """Cancel the requests that have not begun."""
        self._threads.shutdown(wait=False, cancel_futures=True)
