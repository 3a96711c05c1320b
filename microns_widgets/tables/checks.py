"""What a column of a table must be, and the message when it is not.

Every function takes ``where``, the name of the file or frame, for its message.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from microns_widgets.errors import TableError

# A cortical millimetre in nm spans 10^5 to 10^6; in voxels (4 x 4 x 40 nm) its z reaches
# 28,000 and in um its x and y stay below 2,000. No nm coordinate in the volume is so small.
_LARGEST_UM = 5_000.0
_LARGEST_VOXEL_Z = 60_000.0


class ArrowColumn:
    """The few questions that the checks ask of a column, answered by Arrow."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        self._column = column
        self.dtype = column.type

    def null_rows(self) -> list[int]:
        """Return the first rows without a value, three at most."""
        if self._column.null_count == 0:
            return []
        return [int(row) for row in np.flatnonzero(self._column.is_null().to_numpy())[:3]]

    def numbers(self) -> np.ndarray | None:
        """Return the values, or None if they are not numbers."""
        kind = self._column.type
        if not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
            return None
        values: np.ndarray = self._column.to_numpy()
        return values


class SeriesColumn:
    """The same questions, answered by pandas."""

    def __init__(self, series: pd.Series) -> None:
        self._series = series
        self.dtype = series.dtype

    def null_rows(self) -> list[int]:
        """Return the first rows without a value, three at most."""
        return [int(row) for row in np.flatnonzero(self._series.isna().to_numpy())[:3]]

    def numbers(self) -> np.ndarray | None:
        """Return the values, or None if they are not numbers."""
        kind = self._series.dtype
        if not pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_bool_dtype(kind):
            return None
        if pd.api.types.is_extension_array_dtype(kind):
            whole = pd.api.types.is_integer_dtype(kind)
            return self._series.to_numpy(dtype=np.int64 if whole else np.float64)
        return self._series.to_numpy()

    def text(self) -> np.ndarray | None:
        """Return the values with nulls as ``""``, or None if they are not text."""
        filled = self._series.astype(object).where(self._series.notna(), "")
        if not all(isinstance(value, str) for value in filled.unique()):
            return None
        return filled.to_numpy(dtype=object)


def check_present(found: list[str], expected: Mapping[str, str], where: str) -> None:
    """Every expected column is there."""
    missing = [name for name in expected if name not in found]
    if missing:
        raise TableError(
            f"{where}: column {', '.join(map(repr, missing))} is missing. Expected "
            f"{', '.join(expected)}; found {', '.join(map(str, found)) or 'no column at all'}. "
            "Rename your columns, or check that this is the right table."
        )


def checked_columns(
    frame: pd.DataFrame, expected: Mapping[str, str], where: str
) -> dict[str, np.ndarray]:
    """Return the expected columns of a frame, each in its type, without nulls."""
    check_present(list(frame.columns), expected, where)
    twice = [name for name in expected if list(frame.columns).count(name) > 1]
    if twice:
        raise TableError(f"{where}: column {twice[0]!r} occurs more than once. Keep one of them.")
    return {
        name: checked_column(SeriesColumn(frame[name]), name, kind, where)
        for name, kind in expected.items()
    }


def checked_column(
    column: ArrowColumn | SeriesColumn, name: str, kind: str, where: str
) -> np.ndarray:
    """Return one column in its type, or say what is wrong with it."""
    if kind == "str":
        text = column.text() if isinstance(column, SeriesColumn) else None
        if text is None:
            raise _wrong_type(column, name, "text", where)
        return text
    rows = column.null_rows()
    if rows:
        raise TableError(
            f"{where}: column {name!r} has no value in row {', '.join(map(str, rows))}"
            f"{' and more' if len(rows) == 3 else ''}, expected a number in every row. "
            "Drop these rows, or write 0 for an unknown root id."
        )
    numbers = column.numbers()
    if numbers is None:
        raise _wrong_type(column, name, kind, where)
    wanted = np.dtype(kind)
    if wanted.kind == "i" and numbers.dtype.kind == "f":
        _check_whole(numbers, name, where)
    if wanted.kind == "i" and len(numbers):
        limits = np.iinfo(wanted)
        if numbers.min() < limits.min or numbers.max() > limits.max:
            raise TableError(
                f"{where}: column {name!r} holds {numbers.max()}, more than {kind} can. "
                "Expected nm for positions and voxels for sizes; check that no columns are swapped."
            )
    return np.ascontiguousarray(numbers, dtype=wanted)


def _check_whole(numbers: np.ndarray, name: str, where: str) -> None:
    if name.endswith("root_id") and len(numbers) and np.abs(numbers).max() > 2**53:
        raise TableError(
            f"{where}: column {name!r} is {numbers.dtype}, expected int64. Root ids beyond 2^53 "
            "have lost their last digits: read the file again with integer ids."
        )
    broken = np.flatnonzero(numbers != np.trunc(numbers))
    if len(broken):
        raise TableError(
            f"{where}: column {name!r} has the fraction {numbers[broken[0]]} in row {broken[0]}, "
            "expected whole numbers. Positions and sizes are whole nm and voxels: round them."
        )


def _wrong_type(
    column: ArrowColumn | SeriesColumn, name: str, expected: str, where: str
) -> TableError:
    return TableError(
        f"{where}: column {name!r} is {column.dtype}, expected {expected}. "
        f"Convert it with frame[{name!r}].astype({'str' if expected == 'text' else expected!r})."
    )


def check_ids(ids: np.ndarray, name: str, where: str) -> None:
    """Root ids are not negative."""
    if len(ids) and ids.min() < 0:
        row = int(np.argmin(ids))
        raise TableError(
            f"{where}: column {name!r} is {ids[row]} in row {row}, expected a root id "
            "(18 digits) or 0 for none. The id was probably read as a 32-bit number."
        )


def check_unique(ids: np.ndarray, name: str, where: str) -> None:
    """No id occurs twice."""
    # Sorting takes a third of the time and memory of a hash table of all ids.
    rising = np.sort(ids)
    if (rising[1:] == rising[:-1]).any():
        twice = ids[pd.Series(ids).duplicated().to_numpy()]
        raise TableError(
            f"{where}: column {name!r} holds {twice[0]} more than once "
            f"({len(twice)} rows too many), expected each once. "
            f"Keep one row each: frame.drop_duplicates({name!r})."
        )


def check_sizes(sizes: np.ndarray, where: str) -> None:
    """Sizes are not negative."""
    if len(sizes) and sizes.min() < 0:
        row = int(np.argmin(sizes))
        raise TableError(
            f"{where}: column 'size' is {sizes[row]} in row {row}, expected a number of voxels, "
            "0 or more. Drop the rows with negative sizes."
        )


def check_nanometres(axes: list[np.ndarray], prefix: str, where: str) -> None:
    """Positions are finite and look like nm, not voxels or micrometres."""
    if not len(axes[0]):
        return
    with np.errstate(invalid="ignore"):
        for values, axis in zip(axes, "xyz", strict=True):
            if values.dtype.kind == "f" and not np.isfinite(values).all():
                raise TableError(
                    f"{where}: column '{prefix}_{axis}' holds a value that is not a number, "
                    "expected nm. Drop these rows."
                )
    largest = [float(np.abs(values).max()) for values in axes]
    if max(largest) < _LARGEST_UM:
        unit, cure = "micrometres", "multiply the three columns by 1000"
    elif largest[2] < _LARGEST_VOXEL_Z:
        unit = "voxels of 4 x 4 x 40 nm"
        cure = "multiply x and y by 4 and z by 40 (`microns index` does it: --resolution 4,4,40)"
    else:
        return
    raise TableError(
        f"{where}: the positions '{prefix}_x, _y, _z' reach {largest[0]:g}, {largest[1]:g}, "
        f"{largest[2]:g}; they look like {unit}, expected nm. To convert, {cure}."
    )
