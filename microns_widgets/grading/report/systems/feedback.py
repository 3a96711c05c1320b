"""Feedback in the forms in which learning systems take it back, and a list for a mail merge.

Moodle ("Upload multiple feedback files in a zip", ``mod/assign/feedback/file/importziplib.php``)
reads whose a file is from the folder or the start of the name that it gave the submission:
``Full Name_123_assignsubmission_file_``. Canvas ("Upload Submissions",
``Assignment#infer_comment_context_from_filename``) reads it from the first two numbers between
underscores, those of the student and of the file: ``lovelaceada_123_456_outputs.ipynb``.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from microns_widgets._csv import csv_text
from microns_widgets._files import whole_file
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.report.pages import page_name, student_page
from microns_widgets.grading.report.systems.plain import email_of
from microns_widgets.grading.report.tables import points_so_far
from microns_widgets.grading.report.words import number

_FILE = "feedback.html"
#: The same time in each archive, so that the same feedback always has the same bytes.
_TIME = (2020, 1, 1, 0, 0, 0)
_MOODLE = re.compile(r"(?P<start>[^_]+_\d+_assignsubmission_[a-z]+)(?P<rest>_.*)?")
_CANVAS = re.compile(r"(?P<start>.+?_(?:LATE_|late_)?\d+_\d+_.+)\.ipynb", re.IGNORECASE)


def _in_moodle(file: PurePosixPath) -> str | None:
    for part in reversed(file.parts):
        if match := _MOODLE.fullmatch(part):
            folder = part != file.name
            return f"{part}/{_FILE}" if folder else f"{match['start']}_{_FILE}"
    return None


def _in_canvas(file: PurePosixPath) -> str | None:
    for part in reversed(file.parts):
        if match := _CANVAS.fullmatch(part):
            return f"{match['start']}.html"
    return None


#: What the feedback on a submission is called in a system; None if the name is of no such form.
_NAMES: Mapping[str, Callable[[PurePosixPath], str | None]] = {
    "moodle": _in_moodle,
    "canvas": _in_canvas,
}


def feedback_files(graded: Sequence[Graded]) -> dict[str, dict[str, Graded]]:
    """Return the archives of feedback: name of the archive to name of the file to the work.

    There is one for each exercise. An exercise whose submissions are not all named as one of the
    systems does has none.

    Parameters
    ----------
    graded : sequence of Graded
        All work.
    """
    exercises: dict[str, list[Graded]] = {}
    for one in graded:
        if one.exercise and one.handed_in:
            exercises.setdefault(one.entry.exercise, []).append(one)
    archives: dict[str, dict[str, Graded]] = {}
    for exercise, works in exercises.items():
        for system, name in _NAMES.items():
            files = {name(PurePosixPath(one.entry.submission.file)): one for one in works}
            named = {file: one for file, one in files.items() if file is not None}
            if len(named) == len(works):
                archives[f"feedback-{system}-{exercise}.zip"] = named
                break
    return archives


def write_feedback(out: Path, graded: Sequence[Graded], regrade: str = "") -> list[str]:
    """Write the archives of feedback, and return their names."""
    archives = feedback_files(graded)
    for name, files in archives.items():
        with whole_file(out / name) as temporary, zipfile.ZipFile(temporary, "w") as archive:
            for file, one in sorted(files.items()):
                info = zipfile.ZipInfo(file, _TIME)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o100644 << 16
                archive.writestr(info, student_page([one], regrade))
    return list(archives)


def mail_csv(graded: Sequence[Graded]) -> str:
    """Return a list for a mail merge: one row per student and exercise."""
    rows = [
        [
            *(email_of(one), one.entry.name, one.entry.exercise, one.status),
            *(points_so_far(one), number(one.most), f"feedback/{page_name(one.entry.who)}"),
        ]
        for one in graded
    ]
    header = ["email", "name", "exercise", "status", "points", "of", "file"]
    return csv_text([header, *rows])
