"""Compares the number of rows received with the number that CAVE counts for the same query."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from microns_widgets.errors import QueryTruncated
from microns_widgets.sources.cave.guard import explained

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull


def check_complete(
    client: CAVEclientFull,
    rows: int,
    table: str,
    version: int,
    *,
    filters: dict[str, list[int]] | None = None,
    is_view: bool = False,
) -> None:
    """Check that all rows that CAVE counts have arrived; services that cannot count are skipped.

    For a table that refers to another one, CAVE returns the joined rows but counts the rows
    before the join. The result may then have fewer rows, so the difference is only a warning.

    Parameters
    ----------
    client : caveclient.CAVEclient
        A client of the datastack.
    rows : int
        Number of rows received.
    table : str
        Name of the table.
    version : int
        Materialization version.
    filters : dict, optional
        The query's ``filter_in_dict``.
    is_view : bool
        Whether the table is a view.

    Raises
    ------
    QueryTruncated
        If the numbers differ.
    """
    expected = _count(client, table, version, filters, is_view)
    if expected is None or rows == expected:
        return
    kind = "view" if is_view else "table"
    message = (
        f"CAVE sent {rows:,} of {expected:,} rows of {kind} {table} of version {version}"
        f"{' for these cells' if filters else ''}."
    )
    joined = False
    if not is_view:
        with explained(f"the description of table {table}"):
            description = client.materialize.get_table_metadata(
                table, version=version, log_warning=False
            )
            joined = bool(description.get("reference_table"))
    if joined and rows < expected:
        warnings.warn(f"{message} The cell table may lack the others.", stacklevel=3)
        return
    raise QueryTruncated(
        f"{message} These rows were discarded. Try again in a minute; if the error persists, tell "
        "the datastack's maintainers."
    )


def _count(
    client: CAVEclientFull,
    table: str,
    version: int,
    filters: dict[str, list[int]] | None,
    is_view: bool,
) -> int | None:
    with explained(f"the number of rows of {table} of version {version}"):
        options: dict[str, Any] = (
            {} if is_view else {"merge_reference": False, "log_warning": False}
        )
        query = client.materialize.query_view if is_view else client.materialize.query_table
        counts = query(
            table,
            filter_in_dict=filters,
            materialization_version=version,
            split_positions=True,
            metadata=False,
            get_counts=True,
            **options,
        )
        return int(counts["count"].iloc[0]) if list(counts) == ["count"] else None
