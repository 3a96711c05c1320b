"""Functions that call the `Connectome` method of the same name, for those who prefer functions."""

from __future__ import annotations

import pandas as pd

from microns_widgets._arguments import checks_arguments
from microns_widgets.connectome import Connectome
from microns_widgets.errors import InvalidType, quoted


@checks_arguments
def examples(con: Connectome, by: str = "cell_type_auto") -> pd.Series:
    """Choose one proofread cell of each type; the same as `Connectome.examples`.

    Parameters
    ----------
    con : Connectome
        The data.
    by : str
        Column of the cell table with the type.

    Returns
    -------
    pandas.Series of int64
        Root ids, indexed by type.

    Raises
    ------
    UnknownColumn
        If the cell table has no column `by`.

    Examples
    --------
    >>> cell = mw.examples(con)["MC"]
    """
    _check_connectome("examples", con)
    return con.examples(by)


@checks_arguments
def by_compartment(con: Connectome, root_id: int) -> pd.DataFrame:
    """Count a cell's synapses on each compartment; the same as `Connectome.by_compartment`.

    Parameters
    ----------
    con : Connectome
        The data.
    root_id : int
        The cell.

    Returns
    -------
    pandas.DataFrame
        One row for each compartment: ``cable_um`` (um), ``n_inputs``, ``n_outputs``.

    Examples
    --------
    >>> table = mw.by_compartment(con, mw.examples(con)["BC"])
    """
    _check_connectome("by_compartment", con)
    return con.by_compartment(root_id)


def _check_connectome(function: str, con: object) -> None:
    if not isinstance(con, Connectome):
        expected = f"expected a Connectome: {function}(mw.load(), ...)"
        raise InvalidType(f"{function} was given {quoted(con)}, {expected}.")
