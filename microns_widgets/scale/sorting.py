"""Middle stage: sorts one bucket, writes it to its place, and lays it out by cell."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from microns_widgets._typing import Array
from microns_widgets.errors import TableError
from microns_widgets.scale.database import database
from microns_widgets.scale.job import Job
from microns_widgets.scale.segments import write_part
from microns_widgets.scale.splitting import RUN_SCHEMA, read_bucket
from microns_widgets.synapses.checksums import row_checks
from microns_widgets.synapses.files import connection_parts, side_parts, write_arrays
from microns_widgets.synapses.index import lay_out
from microns_widgets.tables.reading import SYNAPSE_COLUMNS

# DuckDB needs at least this much to start.
_LEAST_FOR_DUCKDB = 64_000_000
# The id breaks ties, so that the order does not depend on how the work was divided.
_ORDER = ("post_pt_root_id", "pre_pt_root_id", "size", "id")


@dataclass(frozen=True)
class Bucket:
    """A range of the sorted synapses: its number, its first row and its length."""

    number: int
    first: int
    rows: int


def sort(job: Job, bucket: Bucket) -> dict[str, int]:
    """Sort a bucket, write it to the synapse table, and lay it out by cell.

    Returns
    -------
    dict
        Number of ``connections`` and of postsynaptic ``cells`` of the bucket.
    """
    columns = _sorted(job, bucket.number)
    write_part(index_folder(job) / "synapses.arrow", bucket.first, columns)
    checks = {"check": row_checks(columns, bucket.first)}
    write_part(index_folder(job) / "row_checks.arrow", bucket.first, checks)
    keys = ("post_pt_root_id", "pre_pt_root_id", "size")
    local = lay_out({name: columns[name] for name in keys})
    del columns
    folder = part_folder(job, bucket.number)
    folder.mkdir(exist_ok=True)
    table = local.connections
    for name, arrays in (side_parts(local) | connection_parts(table)).items():
        write_arrays(folder / name, arrays, sync=False)
    return {"connections": len(table), "cells": len(local.post.ids)}


def index_folder(job: Job) -> Path:
    """Return the folder in which the index is built before it is moved into place."""
    return job.folder / "index"


def part_folder(job: Job, bucket: int) -> Path:
    """Return the folder of one bucket, laid out by cell."""
    return job.folder / "parts" / str(bucket)


def _sorted(job: Job, bucket: int) -> dict[str, Array]:
    import duckdb

    rows = pa.Table.from_batches(read_bucket(job, bucket), RUN_SCHEMA)
    columns = {name: rows.column(name).combine_chunks().to_numpy() for name in SYNAPSE_COLUMNS}
    n = rows.num_rows
    del rows
    # Sorting only the keys in DuckDB and reordering the other columns afterwards is faster.
    keys = pa.table({name: columns[name] for name in _ORDER} | {"row": np.arange(n)})
    limit = f"{max(job.budget // 2, _LEAST_FOR_DUCKDB) // 1_000_000}MB"
    spill = str(job.folder / "spill" / str(bucket))
    try:
        with database(memory_limit=limit, temp_directory=spill) as connection:
            connection.register("keys", keys)
            query = f"SELECT row FROM keys ORDER BY {', '.join(_ORDER)}"
            order = connection.sql(query).to_arrow_table().column("row").to_numpy()
    except duckdb.OutOfMemoryException as error:
        raise TableError(
            f"{n:,} synapses could not be sorted within {limit} ({error}). Set a larger memory "
            "limit (--memory), or free disk space for temporary files."
        ) from error
    except duckdb.IOException as error:
        raise OSError(str(error)) from error  # such as a full disk: reported as WriteError
    for name in columns:  # one by one, so that each old column is freed
        columns[name] = columns[name][order]
    return columns
