"""The tables of expired releases, from a local server in the layout of the static files."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from local_server import FAULTS, NOWHERE, LocalServer, redirect, serve, status
from small_world import A, B, C, D
from static_world import cached, load, write_static

import microns_widgets as mw
from microns_widgets.errors import (
    DownloadError,
    SynapsesNotLoaded,
    UnknownCell,
)
from microns_widgets.releases import AUTO_TYPES, MANUAL_TYPES, NUCLEI, PROOFREADING, REGIONS
from microns_widgets.sources import downloads
from microns_widgets.sources.static_tables import read_static_table, versions
from microns_widgets.widgets._picker_table import picker_table
from tests.cave.world import World, add_releases, nucleus_ids, world_of

AUTO = f"v1412/{AUTO_TYPES}_merged"


@pytest.fixture
def world(cells, synapses) -> World:
    return world_of(cells, synapses, {})


@pytest.fixture
def server(world, tmp_path: Path) -> Iterator[LocalServer]:
    write_static(world, tmp_path / "bucket", 1412)
    with serve(tmp_path / "bucket") as server:
        yield server


def read(server: LocalServer, tmp_path: Path, table: str = AUTO_TYPES) -> pd.DataFrame:
    return read_static_table(
        table, 1412, static_url=server.url, folder=tmp_path / "cache", progress=False
    )


def rewrite(server: LocalServer, stem: str, change) -> None:
    """Change the rows of a static table, as text."""
    file = server.folder / f"{stem}.csv.gz"
    file.write_bytes(gzip.compress(change(gzip.decompress(file.read_bytes()).decode()).encode()))


def test_the_cell_table_is_the_one_that_cave_gave(server, cells, tmp_path):
    con = load(server, tmp_path)
    expected = cells.assign(nucleus_id=np.where(cells["pt_root_id"] != 0, nucleus_ids(cells), 0))
    expected.loc[cells["pt_root_id"] == 0, "region"] = ""  # no segment, so no row of another table
    pd.testing.assert_frame_equal(con.cells, expected, check_dtype=False)
    assert con.cells["nucleus_id"].dtype == np.int64
    assert con.find(nucleus_id=nucleus_ids(cells)[0]).tolist() == [A]
    assert con.source == "MICrONS minnie65_public, version 1412"
    assert "version 1412" in con.cite().text


def test_tables_are_downloaded_once_and_then_available_offline(server, tmp_path):
    first = load(server, tmp_path).cells
    asked = len(server.asked)
    assert asked == 8
    again = load(server, tmp_path, static_url=NOWHERE).cells
    pd.testing.assert_frame_equal(again, first)
    assert len(server.asked) == asked


def test_the_address_can_be_set_in_the_environment(server, tmp_path, monkeypatch):
    monkeypatch.setenv("MICRONS_STATIC_URL", f"{server.url}/")
    assert len(load(server, tmp_path, static_url=None).cells) == 6


@pytest.mark.parametrize("version", [943, 1181])
def test_older_releases_have_their_own_tables(world, server, cells, tmp_path, version):
    add_releases(world, {})
    write_static(world, server.folder, version)
    if version == 943:
        with pytest.warns(UserWarning, match="Version 943 has no table of brain areas"):
            con = load(server, tmp_path, version)
        assert con.labels([A, B], "proofreading_strategy").tolist() == ["extended", "clean"]
    else:
        con = load(server, tmp_path, version)
        assert con.labels([A], "region").tolist() == ["V1"]
    assert con.select(proofread=True).tolist() == [A, B, C]


def test_every_release_with_static_tables_can_be_named():
    assert versions() == [1412, 1181, 1078, 943, 795]


@pytest.mark.parametrize(
    ("version", "message"),
    [
        (661, r"1412, 1181, 1078, 943, 795 \(cells only\).*tables of version 661 are public"),
        (1822, r"cells only\).*microns data --version 1822"),
        (5, r"cells only\).*microns data --list"),
    ],
)
def test_a_release_without_them_says_which_have_them(server, tmp_path, version, message):
    with pytest.raises(DownloadError, match=message):
        load(server, tmp_path, version)
    assert server.asked == []


def test_a_release_that_should_have_expired_may_still_be_in_cave(server, tmp_path):
    with pytest.raises(DownloadError, match=r"version 1507.*microns data --version 1507"):
        load(server, tmp_path, 1507)


QUESTIONS = {
    "inputs": lambda con: con.inputs(A),
    "outputs of an unknown id": lambda con: con.outputs(5),
    "partners": lambda con: con.partners(A),
    "between": lambda con: con.between([A], [B]),
    "matrix": lambda con: con.matrix([A], [B]),
    "degrees": lambda con: con.degrees(),
    "examples": lambda con: con.examples(),
    "the table": lambda con: con.synapses,
    "the matrix explorer": lambda con: mw.MatrixExplorer(con, [A], [B]),
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_about_synapses_says_how_to_get_them(server, tmp_path, question):
    con = load(server, tmp_path)
    with pytest.raises(SynapsesNotLoaded, match=r"1412 are not loaded.*--static --version 1412"):
        question(con)


def test_what_needs_no_synapses_works_without_them(server, tmp_path):
    con = load(server, tmp_path)
    assert not con.synapses_loaded
    assert A in con
    assert 5 not in con
    assert 0 not in con
    assert con.cell(D)["region"] == "V1"
    assert "6 cells, synapses not loaded" in repr(con)
    assert "synapses not loaded" in con._repr_html_()
    with pytest.raises(UnknownCell):
        con.cell(5)
    assert "n_inputs" not in picker_table(con)


def test_a_cell_whose_root_id_did_not_change_has_its_public_skeleton(server, tmp_path):
    server.put(f"proofread/{A}.swc", "1 1 700 530 850 5 -1\n2 2 700 700 850 0.4 1\n")
    con = load(server, tmp_path)
    assert con.skeleton(A).source == "MICrONS minnie65_public, version 1300"
    with pytest.raises(mw.errors.SkeletonNotFound, match="of version 1300 have one"):
        con.skeleton(B)


def test_a_viewer_draws_the_shape_and_says_that_synapses_are_not_loaded(server, sample, tmp_path):
    server.put(f"proofread/{A}.swc", "1 1 700 530 850 5 -1\n2 2 700 700 850 0.4 1\n")
    viewer = mw.SkeletonViewer(load(server, tmp_path), [A])
    assert viewer.world["synapses_loaded"] is False
    assert len(viewer.shown_synapses()) == 0
    assert "synapses not loaded" in viewer._still().axes[0].get_title()
    assert "synapses_loaded" not in mw.SkeletonViewer(sample).world


def as_points(row: list[str]) -> list[str]:
    point = struct.pack("<BI3d", 1, 0x80000001, *map(float, row[-3:]))
    return [*row[:-3], point.hex()]


def as_nm(row: list[str]) -> list[str]:
    sizes = zip(map(int, row[-3:]), (4, 4, 40), strict=True)
    return [*row[:-3], *(str(voxel * size) for voxel, size in sizes)]


FORMS = {
    "nm": (as_nm, None),
    "points": (as_points, "pt_position,USER-DEFINED\n"),
}


@pytest.mark.parametrize("form", FORMS)
def test_positions_in_other_forms_are_the_same(server, world, tmp_path, form):
    name, table = AUTO_TYPES, world.tables[AUTO_TYPES]
    last = [f"pt_position_{axis}" for axis in "xyz"]
    world.tables[name] = table[[*table.columns.drop(last), *last]]
    write_static(world, server.folder, 1412)
    expected = read(server, tmp_path / "before")
    change, header = FORMS[form]
    rewrite(
        server,
        AUTO,
        lambda text: "".join(f"{','.join(change(row.split(',')))}\n" for row in text.splitlines()),
    )
    if header:
        lines = (server.folder / f"{AUTO}_header.csv").read_text().splitlines(keepends=True)
        server.put(f"{AUTO}_header.csv", "".join(lines[:-3]) + header)
    pd.testing.assert_frame_equal(read(server, tmp_path), expected)
    assert expected["pt_position_z"].tolist() == [850_000.0] * 6


@pytest.mark.parametrize("prefix", ["v", ""])
@pytest.mark.parametrize("ending", ["_merged", ""])
def test_both_names_of_folders_and_of_files_are_tried(server, tmp_path, prefix, ending):
    home = (server.folder / "v1412").rename(server.folder / f"{prefix}1412")
    for path in list(home.glob(f"{AUTO_TYPES}_merged*")):
        path.rename(path.with_name(path.name.replace("_merged", ending)))
    assert len(read(server, tmp_path)) == 6


def test_a_header_with_names_of_its_own_and_types_of_numpy_is_read(server, tmp_path):
    file = server.folder / f"{AUTO}_header.csv"
    text = file.read_text().replace("bigint", "int64").replace("double precision", "float64")
    file.write_text("column_name,data_type\n" + text.replace("text", "character varying(80)"))
    assert read(server, tmp_path)["pt_root_id"].tolist()[0] == A


def test_a_file_that_the_server_unpacks_is_read(server, tmp_path):
    rows = gzip.decompress((server.folder / f"{AUTO}.csv.gz").read_bytes())
    server.odd[f"{AUTO}.csv.gz"] = status(200, rows)
    assert len(read(server, tmp_path)) == 6


def test_quoted_values_are_read(server, tmp_path):
    expected = read(server, tmp_path / "before")
    quoted = lambda row: ",".join(f'"{value}"' for value in row.split(","))  # noqa: E731
    rewrite(server, AUTO, lambda text: "".join(f"{quoted(row)}\n" for row in text.splitlines()))
    pd.testing.assert_frame_equal(read(server, tmp_path), expected)


def test_a_missing_root_id_is_no_segment_and_counted(server, tmp_path):
    rewrite(server, AUTO, lambda text: text.replace(str(B), ""))
    with pytest.warns(UserWarning, match=f"{AUTO_TYPES}_merged: 1 of 6 rows have no pt_root_id"):
        assert read(server, tmp_path)["pt_root_id"].tolist()[:3] == [A, 0, C]


@pytest.mark.parametrize("number", [403, 404])
@pytest.mark.parametrize("part", ["_header.csv", ".csv.gz"])
def test_a_file_that_is_missing_is_named(server, tmp_path, number, part):
    server.odd[part] = status(number)
    with pytest.raises(DownloadError, match=rf"{AUTO_TYPES}.*(static_url|1412, 1181)"):
        load(server, tmp_path)
    assert cached(tmp_path) == []


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("part", ["_header.csv", ".csv.gz"])
def test_a_fault_of_the_network_is_an_error_and_leaves_nothing(
    server, tmp_path, monkeypatch, fault, part
):
    monkeypatch.setattr(downloads, "PIECE_S", 0.3)
    server.odd[f"{AUTO_TYPES}_merged{part}"] = fault
    with pytest.raises(DownloadError, match=f"{AUTO_TYPES}_merged{part}.*(Try|try) again"):
        load(server, tmp_path)
    assert cached(tmp_path) == []
    server.odd.clear()
    assert len(load(server, tmp_path).cells) == 6


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def packed(change):
    return lambda content: gzip.compress(change(gzip.decompress(content)))


DAMAGE = {
    "a truncated file": cut,
    "no end of the compressed data": lambda content: content[:-4],
    "a wrong checksum": lambda content: content[:-8] + b"\0\0\0\0" + content[-4:],
    "no rows": packed(lambda _rows: b""),
    "a row that ends early": packed(lambda rows: rows.rstrip().rpartition(b",")[0]),
    "a column too many": packed(lambda rows: rows.replace(b"\n", b",1\n")),
    "text instead of numbers": packed(lambda rows: rows.replace(str(A).encode(), b"A")),
    "ids as floats": packed(lambda rows: rows.replace(str(A).encode(), f"{A}.0".encode())),
    "a page": lambda _content: b"<!DOCTYPE html>",
    "zeros": lambda content: bytes(len(content)),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damaged_rows_are_refused_and_not_cached(server, tmp_path, kind):
    file = server.folder / f"{AUTO}.csv.gz"
    intact = file.read_bytes()
    file.write_bytes(DAMAGE[kind](intact))
    with pytest.raises(DownloadError, match=f"{AUTO}.csv.gz .*does not fit its header"):
        load(server, tmp_path)
    assert cached(tmp_path) == []
    file.write_bytes(intact)
    assert len(load(server, tmp_path).cells) == 6


@pytest.mark.parametrize(
    "header",
    ["<html>", "", "id\npt_root_id\n", "id,bigint\nid,bigint\n", "id,bigint,1\n", "\xff\xfe"],
)
def test_a_header_that_lists_no_columns_is_refused(server, tmp_path, header):
    server.put(f"{AUTO}_header.csv", header.encode("latin-1"))
    with pytest.raises(DownloadError, match=r"_header\.csv (does not list columns|cannot be read)"):
        load(server, tmp_path)
    assert cached(tmp_path) == []


def scaled_z(text: str) -> str:
    first, *others = text.splitlines()
    return "\n".join([first.replace("21250", "850000"), *others, ""])


@pytest.mark.parametrize(
    ("table", "change", "reason"),
    [
        (AUTO_TYPES, scaled_z, "z is from 21,250 to 850,000"),
        (PROOFREADING, lambda text: text.replace(",t,", ",done,"), "status_axon='done' in row 0"),
        (AUTO_TYPES, lambda text: text.replace(",250", ","), "is missing volume in 6 of 6"),
        (AUTO_TYPES, lambda text: text.replace(str(A), "-5"), "'pt_root_id' is -5 in row 0"),
    ],
)
def test_what_a_cell_table_cannot_be_made_of_is_refused(server, tmp_path, table, change, reason):
    rewrite(server, f"v1412/{table}_merged", change)
    with pytest.raises(DownloadError, match=rf"({table}|do not form a valid cell table).*{reason}"):
        load(server, tmp_path)
    assert f"{table}.feather" not in cached(tmp_path)


def test_a_table_without_a_column_is_refused(server, world, tmp_path):
    world.tables[REGIONS] = world.tables[REGIONS].drop(columns="tag")
    write_static(world, server.folder, 1412)
    with pytest.raises(DownloadError, match=f"{REGIONS} of version 1412 has no column 'tag'"):
        load(server, tmp_path)


def test_nucleus_ids_come_from_the_nuclei_if_the_types_do_not_refer_to_them(
    server, world, tmp_path
):
    for name in (AUTO_TYPES, MANUAL_TYPES, REGIONS):
        world.tables[name] = world.tables[name].drop(columns="target_id")
    write_static(world, server.folder, 1412)
    expected = world.tables[NUCLEI]["id"].to_numpy()
    assert load(server, tmp_path).cells["nucleus_id"].tolist() == [*expected[:-1], 0]


@pytest.mark.parametrize("table", [AUTO_TYPES, REGIONS])
def test_a_table_that_lacks_most_cells_of_the_others_is_refused(server, tmp_path, table):
    # Cut at the end of a line, and then compressed: the file itself is valid.
    rewrite(server, f"v1412/{table}_merged", lambda text: text.splitlines(keepends=True)[-1])
    with pytest.raises(DownloadError, match=f"are not in {table}. One of them is probably incom"):
        load(server, tmp_path)
    assert cached(tmp_path) == []


def test_a_redirect_is_followed(server, tmp_path):
    server.odd[f"{AUTO}.csv.gz"] = redirect("/moved.csv.gz")
    server.put("moved.csv.gz", (server.folder / f"{AUTO}.csv.gz").read_bytes())
    assert len(read(server, tmp_path)) == 6


def test_offline_the_next_step_is_named(tmp_path):
    with pytest.raises(DownloadError, match=r"network connection.*static_url.*load\(\).*offline"):
        mw.load(1412, static_url=NOWHERE, cache_dir=tmp_path, progress=False)


def test_a_damaged_file_in_the_cache_is_downloaded_again(server, tmp_path):
    before = read(server, tmp_path)
    [file] = (tmp_path / "cache").rglob("*.feather")
    file.write_bytes(cut(file.read_bytes()))
    pd.testing.assert_frame_equal(read(server, tmp_path), before)


def test_the_real_cell_table_comes_back_from_static_files(real_data, server, synapses, tmp_path):
    cells = pd.read_feather(real_data / "cell_info_1300.feather").iloc[:10_000]
    write_static(world_of(cells, synapses, {}), server.folder, 1181)
    # Cells without a segment are not joined with the rows of other tables that have none either.
    cells.loc[cells["pt_root_id"] == 0, ["cell_type_manual", "region"]] = ""
    pd.testing.assert_frame_equal(
        load(server, tmp_path, 1181).cells.drop(columns="nucleus_id"), cells, check_dtype=False
    )
