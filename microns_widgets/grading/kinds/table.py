"""A table: rows are matched by a key, and each column is judged separately."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from microns_widgets.grading.kinds._columns import cells_of, columns_of
from microns_widgets.grading.kinds._judgement import (
    RIGHT,
    Judgement,
    Tolerance,
    partly,
    right_minus_false,
    wrong,
)
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
    comma_list,
    plain_id,
    plain_number,
    plain_text,
    quantity,
    too_many,
)
from microns_widgets.grading.kinds.answer import Answer

EXPECTED = "a table, such as a DataFrame"

#: Most values of a table: rows times columns.
LARGEST = 400_000


@dataclass(frozen=True)
class Column:
    """One column: number, text, id or truth (a boolean).

    Numbers have a unit and a tolerance. Text is compared without regard to upper and lower case,
    unless `case` is set, and never with regard to spaces around it.
    """

    kind: Literal["number", "text", "id", "truth"]
    about: str = ""
    unit: str = ""
    rel: float | None = None
    abs: float | None = None
    case: bool = False


@dataclass(frozen=True)
class Options:
    """Options of a table.

    Attributes
    ----------
    key : tuple of str
        Columns whose values identify a row; they may be the index. Default: rows are compared
        in their order. A key is text unless its name ends with ``_id`` or it is listed in
        `columns`.
    columns : dict of str to Column
        The columns that are judged; further columns are ignored.
    order : str
        ``"free"``, ``"fixed"`` (as in the key), or a column by which rows are sorted, with a
        minus sign for the largest first; ties may be in any order.
    partial : bool
        Whether a part of the table gets a part of the points. Each column has the same weight,
        and so has the order; a column gets its right rows minus its wrong ones and
        the rows that do not belong, divided by the number of expected rows.
    """

    key: tuple[str, ...] = ()
    columns: dict[str, Column] = field(default_factory=dict)
    order: str = "free"
    partial: bool = True

    @property
    def kinds(self) -> dict[str, Column]:
        """All columns that are read, the key's first."""
        keys = {name: Column("id" if name.endswith("_id") else "text") for name in self.key}
        return keys | self.columns

    @property
    def value_columns(self) -> list[str]:
        """Columns that are not part of the key."""
        return [name for name in self.columns if name not in self.key]


def _plain_truth(value: object) -> bool:
    if isinstance(value, bool | np.bool_) or value in (0, 1):
        return bool(value)
    raise Unfit("not a truth value")


def _truth_of(payload: object) -> bool:
    if type(payload) is not bool:
        raise Damaged("not a truth value")
    return payload


def _with_case(payload: object) -> str:
    return text_of(payload).strip()


_PLAIN: dict[str, Callable[[object], object]] = {
    "number": plain_number,
    "text": plain_text,
    "id": plain_id,
    "truth": _plain_truth,
}
_READ: dict[str, Callable[[object], object]] = {
    "number": number_of,
    "text": lambda cell: text_of(cell).strip().casefold(),
    "id": id_of,
    "truth": _truth_of,
}


def capture(value: object, answer: Answer) -> dict[str, object]:
    """Return ``{"rows": n, "columns": {name: cells}, "others": [names]}``."""
    options = answer.read(Options)
    columns, others, rows = columns_of(value, options.key, options.value_columns)
    if rows * len(columns) > LARGEST:
        raise TooLarge(f"{rows:,} rows of {len(columns)} columns, the limit is {LARGEST:,} values")
    return {
        "rows": rows,
        "columns": {
            name: cells_of(columns[name], _PLAIN[column.kind])
            for name, column in options.kinds.items()
            if name in columns
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
    rows, cells = count_of(table.get("rows")), table_of(table.get("columns"))
    if rows * len(cells) > LARGEST:
        raise Damaged("too large")
    columns: dict[str, list[Any]] = {}
    for name, column in options.kinds.items():
        if name in cells:
            read = _with_case if column.case else _READ[column.kind]
            columns[name] = list_of(cells[name], lambda c, r=read: None if c is None else r(c))  # type: ignore[misc]  # the default binds it
            if len(columns[name]) != rows:
                raise Damaged("columns of different lengths")
    return _Table(rows, columns, list_of(table.get("others"), text_of, 30))


def practice(payload: object, answer: Answer) -> list[str]:
    """Check for missing columns, values of the wrong kind and repeated keys."""
    options = answer.read(Options)
    table = _read(payload, options)
    return _complaints(table, options) or _unsorted(table, options)


def _complaints(table: _Table, options: Options) -> list[str]:
    missing = [name for name in options.kinds if name not in table.columns]
    if missing:
        present = comma_list([*table.columns, *table.others]) or "none"
        return [
            f"has {quantity(table.rows, 'row')} and the columns {present}; expected the columns "
            f"{comma_list(options.kinds)}: {comma_list(missing)} missing.",
            *([] if table.rows else ["has no rows."]),
        ]
    return _faults(table, options)


def _faults(table: _Table, options: Options) -> list[str]:
    """Return what is wrong with the columns that are there."""
    if not table.rows:
        return ["has no rows."]
    complaints = []
    for name, column in options.kinds.items():
        unfit = sum(cell is None for cell in table.columns.get(name, ()))
        if unfit:
            complaints.append(
                f"column {name}: {unfit:,} of {table.rows:,} values are not of the kind "
                f"{column.kind!r}."
            )
    if all(name in table.columns for name in options.key):
        repeated = table.rows - len(set(table.keys(options)))
        if repeated:
            complaints.append(
                f"has {quantity(repeated, 'row')} with the same {comma_list(options.key)} as an "
                "earlier row; expected one row for each."
            )
    return complaints


def _unsorted(table: _Table, options: Options) -> list[str]:
    by = options.order.lstrip("-")
    if options.order in ("free", "fixed") or by not in table.columns:
        return []
    cells = [cell for cell in table.columns[by] if cell is not None]
    if sorted(cells, reverse=options.order.startswith("-")) == cells:
        return []
    first = "largest" if options.order.startswith("-") else "smallest"
    return [f"is not sorted by {by} with the {first} first."]


def summary(payload: object) -> str:
    """Return its size and its columns."""
    table = table_of(payload)
    rows, columns = count_of(table.get("rows")), table_of(table.get("columns"))
    return f"{quantity(rows, 'row')} of {comma_list(columns)}"


def restore(payload: object, answer: Answer) -> pd.DataFrame:
    """Return the table as a frame with a column for each that is read."""
    options = answer.read(Options)
    table, cells = _read(payload, options), table_of(table_of(payload).get("columns"))
    columns: dict[str, Any] = {}
    for name in table.columns:
        kind = options.kinds[name].kind
        columns[name] = cells[name] if kind == "text" else table.columns[name]
        if kind == "id":
            columns[name] = np.array([int(one) for one in table.columns[name]], dtype=np.int64)
    return pd.DataFrame(columns)


def judge(payload: object, key: object, answer: Answer) -> Judgement:
    """Compare the rows' keys, then each column, then the order if it matters."""
    options = answer.read(Options)
    actual, expected = _read(payload, options), _read(key, options)
    complaints = _complaints(actual, options)
    if not actual.rows or any(name not in actual.columns for name in options.key):
        return wrong(*complaints)
    if any(name not in actual.columns for name in options.kinds):
        complaints += _faults(actual, options)
    keys = expected.keys(options)
    rows: dict[tuple[Any, ...], int] = {}
    for place, row in enumerate(actual.keys(options)):
        rows.setdefault(row, place)
    common = set(keys) & set(rows)
    missing, surplus = len(keys) - len(common), len(rows) - len(common)
    if missing or surplus:
        complaints.append(f"lacks {missing:,} of the expected rows, and has {surplus:,} others.")
    false = actual.rows - len(common)
    # By each criterion, in how many rows it is right and wrong; in the others, it is missing.
    rights: dict[str, tuple[int, int]] = {}
    for name in options.value_columns:
        right, wrongly, says = _column(name, actual, expected, rows, options)
        rights[name] = right, wrongly
        complaints += says
    disorder = _disorder(actual, keys, rows, options)
    complaints += disorder
    if options.order != "free" or not rights:
        rights["the order" if rights else "the key"] = (0 if disorder else len(common), 0)
    if not complaints:
        return RIGHT
    shares = [
        right_minus_false(right, wrong + false, len(keys)) for right, wrong in rights.values()
    ]
    share = sum(shares) / len(shares)
    # A complaint that costs no row, such as on an unfit value that the key has too.
    return partly(min(share, 0.99), complaints, _credit(rights, false, len(keys)), options.partial)


def _column(
    name: str,
    actual: _Table,
    expected: _Table,
    rows: Mapping[tuple[Any, ...], int],
    options: Options,
) -> tuple[int, int, list[str]]:
    """Return in how many rows a column is right and wrong, and what to say about it."""
    keys = expected.keys(options)
    if name not in actual.columns:
        return 0, 0, []
    cells = actual.columns[name]
    present = [
        (cells[rows[row]], key_cell)
        for row, key_cell in zip(keys, expected.columns[name], strict=True)
        if row in rows
    ]
    if len(set(cells)) == 1 and len({key_cell for _, key_cell in present}) > 1:
        return 0, 0, [f"column {name}: the value is the same in every row."]
    right = sum(_equal(cell, key_cell, options.columns[name]) for cell, key_cell in present)
    off = len(present) - right
    missing = sum(
        _is_missing(cell) and not _equal(cell, key_cell, options.columns[name])
        for cell, key_cell in present
    )
    says = [f"column {name}: {off:,} of {len(keys):,} values are not as expected."] if off else []
    return right, off - missing, says


def _is_missing(cell: object) -> bool:
    return cell is None or cell == "" or cell != cell


def _disorder(
    actual: _Table,
    keys: list[tuple[Any, ...]],
    rows: Mapping[tuple[Any, ...], int],
    options: Options,
) -> list[str]:
    if options.order == "fixed":
        expected = set(keys)
        if [row for row in rows if row in expected] != [row for row in keys if row in rows]:
            return ["has its rows in a different order than required."]
    return _unsorted(actual, options)


def _credit(rights: Mapping[str, tuple[int, int]], false: int, rows: int) -> str:
    whole = comma_list(name for name, (right, _) in rights.items() if right == rows)
    parts = [f"{whole} right"] if whole else []
    parts += [
        f"{name} right in {right:,} of {quantity(rows, 'row')}"
        + (f", minus {wrong:,} wrong" if wrong else "")
        for name, (right, wrong) in rights.items()
        if wrong + false < right < rows
    ]
    minus = f", {too_many(false, 'row')}" if false else ""
    return f"{'; '.join(parts)}{minus}."


def _equal(actual: Any, key: Any, column: Column) -> bool:
    if actual is None or key is None:
        return actual is key
    if column.kind == "number":
        return Tolerance(column.rel, column.abs).equal(actual, key)
    return bool(actual == key)
