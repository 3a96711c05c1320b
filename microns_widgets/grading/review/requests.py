"""Requests of students for another look at a mark, from a teacher's list."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from microns_widgets._files import whole_file
from microns_widgets.errors import SubmissionError
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.intake.names import normal
from microns_widgets.grading.intake.roster import decoded_table
from microns_widgets.grading.notebook_json import as_json
from microns_widgets.grading.report.folder_lock import locked
from microns_widgets.grading.review.journal import flush_folder

#: The file in the results folder.
FILE = "regrade-requests.json"
#: Headers as people and forms write them, as compared.
_HEADERS: Mapping[str, tuple[str, ...]] = {
    "student": (
        *("student", "studentid", "id", "studentnumber", "who", "email", "emailaddress", "name"),
        *("studentname", "yourname", "matrikelnummer", "username", "login"),
    ),
    "exercise": ("exercise", "assignment", "notebook", "sheet", "homework"),
    "question": ("question", "questionnumber", "task", "problem", "number", "answer", "item"),
    "text": (
        *("text", "request", "reason", "why", "comment", "message", "explanation", "details"),
        *("yourrequest", "whatiswrong"),
    ),
}
_LONGEST, _MOST = 5000, 5000


@dataclass(frozen=True)
class Request:
    """One request.

    Attributes
    ----------
    id : str
        Identifies it.
    student, exercise, question : str
        As in the list; an exercise or a question may be missing.
    text : str
        What the student wrote.
    task : str
        The work that it is about; empty if that was not found.
    place : str
        Id of the question; empty for the whole exercise, or if it was not found.
    problem : str
        Why it was not found.
    """

    id: str
    student: str
    exercise: str
    question: str
    text: str
    task: str = ""
    place: str = ""
    problem: str = ""


def read_requests(content: bytes, graded: Iterable[Graded]) -> list[Request]:
    """Read a list of requests: CSV with the columns student, exercise, question and text.

    Other usual names of the columns are understood, too, and so are an exercise's number and
    title, and a question's number, id, title or variable.

    Raises
    ------
    SubmissionError
        If it has no column with students, or none with texts.
    """
    try:
        text, delimiter = decoded_table(content)
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except (ValueError, csv.Error) as error:
        raise SubmissionError(f"The list of requests cannot be read: {error}.") from None
    header = ["".join(filter(str.isalnum, one.casefold())) for one in rows[0]] if rows else []
    columns = {
        field: next((header.index(name) for name in names if name in header), None)
        for field, names in _HEADERS.items()
    }
    missing = [name for name in ("student", "text") if columns[name] is None]
    if missing:
        raise SubmissionError(
            f"The list of requests lacks the column {' and '.join(missing)}. Expected student, "
            f"exercise, question and text; it has {', '.join(rows[0]) if rows else 'no header'}."
        )
    works = list(graded)
    found: dict[str, Request] = {}
    for row in rows[1 : _MOST + 1]:
        fields = {
            name: row[place].strip()[:_LONGEST] if place is not None and place < len(row) else ""
            for name, place in columns.items()
        }
        if any(fields.values()):
            request = _matched(fields, works)
            found[request.id] = request
    return list(found.values())


def _matched(fields: Mapping[str, str], works: list[Graded]) -> Request:
    digest = hashlib.sha256("\0".join(fields.values()).encode("utf-8", "replace")).hexdigest()[:16]
    request = Request(digest, **fields)
    own = [one for one in works if normal(fields["student"]) in _ids(one)]
    if not own:
        return _unfound(
            request, "Nobody with this id or name handed anything in. Check the spelling."
        )
    if len({one.entry.who for one in own}) > 1:
        return _unfound(request, "Several students have this name: the list needs their ids.")
    wanted, question = _plain(fields["exercise"]), _plain(fields["question"])
    candidates = [one for one in own if one.exercise and wanted in ("", *_words(one.exercise))]
    places = [(one, _question(one.exercise, question)) for one in candidates if one.exercise]
    if not wanted and question:
        places = [(one, place) for one, place in places if place]
    if len(places) != 1:
        return _unfound(
            request,
            "The request does not name its exercise: add it in the CSV file."
            if places
            else "This exercise was not handed in.",
        )
    [(work, place)] = places
    problem = (
        "This exercise has no such question: look up its number in the notebook."
        if question and not place
        else ""
    )
    return Request(digest, **fields, task=work.entry.task, place=place, problem=problem)


def _unfound(request: Request, problem: str) -> Request:
    return Request(**{**asdict(request), "problem": problem})


def _ids(work: Graded) -> set[str]:
    entry, person = work.entry, work.entry.person
    ids = {entry.who, entry.name, entry.submission.who, entry.submission.email}
    if person:
        ids |= {*person.typed, person.lms, person.name}
    return {normal(one) for one in ids if one}


def _plain(text: str) -> str:
    return normal(text).removeprefix("exercise").removeprefix("question").strip(" .:")


def _words(exercise: Exercise) -> tuple[str, ...]:
    return tuple(map(_plain, (exercise.name, str(exercise.number), exercise.title)))


def _question(exercise: Exercise, wanted: str) -> str:
    for question in exercise.questions:
        names = [question.id, question.id.partition(".")[2], question.number, question.title]
        names += [answer.name for answer in question.answers]
        # In a column beside the exercise, 3.5 may be 5.
        names += [question.number.partition(".")[2]]
        if wanted and wanted in map(_plain, names):
            return question.id
    return ""


def stored_requests(out: Path) -> list[Request]:
    """Return the requests that are kept in the results folder."""
    with suppress(OSError, ValueError, TypeError):
        plain = json.loads((out / FILE).read_text(encoding="utf-8"))
        return [Request(**one) for one in plain]
    return []


def store_requests(out: Path, new: Iterable[Request]) -> list[Request]:
    """Add requests to those in the results folder, and return all."""
    with locked(out):
        merged = {one.id: one for one in (*stored_requests(out), *new)}
        with whole_file(out / FILE, mode=0o600, sync=True) as temporary:
            plain = [asdict(one) for one in merged.values()]
            temporary.write_text(as_json(plain), encoding="utf-8", errors="replace")
        flush_folder(out)
    return list(merged.values())
