"""Tables as people have them: read where they mean one thing, else an error whose cure works."""

from __future__ import annotations

import os
from contextlib import suppress

import numpy as np
import pandas as pd
import polars
import pyarrow as pa
import pyarrow.feather
import pytest

from microns_widgets.connectome import Connectome
from microns_widgets.errors import TableError
from microns_widgets.scale.csv_tables import convert
from microns_widgets.scale.inputs import find_sources, read_blocks
from microns_widgets.tables.reading import read_cells, read_synapses

P = [f"ctr_pt_position_{axis}" for axis in "xyz"]


def refusal(table, read=read_synapses) -> str:
    with pytest.raises(TableError) as error:
        read(table)
    return str(error.value)


def cured(message: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Apply the code of a message's cure, as a student would paste it."""
    code = message[message.index("frame[") :].rstrip(".")
    exec(code, {"frame": frame, "range": range, "len": len})
    return frame


def test_decimals_of_um_are_cured_to_the_nm(synapses):
    um = synapses.astype(dict.fromkeys(P, float))
    um[P] /= 1000
    again = read_synapses(cured(refusal(um), um))
    assert np.abs(again[P].to_numpy() - synapses[P].to_numpy()).max() == 0


def test_ids_of_synapses_beyond_32_bits_are_numbered(synapses):
    large = synapses.assign(id=synapses["id"].astype("int64") + 19_000_000_000)
    again = read_synapses(cured(refusal(large), large))
    assert again["id"].tolist() == list(range(len(synapses)))


def test_positions_in_lists_are_split(synapses):
    lists = synapses.assign(ctr_pt_position=synapses[P].to_numpy().tolist()).drop(columns=P)
    message = refusal(lists)
    assert "split_positions=True" in message
    again = read_synapses(cured(message, lists))
    assert again[P].equals(synapses[P])


@pytest.mark.parametrize("size", [(4, 4, 40), (9.7, 9.7, 45)])
def test_voxels_are_named_with_where_their_size_stands(synapses, size):
    voxels = synapses.astype(dict.fromkeys(P, float))
    voxels[P] = (voxels[P] / np.array(size)).round()
    message = refusal(voxels)
    assert "look like voxels" in message
    assert "client.info.viewer_resolution()" in message
    assert ", ".join(map(str, size)) in message


def test_ids_in_the_index_are_read(cells, synapses, tmp_path):
    indexed = cells.set_index("pt_root_id")
    indexed.to_parquet(tmp_path / "cells.parquet")
    for source in (indexed, tmp_path / "cells.parquet"):
        assert read_cells(source)["pt_root_id"].tolist() == cells["pt_root_id"].tolist()
    assert read_synapses(synapses.set_index("id")).equals(read_synapses(synapses))


def test_a_folder_of_partitions_is_read(synapses, tmp_path):
    synapses.assign(half=synapses["id"] % 2).to_parquet(tmp_path / "s", partition_cols=["half"])
    again = read_synapses(tmp_path / "s").sort_values("id", ignore_index=True)
    assert again.equals(read_synapses(synapses).sort_values("id", ignore_index=True))
    (tmp_path / "empty").mkdir()
    assert "has none" in refusal(tmp_path / "empty")


def test_a_column_twice_in_a_file_is_named(cells, tmp_path):
    table = pa.Table.from_pandas(cells, preserve_index=False)
    doubled = table.append_column("region", table["region"])
    pyarrow.feather.write_feather(doubled, tmp_path / "cells.feather")
    assert "'region' occurs more than once" in refusal(tmp_path / "cells.feather", read_cells)


def test_a_missing_volume_is_told_from_a_missing_id(cells):
    cells.loc[1, "volume"] = np.nan
    message = refusal(cells, read_cells)
    assert "'volume' has no value in row 1" in message
    assert "root id" not in message


def test_frames_of_polars_and_arrow_are_read(cells, synapses):
    expected = read_synapses(synapses)
    assert read_synapses(polars.from_pandas(synapses)).equals(expected)
    assert read_synapses(pa.Table.from_pandas(synapses)).equals(expected)
    assert read_cells(polars.from_pandas(cells)).equals(read_cells(cells))


def test_a_tilde_is_the_home_folder(cells, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    cells.to_feather(tmp_path / "cells.feather")
    assert len(read_cells("~/cells.feather")) == len(cells)


@pytest.mark.parametrize("column", ["cell_type_manual", "region"])
def test_offsets_that_point_out_of_the_file_are_an_error_and_no_crash(cells, tmp_path, column):
    path = tmp_path / "cells.feather"
    cells.to_feather(path, compression="uncompressed")
    array = pyarrow.feather.read_table(path)[column].chunk(0)
    offsets = np.frombuffer(array.buffers()[1], dtype=np.int32)[: len(array) + 1]
    content = path.read_bytes()
    assert offsets.tobytes() in content
    path.write_bytes(content.replace(offsets.tobytes(), (offsets + 2**30).tobytes()))
    assert "damaged or incomplete" in refusal(path, read_cells)


@pytest.mark.parametrize("form", ["feather", "plain", "parquet"])
def test_a_damaged_file_is_an_error_or_still_a_table(cells, tmp_path, rng, form):
    path = tmp_path / "cells.bin"
    if form == "parquet":
        cells.to_parquet(path)
    else:
        cells.to_feather(path, compression="zstd" if form == "feather" else "uncompressed")
    good = path.read_bytes()
    for _ in range(150):
        content = bytearray(good)
        at = int(rng.integers(len(content)))
        if rng.random() < 0.2:
            content = content[:at]
        else:
            content[at] ^= 1 << int(rng.integers(8))
        path.write_bytes(content)
        with suppress(TableError):
            read_cells(path)


@pytest.mark.parametrize("suffix", [".feather", ".parquet", ".csv", ".csv.gz"])
def test_a_damaged_input_of_a_build_is_an_error_or_still_a_table(synapses, tmp_path, rng, suffix):
    path = tmp_path / f"synapses{suffix}"
    write = {".feather": synapses.to_feather, ".parquet": synapses.to_parquet}
    write.get(suffix, synapses.to_csv)(path)
    good = path.read_bytes()
    for at in rng.integers(len(good), size=60):
        content = bytearray(good)
        content[at] ^= 1 << int(rng.integers(8))
        path.write_bytes(content[: None if at % 4 else at])
        with suppress(TableError):
            (source,) = find_sources(path, {})
            if source.kind == "csv":
                convert(source, tmp_path / "converted.arrow", 1_000, lambda _: None)
            else:
                list(read_blocks(source, 0, len(source.units), 1_000))


def test_a_pipe_is_not_a_table(tmp_path):
    os.mkfifo(tmp_path / "synapses.feather")
    assert "neither a file nor a folder" in refusal(tmp_path / "synapses.feather")


@pytest.mark.parametrize("size", [(8, 8, 8), (4, 4, 4), (9.7, 9.7, 12)])
@pytest.mark.parametrize("table", ["synapse", "cell"])
def test_voxels_that_look_like_nm_are_detected_with_the_other_table(cells, synapses, table, size):
    """In voxels of 8 nm, z reaches 139,000; read as nm, the volume would be a thin slab."""
    frames = {"cell": cells, "synapse": synapses}
    prefix = {"cell": "pt_position", "synapse": "ctr_pt_position"}[table]
    for axis, nm in zip("xyz", size, strict=True):
        column = f"{prefix}_{axis}"
        frames[table] = frames[table].assign(**{column: frames[table][column] // nm})
    frames["synapse"] = frames["synapse"].astype(dict.fromkeys(P, "int32"))
    with pytest.raises(TableError, match=f"positions in the {table} table are smaller") as refused:
        Connectome(frames["cell"], frames["synapse"], source="mine")
    assert f"multiply {prefix}_x" in str(refused.value)


def test_the_synapses_of_one_cell_at_the_edge_are_in_the_same_space(cells, synapses):
    edge = synapses.assign(ctr_pt_position_x=210_000, ctr_pt_position_y=310_000).astype(
        dict.fromkeys(P, "int32")
    )
    assert len(Connectome(cells, edge).synapses) == len(synapses)
