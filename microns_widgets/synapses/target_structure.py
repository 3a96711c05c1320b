"""The structure that each synapse contacts: a spine, a dendritic shaft or the soma."""

from __future__ import annotations

from functools import cached_property
from os import PathLike

import numpy as np
import pandas as pd
import pyarrow as pa

from microns_widgets._arguments import checks_methods
from microns_widgets._files import expanded
from microns_widgets._typing import IntArray
from microns_widgets.errors import InvalidType, UnknownColumn, quoted
from microns_widgets.tables.checks import check_present, check_unique, checked_columns
from microns_widgets.tables.files import column_names, read_columns
from microns_widgets.tables.reading import Source

#: The optional column of a synapse table. CAVE's table calls it ``tag``.
TARGET_STRUCTURE = "target_structure"


class TargetStructures:
    """The target structure of each synapse, read from a synapse table when it is first needed.

    Parameters
    ----------
    source : path or pandas.DataFrame
        A synapse table with the columns ``id`` and ``target_structure``.
    """

    def __init__(self, source: str | PathLike[str] | pd.DataFrame) -> None:
        self._source = source

    @classmethod
    def of_table(cls, source: Source) -> TargetStructures | None:
        """Return the target structures in a synapse table; None if it does not have the column."""
        if isinstance(source, str | PathLike):
            path = expanded(source)
            return cls(path) if TARGET_STRUCTURE in column_names(path) else None
        if isinstance(source, pd.DataFrame):
            return cls(source) if TARGET_STRUCTURE in source else None
        names = (
            source.column_names if isinstance(source, pa.Table) else getattr(source, "columns", ())
        )
        if TARGET_STRUCTURE not in names:
            return None
        return cls(source.select(["id", TARGET_STRUCTURE]).to_pandas())  # Arrow or polars

    @cached_property
    def _by_id(self) -> tuple[IntArray, IntArray, np.ndarray]:
        """Ids in ascending order, the number of each one's structure, and the structures."""
        names = ["id", TARGET_STRUCTURE]
        if isinstance(self._source, pd.DataFrame):
            where = "the table with target structures"
            check_present(list(self._source.columns), dict.fromkeys(names, ""), where)
            frame = self._source.loc[:, names]
        else:
            path = expanded(self._source)
            where, frame = path.name, read_columns(path, names).to_pandas()
        columns = checked_columns(frame, {"id": "int64", TARGET_STRUCTURE: "str"}, where)
        check_unique(columns["id"], "id", where)
        order = np.argsort(columns["id"], kind="stable")
        codes, structures = pd.factorize(columns[TARGET_STRUCTURE])
        return columns["id"][order], codes[order], np.append(structures, "")

    def of(self, synapse_ids: IntArray) -> np.ndarray:
        """Return the structure that each synapse contacts; ``""`` if it is not known.

        Parameters
        ----------
        synapse_ids : numpy.ndarray of int64, shape (n,)
            Ids of synapses.

        Returns
        -------
        numpy.ndarray of object, shape (n,)
        """
        ids, codes, structures = self._by_id
        if not len(ids):
            return np.full(len(synapse_ids), "", dtype=object)
        places = np.minimum(np.searchsorted(ids, synapse_ids), len(ids) - 1)
        known = ids[places] == synapse_ids
        return np.asarray(structures[np.where(known, codes[places], len(structures) - 1)])


@checks_methods
class SynapsesWithTargets:
    """The part of a `Connectome` that knows which structure each synapse contacts."""

    source: str
    _targets: TargetStructures | None = None

    def with_target_structure(self, synapses: pd.DataFrame) -> pd.DataFrame:
        """Add the column ``target_structure`` to rows of the synapse table.

        Parameters
        ----------
        synapses : pandas.DataFrame, shape (n, k)
            Rows of the synapse table, such as ``con.inputs(cell)``; the column ``id`` is used.

        Returns
        -------
        pandas.DataFrame, shape (n, k + 1)
            A copy with ``target_structure``: ``"spine"``, ``"shaft"`` or ``"soma"``, and ``""``
            where it is not known. ``attrs["unknown_target_structure"]`` is their number.

        Raises
        ------
        UnknownColumn
            If the dataset has no target structures, or `synapses` has no column ``id``.
        InvalidType
            If `synapses` is not a table.
        TableError
            If an id is missing, or not a whole number.

        Notes
        -----
        In MICrONS the structures are predicted from the shape of the membrane around each synapse
        (table ``synapse_target_predictions_ssa_v2``). In the sample they are synthetic.

        Examples
        --------
        >>> cell = con.examples()["23P"]
        >>> inputs = con.with_target_structure(con.inputs(cell))
        >>> inputs["target_structure"].value_counts().idxmax()
        'spine'
        """
        if not isinstance(synapses, pd.DataFrame):
            raise InvalidType(
                f"with_target_structure() was given {quoted(synapses)}, expected rows of the "
                "synapse table: con.with_target_structure(con.inputs(cell))."
            )
        if "id" not in synapses:
            raise UnknownColumn(
                "with_target_structure() was given a table without the column 'id', which "
                "identifies the synapse of each row. Use rows of con.synapses, con.inputs(cell) or "
                "con.outputs(cell)."
            )
        if self._targets is None:
            raise UnknownColumn(
                f"The target structures of synapses are not known in "
                f"{self.source or 'this dataset'}. The built-in sample has them. For real cells, "
                "`microns data --version N --optional target_structure --out folder/` queries them "
                "(it also completes an existing folder); then open it: mw.load('folder/')."
            )
        columns = checked_columns(synapses, {"id": "int64"}, "with_target_structure()")
        found = self._targets.of(columns["id"])
        result = synapses.assign(**{TARGET_STRUCTURE: found})
        result.attrs = synapses.attrs | {"unknown_target_structure": int((found == "").sum())}
        return result
