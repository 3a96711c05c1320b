"""The table behind the cell picker: one row per row of the cell table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from microns_widgets.anatomy.depth import in_volume, to_cortical
from microns_widgets.connectome import Connectome
from microns_widgets.errors import InvalidArgument, InvalidType, quoted
from microns_widgets.tables.reading import CELL_COLUMNS
from microns_widgets.tables.root_ids import id_array
from microns_widgets.tables.source import has_depth
from microns_widgets.widgets._further_columns import RESERVED, as_shown, further_columns

#: Label columns, in their order on screen. The root id comes before them; the proofreading
#: strategy, which has the longest labels, comes after the numbers.
TEXT_COLUMNS = (
    "cell_type_auto",
    "coarse_cell_type_auto",
    "cell_type_manual",
    "coarse_cell_type_manual",
    "region",
)
#: Whether a cell has a skeleton, if the source of skeletons knows it in advance.
SKELETON_COLUMN = "has_skeleton"
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
    SKELETON_COLUMN,
)


def picker_table(con: Connectome, marks: Mapping[str, Iterable[int]] | None = None) -> pd.DataFrame:
    """Return the table that a picker shows.

    Parameters
    ----------
    con : Connectome
        Source of the cells.
    marks : mapping of str to iterable of int, optional
        Names of conditions, and the root ids of the cells that meet them.

    Returns
    -------
    pandas.DataFrame
        ``pt_root_id`` (int64), the text columns as categories, ``depth`` below the pia and
        ``x`` parallel to it (um), both NaN outside the volume, the nucleus ``volume`` (um^3),
        numbers of synapses and partners if the connectome has synapses, whether there is a
        skeleton if that is known, the marks (bool), and the other columns of the cell table, as
        `as_shown` returns them. ``attrs["left_out"]`` has one line for each omission.
    """
    cells = con.cells.reset_index(drop=True)
    positions = cells[[f"pt_position_{axis}" for axis in "xyz"]].to_numpy()
    inside = in_volume(positions, con.source)
    places = np.where(inside[:, None], to_cortical(positions), np.nan)
    columns: dict[Any, pd.Series] = {
        "pt_root_id": cells["pt_root_id"],
        **{name: cells[name] for name in TEXT_COLUMNS},
        "depth": pd.Series(places[:, 1]),
        "x": pd.Series(places[:, 0]),
        "volume": cells["volume"],
    }
    if con.synapses_loaded and len(con.synapses):
        degrees = con.degrees().reindex(cells["pt_root_id"], fill_value=0).reset_index(drop=True)
        columns |= {name: degrees[name] for name in degrees}
    columns["proofreading_strategy"] = cells["proofreading_strategy"]
    table = {name: as_shown(column) for name, column in columns.items() if name != "pt_root_id"}
    names = [name for name in cells if name not in CELL_COLUMNS]
    further, left_out = further_columns(cells, COLUMNS, names)
    flags = {} if (known := con.cells_with_skeleton) is None else {SKELETON_COLUMN: known}
    flags |= _checked_marks({} if marks is None else marks, {"pt_root_id", *table, *further})
    flagged = {
        name: cells["pt_root_id"].isin(ids) & (cells["pt_root_id"] != 0)
        for name, ids in flags.items()
    }
    frame = pd.DataFrame({"pt_root_id": cells["pt_root_id"], **table, **flagged, **further})
    if not inside.all():
        why = (
            "are outside the volume of minnie65, so they have no depth and"
            if has_depth(con.source)
            else "have no cortical depth in this dataset, so they"
        )
        left_out.append(f"{(~inside).sum():,} of {len(cells):,} cells {why} are not on the map.")
    frame.attrs["left_out"] = left_out
    return frame


def _checked_marks(
    marks: Mapping[str, Iterable[int]], columns: Collection[str]
) -> dict[str, frozenset[int]]:
    if not isinstance(marks, Mapping):
        raise InvalidType(
            f"marks is {quoted(marks)}. Expected a dict of names and root ids, such as "
            '{"in the matrix": ids}.'
        )
    for name in marks:
        if not isinstance(name, str):
            raise InvalidType(f"marks has the name {quoted(name)}. Expected text.")
        if name in columns or name in (SKELETON_COLUMN, *RESERVED):
            raise InvalidArgument(
                f"marks has the name {quoted(name)}, which is already a column or a filter of the "
                "picker. Choose another name."
            )
    return {name: frozenset(id_array(ids).tolist()) for name, ids in marks.items()}
