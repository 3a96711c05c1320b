"""Whether a notebook is saved with a widget's data: by its argument, else by the environment."""

import pytest

import microns_widgets as mw

WIDGETS = {
    "picker": lambda con, **given: mw.CellPicker(con, **given),
    "viewer": lambda con, **given: mw.SkeletonViewer(con, con.select(proofread=True)[0], **given),
    "matrix": lambda con, **given: mw.MatrixExplorer(con, **given),
    "player": lambda con, **given: mw.ActivityPlayer(con.matrix(autapses=False), **given),
}


@pytest.fixture(params=list(WIDGETS))
def make(request, sample):
    return lambda **given: WIDGETS[request.param](sample, **given)


def test_a_widget_saves_no_data_by_itself(make, monkeypatch):
    monkeypatch.delenv("MICRONS_SAVE_DATA", raising=False)
    assert not make().get_state()["data"]


def test_every_widget_saves_its_data_where_the_environment_says_so(make, monkeypatch):
    monkeypatch.setenv("MICRONS_SAVE_DATA", "1")
    assert make().get_state()["data"]


def test_the_argument_of_a_widget_overrides_the_environment(make, monkeypatch):
    monkeypatch.setenv("MICRONS_SAVE_DATA", "1")
    assert not make(save_data=False).get_state()["data"]


def test_the_explorer_follows_the_environment(sample, monkeypatch):
    monkeypatch.setenv("MICRONS_SAVE_DATA", "1")
    assert all(widget.get_state()["data"] for widget in mw.Explorer(sample).widgets)
