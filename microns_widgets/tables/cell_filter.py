"""Which cells are meant: readable conditions on the cell table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from microns_widgets.errors import UnknownCell

#: One name, several, or no condition.
Choice = str | Iterable[str] | None
#: Any strategy (True), none (False), strategies by name, or no condition.
Proofread = bool | str | Iterable[str] | None

_COLUMNS = {
    "cell_type": "cell_type_auto",
    "cell_type_manual": "cell_type_manual",
    "coarse_type": "coarse_cell_type_auto",
    "region": "region",
}


@dataclass(frozen=True)
class CellFilter:
    """Conditions on a cell, all of which must hold; see `Connectome.select`."""

    cell_type: Choice = None
    cell_type_manual: Choice = None
    coarse_type: Choice = None
    region: Choice = None
    proofread: Proofread = None

    def matches(self, cells: pd.DataFrame) -> npt.NDArray[np.bool_]:
        """Tell for each row of the cell table whether it meets the conditions, shape (n,).

        Raises
        ------
        UnknownCell
            If a name does not occur in its column.
        """
        chosen = np.ones(len(cells), dtype=bool)
        for argument, column in _COLUMNS.items():
            wanted = getattr(self, argument)
            if wanted is not None:
                chosen &= _is_one_of(cells[column], wanted, argument)
        strategy = cells["proofreading_strategy"]
        if isinstance(self.proofread, bool | np.bool_):
            chosen &= (strategy != "").to_numpy() == bool(self.proofread)
        elif self.proofread is not None:
            chosen &= _is_one_of(strategy, self.proofread, "proofread")
        return chosen


def _is_one_of(
    column: pd.Series, wanted: str | Iterable[str], argument: str
) -> npt.NDArray[np.bool_]:
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    known = set(column.unique())
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UnknownCell(
            f"{argument}={unknown[0]!r} does not occur in the column {column.name!r}. "
            f"There are {', '.join(repr(name) for name in sorted(known))}."
        )
    return column.isin(names).to_numpy()
