"""Systems of cell types: which of CAVE's tables fills the automatic types of the cell table."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from microns_widgets.releases import AUTO_TYPES, CELL_INFO, CORRECTIONS, MULTIFEATURE


@dataclass(frozen=True)
class TypeSystem:
    """A system of cell types.

    Attributes
    ----------
    tables : tuple of str
        CAVE's tables with the types; a later one corrects an earlier one.
    is_view : bool
        Whether the last one is a view.
    nucleus_id, coarse, fine : str
        Columns of the last one: the nucleus, the class and the type.
    """

    tables: tuple[str, ...]
    is_view: bool = False
    nucleus_id: str = "target_id"
    coarse: str = "classification_system"
    fine: str = "cell_type"

    @property
    def further_table(self) -> str | None:
        """The table that is needed in addition to that of the metamodel; None if there is none."""
        return None if self.tables[-1] == AUTO_TYPES else self.tables[-1]


DEFAULT_TYPES = "metamodel"
#: The systems by name, as in ``microns data --types``.
TYPE_SYSTEMS: Mapping[str, TypeSystem] = MappingProxyType(
    {
        DEFAULT_TYPES: TypeSystem((AUTO_TYPES,)),
        "metamodel_corrected": TypeSystem((AUTO_TYPES, CORRECTIONS)),
        MULTIFEATURE: TypeSystem((MULTIFEATURE,)),
        CELL_INFO: TypeSystem((CELL_INFO,), True, "id", "broad_type"),
    }
)

_CLASSES = ("excitatory", "inhibitory", "nonneuron")


def types_in(source: str) -> str:
    """Return the system of types that a source names; that of the metamodel if it names none.

    The name is part of the source of data from CAVE, and of the name of their cell table.
    """
    further = (name for name in TYPE_SYSTEMS if name != DEFAULT_TYPES)
    return next((name for name in further if name in source), DEFAULT_TYPES)


def type_table_fault(table: pd.DataFrame, system: TypeSystem) -> str:
    """Return what is wrong with a system's further table, as part of a sentence; or ``""``."""
    needed = ("pt_root_id", system.coarse, system.fine)
    absent = [column for column in needed if column not in table]
    if absent:
        return f"has no column {', '.join(map(repr, absent))}"
    return "is empty" if table.empty else ""


def with_types(
    auto: pd.DataFrame, further: pd.DataFrame, system: TypeSystem, version: int
) -> pd.DataFrame:
    """Replace the types in the table of the metamodel's types by those of another system.

    Cells are matched by their nucleus, or by root id if a table does not have it. A warning counts
    the cells that have no type in the other system, and the types whose nucleus is not in the
    metamodel's table.

    Parameters
    ----------
    auto : pandas.DataFrame
        The table of the metamodel's types: one row per nucleus.
    further : pandas.DataFrame
        The system's further table.
    system : TypeSystem
        The system.
    version : int
        Materialization version, for the warning.

    Returns
    -------
    pandas.DataFrame
        The rows of `auto` with other values in ``classification_system`` and ``cell_type``. If
        the system corrects the metamodel, cells without a correction keep their type; otherwise
        they have none. If a nucleus has several types, the first one counts.
    """
    by_nucleus = "target_id" in auto and system.nucleus_id in further
    own, other = ("target_id", system.nucleus_id) if by_nucleus else ("pt_root_id",) * 2
    known = further[further[other].notna() & (further[other] != 0) & further[system.fine].notna()]
    known = known.drop_duplicates(other).set_index(other)
    names = known[system.coarse].astype(str).str.lower()
    # The services write "excitatory_neuron" and "excitatory"; "unclear" is not a class.
    coarse = pd.Series(None, index=known.index, dtype=object)
    for name in _CLASSES:
        coarse = coarse.mask(names.str.contains(name), name)
    types = auto.assign(
        classification_system=auto[own].map(coarse),
        cell_type=auto[own].map(known[system.fine].astype(str)),
    )
    corrects = len(system.tables) > 1
    if corrects:
        for column in ("classification_system", "cell_type"):
            types[column] = types[column].where(types["cell_type"].notna(), auto[column])
    else:
        types["cell_type"] = types["cell_type"].fillna("")
    _warn(types, int((~known.index.isin(auto[own])).sum()), system, version)
    return types


def _warn(types: pd.DataFrame, surplus: int, system: TypeSystem, version: int) -> None:
    cells = types.drop_duplicates("pt_root_id")
    untyped = int((cells["cell_type"] == "").sum())
    problems = []
    if untyped:
        problems.append(
            f"{untyped:,} of the {len(cells):,} cells have no type in this table, so their "
            "automatic type is empty"
        )
    if surplus:
        problems.append(f"{surplus:,} of the cells in it are not in {AUTO_TYPES} and were left out")
    if problems:
        warnings.warn(
            f"Types of {system.tables[-1]}, version {version}: {'; '.join(problems)}.",
            stacklevel=4,
        )
