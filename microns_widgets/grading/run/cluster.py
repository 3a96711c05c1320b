"""Runs tasks on a Dask cluster.

Notebooks are sent to the workers and plain JSON comes back; keys and marks stay here. A worker
needs this package, bubblewrap, and the data, unless the data are the sample. Losing a worker costs
only time: its tasks run again elsewhere, and since a result depends only on its task, nothing is
counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from microns_widgets.dask_cluster import cluster_client
from microns_widgets.grading.run.local import MakeTask, Results
from microns_widgets.grading.run.task import Task, run_task

#: Tasks submitted ahead for each thread of the cluster, so that no thread is idle.
_AHEAD = 2
#: How often a task may lose its worker: machines fail, though no submission can end a worker.
_RETRIES = 5


def run_on_cluster(tasks: Iterable[MakeTask], address: str, jobs: int) -> Results:
    """Run tasks on a cluster.

    Parameters
    ----------
    tasks : iterable of callables
        Each makes a task when its turn comes.
    address : str
        ``tcp://host:port`` of a scheduler, or ``"local"`` for a cluster of `jobs` processes
        on this machine.
    jobs : int
        Processes of a local cluster.

    Yields
    ------
    tuple
        Name, key and result of each task, in the order in which they finish.

    Raises
    ------
    ClusterError
        If the cluster cannot be used.
    """
    with cluster_client(address, jobs) as client:
        yield from _run(client, tasks)


def _run(client: Any, tasks: Iterable[MakeTask]) -> Results:
    # It takes a second to import, and only grading on a cluster needs it.
    from distributed import as_completed

    threads = sum(client.nthreads().values())
    waiting = iter(tasks)
    done = as_completed([], with_results=True)
    for make in waiting:
        done.add(_submit(client, make()))
        threads -= 1
        if threads <= -_AHEAD:
            break
    for future, result in done:
        yield result
        # A future that is held here keeps its result on the cluster.
        future.release()
        for make in waiting:
            done.add(_submit(client, make()))
            break


def _submit(client: Any, task: Task) -> Any:
    # Not pure, and with a key of its own: equal notebooks of two students are two tasks.
    return client.submit(
        _run_on_worker, task, key=f"grade-{task.name}-{task.key}", retries=_RETRIES, pure=False
    )


def _run_on_worker(task: Task) -> tuple[str, str, dict[str, Any]]:
    return task.name, task.key, run_task(task)
