"""The cell table, assembled from the tables of one release in the same way as the workshop's.

The tables come from CAVE or from static files, and are assembled in the same way.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping

import pandas as pd

from microns_widgets.releases import (
    AUTO_TYPES,
    FIRST_PROOFREADING,
    MANUAL_TYPES,
    NUCLEI,
    PROOFREADING,
    REGIONS,
)
from microns_widgets.sources import proofreading
from microns_widgets.tables.nuclei import NUCLEUS_ID
from microns_widgets.tables.reading import CELL_COLUMNS

POSITION = ("pt_position_x", "pt_position_y", "pt_position_z")
#: For each table: columns that must have a number in every row, and text columns.
_COLUMNS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    AUTO_TYPES: (("pt_root_id", *POSITION, "volume"), ("classification_system", "cell_type")),
    MANUAL_TYPES: (("pt_root_id",), ("classification_system", "cell_type")),
    **{name: (("pt_root_id",), text) for name, text in proofreading.COLUMNS.items()},
    REGIONS: (("pt_root_id",), ("tag",)),
    NUCLEI: (("id", "pt_root_id"), ()),
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


def needed_tables(present: Collection[str]) -> list[str]:
    """Return the names of the tables from which a release's cell table is made.

    Parameters
    ----------
    present : collection of str
        The release's tables; `releases.missing_tables` says if any is missing.
    """
    of_axons = PROOFREADING if PROOFREADING in present else FIRST_PROOFREADING
    return [AUTO_TYPES, MANUAL_TYPES, of_axons, *({REGIONS} & set(present))]


def fault(table: pd.DataFrame, name: str) -> str:
    """Return what is wrong with a table, as part of a sentence; ``""`` if nothing is.

    Parameters
    ----------
    table : pandas.DataFrame
        One of the tables of `needed_tables`, or the table of nuclei.
    name : str
        Its name.
    """
    numbers, text = _COLUMNS[name]
    absent = [column for column in (*numbers, *text) if column not in table]
    if absent:
        return f"has no column {', '.join(map(repr, absent))}"
    if table.empty:
        return "is empty"
    if incomplete := [column for column in numbers if table[column].isna().any()]:
        rows = table.index[table[incomplete[0]].isna()]
        part = f"{len(rows):,} of {len(table):,} rows, such as row {rows[0]}"
        return f"is missing {incomplete[0]} in {part}"
    if not pd.api.types.is_integer_dtype(table["pt_root_id"]):
        return f"has root ids of type {table['pt_root_id'].dtype}, expected whole numbers"
    return proofreading.status_fault(table, name)


def own_nuclei(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame | None:
    """Return the nuclei to which the table of automatic types refers; None if it refers to none."""
    auto = tables[AUTO_TYPES]
    if "target_id" in auto and auto["target_id"].notna().all():
        return auto.assign(id=auto["target_id"])
    return None


def assemble(
    tables: Mapping[str, pd.DataFrame], nuclei: pd.DataFrame | None, version: int
) -> pd.DataFrame:
    """Assemble the cell table of a release.

    If a release has no table of brain areas, the column ``region`` is empty, and a warning says
    so.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        The tables of `needed_tables`, positions in nm, in which `fault` finds nothing.
    nuclei : pandas.DataFrame or None
        The nuclei: ``id`` and ``pt_root_id``.
    version : int
        Materialization version.

    Returns
    -------
    pandas.DataFrame
        The columns of `tables.CELL_COLUMNS`, and ``nucleus_id`` (int64, 0 where it is unknown)
        if there are `nuclei`. Missing text is ``""``. One row per root id, in the order of the
        table of automatic types. If an id has several rows, the first one counts.
    """
    auto = tables[AUTO_TYPES].drop_duplicates("pt_root_id")
    cells = auto[[*POSITION, "pt_root_id", "volume"]].copy()
    cells["coarse_cell_type_auto"] = _coarse(auto["classification_system"], _AUTO_COARSE)
    cells["cell_type_auto"] = auto["cell_type"]
    manual = tables[MANUAL_TYPES].assign(
        coarse=_coarse(tables[MANUAL_TYPES]["classification_system"], _MANUAL_COARSE, "UNCLEAR")
    )
    [(of_axons, axons)] = [(n, t) for n, t in tables.items() if n in proofreading.COLUMNS]
    if REGIONS not in tables:
        warnings.warn(
            f"Version {version} has no table of brain areas ({REGIONS}), so the column 'region' "
            "is empty.",
            stacklevel=3,
        )
    no_regions = pd.DataFrame({"pt_root_id": [], "tag": []})
    for column, table, value in (
        ("coarse_cell_type_manual", manual, "coarse"),
        ("cell_type_manual", manual, "cell_type"),
        ("region", tables.get(REGIONS, no_regions), "tag"),
        ("proofreading_strategy", proofreading.strategies(axons, of_axons), "strategy"),
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


def _coarse(systems: pd.Series, names: dict[str, str], other: str = "NONNEURON") -> pd.Series:
    lowered = systems.astype(str).str.lower()
    known = lowered.map(names)
    for word, label in (("excitatory", "E"), ("inhibitory", "I")):
        known = known.where(known.notna() | ~lowered.str.contains(word), label)
    return known.fillna(other).where(systems.notna(), "")
