"""Writes all that grading puts on record into one folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from microns_widgets._files import write_text
from microns_widgets.grading.authoring.notebooks import as_json
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.grade import Graded, Options
from microns_widgets.grading.report.gradescope import results
from microns_widgets.grading.report.pages import (
    marking_page,
    page_name,
    student_page,
    summary_page,
)
from microns_widgets.grading.report.tables import canvas_csv, grades_csv

#: What each way of keeping submissions in holds, for whoever reads the summary.
_KEPT_IN = {
    "bubblewrap": (
        "Each notebook ran in bubblewrap: no network, no files but the package and the data, "
        "processes of its own."
    ),
    "user": (
        "Each notebook ran as a user of its own with Landlock: no network, no files but the "
        "package and the data. It could see that other files exist, not what is in them."
    ),
    "unsafe": (
        "The notebooks ran WITHOUT a sandbox (--unsafe): each could read the solutions and "
        "change anything. These grades are worth what the submissions' honesty is worth."
    ),
}


def write_report(
    graded: Sequence[Graded], options: Options, masters: Mapping[str, Exercise]
) -> list[Path]:
    """Write tables and pages; each file is whole or not there.

    Returns
    -------
    list of Path
        The files that a teacher opens first.
    """
    out = options.out
    people: dict[str, list[Graded]] = {}
    for one in graded:
        people.setdefault(one.entry.who, []).append(one)
    for who, works in people.items():
        write_text(out / "feedback" / page_name(who), student_page(works))
    written = any(answer.text for one in graded for mark in one.marks for answer in mark.answers)
    files = {
        "summary.html": summary_page(
            graded, _KEPT_IN[options.way], options.version, options.way == "unsafe"
        ),
        "grades.csv": grades_csv(graded),
        "canvas.csv": canvas_csv(graded),
        **({"marking.html": marking_page(graded, masters)} if written else {}),
    }
    for name, text in files.items():
        write_text(out / name, text)
    return [out / name for name in files]


def write_gradescope(graded: Sequence[Graded], path: Path) -> None:
    """Write ``results.json`` for the one submission that Gradescope hands over."""
    write_text(path, as_json(results(graded[0])))
