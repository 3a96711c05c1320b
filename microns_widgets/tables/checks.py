"""Checks of the tables' columns, with an error that says what to fix.

The argument ``where`` of each function is the name of the file or frame, for the message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from microns_widgets._arguments import can_be_written
from microns_widgets.errors import TableError, quoted

# A cortical millimetre in nm spans 10^5 to 10^6; in voxels (4 x 4 x 40 nm) its z reaches
# 28,000 and in um its x and y stay below 2,000. No nm coordinate in the volume is so small.
_LARGEST_UM = 5_000.0
_LARGEST_VOXEL_Z = 60_000.0
#: If two tables belong to one dataset, their positions differ by less than this on some axis.
_OTHER_UNIT = 3.0

_CURES = {
    "root_id": "Write 0 for an unknown root id: fillna(0) and astype('int64').",
    "volume": "Fill it in, for instance with the median, or drop these rows.",
}
_TOO_LARGE = {
    "id": "Ids of synapses are 32-bit numbers here; nothing depends on their values, so number the "
    "rows: frame['id'] = range(len(frame)).",
}
_SWAPPED = "Expected nm for positions and voxels for sizes: check that no columns are swapped."


class ArrowColumn:
    """A column of an Arrow table, as the checks need it."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        self._column = column
        self.dtype = column.type

    def null_rows(self) -> list[int]:
        """Return the first rows without a value, at most three."""
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
    """A column of a pandas frame, as the checks need it."""

    def __init__(self, series: pd.Series) -> None:
        self._series = series
        self.dtype = series.dtype

    def null_rows(self) -> list[int]:
        """Return the first rows without a value, at most three."""
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
        if not all(issubclass(kind, str) for kind in set(map(type, filled))):
            return None
        return filled.to_numpy(dtype=object)


def check_present(present: list[str], expected: Mapping[str, str], where: str) -> None:
    """Raise `TableError` if an expected column is missing."""
    missing = [name for name in expected if name not in present]
    lists = [name.removesuffix("_x") for name in missing if name.removesuffix("_x") in present]
    if lists:
        raise TableError(
            f"{where}: column {lists[0]!r} holds x, y and z together, expected a column for each. "
            "Query the table with split_positions=True and desired_resolution=[1, 1, 1], or split "
            f"it: frame[['{lists[0]}_x', '{lists[0]}_y', '{lists[0]}_z']] = "
            f"frame['{lists[0]}'].tolist()."
        )
    if missing:
        raise TableError(
            f"{where}: column {', '.join(map(repr, missing))} is missing. Expected "
            f"{', '.join(expected)}; found {', '.join(map(str, present)) or 'no columns'}. "
            "Rename your columns, or check that this is the right table."
        )


def checked_columns(
    frame: pd.DataFrame, expected: Mapping[str, str], where: str
) -> dict[str, np.ndarray]:
    """Return the expected columns of a frame in their types, without nulls."""
    check_present(list(frame.columns), expected, where)
    repeated = frame.columns[frame.columns.duplicated()]
    if len(repeated):
        raise TableError(
            f"{where}: column {quoted(repeated[0])} occurs more than once. Keep one of them."
        )
    return {
        name: checked_column(SeriesColumn(frame[name]), name, kind, where)
        for name, kind in expected.items()
    }


def checked_column(
    column: ArrowColumn | SeriesColumn, name: str, kind: str, where: str
) -> np.ndarray:
    """Return one column in its type; raise `TableError` if that is impossible."""
    if kind == "str":
        text = column.text() if isinstance(column, SeriesColumn) else None
        if text is None:
            raise _wrong_type(column, name, "text", where)
        _check_encodable(text, name, where)
        return text
    rows = column.null_rows()
    if rows:
        cure = next((cure for end, cure in _CURES.items() if name.endswith(end)), "")
        raise TableError(
            f"{where}: column {name!r} has no value in row {', '.join(map(str, rows))}"
            f"{' and possibly more' if len(rows) == 3 else ''}, expected a number in every row. "
            f"{cure or f'Drop these rows: frame.dropna(subset=[{name!r}]).'}"
        )
    numbers = column.numbers()
    if numbers is None:
        raise _wrong_type(column, name, kind, where)
    expected = np.dtype(kind)
    if expected.kind == "i" and numbers.dtype.kind == "f":
        _check_whole(numbers, name, where)
    if expected.kind == "i" and len(numbers):
        limits = np.iinfo(expected)
        if numbers.min() < limits.min or numbers.max() > limits.max:
            raise TableError(
                f"{where}: column {name!r} contains {numbers.max()}, which does not fit into "
                f"{kind}. {_TOO_LARGE.get(name, _SWAPPED)}"
            )
    return np.ascontiguousarray(numbers, dtype=expected)


def _check_encodable(text: np.ndarray, name: str, where: str) -> None:
    """Raise `TableError` for half a surrogate pair, which cannot be written to a file or page."""
    for label in dict.fromkeys(text):
        if not can_be_written(label):
            raise TableError(
                f"{where}: column {name!r} contains {quoted(label)}, which is not valid text (half "
                f"of a surrogate pair). Replace it: frame[{name!r}].str.encode('utf-8', "
                "'replace').str.decode('utf-8')."
            )


def _check_whole(numbers: np.ndarray, name: str, where: str) -> None:
    if name.endswith("root_id") and len(numbers) and np.abs(numbers).max() > 2**53:
        raise TableError(
            f"{where}: column {name!r} is {numbers.dtype}, expected int64. Root ids beyond 2^53 "
            "have lost their last digits: read the file again with integer ids."
        )
    rows = np.flatnonzero(numbers != np.trunc(numbers))
    if len(rows):
        raise TableError(
            f"{where}: column {name!r} contains {numbers[rows[0]]} in row {rows[0]}, "
            f"expected whole numbers. Round them: frame[{name!r}].round()."
        )


def _wrong_type(
    column: ArrowColumn | SeriesColumn, name: str, expected: str, where: str
) -> TableError:
    return TableError(
        f"{where}: column {name!r} is {column.dtype}, expected {expected}. "
        f"Convert it with frame[{name!r}].astype({'str' if expected == 'text' else expected!r})."
    )


def check_ids(ids: np.ndarray, name: str, where: str) -> None:
    """Raise `TableError` if a root id is negative."""
    if len(ids) and ids.min() < 0:
        row = int(np.argmin(ids))
        raise TableError(
            f"{where}: column {name!r} is {ids[row]} in row {row}, expected a root id "
            "(18 digits) or 0 for none. The id was probably read as a 32-bit number."
        )


def check_unique(ids: np.ndarray, name: str, where: str) -> None:
    """Raise `TableError` if an id is repeated."""
    # Sorting takes a third of the time and memory of a hash table of all ids.
    ascending = np.sort(ids)
    if (ascending[1:] == ascending[:-1]).any():
        repeats = ids[pd.Series(ids).duplicated().to_numpy()]
        raise TableError(
            f"{where}: column {name!r} contains {repeats[0]} more than once "
            f"({len(repeats)} surplus rows), expected each id once. Keep one row per id: "
            f"frame.drop_duplicates({name!r})."
        )


def check_sizes(sizes: np.ndarray, where: str) -> None:
    """Raise `TableError` if a size is negative."""
    if len(sizes) and sizes.min() < 0:
        row = int(np.argmin(sizes))
        raise TableError(
            f"{where}: column 'size' is {sizes[row]} in row {row}, expected a number of voxels, "
            "0 or more. Drop the rows with negative sizes."
        )


def check_nanometres(
    axes: Sequence[np.ndarray | None], prefix: str, where: str, *, any_volume: bool = False
) -> None:
    """Raise `TableError` unless positions are finite and, unless `any_volume`, look like nm.

    An axis is None if its column does not hold numbers; another check reports that.
    """
    numbers = [values for values in axes if values is not None]
    if len(numbers) < 3 or not len(numbers[0]):
        return
    with np.errstate(invalid="ignore"):
        for values, axis in zip(numbers, "xyz", strict=True):
            if values.dtype.kind == "f" and not np.isfinite(values).all():
                raise TableError(
                    f"{where}: column '{prefix}_{axis}' contains a value that is not a number, "
                    "expected nm. Drop these rows."
                )
    if any_volume:
        return
    largest = [float(np.nanmax(np.abs(values))) for values in numbers]
    reach = ", ".join(f"{value:g}" for value in largest)
    names = f"[['{prefix}_x', '{prefix}_y', '{prefix}_z']]"
    if max(largest) < _LARGEST_UM:
        raise TableError(
            f"{where}: the positions '{prefix}_x, _y, _z' reach {reach}; they look like "
            f"micrometres, expected nm. Convert them, decimals included: frame{names} = "
            f"(frame{names} * 1000).round()."
        )
    if largest[2] < _LARGEST_VOXEL_Z:
        raise TableError(
            f"{where}: the positions '{prefix}_x, _y, _z' reach {reach}; they look like voxels, "
            "expected nm. Query them with desired_resolution=[1, 1, 1], or multiply them by the "
            "voxel size in nm, which client.info.viewer_resolution() returns: 4, 4, 40 in minnie65 "
            "(`microns index --resolution 4,4,40` does), 9.7, 9.7, 45 in V1DD."
        )


def check_same_space(cells: pd.DataFrame, synapses: pd.DataFrame, source: str) -> None:
    """Raise `TableError` if the synapses are in another region of space than the cells.

    Positions in voxels of 8 x 8 x 8 nm look like plausible positions in nm, except next to those
    of the other table.

    Parameters
    ----------
    cells, synapses : pandas.DataFrame
        The two tables; a sample of the synapses is enough.
    source : str
        Name of the data, for the message.
    """
    if not len(cells) or not len(synapses):
        return
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.array(
            [
                np.median(cells[f"pt_position_{axis}"])
                / np.median(synapses[f"ctr_pt_position_{axis}"])
                for axis in "xyz"
            ]
        )
    # The synapses of one cell at the edge may be far from the median cell, but not by a factor on
    # every axis.
    if (ratios > _OTHER_UNIT).all():
        table, column, factors = "synapse", "ctr_pt_position", ratios
    elif ((ratios >= 0) & (ratios < 1 / _OTHER_UNIT)).all():
        table, column, factors = "cell", "pt_position", 1 / ratios
    else:
        return
    near = ", ".join(f"{factor:.2g}" for factor in factors)
    raise TableError(
        f"{source or 'The tables'}: the positions in the {table} table are smaller than those in "
        f"the other table by factors of {near} in x, y and z. They are probably in voxels: "
        f"multiply {column}_x, _y and _z by the voxel size in nm (usually 8, 8, 8 or 4, 4, 40), or "
        "query them with desired_resolution=[1, 1, 1]. If they are in nm, the tables belong to two "
        "different datasets."
    )
