"""Agreement between automatic and manual cell types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from microns_widgets._arguments import checks_arguments
from microns_widgets.errors import InvalidType, TableError, check_column, quoted
from microns_widgets.palette import type_order

#: Types that have other names in other systems, and the name under which they are compared. Layer 5
#: cells that project through the pyramidal tract (PT) are those that project out of the
#: telencephalon (ET). The types of cell_type_multifeature_combo are finer than the manual ones: in
#: these, MC was used for all putative SST cells, BPC for all putative VIP cells, and NGC for all
#: inhibitory cells of layer 1. Its DTC, AltDTC, AltBasket and ChC have no manual counterpart.
SAME_TYPE: Mapping[str, str] = MappingProxyType(
    {
        "5P-PT": "5P-ET",
        **dict.fromkeys(("L2IT", "L3IT"), "23P"),
        **{"L4IT": "4P", "L5IT": "5P-IT", "L5ET": "5P-ET", "L5NP": "5P-NP"},
        **{"L6IT": "6P-IT", "L6CT": "6P-CT", "PV": "BC", "NMC": "MC"},
        **dict.fromkeys(("ITC", "ITCperi"), "BPC"),
        "L1": "NGC",
    }
)


@dataclass(frozen=True, eq=False, repr=False)
class TypeComparison:
    """Cells by manual type and by the type that a classifier predicts.

    A manual label that is not an automatic type (``"Unsure E"``, ``"6P-U"``, ``"UNCLEAR"``)
    means that the annotator could not decide. Such cells are in `counts` only. An automatic type
    without a manual counterpart, such as ``"ChC"``, can only disagree.

    Attributes
    ----------
    counts : pandas.DataFrame of int
        Number of cells, manual type (rows) by automatic type (columns).
    scores : pandas.DataFrame
        One row for each automatic type that occurs among the cells with a definite manual
        label, under its common name (`SAME_TYPE`): ``n_manual``, ``n_auto`` and ``n_both``
        (cells), ``recall`` (share of the cells of the type that are predicted as such) and
        ``precision`` (share of the cells predicted as the type that really have it). NaN where
        the denominator is 0.
    disagreements : pandas.DataFrame
        ``manual``, ``auto`` and ``n`` (cells) of each pair of contradictory labels, the most
        frequent first.
    """

    counts: pd.DataFrame
    scores: pd.DataFrame
    disagreements: pd.DataFrame

    def __repr__(self) -> str:
        n = int(self.counts.to_numpy().sum())
        return f"<TypeComparison {n:,} cells with both labels, agreement {self.agreement:.2f}>"

    @property
    def agreement(self) -> float:
        """Share of the cells with a definite manual label whose two labels agree."""
        return float(self.scores["n_both"].sum() / self.scores["n_manual"].sum())


@checks_arguments
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
        Types that have other names in other systems, and the name under which they are compared.
        It applies to both columns.

    Raises
    ------
    UnknownColumn
        If the table lacks one of the columns.
    TableError
        If no cell has both labels.

    Examples
    --------
    >>> comparison = mw.compare_types(con.cells)
    >>> bool(comparison.agreement > 0.8)
    True
    """
    if not isinstance(cells, pd.DataFrame):
        raise InvalidType(f"cells is {quoted(cells)}, expected a pandas DataFrame: con.cells.")
    if not isinstance(same, Mapping):
        raise InvalidType(
            f"same is {quoted(same)}, expected a dict of names, such as {{'5P-PT': '5P-ET'}}."
        )
    for column in (manual, auto):
        check_column(column, cells.columns)
    both = cells[(cells[manual] != "") & (cells[auto] != "")]
    if both.empty:
        raise TableError(
            f"No cell has a label in both {manual!r} and {auto!r}, so there is nothing to "
            "compare. Only cells of the V1 column have manual labels."
        )
    counts = pd.crosstab(both[manual], both[auto])
    counts = counts.loc[type_order(counts.index), type_order(counts.columns)]
    counts.attrs.update(cells.attrs)

    def common(labels: pd.Series) -> pd.Series:
        return labels.map(lambda name: same.get(name, name))

    known = type_order(common(cells.loc[cells[auto] != "", auto]).unique())
    annotated = common(both[manual])
    definite = annotated.isin(known)
    annotated, predicted = annotated[definite], common(both.loc[definite, auto])
    scores = pd.DataFrame(
        {
            "n_manual": annotated.value_counts(),
            "n_auto": predicted.value_counts(),
            "n_both": annotated[annotated == predicted].value_counts(),
        },
        index=pd.Index([name for name in known if (annotated.eq(name) | predicted.eq(name)).any()]),
    )
    scores = scores.fillna(0).astype(int).rename_axis("type")
    for share, of in (("recall", "n_manual"), ("precision", "n_auto")):
        scores[share] = scores["n_both"] / scores[of].where(scores[of] > 0)
    scores.attrs.update(cells.attrs)

    labels = both.loc[definite, [manual, auto]].set_axis(["manual", "auto"], axis=1)
    disagreements = labels[annotated != predicted].value_counts().rename("n").reset_index()
    return TypeComparison(counts, scores, disagreements)
