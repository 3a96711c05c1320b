"""A widget introduces itself in one short line, whatever it shows."""

from __future__ import annotations

import pytest

import microns_widgets as mw


def picker(con: mw.Connectome) -> mw.CellPicker:
    return mw.CellPicker(con, value=con.root_ids[0], selected=con.root_ids)


def viewer(con: mw.Connectome) -> mw.SkeletonViewer:
    return mw.SkeletonViewer(con, con.root_ids[:100])


def matrix(con: mw.Connectome) -> mw.MatrixExplorer:
    everything = con.matrix(con.root_ids)
    return mw.MatrixExplorer(everything, value="log10_sum", pair=everything.pre_ids[:2])


def player(con: mw.Connectome) -> mw.ActivityPlayer:
    matrix = con.matrix(autapses=False)
    return mw.ActivityPlayer(matrix, beside=matrix.null("degrees", n=1), time=12.345)


def explorer(con: mw.Connectome) -> mw.Explorer:
    return mw.Explorer(con)


def token_panel(_con: mw.Connectome) -> mw.TokenPanel:
    return mw.TokenPanel()


def self_check(_con: mw.Connectome) -> mw.SelfCheck:
    return mw.SelfCheck("A question\nthat is long. " * 20, "No", {"Yes": "Think again."})


@pytest.mark.parametrize(
    "make", [picker, viewer, matrix, player, explorer, token_panel, self_check]
)
def test_a_widget_is_one_line_of_less_than_120_characters(sample, make):
    widget = make(sample)
    assert len(repr(widget)) < 120, repr(widget)
    assert "\n" not in repr(widget)
    assert repr(widget).startswith(f"<{type(widget).__name__} ")


def test_a_viewer_of_many_cells_names_the_first_ones_and_counts_the_others(sample):
    a, b, c, *others = sample.root_ids[:100]
    assert repr(viewer(sample)) == f"<SkeletonViewer {a}, {b}, {c} and {len(others)} more>"


def test_a_matrix_explorer_names_its_pair(sample):
    pre, post = sample.root_ids[:2]
    assert f", pair {pre} -> {post}>" in repr(matrix(sample))
