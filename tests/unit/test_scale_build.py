"""An index built out of core is the one built in memory, whatever the input's form."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from long_cases import every_third
from small_world import cell_frame, random_synapses

import microns_widgets as mw
from microns_widgets.errors import IndexExists, TableError
from microns_widgets.scale import build as building
from microns_widgets.scale.build import build_folder
from microns_widgets.scale.export import write_connections
from microns_widgets.synapses.files import (
    COLUMNS,
    FOLDER,
    connection_parts,
    load_index,
    map_arrays,
    side_parts,
)
from microns_widgets.synapses.index import build_index
from microns_widgets.tables.reading import SYNAPSE_COLUMNS, read_synapse_table, write_feather

pytestmark = pytest.mark.slow

pytest.importorskip("duckdb", reason="needs the extra 'scale'")

LEAST = 512_000_000
IDS = 864691135000000000 + 7 * np.arange(3_000)


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """Enough synapses that the least memory makes several buckets; some have root id 0."""
    rng = np.random.default_rng(7)
    return random_synapses(300_000, np.append(IDS, 0), rng).sample(frac=1, random_state=1)


@pytest.fixture(scope="module")
def table(frame, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("table") / "synapses.feather"
    write_feather(frame, path)
    return path


@pytest.fixture(scope="module")
def whole(table, tmp_path_factory) -> Path:
    """The index of the table, built without interruption."""
    return build(table, tmp_path_factory.mktemp("whole"))


def build(source: Path, out: Path, **options) -> Path:
    return build_folder(source, out, memory=LEAST, progress=False, **options)


def content(home: Path) -> dict[str, bytes]:
    return {name: (home / name).read_bytes() for name in COLUMNS}


def assert_holds(home: Path, frame: pd.DataFrame) -> None:
    """The index in a folder is the one built in memory, array by array."""
    # In a folder, synapses that are equal otherwise are sorted by id.
    index = build_index(read_synapse_table(frame.sort_values("id", ignore_index=True)))
    expected = {"synapses.arrow": {name: index.columns[name] for name in SYNAPSE_COLUMNS}}
    for name, arrays in (
        expected | side_parts(index) | connection_parts(index.connections)
    ).items():
        actual = map_arrays(home / name)
        assert list(actual) == list(arrays)
        for column, values in arrays.items():
            assert actual[column].dtype == values.dtype, (name, column)
            np.testing.assert_array_equal(actual[column], values, f"{name}: {column}")


def test_it_is_the_index_built_in_memory(whole, frame):
    assert_holds(whole, frame)
    load_index(whole, verify=True)


def test_little_memory_spills_to_the_disk(table, frame, tmp_path, monkeypatch):
    spilled = []
    sort = building.sorting.sort

    def watched(job, bucket):
        runs = list((job.folder / "runs").iterdir())
        spilled.append((bucket.rows, sum(path.stat().st_size for path in runs)))
        return sort(job, bucket)

    monkeypatch.setattr(building.sorting, "sort", watched)
    build(table, tmp_path)
    assert len(spilled) > 3
    assert max(rows for rows, _ in spilled) < len(frame) / 2
    assert {size > 36 * len(frame) for _, size in spilled} == {True}, "all rows are on the disk"


def test_the_same_bytes_come_from_another_limit_of_memory(whole, table, tmp_path):
    home = build_folder(table, tmp_path, memory=8 * LEAST, progress=False)
    assert content(home) == content(whole)


def parquet(frame: pd.DataFrame, folder: Path) -> Path:
    path = folder / "synapses.parquet"
    frame.to_parquet(path, row_group_size=20_000)
    return path


def partitioned(frame: pd.DataFrame, folder: Path) -> Path:
    parts = folder / "parts"
    for part in range(3):
        (parts / f"part={part}").mkdir(parents=True)
        frame.iloc[part::3].to_parquet(parts / f"part={part}" / "0.parquet")
    return parts


def csv(frame: pd.DataFrame, folder: Path) -> Path:
    path = folder / "synapses.csv"
    frame.to_csv(path, index=False)
    return path


def packed_csv(frame: pd.DataFrame, folder: Path) -> Path:
    path = folder / "synapses.csv.gz"
    frame.to_csv(path, index=False)
    return path


def cave_export(frame: pd.DataFrame, folder: Path) -> Path:
    """As CAVE's bulk export gives it: no row of names, but a file of them beside it, and gzip."""
    columns = [
        "id",
        *(f"{side}_pt_position_{axis}" for side in ("pre", "ctr", "post") for axis in "xyz"),
        "size",
        *("pre_pt_supervoxel_id", "pre_pt_root_id", "post_pt_supervoxel_id", "post_pt_root_id"),
    ]
    path = folder / "synapses_pni_2_v1_filtered_view.csv.gz"
    frame.reindex(columns=columns, fill_value=1).to_csv(path, index=False, header=False)
    types = [f"{name},{'bigint' if name.endswith('id') else 'integer'}\n" for name in columns]
    (folder / "synapses_pni_2_v1_filtered_view_header.csv").write_text("".join(types))
    return path


def cave_export_folder(frame: pd.DataFrame, folder: Path) -> Path:
    return cave_export(frame, folder).parent


def other_schemas(frame: pd.DataFrame, folder: Path) -> Path:
    """Files with other types, another order of columns, other names, and one more column."""
    mixed = folder / "mixed"
    mixed.mkdir()
    first, second, third = (frame.iloc[part::3] for part in range(3))
    first.astype({"id": "int64", "size": "float64"}).to_parquet(mixed / "a.parquet")
    second[second.columns[::-1]].assign(valid=True).to_feather(mixed / "b.feather")
    names = {"id": "synapse_id", "size": "cleft_size", "pre_pt_root_id": "pre_root_id"}
    third.rename(columns=names).to_csv(mixed / "c.csv", index=False)
    return mixed


FORMS = [
    parquet,
    partitioned,
    csv,
    packed_csv,
    cave_export,
    cave_export_folder,
    other_schemas,
]


@pytest.mark.parametrize("written", every_third(FORMS))
def test_every_form_of_the_table_gives_the_same_bytes(written, whole, frame, tmp_path):
    plain = frame.reset_index(drop=True)
    home = build(written(plain, tmp_path), tmp_path / "out")
    assert content(home) == content(whole)


def test_voxels_become_nm_and_columns_their_own_names(frame, tmp_path):
    few = frame.head(5_000)
    expected = few.copy()
    for axis, edge in zip("xyz", (4, 4, 40), strict=True):
        few = few.assign(**{f"ctr_pt_position_{axis}": few[f"ctr_pt_position_{axis}"] // 40})
        expected[f"ctr_pt_position_{axis}"] = few[f"ctr_pt_position_{axis}"] * edge
    few.rename(columns={"size": "area"}).to_csv(tmp_path / "table.csv", index=False)
    home = build(
        tmp_path / "table.csv", tmp_path / "out", renamed={"size": "area"}, resolution=(4, 4, 40)
    )
    assert_holds(home, expected)


def test_an_export_without_its_header_file_names_what_is_missing(frame, tmp_path):
    path = cave_export(frame.head(10), tmp_path)
    (tmp_path / "synapses_pni_2_v1_filtered_view_header.csv").unlink()
    with pytest.raises(TableError, match=r"Expected column names.* put its header file"):
        build(path, tmp_path / "out")


def test_a_table_without_rows_is_refused(frame, tmp_path):
    write_feather(frame.head(0), tmp_path / "synapses.feather")
    with pytest.raises(TableError, match="no synapses"):
        build(tmp_path / "synapses.feather", tmp_path / "out")


STAGES = ("count", "plan", "split", "sort", "distinct", "sides", "merge", "link", "seal")
# Ends the process, as a power cut would, when a stage has noted its first task.
KILLED = """
import os, signal, sys
from pathlib import Path
from microns_widgets.scale.build import build_folder
from microns_widgets.scale.ledger import Ledger
source, out, last = sys.argv[1:]
note = Ledger.note
def note_and_die(ledger, stage, number, result):
    note(ledger, stage, number, result)
    if stage == last:
        os.kill(os.getpid(), signal.SIGKILL)
Ledger.note = note_and_die
build_folder(source, out, memory=512_000_000, progress=False)
"""


def python(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("stage", every_third(STAGES))
def test_a_build_killed_at_any_stage_goes_on_and_ends_the_same(stage, whole, table, tmp_path):
    assert python(KILLED, table, tmp_path, stage).returncode == -signal.SIGKILL
    assert not (tmp_path / FOLDER).exists(), "no partial index is in place"
    done = len(list((tmp_path / f".{FOLDER}-work" / "done").iterdir()))
    assert done > 0
    home = build(table, tmp_path)
    assert content(home) == content(whole)
    assert [path.name for path in tmp_path.iterdir()] == [FOLDER], "nothing is left over"


def test_a_build_killed_while_it_reads_csv_goes_on_and_ends_the_same(whole, frame, tmp_path):
    texts, out = tmp_path / "texts", tmp_path / "out"
    texts.mkdir()
    for part in range(2):
        frame.iloc[part::2].to_csv(texts / f"{part}.csv", index=False)
    assert python(KILLED, texts, out, "convert").returncode == -signal.SIGKILL
    assert len(list((out / f".{FOLDER}-work" / "done").iterdir())) == 1
    assert content(build(texts, out)) == content(whole)


def test_what_was_done_is_not_done_again(table, tmp_path, monkeypatch):
    python(KILLED, table, tmp_path, "distinct")
    for stage, function in (("splitting", "split"), ("sorting", "sort")):
        monkeypatch.setattr(getattr(building, stage), function, _never)
    build(table, tmp_path)


def _never(*_: object) -> dict[str, int]:
    raise AssertionError("done already")


def test_an_id_in_two_files_is_named(frame, tmp_path):
    (tmp_path / "parts").mkdir()
    frame.head(1_000).to_parquet(tmp_path / "parts" / "a.parquet")
    frame.iloc[999:2_000].to_parquet(tmp_path / "parts" / "b.parquet")
    twice = frame["id"].iloc[999]
    with pytest.raises(
        TableError, match=rf"synapse id {twice} occurs more than once .* \(at least 1 dup"
    ):
        build(tmp_path / "parts", tmp_path / "out")
    assert not (tmp_path / "out" / FOLDER).exists()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda one: one.drop(columns="size"), "b.parquet: column 'size' is missing"),
        (lambda one: one.assign(size=-1), "b.parquet, from row 0 .* negative"),
        (lambda one: one.assign(pre_pt_root_id="x"), "b.parquet.* 'pre_pt_root_id'"),
    ],
)
def test_an_error_in_one_of_many_files_names_the_file(
    spoil: Callable[[pd.DataFrame], pd.DataFrame], message, frame, tmp_path
):
    (tmp_path / "parts").mkdir()
    frame.head(1_000).to_parquet(tmp_path / "parts" / "a.parquet")
    spoil(frame.iloc[1_000:2_000]).to_parquet(tmp_path / "parts" / "b.parquet")
    with pytest.raises(TableError, match=message):
        build(tmp_path / "parts", tmp_path / "out")


def test_another_tables_index_is_not_overwritten(table, frame, tmp_path):
    build(table, tmp_path)
    write_feather(frame.head(10), tmp_path / "other.feather")
    with pytest.raises(IndexExists, match="another table"):
        build(tmp_path / "other.feather", tmp_path)


def test_a_folder_with_it_opens_as_a_connectome_and_answers_alike(whole, frame):
    large = mw.load(whole.parent)
    ordered = frame.sort_values("id", ignore_index=True)
    small = mw.Connectome(large.cells, ordered)
    cell = int(IDS[5])
    pd.testing.assert_frame_equal(large.inputs(cell), small.inputs(cell))
    pd.testing.assert_frame_equal(large.outputs(cell), small.outputs(cell))
    pd.testing.assert_frame_equal(large.partners(cell), small.partners(cell))
    pd.testing.assert_frame_equal(large.degrees(), small.degrees())
    pd.testing.assert_frame_equal(
        large.between(IDS[:50], IDS[40:90]), small.between(IDS[:50], IDS[40:90])
    )
    pairs = large.matrix(IDS[:500], IDS), small.matrix(IDS[:500], IDS)
    for name in ("count", "total", "largest"):
        actual, expected = (getattr(matrix, name) for matrix in pairs)
        assert (actual != expected).nnz == 0, name


def test_a_cell_table_comes_along(frame, tmp_path):
    write_feather(frame.head(1_000), tmp_path / "synapses.feather")
    cell_frame().to_feather(tmp_path / "cell_info.feather")
    build(tmp_path / "synapses.feather", tmp_path / "out", cells=tmp_path / "cell_info.feather")
    assert len(mw.load(tmp_path / "out").cells) == len(cell_frame())


def test_connections_are_written_for_other_tools(whole, frame, tmp_path):
    index = load_index(whole)
    assert write_connections(index, tmp_path / "connections.parquet") == len(index.connections)
    pairs = ["pre_pt_root_id", "post_pt_root_id"]
    sums = frame.groupby(pairs)["size"].agg(["size", "sum", "max"]).reset_index()
    sums.columns = [*pairs, "n_synapses", "size_sum", "size_max"]
    actual = pq.read_table(tmp_path / "connections.parquet").to_pandas()
    pd.testing.assert_frame_equal(actual, sums, check_dtype=False)
    assert os.listdir(tmp_path) == ["connections.parquet"]


def test_the_manifest_counts_the_synapses(whole, frame):
    assert json.loads((whole / "manifest.json").read_text())["synapses"] == len(frame)
