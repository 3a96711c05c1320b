"""What the marks in a results folder were made with, so that a later run can say what changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from microns_widgets._files import write_text
from microns_widgets.grading.authoring.master import Master
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.notebook_json import as_json, source_of
from microns_widgets.grading.report.by_hand import HandMark

#: The file in the results folder.
FILE = "record.json"
#: What of an answer's declaration is text, or is compared apart.
_APART = ("about", "points")


@dataclass(frozen=True)
class QuestionRecord:
    """What a question was judged with.

    Attributes
    ----------
    points : dict
        Points of each answer.
    options, key : str
        Digests: of how its answers are compared, and of the master's cells that make its key.
    """

    points: dict[str, float]
    options: str
    key: str


@dataclass(frozen=True)
class WorkRecord:
    """The marks of one student's work on one exercise.

    Attributes
    ----------
    student, name, exercise : str
        Whose, and of what.
    notebook : str
        Digest of what was handed in.
    questions : dict
        Points of each question; None if a person still has to decide on all of them.
    points : float, optional
        Points of the whole exercise; None if they are not decided.
    late_share : float
        Share taken off for being late.
    by_hand : dict
        Points that a person gave, by answer; that of the whole exercise under an empty name.
    """

    student: str
    name: str
    exercise: str
    notebook: str
    questions: dict[str, float | None]
    points: float | None
    late_share: float = 0.0
    by_hand: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """What all marks of a results folder were made with, and the marks.

    Attributes
    ----------
    package, data : str
        Versions of the package and of the data.
    editions : dict
        Edition of each exercise.
    setups : dict
        Digest of each master's cells outside its questions, by exercise.
    questions : dict
        By question id.
    works : list of WorkRecord
        The marks.
    """

    package: str
    data: str
    editions: dict[str, int]
    setups: dict[str, str]
    questions: dict[str, QuestionRecord]
    works: list[WorkRecord]

    def after(self, earlier: Record) -> Record:
        """Return the record with what an earlier one has of exercises that are not graded now."""
        return replace(
            self,
            editions=earlier.editions | self.editions,
            setups=earlier.setups | self.setups,
            questions=earlier.questions | self.questions,
            works=[
                *(one for one in earlier.works if one.exercise not in self.editions),
                *self.works,
            ],
        )


def record_of(
    graded: Sequence[Graded],
    masters: Mapping[str, Master],
    marks: Iterable[HandMark],
    data: str,
) -> Record:
    """Return the record of a run.

    Parameters
    ----------
    graded : sequence of Graded
        All work, with its marks.
    masters : mapping
        The masters, by exercise.
    marks : iterable of HandMark
        Marks by hand, all applied.
    data : str
        Version of the data.
    """
    public = {one.exercise.name: one.exercise for one in graded if one.exercise}
    used = [masters[name] for name in sorted(public) if name in masters]
    return Record(
        installed_version("microns-widgets"),
        data,
        {name: exercise.edition for name, exercise in sorted(public.items())},
        {master.exercise.name: _setup(master) for master in used},
        {name: one for master in used for name, one in _questions(master)},
        _works(graded, marks),
    )


def record_again(before: Record, graded: Sequence[Graded], marks: Iterable[HandMark]) -> Record:
    """Return the record of work that was not judged again: only marks by hand may differ.

    Parameters
    ----------
    before : Record
        What the work was judged with.
    graded : sequence of Graded
        The work, with its marks.
    marks : iterable of HandMark
        Marks by hand, all applied.
    """
    names = {one.exercise.name for one in graded if one.exercise}
    editions = {name: edition for name, edition in before.editions.items() if name in names}
    return replace(before, editions=editions, works=_works(graded, marks))


def _works(graded: Sequence[Graded], marks: Iterable[HandMark]) -> list[WorkRecord]:
    by_hand: dict[tuple[str, str], dict[str, float]] = {}
    for mark in marks:
        by_hand.setdefault((mark.student, mark.exercise), {})[mark.answer] = mark.points
    return [
        WorkRecord(
            one.entry.who,
            one.entry.name,
            one.entry.exercise,
            one.entry.digest,
            {mark.id: mark.decided for mark in one.marks},
            one.points if one.status in ("final", "so far") else None,
            one.late_share,
            by_hand.get((one.entry.who, one.entry.exercise), {}),
        )
        for one in graded
    ]


def _setup(master: Master) -> str:
    inside = {place for one in master.questions for place in range(one.start, one.end)}
    return _code(master, [place for place in range(len(master.cells)) if place not in inside])


def _questions(master: Master) -> Iterator[tuple[str, QuestionRecord]]:
    for one in master.questions:
        public = one.question.to_public()["answers"]
        options = {
            name: {key: value for key, value in answer.items() if key not in _APART}
            for name, answer in public.items()
        }
        points = {answer.name: answer.points for answer in one.question.answers}
        key = _code(master, range(one.start, one.end))
        yield one.question.id, QuestionRecord(points, _digest(as_json(options)), key)


def _code(master: Master, places: Iterable[int]) -> str:
    cells = [master.cells[place] for place in places]
    code = [source_of(cell) for cell in cells if cell.get("cell_type") == "code"]
    return _digest("\0".join(code))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def read_record(out: Path) -> Record | None:
    """Return the record in a results folder; None if it is missing or damaged."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        plain: dict[str, Any] = json.loads((out / FILE).read_text(encoding="utf-8"))
        questions = {name: QuestionRecord(**one) for name, one in plain["questions"].items()}
        works = [WorkRecord(**one) for one in plain["works"]]
        return Record(**{**plain, "questions": questions, "works": works})
    return None


def write_record(out: Path, record: Record) -> None:
    """Write the record into a results folder, readable only by its owner."""
    write_text(out / FILE, as_json(asdict(record)), mode=0o600)
