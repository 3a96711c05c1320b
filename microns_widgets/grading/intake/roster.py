"""Reads rosters as teachers write them and as learning systems export them."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from microns_widgets._csv import csv_rows
from microns_widgets.errors import SubmissionError
from microns_widgets.grading.intake.names import normal
from microns_widgets.grading.intake.people import Person, Roster

_EMAIL = (
    *("email", "email address", "e-mail", "e-mail address", "e-mail-adresse", "mail"),
    *("adresse de courriel", "dirección de correo", "dirección email"),
)
#: Names of columns: a teacher's own, and those of Canvas (gradebook), Moodle (grading worksheet,
#: participants; also German, French and Spanish), Gradescope, Brightspace, Blackboard, Google and
#: GitHub Classroom. In the order in which they count.
_COLUMNS = {
    "student_id": (
        *("student", "student id", "typed", "student number", "matriculation number"),
        *("sis login id", "sis user id", "sid", "orgdefinedid", "id number", "matrikelnummer"),
        *("id-nummer", "numéro d'identification", "número de id", "login id", "username"),
        *("user name", "anmeldename", "nutzername", *_EMAIL, "identifier"),
    ),
    "others": (
        *("sis user id", "sis login id", "login id", "username", "user name", "orgdefinedid"),
        *("sid", "student id", "student number", "id number", "matrikelnummer", "anmeldename"),
    ),
    "lms": (
        *("lms id", "lms", "user id", "github_username", "identifier", "bezeichner", "id"),
        *("identifiant", "identificador", "sid", "username"),
    ),
    "name": (
        *("name", "full name", "student name", "display name", "vollständiger name"),
        *("nom complet", "nombre completo"),
    ),
    "first": ("first name", "given name", "vorname", "prénom", "nombre"),
    "last": (
        *("last name", "surname", "family name", "nachname", "nom de famille", "nom"),
        *("apellido(s)", "apellidos"),
    ),
    "email": _EMAIL,
    "extension": (
        *("extension", "extension until", "extended until", "due", "due date", "deadline"),
    ),
    "role": ("role", "rolle", "roles"),
}
#: Columns of Canvas's gradebook, whose column ``Student`` is a name.
_CANVAS = ({"sis login id"}, {"sis user id"}, {"id", "section"})
#: Rows of Canvas's gradebook that are not people, and roles that are not students.
_NOT_PEOPLE = re.compile(r"points possible|student, test|test student", re.IGNORECASE)
_NOT_STUDENTS = ("instructor", "teacher", "ta", "teaching assistant", "reader", "grader", "admin")
_PARTICIPANT = re.compile(r"\D+ (?P<number>\d+)")
_DELIMITERS = ",;\t"
_SEPARATOR = re.compile(r"sep=(?P<sign>[,;\t])\r?\n", re.IGNORECASE)
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def read_roster(path: Path) -> Roster:
    """Read a roster from CSV.

    Parameters
    ----------
    path : path
        With a header, separated by commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252.
        The column ``student`` contains the id that the student types into the notebook; ``id``,
        ``name`` and ``email`` identify the person in the learning system, and ``extension`` says
        until when the person may hand in. Exports of Canvas, Moodle, Gradescope, Brightspace,
        Blackboard, Google Classroom and GitHub Classroom are read as they are.

    Raises
    ------
    SubmissionError
        If it cannot be read, lacks a column with ids, or contains an id twice.
    """
    text, delimiter = read_table(path)
    try:
        rows = list(csv_rows(io.StringIO(text, newline=""), delimiter))
    except csv.Error as error:
        raise _unreadable(path, error) from None
    header = [name for row in rows[:1] for name in row if isinstance(name, str) and name.strip()]
    columns = _columns(header)
    if not columns.get("student_id"):
        raise SubmissionError(
            f"The roster {path} has the columns {', '.join(header) or '(none)'}. "
            "Expected one named student, with the id that students enter in the notebook, and "
            "preferably id, name or email as in the learning system."
        )
    return Roster(_people(rows, columns, path))


def read_table(path: Path) -> tuple[str, str]:
    """Return the text of a CSV file, whatever its encoding, and the sign between its columns.

    Raises
    ------
    SubmissionError
        If it cannot be read.
    """
    try:
        return decoded_table(path.read_bytes())
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None


def decoded_table(content: bytes) -> tuple[str, str]:
    """Return the text of a CSV file's content, and the sign between its columns.

    Raises
    ------
    ValueError
        If it is not text.
    """
    return _table(_decoded(content))


def _unreadable(path: Path, error: Exception) -> SubmissionError:
    return SubmissionError(f"The roster {path} cannot be read: {error}. Expected a CSV file.")


def _decoded(content: bytes) -> str:
    if content.startswith(b"PK\x03\x04"):
        raise ValueError("it is a workbook, not text; save it as CSV")
    for bom, encoding in _BOMS.items():
        if content.startswith(bom):
            return content.decode(encoding)
    # UTF-16 without its mark: every other byte of plain letters is 0.
    if content[1:2] == b"\0" or content[:1] == b"\0":
        return content.decode("utf-16-le" if content[1:2] == b"\0" else "utf-16-be")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _table(text: str) -> tuple[str, str]:
    """Return the table in a text, and the sign that separates its columns."""
    text = text.lstrip("\ufeff\r\n")
    # Excel writes the separator into a line of its own.
    if declared := _SEPARATOR.match(text):
        return text[declared.end() :], declared["sign"]
    header = re.sub(r'"[^"]*"', "", text.partition("\n")[0])
    return text, max(_DELIMITERS, key=header.count)


def _columns(header: list[str]) -> dict[str, list[str]]:
    """Return the columns of a roster for each of our fields, in the order in which they count."""
    named = {_plain(name): name for name in reversed(header)}
    canvas = [{_plain(name) for name in names} <= named.keys() for names in _CANVAS]
    columns = {
        ours: [named[_plain(name)] for name in names if _plain(name) in named]
        for ours, names in _COLUMNS.items()
    }
    student = named.get("student")
    if student and any(canvas) and not columns["name"]:
        columns["name"].insert(0, student)
        columns["student_id"].remove(student)
    return columns


def _plain(name: str) -> str:
    return normal(name).strip("#\ufeff")


def _people(
    rows: list[dict[str, Any]], columns: Mapping[str, list[str]], path: Path
) -> Iterator[Person]:
    seen: dict[str, str] = {}
    for number, row in enumerate(rows, start=2):
        person = _person(row, columns)
        if person is None:
            continue
        if not person.student_id:
            raise SubmissionError(
                f"The roster {path} has no id for {person.name or 'the person'} in line {number}. "
                "Expected what students enter in the notebook: a student number, a login or an "
                "e-mail. Export it with such a column, or remove the line."
            )
        if normal(person.student_id) in seen:
            raise SubmissionError(
                f"The roster {path} contains the student {person.student_id!r} twice. Remove one "
                "of the rows."
            )
        seen[normal(person.student_id)] = person.name
        yield person


def _person(row: Mapping[str, Any], columns: Mapping[str, list[str]]) -> Person | None:
    """Return the person in a row, or None if there is none."""

    def values(field: str) -> list[str]:
        texts = (str(row.get(name) or "") for name in columns[field])
        # Brightspace puts a # before ids, so that spreadsheets keep their zeros.
        return [one for text in texts if (one := text.strip().removeprefix("#").strip())]

    def first(field: str) -> str:
        return next(iter(values(field)), "")

    name = first("name") or " ".join([*values("first")[:1], *values("last")[:1]])
    role = first("role").casefold()
    if _NOT_PEOPLE.fullmatch(name) or role in _NOT_STUDENTS:
        return None
    lms = first("lms")
    participant = _PARTICIPANT.fullmatch(lms)
    # Moodle's "Participant 123" is nothing that anybody types.
    ids = [one for one in values("student_id") if not _PARTICIPANT.fullmatch(one)]
    if not (ids or name or lms):
        return None
    return Person(
        student_id=ids[0] if ids else "",
        lms=participant["number"] if participant else lms,
        name=name,
        email=first("email"),
        others=tuple(one for one in values("others") if not ids or one != ids[0]),
        extension=first("extension"),
    )
