"""All synapses of many cells, queried in blocks that are cached and never truncated."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from microns_widgets._files import write_text
from microns_widgets.errors import CaveError, QueryTruncated
from microns_widgets.sources.cave.blocks import read_block, write_block
from microns_widgets.sources.cave.client import guard_of, known_elsewhere
from microns_widgets.sources.cave.counts import check_complete
from microns_widgets.sources.cave.guard import explained
from microns_widgets.tables.reading import read_synapses

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull

#: Cells per query, the same number as the workshop used.
BLOCK = 50
_ORDER = ["post_pt_root_id", "pre_pt_root_id", "size"]


def fetch_synapses(
    client: CAVEclientFull,
    root_ids: Sequence[int],
    version: int,
    folder: Path,
    *,
    block: int = BLOCK,
    progress: bool = True,
) -> pd.DataFrame:
    """Query the outputs and inputs of cells, including autapses; each synapse occurs once.

    Parameters
    ----------
    client : caveclient.CAVEclient
        A client of the datastack.
    root_ids : sequence of int
        The cells.
    version : int
        Materialization version.
    folder : path
        Folder for finished blocks. After an interruption, the same call queries only the
        missing blocks.
    block : int
        Number of cells per query. If the server truncates the response, the block is halved.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    pandas.DataFrame
        The synapse table, positions in nm, sorted by post, pre and size.

    Raises
    ------
    CaveError
        If the service fails; finished blocks are saved. A response with too few or too many rows,
        or with rows of other cells, is discarded. If responses contradict each other, all blocks
        are discarded.
    """
    from tqdm.auto import tqdm

    ids = [int(root_id) for root_id in root_ids]
    blocks = [ids[first : first + block] for first in range(0, len(ids), block)]
    parts: list[pd.DataFrame] = []
    with tqdm(total=2 * len(ids), desc="synapses", unit="cell", disable=not progress) as bar:
        for side in ("pre", "post"):
            for some in blocks:
                parts.extend(_fetch(client, some, side, version, folder))
                bar.update(len(some))
    if not parts:
        return read_synapses(_empty())
    table: pd.DataFrame = pd.concat(parts, ignore_index=True)
    _check_consistent(table, folder, version)
    table = table.drop_duplicates("id")
    return table.sort_values(_ORDER, ignore_index=True)


def _check_consistent(table: pd.DataFrame, folder: Path, version: int) -> None:
    """Discard all blocks if a synapse differs between the queries from its two sides."""
    twice = table[table.duplicated("id", keep=False)].drop_duplicates()
    contradicting = twice.loc[twice.duplicated("id"), "id"]
    if len(contradicting):
        shutil.rmtree(folder, ignore_errors=True)
        raise CaveError(
            f"CAVE's responses contradict each other: {len(contradicting):,} synapses of version "
            f"{version}, such as {contradicting.iloc[0]}, differ between the queries of inputs and "
            "of outputs. Nothing was saved; try again later."
        )


def _fetch(
    client: CAVEclientFull, ids: list[int], side: str, version: int, folder: Path
) -> Iterator[pd.DataFrame]:
    """Query one block, or read it from disk; yield its table, or the tables of its halves."""
    digest = hashlib.blake2b(np.array(ids, dtype=np.int64).tobytes(), digest_size=8).hexdigest()
    file = folder / f"{client.datastack_name}-{version}-{side}-{digest}.feather"
    cut = file.with_suffix(".cut")
    table = read_block(file, read_synapses)
    if table is None and not cut.is_file():
        table = _query(client, ids, side, version)
        if table is None:
            write_text(cut, "")
        else:
            write_block(table, file)
    if table is not None:
        yield table
        return
    if len(ids) == 1:
        raise QueryTruncated(
            f"Cell {ids[0]} has more {'outputs' if side == 'pre' else 'inputs'} than CAVE returns "
            "in one response. Remove it from root_ids."
        )
    half = len(ids) // 2
    yield from _fetch(client, ids[:half], side, version, folder)
    yield from _fetch(client, ids[half:], side, version, folder)


def _query(client: CAVEclientFull, ids: list[int], side: str, version: int) -> pd.DataFrame | None:
    """Send one query; return None if the server truncated the response."""
    guard = guard_of(client)
    guard.truncated = False
    what = f"the synapses of {len(ids)} cells in version {version}"
    with known_elsewhere(client, version), explained(what):
        table: pd.DataFrame = client.materialize.synapse_query(
            **{f"{side}_ids": ids},
            materialization_version=version,
            # By default, caveclient drops autapses after the row limit was applied: keep them.
            remove_autapses=False,
            split_positions=True,
            desired_resolution=[1, 1, 1],
            metadata=False,
        )
        if guard.truncated:
            return None
        table = read_synapses(table.reset_index(drop=True))
    others = table.loc[~table[f"{side}_pt_root_id"].isin(ids), f"{side}_pt_root_id"]
    if len(others):
        raise CaveError(
            f"CAVE returned {len(others):,} synapses of cells that were not requested, such "
            f"as {others.iloc[0]}. Nothing was cached; try again later."
        )
    name = str(client.materialize.synapse_table)
    check_complete(client, len(table), name, version, filters={f"{side}_pt_root_id": ids})
    return table


def _empty() -> pd.DataFrame:
    from microns_widgets.tables.reading import SYNAPSE_COLUMNS

    return pd.DataFrame({name: np.empty(0, dtype=kind) for name, kind in SYNAPSE_COLUMNS.items()})
