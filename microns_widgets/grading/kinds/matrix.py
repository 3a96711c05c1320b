"""A matrix: labels of rows and columns, and a value for each pair that has one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import sparse

from microns_widgets.grading.kinds._judgement import (
    RIGHT,
    Judgement,
    Tolerance,
    by_criteria,
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
from microns_widgets.grading.kinds._values import TooLarge, Unfit, described, plain_number
from microns_widgets.grading.kinds.answer import Answer
from microns_widgets.network.matrix import ConnectivityMatrix

EXPECTED = "a matrix: a ConnectivityMatrix or a DataFrame with labels on both axes"
EXPECTED_BARE = "a matrix: an array, a sparse matrix or a DataFrame"

#: Fields of a dense matrix that are looked through for values.
LARGEST_DENSE = 100_000_000


@dataclass(frozen=True)
class Options:
    """What is public about a matrix.

    Attributes
    ----------
    labels : bool
        Whether rows and columns have labels (root ids, types) by which they are found. An
        array has none, and is compared place by place where they are not asked for.
    order : {"free", "fixed", "groups"}
        Whether the order of labels matters. ``"groups"``: the order of their groups, such
        as the types of sorted cells, with the order within a group left free.
    groups : str
        For ``"groups"``: name of a variable of the master's KEY cells, a dict or Series
        from label to group.
    unit : str
        Of the values.
    rel, abs : float, optional
        Tolerances of the values, as for a number.

    A field that is 0, NaN or minus infinity holds no value: no connection.
    """

    labels: bool = True
    order: Literal["free", "fixed", "groups"] = "free"
    groups: str = ""
    unit: str = ""
    rel: float | None = None
    abs: float | None = None


def private(answer: Answer) -> Answer | None:
    """Return what judging needs beside the master's own answer: the group of each label."""
    name = answer.read(Options).groups
    if not name:
        return None
    columns = {"group": {"kind": "text"}}
    return Answer(name, "table", "groups of labels", 1, {"key": ["label"], "columns": columns})


def capture(value: object, answer: Answer) -> dict[str, object]:
    """Return labels, and the fields that hold a value as places and values."""
    labels = answer.read(Options).labels
    rows, columns = _labels(value) if labels else (None, None)
    found = sparse.coo_array(_values(value, labels))
    found.sum_duplicates()
    data = np.asarray(found.data, dtype=float)
    kept = ~((data == 0) | np.isnan(data) | np.isneginf(data))
    if kept.sum() > LARGEST_LIST:
        raise TooLarge(f"{kept.sum():,} fields with a value, at most {LARGEST_LIST:,} go in")
    whole = found.dtype.kind in "iub"
    values = data[kept].astype(np.int64) if whole else data[kept]
    return {
        "shape": [int(n) for n in found.shape],
        "rows": rows,
        "columns": columns,
        "i": found.coords[0][kept].tolist(),
        "j": found.coords[1][kept].tolist(),
        "values": [plain_number(one) for one in values.tolist()],
    }


def _labels(value: object) -> tuple[list[str], list[str]]:
    if isinstance(value, ConnectivityMatrix):
        axes: Sequence[Any] = (value.pre_ids, value.post_ids)
    elif isinstance(value, pd.DataFrame):
        axes = (value.index, value.columns)
    else:
        raise Unfit(f"{described(value)}, which has no labels")
    if max(map(len, axes)) > LARGEST_LIST:
        raise TooLarge(f"more than {LARGEST_LIST:,} labels")
    rows, columns = ([_label(one) for one in axis.tolist()] for axis in axes)
    return rows, columns


def _label(label: object) -> str:
    return str(label)[:60]


def _values(value: object, labels: bool) -> Any:
    if isinstance(value, ConnectivityMatrix):
        return value.sparse
    if sparse.issparse(value):
        return value
    dense = np.asarray(value)
    if dense.dtype == object:
        dense = dense.astype(float)
    if dense.ndim != 2 or dense.dtype.kind not in "iufb":
        raise Unfit(described(value))
    if dense.size > LARGEST_DENSE:
        raise TooLarge(f"{dense.size:,} fields")
    if dense.dtype.kind == "f":
        dense = np.where(np.isfinite(dense), dense, 0)
    return dense


@dataclass(frozen=True)
class _Matrix:
    shape: tuple[int, int]
    rows: list[str]
    columns: list[str]
    values: dict[tuple[str, str], float]


def _read(payload: object, options: Options) -> _Matrix:
    table = table_of(payload)
    shape = list_of(table.get("shape"), count_of, 2)
    if len(shape) != 2:
        raise Damaged("no shape")
    if options.labels:
        rows, columns = (list_of(table.get(name), text_of) for name in ("rows", "columns"))
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
    fields = {(rows[a], columns[b]): v for a, b, v in zip(i, j, values, strict=True)}
    return _Matrix((shape[0], shape[1]), rows, columns, fields)


def practice(payload: object, answer: Answer) -> list[str]:
    """Say whether it is empty, and whether labels repeat."""
    return _complaints(_read(payload, answer.read(Options)))


def _complaints(matrix: _Matrix) -> list[str]:
    rows, columns = matrix.shape
    if not rows or not columns:
        return [f"is {rows:,} x {columns:,}: it has no fields."]
    complaints = []
    for axis, labels in (("rows", matrix.rows), ("columns", matrix.columns)):
        if repeated := len(labels) - len(set(labels)):
            complaints.append(f"has {repeated:,} {axis} with the label of an earlier one.")
    if not matrix.values:
        complaints.append(f"is {rows:,} x {columns:,}, and all of it is zero.")
    return complaints


def shown(payload: object) -> str:
    """Return its shape, and how many fields hold a value."""
    table = table_of(payload)
    shape = " x ".join(f"{n:,}" for n in list_of(table.get("shape"), count_of, 2))
    return f"{shape}, {len(list_of(table.get('values'), number_of)):,} values"


def judge(payload: object, key: object, answer: Answer) -> Judgement:
    """Compare the labels, then the values, then the order where it matters."""
    options = answer.read(Options)
    given, expected = _read(payload, options), _read(key, options)
    if complaints := _complaints(given):
        return wrong(*complaints)
    says = [
        *_differ("rows", given.rows, expected.rows),
        *_differ("columns", given.columns, expected.columns),
    ]
    if says:
        if not _differ("", given.rows, expected.columns) and not _differ(
            "", given.columns, expected.rows
        ):
            says = ["has rows and columns exchanged: rows are presynaptic."]
        return wrong(*says)
    if says := _values_differ(given, expected, Tolerance(options.rel, options.abs)):
        return wrong(*says)
    if options.order == "free":
        return RIGHT
    groups = _groups(key) if options.order == "groups" else {}
    missed = [
        f"has its {axis} in another order than asked for."
        for axis, yours, theirs in (
            ("rows", given.rows, expected.rows),
            ("columns", given.columns, expected.columns),
        )
        if [groups.get(one, one) for one in yours] != [groups.get(one, one) for one in theirs]
    ]
    return by_criteria(missed, 4)


def _groups(key: object) -> dict[str, str]:
    columns = table_of(table_of(table_of(key).get("private")).get("columns"))
    labels, groups = (list_of(columns.get(name), text_of) for name in ("label", "group"))
    return dict(zip(labels, groups, strict=True))


def _differ(axis: str, given: list[str], expected: list[str]) -> list[str]:
    missing, surplus = len(set(expected) - set(given)), len(set(given) - set(expected))
    if not missing and not surplus:
        return []
    return [
        f"has {len(given):,} {axis}: {missing:,} of those expected are missing, {surplus:,} do "
        "not belong there."
    ]


def _values_differ(given: _Matrix, expected: _Matrix, tolerance: Tolerance) -> list[str]:
    says = []
    if missing := len(expected.values.keys() - given.values.keys()):
        says.append(f"lacks {missing:,} of the connections expected.")
    if surplus := len(given.values.keys() - expected.values.keys()):
        says.append(f"has {surplus:,} connections that should not be there.")
    exchanged = {(b, a): v for (a, b), v in given.values.items()}
    if says and exchanged.keys() == expected.values.keys():
        return ["has rows and columns exchanged: rows are presynaptic."]
    both = given.values.keys() & expected.values.keys()
    if off := sum(not tolerance.equal(given.values[p], expected.values[p]) for p in both):
        says.append(f"has {off:,} values that are not as expected.")
    return says
