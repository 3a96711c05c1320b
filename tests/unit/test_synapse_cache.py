"""Whatever happens to the cache, the answer is right or the error is clear."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_world import random_synapses

from microns_widgets.errors import IndexDamaged, TableError, WriteError
from microns_widgets.synapses.cache import open_index
from microns_widgets.synapses.files import COLUMNS, load_index

pytestmark = pytest.mark.slow

IDS = 864691135000000000 + np.arange(30)


@pytest.fixture
def file(tmp_path: Path, rng: np.random.Generator) -> Path:
    path = tmp_path / "synapses_1300.feather"
    random_synapses(2_000, IDS, rng).to_feather(path)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def homes(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir()]


def is_right(index, file: Path) -> bool:
    frame = pd.read_feather(file)
    return all(
        sorted(index.frame(index.output_rows(root_id))["id"])
        == sorted(frame.loc[frame["pre_pt_root_id"] == root_id, "id"])
        and sorted(index.frame(index.input_rows(root_id))["id"])
        == sorted(frame.loc[frame["post_pt_root_id"] == root_id, "id"])
        for root_id in IDS
    )


def test_an_index_is_built_once_and_then_opened(file, folder):
    assert is_right(open_index(file, folder=folder), file)
    (home,) = homes(folder)
    built = (home / "manifest.json").stat().st_mtime_ns
    assert is_right(open_index(file, folder=folder), file)
    assert (home / "manifest.json").stat().st_mtime_ns == built


def test_columns_are_mapped_from_the_file_not_copied(file, folder):
    column = np.asarray(open_index(file, folder=folder).columns["size"])
    assert not column.flags.writeable
    assert not column.flags.owndata


def test_a_file_that_changed_gets_another_index(file, folder, rng):
    open_index(file, folder=folder)
    random_synapses(500, IDS, rng).to_feather(file)
    index = open_index(file, folder=folder)
    assert len(index) == 500
    assert is_right(index, file)


def test_a_copy_of_the_file_shares_the_index(file, folder, tmp_path):
    open_index(file, folder=folder)
    copy = tmp_path / "elsewhere" / file.name
    copy.parent.mkdir()
    copy.write_bytes(file.read_bytes())
    open_index(copy, folder=folder)
    assert len(homes(folder)) == 1


@pytest.mark.parametrize(
    "name", ["synapses.arrow", "pre_order.arrow", "manifest.json", "partners.arrow"]
)
@pytest.mark.parametrize("harm", ["cut", "removed", "emptied"])
def test_a_damaged_index_is_built_again(file, folder, name, harm):
    open_index(file, folder=folder)
    damaged = homes(folder)[0] / name
    if harm == "removed":
        damaged.unlink()
    else:
        damaged.write_bytes(damaged.read_bytes()[: 100 if harm == "cut" else 0])
    assert is_right(open_index(file, folder=folder), file)
    assert len(homes(folder)) == 1


def flip(path: Path, *, hide: bool = False) -> None:
    state = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    if hide:
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


@pytest.mark.parametrize("name", COLUMNS)
def test_flipped_bytes_are_found_and_mended(file, folder, name):
    open_index(file, folder=folder)
    flip(homes(folder)[0] / name)
    with pytest.raises(IndexDamaged, match=f"{name}: this file of the synapse index is damaged"):
        load_index(homes(folder)[0])
    assert is_right(open_index(file, folder=folder), file)


def test_bytes_that_rotted_on_the_disk_are_found_when_asked_to_verify(file, folder):
    open_index(file, folder=folder)
    flip(homes(folder)[0] / "synapses.arrow", hide=True)
    assert is_right(open_index(file, folder=folder, verify=True), file)


def test_an_index_that_was_only_copied_is_taken_as_it_is(file, folder):
    open_index(file, folder=folder)
    manifest = homes(folder)[0] / "manifest.json"
    os.utime(homes(folder)[0] / "partners.arrow")
    built = manifest.stat().st_mtime_ns
    assert is_right(open_index(file, folder=folder), file)
    assert manifest.stat().st_mtime_ns == built


def test_an_index_of_an_older_layout_is_left_alone_and_built_anew(file, folder):
    open_index(file, folder=folder)
    path = homes(folder)[0] / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"layout": 0}))
    assert is_right(open_index(file, folder=folder), file)


def test_two_processes_that_open_a_new_file_at_once_both_get_it_right(file, folder):
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        lengths = pool.map(_length, [(file, folder)] * 4)
    assert lengths == [2_000] * 4
    assert len(homes(folder)) == 1
    assert is_right(open_index(file, folder=folder), file)


def _length(where: tuple[Path, Path]) -> int:
    return len(open_index(where[0], folder=where[1]))


def test_a_kill_in_the_middle_leaves_nothing_that_is_taken_for_an_index(file, folder):
    script = f"""
        import sys, time
        from microns_widgets.synapses import cache, files
        write = files.write_arrays
        def slow(path, arrays):
            write(path, arrays)
            print("written", flush=True)
            time.sleep(30)
        files.write_arrays = slow
        cache.open_index({str(file)!r}, folder={str(folder)!r})
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    # Two threads write: their lines may run into each other.
    assert process.stdout.readline().startswith("written")
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert is_right(open_index(file, folder=folder), file)


def test_what_a_killed_process_left_is_removed_when_it_is_old(file, folder):
    folder.mkdir()
    left = folder / f".microns-{'0' * 32}"
    left.mkdir()
    long_ago = time.time() - 2 * 86_400
    os.utime(left, (long_ago, long_ago))
    open_index(file, folder=folder)
    assert not left.exists()


def test_a_full_disk_is_a_clear_error_and_leaves_nothing(file, folder, monkeypatch):
    # A file size limit makes the kernel refuse the write, as a full disk does.
    script = f"""
        import resource, signal
        from microns_widgets.errors import WriteError
        from microns_widgets.synapses.cache import open_index
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        try:
            open_index({str(file)!r}, folder={str(folder)!r})
        except WriteError as error:
            print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True
    )
    assert "cannot be written" in done.stdout
    assert "MICRONS_CACHE" in done.stdout
    assert homes(folder) == []


def test_a_folder_that_cannot_be_made_is_a_clear_error(file, tmp_path):
    (tmp_path / "index").write_text("a file where the folder should be")
    with pytest.raises(WriteError, match="MICRONS_CACHE"):
        open_index(file, folder=tmp_path / "index")


def test_a_file_that_is_no_table_is_refused_before_anything_is_written(folder, tmp_path):
    (tmp_path / "synapses.feather").write_bytes(b"<html>")
    with pytest.raises(TableError, match="a web page"):
        open_index(tmp_path / "synapses.feather", folder=folder)
    assert homes(folder) == []


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(TableError, match="no such file"):
        open_index(tmp_path / "synapses.feather")


def test_the_cache_folder_can_be_named(file, tmp_path, monkeypatch):
    monkeypatch.setenv("MICRONS_CACHE", str(tmp_path / "mine"))
    open_index(file)
    assert homes(tmp_path / "mine" / "index")


def test_an_index_in_a_folder_where_nobody_may_write_is_opened(file, folder):
    open_index(file, folder=folder)
    (memo,) = folder.glob(".key-*")
    memo.unlink()
    memo.mkdir()  # what cannot be written, even by root
    assert len(open_index(file, folder=folder)) > 0


def test_a_source_that_cannot_be_read_is_not_reported_as_a_full_disk(file, folder, monkeypatch):
    def refused(self: Path, *_arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(TableError, match=r"cannot be read \(Permission denied\)"):
        open_index(file, folder=folder)


def test_a_name_that_arrow_cannot_read_is_named(file, folder, tmp_path):
    odd = tmp_path / "synapses_\udc80.feather"
    file.rename(odd)
    with pytest.raises(TableError, match=r"is not valid UTF-8\. Rename the file\."):
        open_index(odd, folder=folder)
