"""Exports connections as Parquet, for other tools."""

from __future__ import annotations

from collections.abc import Iterator
from os import PathLike

import numpy as np
import pyarrow as pa
import pyarrow.parquet

from microns_widgets._files import expanded, whole_file
from microns_widgets.synapses.index import SynapseIndex

# Connections per row group, which is in memory as a whole.
_ROWS = 1 << 20
_SCHEMA = pa.schema(
    [
        ("pre_pt_root_id", "int64"),
        ("post_pt_root_id", "int64"),
        ("n_synapses", "int32"),
        ("size_sum", "int64"),
        ("size_max", "int32"),
    ]
)


def write_connections(index: SynapseIndex, path: str | PathLike[str]) -> int:
    """Write one row per connected pair of cells, sorted by presynaptic, then postsynaptic id.

    Parameters
    ----------
    index : SynapseIndex
        The index, of any size.
    path : path
        The Parquet file; an existing file is replaced. Columns ``pre_pt_root_id``,
        ``post_pt_root_id``, ``n_synapses``, ``size_sum`` and ``size_max`` (voxels).

    Returns
    -------
    int
        Number of connections.

    Raises
    ------
    WriteError
        If the file cannot be written.
    """
    target = expanded(path)
    with (
        whole_file(target) as temporary,
        pa.parquet.ParquetWriter(temporary, _SCHEMA, compression="zstd") as writer,
    ):
        for batch in connection_batches(index):
            writer.write_batch(batch)
    return len(index.connections)


def connection_batches(index: SynapseIndex) -> Iterator[pa.RecordBatch]:
    """Yield all connections in blocks, with the columns of `write_connections`."""
    table = index.connections
    for first in range(0, len(table), _ROWS):
        stop = min(first + _ROWS, len(table))
        near = table.pre.offsets.searchsorted(np.arange(first, stop), side="right") - 1
        yield pa.record_batch(
            [
                pa.array(table.pre.ids[near]),
                pa.array(index.post.ids[table.pre.partners[first:stop]]),
                pa.array(table.values.count[first:stop]),
                pa.array(table.values.total[first:stop]),
                pa.array(table.values.largest[first:stop]),
            ],
            schema=_SCHEMA,
        )
