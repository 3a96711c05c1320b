"""DuckDB, which sorts and counts tables that are larger than memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microns_widgets.errors import MissingLibrary

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def database(**settings: str) -> DuckDBPyConnection:
    """Open an empty in-memory database with one thread: the tasks already run in parallel.

    Parameters
    ----------
    **settings : str
        DuckDB's settings, such as ``memory_limit``.

    Raises
    ------
    MissingLibrary
        If DuckDB is not installed.
    """
    try:
        # Imported here: it is slow to import, and needed only for a whole dataset.
        import duckdb
    except ImportError as error:
        raise MissingLibrary("DuckDB is not installed. Install it: pip install duckdb") from error
    return duckdb.connect(config={"threads": 1, **settings})
