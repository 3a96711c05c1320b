"""All synapses of many cells: asked for in blocks, each kept, none cut."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from microns_widgets._files import write_text
from microns_widgets.errors import QueryTruncated
from microns_widgets.sources.cave.client import guard_of
from microns_widgets.sources.cave.guard import explained
from microns_widgets.tables.reading import read_synapses, write_feather

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull

#: Cells asked for at once, as the workshop did.
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
    """Query the outputs and inputs of cells, autapses included, each synapse once.

    Parameters
    ----------
    client : caveclient.CAVEclient
        A client of the datastack.
    root_ids : sequence of int
        The cells.
    version : int
        Materialization version.
    folder : path
        Where finished blocks are kept. After an interruption the same call asks only
        for those that are missing.
    block : int
        Cells asked for at once. A block that the server cuts is asked for in halves.
    progress : bool
        Whether a bar shows how far it is.

    Returns
    -------
    pandas.DataFrame
        The synapse table, positions in nm, sorted by post, pre and size.

    Raises
    ------
    CaveError
        If the service fails; what was fetched is kept.
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
    table: pd.DataFrame = pd.concat(parts, ignore_index=True).drop_duplicates("id")
    return table.sort_values(_ORDER, ignore_index=True)


def _fetch(
    client: CAVEclientFull, ids: list[int], side: str, version: int, folder: Path
) -> Iterator[pd.DataFrame]:
    """Fetch one block, or read it if it is on disk; yield its table, or those of its halves."""
    digest = hashlib.blake2b(np.array(ids, dtype=np.int64).tobytes(), digest_size=8).hexdigest()
    file = folder / f"{client.datastack_name}-{version}-{side}-{digest}.feather"
    cut = file.with_suffix(".cut")
    table = _on_disk(file)
    if table is None and not cut.is_file():
        table = _query(client, ids, side, version)
        if table is None:
            write_text(cut, "")
        else:
            write_feather(table, file)
    if table is not None:
        yield table
        return
    if len(ids) == 1:
        raise QueryTruncated(
            f"Cell {ids[0]} has more {'outputs' if side == 'pre' else 'inputs'} than CAVE gives in "
            "one answer. Leave it out of root_ids."
        )
    half = len(ids) // 2
    yield from _fetch(client, ids[:half], side, version, folder)
    yield from _fetch(client, ids[half:], side, version, folder)


def _on_disk(file: Path) -> pd.DataFrame | None:
    # Another process with the same task removes the blocks once it has them all.
    with suppress(FileNotFoundError):
        return pd.read_feather(file)
    return None


def _query(client: CAVEclientFull, ids: list[int], side: str, version: int) -> pd.DataFrame | None:
    """Ask once; None if the server cut the answer."""
    guard = guard_of(client)
    guard.truncated = False
    with explained(f"the synapses of {len(ids)} cells in version {version}"):
        table: pd.DataFrame = client.materialize.synapse_query(
            **{f"{side}_ids": ids},
            materialization_version=version,
            # caveclient would drop them after the server's cut, and they are real.
            remove_autapses=False,
            split_positions=True,
            desired_resolution=[1, 1, 1],
            metadata=False,
        )
    return None if guard.truncated else read_synapses(table.reset_index(drop=True))


def _empty() -> pd.DataFrame:
    from microns_widgets.tables.reading import SYNAPSE_COLUMNS

    return pd.DataFrame({name: np.empty(0, dtype=kind) for name, kind in SYNAPSE_COLUMNS.items()})
