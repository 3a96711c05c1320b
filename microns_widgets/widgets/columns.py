"""Tables packed into one block of bytes, which the front end reads as typed arrays.

Layout of the block (all numbers are little-endian)::

    "MWC1"                       4 bytes
    length of the header         uint32
    header                       JSON, padded with spaces to a multiple of 8 bytes
    columns, one after another   each padded to a multiple of 8 bytes

The header is ``{"rows": n, "columns": [{"name", "kind", "type", "at", "labels"?}]}``, where
``type`` is a numpy type, ``at`` is the offset in bytes from the end of the header, and ``kind`` is
one of

- ``number``: whole numbers in the narrowest type that holds them, float32 or float64. NaN means
  missing;
- ``text``: codes into ``labels``. The code -1 means missing;
- ``flag``: 0 or 1; 255 means missing;
- ``ids``: int64, which the front end exposes as strings only. Never missing.

The front end reads the block in ``frontend/src/shared/columns.ts``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from microns_widgets.errors import TableError

MAGIC = b"MWC1"
ALIGNMENT = 8
WHOLE_TYPES = ("uint8", "int8", "uint16", "int16", "uint32", "int32")
#: All number types of columns; ``int64`` only for root ids.
TYPES = (*WHOLE_TYPES, "float32", "float64", "int64")
#: Largest whole number that JavaScript's number (float64) holds exactly.
LARGEST_EXACT = 2**53
MISSING_FLAG = 255


class Column(NamedTuple):
    """One packed column; only text has `labels`."""

    kind: str
    values: npt.NDArray
    labels: list[str] | None = None


def pack(columns: pd.DataFrame | Mapping[str, Any], ids: Collection[str] = ()) -> bytes:
    """Return a table as a block of bytes.

    Parameters
    ----------
    columns : DataFrame, or mapping of names to one-dimensional arrays of equal length
        Numbers, text, categories or booleans. The index of a frame is left out.
    ids : collection of str
        Names of the columns that hold root ids.

    Raises
    ------
    TableError
        If a column has another type, or whole numbers that JavaScript would round.
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
        blocks.append(_pad(_little_endian(column.values).tobytes(), b"\0"))
        at += len(blocks[-1])
    header = json.dumps({"rows": len(frame), "columns": entries}, separators=(",", ":"))
    encoded = _pad(header.encode("utf-8"), b" ")
    return b"".join([MAGIC, len(encoded).to_bytes(4, "little"), encoded, *blocks])


def categories(texts: Sequence[str]) -> pd.Categorical:
    """Return strings as categories in alphabetical order.

    pandas 2 would merge strings that differ only after a NUL character.
    """
    labels = sorted(set(texts))
    code = {label: place for place, label in enumerate(labels)}
    codes = [code[text] for text in texts]
    return pd.Categorical.from_codes(codes, categories=pd.Index(labels, dtype=object))


def _frame(columns: Mapping[str, Any]) -> pd.DataFrame:
    try:
        return pd.DataFrame(dict(columns))
    except ValueError as error:
        raise TableError(f"The columns do not form a table: {error}.") from error


def _pad(block: bytes, filler: bytes) -> bytes:
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
            raise _column_error(name, "has mixed types", "text in every row, or missing values")
        # Not pandas' factorize, which treats strings as equal if they differ only after a NUL.
        # As objects: from pandas 3's strings, pyarrow makes several arrays instead of one.
        texts = series.to_numpy(dtype=object)
        encoded = pa.array(texts, type=pa.string(), from_pandas=True).dictionary_encode()
        labels = encoded.dictionary.to_pylist()
        order = sorted(range(len(labels)), key=labels.__getitem__)
        rank = np.argsort(np.array(order, dtype=np.int64))
        codes = encoded.indices.fill_null(-1).to_numpy()
        return _text(name, np.append(rank, -1)[codes], [labels[place] for place in order])
    raise _column_error(name, f"is {series.dtype}", "numbers, text, categories or booleans")


def _text(name: str, codes: npt.NDArray, labels: Any) -> Column:
    if not all(isinstance(label, str) for label in labels):
        raise _column_error(name, "has categories that are not text", "categories of text")
    narrow = np.min_scalar_type(-max(len(labels), 1))
    return Column("text", codes.astype(narrow), list(labels))


def _ids(name: str, series: pd.Series) -> Column:
    if not pd.api.types.is_integer_dtype(series.dtype) or series.isna().any():
        raise _column_error(name, f"is {series.dtype}", "root ids: whole numbers, none missing")
    return Column("ids", series.to_numpy(dtype=np.int64))


def _whole(name: str, series: pd.Series) -> npt.NDArray:
    present = series.dropna()
    low, high = (int(present.min()), int(present.max())) if len(present) else (0, 0)
    if max(-low, high) > LARGEST_EXACT:
        raise TableError(
            f"Column {name!r} holds {high if high > -low else low}, which JavaScript would round. "
            f"If it holds root ids, name it: pack(..., ids=[{name!r}])."
        )
    if len(present) == len(series):
        for dtype in WHOLE_TYPES:
            if np.iinfo(dtype).min <= low and high <= np.iinfo(dtype).max:
                return series.to_numpy(dtype=dtype)
    return series.to_numpy(dtype=np.float64, na_value=np.nan)


def _column_error(name: str, fault: str, expected: str) -> TableError:
    return TableError(f"Column {name!r} {fault}, expected {expected}.")
