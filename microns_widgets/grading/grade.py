"""Grades the submissions of a whole course, and resumes where it was interrupted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from microns_widgets._files import write_text
from microns_widgets.errors import SubmissionError
from microns_widgets.grading.authoring.drift import check_unchanged
from microns_widgets.grading.authoring.follow import Case, FollowRun, cases_of, follow
from microns_widgets.grading.authoring.key_store import key_for, keys_folder
from microns_widgets.grading.authoring.master import Master, read_master
from microns_widgets.grading.choices import choices_from
from microns_widgets.grading.elsewhere import right_elsewhere
from microns_widgets.grading.exercise.exercise import Exercise, read_exercise
from microns_widgets.grading.exercise.key import Key
from microns_widgets.grading.exercise.provenance import release_of
from microns_widgets.grading.graded import Graded, best_attempts
from microns_widgets.grading.ids import Ids
from microns_widgets.grading.intake.counted import Keep
from microns_widgets.grading.intake.entry import Entry
from microns_widgets.grading.intake.matching import match_submissions
from microns_widgets.grading.intake.roster import read_roster
from microns_widgets.grading.intake.submissions import Submission, find_submissions
from microns_widgets.grading.judge import judge
from microns_widgets.grading.remarks import (
    CELLS_OF_ANOTHER,
    flags,
    missing_libraries,
    notes,
    other_cells,
    several_ids,
)
from microns_widgets.grading.run.cluster import run_on_cluster
from microns_widgets.grading.run.local import MakeTask, run_locally
from microns_widgets.grading.run.task import Task, read_run
from microns_widgets.grading.sandbox.settings import RunSettings
from microns_widgets.sources import load

#: Folder with completed runs, so that an interrupted grading continues where it stopped.
RUNS = ".runs"

#: Progress callback: (stage, done, total).
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Options:
    """What to grade, and how.

    Attributes
    ----------
    submissions : path
        A folder, a learning system's zip export, or one notebook.
    out : path
        Folder for the results.
    solutions : path
        Folder with the masters.
    exercises : path
        Folder with the exercises' public files, which list the cells that were given out.
    roster : path, optional
        CSV; see `read_roster`.
    keep : str
        Of several attempts of a student, the ``last`` or the ``best`` counts.
    one_student : bool
        Whether all files were handed in by one student, as in Gradescope's autograder.
    jobs : int
        Number of submissions that run at the same time.
    dask : str
        Address of a cluster, or ``local``; empty for none.
    settings : RunSettings
        How submissions are run: data, limits, sandbox.
    """

    submissions: Path
    out: Path
    solutions: Path
    exercises: Path
    roster: Path | None = None
    keep: Keep = "last"
    one_student: bool = False
    jobs: int = 1
    dask: str = ""
    settings: RunSettings = field(default_factory=RunSettings)


def grade(options: Options, progress: Progress = lambda *_: None) -> list[Graded]:
    """Run and judge all submissions.

    Parameters
    ----------
    options : Options
        What is graded, and how.
    progress : callable
        Progress callback: (stage, done, total).

    Returns
    -------
    list of Graded
        In the order of the students' names. It depends on the input only, not on the machine or
        on the number of processes.

    Raises
    ------
    SubmissionError, MasterError, SandboxUnavailable, ClusterError
        If nothing can be graded; a single submission never raises an error.
    """
    masters = masters_of(options)
    exercises = {name: _public(master, options) for name, master in masters.items()}
    roster = read_roster(options.roster) if options.roster else None
    limits = options.settings.limits
    submissions = find_submissions(
        options.submissions,
        limits.notebook_bytes,
        exercises=list(exercises),
        known=roster.knows if roster else None,
        one_student=options.one_student,
    )
    progress("Reading", 0, len(submissions))
    entries = match_submissions(submissions, list(exercises), roster, limits, options.keep)
    release = release_of(load(options.settings.version, quiet=True).source)
    entries = [_same_data(entry, exercises, release) for entry in entries]
    by_task = {entry.task: entry for entry in entries}
    # The results stay on disk: those of a large course do not fit into memory.
    ids = {
        name: Ids.of_run(by_task[name], result, by_task[name].owner_id)
        for name, result in _results(entries, exercises, options, progress)
    }
    wanted = {
        (by_task[name].exercise, variant)
        for name, one in ids.items()
        for variant in one.variants(exercises[by_task[name].exercise])
    }
    keys = _keys(wanted, masters, exercises, options.settings, progress)
    followed = _followed(ids, by_task, masters, exercises, keys, options, progress)
    graded = {
        name: _graded(
            by_task[name],
            one,
            exercises,
            keys,
            _stored(options.out, name)["result"],
            followed.get(name),
        )
        for name, one in ids.items()
    }
    ordered = sorted(entries, key=lambda entry: (entry.name.casefold(), entry.who, entry.exercise))
    every = [graded.get(entry.task) or _not_run(entry, exercises) for entry in ordered]
    return best_attempts(every) if options.keep == "best" else every


def exercises_of(options: Options) -> dict[str, Exercise]:
    """Return the exercises as declared by their masters, including what only teachers see."""
    return {name: master.exercise for name, master in masters_of(options).items()}


def masters_of(options: Options) -> dict[str, Master]:
    """Return the masters, by the name of their exercise."""
    paths = sorted(options.solutions.glob("*.ipynb"))
    if not paths:
        raise SubmissionError(
            f"There is no master notebook in {options.solutions}. Name the folder of the master "
            "notebooks with --solutions."
        )
    masters = [read_master(path) for path in paths]
    return {master.exercise.name: master for master in masters}


def _public(master: Master, options: Options) -> Exercise:
    """Return the exercise from the public file that students have, or else from the master."""
    path = options.exercises / f"{master.exercise.name}.json"
    if not path.is_file():
        return master.exercise
    public = read_exercise(path)
    check_unchanged(master, public, path)
    return public


def _same_data(entry: Entry, exercises: dict[str, Exercise], release: str) -> Entry:
    """Refuse a notebook that was made for another edition, sample or release."""
    if entry.problem:
        return entry
    conflict = entry.provenance.conflict(exercises[entry.exercise].provenance, release)
    return replace(entry, problem=conflict)


def _keys(
    wanted: set[tuple[str, int]],
    masters: dict[str, Master],
    exercises: dict[str, Exercise],
    settings: RunSettings,
    progress: Progress,
) -> dict[tuple[str, int], Key]:
    keys = {}
    for done, (name, variant) in enumerate(sorted(wanted)):
        progress("Making keys", done, len(wanted))
        keys[name, variant] = key_for(
            masters[name], variant, exercise=exercises[name], settings=settings
        )
    return keys


def _followed(
    ids: dict[str, Ids],
    entries: dict[str, Entry],
    masters: dict[str, Master],
    exercises: dict[str, Exercise],
    keys: dict[tuple[str, int], Key],
    options: Options,
    progress: Progress,
) -> dict[str, FollowRun]:
    """Return what follows from the students' own earlier answers, by task."""
    cases: dict[tuple[str, int], dict[str, list[Case]]] = {}
    for name, one in ids.items():
        exercise = exercises[entries[name].exercise]
        if any(answer.follows for question in exercise.questions for answer in question.answers):
            result = _stored(options.out, name)["result"]
            which = exercise.name, one.variants(exercise)[0]
            if "run" in result:
                own = cases_of(exercise, read_run(result["run"]).answers, keys[which])
                if own:
                    cases.setdefault(which, {})[name] = own
    followed = {}
    for done, (which, students) in enumerate(sorted(cases.items())):
        progress("Following from own answers", done, len(cases))
        run = follow(
            masters[which[0]],
            keys[which],
            list(students.values()),
            exercise=exercises[which[0]],
            settings=options.settings,
        )
        for name, own_values in zip(students, run.followed, strict=True):
            followed[name] = FollowRun((own_values,), run.problem)
    return followed


def _results(
    entries: list[Entry], exercises: dict[str, Exercise], options: Options, progress: Progress
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the result of each entry, from an earlier run if there is one; store new results."""
    runnable = [entry for entry in entries if not entry.problem]
    tasks: list[MakeTask] = []
    done = 0
    for entry in runnable:
        make = partial(_task, entry, exercises[entry.exercise], options)
        stored = _stored_result(options.out, entry.task, make)
        if stored is None:
            tasks.append(make)
        else:
            done += 1
            yield entry.task, stored
    progress("Running", done, len(runnable))
    results = (
        run_on_cluster(tasks, options.dask, options.jobs)
        if options.dask
        else run_locally(tasks, options.jobs)
    )
    for name, key, result in results:
        text = json.dumps({"key": key, "result": result})
        write_text(_file(options.out, name), text, mode=0o600)
        done += 1
        progress("Running", done, len(runnable))
        yield name, result


def _task(entry: Entry, exercise: Exercise, options: Options) -> Task:
    submission = entry.submission
    choices = {}
    if submission.read_choices is not None:
        with suppress(SubmissionError):
            choices = choices_from(submission.read_choices())
    private = (options.solutions, options.submissions, options.out, keys_folder())
    return Task(
        name=entry.task,
        notebook=submission.read(),
        exercise=exercise.to_json(),
        settings=replace(options.settings, hidden=tuple(path.resolve() for path in private)),
        choices=choices,
        files=_files_beside(submission),
    )


def _files_beside(submission: Submission) -> dict[str, bytes]:
    files = {}
    for name, read in submission.files.items():
        # What cannot be read is missing, as a file that was not handed in.
        with suppress(SubmissionError):
            files[name] = read()
    return files


def _file(out: Path, task: str) -> Path:
    return out / RUNS / f"{task}.json"


def _stored(out: Path, task: str) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(_file(out, task).read_text(encoding="utf-8"))
    return stored


def _stored_result(out: Path, task: str, make: MakeTask) -> dict[str, Any] | None:
    with suppress(OSError, ValueError, KeyError, TypeError):  # missing or damaged
        stored = _stored(out, task)
        if stored["key"] == make().key:
            return dict(stored["result"])
    return None


def _graded(
    entry: Entry,
    ids: Ids,
    exercises: dict[str, Exercise],
    keys: dict[tuple[str, int], Key],
    result: dict[str, Any],
    follow_run: FollowRun | None = None,
) -> Graded:
    exercise = exercises[entry.exercise]
    if "problem" in result:
        return _not_run(replace(entry, problem=str(result["problem"])), exercises)
    run = read_run(result["run"])
    own, used = ids.variants(exercise)
    followed = follow_run.followed[0] if follow_run else None
    marks = judge(exercise, run.answers, keys[entry.exercise, own], followed)
    entry = replace(entry, student_id=ids.used)
    whose: tuple[str, ...] = ()
    if own != used:
        # Somebody else's cells: an accident, or somebody else's work. A person decides.
        scores = [marks, judge(exercise, run.answers, keys[entry.exercise, used])]
        whose = (other_cells(ids, *(sum(mark.points for mark in one) for one in scores)),)
        marks = tuple(mark.opened() for mark in marks)
    return Graded(
        entry=entry,
        exercise=exercise,
        marks=marks,
        remarks=run.remarks,
        notes=(*([CELLS_OF_ANOTHER] if whose else []), *notes(run)),
        flags=(*whose, *flags(entry, run), *several_ids(ids), *_not_followed(follow_run)),
        missing=missing_libraries(run),
        key=keys[entry.exercise, own],
        variant=own,
        # With somebody else's cells, all answers are right for these.
        right_elsewhere={}
        if whose
        else right_elsewhere(
            exercise,
            run.answers,
            keys[entry.exercise, own],
            {variant: key for (name, variant), key in keys.items() if name == entry.exercise},
        ),
    )


def _not_followed(run: FollowRun | None) -> Iterator[str]:
    if run and run.problem:
        yield (
            "Later answers could not be judged with this student's own earlier values, so they may "
            f"deserve more points: {run.problem}."
        )


def _not_run(entry: Entry, exercises: dict[str, Exercise]) -> Graded:
    return Graded(entry, exercises.get(entry.exercise), notes=(entry.problem,), flags=entry.flags)
