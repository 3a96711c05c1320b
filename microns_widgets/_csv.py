"""CSV files that spreadsheets open as text and numbers, never as formulas.

A spreadsheet runs a cell that begins with one of ``= + - @``, a tab or a line break. Such a cell
gets an apostrophe in front, and so does one that already has apostrophes before such a character,
so that reading the file back is exact. Plain negative numbers stay numbers. The front end writes
its files by the same rule, in ``frontend/src/shared/csv.ts``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO

#: Matches a cell that a spreadsheet might run. It is valid in Python and in JavaScript.
FORMULA = (
    r"^(?!-(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\s\S]))"  # not a negative number
    r"'*[=+\-@\t\r\n]"
)
_FORMULA = re.compile(FORMULA)
_SAFE = re.compile(r"'+[=+\-@\t\r\n]")


def safe_cell(text: str) -> str:
    """Return the text of a cell in a form that no spreadsheet runs as a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def original_cell(text: str) -> str:
    """Return the text that `safe_cell` received."""
    return text[1:] if _SAFE.match(text) else text


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as a CSV file with safe cells."""
    return "".join(f"{','.join(map(_field, row))}\n" for row in rows)


def _field(text: str) -> str:
    # Python's own writer leaves a carriage return unquoted, and the reader ends the row there.
    cell = safe_cell(text)
    return '"{}"'.format(cell.replace('"', '""')) if re.search('[",\n\r]', cell) else cell


def csv_rows(file: TextIO, delimiter: str = ",") -> Iterator[dict[str, Any]]:
    """Yield the rows of a CSV file with a header, with cells as they were before `safe_cell`."""
    for row in csv.DictReader(file, delimiter=delimiter):
        yield {
            name: original_cell(cell) if isinstance(cell, str) else cell
            for name, cell in row.items()
        }
