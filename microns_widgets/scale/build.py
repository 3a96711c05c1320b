"""Build the index of a synapse table of any size in a folder, within a limit of memory."""

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

from microns_widgets._files import explained_writes, whole_file
from microns_widgets.errors import IndexDamaged, IndexExists, TableError, WriteError
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
from microns_widgets.tables.files import version_of
from microns_widgets.tables.reading import SYNAPSE_COLUMNS, read_cells

# Bytes on the disk for each synapse while an index is built.
_DISK = 110
# Beside a file that is being converted: how many bytes of its source were read, so often.
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

    An interrupted build goes on where it stopped when it is called again in the same way.
    The index appears in `out` when it is whole; one that is there is left, unless it is damaged.

    Parameters
    ----------
    source : path
        A feather, Parquet or CSV file (possibly gzip), or a folder of such files.
    out : path
        The folder; made if it is not there. It takes three times the size of the index
        while it is built (about 110 bytes for each synapse).
    memory : int, optional
        Bytes of memory that this process may take, 512 MB or more; half of what is free
        without it. With `dask`, what each task may take.
    renamed : mapping of str to str, optional
        Columns that have other names in the files: theirs by ours.
    resolution : sequence of float, optional
        Size of a voxel in nm, such as (4, 4, 40), where positions are in voxels.
    cells : path, optional
        A cell table to put into the folder, too.
    dask : str or distributed.Client, optional
        Address of a Dask scheduler, or ``"local"``, or a client. Its workers must see
        `source` and `out` by the same paths.
    verify : bool
        Whether every byte of the index is compared with its checksum; without it those of
        files that were changed later.
    progress : bool
        Whether a bar shows how far the work is.

    Returns
    -------
    pathlib.Path
        The folder of the index within `out`.

    Raises
    ------
    TableError
        If something is wrong with the input; the message says where.
    IndexExists
        If `out` holds the index of another table, or is being worked on.
    WriteError
        If it cannot be written, for instance since the disk is full, or DuckDB is missing.
    ClusterError
        If the Dask cluster cannot be used.
    """
    database().close()  # rather than after an hour of reading
    edges = None if resolution is None else _three(resolution)
    given, folder = Path(source).absolute(), Path(out).absolute()
    sources = find_sources(given, renamed or {}, edges)
    home, work = folder / FOLDER, folder / f".{FOLDER}-work"
    with explained_writes(folder, _ADVICE):
        folder.mkdir(parents=True, exist_ok=True)
        if cells is not None:
            _take_cells(Path(cells), folder)
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
                "version": version_of(given),
                "input": key,
                "files": files,
            }
            write_manifest(work / "index", content)
            load_index(work / "index", verify=verify)
            shutil.rmtree(home, ignore_errors=True)  # at most a damaged one, or an old layout
            (work / "index").rename(home)
            shutil.rmtree(work, ignore_errors=True)
    return home


class _Build:
    """The stages of one build in their order."""

    def __init__(self, job: Job, ledger: Ledger, runner: Runner, *, progress: bool) -> None:
        self._job, self._ledger, self._runner = job, ledger, runner
        self._texts = [i for i, source in enumerate(job.sources) if source.kind == "csv"]
        self._progress = Progress(csv=bool(self._texts), shown=progress)

    def run(self) -> tuple[dict[str, Any], int]:
        """Run what is not done yet; return the state of the files and the number of synapses."""
        with closing(self._progress):
            chunks = self._read()
            buckets = self._sort(chunks)
            self._merge(buckets)
            files = list(COLUMNS)
            sealed = self._stage("seal", sealing.seal, files, [1] * len(files))
        return dict(zip(files, sealed, strict=True)), sum(bucket.rows for bucket in buckets)

    def _read(self) -> list[Chunk]:
        """Turn CSV into something that can be read in pieces, and sample everything."""
        sizes = [Path(self._job.sources[i].path).stat().st_size for i in self._texts]
        self._stage("convert", _convert, self._texts, sizes, begun=lambda: _read_so_far(self._job))
        sources = list(self._job.sources)
        for i in self._texts:
            (sources[i],) = find_sources(_converted(self._job, i), {})
        self._job = replace(self._job, sources=tuple(sources))
        chunks = self._job.chunks()
        self._stage("survey", splitting.survey, chunks, [chunk.rows for chunk in chunks])
        return chunks

    def _sort(self, chunks: list[Chunk]) -> list[sorting.Bucket]:
        """Put all synapses into their order, one bucket after the other."""
        job = self._job
        n = sum(one["rows"] for one in self._ledger.results("survey").values())
        if n == 0:
            raise TableError("The input has no synapses, expected one or more.")
        if not self._ledger.results("plan"):
            self._check_disk(n)
            splitting.choose_bounds(job, chunks, n)
            lay_out_file(sorting.index_folder(job) / "synapses.arrow", SYNAPSE_COLUMNS, n)
            self._ledger.note("plan", 0, {})
        told = self._stage("split", splitting.split, chunks, [chunk.rows for chunk in chunks])
        rows = np.sum([one["rows"] for one in told], axis=0, dtype=np.int64).reshape(-1)
        firsts = np.cumsum(rows) - rows
        buckets = [
            sorting.Bucket(number, int(firsts[number]), int(rows[number]))
            for number in range(len(rows))
        ]
        largest = max((bucket.rows for bucket in buckets), default=0)
        if largest > job.most_rows:
            raise TableError(
                f"{largest:,} synapses of one connection or nearly so, more than can be sorted in "
                f"{job.budget / 1e6:,.0f} MB. Give more memory, or leave out the synapses of root "
                "id 0."
            )
        self._stage("sort", sorting.sort, buckets, [bucket.rows for bucket in buckets])
        shares = sealing.shares(job, int(rows.sum()))
        self._stage("distinct", sealing.check_distinct, shares, [1] * len(shares))
        # The runs have served: what follows needs their room.
        for path in (job.folder / "runs").glob("*.arrow"):
            path.unlink()
        return buckets

    def _merge(self, buckets: list[sorting.Bucket]) -> None:
        """Lay out the outputs of each cell, and what belongs to all cells of a side."""
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
        begun: Callable[[], int] = lambda: 0,
    ) -> list[dict[str, Any]]:
        """Run the tasks of a stage that are not done; return the results of all in order."""
        results = self._ledger.results(stage)
        waiting = {i: item for i, item in enumerate(items) if i not in results}
        with self._progress.stage(stage, sum(sizes), begun) as advance:
            advance(sum(sizes[i] for i in results))
            for number, result in self._runner.run(task, self._job, waiting):
                self._ledger.note(stage, number, result)
                results[number] = result
                advance(sizes[number])
        return [results[number] for number in range(len(items))]

    def _check_disk(self, n: int) -> None:
        needed, free = n * _DISK, shutil.disk_usage(self._job.folder).free
        if needed > free:
            raise WriteError(
                f"An index of {n:,} synapses takes {needed / 1e9:.1f} GB in {self._job.folder} "
                f"while it is built, and {free / 1e9:.1f} GB are free. Free some space, or name "
                "another folder."
            )


def _convert(job: Job, number: int) -> dict[str, Any]:
    """Turn one CSV file into an Arrow file."""
    target = _converted(job, number)
    read, written = target.with_suffix(_READ), 0

    def told(n: int) -> None:
        nonlocal written
        if n - written >= _READ_STEP:
            read.write_text(str(n))
            written = n

    with whole_file(target) as temporary:
        convert(job.sources[number], temporary, job.block_rows, told)
    read.unlink(missing_ok=True)
    return {}


def _read_so_far(job: Job) -> int:
    """Bytes that were read of CSV files that are being converted."""
    total = 0
    for path in (job.folder / "converted").glob(f"*{_READ}"):
        with suppress(OSError, ValueError):  # it is being written, or gone
            total += int(path.read_text())
    return total


def _converted(job: Job, number: int) -> Path:
    return job.folder / "converted" / f"{number}.arrow"


def _three(resolution: Sequence[float]) -> Resolution:
    if len(resolution) != 3 or not all(edge > 0 for edge in resolution):
        raise TableError(
            f"The resolution is {tuple(resolution)}, expected three lengths in nm, such as 4,4,40."
        )
    x, y, z = map(float, resolution)
    return x, y, z


def _key(sources: Sequence[Source]) -> str:
    """Tell one input from another: names, lengths and times of change, and how it is read."""
    states = [(Path(one.path).name, one, Path(one.path).stat()) for one in sources]
    seen = [
        [name, dict(one.names), one.resolution, one.header, state.st_size, state.st_mtime_ns]
        for name, one, state in states
    ]
    return hashlib.blake2b(json.dumps(seen).encode(), digest_size=16).hexdigest()


def _in_place(home: Path, key: str, verify: bool) -> bool:
    """Whether this very index is there; `IndexExists` if it is another one."""
    try:
        found = read_manifest(home)
        load_index(home, verify=verify or "changed")
    except IndexDamaged:  # or none at all: to be built
        return False
    if found.get("input") == key:
        return True
    raise IndexExists(
        f"{home.parent} holds the index of another table. Name another folder, or delete "
        f"{home.name} there."
    )


def _take_cells(table: Path, folder: Path) -> None:
    read_cells(table)
    known = table.name if table.name.startswith("cell_info") else f"cell_info{table.suffix}"
    target = folder / known
    if target.exists() and target.samefile(table):
        return
    with whole_file(target) as temporary:
        shutil.copyfile(table, temporary)
