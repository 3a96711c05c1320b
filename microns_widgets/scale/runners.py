"""Runs the tasks of a build, in threads of this process or on a Dask cluster."""

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
    """Runs independent tasks."""

    #: Bytes of memory that a task may use.
    budget: int

    def run(self, task: Task, job: Any, items: Mapping[int, Any]) -> Iterator[tuple[int, Any]]:
        """Run ``task(job, item)`` for each item; yield number and result as each one is done."""
        ...


class Threads:
    """Runs tasks in parallel in this process, within a memory limit for all of them."""

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
                # After an error or an interrupt, no further task is started.
                pool.shutdown(wait=True, cancel_futures=True)


class Cluster:
    """Runs tasks on the workers of a Dask cluster that share a folder with this process."""

    def __init__(self, client: Any, memory: int | None) -> None:
        self._client = client
        workers = client.scheduler_info(n_workers=-1)["workers"].values()
        least = min(one["memory_limit"] / one["nthreads"] for one in workers)
        # A worker pauses when it uses 80 % of its memory.
        limit = memory if memory is not None else int(0.7 * least) if least else 2_000_000_000
        self.budget = workers_and_budget(max(limit, 1), 1)[1]

    def check_shared(self, folder: Path) -> None:
        """Raise `ClusterError` unless every worker has access to the folder."""
        marker = folder / ".visible-to-all"
        marker.touch()
        try:
            visible = self._client.run(os.path.exists, str(marker))
        finally:
            marker.unlink()
        without = [address for address, has_access in visible.items() if not has_access]
        if without:
            raise ClusterError(
                f"Dask workers without access to {folder}: {', '.join(without)}. Choose a folder "
                "that all workers share under the same path."
            )

    def run(self, task: Task, job: Any, items: Mapping[int, Any]) -> Iterator[tuple[int, Any]]:
        """Run the tasks; one whose worker is lost runs again elsewhere."""
        # Imported here: it takes a second to import, and is needed only with a cluster.
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
    """Return a runner: threads of this process, or a Dask cluster.

    Parameters
    ----------
    dask : str or distributed.Client, optional
        Address of a Dask scheduler, ``"local"`` for a temporary cluster on this machine, or a
        client. Default: threads of this process.
    memory : int, optional
        Bytes of memory that the process, or on a cluster each task, may use. Default: half
        of the free memory; on a cluster 70 % of a worker's memory.
    """
    if dask is None:
        yield Threads(memory if memory is not None else free_memory() // 2)
        return
    with cluster_client(dask) as client:
        yield Cluster(client, memory)
