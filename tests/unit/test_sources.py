"""Data come from a folder, the workshop's files or a mirror of them, whole or not at all."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from local_server import NOWHERE, LocalServer, broken_off, serve
from small_world import A, B

import microns_widgets as mw
from microns_widgets.errors import (
    DownloadError,
    InvalidType,
    SkeletonError,
    SkeletonNotFound,
    TableError,
)
from microns_widgets.sources import real_data as real_data_module
from microns_widgets.sources import workshop
from microns_widgets.sources.downloads import download
from microns_widgets.sources.workshop import Files, load_workshop


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[LocalServer]:
    with serve(tmp_path / "mirror") as server:
        yield server


@pytest.fixture
def files(cells, synapses, mirror, monkeypatch) -> Path:
    monkeypatch.setitem(workshop.VERSIONS, 1300, Files(1300))
    cells.to_feather(mirror.folder / "cell_info_1300.feather")
    synapses.to_feather(mirror.folder / "synapses_proofread_V1_neurons_1300.feather")
    return mirror.folder


def load(mirror, tmp_path):
    return load_workshop(1300, base_url=mirror.url, cache_dir=tmp_path / "cache", progress=False)


@pytest.mark.parametrize("word", [1300, "1300"])
def test_a_version_may_be_a_word_as_in_an_environment_variable(files, mirror, tmp_path, word):
    con = mw.load(word, base_url=mirror.url, cache_dir=tmp_path / "cache", progress=False)
    assert con.source == "MICrONS minnie65_public, version 1300"


def test_the_sample_may_be_named():
    assert mw.load("sample", quiet=True).source == mw.load(quiet=True).source


def test_a_version_is_downloaded_once(files, mirror, tmp_path):
    con = load(mirror, tmp_path)
    assert con.source == "MICrONS minnie65_public, version 1300"
    assert len(con.outputs(A)) == 3
    load(mirror, tmp_path)
    assert len(mirror.asked) == 2


def test_the_address_can_be_set_in_the_environment(files, mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("MICRONS_BASE_URL", mirror.url + "/")
    con = mw.load(1300, cache_dir=tmp_path / "cache", progress=False)
    assert len(con.inputs(B)) == 4


def test_the_real_cell_table_has_the_checksum_that_is_expected(real_data, mirror, tmp_path):
    content = (real_data / "cell_info_1300.feather").read_bytes()
    (mirror.folder / "cell_info_1300.feather").write_bytes(content)
    url = f"{mirror.url}/cell_info_1300.feather"
    expected = workshop.VERSIONS[1300].cells_sha256
    path = download(url, tmp_path, sha256=expected, progress=False)
    assert path.read_bytes() == content
    (mirror.folder / "cell_info_1300.feather").write_bytes(content[:-1] + b"x")
    with pytest.raises(DownloadError, match="checksum differs"):
        download(url, tmp_path / "other", sha256=expected, progress=False)
    assert list((tmp_path / "other").iterdir()) == []


def test_a_download_that_breaks_off_leaves_nothing_and_works_the_next_time(files, mirror, tmp_path):
    mirror.odd["synapses_proofread_V1_neurons_1300"] = broken_off
    with pytest.raises(DownloadError, match="could not be downloaded"):
        load(mirror, tmp_path)
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["cell_info_1300.feather"]
    mirror.odd.clear()
    assert len(load(mirror, tmp_path).synapses) == 8


def test_offline_the_sample_and_own_files_are_offered(tmp_path):
    with pytest.raises(DownloadError) as error:
        load_workshop(1300, base_url=NOWHERE, cache_dir=tmp_path, progress=False)
    assert "load('folder/')" in str(error.value)
    assert "load()" in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_a_page_instead_of_a_table_is_refused_and_not_kept(files, mirror, tmp_path):
    (files / "synapses_proofread_V1_neurons_1300.feather").write_text("<html>moved</html>")
    with pytest.raises(DownloadError, match="a web page"):
        load(mirror, tmp_path)
    assert list((tmp_path / "cache").iterdir()) == []


def test_synapses_of_another_version_are_recognized_by_their_ids(files, mirror, tmp_path, synapses):
    for side in ("pre", "post"):
        synapses[f"{side}_pt_root_id"] += 10**6
    synapses.to_feather(files / "synapses_proofread_V1_neurons_1300.feather")
    with pytest.raises(DownloadError, match="only 0 of the 3 proofread cells occur in it"):
        load(mirror, tmp_path)


def test_an_unknown_version_comes_with_those_that_are_known():
    with pytest.raises(DownloadError, match=r"Expected one of 1300, 1293.*--version 1500"):
        mw.load(1500)


@pytest.fixture
def folder(tmp_path, cells, synapses) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    cells.to_feather(folder / "cell_info_1300.feather")
    synapses.to_parquet(folder / "synapses_mine_1300.parquet")
    return folder


def test_a_folder_is_loaded_whatever_its_files_format(folder):
    con = mw.load(folder)
    assert con.source == "cell_info_1300"
    assert len(con.outputs(A)) == 3


def test_a_folders_skeletons_are_read_from_swc_and_json(folder):
    sk = mw.Skeleton([[0, 0, 0], [0, 3000, 0]], [[0, 1]], [5000, 200], [1, 2], root=0)
    (folder / "skeletons").mkdir()
    sk.to_swc(folder / "skeletons" / f"{A}.swc")
    plain = {k: np.asarray(v).tolist() for k, v in sk.to_cave().items() if k != "meta"}
    (folder / "skeletons" / f"{B}.json").write_text(json.dumps(plain))
    con = mw.load(str(folder))
    for cell in (A, B):
        assert con.skeleton(cell).cable_length("axon") == pytest.approx(3)
        assert con.skeleton(cell).root_id == cell
    with pytest.raises(SkeletonNotFound, match=r"no 1\.swc or 1\.json"):
        con.skeleton(1)


def test_a_broken_skeleton_file_is_named(folder):
    (folder / "skeletons").mkdir()
    (folder / "skeletons" / f"{A}.json").write_text("{")
    with pytest.raises(SkeletonError, match=f"{A}.json"):
        mw.load(folder).skeleton(A)


def test_a_folder_without_a_table_says_what_is_there(folder):
    (folder / "synapses_mine_1300.parquet").unlink()
    with pytest.raises(TableError, match=r"expected one file synapses_.*found cell_info_1300"):
        mw.load(folder)


def test_a_folder_with_two_versions_is_refused(folder, cells):
    cells.to_feather(folder / "cell_info_1293.feather")
    with pytest.raises(TableError, match="Keep each version in its own folder"):
        mw.load(folder)


def test_a_folder_whose_tables_are_of_two_versions_is_refused(folder):
    (folder / "synapses_mine_1300.parquet").rename(folder / "synapses_mine_1293.parquet")
    with pytest.raises(TableError, match="for version 1293, but version 1300 was"):
        mw.load(folder)


def test_a_missing_folder_is_reported():
    with pytest.raises(TableError, match="no such folder"):
        mw.load("nowhere/at/all")


@pytest.mark.parametrize("data", [1300.0, True, ["sample"]])
def test_data_that_is_not_a_version_a_word_or_a_folder_is_refused(data):
    with pytest.raises(InvalidType, match=r"load\(\) was called with .* Expected a version"):
        mw.load(data)


def test_the_real_tables_of_one_cell_join_to_the_workshops_form(real_data):
    neuron = real_data / real_data_module.NEURON
    joined = real_data_module.join_synapses(neuron / "pre.feather", neuron / "post.feather")
    expected = pd.read_feather(neuron / "synapses.feather")
    order = ["post_pt_root_id", "pre_pt_root_id", "size"]
    pd.testing.assert_frame_equal(joined[order], expected[order])
    assert set(joined["id"]) == set(expected["id"])


def test_real_data_are_fetched_from_where_they_are_published(
    real_data, mirror, tmp_path, monkeypatch
):
    served = []
    for url, name, sha256 in real_data_module.FILES:
        file = mirror.put(url.rsplit("/", 1)[-1], (real_data / name).read_bytes())
        served.append((f"{mirror.url}/{file.name}", name, sha256))
    monkeypatch.setattr(real_data_module, "FILES", tuple(served))
    real_data_module.fetch_real_data(tmp_path / "real")
    names = sorted(str(p.relative_to(tmp_path / "real")) for p in (tmp_path / "real").rglob("*.*"))
    expected = sorted(
        str(p.relative_to(real_data)) for p in real_data.rglob("*.*") if p.name != "README.md"
    )
    assert names == expected


def modules_after(code: str) -> set[str]:
    """Return the modules, and the packages that they are in, of a process that ran some code."""
    script = f"import microns_widgets as mw, sys; {code}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


#: Libraries that the package needs for some questions, and that take long to import.
HEAVY = {"anywidget", "caveclient", "ipywidgets", "matplotlib", "pooch", "scipy", "seaborn", "tqdm"}


def test_importing_the_package_imports_nothing_heavy():
    assert not modules_after("pass") & (HEAVY | {"numpy", "pandas"})


def test_opening_the_sample_imports_only_what_it_needs():
    # A notebook's first call, which should take little longer than importing pandas.
    unneeded = {"anatomy.swc", "network.matrix", "plots", "synapses.cache", "tables.datastack"}
    unneeded |= {f"sources.{name}" for name in ("cave", "folder", "static_release", "workshop")}
    ours = {f"microns_widgets.{name}" for name in unneeded}
    arrow = {"pyarrow.dataset", "pyarrow.parquet"}
    loaded = modules_after("mw.load(quiet=True)")
    assert "microns_widgets.sources.sample" in loaded
    assert not loaded & (HEAVY | ours | arrow)
    for name in ours:  # still the name of a module
        assert importlib.util.find_spec(name)


@pytest.mark.parametrize("name", ["{}.swc", "{}_294657.swc"])
def test_a_skeleton_is_found_by_its_published_name(folder, sample, name):
    cell = int(sample.examples()["BC"])
    (folder / "skeletons").mkdir(exist_ok=True)
    sample.skeleton(cell).to_swc(folder / "skeletons" / name.format(cell))
    assert mw.load(folder).skeleton(cell).root_id == cell


def test_two_skeletons_of_one_cell_are_refused(folder, sample):
    cell = int(sample.examples()["BC"])
    (folder / "skeletons").mkdir(exist_ok=True)
    for name in (f"{cell}.swc", f"{cell}_1.swc"):
        sample.skeleton(cell).to_swc(folder / "skeletons" / name)
    with pytest.raises(SkeletonError, match="several skeletons"):
        mw.load(folder).skeleton(cell)


def test_a_version_may_be_a_number_of_numpys():
    with pytest.raises(DownloadError, match="1301"):
        mw.load(np.int64(1301))
