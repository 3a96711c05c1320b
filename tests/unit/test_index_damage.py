"""A damaged index gives right results or an error that names the damaged file."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_world import random_synapses

import microns_widgets as mw
from microns_widgets.errors import IndexDamaged
from microns_widgets.synapses.cache import open_index
from microns_widgets.synapses.checksums import row_checks
from microns_widgets.synapses.files import (
    COLUMNS,
    FOLDER,
    MANIFEST,
    load_index,
    write_index,
    write_manifest,
)
from microns_widgets.synapses.index import SynapseIndex, build_index
from microns_widgets.tables.reading import SYNAPSE_COLUMNS, read_synapse_table

IDS = 864691135000000000 + np.arange(2_000)
FILES = [MANIFEST, *COLUMNS, *(f"{name}.crc32" for name in COLUMNS)]


def write(folder: Path, seed: int) -> pd.DataFrame:
    frame = random_synapses(12_000, IDS, np.random.default_rng(seed))
    folder.mkdir()
    write_index(lambda: build_index(read_synapse_table(frame)), folder)
    return frame


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[pd.DataFrame, Path, Path]:
    """Return a table, its index, and the index of another table of the same length."""
    folder = tmp_path_factory.mktemp("indices")
    frame = write(folder / "one", 0)
    write(folder / "other", 1)
    return frame, folder / "one", folder / "other"


@pytest.fixture
def home(written, tmp_path) -> Path:
    return Path(shutil.copytree(written[1], tmp_path / "whole" / FOLDER))


def ask_everything(index: SynapseIndex, frame: pd.DataFrame) -> None:
    """Compare the results from an index with the table."""
    few = IDS[:: len(IDS) // 20]
    for name, rows in (("pre", index.output_rows), ("post", index.input_rows)):
        column = frame[f"{name}_pt_root_id"].to_numpy()
        for cell in few:
            answer = index.frame(rows(cell)).sort_values("id", ignore_index=True)
            expected = frame[column == cell].sort_values("id", ignore_index=True)
            pd.testing.assert_frame_equal(answer, expected)
    values, at, *_ = index.connections_between(few, IDS)
    assert values.at(at).total.sum() == frame["size"][frame["pre_pt_root_id"].isin(few)].sum()
    by_cell = frame.groupby("post_pt_root_id")["pre_pt_root_id"].nunique()
    degrees = index.degrees(IDS)
    assert (degrees["n_input_partners"] == by_cell.reindex(IDS, fill_value=0)).all()
    assert degrees["n_outputs"].sum() == len(frame) == len(index.whole_frame())


def flip(content: bytearray, at: int) -> None:
    content[at] ^= 1 << at % 8


HARMS: dict[str, Callable[[bytearray], None]] = {
    "first bit": lambda content: flip(content, 0),
    "a bit of the header": lambda content: flip(content, min(300, len(content) - 1)),
    "a bit in the middle": lambda content: flip(content, len(content) // 2),
    "a bit near the end": lambda content: flip(content, max(len(content) - 40, 0)),
    "cut": lambda content: content.__delitem__(slice(len(content) // 2, None)),
    "emptied": lambda content: content.clear(),
    "longer": lambda content: content.extend(b"\0" * 8),
}


def harm(file: Path, change: Callable[[bytearray], None]) -> None:
    """Change a file but not its modification time, like a failing disk."""
    state, content = file.stat(), bytearray(file.read_bytes())
    change(content)
    file.write_bytes(content)
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))


@pytest.mark.parametrize("name", FILES)
def test_no_damage_to_a_file_leads_to_a_wrong_result(written, home, name):
    frame, whole, other = written
    others = {f"of {one.name}": (other / one.name).read_bytes() for one in whole.iterdir()}
    exchanged = {
        "another table's": others[f"of {name}"],
        "another file's": (whole / FILES[FILES.index(name) - 1]).read_bytes(),
    }
    for change in HARMS.values():
        harm(home / name, change)
        with pytest.raises(IndexDamaged, match=name.removesuffix(".crc32")) as error:
            ask_everything(load_index(home, verify=False), frame)
        assert "microns index INPUT --out" in str(error.value)
        shutil.copy2(whole / name, home / name)
    for content in exchanged.values():
        (home / name).write_bytes(content)
        if content != (whole / name).read_bytes():
            with pytest.raises(IndexDamaged):
                ask_everything(load_index(home, verify=False), frame)
        shutil.copy2(whole / name, home / name)
    (home / name).unlink()
    with pytest.raises(IndexDamaged, match="is missing"):
        load_index(home, verify=False)


def test_random_bit_flips_never_lead_to_a_wrong_result(written, home, rng):
    frame, whole, _ = written
    for _ in range(40):
        name = str(rng.choice(FILES))
        length = (whole / name).stat().st_size
        at = int(rng.integers(length))
        harm(home / name, lambda content, at=at: flip(content, at))
        with pytest.raises(IndexDamaged):
            ask_everything(load_index(home, verify=False), frame)
        shutil.copy2(whole / name, home / name)


def test_only_what_is_read_is_checked(written, home):
    frame = written[0]
    far = frame.sort_values(["post_pt_root_id"])["post_pt_root_id"].iloc[-1]
    near = frame["post_pt_root_id"].min()
    harm(home / "synapses.arrow", lambda content: flip(content, 3 * 4 * len(frame) - 1_000))
    index = load_index(home, verify=False)  # the end of the third column
    assert len(index.frame(index.input_rows(near)))
    with pytest.raises(IndexDamaged, match=r"synapses\.arrow"):
        [index.frame(index.input_rows(cell)) for cell in IDS[far >= IDS]]
    with pytest.raises(IndexDamaged, match=r"synapses\.arrow"):
        load_index(home, verify=True)


@pytest.mark.parametrize("column", SYNAPSE_COLUMNS)
def test_the_check_of_a_synapse_changes_if_any_bit_flips(rng, column):
    n, kind = 2_000, np.dtype(SYNAPSE_COLUMNS[column])
    columns = {
        name: rng.integers(np.iinfo(one).min, np.iinfo(one).max, n, dtype=one)
        for name, one in SYNAPSE_COLUMNS.items()
    }
    checks = row_checks(columns)
    for bit in range(8 * kind.itemsize):
        flipped = columns[column] ^ np.array(1).astype(kind) << np.array(bit).astype(kind)
        assert (row_checks(columns | {column: flipped}) != checks).all()
    assert (row_checks(columns, first=1) != checks).all(), "a row in another place"


def test_an_index_of_an_older_layout_says_how_to_build_it_again(home):
    content = json.loads((home / MANIFEST).read_text())
    del content["crc32"]
    (home / MANIFEST).write_text(json.dumps(content | {"layout": 3}))
    with pytest.raises(IndexDamaged, match=r"older version of this package .* microns index INPUT"):
        mw.load(home.parent)
    write_manifest(home, {"layout": 99})
    with pytest.raises(IndexDamaged, match="another version of this package"):
        mw.load(home.parent)


def test_a_damaged_cached_index_is_rebuilt_the_next_time(tmp_path, rng):
    frame = random_synapses(12_000, IDS, rng)
    frame.to_feather(tmp_path / "synapses.feather")
    cache = tmp_path / "cache"
    open_index(tmp_path / "synapses.feather", folder=cache)
    (damaged,) = cache.glob("*/synapses.arrow")
    harm(damaged, lambda content: flip(content, len(content) // 2))
    index = open_index(tmp_path / "synapses.feather", folder=cache)
    with pytest.raises(IndexDamaged, match="Load the table again to rebuild its index"):
        ask_everything(index, frame)
    ask_everything(open_index(tmp_path / "synapses.feather", folder=cache), frame)
