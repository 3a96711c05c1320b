"""The cell table, from CAVE's tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from microns_widgets.errors import CaveError, VersionNotFound
from microns_widgets.releases import AUTO_TYPES, NUCLEI, datastack, missing_tables, releases
from microns_widgets.sources.cave.client import guard_of, known_elsewhere, table_names, view_names
from microns_widgets.sources.cave.counts import check_complete
from microns_widgets.sources.cave.guard import explained
from microns_widgets.sources.cell_table import assemble, fault, needed_tables, own_nuclei
from microns_widgets.tables.reading import read_cells
from microns_widgets.tables.type_systems import (
    DEFAULT_TYPES,
    TYPE_SYSTEMS,
    TypeSystem,
    type_table_fault,
    with_types,
)

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull


def fetch_cells(
    client: CAVEclientFull, version: int, *, types: str = DEFAULT_TYPES, progress: bool = True
) -> pd.DataFrame:
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
    types : str
        System of types from which the automatic types are taken, one of `TYPE_SYSTEMS`.
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
        If CAVE does not have the version, or the version lacks a table. The message names
        versions that have the table.
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
        system = TYPE_SYSTEMS[types]
        _check_types(client, system, present, version)
        tables = {
            name: fetch(name) for name in tqdm(names, desc="cell tables", disable=not progress)
        }
        nuclei = own_nuclei(tables)
        if nuclei is None and NUCLEI in present:
            nuclei = fetch(NUCLEI)
        if name := system.further_table:
            further = query_table(client, name, version, is_view=system.is_view)
            _check_reason(type_table_fault(further, system), name, version)
            tables[AUTO_TYPES] = with_types(tables[AUTO_TYPES], further, system, version)
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


def _check_types(
    client: CAVEclientFull, system: TypeSystem, present: set[str], version: int
) -> None:
    """Raise `VersionNotFound` if the version lacks the table of a system of types."""
    name = system.further_table
    if name is None or name in (view_names(client, version) if system.is_view else present):
        return
    having = [
        str(release.version)
        for release in releases().values()
        if name in release.tables and release.in_cave(date.today())
    ]
    raise VersionNotFound(
        f"CAVE does not have {'view' if system.is_view else 'table'} {name} of version {version}, "
        f"which the chosen types need. Versions of {datastack()} that have it: "
        f"{', '.join(having)}. Or choose other types: {', '.join(TYPE_SYSTEMS)}."
    )


def query_table(
    client: CAVEclientFull,
    table: str,
    version: int,
    *,
    is_view: bool = False,
    resolution: Sequence[float] | None = (1, 1, 1),
    unique: str | None = "id",
) -> pd.DataFrame:
    """Query a complete table or view, in several parts if the response is truncated.

    Positions are in nm, or in multiples of another `resolution`; in the table's voxels if it is
    None. Rows that arrive twice are recognised by the column `unique`, or by all columns.
    """
    guard = guard_of(client)
    query = client.materialize.query_view if is_view else client.materialize.query_table

    def ask(**options: Any) -> Any:
        guard.truncated = False
        with explained(f"table {table} of version {version}"):
            return query(
                table,
                materialization_version=version,
                split_positions=True,
                desired_resolution=None if resolution is None else [*resolution],
                metadata=False,
                **options,
            )

    parts = [ask()]
    while guard.truncated and len(parts[-1]):
        parts.append(ask(offset=sum(map(len, parts))))
    whole: pd.DataFrame = pd.concat(parts, ignore_index=True)
    # The server does not sort the rows, so some may arrive twice and others not at all.
    if len(parts) > 1:
        whole = whole.drop_duplicates(unique, ignore_index=True)
    check_complete(client, len(whole), table, version, is_view=is_view)
    return whole


def _check(table: pd.DataFrame, name: str, version: int) -> None:
    """Raise `CaveError` if a table lacks rows, columns or values that the cell table needs."""
    _check_reason(fault(table, name), name, version)


def _check_reason(reason: str, name: str, version: int) -> None:
    if reason:
        raise CaveError(
            f"CAVE's table {name} of version {version} {reason}. Nothing was saved. Try again "
            "later, or choose another version (`microns data --list` lists them); if the error "
            "persists, tell the datastack's maintainers."
        )
