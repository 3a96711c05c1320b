"""What grading keeps in the results folder: computed marks, and what they were computed from.

With it the results can be written again, and reviewed, without the submissions or the masters.
Nothing of it is executed or unpickled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from microns_widgets._files import whole_file, write_text
from microns_widgets.errors import SubmissionError
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.key import Key
from microns_widgets.grading.exercise.question import FOR_TEACHERS
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.intake.entry import Entry
from microns_widgets.grading.intake.learning_systems import Owner
from microns_widgets.grading.intake.people import Person
from microns_widgets.grading.intake.submissions import Submission
from microns_widgets.grading.marks import QuestionMark
from microns_widgets.grading.report.late import LateRule
from microns_widgets.grading.report.systems.export import ExportOptions
from microns_widgets.grading.sandbox.settings import RunSettings

#: The folder inside the results folder.
FOLDER = ".review"
_WORKS = "works.json"
_ROSTER = "roster.csv"
#: Increased when an older version's files cannot be read any more.
_FORM = 2


@dataclass(frozen=True)
class Kept:
    """Computed marks, before any that people gave, and how they are reported.

    Attributes
    ----------
    graded : list of Graded
        As computed.
    exercises : dict
        As the masters declare them, with guides for the marker.
    version : str
        The data.
    sandbox : str
        How notebooks were isolated.
    export : ExportOptions
        How points are exported.
    late : LateRule, optional
        What is taken off late work.
    roster : path, optional
        The teacher's list.
    regrade : str, optional
        How students ask for another look at a mark; None for the usual sentence.
    """

    graded: list[Graded]
    exercises: Mapping[str, Exercise]
    version: str
    sandbox: str
    export: ExportOptions
    late: LateRule | None = None
    roster: Path | None = None
    regrade: str | None = None

    @property
    def settings(self) -> RunSettings:
        """The settings that reports name."""
        return RunSettings(self.version, sandbox=self.sandbox)  # type: ignore[arg-type]


def keep(out: Path, kept: Kept) -> None:
    """Keep computed marks in the results folder, readable only by their owner."""
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if kept.roster:
        _copy(kept.roster, folder / _ROSTER)
    plain = {
        "form": _FORM,
        "version": kept.version,
        "sandbox": kept.sandbox,
        "export": {"system": kept.export.system, "columns": dict(kept.export.columns)},
        "late": _late_json(kept.late) if kept.late else None,
        "roster": bool(kept.roster),
        "regrade": kept.regrade,
        "exercises": {name: _exercise_json(one) for name, one in kept.exercises.items()},
        "works": [_work_json(one) for one in kept.graded],
    }
    write_text(folder / _WORKS, json.dumps(plain, ensure_ascii=False), mode=0o600)


def state_of(out: Path) -> tuple[int, int]:
    """Return what changes whenever a folder is graded again; zeros if it cannot be read."""
    with suppress(OSError):
        about = (out / FOLDER / _WORKS).stat()
        return about.st_mtime_ns, about.st_ino
    return 0, 0


def read_kept(out: Path) -> Kept:
    """Read what grading kept.

    Raises
    ------
    SubmissionError
        If the folder has no results, or another version of the package wrote them.
    """
    folder = out / FOLDER
    try:
        plain: dict[str, Any] = json.loads((folder / _WORKS).read_text(encoding="utf-8"))
        if plain["form"] != _FORM:
            raise ValueError
        exercises = {name: Exercise.from_json(one) for name, one in plain["exercises"].items()}
        return Kept(
            [_work(one, exercises, plain["version"]) for one in plain["works"]],
            exercises,
            plain["version"],
            plain["sandbox"],
            ExportOptions(**plain["export"]),
            _late(plain["late"]) if plain["late"] else None,
            folder / _ROSTER if plain["roster"] else None,
            plain["regrade"],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise SubmissionError(_missing(out)) from None


def _missing(out: Path) -> str:
    if not (out / "grades.csv").is_file():
        return f"{out} has no results. Name the folder that `microns grade --out` wrote."
    return (
        f"{out} lacks what a review needs, or another version of the package wrote it. Run the "
        "same `microns grade` command again: notebooks that were run already are not run again."
    )


def _copy(source: Path, target: Path) -> None:
    if source.resolve() == target.resolve():
        return
    content = source.read_bytes()
    with whole_file(target, mode=0o600) as temporary:
        temporary.write_bytes(content)


def _exercise_json(exercise: Exercise) -> dict[str, Any]:
    plain = exercise.to_json()
    for question, declared in zip(plain["questions"], exercise.questions, strict=True):
        for answer in declared.answers:
            private = {k: v for k, v in answer.options.items() if k in FOR_TEACHERS}
            question["answers"][answer.name] |= private
    # The cells that were given out are long, and nothing that is kept depends on them.
    return {**plain, "issued": {}}


def _work_json(graded: Graded) -> dict[str, Any]:
    entry = graded.entry
    return {
        "owner": asdict(entry.submission.owner),
        "file": entry.submission.file,
        "who": entry.who,
        "name": entry.name,
        "exercise": entry.exercise,
        "known": graded.exercise is not None,
        "student_id": entry.student_id,
        "person": asdict(entry.person) if entry.person else None,
        "digest": entry.digest,
        "marks": [one.to_json() for one in graded.marks],
        "remarks": graded.remarks,
        "notes": graded.notes,
        "flags": graded.flags,
        "missing": graded.missing,
        "variant": graded.key.variant if graded.key else None,
    }


def _work(plain: dict[str, Any], exercises: Mapping[str, Exercise], version: str) -> Graded:
    person, variant = plain["person"], plain["variant"]
    entry = Entry(
        Submission(_owner(plain["owner"]), plain["file"], _not_kept),
        plain["who"],
        plain["name"],
        plain["exercise"],
        plain["student_id"],
        Person(**{**person, "others": tuple(person["others"])}) if person else None,
        digest=plain["digest"],
    )
    return Graded(
        entry,
        exercises[entry.exercise] if plain["known"] else None,
        tuple(QuestionMark.from_json(one) for one in plain["marks"]),
        plain["remarks"],
        tuple(plain["notes"]),
        tuple(plain["flags"]),
        missing=tuple(plain["missing"]),
        # Which key it was: its content is kept apart, once for all who have the same cells.
        key=None if variant is None else Key(entry.exercise, variant, version, {}),
        variant=variant or 0,
    )


def _not_kept() -> bytes:
    raise SubmissionError("The notebook is not part of the results.")


def _owner(plain: dict[str, Any]) -> Owner:
    partners = tuple(_owner(one) for one in plain["partners"])
    return Owner(**{**plain, "others": tuple(plain["others"]), "partners": partners})


def _late_json(rule: LateRule) -> dict[str, Any]:
    return {
        "due": {
            name: [time.isoformat(), getattr(time.tzinfo, "key", None)]
            for name, time in rule.due.items()
        },
        "grace": rule.grace.total_seconds(),
        "per_day": rule.per_day,
        "cap": rule.cap,
    }


def _late(plain: dict[str, Any]) -> LateRule:
    due = {}
    for name, (text, zone) in plain["due"].items():
        time = datetime.fromisoformat(text)
        due[name] = _in_zone(time, zone) if zone else time
    return LateRule(due, timedelta(seconds=plain["grace"]), plain["per_day"], plain["cap"])


def _in_zone(time: datetime, zone: str) -> datetime:
    """Return the same moment in a named time zone, which knows summer time."""
    return time.astimezone(ZoneInfo(zone))
