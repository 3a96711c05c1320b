"""Table files: feather, Parquet, and folders of partitioned Parquet; a damaged one is an error."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.ipc

from microns_widgets.errors import TableError

#: What Arrow and pandas raise for files whose bytes contradict each other.
_DAMAGE = (
    pa.ArrowException,
    OSError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    MemoryError,
)


def _parquet() -> Any:
    """Import `pyarrow.parquet`, which takes longer than reading the sample."""
    import pyarrow.parquet

    return pyarrow.parquet


def column_names(path: Path, version: int | None = None) -> list[str]:
    """Return the names of a file's columns.

    Raises
    ------
    TableError
        If it is not a table, is for another version, or has a column twice.
    """
    if not os.path.exists(path):  # unlike a Path's, it never raises
        raise TableError(
            f"{path}: there is no such file. Give the path of a feather or Parquet file."
        )
    if not (os.path.isfile(path) or os.path.isdir(path)):
        raise TableError(f"{path} is neither a file nor a folder. Give a feather or Parquet file.")
    _check_version(path, version)
    with explained_reading(path):
        if _is_parquet(path):
            schema = _parquet().ParquetDataset(arrow_name(path)).schema
        else:
            schema = pa.ipc.open_file(pa.memory_map(arrow_name(path))).schema
        names = list(schema.names)
    for name in names:
        if names.count(name) > 1:
            raise TableError(
                f"{path.name}: column {name!r} occurs more than once. Keep one of them when you "
                "write the file."
            )
    return names


def read_columns(path: Path, columns: Sequence[str]) -> pa.Table:
    """Read columns of a file as Arrow, memory-mapped if it is a feather file.

    Every value is within its file and text is text, so that no later access can end the process.

    Raises
    ------
    TableError
        If the file is damaged.
    """
    with explained_reading(path):
        if _is_parquet(path):
            table = _parquet().read_table(arrow_name(path), columns=list(columns))
        else:
            table = pyarrow.feather.read_table(
                arrow_name(path), columns=list(columns), memory_map=True
            )
        table.validate(full=True)
    return table


def read_frame(path: Path, version: int | None = None) -> pd.DataFrame:
    """Read a whole file as a frame; an index with names becomes columns again."""
    table = read_columns(path, column_names(path, version))
    with explained_reading(path):
        frame: pd.DataFrame = table.to_pandas()
        named = [name for name in frame.index.names if name is not None]
        return frame.reset_index(named) if named else frame


@contextmanager
def explained_reading(path: Path) -> Iterator[None]:
    """Turn any error that Arrow or pandas raises for a damaged file into a `TableError`."""
    try:
        yield
    except TableError:
        raise
    except PermissionError as error:
        raise TableError(
            f"{path}: you may not read this file. Change its permissions, or copy it to a folder "
            "of your own."
        ) from error
    except _DAMAGE as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise TableError(
            f"{path.name}: the file is damaged or incomplete ({reason}). If you downloaded it, "
            "delete it and download it again; otherwise write it again."
        ) from error


def arrow_name(path: Path) -> str:
    """Return the name under which Arrow opens a file; Arrow expects names in UTF-8.

    Raises
    ------
    TableError
        If the name is not valid UTF-8.
    """
    try:
        return os.fsencode(path).decode("utf-8")  # also where Python assumes ASCII names
    except UnicodeError as error:
        raise TableError(f"The name {str(path)!r} is not valid UTF-8. Rename the file.") from error


def _is_parquet(path: Path) -> bool:
    if path.is_dir():
        if any(path.rglob("*.parquet")):
            return True
        raise TableError(
            f"{path}: expected a feather or Parquet file, or a folder of Parquet files; this "
            "folder has none. To open a folder with both tables, use load()."
        )
    with path.open("rb") as file:
        magic = file.read(6)
    if magic.startswith((b"PAR1", b"ARROW1")):
        return magic.startswith(b"PAR1")
    kind = f"a file that begins with {magic!r}" if magic else "an empty file"
    if magic.lstrip().startswith(b"<"):
        kind = "a web page"
    elif magic.startswith(b"FEA1"):
        kind = "a feather file of version 1, which pandas.read_feather can convert"
    raise TableError(
        f"{path.name}: expected a feather or Parquet file, found {kind}. "
        "If it was downloaded, open the address in a browser to see what is there."
    )


def version_of(file: Path) -> int | None:
    """Materialization version at the end of a file's name, if there is one."""
    match = re.search(r"_(\d{2,5})(?:\.\w+)*$", file.name)
    return int(match[1]) if match else None


def _check_version(path: Path, version: int | None) -> None:
    own = version_of(path)
    if version is not None and own is not None and own != version:
        raise TableError(
            f"{path.name}: this file is for version {own}, but version {version} was requested. "
            "Root ids change between versions: never mix them."
        )
