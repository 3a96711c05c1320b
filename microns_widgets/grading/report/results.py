"""All that follows judging: marks by hand, what changed since the last run, and the files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from microns_widgets.errors import SubmissionError
from microns_widgets.grading.analysis.analyse import analyse, analysed_again
from microns_widgets.grading.analysis.analysis import Analysis, read_analysis, write_analysis
from microns_widgets.grading.grade import Options, masters_of
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.report.by_hand import HandMark
from microns_widgets.grading.report.changes import FILE, TOTAL, changes, what_changed, write_changes
from microns_widgets.grading.report.decisions import decide
from microns_widgets.grading.report.kept import Kept, keep, read_kept
from microns_widgets.grading.report.late import LateRule
from microns_widgets.grading.report.lateness import with_late_rule
from microns_widgets.grading.report.material import keep_material
from microns_widgets.grading.report.record import FILE as RECORD
from microns_widgets.grading.report.record import (
    Record,
    read_record,
    record_again,
    record_of,
    write_record,
)
from microns_widgets.grading.report.systems.export import ExportOptions, exports
from microns_widgets.grading.report.systems.gradebook import read_gradebook
from microns_widgets.grading.report.systems.times import times_of
from microns_widgets.grading.report.words import regrade_words
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
    regrade: str | None = None,
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
    regrade : str, optional
        How students ask for another look at a mark; default: in the learning system.
    """
    masters = masters_of(options)
    kept = Kept(
        list(graded),
        {name: master.exercise for name, master in masters.items()},
        options.settings.version,
        options.settings.sandbox,
        export or ExportOptions(),
        late,
        options.roster,
        regrade,
    )
    keep(options.out, kept)
    keep_material(options.out, graded, masters, options.settings.limits)
    return _written(
        kept,
        options.out,
        hand_marks,
        lambda works, marks: record_of(works, masters, marks, options.settings.version),
        # One submission, as in Gradescope's autograder, has no class.
        lambda works, times: (
            Analysis(())
            if options.one_student
            else analyse(works, masters, times, late.due if late else None)
        ),
    )


def write_again(out: Path) -> Results:
    """Write all files of a results folder again, with the marks by hand that are there now.

    Nothing is run and nothing is judged: neither the submissions nor the masters are needed.

    Raises
    ------
    SubmissionError
        If the folder has no results, or another version of the package wrote them.
    """
    kept, before = read_kept(out), read_record(out)
    if before is None:
        raise SubmissionError(
            f"{out / RECORD} is missing or damaged. Run the same `microns grade` command again: "
            "notebooks that were run already are not run again."
        )
    return _written(
        kept,
        out,
        (),
        partial(record_again, before),
        lambda works, _: analysed_again(read_analysis(out), works),
    )


def _written(
    kept: Kept,
    out: Path,
    hand_marks: Sequence[Sequence[HandMark]],
    record_of_works: Callable[[Sequence[Graded], Sequence[HandMark]], Record],
    analysis_of: Callable[[Sequence[Graded], Mapping[tuple[str, str], datetime]], Analysis],
) -> Results:
    book = read_gradebook(kept.roster) if kept.roster else None
    decisions = decide(kept.graded, out, hand_marks)
    graded: Sequence[Graded] = decisions.graded
    problems, notices = list(decisions.problems), list(decisions.notices)
    times, unread = times_of(graded, book)
    if kept.late is not None:
        judged = with_late_rule(
            graded,
            kept.late,
            times,
            {one.entry.who: one.entry.person.extension for one in graded if one.entry.person},
        )
        graded, problems = judged.graded, [*problems, *judged.problems, *unread]
        notices += judged.notices
    record = record_of_works(graded, decisions.marks)
    before = read_record(out)
    if before is not None:
        found = changes(before, record)
        notices += what_changed(before, record)
        if found:
            write_changes(out, found, datetime.now().astimezone())
            totals = sum(1 for one in found if one.question == TOTAL)
            notices.append(f"{totals} totals changed since the last run: see {FILE}.")
    made = exports(graded, book, kept.export)
    notices += made.remarks
    analysis = analysis_of(graded, times)
    files = write_report(
        graded,
        Options(Path(), out, Path(), Path(), settings=kept.settings),
        kept.exercises,
        [*problems, *notices],
        made.files,
        regrade=regrade_words(kept.regrade, kept.export.system or (book.system if book else None)),
        analysis=analysis,
    )
    write_analysis(out, analysis)
    write_record(out, record.after(before) if before else record)
    return Results(list(graded), files, problems, notices)
