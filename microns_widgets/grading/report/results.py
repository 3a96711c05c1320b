"""All that follows judging: marks by hand, what changed since the last run, and the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from microns_widgets.grading.analysis.analyse import analyse
from microns_widgets.grading.analysis.analysis import Analysis, write_analysis
from microns_widgets.grading.grade import Options, masters_of
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.report.by_hand import HandMark
from microns_widgets.grading.report.changes import FILE, TOTAL, changes, what_changed, write_changes
from microns_widgets.grading.report.decisions import decide
from microns_widgets.grading.report.late import LateRule
from microns_widgets.grading.report.lateness import with_late_rule
from microns_widgets.grading.report.record import read_record, record_of, write_record
from microns_widgets.grading.report.systems.export import ExportOptions, exports
from microns_widgets.grading.report.systems.gradebook import read_gradebook
from microns_widgets.grading.report.systems.times import times_of
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
    late: LateRule | None = None,
) -> Results:
    """Apply marks by hand and the late rule, and write all files into the results folder.

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
    late : LateRule, optional
        What is taken off late work.
    """
    masters = masters_of(options)
    book = read_gradebook(options.roster) if options.roster else None
    decisions = decide(graded, options.out, hand_marks)
    graded, problems = decisions.graded, list(decisions.problems)
    times, unread = times_of(graded, book)
    if late is not None:
        judged = with_late_rule(
            graded,
            late,
            times,
            {one.entry.who: one.entry.person.extension for one in graded if one.entry.person},
        )
        graded, problems = judged.graded, [*problems, *judged.problems, *unread]
    record = record_of(graded, masters, decisions.marks, options.settings.version)
    notices = [*decisions.notices, *(judged.notices if late is not None else ())]
    before = read_record(options.out)
    if before is not None:
        found = changes(before, record)
        notices += what_changed(before, record)
        if found:
            write_changes(options.out, found, datetime.now().astimezone())
            totals = sum(1 for one in found if one.question == TOTAL)
            notices.append(f"{totals} totals changed since the last run: see {FILE}.")
    made = exports(graded, book, export or ExportOptions())
    notices += made.remarks
    exercises = {name: master.exercise for name, master in masters.items()}
    # One submission, as in Gradescope's autograder, has no class.
    analysis = (
        Analysis(())
        if options.one_student
        else analyse(graded, masters, times, late.due if late else None)
    )
    files = write_report(
        graded,
        options,
        exercises,
        [*problems, *notices],
        made.files,
        analysis,
    )
    write_analysis(options.out, analysis)
    write_record(options.out, record.after(before) if before else record)
    return Results(list(graded), files, problems, notices)
