"""The same tasks on a Dask cluster.

Notebooks travel to the workers and plain JSON comes back; keys and marks stay here. A worker
needs this package, bubblewrap, and the data where they are not the sample. One that is lost costs
nothing but time: its tasks are done again elsewhere, and since a task's result depends on nothing
but the task, none is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from microns_widgets.dask_cluster import cluster_client
from microns_widgets.grading.run.local import MakeTask, Results
from microns_widgets.grading.run.task import Task, work

#: Tasks handed over for each thread of the cluster, so that none waits for us.
_AHEAD = 2
#: How often a task may lose its worker. A submission cannot take a worker down; a machine can.
_RETRIES = 5


def run_on_cluster(tasks: Iterable[MakeTask], address: str, jobs: int) -> Results:
    """Do tasks on a cluster.

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
        A task's name, its key and its result, as they come.

    Raises
    ------
    ClusterError
        If the cluster cannot be used.
    """
    with cluster_client(address, jobs) as client:
        yield from _run(client, tasks)


def _run(client: Any, tasks: Iterable[MakeTask]) -> Results:
    # It takes a second to import, and only who grades on a cluster needs it.
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
        # What is held here is held on the cluster: let it go.
        future.release()
        for make in waiting:
            done.add(_submit(client, make()))
            break


def _submit(client: Any, task: Task) -> Any:
    # A key of its own, and not a pure one: equal notebooks of two students are two tasks.
    return client.submit(
        _named, task, key=f"grade-{task.name}-{task.key}", retries=_RETRIES, pure=False
    )


def _named(task: Task) -> tuple[str, str, dict[str, Any]]:
    return task.name, task.key, work(task)
