"""Writes the results of grading into one folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from microns_widgets._files import write_text
from microns_widgets.grading.analysis.analysis import Analysis
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.grade import Options
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.notebook_json import as_json
from microns_widgets.grading.report.gradescope import results
from microns_widgets.grading.report.marking import marking_page
from microns_widgets.grading.report.pages import page_name, student_page, summary_page
from microns_widgets.grading.report.systems.feedback import mail_csv, write_feedback
from microns_widgets.grading.report.tables import grades_csv

#: What each kind of sandbox prevents, for readers of the summary.
_SANDBOXES = {
    "bubblewrap": (
        "Sandbox: bubblewrap. Each notebook ran without network access, could read only the "
        "package and the data, and was isolated from all other processes."
    ),
    "user": (
        "Sandbox: a separate user for each notebook, with Landlock. Each ran without network "
        "access and could read only the package and the data; it could see that other files "
        "exist."
    ),
    "unsafe": (
        "The notebooks ran WITHOUT a sandbox (--unsafe): each could read the solutions and "
        "change anything. Trust these grades only as far as you trust every submission."
    ),
}


def write_report(
    graded: Sequence[Graded],
    options: Options,
    masters: Mapping[str, Exercise],
    notices: Sequence[str] = (),
    exports: Mapping[str, str] | None = None,
    regrade: str = "",
    analysis: Analysis | None = None,
) -> list[Path]:
    """Write tables and pages; each file is complete or does not exist.

    Parameters
    ----------
    graded : sequence of Graded
        All work, with its marks.
    options : Options
        How it was graded.
    masters : mapping
        Exercises as the masters declare them, by name.
    notices : sequence of str
        What the teacher has to know about this run, for the summary.
    exports : mapping
        Files for learning systems: name to text.
    regrade : str
        How students ask for another look at a mark; empty for nothing.
    analysis : Analysis, optional
        Numbers of questions, and pairs that are alike; default: none.

    Returns
    -------
    list of Path
        The files that a teacher opens first.
    """
    out, settings = options.out, options.settings
    people: dict[str, list[Graded]] = {}
    for one in graded:
        people.setdefault(one.entry.who, []).append(one)
    for who, works in people.items():
        write_text(out / "feedback" / page_name(who), student_page(works, regrade))
    archives = write_feedback(out, graded, regrade)
    files = {
        "summary.html": summary_page(
            graded,
            _SANDBOXES[settings.sandbox],
            settings.version,
            settings.sandbox == "unsafe",
            notices,
            [*(exports or ()), "mail.csv", *archives],
            analysis,
        ),
        "grades.csv": grades_csv(graded),
        **(exports or {}),
        "mail.csv": mail_csv(graded),
        "marking.html": marking_page(graded, masters),
    }
    for name, text in files.items():
        write_text(out / name, text)
    return [out / name for name in files]


def write_gradescope(graded: Sequence[Graded], path: Path) -> None:
    """Write ``results.json`` for the one submission that Gradescope provides."""
    write_text(path, as_json(results(graded[0])))
