"""A table that a learning system exported, into which points are written."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from microns_widgets._csv import csv_text, original_cell
from microns_widgets.errors import SubmissionError
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.intake.names import normal
from microns_widgets.grading.intake.roster import read_table

#: Learning systems into which points are exported, and plain CSV.
System = Literal["canvas", "moodle", "brightspace", "csv"]

#: Words in the header by which an export is recognised: all of one group must be there. The last
#: groups of Moodle's grading worksheet are German, French and Spanish.
_FORMS: Mapping[System, tuple[frozenset[str], ...]] = {
    "canvas": (
        frozenset({"student", "id", "section"}),
        frozenset({"student", "sisloginid"}),
        frozenset({"student", "sisuserid"}),
    ),
    "moodle": (
        frozenset({"identifier", "grade"}),
        frozenset({"bezeichner", "bewertung"}),
        frozenset({"identifiant", "note"}),
        frozenset({"identificador", "calificación"}),
    ),
    "brightspace": (frozenset({"orgdefinedid"}), frozenset({"username", "end-of-lineindicator"})),
}
#: Columns that identify a person, as compared.
_IDS = frozenset(
    normal(name)
    for name in (
        *("ID", "SIS User ID", "SIS Login ID", "Integration ID", "OrgDefinedId", "Username"),
        *("Identifier", "Bezeichner", "Identifiant", "Identificador", "ID number", "ID-Nummer"),
        *("Email", "Email address", "E-Mail-Adresse", "Adresse de courriel", "Student ID"),
        *("Dirección de correo", "SID", "Student number", "Matrikelnummer", "Student"),
    )
)
_PARTICIPANT = re.compile(r"\D+ (\d+)")


@dataclass(frozen=True)
class Gradebook:
    """A table, with its header.

    Attributes
    ----------
    header : tuple of str
        Names of the columns, as in the file.
    rows : tuple of tuple of str
        As long as the header.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def system(self) -> System | None:
        """The learning system that exports such a table; None if it is not known."""
        names = {normal(name) for name in self.header}
        for system, groups in _FORMS.items():
            if any(group <= names for group in groups):
                return system
        return None

    def column(self, *names: str) -> int | None:
        """Return the place of the first of some columns that there is."""
        places = {normal(name): place for place, name in reversed([*enumerate(self.header)])}
        return next((places[normal(name)] for name in names if normal(name) in places), None)

    def row_of_each(self, graded: Iterable[Graded]) -> dict[int, dict[str, Graded]]:
        """Return the work of the person in each row: row to exercise to work.

        A row is a person's if it contains the person's id, or else the id in the learning system.
        Rows that would be of several people are nobody's, and so are several rows of one.
        """
        works: dict[str, dict[str, Graded]] = {}
        ids: dict[str, set[str]] = {}
        of_system: dict[str, set[str]] = {}
        for one in graded:
            who = one.entry.who
            works.setdefault(who, {})[one.entry.exercise] = one
            ids.setdefault(normal(who), set()).add(who)
            of_system.setdefault(normal(one.entry.submission.who), set()).add(who)
        columns = [n for n, name in enumerate(self.header) if normal(name) in _IDS]
        owners: dict[str, list[int]] = {}
        for place, row in enumerate(self.rows):
            cells = [_id(row[n]) for n in columns or range(len(row))]
            for index in (ids, of_system):
                found = {who for cell in cells for who in index.get(cell, ())}
                if len(found) == 1:
                    owners.setdefault(found.pop(), []).append(place)
                    break
        return {places[0]: works[who] for who, places in owners.items() if len(places) == 1}

    def changed(self, rows: Mapping[int, Mapping[int, str]]) -> Gradebook:
        """Return the table with other cells: row to column to text."""
        return replace(
            self,
            rows=tuple(
                tuple(rows.get(r, {}).get(c, cell) for c, cell in enumerate(row))
                for r, row in enumerate(self.rows)
            ),
        )

    def with_column(self, name: str) -> Gradebook:
        """Return the table with one more, empty column."""
        return Gradebook((*self.header, name), tuple((*row, "") for row in self.rows))

    def only(self, columns: Sequence[int]) -> Gradebook:
        """Return the table with some of its columns."""
        return Gradebook(
            tuple(self.header[c] for c in columns),
            tuple(tuple(row[c] for c in columns) for row in self.rows),
        )

    def text(self) -> str:
        """Return the table as CSV."""
        return csv_text([self.header, *self.rows])


def _id(cell: str) -> str:
    # Brightspace writes #123, Moodle "Participant 123".
    text = cell.strip().removeprefix("#")
    match = _PARTICIPANT.fullmatch(text)
    return normal(match[1] if match else text)


def read_gradebook(path: Path) -> Gradebook:
    """Read a table that a learning system exported.

    Raises
    ------
    SubmissionError
        If it cannot be read.
    """
    text, delimiter = read_table(path)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = [row for row in lines if any(row)]
    except csv.Error as error:
        raise SubmissionError(
            f"The roster {path} cannot be read: {error}. Expected a CSV file."
        ) from None
    width = max(map(len, rows), default=0)
    cells = [tuple(map(original_cell, (*row, *[""] * (width - len(row))))) for row in rows]
    return Gradebook(cells[0] if cells else (), tuple(cells[1:]))
