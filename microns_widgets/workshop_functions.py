"""The workshop's three functions, with its names, arguments and results.

A notebook written for the workshop runs after its definitions are replaced by

>>> from microns_widgets import filter_synapse_table, plot_skeleton, sort_matrix_by_types

They do what the notebook's text says; where its code did something else, the docstring
says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.errors import TableError
from microns_widgets.tables.root_ids import Ids, id_array

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Colours of the compartments in the workshop's pictures.
skel_color_map = {3: "firebrick", 4: "salmon", 2: "steelblue", 1: "olive"}


def filter_synapse_table(
    synapse_table: pd.DataFrame,
    pre_root_ids: Ids | None = None,
    post_root_ids: Ids | None = None,
) -> pd.DataFrame:
    """Keep the synapses between certain cells.

    Parameters
    ----------
    synapse_table : pandas.DataFrame
        With the columns ``pre_pt_root_id`` and ``post_pt_root_id``.
    pre_root_ids : list, array, Series, Index, set or one int, optional
        Presynaptic cells; any without it.
    post_root_ids : list, array, Series, Index, set or one int, optional
        Postsynaptic cells; any without it.

    Returns
    -------
    pandas.DataFrame
        The rows that fit both, with their index.

    Raises
    ------
    UnknownCell
        If ids are not whole numbers; the message names the argument at fault. (The
        original's message about the postsynaptic ids described the presynaptic ones.)
    TableError
        If a column is missing.
    """
    kept = np.ones(len(synapse_table), dtype=bool)
    for argument, column, wanted in (
        ("pre_root_ids", "pre_pt_root_id", pre_root_ids),
        ("post_root_ids", "post_pt_root_id", post_root_ids),
    ):
        if column not in synapse_table.columns:
            raise TableError(
                f"The synapse table has no column {column!r}; found "
                f"{', '.join(map(str, synapse_table.columns))}. Give the synapse table first."
            )
        if wanted is not None:
            kept &= np.isin(synapse_table[column].to_numpy(), id_array(wanted, argument))
    return synapse_table[kept]


def plot_skeleton(
    sk_d: Mapping[str, Any] | Skeleton, plot_soma: bool = True, ax: Axes | None = None
) -> Axes:
    """Draw a skeleton from the front, in nm, so that synapses in nm can be laid over it.

    Parameters
    ----------
    sk_d : mapping or Skeleton
        A skeleton, or the dictionary that CAVE's skeleton service returns (nm).
    plot_soma : bool
        Whether the soma is drawn.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure of 7 x 10 inches at 150 dpi without it. Axes that
        show a cell already keep it in sight. (The original cut them to the last one.)

    Returns
    -------
    matplotlib.axes.Axes
        In nm, without frame; the pia is up. Line widths follow the radius: 5 points for
        one um. A compartment without a colour is grey. (The original failed on it.)
    """
    # matplotlib takes half a second to import: only who draws pays for it.
    from matplotlib import pyplot as plt

    from microns_widgets.plots._axes import mark_source
    from microns_widgets.plots.skeleton_plot import draw_as_skeleton_plot

    skeleton = sk_d if isinstance(sk_d, Skeleton) else Skeleton.from_cave(sk_d)
    if ax is None:
        _, ax = plt.subplots(figsize=(7, 10), dpi=150)
    draw_as_skeleton_plot(
        skeleton, ax, colors=skel_color_map, points_per_um=5, soma=plot_soma, soma_size=120
    )
    ax.axis("off")
    mark_source(ax, skeleton.source)
    return ax


def sort_matrix_by_types(
    mat: pd.DataFrame,
    labels: pd.DataFrame,
    label_type_col: str = "cell_type_auto",
    label_id_col: str = "pt_root_id",
    post_labels: pd.DataFrame | None = None,
    post_label_type_col: str | None = None,
    post_label_id_col: str | None = None,
) -> tuple[pd.DataFrame, npt.NDArray[Any], npt.NDArray[Any]]:
    """Sort the rows and the columns of a matrix by the types of the cells.

    Parameters
    ----------
    mat : pandas.DataFrame
        Root ids of the presynaptic cells as index, of the postsynaptic ones as columns.
        It need not be square.
    labels : pandas.DataFrame
        One row per cell, such as the cell table.
    label_type_col, label_id_col : str
        Its columns with types and root ids.
    post_labels : pandas.DataFrame, optional
        Another table for the columns.
    post_label_type_col, post_label_id_col : str, optional
        Its columns; those of `labels` without them.

    Returns
    -------
    mat_sorted : pandas.DataFrame
        The matrix, by type in alphabetical order; cells of one type keep their order.
    pre_labels, post_labels : numpy.ndarray
        Type of each row and column of it.

    Raises
    ------
    TableError
        If a column is missing, or if a cell of the matrix stands twice in the table.
        A cell that the table does not have gets the type ``""``.
    """
    post_labels = labels if post_labels is None else post_labels
    pre_types = _types_of(mat.index, labels, label_type_col, label_id_col, "labels")
    post_types = _types_of(
        mat.columns,
        post_labels,
        label_type_col if post_label_type_col is None else post_label_type_col,
        label_id_col if post_label_id_col is None else post_label_id_col,
        "post_labels",
    )
    rows = np.argsort(pre_types.astype(str), kind="stable")
    columns = np.argsort(post_types.astype(str), kind="stable")
    return mat.iloc[rows, columns], pre_types[rows], post_types[columns]


def _types_of(
    ids: pd.Index, table: pd.DataFrame, type_column: str, id_column: str, argument: str
) -> npt.NDArray[Any]:
    for column in (type_column, id_column):
        if column not in table.columns:
            raise TableError(
                f"{argument} has no column {column!r}; found "
                f"{', '.join(map(str, table.columns))}. Name the columns with label_type_col and "
                "label_id_col."
            )
    own = table.loc[table[id_column].isin(ids), [id_column, type_column]]
    twice = own[id_column][own[id_column].duplicated()]
    if len(twice):
        raise TableError(
            f"{argument} has {twice.iloc[0]} in {len(twice) + 1} rows, expected one row for each "
            f"cell. Keep one: {argument}.drop_duplicates({id_column!r})."
        )
    return own.set_index(id_column)[type_column].reindex(ids, fill_value="").to_numpy(dtype=object)
