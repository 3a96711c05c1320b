"""How well automatic cell types agree with those that people gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from microns_widgets.errors import TableError
from microns_widgets.palette import type_order

#: Manual names that mean an automatic type of another name. Cells of layer 5 that project
#: through the pyramidal tract (PT) are those that project out of the telencephalon (ET).
SAME_TYPE: Mapping[str, str] = MappingProxyType({"5P-PT": "5P-ET"})


@dataclass(frozen=True, eq=False)
class TypeComparison:
    """Cells by the type that a person gave them and by that of a classifier.

    A manual label that is no automatic type (``"Unsure E"``, ``"6P-U"``, ``"UNCLEAR"``) says
    that the person could not decide. Such cells are in `counts`, and nowhere else.

    Attributes
    ----------
    counts : pandas.DataFrame of int
        Number of cells, manual type (rows) by automatic type (columns).
    scores : pandas.DataFrame
        One row for each automatic type that also a person gave, or the classifier gave to a
        cell with a sure label: ``n_manual``, ``n_auto`` and ``n_both`` (cells), ``recall``
        (of those that are of the type, the share that is found) and ``precision`` (of those
        that are said to be, the share that is). NaN where there is none to take a share of.
    disagreements : pandas.DataFrame
        ``manual``, ``auto`` and ``n`` (cells) of each pair of labels that contradict each
        other, the most frequent first.
    """

    counts: pd.DataFrame
    scores: pd.DataFrame
    disagreements: pd.DataFrame

    @property
    def agreement(self) -> float:
        """Share of the cells with a sure manual label whose two labels agree."""
        return float(self.scores["n_both"].sum() / self.scores["n_manual"].sum())


def compare_types(
    cells: pd.DataFrame,
    manual: str = "cell_type_manual",
    auto: str = "cell_type_auto",
    *,
    same: Mapping[str, str] = SAME_TYPE,
) -> TypeComparison:
    """Compare manual and automatic labels of the cells that have both.

    Parameters
    ----------
    cells : pandas.DataFrame
        The cell table.
    manual, auto : str
        Its columns; ``"coarse_cell_type_manual"`` and ``"coarse_cell_type_auto"`` compare
        excitatory with inhibitory.
    same : mapping of str to str
        Manual names that mean an automatic type of another name.

    Raises
    ------
    TableError
        If there is no such column, or no cell has both labels.

    Examples
    --------
    >>> comparison = mw.compare_types(con.cells)
    >>> comparison.scores.loc["5P-ET", "recall"]
    """
    for column in (manual, auto):
        if column not in cells.columns:
            raise TableError(
                f"There is no column {column!r}, expected one of {', '.join(cells.columns)}."
            )
    both = cells[(cells[manual] != "") & (cells[auto] != "")]
    if both.empty:
        raise TableError(
            f"No cell has a label in both {manual!r} and {auto!r}, expected at least one: only "
            "cells of the V1 column have manual labels."
        )
    counts = pd.crosstab(both[manual], both[auto])
    counts = counts.loc[type_order(counts.index), type_order(counts.columns)]
    counts.attrs.update(cells.attrs)

    known = type_order(cells.loc[cells[auto] != "", auto].unique())
    meant = both[manual].map(lambda name: same.get(name, name))
    sure = meant.isin(known)
    meant, given = meant[sure], both.loc[sure, auto]
    scores = pd.DataFrame(
        {
            "n_manual": meant.value_counts(),
            "n_auto": given.value_counts(),
            "n_both": meant[meant == given].value_counts(),
        },
        index=pd.Index([name for name in known if (meant.eq(name) | given.eq(name)).any()]),
    )
    scores = scores.fillna(0).astype(int).rename_axis("type")
    for share, of in (("recall", "n_manual"), ("precision", "n_auto")):
        scores[share] = scores["n_both"] / scores[of].where(scores[of] > 0)
    scores.attrs.update(cells.attrs)

    apart = pd.DataFrame({"manual": both.loc[sure, manual], "auto": given})[meant != given]
    disagreements = apart.value_counts().rename("n").reset_index()
    return TypeComparison(counts, scores, disagreements)
