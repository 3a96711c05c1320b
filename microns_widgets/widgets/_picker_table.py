"""The table behind the cell picker: one row per row of the cell table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from microns_widgets.anatomy.depth import to_cortical
from microns_widgets.connectome import Connectome
from microns_widgets.tables.reading import CELL_COLUMNS

#: Label columns, in their order on screen. The root id comes before them; the proofreading
#: strategy, which has the longest labels, comes after the numbers.
TEXT_COLUMNS = (
    "cell_type_auto",
    "coarse_cell_type_auto",
    "cell_type_manual",
    "coarse_cell_type_manual",
    "region",
)
#: Columns of every picker, in this order; further ones of the cell table follow.
COLUMNS = (
    "pt_root_id",
    *TEXT_COLUMNS,
    "depth",
    "x",
    "volume",
    "n_inputs",
    "n_outputs",
    "n_input_partners",
    "n_output_partners",
    "proofreading_strategy",
)


def picker_table(con: Connectome) -> pd.DataFrame:
    """Return the table that a picker shows.

    Parameters
    ----------
    con : Connectome
        Source of the cells.

    Returns
    -------
    pandas.DataFrame
        ``pt_root_id`` (int64), the text columns as categories, ``depth`` below the pia and
        ``x`` parallel to it (um), the nucleus ``volume`` (um^3), numbers of synapses and
        partners if the connectome has synapses, and any other columns of the cell table
        with numbers, text or booleans. Floats are float32, missing text is ``""``.
    """
    cells = con.cells.reset_index(drop=True)
    places = to_cortical(cells[[f"pt_position_{axis}" for axis in "xyz"]].to_numpy())
    columns: dict[Any, pd.Series] = {
        "pt_root_id": cells["pt_root_id"],
        **{name: cells[name] for name in TEXT_COLUMNS},
        "depth": pd.Series(places[:, 1]),
        "x": pd.Series(places[:, 0]),
        "volume": cells["volume"],
    }
    if len(con.synapses):
        degrees = con.degrees().reindex(cells["pt_root_id"], fill_value=0).reset_index(drop=True)
        columns |= {name: degrees[name] for name in degrees}
    columns["proofreading_strategy"] = cells["proofreading_strategy"]
    further = [name for name in cells if name not in CELL_COLUMNS and name not in columns]
    table = {name: _for_display(column) for name, column in columns.items()}
    table |= {name: column for name in further if (column := _for_display(cells[name])) is not None}
    return pd.DataFrame(table)


def _for_display(column: pd.Series) -> pd.Series | None:
    dtype = column.dtype
    if pd.api.types.is_bool_dtype(dtype):
        column = column.map({True: "True", False: "False"})
    elif pd.api.types.is_float_dtype(dtype):
        # The browser gets 32 bits: filters there and here must compare the same numbers.
        return column.astype(np.float32)
    elif pd.api.types.is_integer_dtype(dtype):
        wide = column.isna().any() or column.abs().max() > np.iinfo(np.int32).max
        return column.astype(np.float32) if wide and column.name != "pt_root_id" else column
    texts = column.astype(object).where(column.notna(), "")
    if not all(isinstance(value, str) for value in texts):
        return None
    return texts.astype("category")
