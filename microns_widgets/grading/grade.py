"""Grades a whole course's submissions: run, judge, and put on record; it can be interrupted."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from microns_widgets._files import write_text
from microns_widgets.errors import SubmissionError
from microns_widgets.grading.authoring.key import Key
from microns_widgets.grading.authoring.key_store import key_for, keys_folder
from microns_widgets.grading.authoring.master import Master, read_master
from microns_widgets.grading.exercise.exercise import Exercise, read_exercise
from microns_widgets.grading.intake.matching import Entry, survey
from microns_widgets.grading.intake.roster import read_roster
from microns_widgets.grading.intake.submissions import find_submissions
from microns_widgets.grading.judge import judge
from microns_widgets.grading.limits import Limits
from microns_widgets.grading.marks import QuestionMark
from microns_widgets.grading.run.cluster import run_on_cluster
from microns_widgets.grading.run.local import MakeTask, run_locally
from microns_widgets.grading.run.task import Task, read_run
from microns_widgets.grading.sandbox.run import Run, Way
from microns_widgets.grading.student.choice import choices_from

#: Runs that are done, so that an interrupted grading goes on where it stopped.
RUNS = ".runs"

_ENDED = {
    "time": "The notebook took longer than allowed and was ended.",
    "memory": "The notebook took more memory than allowed and was ended.",
    "disk": "The notebook wrote more than allowed and was ended.",
    "output": "The notebook gave out more than allowed and was ended.",
    "broken": "The notebook ended its own process.",
}

#: Told how far it is: what is being done, how much is done, out of how much.
Told = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Options:
    """What is to be graded, and how.

    Attributes
    ----------
    submissions : path
        A folder, a learning system's zip export, or one notebook.
    out : path
        Folder for what is made.
    solutions : path
        Folder with the masters.
    exercises : path
        Folder with the exercises' public files, which hold the cells that were given out.
    roster : path, optional
        CSV; see `read_roster`.
    way : str
        How submissions are kept in: see `choose_way`.
    jobs : int
        Submissions at a time.
    dask : str
        Address of a cluster, or ``local``; empty for none.
    version : str
        ``sample``, a materialization version, or a folder.
    limits : Limits
        For each submission.
    """

    submissions: Path
    out: Path
    solutions: Path
    exercises: Path
    roster: Path | None = None
    way: Way = "bubblewrap"
    jobs: int = 1
    dask: str = ""
    version: str = "sample"
    limits: Limits = field(default_factory=Limits)

    @property
    def data(self) -> Path | None:
        """The folder with data, if the version is one."""
        return Path(self.version).resolve() if Path(self.version).is_dir() else None


@dataclass(frozen=True)
class Graded:
    """One student's work on one exercise, with its marks.

    Attributes
    ----------
    entry : Entry
        Who handed in what.
    exercise : Exercise, optional
        Which exercise; None if that cannot be told.
    marks : tuple of QuestionMark
        One a question.
    remarks : dict
        Question id to what is odd about its cells.
    notes : tuple of str
        What concerns the whole notebook, for the student.
    flags : tuple of str
        What a person should look at.
    """

    entry: Entry
    exercise: Exercise | None
    marks: tuple[QuestionMark, ...] = ()
    remarks: dict[str, list[str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """Points so far."""
        return round(sum(mark.points for mark in self.marks), 4)

    @property
    def most(self) -> float:
        """Points that there are."""
        questions = self.exercise.questions if self.exercise else ()
        return round(sum(question.points for question in questions), 4)

    @property
    def open(self) -> float:
        """Points that a person still decides on."""
        return round(sum(mark.open for mark in self.marks), 4)


def grade(options: Options, told: Told = lambda *_: None) -> list[Graded]:
    """Run and judge all submissions.

    Returns
    -------
    list of Graded
        In the order of the students' names. The same for the same input, wherever and with
        however many processes it was done.

    Raises
    ------
    SubmissionError, MasterError, SandboxUnavailable, ClusterError
        If nothing can be graded; never for what one submission is or does.
    """
    masters = _masters(options)
    exercises = {name: _public(master, options) for name, master in masters.items()}
    roster = read_roster(options.roster) if options.roster else None
    found = find_submissions(options.submissions, options.limits.notebook_bytes)
    told("Reading", 0, len(found))
    entries = survey(found, list(exercises), roster, options.limits)
    keys = _keys(entries, masters, exercises, options, told)
    by_task = {entry.task: entry for entry in entries}
    graded = {
        name: _graded(by_task[name], exercises, keys, result)
        for name, result in _results(entries, exercises, options, told)
    }
    ordered = sorted(entries, key=lambda entry: (entry.name.casefold(), entry.who, entry.exercise))
    return [graded.get(entry.task) or _unread(entry, exercises) for entry in ordered]


def exercises_of(options: Options) -> dict[str, Exercise]:
    """Give the exercises as their masters declare them, with what is the teacher's alone."""
    return {name: master.exercise for name, master in _masters(options).items()}


def _masters(options: Options) -> dict[str, Master]:
    paths = sorted(options.solutions.glob("*.ipynb"))
    if not paths:
        raise SubmissionError(
            f"There is no master notebook in {options.solutions}: name their folder with "
            "--solutions."
        )
    masters = [read_master(path) for path in paths]
    return {master.exercise.name: master for master in masters}


def _public(master: Master, options: Options) -> Exercise:
    """Take what students were given, or else what the master says."""
    path = options.exercises / f"{master.exercise.name}.json"
    return read_exercise(path) if path.is_file() else master.exercise


def _variant(exercise: Exercise, typed: str) -> int:
    return exercise.variant(typed) if exercise.cells else 0


def _keys(
    entries: list[Entry],
    masters: dict[str, Master],
    exercises: dict[str, Exercise],
    options: Options,
    told: Told,
) -> dict[tuple[str, int], Key]:
    wanted = sorted(
        {
            (entry.exercise, _variant(exercises[entry.exercise], entry.typed))
            for entry in entries
            if not entry.problem
        }
    )
    keys = {}
    for done, (name, variant) in enumerate(wanted):
        told("Making keys", done, len(wanted))
        keys[name, variant] = key_for(
            masters[name],
            variant,
            exercise=exercises[name],
            version=options.version,
            data=options.data,
        )
    return keys


def _results(
    entries: list[Entry], exercises: dict[str, Exercise], options: Options, told: Told
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each entry's run: as it is kept, or else made now and kept."""
    runnable = [entry for entry in entries if not entry.problem]
    kept = options.out / RUNS
    left: list[MakeTask] = []
    done = 0
    for entry in runnable:
        make = partial(_task, entry, exercises[entry.exercise], options)
        before = _kept(kept / f"{entry.task}.json", make)
        if before is None:
            left.append(make)
        else:
            done += 1
            yield entry.task, before
    told("Running", done, len(runnable))
    results = (
        run_on_cluster(left, options.dask, options.jobs)
        if options.dask
        else run_locally(left, options.jobs)
    )
    for name, key, result in results:
        write_text(kept / f"{name}.json", json.dumps({"key": key, "result": result}), mode=0o600)
        done += 1
        told("Running", done, len(runnable))
        yield name, result


def _task(entry: Entry, exercise: Exercise, options: Options) -> Task:
    submission = entry.submission
    beside = {}
    if submission.read_choices is not None:
        with suppress(SubmissionError):
            beside = choices_from(submission.read_choices())
    return Task(
        name=entry.task,
        notebook=submission.read(),
        exercise=exercise.to_json(),
        choices=beside,
        version=options.version,
        data=str(options.data or ""),
        limits=options.limits,
        way=options.way,
        hidden=tuple(
            str(path.resolve())
            for path in (options.solutions, options.submissions, options.out, keys_folder())
        ),
    )


def _kept(path: Path, make: MakeTask) -> dict[str, Any] | None:
    with suppress(OSError, ValueError, KeyError, TypeError):  # not there, or damaged
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["key"] == make().key:
            return dict(kept["result"])
    return None


def _graded(
    entry: Entry,
    exercises: dict[str, Exercise],
    keys: dict[tuple[str, int], Key],
    result: dict[str, Any],
) -> Graded:
    exercise = exercises[entry.exercise]
    if "problem" in result:
        return _unread(replace(entry, problem=str(result["problem"])), exercises)
    run = read_run(result["run"])
    key = keys[entry.exercise, _variant(exercise, entry.typed)]
    old = f"The notebook is of edition {entry.edition}, the exercise of {exercise.edition}."
    return Graded(
        entry=entry,
        exercise=exercise,
        marks=judge(exercise, run.answers, key),
        remarks=run.remarks,
        notes=tuple(_notes(run)),
        flags=entry.flags if entry.edition == exercise.edition else (*entry.flags, old),
    )


def _notes(run: Run) -> Iterator[str]:
    if run.ended != "whole":
        yield _ENDED[run.ended]
    if any("module 'microns_widgets' has no attribute" in cell["error"] for cell in run.cells):
        yield (
            "The notebook asks the package for something that it does not have: it was made for "
            "another version. Get the exercise anew and copy your answers."
        )


def _unread(entry: Entry, exercises: dict[str, Exercise]) -> Graded:
    return Graded(entry, exercises.get(entry.exercise), notes=(entry.problem,), flags=entry.flags)


def default_jobs() -> int:
    """Give as many submissions at a time as this process has processors."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
