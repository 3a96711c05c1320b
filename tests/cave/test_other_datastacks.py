"""Another datastack is queried as its description says, and opened offline from its folder."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from small_world import A, B, C, D, E
from typer.testing import CliRunner

import microns_widgets as mw
from microns_widgets import palette, plots
from microns_widgets.cli import app
from microns_widgets.connectome import Connectome
from microns_widgets.errors import (
    CaveError,
    InvalidArgument,
    InvalidCall,
    SkeletonNotFound,
    UnknownCell,
    UnknownColumn,
    VersionNotFound,
)
from microns_widgets.sources.cave import connect, fetch_dataset
from microns_widgets.tables.datastack import DATASTACK_FILE
from tests.cave.auth import GOOD
from tests.cave.other_datastack import DESCRIPTION, NAME, VERSION, fly_types, octopus_world
from tests.cave.server import CaveServer
from tests.cave.world import service_dict

SOURCE = f"CAVE {NAME}, version {VERSION}; no cortical depth; no synapse sizes"


@pytest.fixture(autouse=True)
def _own_palette(monkeypatch):
    monkeypatch.setattr(palette, "_added", {})


@pytest.fixture
def world(cells, synapses):
    # Everything is a hundred times smaller and near the origin, unlike in a cortical millimetre.
    for frame, prefix in ((cells, "pt_position"), (synapses, "ctr_pt_position")):
        for axis in "xyz":
            frame[f"{prefix}_{axis}"] = (frame[f"{prefix}_{axis}"] // 100).astype("int32")
    con = Connectome(cells.astype({"pt_position_x": float}), synapses, any_volume=True)
    return octopus_world(con, fly_types())


@pytest.fixture
def server(world):
    with CaveServer(world) as server:
        yield server


@pytest.fixture
def description(tmp_path):
    file = tmp_path / "octopus.toml"
    file.write_text(DESCRIPTION)
    return file


@pytest.fixture
def client(server):
    return connect(GOOD, datastack=NAME, server_address=server.url, version=VERSION, timeout=5)


@pytest.fixture
def con(client, description, tmp_path):
    fetch_dataset(client, tmp_path / "data", datastack=description, progress=False)
    return mw.load(tmp_path / "data")


def test_data_writes_a_folder_that_is_opened_offline(server, description, tmp_path):
    words = ["data", "--datastack", str(description), "--out", str(tmp_path / "data")]
    result = CliRunner(env={"CAVE_TOKEN": GOOD}).invoke(app, [*words, "--server", server.url])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "data" / DATASTACK_FILE).read_text() == DESCRIPTION
    asked = len(server.requests)
    con = mw.load(tmp_path / "data")
    assert len(server.requests) == asked
    assert con.source == SOURCE
    ids = [A, B, C, D, E]
    assert con.root_ids.tolist() == ids
    assert con.labels(ids).tolist() == ["amacrine", "LC4", "DNp01", "amacrine", "astrocyte"]
    coarse = con.labels(ids, "coarse_cell_type_auto").tolist()
    assert coarse == ["central", "intrinsic", "intrinsic", "central", "glia"]
    assert con.select(proofread=True).tolist() == [A, B, C]
    assert con.find(nucleus_id=2).tolist() == [B]
    assert con.cells["volume"].isna().all()
    assert con.cell(A)["pt_position_x"] == pytest.approx(7000)
    assert con.inputs(A)["pre_pt_root_id"].tolist() == [0, B, C]
    assert con.inputs(A)["ctr_pt_position_z"].tolist() == [8500] * 3
    assert palette.color("amacrine") == "#123456"
    assert palette.type_order(["LC4", "motor", "amacrine"]) == ["amacrine", "motor", "LC4"]
    assert NAME in con.cite().text
    assert "MICrONS" not in con.cite().text


def test_there_is_no_depth_and_the_picture_says_so(con):
    assert not con.has_depth
    position = con.cells[[f"pt_position_{axis}" for axis in "xyz"]]
    assert np.isnan(mw.cortical_depth(position)).all()
    assert np.isnan(mw.cortical_depth(position.to_numpy(), source=con.source)).all()
    ax = plots.plot_somata(con.cells)
    texts = " ".join(text.get_text() for text in [*ax.texts, *ax.figure.texts])
    assert "5 cells without a depth not shown" in texts
    with pytest.raises(InvalidArgument, match="cannot be sorted by depth: it is not known in"):
        con.matrix().sort("depth")


def test_positions_that_would_be_in_the_cortex_of_microns_have_no_depth_either(
    client, world, description, tmp_path
):
    for axis in "xyz":
        world.tables["somas"][f"soma_position_{axis}"] *= 100
    fetch_dataset(client, tmp_path / "data", datastack=description, progress=False)
    con = mw.load(tmp_path / "data")
    assert 5e5 < con.cell(A)["pt_position_x"] < 1e6
    assert np.isnan(mw.cortical_depth(con.cells[[f"pt_position_{axis}" for axis in "xyz"]])).all()


def test_matrices_offer_only_what_needs_no_sizes(con):
    assert not con.has_sizes
    assert "size" not in con.synapses
    assert "size" not in con.outputs(A)
    assert con.partners(A).columns.tolist() == [
        *("direction", "partner_root_id", "cell_type_auto", "n_synapses")
    ]
    matrix = con.matrix()
    assert matrix.value == "count"
    assert matrix.to_numpy().tolist() == [[0, 2, 0], [1, 0, 0], [1, 0, 0]]
    assert matrix.with_value("binary").to_numpy().max() == 1
    for value in ("sum", "mean", "max", "log10_sum"):
        with pytest.raises(InvalidArgument, match=f"value='{value}' .*synapses have no size"):
            con.matrix(value=value)
        with pytest.raises(InvalidArgument, match="Choose 'count' or 'binary'"):
            matrix.with_value(value)
    assert matrix.by_type().mean_size.isna().all(axis=None)
    with pytest.raises(UnknownColumn, match="size"):
        plots.plot_synapses(inputs=con.inputs(A), color_by="size")


@pytest.mark.filterwarnings("ignore:.*have no cortical depth")
def test_the_widgets_show_it_without_depth_and_sizes(con, world):
    con._skeletons = {}
    explorer = mw.MatrixExplorer(con)
    assert explorer.value == "count"
    for trait, value in (("value", "sum"), ("type_value", "mean_size")):
        with pytest.raises(InvalidArgument, match="synapses have no size"):
            setattr(explorer, trait, value)
    viewer = mw.SkeletonViewer(con, A)
    with pytest.raises(InvalidArgument, match="synapses have no size"):
        viewer.synapse_color = "size"
    (low, *_), (high, *_) = viewer.world["volume"]
    assert low > high, "nothing is inside"
    picker = mw.CellPicker(con, filters={"cell_type_auto": ["amacrine"]})
    assert sorted(picker.filtered) == [A, D]
    assert "5 of 5 cells have no cortical depth" in picker.left_out[0]
    added = [entry["label"] for entry in viewer.added_types]
    assert added == ["amacrine", "motor"]
    for widget in (explorer, picker):
        picture, problem = widget._still_png()
        assert picture is not None, problem


def test_skeletons_come_from_a_client_or_the_folder_and_have_no_depth(
    client, world, sample, description, tmp_path
):
    skeleton = sample.skeleton(sample.select(proofread=True)[0])
    world.skeletons[int(A)] = service_dict(skeleton.to_cave()) | {"meta": {"root_id": int(A)}}
    fetch_dataset(client, tmp_path / "data", datastack=description, progress=False)
    live = mw.load(tmp_path / "data", client=client).skeleton(A)
    assert live.cable_length() == pytest.approx(skeleton.cable_length())
    assert np.isnan(live.depth).all()
    offline = mw.load(tmp_path / "data")
    with pytest.raises(SkeletonNotFound):
        offline.skeleton(A)
    (tmp_path / "data" / "skeletons").mkdir()
    live.to_swc(tmp_path / "data" / "skeletons" / f"{A}.swc")
    assert np.isnan(offline.skeleton(A).depth).all()


def test_a_skeleton_of_ones_own_takes_over_that_there_is_no_depth(con, sample):
    skeleton = sample.skeleton(sample.select(proofread=True)[0])
    own = Connectome(
        con.cells, con.synapses.assign(size=0), {A: skeleton}, source=con.source, any_volume=True
    )
    assert np.isfinite(skeleton.depth).all()
    assert np.isnan(own.skeleton(A).depth).all()


def test_long_tables_that_are_cut_keep_all_their_rows(client, world, description, tmp_path):
    world.row_cap = 6
    fetch_dataset(client, tmp_path / "data", datastack=description, progress=False)
    con = mw.load(tmp_path / "data")
    assert con.labels([A, E]).tolist() == ["amacrine", "astrocyte"]
    assert con.labels([E], "coarse_cell_type_auto").tolist() == ["glia"]
    assert len(con.synapses) == 7


def test_positions_in_voxels_that_cave_does_not_know_are_converted(client, description, tmp_path):
    text = DESCRIPTION.replace('table = "somas"', 'table = "somas"\nvoxel_nm = [8, 8, 80]')
    description.write_text(text)
    fetch_dataset(client, tmp_path / "data", datastack=description, progress=False)
    assert mw.load(tmp_path / "data").cell(A)["pt_position_x"] == pytest.approx(14_000)


def test_positions_outside_the_volume_of_the_description_are_an_error(
    client, description, tmp_path
):
    description.write_text(f"volume_nm = [[0, 0, 0], [7002, 9e3, 9e3]]\n{DESCRIPTION}")
    with pytest.raises(InvalidArgument, match="4 of 5 positions of somas are outside volume_nm"):
        fetch_dataset(client, tmp_path / "data", datastack=description, progress=False)


def test_sizes_are_used_if_there_are_any(client, world, synapses, description, tmp_path):
    good = world.tables["good_synapses"]
    good["area"] = good["id"].map(synapses.set_index("id")["size"])
    description.write_text(DESCRIPTION.replace("view = true\n", 'view = true\nsize = "area"\n'))
    fetch_dataset(client, tmp_path / "data", datastack=description, progress=False)
    con = mw.load(tmp_path / "data")
    assert con.source == f"CAVE {NAME}, version {VERSION}; no cortical depth"
    assert con.matrix().to_numpy().tolist() == [[0, 400, 0], [700, 0, 0], [1, 0, 0]]


def test_chosen_cells_and_chosen_types_decide_whose_synapses_are_queried(
    client, description, tmp_path
):
    fetch_dataset(client, tmp_path / "one", datastack=description, root_ids=[C], progress=False)
    assert len(mw.load(tmp_path / "one").synapses) == 1
    options = {"datastack": description, "progress": False}
    _, first = fetch_dataset(client, tmp_path / "one", root_ids=[C], **options)
    _, second = fetch_dataset(client, tmp_path / "one", root_ids=[A, B], **options)
    assert first != second
    assert A in pd.read_feather(second)["pre_pt_root_id"].to_numpy()
    description.write_text(f'synapses_of = ["LC4"]\n{DESCRIPTION}')
    fetch_dataset(client, tmp_path / "type", datastack=description, progress=False)
    con = mw.load(tmp_path / "type")
    assert set(con.synapses["id"]) == {1, 2, 4, 7}
    description.write_text(f'synapses_of = ["Kenyon"]\n{DESCRIPTION}')
    with pytest.raises(UnknownCell, match="no proofread cells of these types: Kenyon"):
        fetch_dataset(client, tmp_path / "none", datastack=description, progress=False)


def test_a_folder_keeps_to_one_description(client, server, description, tmp_path):
    for _ in range(2):
        fetch_dataset(client, tmp_path / "data", datastack=description, progress=False)
    queries = server.count("/query")
    description.write_text(DESCRIPTION + "# another\n")
    with pytest.raises(InvalidArgument, match="is not the description that you gave"):
        fetch_dataset(client, tmp_path / "data", datastack=description, progress=False)
    assert server.count("/query") == queries
    with pytest.raises(InvalidArgument, match="belongs to another datastack"):
        fetch_dataset(client, tmp_path / "data", version=VERSION, progress=False)
    assert server.count("/query") == queries
    with pytest.raises(InvalidCall, match="tables of MICrONS"):
        fetch_dataset(client, tmp_path / "x", datastack=description, optional=["tuning"])


@pytest.mark.parametrize(
    ("before", "after", "error", "message"),
    [
        ('"somas"', '"soma"', VersionNotFound, "does not have soma of version 12 of octopus"),
        ('"soma_position"', '"pt_position"', CaveError, "no column 'pt_position_x'"),
        ('column = "finished"', 'column = "done"', CaveError, "no column 'done'; it has id, pt_"),
        ('"pre_pt_position"', '"ctr_pt_position"', CaveError, "no column 'ctr_pt_position_x'"),
        (
            'name = "octopus_public"',
            'name = "v1dd_public"',
            InvalidArgument,
            "belongs to octopus_public, but",
        ),
    ],
)
def test_a_wrong_name_in_the_description_is_an_error_and_nothing_is_kept(
    client, description, tmp_path, before, after, error, message
):
    description.write_text(DESCRIPTION.replace(before, after))
    with pytest.raises(error, match=message):
        fetch_dataset(client, tmp_path / "data", datastack=description, progress=False)
    assert not any(tmp_path.glob("data/synapses*"))


def test_a_table_that_matches_no_cell_is_warned_of(client, world, description, tmp_path):
    world.tables["annotations"]["target_id"] += 1000
    with pytest.warns(UserWarning, match="No cell of somas is in annotations"):
        fetch_dataset(client, tmp_path / "data", datastack=description, progress=False)
    assert set(mw.load(tmp_path / "data").cells["cell_type_auto"]) == {""}


def test_an_interrupted_query_goes_on_and_a_response_with_too_few_rows_is_refused(
    client, server, description, tmp_path
):
    server.fail("good_synapses/query", 503, after=3)
    with pytest.raises(CaveError):
        fetch_dataset(client, tmp_path / "d", datastack=description, block=1, progress=False)
    server.clear_faults()
    before = server.count("good_synapses/query")
    fetch_dataset(client, tmp_path / "d", datastack=description, block=1, progress=False)
    assert server.count("good_synapses/query") - before == 2 * (6 - 1)
    assert not (tmp_path / "d" / ".blocks").exists()
    assert isinstance(mw.load(tmp_path / "d").synapses, pd.DataFrame)
