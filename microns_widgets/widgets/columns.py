"""Tables as one block of bytes, for the front end to read as typed arrays.

The block, all numbers little-endian::

    "MWC1"                       4 bytes
    length of the header         uint32
    header                       JSON, padded with spaces to a multiple of 8 bytes
    columns, one after another   each padded to a multiple of 8 bytes

The header is ``{"rows": n, "columns": [{"name", "kind", "type", "at", "labels"?}]}``, where
``type`` names a numpy type, ``at`` counts bytes from the end of the header, and ``kind`` is

- ``number``: whole numbers in the narrowest type that holds them, or float32, float64. Missing
  is NaN;
- ``text``: codes into ``labels``. Missing is the code -1;
- ``flag``: 0, 1, and 255 for missing;
- ``ids``: int64, which the front end hands out as strings only. Never missing.

Its twin that reads it is ``frontend/src/shared/columns.ts``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from microns_widgets.errors import TableError

MAGIC = b"MWC1"
ALIGNMENT = 8
WHOLE_TYPES = ("uint8", "int8", "uint16", "int16", "uint32", "int32")
#: All number types of columns; ``int64`` for root ids alone.
TYPES = (*WHOLE_TYPES, "float32", "float64", "int64")
#: Up to here float64, which is JavaScript's number, holds whole numbers exactly.
LARGEST_EXACT = 2**53
MISSING_FLAG = 255


class Column(NamedTuple):
    """One column as it is sent; `labels` only for text."""

    kind: str
    values: npt.NDArray
    labels: list[str] | None = None


def pack(columns: pd.DataFrame | Mapping[str, Any], ids: Collection[str] = ()) -> bytes:
    """Return a table as a block of bytes.

    Parameters
    ----------
    columns : DataFrame, or mapping of names to one-dimensional arrays of one length
        Numbers, text, categories or booleans. A frame's index is not sent.
    ids : collection of str
        Names of the columns with root ids.

    Raises
    ------
    TableError
        If a column holds something else, or whole numbers that JavaScript would round.
    """
    frame = columns if isinstance(columns, pd.DataFrame) else _frame(columns)
    entries, blocks, at = [], [], 0
    for name in frame.columns:
        column = _column(str(name), frame[name], as_ids=name in ids)
        entry: dict[str, Any] = {
            "name": str(name),
            "kind": column.kind,
            "type": column.values.dtype.name,
            "at": at,
        }
        if column.labels is not None:
            entry["labels"] = column.labels
        entries.append(entry)
        blocks.append(_padded(_little_endian(column.values).tobytes(), b"\0"))
        at += len(blocks[-1])
    header = json.dumps({"rows": len(frame), "columns": entries}, separators=(",", ":"))
    encoded = _padded(header.encode("utf-8"), b" ")
    return b"".join([MAGIC, len(encoded).to_bytes(4, "little"), encoded, *blocks])


def _frame(columns: Mapping[str, Any]) -> pd.DataFrame:
    try:
        return pd.DataFrame(dict(columns))
    except ValueError as error:
        raise TableError(f"The columns do not make a table: {error}.") from error


def _padded(block: bytes, filler: bytes) -> bytes:
    return block + filler * (-len(block) % ALIGNMENT)


def _little_endian(values: npt.NDArray) -> npt.NDArray:
    return np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))


def _column(name: str, series: pd.Series, *, as_ids: bool) -> Column:
    if as_ids:
        return _ids(name, series)
    if isinstance(series.dtype, pd.CategoricalDtype):
        return _text(name, series.cat.codes.to_numpy(), series.cat.categories)
    if pd.api.types.is_bool_dtype(series.dtype):
        missing = series.isna().to_numpy()
        flags = series.fillna(False).to_numpy(dtype=np.uint8)
        return Column("flag", np.where(missing, np.uint8(MISSING_FLAG), flags))
    if pd.api.types.is_integer_dtype(series.dtype):
        return Column("number", _whole(name, series))
    if pd.api.types.is_float_dtype(series.dtype):
        single = series.dtype in (np.float32, pd.Float32Dtype())
        dtype = np.dtype(np.float32 if single else np.float64)
        return Column("number", series.to_numpy(dtype=dtype, na_value=np.nan))
    if pd.api.types.is_string_dtype(series.dtype) or pd.api.types.is_object_dtype(series.dtype):
        if not all(isinstance(value, str) for value in series.dropna()):
            raise _refused(name, "a mixture", "text in every row, or missing")
        # Not pandas' factorize: it takes a text for another that differs after a NUL.
        encoded = pa.array(series, type=pa.string(), from_pandas=True).dictionary_encode()
        labels = encoded.dictionary.to_pylist()
        order = sorted(range(len(labels)), key=labels.__getitem__)
        rank = np.argsort(np.array(order, dtype=np.int64))
        codes = encoded.indices.fill_null(-1).to_numpy()
        return _text(name, np.append(rank, -1)[codes], [labels[place] for place in order])
    raise _refused(name, str(series.dtype), "numbers, text, categories or booleans")


def _text(name: str, codes: npt.NDArray, labels: Any) -> Column:
    if not all(isinstance(label, str) for label in labels):
        raise _refused(name, "categories that are no text", "categories of text")
    narrow = np.min_scalar_type(-max(len(labels), 1))
    return Column("text", codes.astype(narrow), list(labels))


def _ids(name: str, series: pd.Series) -> Column:
    if not pd.api.types.is_integer_dtype(series.dtype) or series.isna().any():
        raise _refused(name, str(series.dtype), "root ids: whole numbers, none missing")
    return Column("ids", series.to_numpy(dtype=np.int64))


def _whole(name: str, series: pd.Series) -> npt.NDArray:
    present = series.dropna()
    low, high = (int(present.min()), int(present.max())) if len(present) else (0, 0)
    if max(-low, high) > LARGEST_EXACT:
        raise TableError(
            f"Column {name!r} holds {high if high > -low else low}, which JavaScript would round. "
            f"Root ids are named: pack(..., ids=[{name!r}])."
        )
    if len(present) == len(series):
        for dtype in WHOLE_TYPES:
            if np.iinfo(dtype).min <= low and high <= np.iinfo(dtype).max:
                return series.to_numpy(dtype=dtype)
    return series.to_numpy(dtype=np.float64, na_value=np.nan)


def _refused(name: str, given: str, expected: str) -> TableError:
    return TableError(f"Column {name!r} is {given}, expected {expected}.")
