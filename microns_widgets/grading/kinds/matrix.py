"""A matrix: labels of rows and columns, and the value of each entry that has one."""

from __future__ import annotations

import numbers
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import sparse

from microns_widgets.grading.kinds._judgement import (
    RIGHT,
    Judgement,
    Tolerance,
    partly,
    right_minus_false,
    wrong,
)
from microns_widgets.grading.kinds._payload import (
    LARGEST_LIST,
    Damaged,
    count_of,
    list_of,
    number_of,
    table_of,
    text_of,
)
from microns_widgets.grading.kinds._values import (
    TooLarge,
    Unfit,
    description,
    plain_number,
    plain_text,
    quantity,
    too_many,
)
from microns_widgets.grading.kinds.answer import Answer
from microns_widgets.network.matrix import ConnectivityMatrix

EXPECTED = "a matrix: a ConnectivityMatrix or a DataFrame with labels on both axes"
EXPECTED_BARE = "a matrix: an array, a sparse matrix or a DataFrame"

#: Most entries of a dense matrix.
LARGEST_DENSE = 100_000_000
_SWAPPED = "has rows and columns swapped: rows are presynaptic."


@dataclass(frozen=True)
class Options:
    """Options of a matrix.

    Attributes
    ----------
    labels : bool
        Whether rows and columns are matched by their labels (root ids, types). An array has
        none; without labels, matrices are compared entry by entry.
    order : {"free", "fixed", "groups"}
        Whether the order of labels matters. ``"groups"``: only the order of their groups
        matters, such as the types of sorted cells, not the order within a group.
    groups : str
        For ``"groups"``: name of a variable in the master's KEY cells, a dict or Series
        from label to group.
    unit : str
        Of the values.
    rel, abs : float, optional
        Tolerances of the values, as for a number.
    partial : bool
        Whether a part of the matrix gets a part of the points: the right entries with a value
        minus the wrong ones and those that should have none, divided by the number of expected
        ones; the same for the labels; the product counts. A wrong order of one axis costs a
        quarter of that.

    An entry that is 0, NaN or minus infinity has no value: there is no connection.
    """

    labels: bool = True
    order: Literal["free", "fixed", "groups"] = "free"
    groups: str = ""
    unit: str = ""
    rel: float | None = None
    abs: float | None = None
    partial: bool = True


def private(answer: Answer) -> Answer | None:
    """Return the KEY variable with the group of each label, if it is needed."""
    name = answer.read(Options).groups
    if not name:
        return None
    columns = {"group": {"kind": "text"}}
    return Answer(name, "table", "groups of labels", 1, {"key": ["label"], "columns": columns})


def capture(value: object, answer: Answer) -> dict[str, object]:
    """Return labels, and the indices and values of the entries that have a value."""
    labels = answer.read(Options).labels
    rows, columns = _labels(value) if labels else (None, None)
    matrix = sparse.coo_array(_values(value, labels))
    matrix.sum_duplicates()
    data = np.asarray(matrix.data, dtype=float)
    has_value = ~((data == 0) | np.isnan(data) | np.isneginf(data))
    if has_value.sum() > LARGEST_LIST:
        raise TooLarge(f"{has_value.sum():,} entries with a value, the limit is {LARGEST_LIST:,}")
    whole = matrix.dtype.kind in "iub"
    values = data[has_value].astype(np.int64) if whole else data[has_value]
    return {
        "shape": [int(n) for n in matrix.shape],
        "rows": rows,
        "columns": columns,
        "i": matrix.coords[0][has_value].tolist(),
        "j": matrix.coords[1][has_value].tolist(),
        "values": [plain_number(one) for one in values.tolist()],
    }


def _labels(value: object) -> tuple[list[str], list[str]]:
    if isinstance(value, ConnectivityMatrix):
        axes: Sequence[Any] = (value.pre_ids, value.post_ids)
    elif isinstance(value, pd.DataFrame):
        axes = (value.index, value.columns)
    else:
        raise Unfit(f"{description(value)}, which has no labels")
    if max(map(len, axes)) > LARGEST_LIST:
        raise TooLarge(f"more than {LARGEST_LIST:,} labels")
    rows, columns = ([_label(one) for one in axis.tolist()] for axis in axes)
    return rows, columns


def _label(label: object) -> str:
    return (plain_text(label) if isinstance(label, numbers.Real) else str(label))[:60]


def _folded(label: object) -> str:
    """Return a label as labels are compared: without case and outer space."""
    return text_of(label).strip().casefold()


def _values(value: object, labels: bool) -> Any:
    if isinstance(value, ConnectivityMatrix):
        return value.sparse
    if sparse.issparse(value):
        return value
    dense = np.asarray(value)
    if dense.dtype == object:
        dense = dense.astype(float)
    if dense.ndim != 2 or dense.dtype.kind not in "iufb":
        raise Unfit(description(value))
    if dense.size > LARGEST_DENSE:
        raise TooLarge(f"{dense.size:,} entries, the limit is {LARGEST_DENSE:,}")
    if dense.dtype.kind == "f":
        dense = np.where(np.isfinite(dense), dense, 0)
    return dense


@dataclass(frozen=True)
class _Matrix:
    shape: tuple[int, int]
    rows: list[str]
    columns: list[str]
    values: dict[tuple[str, str], float]

    @property
    def labels(self) -> list[tuple[str, str]]:
        """All labels with their axis."""
        return [*(("row", one) for one in self.rows), *(("column", one) for one in self.columns)]


def _read(payload: object, options: Options) -> _Matrix:
    table = table_of(payload)
    shape = list_of(table.get("shape"), count_of, 2)
    if len(shape) != 2:
        raise Damaged("not a shape")
    if options.labels:
        rows, columns = (list_of(table.get(name), _folded) for name in ("rows", "columns"))
    elif max(shape) <= LARGEST_LIST:
        rows, columns = ([str(place) for place in range(n)] for n in shape)
    else:
        raise Damaged("too large")
    i, j = (list_of(table.get(name), count_of) for name in ("i", "j"))
    values = list_of(table.get("values"), number_of)
    if [len(rows), len(columns)] != shape or not len(i) == len(j) == len(values):
        raise Damaged("lengths differ")
    if any(place >= shape[0] for place in i) or any(place >= shape[1] for place in j):
        raise Damaged("outside")
    entries = {(rows[a], columns[b]): v for a, b, v in zip(i, j, values, strict=True)}
    return _Matrix((shape[0], shape[1]), rows, columns, entries)


def practice(payload: object, answer: Answer) -> list[str]:
    """Check whether it is empty, and whether labels are repeated."""
    return _complaints(_read(payload, answer.read(Options)))


def _complaints(matrix: _Matrix) -> list[str]:
    rows, columns = matrix.shape
    if not rows or not columns:
        return [f"is {rows:,} x {columns:,}: it has no entries."]
    complaints = []
    for axis, labels in (("rows", matrix.rows), ("columns", matrix.columns)):
        if repeated := len(labels) - len(set(labels)):
            complaints.append(f"has {repeated:,} {axis} whose label occurs in an earlier one.")
    if not matrix.values:
        complaints.append(f"is {rows:,} x {columns:,}, and all entries are zero.")
    return complaints


def summary(payload: object) -> str:
    """Return its shape, and the number of entries with a value."""
    table = table_of(payload)
    shape = " x ".join(f"{n:,}" for n in list_of(table.get("shape"), count_of, 2))
    return f"{shape}, {quantity(len(list_of(table.get('values'), number_of)), 'value')}"


def judge(payload: object, key: object, answer: Answer) -> Judgement:
    """Compare the labels, then the values, then the order if it matters."""
    options = answer.read(Options)
    actual, expected = _read(payload, options), _read(key, options)
    if not actual.values or not actual.rows or not actual.columns:
        same = not expected.values and actual == expected
        return RIGHT if same else wrong(*_complaints(actual))
    if _swapped(actual, expected):
        return wrong(_SWAPPED)
    complaints = _complaints(actual)
    complaints += _differ("rows", actual.rows, expected.rows)
    complaints += _differ("columns", actual.columns, expected.columns)
    complaints += _values_differ(actual, expected, Tolerance(options.rel, options.abs))
    if _is_constant(actual) and not _is_constant(expected):
        return wrong(*complaints, "has the same value in every entry.")
    missed = _disorder(actual, expected, _groups(key) if options.order == "groups" else {})
    missed = [] if options.order == "free" else missed
    if not complaints and not missed:
        return RIGHT
    share, credit = _share(actual, expected, Tolerance(options.rel, options.abs))
    if missed:
        share *= 1 - len(missed) / 4
        credit += f", minus {len(missed)} of 4 parts because of the order"
    return partly(min(share, 0.99), [*complaints, *missed], f"{credit}.", options.partial)


def _swapped(actual: _Matrix, expected: _Matrix) -> bool:
    if set(actual.rows) != set(expected.columns) or set(actual.columns) != set(expected.rows):
        return False
    if set(actual.rows) != set(expected.rows) or set(actual.columns) != set(expected.columns):
        return True
    swapped = {(b, a) for a, b in actual.values}
    return swapped == expected.values.keys() != actual.values.keys()


def _is_constant(matrix: _Matrix) -> bool:
    entries = matrix.shape[0] * matrix.shape[1]
    return len(matrix.values) == entries > 1 and len(set(matrix.values.values())) == 1


def _share(actual: _Matrix, expected: _Matrix, tolerance: Tolerance) -> tuple[float, str]:
    """Return the share of a matrix that is right, and what it consists of."""
    found, labels = actual.labels, set(expected.labels)
    named = len(labels & set(found))
    both = actual.values.keys() & expected.values.keys()
    right = sum(tolerance.equal(actual.values[one], expected.values[one]) for one in both)
    false = len(actual.values) - len(both)
    credit = f"{right:,} of {quantity(len(expected.values), 'expected value')}"
    if false:
        credit += f", {too_many(false)}"
    if off := len(both) - right:
        credit += f", minus {off:,} wrong"
    share = right_minus_false(right, false + len(both) - right, len(expected.values))
    of_labels = right_minus_false(named, len(found) - named, len(labels))
    if of_labels < 1:
        credit += f"; times {of_labels:.0%} because of the rows and columns"
    return share * of_labels, credit


def _disorder(actual: _Matrix, expected: _Matrix, groups: Mapping[str, str]) -> list[str]:
    """Return which axes have their common labels in a different order, by group."""
    disorder = []
    for axis, yours, theirs in (
        ("rows", actual.rows, expected.rows),
        ("columns", actual.columns, expected.columns),
    ):
        common = set(yours) & set(theirs)
        orders = [
            [groups.get(one, one) for one in axis if one in common] for axis in (yours, theirs)
        ]
        if orders[0] != orders[1]:
            disorder.append(f"has its {axis} in a different order than required.")
    return disorder


def _groups(key: object) -> dict[str, str]:
    columns = table_of(table_of(table_of(key).get("private")).get("columns"))
    labels, groups = (list_of(columns.get(name), _folded) for name in ("label", "group"))
    return dict(zip(labels, groups, strict=True))


def _differ(axis: str, actual: list[str], expected: list[str]) -> list[str]:
    missing, surplus = len(set(expected) - set(actual)), len(set(actual) - set(expected))
    if not missing and not surplus:
        return []
    return [
        f"has {len(actual):,} {axis}: {missing:,} of the expected ones missing, {surplus:,} "
        "unexpected."
    ]


def _values_differ(actual: _Matrix, expected: _Matrix, tolerance: Tolerance) -> list[str]:
    complaints = []
    if missing := len(expected.values.keys() - actual.values.keys()):
        complaints.append(f"lacks {missing:,} of the expected connections.")
    if surplus := len(actual.values.keys() - expected.values.keys()):
        complaints.append(f"has {quantity(surplus, 'unexpected connection')}.")
    both = actual.values.keys() & expected.values.keys()
    if off := sum(not tolerance.equal(actual.values[p], expected.values[p]) for p in both):
        complaints.append(f"has {quantity(off, 'wrong value')}.")
    return complaints
