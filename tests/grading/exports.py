"""Exports of learning systems, as folders and archives, with notebooks of a small exercise."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from grading.small_course import submission

from microns_widgets.grading.intake.entry import Entry
from microns_widgets.grading.intake.matching import match_submissions
from microns_widgets.grading.intake.people import Roster
from microns_widgets.grading.intake.roster import read_roster
from microns_widgets.grading.intake.submissions import Submission, find_submissions
from microns_widgets.grading.limits import MIB, Limits

#: What is in a file: a notebook's text, or bytes.
Content = str | bytes
Files = Mapping[str, Content] | Iterable[str]


def notebook(student: str = "", exercise: str = "sums", answer: int = 0, **more: str) -> str:
    """A notebook that nobody else has."""
    source = {"note": f"# answer {answer} of {student}"}
    return submission(source, student=student, exercise=exercise, **more)


def contents(files: Files) -> dict[str, Content]:
    """Give each name without a content a notebook of its own."""
    if isinstance(files, Mapping):
        return dict(files)
    return {name: notebook(f"id-{n}") for n, name in enumerate(files)}


def packed(files: Files, times: Mapping[str, datetime] | None = None) -> bytes:
    """Return an archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents(files).items():
            when = (times or {}).get(name, datetime(2026, 11, 1, 12))
            archive.writestr(zipfile.ZipInfo(name, when.timetuple()[:6]), content)
    return made.getvalue()


def zipped(path: Path, files: Files, times: Mapping[str, datetime] | None = None) -> Path:
    """Write an archive."""
    path.write_bytes(packed(files, times))
    return path


def unzipped(folder: Path, files: Files, times: Mapping[str, datetime] | None = None) -> Path:
    """Write a folder."""
    for name, content in contents(files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        if times and name in times:
            os.utime(path, (times[name].timestamp(),) * 2)
    return folder


def found(path: Path, **more: object) -> list[Submission]:
    """Return the submissions in an export of exercise "sums"."""
    return find_submissions(path, MIB, **{"exercises": ("sums", "degree"), **more})


def roster(folder: Path, text: str, encoding: str = "utf-8") -> Roster:
    """Return a roster from the text of a file."""
    path = folder / "class.csv"
    path.write_bytes(text.encode(encoding))
    return read_roster(path)


def matched(path: Path, people: Roster | None = None, **more: object) -> list[Entry]:
    """Return the entries of an export, in the order of the students' ids and files."""
    submissions = found(path, known=people.knows if people else None)
    entries = match_submissions(submissions, ["sums", "degree"], people, Limits(), **more)
    return sorted(entries, key=lambda entry: (entry.who, entry.submission.file))
