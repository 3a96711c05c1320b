"""`microns grade` beside otter-grader and nbgrader, and a thousand submissions in flat memory.

Run it with ``python -m benchmarks.grading``.

The same exercise of two questions is written for each of them, and copies of one right answer are
graded one after the other: ours in its sandbox, theirs as they do by default on one machine, in
the student's own process. `make bench` installs the other two in ``.venv-graders``, since they
need different versions than the package.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from rich.console import Console
from rich.table import Table

from microns_widgets._machine import cpu_count
from microns_widgets.grading.grade import RUNS, Options, grade
from microns_widgets.grading.sandbox.settings import RunSettings
from microns_widgets.grading.sandbox.steps import choose_sandbox
from tests.grading.small_course import RIGHT, submission, write_master, write_submissions

GRADERS = Path(__file__).parents[1] / ".venv-graders" / "bin"
COPIES, MANY = 40, 1000
ANSWERS = {name: RIGHT[name] for name in ("total", "odd")}
_TESTS = {
    "total": "assert total == 55",
    "odd": "assert sorted(odd) == [1, 3, 5, 7, 9]\nassert n_odd == 5",
}


def ours(folder: Path, copies: int) -> tuple[float, float]:
    """Return the seconds for all of them, and those spent in their own cells."""
    course(folder, copies)
    started = time.perf_counter()
    _run(
        [sys.executable, "-m", "microns_widgets.cli", "grade", "submissions", "--jobs", "1"], folder
    )
    seconds = time.perf_counter() - started
    runs = [json.loads(path.read_text()) for path in (folder / "results" / RUNS).iterdir()]
    if len(runs) != copies:
        raise RuntimeError(f"{len(runs)} submissions were run, expected {copies}.")
    cells = (cell["seconds"] for one in runs for cell in one["result"]["run"]["cells"])
    return seconds, sum(cells)


def course(folder: Path, copies: int) -> None:
    """Write a master and submissions, each with its own id."""
    write_master(folder / "solutions")
    notebooks = {f"s{i}": submission(ANSWERS, student=f"s{i}") for i in range(copies)}
    write_submissions(folder / "submissions", notebooks)


def otter(folder: Path, copies: int) -> float:
    """Return the seconds that ``otter run`` takes for all of them."""
    folder.mkdir()
    raw, code = nbformat.v4.new_raw_cell, nbformat.v4.new_code_cell
    cells = [raw("# ASSIGNMENT CONFIG\nname: sums\nexport_cell: false\ngenerate: true")]
    for name, answer in ANSWERS.items():
        cells += [
            raw(f"# BEGIN QUESTION\nname: {name}"),
            raw("# BEGIN SOLUTION"),
            code("\n".join(f"{line} # SOLUTION" for line in answer.splitlines())),
            raw("# END SOLUTION"),
            raw("# BEGIN TESTS"),
            code(_TESTS[name]),
            raw("# END TESTS"),
            raw("# END QUESTION"),
        ]
    _write(folder / "sums.ipynb", cells)
    _run([GRADERS / "otter", "assign", "--no-run-tests", "sums.ipynb", "dist"], folder)
    [archive] = (folder / "dist" / "autograder").glob("*.zip")
    student = nbformat.read(folder / "dist" / "student" / "sums.ipynb", as_version=4)
    answers = iter(ANSWERS.values())
    for cell in student.cells:
        if cell.cell_type == "code" and "..." in cell.source:
            cell.source = next(answers)
    nbformat.write(student, folder / "handed_in.ipynb")
    started = time.perf_counter()
    for _ in range(copies):
        _run([GRADERS / "otter", "run", "-a", archive, "handed_in.ipynb"], folder)
    seconds = time.perf_counter() - started
    results = json.loads((folder / "results.json").read_text())
    scores = [test.get("score", 0) for test in results["tests"]]
    if sum(scores) <= 0:
        raise RuntimeError(f"otter-grader gave no points: {results}.")
    return seconds


def nbgrader(folder: Path, copies: int) -> float:
    """Return the seconds that ``nbgrader autograde`` takes for all of them."""
    folder.mkdir()
    code = nbformat.v4.new_code_cell
    cells = []
    for name, answer in ANSWERS.items():
        cells.append(code(f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION"))
        cells[-1].metadata["nbgrader"] = _tag(name, solution=True)
        cells.append(code(_TESTS[name]))
        cells[-1].metadata["nbgrader"] = _tag(f"test-{name}", grade=True, points=2)
    (folder / "source" / "ps1").mkdir(parents=True)
    _write(folder / "source" / "ps1" / "sums.ipynb", cells)
    tool = [GRADERS / "python", "-m", "nbgrader"]
    _run([*tool, "generate_assignment", "ps1"], folder)
    released = nbformat.read(folder / "release" / "ps1" / "sums.ipynb", as_version=4)
    for cell, answer in zip(released.cells[::2], ANSWERS.values(), strict=True):
        cell.source = answer
    for i in range(copies):
        (folder / "submitted" / f"s{i}" / "ps1").mkdir(parents=True)
        nbformat.write(released, folder / "submitted" / f"s{i}" / "ps1" / "sums.ipynb")
    started = time.perf_counter()
    _run([*tool, "autograde", "ps1"], folder)
    seconds = time.perf_counter() - started
    graded = list((folder / "autograded").glob("*/ps1/sums.ipynb"))
    if len(graded) != copies:
        raise RuntimeError(f"nbgrader graded {len(graded)} notebooks, expected {copies}.")
    return seconds


def memory(folder: Path, copies: int) -> list[tuple[int, float]]:
    """Grade many in this process; return its peak memory in MB after each tenth of them."""
    course(folder, copies)
    options = Options(
        folder / "submissions",
        folder / "results",
        folder / "solutions",
        folder / "exercises",
        jobs=cpu_count(),
        settings=RunSettings(sandbox=choose_sandbox()),
    )
    peaks = []

    def progress(stage: str, done: int, total: int) -> None:
        if stage == "Running" and done and done % (total // 10) == 0:
            peaks.append((done, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))

    grade(options, progress)
    return peaks


def _tag(name: str, *, grade: bool = False, solution: bool = False, points: int = 0) -> dict:
    kind = {"grade": grade, "solution": solution, "locked": grade, "task": False}
    tag = {"schema_version": 3, "grade_id": name, "cell_type": "code", **kind}
    return {**tag, "points": points} if grade else tag


def _write(path: Path, cells: list) -> None:
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), path)


def _run(command: list[str | Path], folder: Path) -> None:
    # nbgrader searches for the commands of its packages.
    environment = {**os.environ, "PATH": f"{GRADERS}{os.pathsep}{os.environ['PATH']}"}
    process = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    if process.returncode:
        raise RuntimeError(f"{command} failed:\n{process.stdout[-2000:]}\n{process.stderr[-2000:]}")


def main() -> None:
    console = Console()
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        seconds, own = ours(base / "ours", COPIES)
        table = Table("", "s per submission", "times ours", title=f"{COPIES} copies, one at a time")
        table.add_row("microns grade", f"{seconds / COPIES:.2f}", "1")
        for grader in (otter, nbgrader):
            theirs = grader(base / grader.__name__, COPIES)
            table.add_row(grader.__name__, f"{theirs / COPIES:.2f}", f"{theirs / seconds:.1f}")
        console.print(table)
        overhead = (seconds - own) / COPIES
        console.print(f"Overhead beyond its cells: {overhead:.2f} s per submission (at most 3).")
        started = time.perf_counter()
        for done, peak in memory(base / "many", MANY):
            console.print(f"{done:5} submissions: peak {peak:.0f} MB")
        console.print(f"{MANY} submissions took {time.perf_counter() - started:.0f} s.")


if __name__ == "__main__":
    main()
