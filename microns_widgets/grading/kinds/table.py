"""A table: its rows found by a key, each column judged by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from microns_widgets.grading.kinds._columns import cells_of, columns_of
from microns_widgets.grading.kinds._judgement import Judgement, Tolerance, by_criteria, wrong
from microns_widgets.grading.kinds._payload import (
    Damaged,
    count_of,
    id_of,
    list_of,
    number_of,
    table_of,
    text_of,
)
from microns_widgets.grading.kinds._values import (
    TooLarge,
    Unfit,
    joined,
    plain_id,
    plain_number,
    plain_text,
)
from microns_widgets.grading.kinds.answer import Answer

EXPECTED = "a table, such as a DataFrame"

#: Rows times columns that a table may have.
LARGEST = 400_000


@dataclass(frozen=True)
class Column:
    """One column: number, text, id or truth; unit and tolerance of numbers."""

    kind: Literal["number", "text", "id", "truth"]
    about: str = ""
    unit: str = ""
    rel: float | None = None
    abs: float | None = None


@dataclass(frozen=True)
class Options:
    """What is public about a table.

    Attributes
    ----------
    key : tuple of str
        Columns whose values name a row; they may be the index. Without them rows are
        compared in their order. A key is text unless it ends with ``_id`` or stands among
        the columns.
    columns : dict of str to Column
        What is judged; further columns do no harm.
    order : str
        ``"free"``, ``"fixed"`` (as in the key), or a column by which rows are sorted, with
        a minus sign for the largest first; ties are free.
    """

    key: tuple[str, ...] = ()
    columns: dict[str, Column] = field(default_factory=dict)
    order: str = "free"

    @property
    def kinds(self) -> dict[str, Column]:
        """All columns that are looked at, the key's first."""
        keys = {name: Column("id" if name.endswith("_id") else "text") for name in self.key}
        return keys | self.columns

    @property
    def judged(self) -> list[str]:
        """Columns that are no key."""
        return [name for name in self.columns if name not in self.key]


def _plain_truth(value: object) -> bool:
    if isinstance(value, bool | np.bool_) or value in (0, 1):
        return bool(value)
    raise Unfit("no truth value")


def _truth_of(payload: object) -> bool:
    if type(payload) is not bool:
        raise Damaged("no truth value")
    return payload


_PLAIN: dict[str, Callable[[object], object]] = {
    "number": plain_number,
    "text": plain_text,
    "id": plain_id,
    "truth": _plain_truth,
}
_READ: dict[str, Callable[[object], object]] = {
    "number": number_of,
    "text": lambda cell: text_of(cell).strip(),
    "id": id_of,
    "truth": _truth_of,
}


def capture(value: object, answer: Answer) -> dict[str, object]:
    """Return ``{"rows": n, "columns": {name: cells}, "others": [names]}``."""
    options = answer.read(Options)
    found, others, rows = columns_of(value, options.key, options.judged)
    if rows * len(found) > LARGEST:
        raise TooLarge(f"{rows:,} rows of {len(found)} columns, at most {LARGEST:,} values go in")
    return {
        "rows": rows,
        "columns": {
            name: cells_of(found[name], _PLAIN[column.kind])
            for name, column in options.kinds.items()
            if name in found
        },
        "others": [name[:60] for name in others[:30]],
    }


@dataclass(frozen=True)
class _Table:
    rows: int
    columns: dict[str, list[Any]]
    others: list[str]

    def keys(self, options: Options) -> list[tuple[Any, ...]]:
        if not options.key:
            return [(place,) for place in range(self.rows)]
        return list(zip(*(self.columns[name] for name in options.key), strict=True))


def _read(payload: object, options: Options) -> _Table:
    table = table_of(payload)
    rows, given = count_of(table.get("rows")), table_of(table.get("columns"))
    if rows * len(given) > LARGEST:
        raise Damaged("too large")
    columns: dict[str, list[Any]] = {}
    for name, column in options.kinds.items():
        if name in given:
            read = _READ[column.kind]
            columns[name] = list_of(given[name], lambda c, r=read: None if c is None else r(c))  # type: ignore[misc]  # the default binds it
            if len(columns[name]) != rows:
                raise Damaged("columns of different lengths")
    return _Table(rows, columns, list_of(table.get("others"), text_of, 30))


def practice(payload: object, answer: Answer) -> list[str]:
    """Say which columns are missing, which cells are not of their kind, which keys repeat."""
    options = answer.read(Options)
    table = _read(payload, options)
    return _complaints(table, options) or _unsorted(table, options)


def _complaints(table: _Table, options: Options) -> list[str]:
    missing = [name for name in options.kinds if name not in table.columns]
    if missing:
        yours = joined([*table.columns, *table.others]) or "none"
        lacks = f"yours lacks {joined(missing)}"
        return [
            f"has {table.rows:,} rows; expected columns {joined(options.kinds)}; {lacks} "
            f"(it has {yours})."
        ]
    if not table.rows:
        return ["has no rows."]
    complaints = []
    for name, column in options.kinds.items():
        unfit = sum(cell is None for cell in table.columns[name])
        if unfit:
            complaints.append(f"column {name}: {unfit:,} of {table.rows:,} are no {column.kind}.")
    repeated = table.rows - len(set(table.keys(options)))
    if repeated:
        complaints.append(
            f"has {repeated:,} rows whose {joined(options.key)} stands in an earlier row too; "
            "expected one row each."
        )
    return complaints


def _unsorted(table: _Table, options: Options) -> list[str]:
    by = options.order.lstrip("-")
    if options.order in ("free", "fixed") or by not in table.columns:
        return []
    cells = table.columns[by]
    if sorted(cells, reverse=options.order.startswith("-")) == cells:
        return []
    first = "largest" if options.order.startswith("-") else "smallest"
    return [f"is not sorted by {by}, the {first} first."]


def shown(payload: object) -> str:
    """Return its size and its columns."""
    table = table_of(payload)
    return f"{count_of(table.get('rows')):,} rows of {joined(table_of(table.get('columns')))}"


def judge(payload: object, key: object, answer: Answer) -> Judgement:
    """Compare the rows' keys, then each column, then the order where it matters."""
    options = answer.read(Options)
    given, expected = _read(payload, options), _read(key, options)
    if complaints := _complaints(given, options):
        return wrong(*complaints)
    rows = {name: place for place, name in enumerate(given.keys(options))}
    wanted = expected.keys(options)
    absent, surplus = len(set(wanted) - set(rows)), len(set(rows) - set(wanted))
    if absent or surplus:
        return wrong(f"lacks {absent:,} of the rows expected, and has {surplus:,} others.")
    missed = []
    for name in options.judged:
        column = options.columns[name]
        cells = given.columns[name]
        off = sum(
            not _equal(cells[rows[row]], cell, column)
            for row, cell in zip(wanted, expected.columns[name], strict=True)
        )
        if off:
            missed.append(f"column {name}: {off:,} of {len(wanted):,} values are not as expected.")
    if options.order == "fixed" and list(rows) != wanted:
        missed.append("has its rows in another order than asked for.")
    missed += _unsorted(given, options)
    return by_criteria(missed, max(1, len(options.judged) + (options.order != "free")))


def _equal(given: Any, key: Any, column: Column) -> bool:
    if given is None or key is None:
        return given is key
    if column.kind == "number":
        return Tolerance(column.rel, column.abs).equal(given, key)
    return bool(given == key)
