"""Builds the index of a synapse table of any size in a folder, within a memory limit."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from microns_widgets._files import expanded, explained_writes, whole_file
from microns_widgets.errors import (
    IndexDamaged,
    IndexExists,
    InvalidArgument,
    InvalidType,
    TableError,
    WriteError,
)
from microns_widgets.scale import merging, sealing, sorting, splitting
from microns_widgets.scale.csv_tables import convert
from microns_widgets.scale.database import database
from microns_widgets.scale.inputs import Resolution, Source, find_sources
from microns_widgets.scale.job import Chunk, Job
from microns_widgets.scale.ledger import Ledger, only_one
from microns_widgets.scale.progress import Progress
from microns_widgets.scale.runners import Cluster, Runner, Task, runner_for
from microns_widgets.scale.segments import lay_out_file
from microns_widgets.synapses.files import (
    COLUMNS,
    FOLDER,
    LAYOUT,
    load_index,
    read_manifest,
    write_manifest,
)
from microns_widgets.tables.files import arrow_name, version_of
from microns_widgets.tables.reading import read_cells

# Bytes of disk space per synapse while an index is built.
_DISK = 115
# Name of the files that hold the number of source bytes read so far, and how many bytes are read
# between two updates of such a file.
_READ, _READ_STEP = ".read", 1 << 22
_ADVICE = "Free some space and run the same command again: it continues where it stopped."


def build_folder(
    source: str | PathLike[str],
    out: str | PathLike[str],
    *,
    memory: int | None = None,
    renamed: Mapping[str, str] | None = None,
    resolution: Sequence[float] | None = None,
    cells: str | PathLike[str] | None = None,
    dask: str | Any | None = None,
    verify: bool = False,
    progress: bool = True,
) -> Path:
    """Build the index of a synapse table of any size, so that ``load(out)`` opens it.

    If the build is interrupted, the same call continues where it stopped. The index appears
    in `out` once it is complete; an existing one is kept, unless it is damaged.

    Parameters
    ----------
    source : path
        A feather, Parquet or CSV file (possibly gzip), or a folder of such files.
    out : path
        The folder; created if it does not exist. A build needs about 115 bytes of disk space
        per synapse.
    memory : int, optional
        Bytes of memory that this process may use, 512 MB or more. Default: half of the free
        memory. With `dask`, the limit of each task.
    renamed : mapping of str to str, optional
        Columns that have other names in the files: our name -> name in the files.
    resolution : sequence of float, optional
        Voxel size in nm, such as (4, 4, 40), if positions are in voxels.
    cells : path, optional
        A cell table to copy into the folder.
    dask : str or distributed.Client, optional
        Address of a Dask scheduler, ``"local"``, or a client. `source` and `out` must have the
        same paths on all workers.
    verify : bool
        Whether to compare every byte of an existing index with its checksum. By default, only
        files that were modified since are compared.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    pathlib.Path
        The folder of the index in `out`.

    Raises
    ------
    TableError
        If the input is invalid; the message says where.
    InvalidArgument, InvalidType, UnknownColumn
        If `memory`, `resolution` or `renamed` has an impossible value.
    IndexExists
        If `out` holds the index of another table, or another process is building one there.
    WriteError
        If the folder cannot be written, for example because the disk is full.
    MissingLibrary
        If DuckDB or Dask is not installed.
    ClusterError
        If the Dask cluster cannot be used.
    """
    database().close()  # a missing DuckDB is reported now, not after an hour of reading
    edges = None if resolution is None else _voxel_size(resolution)
    if memory is not None and not isinstance(memory, int | float):
        raise InvalidType(
            f"memory is {memory!r}. Expected bytes as a number, such as 8_000_000_000."
        )
    table, folder = expanded(source).absolute(), expanded(out).absolute()
    arrow_name(folder)  # Arrow writes and reads every file in it
    sources = find_sources(table, renamed or {}, edges)
    home, work = folder / FOLDER, folder / f".{FOLDER}-work"
    with explained_writes(folder, _ADVICE):
        folder.mkdir(parents=True, exist_ok=True)
        if cells is not None:
            _copy_cells(expanded(cells), folder)
        with only_one(folder / f".{FOLDER}-lock"):
            key = _key(sources)
            if _in_place(home, key, verify):
                return home
            with runner_for(dask, memory) as runner:
                job = Job(str(work), tuple(sources), runner.budget)
                ledger = Ledger(work, job.fingerprint, runner.budget, any_budget=memory is None)
                job = replace(job, budget=ledger.budget)
                if isinstance(runner, Cluster):
                    runner.check_shared(work)
                files, n = _Build(job, ledger, runner, progress=progress).run()
            content = {
                "layout": LAYOUT,
                "synapses": n,
                "version": version_of(table),
                "input": key,
                "files": files,
            }
            write_manifest(work / "index", content)
            load_index(work / "index", verify=verify)
            shutil.rmtree(home, ignore_errors=True)  # a damaged one, or one with an old layout
            (work / "index").rename(home)
            shutil.rmtree(work, ignore_errors=True)
    return home


class _Build:
    """The stages of one build, in order."""

    def __init__(self, job: Job, ledger: Ledger, runner: Runner, *, progress: bool) -> None:
        self._job, self._ledger, self._runner = job, ledger, runner
        self._texts = [i for i, source in enumerate(job.sources) if source.kind == "csv"]
        self._progress = Progress(csv=bool(self._texts), visible=progress)

    def run(self) -> tuple[dict[str, Any], int]:
        """Run the remaining tasks; return the state of the files and the number of synapses."""
        with closing(self._progress):
            chunks = self._read()
            buckets = self._sort(chunks)
            self._merge(buckets)
            files = list(COLUMNS)
            sealed = self._stage("seal", sealing.seal, files, [1] * len(files))
        return dict(zip(files, sealed, strict=True)), sum(bucket.rows for bucket in buckets)

    def _read(self) -> list[Chunk]:
        """Convert CSV files to Arrow, which can be read in pieces, and sample all files."""
        sizes = [Path(self._job.sources[i].path).stat().st_size for i in self._texts]
        self._stage(
            "convert", _convert, self._texts, sizes, partial=lambda: _read_so_far(self._job)
        )
        sources = list(self._job.sources)
        for i in self._texts:
            (sources[i],) = find_sources(_converted(self._job, i), {})
        self._job = replace(self._job, sources=tuple(sources))
        chunks = self._job.chunks()
        self._stage("count", splitting.count_and_sample, chunks, [chunk.rows for chunk in chunks])
        return chunks

    def _sort(self, chunks: list[Chunk]) -> list[sorting.Bucket]:
        """Sort all synapses, bucket by bucket."""
        job = self._job
        n = sum(one["rows"] for one in self._ledger.results("count").values())
        if n == 0:
            raise TableError("The input has no synapses. Expected a table with at least one row.")
        if not self._ledger.results("plan"):
            self._check_disk(n)
            splitting.choose_bounds(job, chunks, n)
            for name in ("synapses.arrow", "row_checks.arrow"):
                lay_out_file(sorting.index_folder(job) / name, COLUMNS[name], n)
            self._ledger.note("plan", 0, {})
        counts = self._stage("split", splitting.split, chunks, [chunk.rows for chunk in chunks])
        rows = np.sum([one["rows"] for one in counts], axis=0, dtype=np.int64).reshape(-1)
        firsts = np.cumsum(rows) - rows
        buckets = [
            sorting.Bucket(number, int(firsts[number]), int(rows[number]))
            for number in range(len(rows))
        ]
        largest = max((bucket.rows for bucket in buckets), default=0)
        if largest > job.most_rows:
            raise TableError(
                f"{largest:,} synapses have almost the same pair of root ids, more than can be "
                f"sorted in {job.budget / 1e6:,.0f} MB. Set a larger memory limit, or remove "
                "the synapses of root id 0 from the table."
            )
        self._stage("sort", sorting.sort, buckets, [bucket.rows for bucket in buckets])
        shares = sealing.shares(job, int(rows.sum()))
        self._stage("distinct", sealing.check_distinct, shares, [1] * len(shares))
        # The runs are no longer needed; later stages need the disk space.
        for path in (job.folder / "runs").glob("*.arrow"):
            path.unlink()
        return buckets

    def _merge(self, buckets: list[sorting.Bucket]) -> None:
        """Lay out the outputs of each cell, and the files that cover all cells of a side."""
        job, n = self._job, sum(bucket.rows for bucket in buckets)
        if not self._ledger.results("sides"):
            merging.assemble_post(job, buckets)
            pairs = sum(one["connections"] for one in self._ledger.results("sort").values())
            merging.lay_out_pre(job, n, pairs)
            self._ledger.note("sides", 0, {})
        ranges = merging.ranges(job, buckets)
        self._stage("merge", merging.merge, ranges, [one.rows for one in ranges])
        merging.assemble_pre(job, len(ranges))
        self._stage("link", merging.link, buckets, [bucket.rows for bucket in buckets])

    def _stage(
        self,
        stage: str,
        task: Task,
        items: Sequence[Any],
        sizes: Sequence[int],
        partial: Callable[[], int] = lambda: 0,
    ) -> list[dict[str, Any]]:
        """Run the remaining tasks of a stage; return the results of all its tasks in order."""
        results = self._ledger.results(stage)
        waiting = {i: item for i, item in enumerate(items) if i not in results}
        with self._progress.stage(stage, sum(sizes), partial) as advance:
            advance(sum(sizes[i] for i in results))
            for number, result in self._runner.run(task, self._job, waiting):
                self._ledger.note(stage, number, result)
                results[number] = result
                advance(sizes[number])
        return [results[number] for number in range(len(items))]

    def _check_disk(self, n: int) -> None:
        required, free = n * _DISK, shutil.disk_usage(self._job.folder).free
        if required > free:
            raise WriteError(
                f"Building an index of {n:,} synapses needs {required / 1e9:.1f} GB in "
                f"{self._job.folder}, but only {free / 1e9:.1f} GB are free. Free some space, or "
                "choose another folder."
            )


def _convert(job: Job, number: int) -> dict[str, Any]:
    """Convert one CSV file to an Arrow file."""
    target = _converted(job, number)
    read, written = target.with_suffix(_READ), 0

    def report(n: int) -> None:
        nonlocal written
        if n - written >= _READ_STEP:
            read.write_text(str(n))
            written = n

    with whole_file(target) as temporary:
        convert(job.sources[number], temporary, job.block_rows, report)
    read.unlink(missing_ok=True)
    return {}


def _read_so_far(job: Job) -> int:
    """Return the bytes read so far of CSV files that are being converted."""
    total = 0
    for path in (job.folder / "converted").glob(f"*{_READ}"):
        with suppress(OSError, ValueError):  # being written, or already removed
            total += int(path.read_text())
    return total


def _converted(job: Job, number: int) -> Path:
    return job.folder / "converted" / f"{number}.arrow"


def _voxel_size(resolution: Sequence[float]) -> Resolution:
    try:
        x, y, z = map(float, resolution)
    except (TypeError, ValueError):
        x = y = z = 0.0
    if not min(x, y, z) > 0:
        raise InvalidArgument(
            f"The resolution is {resolution!r}. Expected three lengths in nm, such as (4, 4, 40)."
        )
    return x, y, z


def _key(sources: Sequence[Source]) -> str:
    """Return a key that identifies the input: names, sizes, times of change, and how it is read."""
    states = [(Path(one.path).name, one, Path(one.path).stat()) for one in sources]
    parts = [
        [name, dict(one.names), one.resolution, one.header, state.st_size, state.st_mtime_ns]
        for name, one, state in states
    ]
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()


def _in_place(home: Path, key: str, verify: bool) -> bool:
    """Return whether this index already exists; raise `IndexExists` if it is of another table."""
    try:
        manifest = read_manifest(home)
        load_index(home, verify=verify or "changed")
    except IndexDamaged:  # or missing: it is to be built
        return False
    if manifest.get("input") == key:
        return True
    raise IndexExists(
        f"{home.parent} holds the index of another table. Choose another folder, or delete "
        f"{home.name} in it."
    )


def _copy_cells(table: Path, folder: Path) -> None:
    read_cells(table)
    name = table.name if table.name.startswith("cell_info") else f"cell_info{table.suffix}"
    target = folder / name
    if target.exists() and target.samefile(table):
        return
    with whole_file(target) as temporary:
        shutil.copyfile(table, temporary)
