"""Who runs the tasks of a build: threads of this process, or a Dask cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from microns_widgets._machine import cpu_count, free_memory
from microns_widgets.dask_cluster import cluster_client
from microns_widgets.errors import ClusterError
from microns_widgets.scale.job import workers_and_budget

Task = Callable[[Any, Any], dict[str, Any]]


class Runner(Protocol):
    """Runs tasks that do not depend on each other."""

    #: Bytes of memory that a task may take.
    budget: int

    def run(self, task: Task, job: Any, items: Mapping[int, Any]) -> Iterator[tuple[int, Any]]:
        """Run ``task(job, item)`` for each item; yield its number and result when it is done."""
        ...


class Threads:
    """Tasks beside each other in this process, all of which stay below a limit of memory."""

    def __init__(self, memory: int) -> None:
        self._workers, self.budget = workers_and_budget(memory, cpu_count())

    def run(self, task: Task, job: Any, items: Mapping[int, Any]) -> Iterator[tuple[int, Any]]:
        """Run the tasks; see `Runner`."""
        with ThreadPoolExecutor(self._workers) as pool:
            waiting: dict[Future[dict[str, Any]], int] = {
                pool.submit(task, job, item): number for number, item in items.items()
            }
            try:
                for future in as_completed(waiting):
                    yield waiting[future], future.result()
            finally:
                # After an error or an interrupt nothing new is begun.
                pool.shutdown(wait=True, cancel_futures=True)


class Cluster:
    """Tasks on the workers of a Dask cluster that share a folder with this process."""

    def __init__(self, client: Any, memory: int | None) -> None:
        self._client = client
        workers = client.scheduler_info(n_workers=-1)["workers"].values()
        least = min(one["memory_limit"] / one["nthreads"] for one in workers)
        # A worker pauses when four fifths of its memory are full.
        given = memory if memory is not None else int(0.7 * least) if least else 2_000_000_000
        self.budget = workers_and_budget(max(given, 1), 1)[1]

    def check_shared(self, folder: Path) -> None:
        """Raise `ClusterError` unless every worker sees the folder."""
        sign = folder / ".seen-by-all"
        sign.touch()
        try:
            seen = self._client.run(os.path.exists, str(sign))
        finally:
            sign.unlink()
        blind = [address for address, sees in seen.items() if not sees]
        if blind:
            raise ClusterError(
                f"The worker {blind[0]} does not see {folder}, nor do {len(blind) - 1} others. "
                "Name a folder that all workers share, by the same path."
            )

    def run(self, task: Task, job: Any, items: Mapping[int, Any]) -> Iterator[tuple[int, Any]]:
        """Run the tasks; one whose worker is lost runs again elsewhere."""
        # distributed takes a second to import; only who has a cluster needs it.
        from distributed import as_completed as as_gathered

        waiting = {
            self._client.submit(task, job, item, pure=False): number
            for number, item in items.items()
        }
        try:
            for future in as_gathered(waiting):
                yield waiting[future], future.result()
        finally:
            self._client.cancel(list(waiting))


@contextmanager
def runner_for(dask: str | Any | None, memory: int | None) -> Iterator[Threads | Cluster]:
    """Give a runner: threads, or a cluster by address, client, or ``"local"`` for one of our own.

    Parameters
    ----------
    dask : str or distributed.Client, optional
        Threads of this process without it.
    memory : int, optional
        Bytes that the process, or on a cluster each task, may take. By default half of
        what is free now, and seven tenths of a worker's.
    """
    if dask is None:
        yield Threads(memory if memory is not None else free_memory() // 2)
        return
    with cluster_client(dask) as client:
        yield Cluster(client, memory)
