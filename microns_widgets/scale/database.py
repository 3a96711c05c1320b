"""DuckDB, which sorts and counts what is larger than the memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microns_widgets.errors import MissingLibrary

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def database(**settings: str) -> DuckDBPyConnection:
    """Open an empty database in memory, of one thread, since tasks run beside each other already.

    Parameters
    ----------
    **settings : str
        DuckDB's own, such as ``memory_limit``.

    Raises
    ------
    MissingLibrary
        If DuckDB is not installed.
    """
    try:
        # It takes a while to import, and only who has a whole dataset needs it.
        import duckdb
    except ImportError as error:
        raise MissingLibrary("DuckDB is not installed: pip install duckdb.") from error
    return duckdb.connect(config={"threads": 1, **settings})
