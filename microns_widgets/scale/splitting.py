"""First stages: samples the distribution of synapses over cells, and splits them into buckets.

A bucket is a range of (postsynaptic, presynaptic) root ids. All buckets have about the same
number of synapses, few enough to be sorted in memory. Their bounds come from a random sample
of all rows.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.ipc

from microns_widgets._files import whole_file
from microns_widgets._typing import Array, IntArray
from microns_widgets.scale.inputs import checked_block, read_blocks
from microns_widgets.scale.job import Chunk, Job
from microns_widgets.synapses.files import map_arrays, write_arrays
from microns_widgets.tables.checks import ArrowColumn, checked_column
from microns_widgets.tables.files import arrow_name
from microns_widgets.tables.reading import SYNAPSE_COLUMNS

# One row in 300 is sampled, but at least this many in each block.
_ONE_IN, _AT_LEAST = 300, 2_000
_BOUNDS = "bounds.arrow"


def count_and_sample(job: Job, chunk: Chunk) -> dict[str, int]:
    """Count the rows of a chunk and sample their root ids.

    Returns
    -------
    dict
        Number of ``rows``. The ids are written to ``sample/`` in the work folder.
    """
    source = job.sources[chunk.source]
    names = [source.names["post_pt_root_id"], source.names["pre_pt_root_id"]]
    # Seeded, so that a repeated task writes the same file.
    rng = np.random.default_rng(zlib.crc32(repr(chunk).encode()))
    rows, samples = 0, [np.zeros((2, 0), dtype=np.int64)]
    for block in read_blocks(source, chunk.first, chunk.stop, job.block_rows, columns=names):
        where, n = f"{Path(source.path).name}, part {chunk.first + 1}", block.num_rows
        sample = rng.integers(0, n, max(n // _ONE_IN, _AT_LEAST)) if n else np.zeros(0, dtype=int)
        samples.append(
            np.stack(
                [
                    checked_column(ArrowColumn(block.column(name)), name, "int64", where)[sample]
                    for name in names
                ]
            )
        )
        rows += n
    post, pre = np.concatenate(samples, axis=1)
    write_arrays(sample_file(job, chunk), {"post": post, "pre": pre}, sync=False)
    return {"rows": rows}


def sample_file(job: Job, chunk: Chunk) -> Path:
    """Return the file with the sample of a chunk."""
    return job.folder / "sample" / f"{chunk.source}-{chunk.first}.arrow"


def choose_bounds(job: Job, chunks: list[Chunk], rows: int) -> int:
    """Choose the bounds of the buckets from all samples; return the number of buckets."""
    samples = [map_arrays(sample_file(job, chunk)) for chunk in chunks]
    post, pre = (np.concatenate([one[name] for one in samples]) for name in ("post", "pre"))
    order = np.lexsort([pre, post])
    at = order[_cuts(len(order), job.buckets(rows))]
    bounds = np.unique(np.stack([post[at], pre[at]], axis=1), axis=0)
    # The outputs are cut by presynaptic cell alone.
    cuts = np.sort(pre)[_cuts(len(pre), job.ranges(rows))]
    write_arrays(job.folder / _BOUNDS, {"post": bounds[:, 0], "pre": bounds[:, 1]}, sync=False)
    write_arrays(job.folder / "pre_bounds.arrow", {"pre": np.unique(cuts)}, sync=False)
    return len(bounds) + 1


def _cuts(n: int, pieces: int) -> IntArray:
    """Return where to cut n rows into pieces of equal size; empty if there are no rows."""
    return np.arange(1, pieces) * n // pieces if n else np.zeros(0, dtype=np.int64)


def pre_bounds(job: Job) -> IntArray:
    """Return the presynaptic root ids at which the outputs are cut into ranges, ascending."""
    return map_arrays(job.folder / "pre_bounds.arrow")["pre"]


def bucket_of(
    post: IntArray, pre: IntArray, bound_post: IntArray, bound_pre: IntArray
) -> npt.NDArray[np.uint16]:
    """Return for each synapse the number of bounds that are not above its pair of root ids.

    Parameters
    ----------
    post, pre : numpy.ndarray of int64, shape (n,)
        Root ids.
    bound_post, bound_pre : numpy.ndarray of int64
        The bounds, in ascending order of the first and then of the second.
    """
    low = bound_post.searchsorted(post, side="left")
    bucket = low.astype(np.uint16)
    # Only if the postsynaptic cell is that of a bound, which is rare, the presynaptic cell decides.
    here = np.flatnonzero(np.append(bound_post, -1)[low] == post)
    if len(here):
        high = bound_post.searchsorted(post[here], side="right")
        for first in np.unique(low[here]):
            mine = low[here] == first
            stop = int(high[mine][0])
            within = bound_pre[first:stop].searchsorted(pre[here[mine]], side="right")
            bucket[here[mine]] = first + within
    return bucket


def split(job: Job, chunk: Chunk) -> dict[str, list[int]]:
    """Read and check a chunk, and write its rows as runs, ordered by bucket.

    Returns
    -------
    dict
        Number of ``rows`` of each bucket.
    """
    source, bounds = job.sources[chunk.source], map_arrays(job.folder / _BOUNDS)
    buckets = len(bounds["post"]) + 1
    rows = np.zeros(buckets, dtype=np.int64)
    first = 0
    for number, block in enumerate(read_blocks(source, chunk.first, chunk.stop, job.block_rows)):
        where = f"{Path(source.path).name}, from row {first:,} of part {chunk.first + 1} on"
        first += block.num_rows
        columns = checked_block(block, source, where)
        del block
        bucket = bucket_of(
            columns["post_pt_root_id"], columns["pre_pt_root_id"], bounds["post"], bounds["pre"]
        )
        # 16-bit integers are sorted in linear time.
        order = np.argsort(bucket, kind="stable")
        counts = np.bincount(bucket, minlength=buckets)
        rows += counts
        for name in columns:  # one by one, so that each old column is freed
            columns[name] = columns[name][order]
        _write_run(run_file(job, chunk, number), columns, counts)
    return {"rows": rows.tolist()}


def run_file(job: Job, chunk: Chunk, block: int) -> Path:
    """Return the file with the rows of one block of a chunk."""
    return job.folder / "runs" / f"{chunk.source}-{chunk.first}-{block}.arrow"


def _write_run(path: Path, columns: dict[str, Array], counts: IntArray) -> None:
    batch = pa.record_batch(columns)
    with (
        whole_file(path) as temporary,
        pa.OSFile(arrow_name(temporary), "wb") as sink,
        pa.ipc.new_file(sink, batch.schema) as writer,
    ):
        for first, n in zip(np.cumsum(counts) - counts, counts, strict=True):
            writer.write_batch(batch.slice(int(first), int(n)))


def read_bucket(job: Job, bucket: int) -> Iterator[pa.RecordBatch]:
    """Read the rows of one bucket from every run."""
    for path in sorted((job.folder / "runs").glob("*.arrow")):
        with pa.memory_map(arrow_name(path)) as mapped:
            batch = pa.ipc.open_file(mapped).get_batch(bucket)
            if batch.num_rows:
                yield batch


#: The schema of a run.
RUN_SCHEMA = pa.schema([(name, kind) for name, kind in SYNAPSE_COLUMNS.items()])
