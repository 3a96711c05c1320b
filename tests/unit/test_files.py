"""A file is whole or not there, whoever else writes it and whatever happens in the middle."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from microns_widgets._files import (
    cache_folder,
    expanded,
    explained_writes,
    sweep,
    whole_file,
    whole_folder,
    write_text,
)
from microns_widgets.anatomy import swc
from microns_widgets.errors import InvalidArgument, WriteError
from microns_widgets.sources.cave.skeletons import SkeletonFiles
from microns_widgets.sources.cave.token_files import token_files
from microns_widgets.tables.reading import write_feather


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_reader_sees_the_old_file_until_the_new_one_is_whole(tmp_path):
    target = tmp_path / "new" / "table.txt"
    write_text(target, "old")
    with whole_file(target) as temporary:
        temporary.write_text("half")
        assert target.read_text() == "old"
        temporary.write_text("new")
    assert target.read_text() == "new"
    assert names(target.parent) == ["table.txt"]


def test_an_error_in_the_middle_leaves_the_old_file_and_nothing_else(tmp_path):
    write_text(tmp_path / "a", "old")
    with pytest.raises(TypeError), whole_file(tmp_path / "a") as temporary:
        temporary.write_text("half", encoding=8)
    assert (tmp_path / "a").read_text() == "old"
    assert names(tmp_path) == ["a"]


def test_a_process_that_is_killed_leaves_the_old_file(tmp_path):
    target = tmp_path / "a"
    write_text(target, "old")
    code = (
        "import sys, time\nfrom pathlib import Path\n"
        "from microns_widgets._files import whole_file\n"
        "with whole_file(Path(sys.argv[1])) as t:\n"
        "    t.write_text('half'); print('there', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(target)], stdout=-1) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert target.read_text() == "old"
    assert len(names(tmp_path)) == 2
    sweep(tmp_path)
    assert len(names(tmp_path)) == 2, "it might still be written by another process"
    yesterday = time.time() - 90_000
    for path in tmp_path.iterdir():
        os.utime(path, (yesterday, yesterday))
    sweep(tmp_path)
    assert names(tmp_path) == ["a"], "a file that was renamed into place is never swept"


def test_permissions_follow_the_umask_unless_the_file_is_its_owners_alone(tmp_path):
    before = os.umask(0o027)
    try:
        write_text(tmp_path / "shared", "")
        write_text(tmp_path / "secret", "", mode=0o600)
    finally:
        os.umask(before)
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("shared", "secret")]
    assert modes == [0o640, 0o600]


def test_the_longest_name_that_the_system_allows_can_be_written(tmp_path):
    write_text(tmp_path / ("n" * 255), "content")
    assert (tmp_path / ("n" * 255)).read_text() == "content"


def test_a_file_keeps_the_permissions_that_it_has_unless_they_are_wider(tmp_path):
    for name, before in (("private", 0o600), ("shared", 0o664), ("token", 0o644)):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(before)
    write_text(tmp_path / "private", "marks")
    write_text(tmp_path / "shared", "marks")
    write_text(tmp_path / "token", "secret", mode=0o600)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"private": 0o600, "shared": 0o664, "token": 0o600}


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    write_text(tmp_path / "elsewhere" / "file", "old")
    for name, target in (("link", "elsewhere/file"), ("to nothing", "new/file")):
        (tmp_path / name).symlink_to(tmp_path / target)
        write_text(tmp_path / name, "new")
        assert (tmp_path / name).is_symlink()
        assert (tmp_path / target).read_text() == "new"
    assert names(tmp_path / "elsewhere") == ["file"]


def test_what_a_killed_process_left_is_removed_by_the_next_one(tmp_path):
    left = tmp_path / f".microns-{'0' * 32}"
    own = tmp_path / ".microns-of-somebody"
    for path in (left, own):
        path.touch()
        os.utime(path, (0, 0))
    write_text(tmp_path / "a", "")
    assert names(tmp_path) == [own.name, "a"]


def test_a_name_that_no_file_can_have_is_an_error_of_this_package(tmp_path):
    for name in ("a\0b", "a\ud800"):
        with pytest.raises(WriteError, match="no file can have this name"):
            write_text(tmp_path / name, "")
    assert names(tmp_path) == []


def test_half_of_a_surrogate_pair_does_not_stop_a_report(tmp_path):
    write_text(tmp_path / "a", "Ada \udc80")
    assert (tmp_path / "a").read_text() == "Ada ?"


def test_what_cannot_be_written_is_one_error_with_the_reason_and_the_next_step(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match=r"file/a cannot be written \(.*\)\. Free some space, or"):
        write_text(tmp_path / "file" / "a", "")
    with (
        pytest.raises(WriteError, match=r"No space left on device") as error,
        whole_file(tmp_path / "a"),
    ):
        raise OSError(28, "No space left on device")
    assert error.value.reason == "No space left on device"
    assert names(tmp_path) == ["file"]


SKELETON = {
    "vertices": np.random.default_rng(1).random((20_000, 3)),
    "edges": np.c_[np.arange(19_999), np.arange(1, 20_000)],
    "radius": np.ones(20_000),
    "compartment": np.ones(20_000, dtype=int),
    "root": 0,
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("write", "read"),
    [
        (
            lambda path: write_feather(pd.DataFrame({"a": np.arange(300_000)}), path),
            lambda path: len(pd.read_feather(path)) == 300_000,
        ),
        (
            lambda path: swc.write(
                path,
                positions=SKELETON["vertices"],
                radius=SKELETON["radius"],
                types=SKELETON["compartment"],
                parents=np.arange(-1, 19_999),
            ),
            lambda path: len(path.read_text().splitlines()) == 20_000,
        ),
        pytest.param(
            lambda path: SkeletonFiles("x", path).keep(7, SKELETON),
            lambda path: SkeletonFiles("x", path).read(7) is not None,
            marks=pytest.mark.long,
        ),
    ],
    ids=["table", "swc", "skeleton"],
)
def test_two_writers_of_one_file_both_end_well(write, read, tmp_path):
    target, errors = tmp_path / "target", []

    def work() -> None:
        try:
            write(target)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test names it
            errors.append(error)

    for _ in range(10):
        writers = [threading.Thread(target=work) for _ in range(2)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert errors == []
        assert read(target)


def test_a_larger_task_gives_its_own_advice_for_the_files_that_it_writes(tmp_path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(WriteError, match=r" cannot be written \(.+\)\. Run it again\.$") as error,
        explained_writes(tmp_path, "Run it again."),
    ):
        write_text(tmp_path / "file" / "a", "text")
    assert error.value.reason
    assert error.value.errno


def test_of_two_folders_with_the_same_content_the_first_stays(tmp_path):
    with whole_folder(tmp_path / "index") as slower:
        (slower / "a").write_text("slower")
        with whole_folder(tmp_path / "index") as faster:
            (faster / "a").write_text("faster")
    assert (tmp_path / "index" / "a").read_text() == "faster"
    assert names(tmp_path) == ["index"]


def test_the_cache_folder_is_the_platforms_unless_it_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("MICRONS_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("MICRONS_CACHE")
    assert cache_folder().name == "microns_widgets"


def test_an_account_without_a_home_folder_has_no_cache_and_no_tilde(monkeypatch):
    def unknown(*_arguments: object) -> str:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("MICRONS_CACHE", raising=False)
    monkeypatch.setattr("platformdirs.user_cache_dir", unknown)
    monkeypatch.setattr(Path, "expanduser", unknown)
    with pytest.raises(WriteError, match="MICRONS_CACHE"):
        cache_folder()
    with pytest.raises(InvalidArgument, match="Write the full path"):
        expanded("~/x")
    assert token_files("https://cave.example.org") == []


def test_the_cache_folder_may_begin_with_a_tilde(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("MICRONS_CACHE", "~/cache")
    assert cache_folder() == tmp_path / "cache"
