"""All that follows judging: marks by hand, what changed since the last run, and the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from microns_widgets.grading.grade import Options, masters_of
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.report.by_hand import HandMark
from microns_widgets.grading.report.changes import FILE, TOTAL, changes, what_changed, write_changes
from microns_widgets.grading.report.decisions import decide
from microns_widgets.grading.report.record import read_record, record_of, write_record
from microns_widgets.grading.report.systems.export import ExportOptions, exports
from microns_widgets.grading.report.write import write_report


@dataclass(frozen=True)
class Results:
    """What was written.

    Attributes
    ----------
    graded : list of Graded
        With marks by hand.
    files : list of path
        The files that a teacher opens first.
    problems : list of str
        What was given and could not be applied.
    notices : list of str
        What else a teacher should know.
    """

    graded: list[Graded]
    files: list[Path]
    problems: list[str]
    notices: list[str]


def write_results(
    graded: Sequence[Graded],
    options: Options,
    hand_marks: Sequence[Sequence[HandMark]] = (),
    export: ExportOptions | None = None,
) -> Results:
    """Apply marks by hand, and write all files into the results folder.

    Parameters
    ----------
    graded : sequence of Graded
        As computed.
    options : Options
        How it was graded.
    hand_marks : sequence of sequences of HandMark
        New marks by hand, one sequence for each file.
    export : ExportOptions, optional
        How points are exported; default: as the roster's learning system takes them.
    """
    masters = masters_of(options)
    decisions = decide(graded, options.out, hand_marks)
    record = record_of(decisions.graded, masters, decisions.marks, options.settings.version)
    notices = list(decisions.notices)
    before = read_record(options.out)
    if before is not None:
        found = changes(before, record)
        notices += what_changed(before, record)
        if found:
            write_changes(options.out, found, datetime.now().astimezone())
            totals = sum(1 for one in found if one.question == TOTAL)
            notices.append(f"{totals} totals changed since the last run: see {FILE}.")
    made = exports(decisions.graded, options.roster, export or ExportOptions())
    notices += made.remarks
    exercises = {name: master.exercise for name, master in masters.items()}
    files = write_report(
        decisions.graded,
        options,
        exercises,
        [*decisions.problems, *notices],
        made.files,
    )
    write_record(options.out, record)
    return Results(decisions.graded, files, decisions.problems, notices)
