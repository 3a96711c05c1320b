"""Runs tasks on this machine, several at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from microns_widgets.grading.run.task import Task, run_task

#: Name, key and result of each task, in the order in which they finish.
Results = Iterator[tuple[str, str, dict[str, Any]]]
#: Makes a task when its turn comes, so that a thousand notebooks are not in memory at once.
MakeTask = Callable[[], Task]


def run_locally(tasks: Iterable[MakeTask], jobs: int) -> Results:
    """Run tasks in sandboxes on this machine.

    Threads are enough, since each waits for a separate process.
    """
    running: set[Future[tuple[str, str, dict[str, Any]]]] = set()
    with ThreadPoolExecutor(jobs) as threads:
        try:
            for make in tasks:
                running.add(threads.submit(_make_and_run, make))
                if len(running) > jobs:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        yield future.result()
            for future in running:
                yield future.result()
        finally:
            for future in running:
                future.cancel()


def _make_and_run(make: MakeTask) -> tuple[str, str, dict[str, Any]]:
    task = make()
    return task.name, task.key, run_task(task)
