"""The cell table, assembled from CAVE's tables in the same way as the workshop's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from microns_widgets.errors import CaveError
from microns_widgets.sources.cave.client import guard_of
from microns_widgets.sources.cave.counts import check_complete
from microns_widgets.sources.cave.guard import explained
from microns_widgets.tables.reading import CELL_COLUMNS, read_cells

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull

AUTO_TYPES = "aibs_metamodel_celltypes_v661"
MANUAL_TYPES = "allen_v1_column_types_slanted_ref"
PROOFREADING = "proofreading_status_and_strategy"
REGIONS = "nucleus_functional_area_assignment"

_POSITION = ("pt_position_x", "pt_position_y", "pt_position_z")
#: The columns of each table that must have a number in every row, and those that are text.
_COLUMNS = {
    AUTO_TYPES: (("pt_root_id", *_POSITION, "volume"), ("classification_system", "cell_type")),
    MANUAL_TYPES: (("pt_root_id",), ("classification_system", "cell_type")),
    PROOFREADING: (("pt_root_id",), ("strategy_axon",)),
    REGIONS: (("pt_root_id",), ("tag",)),
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
        The cell table (`tables.CELL_COLUMNS`), positions in nm. Missing text is ``""``.

    Raises
    ------
    CaveError
        If the service refuses or fails, truncates a table that cannot be queried in parts, or if
        a table is empty, or lacks a column or a number.
    """
    from tqdm.auto import tqdm

    tables = {}
    for name in tqdm(_COLUMNS, desc="cell tables", disable=not progress):
        tables[name] = query_table(client, name, version)
        _check(tables[name], name, version)
    with explained(f"the cells of version {version}"):
        return read_cells(_assembled(tables))


def _assembled(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    auto = tables[AUTO_TYPES].drop_duplicates("pt_root_id")
    cells = auto[[*_POSITION, "pt_root_id", "volume"]].copy()
    cells["coarse_cell_type_auto"] = _coarse(auto["classification_system"], _AUTO_COARSE)
    cells["cell_type_auto"] = auto["cell_type"]
    manual = tables[MANUAL_TYPES].assign(
        coarse=_coarse(tables[MANUAL_TYPES]["classification_system"], _MANUAL_COARSE, "UNCLEAR")
    )
    proofreading = tables[PROOFREADING]
    proofreading = proofreading[proofreading["strategy_axon"].fillna("none") != "none"]
    for column, table, value in (
        ("coarse_cell_type_manual", manual, "coarse"),
        ("cell_type_manual", manual, "cell_type"),
        ("region", tables[REGIONS], "tag"),
        ("proofreading_strategy", proofreading, "strategy_axon"),
    ):
        known = table[table["pt_root_id"] != 0].drop_duplicates("pt_root_id")
        values = known.set_index("pt_root_id")[value]
        cells[column] = cells["pt_root_id"].map(values).fillna("")
    return cells.astype({name: kind for name, kind in CELL_COLUMNS.items() if kind != "str"})[
        list(CELL_COLUMNS)
    ].reset_index(drop=True)


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
    """Raise `CaveError` if a table cannot be used, because of what it lacks."""
    numbers, text = _COLUMNS[name]
    absent = [column for column in (*numbers, *text) if column not in table]
    if absent:
        reason = f"has no column {', '.join(map(repr, absent))}"
    elif table.empty:
        reason = "is empty"
    elif incomplete := [column for column in numbers if table[column].isna().any()]:
        rows = table.index[table[incomplete[0]].isna()]
        part = f"{len(rows):,} of {len(table):,} rows, such as row {rows[0]}"
        reason = f"has no {incomplete[0]} in {part}"
    elif not pd.api.types.is_integer_dtype(table["pt_root_id"]):
        reason = f"has root ids of type {table['pt_root_id'].dtype}, expected whole numbers"
    else:
        return
    raise CaveError(
        f"CAVE's table {name} of version {version} {reason}. Nothing was kept. Try again later, or "
        "choose another version (client.materialize.get_versions()); if the error persists, tell "
        "the datastack's maintainers."
    )


def _coarse(systems: pd.Series, names: dict[str, str], other: str = "NONNEURON") -> pd.Series:
    lowered = systems.astype(str).str.lower()
    known = lowered.map(names)
    for word, label in (("excitatory", "E"), ("inhibitory", "I")):
        known = known.where(known.notna() | ~lowered.str.contains(word), label)
    return known.fillna(other).where(systems.notna(), "")
