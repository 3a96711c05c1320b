"""The cells whose synapses a user asks for: distinct ids, a name for files, and what is missing."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from microns_widgets._typing import IntArray
from microns_widgets.errors import InvalidRootIds, UnknownCell
from microns_widgets.tables.files import read_columns
from microns_widgets.tables.root_ids import id_array


def distinct_cells(root_ids: Sequence[int] | Sequence[str] | IntArray) -> IntArray:
    """Return the distinct ids in ascending order; raise `InvalidRootIds` if there are none."""
    ids: IntArray = np.unique(id_array(root_ids, "root_ids"))
    if not len(ids):
        raise InvalidRootIds("root_ids is empty. Expected the root id of at least one cell.")
    return ids


def short_name(ids: IntArray) -> str:
    """Return a short name that identifies these cells in file names."""
    return hashlib.blake2b(ids.tobytes(), digest_size=4).hexdigest()


def check_found(
    ids: IntArray, cells: pd.DataFrame, table: pd.DataFrame, version: int, current: str
) -> None:
    """Warn about ids without synapses in this version; raise `UnknownCell` if none has any.

    Parameters
    ----------
    ids : numpy.ndarray of int64
        The ids that were asked for.
    cells, table : pandas.DataFrame
        The cell table of the version, and the synapses that were found.
    version : int
        Materialization version.
    current : str
        How to get root ids of this version, as part of a sentence.
    """
    connected = np.isin(ids, table[["pre_pt_root_id", "post_pt_root_id"]].to_numpy())
    known = connected | np.isin(ids, cells["pt_root_id"])
    problems = []
    for missing, what, step in (
        (~known, "are not in", f"Root ids change with proofreading: {current}."),
        (known & ~connected, "have no synapses in", "Choose other cells, or another version."),
    ):
        if missing.any():
            problems.append(
                f"{missing.sum():,} of the {len(ids):,} root_ids {what} version {version}, such as "
                f"{ids[missing][0]}. {step}"
            )
    if not connected.any():
        raise UnknownCell(" ".join(problems))
    for problem in problems:
        warnings.warn(problem, stacklevel=4)


def without_autapses(synapses: pd.DataFrame) -> pd.DataFrame:
    """Return the synapses without those of a cell onto itself."""
    own = synapses["pre_pt_root_id"] == synapses["post_pt_root_id"]
    return synapses[~own].reset_index(drop=True)


def warn_without_autapses(file: Path) -> None:
    """Warn that a file is kept as it is, if it has no synapses of a cell onto itself."""
    sides = read_columns(file, ["pre_pt_root_id", "post_pt_root_id"])
    if not pc.any(pc.equal(*sides.columns)).as_py():
        warnings.warn(
            f"{file} exists and is kept as it is, without synapses of a cell onto itself. To get "
            "them, delete this file or choose another folder.",
            stacklevel=4,
        )
