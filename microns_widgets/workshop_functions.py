"""The three functions of the workshop's notebook, with the same names, arguments and results.

A notebook written for the workshop works after replacing its definitions with

>>> from microns_widgets import filter_synapse_table, plot_skeleton, sort_matrix_by_types

The functions do what the text of that notebook describes. Where its code did something else, the
docstring notes the difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from microns_widgets._arguments import checks_arguments
from microns_widgets._typing import Array
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.errors import InvalidType, TableError, check_column
from microns_widgets.tables.root_ids import Ids, id_array

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Colours of the compartments in the workshop's figures.
skel_color_map = {3: "firebrick", 4: "salmon", 2: "steelblue", 1: "olive"}


@checks_arguments
def filter_synapse_table(
    synapse_table: pd.DataFrame,
    pre_root_ids: Ids | None = None,
    post_root_ids: Ids | None = None,
) -> pd.DataFrame:
    """Return the synapses between certain cells.

    Parameters
    ----------
    synapse_table : pandas.DataFrame
        Table with the columns ``pre_pt_root_id`` and ``post_pt_root_id``.
    pre_root_ids : list, array, Series, Index, set or one int, optional
        Presynaptic cells. Default: any.
    post_root_ids : list, array, Series, Index, set or one int, optional
        Postsynaptic cells. Default: any.

    Returns
    -------
    pandas.DataFrame
        The rows that meet both conditions, with their original index.

    Raises
    ------
    InvalidRootIds
        If ids are not whole numbers; the message names the argument. (In the original, the
        message about the postsynaptic ids described the presynaptic ones.)
    UnknownColumn
        If a column is missing.
    InvalidType
        If `synapse_table` is not a DataFrame.

    Examples
    --------
    >>> cells = con.select(proofread=True)
    >>> table = mw.filter_synapse_table(con.synapses, pre_root_ids=cells)
    >>> set(table["pre_pt_root_id"]) <= set(cells)
    True
    """
    _check_frame("synapse_table", synapse_table, "con.synapses")
    mask = np.ones(len(synapse_table), dtype=bool)
    for argument, column, ids in (
        ("pre_root_ids", "pre_pt_root_id", pre_root_ids),
        ("post_root_ids", "post_pt_root_id", post_root_ids),
    ):
        check_column(column, synapse_table.columns, "The synapse table")
        if ids is not None:
            own = id_array(synapse_table[column], f"The synapse table's column {column!r}")
            mask &= np.isin(own, id_array(ids, argument))
    return synapse_table[mask]


@checks_arguments
def plot_skeleton(
    sk_d: Mapping[str, Any] | Skeleton, plot_soma: bool = True, ax: Axes | None = None
) -> Axes:
    """Draw a skeleton from the front, in nm, so that synapses in nm can be drawn on top.

    Parameters
    ----------
    sk_d : mapping or Skeleton
        A skeleton, or the dictionary returned by CAVE's skeleton service (nm).
    plot_soma : bool
        Whether to draw the soma.
    ax : matplotlib.axes.Axes, optional
        Where to draw. Default: a new figure of 7 x 10 inches at 150 dpi. If the axes already
        show a cell, it stays visible. (In the original, only the last cell was in view.)

    Returns
    -------
    matplotlib.axes.Axes
        In nm, without a frame; the pia is up. Lines are 5 points wide for a radius of 1 um. A
        compartment without a colour is grey. (The original raised an error.)

    Raises
    ------
    InvalidType
        If `sk_d` is neither a skeleton nor a dictionary.
    SkeletonError
        If the dictionary is not a skeleton.

    Examples
    --------
    >>> cell = con.select(cell_type="BC", proofread=True)[0]
    >>> ax = mw.plot_skeleton(con.skeleton(cell))
    """
    # matplotlib takes half a second to import: import it only to draw.
    from matplotlib import pyplot as plt

    from microns_widgets.plots._axes import mark_source
    from microns_widgets.plots.skeleton_plot import draw_as_skeleton_plot

    if not isinstance(sk_d, Skeleton | Mapping):
        raise InvalidType(
            f"plot_skeleton was given {type(sk_d).__name__}, expected a skeleton or CAVE's "
            "dictionary: con.skeleton(root_id)."
        )
    skeleton = sk_d if isinstance(sk_d, Skeleton) else Skeleton.from_cave(sk_d)
    if ax is None:
        _, ax = plt.subplots(figsize=(7, 10), dpi=150)
    draw_as_skeleton_plot(
        skeleton, ax, colors=skel_color_map, points_per_um=5, soma=plot_soma, soma_size=120
    )
    ax.axis("off")
    mark_source(ax, skeleton.source)
    return ax


@checks_arguments
def sort_matrix_by_types(
    mat: pd.DataFrame,
    labels: pd.DataFrame,
    label_type_col: str = "cell_type_auto",
    label_id_col: str = "pt_root_id",
    post_labels: pd.DataFrame | None = None,
    post_label_type_col: str | None = None,
    post_label_id_col: str | None = None,
) -> tuple[pd.DataFrame, Array, Array]:
    """Sort the rows and the columns of a matrix by the types of the cells.

    Parameters
    ----------
    mat : pandas.DataFrame
        Matrix with the root ids of the presynaptic cells as index and of the postsynaptic
        cells as columns. It need not be square.
    labels : pandas.DataFrame
        Table with one row per cell, such as the cell table.
    label_type_col, label_id_col : str
        Names of its columns with types and root ids.
    post_labels : pandas.DataFrame, optional
        Another table for the columns. Default: `labels`.
    post_label_type_col, post_label_id_col : str, optional
        Names of its columns. Default: the same as for `labels`.

    Returns
    -------
    mat_sorted : pandas.DataFrame
        The matrix in alphabetical order of types; cells of one type keep their order.
    pre_labels, post_labels : numpy.ndarray
        Type of each row and column of the sorted matrix; ``""`` for cells that are not in the
        table.

    Raises
    ------
    UnknownColumn
        If a column is missing.
    TableError
        If a cell of the matrix occurs twice in the table.
    InvalidType
        If the matrix or a table is not a DataFrame.

    Examples
    --------
    >>> matrix = con.matrix(con.select(proofread=True)).to_frame()
    >>> by_type, pre_types, post_types = mw.sort_matrix_by_types(matrix, con.cells)
    """
    post_labels = labels if post_labels is None else post_labels
    _check_frame("mat", mat, "matrix.to_frame()")
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


def _check_frame(argument: str, frame: object, example: str) -> None:
    if not isinstance(frame, pd.DataFrame):
        raise InvalidType(
            f"{argument} is {type(frame).__name__}, expected a pandas DataFrame such as {example}."
        )


def _types_of(
    ids: pd.Index, table: pd.DataFrame, type_column: str, id_column: str, argument: str
) -> Array:
    _check_frame(argument, table, "con.cells")
    for column in (type_column, id_column):
        check_column(column, table.columns, argument)
    types = table[type_column].astype(object)
    types = types.where(types.notna(), "")
    types.index = pd.Index(id_array(table[id_column], f"{argument}[{id_column!r}]"))
    own = id_array(ids, "The matrix's row and column labels")
    types = types[types.index.isin(own)]
    repeats = types.index[types.index.duplicated()]
    if len(repeats):
        raise TableError(
            f"{argument} contains cell {repeats[0]} in several rows, expected one row "
            f"for each cell. Keep one of them: {argument}.drop_duplicates({id_column!r})."
        )
    return types.reindex(own, fill_value="").to_numpy(dtype=object)
