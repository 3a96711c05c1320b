"""The cell table, assembled from CAVE's tables in the same way as the workshop's."""

from __future__ import annotations

import warnings
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from microns_widgets.errors import CaveError, VersionNotFound
from microns_widgets.releases import (
    AUTO_TYPES,
    FIRST_PROOFREADING,
    MANUAL_TYPES,
    NUCLEI,
    PROOFREADING,
    REGIONS,
    datastack,
    missing_tables,
    releases,
)
from microns_widgets.sources.cave import proofreading
from microns_widgets.sources.cave.client import guard_of, known_elsewhere, table_names
from microns_widgets.sources.cave.counts import check_complete
from microns_widgets.sources.cave.guard import explained
from microns_widgets.tables.nuclei import NUCLEUS_ID
from microns_widgets.tables.reading import CELL_COLUMNS, read_cells

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull

_POSITION = ("pt_position_x", "pt_position_y", "pt_position_z")
#: For each table: columns that must have a number in every row, and text columns.
_COLUMNS = {
    AUTO_TYPES: (("pt_root_id", *_POSITION, "volume"), ("classification_system", "cell_type")),
    MANUAL_TYPES: (("pt_root_id",), ("classification_system", "cell_type")),
    **{name: (("pt_root_id",), text) for name, text in proofreading.COLUMNS.items()},
    REGIONS: (("pt_root_id",), ("tag",)),
    NUCLEI: (("id", "pt_root_id"), ()),
}

#: V1 cells of version 1300 that the workshop excluded: they need more proofreading.
LEFT_OUT = {
    1300: (
        864691135356398031,
        864691135810708172,
        864691135868118038,
        864691135915450982,
        864691135953216547,
        864691136228125521,
        864691136913261297,
    )
}

_AUTO_COARSE = {"excitatory": "E", "inhibitory": "I", "nonneuron": "NONNEURON"}
_MANUAL_COARSE = {
    "aibs_coarse_excitatory": "E",
    "aibs_coarse_inhibitory": "I",
    "excitatory_neuron": "E",
    "inhibitory_neuron": "I",
    "excitatory": "E",
    "inhibitory": "I",
}


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
        auto, nuclei = tables[AUTO_TYPES], None
        if "target_id" in auto and auto["target_id"].notna().all():
            nuclei = auto.assign(id=auto["target_id"])  # the table refers to the nucleus table
        elif NUCLEI in present:
            nuclei = fetch(NUCLEI)
    if REGIONS not in tables:
        warnings.warn(
            f"Version {version} has no table of brain areas ({REGIONS}), so the column 'region' "
            "is empty.",
            stacklevel=2,
        )
    with explained(f"the cells of version {version}"):
        return read_cells(_assembled(tables, nuclei, version))


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
    of_axons = PROOFREADING if PROOFREADING in present else FIRST_PROOFREADING
    return [AUTO_TYPES, MANUAL_TYPES, of_axons, *({REGIONS} & present)]


def _assembled(
    tables: dict[str, pd.DataFrame], nuclei: pd.DataFrame | None, version: int
) -> pd.DataFrame:
    auto = tables[AUTO_TYPES].drop_duplicates("pt_root_id")
    cells = auto[[*_POSITION, "pt_root_id", "volume"]].copy()
    cells["coarse_cell_type_auto"] = _coarse(auto["classification_system"], _AUTO_COARSE)
    cells["cell_type_auto"] = auto["cell_type"]
    manual = tables[MANUAL_TYPES].assign(
        coarse=_coarse(tables[MANUAL_TYPES]["classification_system"], _MANUAL_COARSE, "UNCLEAR")
    )
    [(of_axons, axons)] = [(n, t) for n, t in tables.items() if n in proofreading.COLUMNS]
    no_regions = pd.DataFrame({"pt_root_id": [], "tag": []})
    for column, table, value in (
        ("coarse_cell_type_manual", manual, "coarse"),
        ("cell_type_manual", manual, "cell_type"),
        ("region", tables.get(REGIONS, no_regions), "tag"),
        ("proofreading_strategy", proofreading.strategies(axons, of_axons, version), "strategy"),
    ):
        cells[column] = cells["pt_root_id"].map(_by_root_id(table, value)).fillna("")
    columns = list(CELL_COLUMNS)
    if nuclei is not None:
        own = cells["pt_root_id"].map(_by_root_id(nuclei, "id"))
        cells[NUCLEUS_ID] = own.fillna(0).astype("int64")
        columns.append(NUCLEUS_ID)
    kinds = {name: kind for name, kind in CELL_COLUMNS.items() if kind != "str"}
    return cells.astype(kinds)[columns].reset_index(drop=True)


def _by_root_id(table: pd.DataFrame, column: str) -> pd.Series:
    """Return a column indexed by root id: the first row of each id, without root id 0."""
    return (
        table[table["pt_root_id"] != 0]
        .drop_duplicates("pt_root_id")
        .set_index("pt_root_id")[column]
    )


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
    numbers, text = _COLUMNS[name]
    absent = [column for column in (*numbers, *text) if column not in table]
    if absent:
        reason = f"has no column {', '.join(map(repr, absent))}"
    elif table.empty:
        reason = "is empty"
    elif incomplete := [column for column in numbers if table[column].isna().any()]:
        rows = table.index[table[incomplete[0]].isna()]
        part = f"{len(rows):,} of {len(table):,} rows, such as row {rows[0]}"
        reason = f"is missing {incomplete[0]} in {part}"
    elif not pd.api.types.is_integer_dtype(table["pt_root_id"]):
        reason = f"has root ids of type {table['pt_root_id'].dtype}, expected whole numbers"
    else:
        return
    raise CaveError(
        f"CAVE's table {name} of version {version} {reason}. Nothing was saved. Try again later, "
        "or choose another version (client.materialize.get_versions()); if the error persists, "
        "tell the datastack's maintainers."
    )


def _coarse(systems: pd.Series, names: dict[str, str], other: str = "NONNEURON") -> pd.Series:
    lowered = systems.astype(str).str.lower()
    known = lowered.map(names)
    for word, label in (("excitatory", "E"), ("inhibitory", "I")):
        known = known.where(known.notna() | ~lowered.str.contains(word), label)
    return known.fillna(other).where(systems.notna(), "")
