"""The cell table, from CAVE's tables."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from microns_widgets.errors import CaveError, VersionNotFound
from microns_widgets.releases import NUCLEI, datastack, missing_tables, releases
from microns_widgets.sources.cave.client import guard_of, known_elsewhere, table_names
from microns_widgets.sources.cave.counts import check_complete
from microns_widgets.sources.cave.guard import explained
from microns_widgets.sources.cell_table import assemble, fault, needed_tables, own_nuclei
from microns_widgets.tables.reading import read_cells

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull


def fetch_cells(client: CAVEclientFull, version: int, *, progress: bool = True) -> pd.DataFrame:
    """Query the cell table of a version.

    Which axons were proofread is read from ``proofreading_status_and_strategy`` (``status_axon``),
    or in older versions from ``proofreading_status_public_release``. If a version has no table of
    brain areas, the column ``region`` is empty, and a warning says so.

    Parameters
    ----------
    client : caveclient.CAVEclient
        A client of the datastack.
    version : int
        Materialization version.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    pandas.DataFrame
        The cell table (`tables.CELL_COLUMNS`), positions in nm. Missing text is ``""``. An
        additional column ``nucleus_id`` (int64) is 0 where the nucleus is unknown.

    Raises
    ------
    VersionNotFound
        If CAVE does not have the version, or the version lacks a table.
    CaveError
        If the service refuses or fails, truncates a table that cannot be queried in parts, or if
        a table is empty or lacks a column or a value.
    """
    from tqdm.auto import tqdm

    def fetch(name: str) -> pd.DataFrame:
        table = query_table(client, name, version)
        _check(table, name, version)
        return table

    guard_of(client)
    with known_elsewhere(client, version):
        present = set(table_names(client, version))
        names = _chosen(present, version)
        tables = {
            name: fetch(name) for name in tqdm(names, desc="cell tables", disable=not progress)
        }
        nuclei = own_nuclei(tables)
        if nuclei is None and NUCLEI in present:
            nuclei = fetch(NUCLEI)
    with explained(f"the cells of version {version}"):
        return read_cells(assemble(tables, nuclei, version))


def _chosen(present: set[str], version: int) -> list[str]:
    """Return the tables from which the cell table is made, or raise `VersionNotFound`."""
    missing = missing_tables(present)
    if missing:
        complete = [
            str(release.version)
            for release in releases().values()
            if release.in_cave(date.today()) and release.has_cell_table
        ]
        raise VersionNotFound(
            f"CAVE does not have table {', '.join(missing)} of version {version}, which the cell "
            f"table needs. Choose another version. Versions of {datastack()} that have the needed "
            f"tables: {', '.join(complete)}."
        )
    return needed_tables(present)


def query_table(client: CAVEclientFull, table: str, version: int) -> pd.DataFrame:
    """Query a complete table, by offsets if the server truncates it; positions in nm."""
    guard = guard_of(client)

    def ask(**options: Any) -> Any:
        guard.truncated = False
        with explained(f"table {table} of version {version}"):
            return client.materialize.query_table(
                table,
                materialization_version=version,
                split_positions=True,
                desired_resolution=[1, 1, 1],
                metadata=False,
                **options,
            )

    parts = [ask()]
    while guard.truncated and len(parts[-1]):
        parts.append(ask(offset=sum(map(len, parts))))
    whole: pd.DataFrame = pd.concat(parts, ignore_index=True)
    # The server does not sort the rows, so some may arrive twice and others not at all.
    if len(parts) > 1:
        whole = whole.drop_duplicates("id", ignore_index=True)
    check_complete(client, len(whole), table, version)
    return whole


def _check(table: pd.DataFrame, name: str, version: int) -> None:
    """Raise `CaveError` if a table lacks rows, columns or values that the cell table needs."""
    if reason := fault(table, name):
        raise CaveError(
            f"CAVE's table {name} of version {version} {reason}. Nothing was saved. Try again "
            "later, or choose another version (`microns data --list` lists them); if the error "
            "persists, tell the datastack's maintainers."
        )
