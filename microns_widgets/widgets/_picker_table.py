"""What the cell picker shows of a connectome: one row a nucleus, one column a fact."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from microns_widgets.anatomy.depth import to_cortical
from microns_widgets.connectome import Connectome
from microns_widgets.tables.reading import CELL_COLUMNS

#: Labels of the cell table that are shown, in this order; the root id comes first, the
#: longest labels, how a cell was proofread, behind the numbers.
TEXT_COLUMNS = (
    "cell_type_auto",
    "coarse_cell_type_auto",
    "cell_type_manual",
    "coarse_cell_type_manual",
    "region",
)


def picker_table(con: Connectome) -> pd.DataFrame:
    """Return the table that a picker shows.

    Parameters
    ----------
    con : Connectome
        Where the cells are from.

    Returns
    -------
    pandas.DataFrame
        ``pt_root_id`` (int64), the text columns as categories, ``depth`` below the pia and
        ``x`` parallel to it (um), the nucleus's ``volume`` (um^3), numbers of synapses and
        partners where the connectome has synapses, and further columns of the cell table
        that hold numbers, text or booleans. Floats are float32, missing text is ``""``.
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
    shown = {name: _as_shown(column) for name, column in columns.items()}
    shown |= {name: made for name in further if (made := _as_shown(cells[name])) is not None}
    return pd.DataFrame(shown)


def _as_shown(column: pd.Series) -> pd.Series | None:
    dtype = column.dtype
    if pd.api.types.is_bool_dtype(dtype):
        column = column.map({True: "True", False: "False"})
    elif pd.api.types.is_float_dtype(dtype):
        # 32 bits are what is sent: filters here and in the browser compare the same numbers.
        return column.astype(np.float32)
    elif pd.api.types.is_integer_dtype(dtype):
        wide = column.isna().any() or column.abs().max() > np.iinfo(np.int32).max
        return column.astype(np.float32) if wide and column.name != "pt_root_id" else column
    texts = column.astype(object).where(column.notna(), "")
    if not all(isinstance(value, str) for value in texts):
        return None
    return texts.astype("category")
