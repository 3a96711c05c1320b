"""A build stays within its memory limit, and can be resumed after a full disk."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet
import pytest
from long_cases import every_third
from small_world import random_synapses

from microns_widgets.errors import InvalidArgument, InvalidType, WriteError
from microns_widgets.scale import build as building
from microns_widgets.scale.build import build_folder
from microns_widgets.synapses.files import load_index
from microns_widgets.tables.reading import write_feather

pytestmark = pytest.mark.slow

pytest.importorskip("duckdb", reason="needs the extra 'scale'")

LEAST = 512_000_000
IDS = 864691135000000000 + 7 * np.arange(3_000)
N, MANY = 300_000, 4_000_000


def table_of(n: int, folder: Path) -> Path:
    path = folder / "synapses.feather"
    write_feather(random_synapses(n, IDS, np.random.default_rng(7)), path)
    return path


@pytest.fixture(scope="module")
def table(tmp_path_factory) -> Path:
    return table_of(N, tmp_path_factory.mktemp("table"))


def python(code: str, *arguments: object, within: tuple[object, ...] = ()) -> str:
    command = [*within, sys.executable, "-c", textwrap.dedent(code), *arguments]
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# Fills the disk to its last page when a stage has noted its first task, and frees it again after
# the error.
FULL = """
import os, sys
from contextlib import suppress
from pathlib import Path
from microns_widgets.errors import WriteError
from microns_widgets.synapses.files import load_index
from microns_widgets.scale.build import build_folder
from microns_widgets.scale.ledger import Ledger
source, disk, last = sys.argv[1:]
ballast, note = Path(disk, "ballast"), Ledger.note
def note_and_fill(ledger, stage, number, result):
    note(ledger, stage, number, result)
    if stage == last:
        Ledger.note = note
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
Ledger.note = note_and_fill
out = Path(disk, "out")
try:
    build_folder(source, out, memory=512_000_000, progress=False)
except WriteError as error:
    print(error)
print(os.statvfs(disk).f_bavail, "pages free", sorted(path.name for path in out.iterdir()))
ballast.unlink()
home = build_folder(source, out, memory=512_000_000, progress=False)
print(len(load_index(home, verify=True)), sorted(path.name for path in out.iterdir()))
"""


def small_disk(at: Path) -> tuple[object, ...]:
    """A command in front of another that sees a disk of 60 MB there; skips where it may not."""
    program = shutil.which("bwrap")
    if program is None:
        pytest.skip("bubblewrap is not installed, so a small disk cannot be created")
    words = (program, "--dev-bind", "/", "/", "--size", 60_000_000, "--tmpfs", at)
    if subprocess.run([*map(str, words), "true"], check=False).returncode:
        pytest.skip("this user may not make a disk")
    return words


@pytest.mark.parametrize(
    "stage", every_third(["plan", "split", "sort", "distinct", "sides", "merge"])
)
def test_a_full_disk_is_one_clear_error_and_can_be_gone_on_from(stage, table, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    message, state, after = python(FULL, table, disk, stage, within=small_disk(disk)).splitlines()
    assert "Free some space and run the same command again" in message
    assert state == "0 pages free ['.synapses_index-lock', '.synapses_index-work']"
    assert after == f"{N} ['synapses_index']"


def test_a_disk_that_is_too_small_is_reported_before_the_build(table, tmp_path, monkeypatch):
    usage = building.shutil.disk_usage(tmp_path)._replace(free=10_000_000)
    monkeypatch.setattr(building.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(WriteError, match=r"300,000 synapses needs 0\.0 GB in .* but only"):
        build_folder(table, tmp_path, memory=LEAST, progress=False)


# Pages of mapped files do not count: they go when others need their room.
MEASURED = """
import sys, threading, time
from microns_widgets.scale.build import build_folder
peak, over = 0, threading.Event()
def watch():
    global peak
    while not over.wait(0.005):
        with open("/proc/self/status") as file:
            status = dict(line.split(":", 1) for line in file)
        peak = max(peak, 1024 * int(status["RssAnon"].split()[0]))
watching = threading.Thread(target=watch)
watching.start()
build_folder(*sys.argv[1:], memory=512_000_000, progress=False)
over.set()
watching.join()
print(peak)
"""


def feather(table: Path) -> Path:
    return table


def parquet(table: Path) -> Path:
    """With all rows in one group, which must not be read as one."""
    path = table.with_suffix(".parquet")
    pa.parquet.write_table(pa.feather.read_table(table), path, row_group_size=MANY)
    return path


def csv(table: Path) -> Path:
    path = table.with_suffix(".csv")
    pa.csv.write_csv(pa.feather.read_table(table), path)
    return path


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> Path:
    return table_of(MANY, tmp_path_factory.mktemp("large"))


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory from /proc")
@pytest.mark.parametrize("form", [feather, parquet, csv])
def test_a_build_keeps_to_its_memory(form, large, tmp_path):
    peak = int(python(MEASURED, form(large), tmp_path))
    assert peak < LEAST
    assert len(load_index(tmp_path / "synapses_index")) == MANY


def test_less_memory_than_a_build_needs_is_refused(table, tmp_path):
    with pytest.raises(InvalidArgument, match="Expected 512 MB or more"):
        build_folder(table, tmp_path, memory=10**8)


def test_memory_that_is_not_a_number_is_refused(table, tmp_path):
    with pytest.raises(InvalidType, match=r"memory is '8GB'\. Expected bytes"):
        build_folder(table, tmp_path, memory="8GB")


@pytest.mark.parametrize("resolution", [(4, 4), (4, 4, 0), ("a", "b", "c"), 4])
def test_a_resolution_that_is_not_three_lengths_is_refused(resolution, table, tmp_path):
    with pytest.raises(InvalidArgument, match="Expected three lengths"):
        build_folder(table, tmp_path, resolution=resolution)
