"""What other libraries get is read back from them: the same cells, connections and lengths."""

from __future__ import annotations

import sys

import networkx as nx
import numpy as np
import pytest
from small_world import A, B, C, X

import microns_widgets as mw
from microns_widgets.connectome import Connectome
from microns_widgets.errors import MissingLibrary
from microns_widgets.tables.source import NO_DEPTH, NO_SIZES


@pytest.fixture
def con(cells, synapses) -> Connectome:
    return Connectome(cells, synapses, source="a page")


def test_a_graph_has_the_cells_and_their_types(con):
    graph = con.matrix([A, B, X], [A, B]).to_networkx()
    assert list(graph) == [A, B, X]
    assert graph.nodes[A]["cell_type_auto"] == "23P"
    assert graph.nodes[B]["region"] == "V1"
    position = con.cell(A)[["pt_position_x", "pt_position_y", "pt_position_z"]]
    assert graph.nodes[A]["depth_um"] == pytest.approx(mw.cortical_depth([position.tolist()])[0])
    # A fragment is not in the cell table: nothing is known of it.
    assert graph.nodes[X] == {"presynaptic": True, "postsynaptic": False}
    assert graph.graph == {"source": "a page", "value": "sum"}


def test_edges_lead_from_pre_to_post_with_all_that_is_known_of_a_connection(con):
    graph = con.matrix(value="mean").to_networkx()
    assert set(graph.edges) == {(A, B), (B, A), (B, B), (C, A)}
    assert graph.edges[A, B] == {"weight": 200, "n_synapses": 2, "size_sum": 400, "size_max": 300}


@pytest.mark.parametrize("value", ["sum", "log10_sum", "binary"])
def test_a_matrix_is_read_back_from_its_graph(sample, value):
    matrix = sample.matrix(value=value)
    graph = matrix.to_networkx()
    ids = matrix.pre_ids.tolist()
    back = nx.to_numpy_array(graph, nodelist=ids, weight="weight", nonedge=-1, dtype=float)
    np.testing.assert_allclose(back, matrix.to_numpy(no_connection=-1))
    degrees = [graph.out_degree(cell) for cell in ids]
    assert degrees == matrix.degree("pre").tolist()
    assert nx.overall_reciprocity(graph) > 0


def test_a_graph_survives_a_file(sample, tmp_path):
    graph = sample.matrix(sample.select(cell_type="MC", proofread=True)).to_networkx()
    nx.write_graphml(graph, tmp_path / "graph.graphml")
    back = nx.read_graphml(tmp_path / "graph.graphml", node_type=int)
    assert dict(back.nodes(data=True)) == dict(graph.nodes(data=True))
    assert {edge[:2]: edge[2] for edge in back.edges(data=True)} == {
        edge[:2]: edge[2] for edge in graph.edges(data=True)
    }


def test_without_depths_and_sizes_a_graph_has_none(cells, synapses):
    source = f"a fly, {NO_DEPTH}, {NO_SIZES}"
    graph = Connectome(cells, synapses, source=source).matrix().to_networkx()
    assert "depth_um" not in graph.nodes[A]
    assert graph.edges[A, B] == {"weight": 2, "n_synapses": 2}


def test_without_networkx_the_error_says_how_to_install_it(con, monkeypatch):
    monkeypatch.setitem(sys.modules, "networkx", None)
    with pytest.raises(MissingLibrary, match=r"Install it: pip install networkx$"):
        con.matrix().to_networkx()


def test_without_navis_the_error_says_how_to_install_it(sample, monkeypatch):
    monkeypatch.setitem(sys.modules, "navis", None)
    with pytest.raises(MissingLibrary, match=r"pip install navis\. .* to_swc"):
        sample.skeleton(sample.examples()["MC"]).to_navis()


@pytest.fixture(scope="module")
def navis():
    return pytest.importorskip("navis", reason="needs the extra 'navis'")


@pytest.mark.parametrize("kind", ["BC", "5P-ET"])
def test_a_neuron_of_navis_has_the_same_lengths_and_branches(navis, sample, kind):
    skeleton = sample.skeleton(sample.examples()[kind])
    neuron = skeleton.to_navis()
    assert isinstance(neuron, navis.TreeNeuron)
    assert neuron.units == navis.config.ureg("1 nanometer")
    assert neuron.cable_length / 1000 == pytest.approx(skeleton.cable_length())
    assert (neuron.n_branches, neuron.n_leafs) == (
        len(skeleton.branch_points),
        len(skeleton.end_points),
    )
    assert neuron.id == skeleton.root_id
    assert neuron.soma == skeleton.soma + 1
    assert neuron.nodes["label"].astype(int).tolist() == skeleton.compartment.tolist()


@pytest.mark.parametrize("kind", ["MC", "23P"])
def test_navis_gives_an_axon_the_same_strahler_orders(navis, sample, kind):
    skeleton = sample.skeleton(sample.examples()[kind])
    neuron = navis.strahler_index(skeleton.to_navis())
    axon = skeleton.compartment == 2
    theirs = neuron.nodes.sort_values("node_id")["strahler_index"].to_numpy()
    assert theirs[axon].tolist() == skeleton.strahler_order[axon].tolist()
    assert theirs[axon].max() > 3


@pytest.mark.parametrize("kind", ["BC", "5P-ET"])
def test_a_skeleton_is_read_back_from_navis_by_a_file(navis, sample, tmp_path, kind):
    skeleton = sample.skeleton(sample.examples()[kind])
    navis.write_swc(skeleton.to_navis(), tmp_path / "neuron.swc", labels="compartment")
    back = mw.Skeleton.from_swc(tmp_path / "neuron.swc", unit="nm")
    assert back.cable_length() == pytest.approx(skeleton.cable_length())
    for part in ("axon", "dendrite", "apical dendrite"):
        assert back.cable_length(part) == pytest.approx(skeleton.cable_length(part))


def test_navis_reads_the_packages_own_files(navis, sample, tmp_path):
    skeleton = sample.skeleton(sample.examples()["BC"])
    skeleton.to_swc(tmp_path / "basket.swc")
    neuron = navis.read_swc(tmp_path / "basket.swc", units="1 um")
    assert neuron.cable_length == pytest.approx(skeleton.cable_length(), rel=1e-4)


def test_a_skeleton_without_a_soma_or_in_pieces_stays_as_it_is(navis):
    skeleton = mw.Skeleton(
        np.array([[0, 0, 0], [9, 0, 0], [50, 0, 0], [50, 8, 0]]) * 1000,
        [[0, 1], [2, 3]],
        [900, 100, 5000, 100],
        [3, 3, 3, 3],
        0,
    )
    neuron = skeleton.to_navis()
    assert neuron.soma is None
    assert neuron.n_trees == 2
    assert neuron.cable_length == pytest.approx(17_000)
