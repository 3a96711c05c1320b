"""The whole dataset: build, open and ask an index out of core, at growing sizes.

``python -m benchmarks.scale --sizes 1 10 30`` takes sizes in millions of synapses. Beside
it DuckDB sorts the same table, and DuckDB and Polars answer the same questions from the
same Parquet file.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import microns_widgets as mw
from microns_widgets.index_files import FOLDER
from microns_widgets.scale.build import build_folder
from microns_widgets.tables import SYNAPSE_COLUMNS

_BLOCK = 1_000_000
# So many root ids occur for each synapse, cells and fragments; one synapse in five repeats
# a connection.
_CELLS_PER_SYNAPSE, _FIRST_ID = 1 / 8, 864_691_135_000_000_000
# Bytes on the disk for each synapse: the table, the index and what is beside it meanwhile.
_DISK = 220
_ASKED = 50


def blocks(n: int) -> Iterator[pa.RecordBatch]:
    """Make a table of n synapses, a million at a time and in no order."""
    cells = max(int(n * _CELLS_PER_SYNAPSE), 1_000)
    for first in range(0, n, _BLOCK):
        rng = np.random.default_rng(first)
        rows = min(_BLOCK, n - first)
        # Degrees spread over orders of magnitude, as those of whole cells and fragments.
        pre, post = (np.floor(cells * rng.random(rows) ** 3).astype(np.int64) for _ in "ab")
        again = rng.integers(0, rows, rows // 5)
        pre[: len(again)], post[: len(again)] = pre[again], post[again]
        columns = {
            "id": first + rng.permutation(rows),
            "ctr_pt_position_x": rng.integers(100_000, 350_000, rows) * 4,
            "ctr_pt_position_y": rng.integers(100_000, 280_000, rows) * 4,
            "ctr_pt_position_z": rng.integers(15_000, 28_000, rows) * 40,
            "pre_pt_root_id": _FIRST_ID + pre * 101,
            "post_pt_root_id": _FIRST_ID + post * 101,
            "size": rng.lognormal(8.26, 0.80, rows),
        }
        typed = {name: columns[name].astype(kind) for name, kind in SYNAPSE_COLUMNS.items()}
        yield pa.record_batch(typed)


def make(path: Path, n: int) -> None:
    """Write the table as Parquet."""
    schema = pa.schema([(name, kind) for name, kind in SYNAPSE_COLUMNS.items()])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in blocks(n):
            writer.write_batch(batch)


def build(folder: Path, memory: int) -> None:
    build_folder(folder / "synapses.parquet", folder / "whole", memory=memory, progress=False)


def duckdb_sort(folder: Path, memory: int) -> None:
    """Sort the table as DuckDB does on its own, to Parquet."""
    import duckdb

    settings: dict[str, Any] = {
        "memory_limit": f"{memory // 1_000_000}MB",
        "temp_directory": str(folder / "spill"),
    }
    with duckdb.connect(config=settings) as connection:
        connection.sql(
            f"COPY (SELECT * FROM '{folder / 'synapses.parquet'}' ORDER BY post_pt_root_id, "
            f"pre_pt_root_id, size, id) TO '{folder / 'sorted.parquet'}' (FORMAT parquet)"
        )


def questions(folder: Path, memory: int) -> dict[str, float]:
    """Seconds to open, and for one cell by each way; the answers must agree."""
    import duckdb
    import polars as pl

    table = folder / "synapses.parquet"
    mw.load(quiet=True)  # what is imported on first use is no part of opening
    start = time.perf_counter()
    con = mw.load(folder / "whole")
    opened = time.perf_counter() - start
    ids = np.unique(con.synapses["post_pt_root_id"].to_numpy()[:: max(len(con.synapses) // 500, 1)])
    asked = np.random.default_rng(0).permutation(ids)[:_ASKED].tolist()

    def in_duckdb(cell: int) -> int:
        query = f"SELECT * FROM '{table}' WHERE post_pt_root_id = {cell}"
        return len(duckdb.sql(query).df())

    def in_polars(cell: int) -> int:
        return pl.scan_parquet(table).filter(pl.col("post_pt_root_id") == cell).collect().height

    ways: dict[str, tuple[Callable[[int], int], int]] = {
        "inputs": (lambda cell: len(con.inputs(cell)), len(asked)),
        "duckdb_inputs": (in_duckdb, 3),
        "polars_inputs": (in_polars, 3),
    }
    expected = {cell: ways["inputs"][0](cell) for cell in asked}
    took = {"open": opened}
    for name, (way, number) in ways.items():
        seconds = []
        for cell in asked[:number]:
            start = time.perf_counter()
            found = way(cell)
            seconds.append(time.perf_counter() - start)
            if found != expected[cell]:
                raise RuntimeError(f"{name} finds {found} synapses, not {expected[cell]}")
        took[name] = median(seconds)
    outputs = []
    for cell in asked:
        start = time.perf_counter()
        con.outputs(cell)
        outputs.append(time.perf_counter() - start)
    took["outputs"] = median(outputs)
    start = time.perf_counter()
    con.matrix(ids[:2_000], ids)
    took["matrix"] = time.perf_counter() - start
    return took


_WORK: dict[str, Callable[[Path, int], Any]] = {
    "build": build,
    "duckdb_sort": duckdb_sort,
    "questions": questions,
}


def _in_new_process(name: str, folder: Path, memory: int) -> dict[str, Any]:
    """Run one piece of work in a process of its own: seconds, peak of its own memory."""
    command = [sys.executable, "-m", "benchmarks.scale", "--run", name, str(folder), str(memory)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name} failed:\n{done.stderr[-3000:]}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _run(name: str, folder: Path, memory: int) -> None:
    start = time.perf_counter()
    result = _WORK[name](folder, memory)
    seconds = time.perf_counter() - start
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    # Pages of mapped files count here, too, though they go when others need their room.
    peak = int(status["VmHWM"].split()[0]) * 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "result": result}))


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def measure(millions: float, memory: int, scratch: Path) -> dict[str, float]:
    """Make, build, open and ask one size."""
    n = int(millions * 1e6)
    folder = Path(tempfile.mkdtemp(prefix="microns-scale-", dir=scratch))
    try:
        if shutil.disk_usage(folder).free < n * _DISK:
            raise RuntimeError(f"{n:,} synapses take {n * _DISK / 1e9:.0f} GB of disk in {scratch}")
        make(folder / "synapses.parquet", n)
        built = _in_new_process("build", folder, memory)
        sort = _in_new_process("duckdb_sort", folder, memory)
        asked = _in_new_process("questions", folder, memory)
        return {
            "millions": millions,
            "parquet_bytes": (folder / "synapses.parquet").stat().st_size,
            "index_bytes": _size(folder / "whole" / FOLDER),
            "build_s": built["seconds"],
            "build_peak_bytes": built["peak"],
            "duckdb_sort_s": sort["seconds"],
            "duckdb_sort_peak_bytes": sort["peak"],
            **{f"{name}_s": seconds for name, seconds in asked["result"].items()},
        }
    finally:
        shutil.rmtree(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=float, nargs="+", help="millions of synapses")
    parser.add_argument("--memory", type=float, default=4, help="GB a build may take")
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--run", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        _run(given.run[0], Path(given.run[1]), int(given.run[2]))
        return
    largest = 337 if shutil.disk_usage(given.scratch).free > 337e6 * _DISK else 30
    for millions in given.sizes or sorted({1, 10, 30, largest}):
        found = measure(millions, int(given.memory * 1e9), given.scratch)
        print(
            json.dumps({name: float(f"{value:.4g}") for name, value in found.items()}), flush=True
        )


if __name__ == "__main__":
    main()
