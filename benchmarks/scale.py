"""The whole dataset: builds, opens and queries an index out of core, at increasing sizes.

``python -m benchmarks.scale --sizes 1 10 30`` takes sizes in millions of synapses. For
comparison, DuckDB sorts the same table, and DuckDB and Polars answer the same queries from
the same Parquet file. The results of each size are printed as JSON, and a table at the end.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

import microns_widgets as mw
from microns_widgets.scale.build import build_folder
from microns_widgets.synapses.files import FOLDER
from microns_widgets.tables.reading import SYNAPSE_COLUMNS

_BLOCK = 1_000_000
# Root ids (cells and fragments) per synapse. One synapse in five repeats a connection.
_CELLS_PER_SYNAPSE, _FIRST_ID = 1 / 8, 864_691_135_000_000_000
# Bytes of disk space per synapse: table, index and temporary files.
_DISK = 150
# Number of queries to the package and to its peers; shape of the matrix.
_N_QUERIES, _N_QUERIES_OF_PEERS = 50, 3
_MATRIX = 2_000, 70_000
_SIZES, _LARGE = (1, 10, 30), (100, 337)


def blocks(n: int) -> Iterator[pa.RecordBatch]:
    """Generate an unsorted table of n synapses, a million at a time."""
    cells = max(int(n * _CELLS_PER_SYNAPSE), 1_000)
    for first in range(0, n, _BLOCK):
        rng = np.random.default_rng(first)
        rows = min(_BLOCK, n - first)
        # Degrees span orders of magnitude, as in a table of cells and fragments.
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
    """Sort the table with DuckDB alone, to Parquet."""
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
    (folder / "sorted.parquet").unlink()


def questions(folder: Path, memory: int) -> dict[str, float]:
    """Measure opening, queries of one cell and a matrix with each tool; results must agree."""
    import duckdb
    import polars as pl

    table = folder / "synapses.parquet"
    mw.load(quiet=True)  # so that imports on first use are not measured
    start = time.perf_counter()
    con = mw.load(folder / "whole")
    seconds_of = {"open": time.perf_counter() - start}
    drawn = {}
    for side, size in zip(("pre", "post"), _MATRIX, strict=True):
        ids = con.synapses[f"{side}_pt_root_id"].to_numpy()
        drawn[side] = np.unique(ids[:: max(len(ids) // (2 * size), 1)])[:size]
    cells = np.random.default_rng(0).permutation(drawn["post"]).tolist()
    lazy = pl.scan_parquet(table)
    within = [pl.col(f"{side}_pt_root_id").is_in(ids.tolist()) for side, ids in drawn.items()]
    pairs = [f"{side}_pt_root_id" for side in drawn]

    def matrix_in_duckdb() -> int:
        with duckdb.connect() as connection:
            for side, ids in drawn.items():
                connection.register(side, pa.table({"id": ids}))
            return len(
                connection.sql(
                    f"SELECT pre_pt_root_id, post_pt_root_id, count(*) FROM '{table}' "
                    "WHERE pre_pt_root_id IN (FROM pre) AND post_pt_root_id IN (FROM post) "
                    "GROUP BY ALL"
                ).df()
            )

    def inputs_in_duckdb(cell: int) -> int:
        return len(duckdb.sql(f"SELECT * FROM '{table}' WHERE post_pt_root_id = {cell}").df())

    def inputs(cell: int) -> int:
        return len(con.inputs(cell))

    def outputs(cell: int) -> int:
        return len(con.outputs(cell))

    # First queries read from disk if the index does not fit into memory.
    queries: dict[str, tuple[Callable[..., int], list[Any]]] = {
        "first_inputs": (inputs, cells[:_N_QUERIES]),
        "inputs": (inputs, cells[:_N_QUERIES]),
        "duckdb_inputs": (inputs_in_duckdb, cells[:_N_QUERIES_OF_PEERS]),
        "polars_inputs": (
            lambda cell: lazy.filter(pl.col("post_pt_root_id") == cell).collect().height,
            cells[:_N_QUERIES_OF_PEERS],
        ),
        "first_outputs": (outputs, cells[:_N_QUERIES]),
        "outputs": (outputs, cells[:_N_QUERIES]),
        "matrix": (lambda: con.matrix(drawn["pre"], drawn["post"]).count.nnz, [None] * 3),
        "duckdb_matrix": (matrix_in_duckdb, [None]),
        "polars_matrix": (
            lambda: lazy.filter(*within).group_by(pairs).len().collect().height,
            [None],
        ),
    }
    answers: dict[str, list[int]] = {}
    for name, (query, arguments) in queries.items():
        seconds = []
        for argument in arguments:
            start = time.perf_counter()
            answers.setdefault(name, []).append(
                query(argument) if argument is not None else query()
            )
            seconds.append(time.perf_counter() - start)
        seconds_of[name] = median(seconds)
    for name, answer in answers.items():
        expected = answers[name.rpartition("_")[2]][: len(answer)]
        if answer != expected:
            raise RuntimeError(f"{name} returned {answer}, expected {expected}.")
    return seconds_of


def statistics(folder: Path, memory: int) -> None:
    mw.dataset_statistics(folder / "whole", progress=False)


_WORK: dict[str, Callable[[Path, int], Any]] = {
    "build": build,
    "duckdb_sort": duckdb_sort,
    "questions": questions,
    "statistics": statistics,
}


def _in_new_process(name: str, folder: Path, memory: int) -> dict[str, Any]:
    """Run one job in a separate process; return its seconds, peak memory and result."""
    command = [sys.executable, "-m", "benchmarks.scale", "--run", name, str(folder), str(memory)]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    if process.returncode:
        raise RuntimeError(f"{name} failed:\n{process.stderr[-3000:]}")
    result: dict[str, Any] = json.loads(process.stdout.splitlines()[-1])
    return result


def _run(name: str, folder: Path, memory: int) -> None:
    start = time.perf_counter()
    result = _WORK[name](folder, memory)
    seconds = time.perf_counter() - start
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    # This includes pages of mapped files, although the system can reclaim them at any time.
    peak = int(status["VmHWM"].split()[0]) * 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "result": result}))


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def measure(millions: float, memory: int, scratch: Path) -> dict[str, float]:
    """Generate a table of one size; build, open and query its index."""
    n = int(millions * 1e6)
    folder = Path(tempfile.mkdtemp(prefix="microns-scale-", dir=scratch))
    try:
        if shutil.disk_usage(folder).free < n * _DISK:
            raise RuntimeError(
                f"{n:,} synapses need {n * _DISK / 1e9:.0f} GB of disk space in {scratch}."
            )
        make(folder / "synapses.parquet", n)
        sort = _in_new_process("duckdb_sort", folder, memory)
        built = _in_new_process("build", folder, memory)
        answers = _in_new_process("questions", folder, memory)
        counted = _in_new_process("statistics", folder, memory)
        return {
            "millions": millions,
            "parquet_bytes": (folder / "synapses.parquet").stat().st_size,
            "index_bytes": _size(folder / "whole" / FOLDER),
            "build_s": built["seconds"],
            "build_peak_bytes": built["peak"],
            "duckdb_sort_s": sort["seconds"],
            "duckdb_sort_peak_bytes": sort["peak"],
            **{f"{name}_s": seconds for name, seconds in answers["result"].items()},
            "statistics_s": counted["seconds"],
            "statistics_peak_bytes": counted["peak"],
        }
    finally:
        shutil.rmtree(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=float, nargs="+", help="millions of synapses")
    parser.add_argument("--memory", type=float, default=4, help="memory limit of a build in GB")
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--run", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        _run(options.run[0], Path(options.run[1]), int(options.run[2]))
        return
    fits = shutil.disk_usage(options.scratch).free > _LARGE[-1] * 1e6 * _DISK
    measured = []
    for millions in options.sizes or _SIZES + (_LARGE if fits else ()):
        measured.append(measure(millions, int(options.memory * 1e9), options.scratch))
        rounded = {name: float(f"{value:.4g}") for name, value in measured[-1].items()}
        print(json.dumps(rounded), flush=True)
    Console(width=max(80, 30 + 12 * len(measured))).print(table(measured))


def table(measured: list[dict[str, float]]) -> Table:
    """Format all sizes as a table, with the growth of the times and of n log n."""
    grid = Table(title="The whole dataset, by millions of synapses")
    grid.add_column("", no_wrap=True)
    for one in measured:
        grid.add_column(f"{one['millions']:g}", justify="right")
    for name in measured[0]:
        if name != "millions":
            grid.add_row(name, *(_number_text(name, one[name]) for one in measured))
    ratios = [one["build_s"] / one["duckdb_sort_s"] for one in measured]
    grid.add_row("build / DuckDB's sort", *(f"{ratio:.2f}" for ratio in ratios))
    pairs = list(pairwise(measured))
    growing: dict[str, Callable[[dict[str, float]], float]] = {
        "growth of build": lambda one: one["build_s"],
        "growth of DuckDB's sort": lambda one: one["duckdb_sort_s"],
        "growth of n log n": lambda one: one["millions"] * math.log(one["millions"] * 1e6),
    }
    for name, measure_of in growing.items():
        growth = (measure_of(after) / measure_of(before) for before, after in pairs)
        grid.add_row(name, "", *(f"{ratio:.2f}" for ratio in growth))
    return grid


def _number_text(name: str, value: float) -> str:
    if name.endswith("_bytes"):
        return f"{value / 1e6:,.0f} MB"
    return f"{value * 1e3:.3g} ms" if value < 0.5 else f"{value:.3g} s"


if __name__ == "__main__":
    main()
