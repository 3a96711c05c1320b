"""The results folder of a small class for reviews, made without running anything."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from grading.graded_class import FINAL, work
from grading.small_course import RIGHT, submission, write_master

from microns_widgets.grading.authoring.master import read_master
from microns_widgets.grading.exercise.key import Key, QuestionKey
from microns_widgets.grading.grade import RUNS
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.limits import Limits
from microns_widgets.grading.report.kept import Kept, keep
from microns_widgets.grading.report.material import keep_material
from microns_widgets.grading.report.record import record_of, write_record
from microns_widgets.grading.report.systems.export import ExportOptions
from microns_widgets.grading.review.session import Session
from microns_widgets.grading.review.store import Known, Store

#: What can get points in `write_class`, as a store knows it.
PLACES = {
    (who, "sums", answer): Known(most, computed)
    for who in ("ada", "ben")
    for answer, most, computed in [
        ("total", 2.0, 2.0),
        ("odd", 2.0, 2.0),
        ("n_odd", 2.0, 2.0),
        ("why", 3.0, 3.0 if who == "ben" else None),
        ("", 9.0, 9.0 if who == "ben" else None),
    ]
}


def store(folder: Path) -> Store:
    """The store of one process."""
    return Store(folder, PLACES)


def write_class(folder: Path, texts: Mapping[str, str] | None = None, **changed: Any) -> Path:
    """Write what grading keeps.

    Parameters
    ----------
    folder : path
        A new folder.
    texts : mapping, optional
        The written answer of each student, which is still to be read. Default: one of Ada, and
        Ben's, who has all points already.
    """
    master = read_master(write_master(folder / "solutions"))
    exercise = master.exercise
    graded = [work(exercise, "Ada"), work(exercise, "Ben", FINAL)]
    if texts is not None:
        graded = [_written(work(exercise, name), name, text) for name, text in texts.items()]
    out = folder / "results"
    kept = {"version": "sample", "sandbox": "bubblewrap", "export": ExportOptions(), **changed}
    keep(out, Kept(graded, {"sums": exercise}, **kept))
    keep_material(out, graded, {"sums": master}, Limits())
    write_record(out, record_of(graded, {"sums": master}, [], "sample"))
    for one in graded:
        _write_run(out, one)
    return out


def _written(graded: Graded, name: str, text: str) -> Graded:
    """Return work with a text of the student's own, in the marks and in the notebook."""
    *others, last = graded.marks
    answer = replace(last.answers[0], summary=text)
    notebook = json.loads(submission(RIGHT | {"why": f"why = {text!r}"}, student=name))
    notebook["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": [text]}]
    content = json.dumps(notebook).encode()
    entry = replace(
        graded.entry,
        submission=replace(graded.entry.submission, read=lambda: content),
        student_id=name,
    )
    return replace(
        graded,
        entry=entry,
        marks=(*others, replace(last, answers=(answer,))),
        key=Key("sums", 0, "sample", {"sums.total": QuestionKey({"total": {"value": 55}}, (), ())}),
    )


def _write_run(out: Path, graded: Graded) -> None:
    captured = {"why": {"state": "there", "payload": {"text": graded.marks[-1].answers[0].text}}}
    run = {"result": {"run": {"answers": {"sums.why": captured}}}}
    path = out / RUNS / f"{graded.entry.task}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(run))


def session(out: Path, *, anonymous: bool = False) -> Session:
    return Session(out, anonymous=anonymous)
