"""Tasks done on this machine, several at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from microns_widgets.grading.run.task import Task, work

#: Gives each task's name, its key and its result as they are done, in any order.
Results = Iterator[tuple[str, str, dict[str, Any]]]
#: A task is made when its turn comes: a thousand notebooks are not held at once.
MakeTask = Callable[[], Task]


def run_locally(tasks: Iterable[MakeTask], jobs: int) -> Results:
    """Do tasks in sandboxes of this machine.

    Threads are enough: each waits for a process of its own.
    """
    running: set[Future[tuple[str, str, dict[str, Any]]]] = set()
    with ThreadPoolExecutor(jobs) as threads:
        try:
            for make in tasks:
                running.add(threads.submit(_done, make))
                if len(running) > jobs:
                    finished, running = wait(running, return_when=FIRST_COMPLETED)
                    for one in finished:
                        yield one.result()
            for one in running:
                yield one.result()
        finally:
            for one in running:
                one.cancel()


def _done(make: MakeTask) -> tuple[str, str, dict[str, Any]]:
    task = make()
    return task.name, task.key, work(task)
