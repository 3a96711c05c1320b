"""Measures time and peak memory of a job in a separate process."""

from __future__ import annotations

import gc
import importlib
import json
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.step import Job, Measurement, Work, Workload

# A fast step is repeated until this many seconds have passed; a slow one is not repeated
# once its runs have taken this many seconds in total.
_AT_LEAST_S = 2.0
_ENOUGH_S = 20.0


def measure(job: Job, workload: Workload, repeats: int, *, fresh: bool = False) -> Measurement:
    """Run a job in a new Python process and measure it.

    Parameters
    ----------
    job : Job
        A top-level function of its module.
    workload : Workload
        Its input.
    repeats : int
        Number of runs; more if the job is fast, fewer if it is slow.
    fresh : bool
        Whether each run has its own process.

    Raises
    ------
    RuntimeError
        If the process fails, with the end of its output.
    """
    runs = [_in_new_process(job, workload, 1) for _ in range(repeats if fresh else 0)]
    if not fresh:
        return _in_new_process(job, workload, repeats)
    seconds = [second for run in runs for second in run.seconds]
    return Measurement(seconds, runs[0].peak_bytes, runs[0].answer)


def _in_new_process(job: Job, workload: Workload, repeats: int) -> Measurement:
    name = f"{job.__module__}:{job.__qualname__}"
    finished = subprocess.run(
        [sys.executable, "-m", __name__, name, str(workload.folder), str(repeats)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise RuntimeError(f"{name} failed:\n{finished.stderr[-4000:]}")
    return Measurement(**json.loads(finished.stdout.splitlines()[-1]))


def timed(work: Work, repeats: int) -> Measurement:
    """Run prepared work in this process: the first run for memory, all runs for time."""
    gc.collect()
    before = _reset_peak()
    start = time.perf_counter()
    result = work.run()
    seconds = [time.perf_counter() - start]
    peak = _peak_bytes()
    answer = work.answer(result)
    del result
    while (len(seconds) < repeats and sum(seconds) < _ENOUGH_S) or (
        repeats > 1 and sum(seconds) < _AT_LEAST_S
    ):
        start = time.perf_counter()
        result = work.run()
        seconds.append(time.perf_counter() - start)
        del result
    more = None if before is None or peak is None else max(peak - before, 0)
    return Measurement(seconds, more, answer)


def _reset_peak() -> int | None:
    """Reset the peak memory of this process to its current memory; return that in bytes."""
    with suppress(OSError):  # not Linux, or not allowed
        Path("/proc/self/clear_refs").write_text("5")
        return _peak_bytes()
    return None


def _peak_bytes() -> int | None:
    # Not getrusage: its peak includes that of the parent process.
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return None


def _main(name: str, folder: str, repeats: str) -> None:
    module, function = name.split(":")
    job: Job = getattr(importlib.import_module(module), function)
    work = job(Workload(Path(folder)))
    print(json.dumps(vars(timed(work, int(repeats)))))


if __name__ == "__main__":
    _main(*sys.argv[1:])
