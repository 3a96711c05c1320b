"""What Python sends of random networks to the matrix explorer."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
import pytest
from small_world import A, B, X, cell_frame, synapse_frame
from test_columns import read

import microns_widgets as mw
from microns_widgets.widgets._matrix_chance import FEWEST_EXPECTED
from microns_widgets.widgets.matrix_explorer import MatrixExplorer


@pytest.fixture
def con() -> mw.Connectome:
    return mw.Connectome(cell_frame(), synapse_frame(), source="a small world")


def ask(explorer: MatrixExplorer, kind: str, n: int, by: str = "region") -> Any:
    """Ask as the front end does; return the table, or the error."""
    messages: list[tuple[dict, list[bytes]]] = []
    explorer.send = lambda message, buffers: messages.append((message, list(buffers)))
    content = {"kind": kind, "by": by, "n": n}
    question = {"kind": "ask", "id": "1", "name": "chance", "content": content}
    explorer._receive(explorer, question, [])
    [(message, buffers)] = messages
    return pd.DataFrame(read(buffers[0])) if buffers else message["error"]["message"]


def test_more_random_networks_continue_the_first_ones() -> None:
    explorer = MatrixExplorer(mw.load(quiet=True))
    null = explorer._matrix.null("density", n=5)
    for n in (3, 5):
        table = ask(explorer, "density", n, "cell_type_auto")
        numbers = null.with_n(n).compare("pairs_by_type", progress=False).to_frame()
        assert set(table["n"]) == {n}
        assert table["pre"].tolist() == numbers.index.get_level_values(0).tolist()
        for name, sent in (("mean", "expected"), ("low", "low"), ("p_value", "p")):
            np.testing.assert_allclose(table[sent], numbers[name].to_numpy(np.float32))


def test_a_kind_that_is_impossible_is_refused_with_its_reason(con: mw.Connectome) -> None:
    explorer = MatrixExplorer(con, [A, B], [A, X])  # X has no soma
    assert "soma" in ask(explorer, "distance", 5)
    assert "Expected one of" in ask(explorer, "shuffled", 5)


def test_random_networks_are_saved_if_they_are_shown(con: mw.Connectome) -> None:
    assert MatrixExplorer(con, save_data=True).chance is None
    explorer = MatrixExplorer(con, show="types", type_value="ratio", save_data=True)
    assert explorer.chance is not None
    assert len(set(read(explorer.chance)["kind"])) == 5
    assert explorer.to_code() == 'mw.MatrixExplorer(con, show="types", type_value="ratio")'


def test_the_still_picture_shows_the_ratio_of_each_pair_that_is_worth_one() -> None:
    explorer = MatrixExplorer(mw.load(quiet=True), show="types", type_value="ratio", null="density")
    comparison = explorer._matrix.null("density", n=10).compare("pairs_by_type", progress=False)
    shown = comparison.ratio.where(comparison.mean >= FEWEST_EXPECTED)
    picture, scale = explorer._still().axes
    np.testing.assert_allclose(picture.collections[0].get_array().filled(np.nan), shown)
    assert "10 networks: density" in scale.get_ylabel()


def test_the_still_picture_of_the_types_shows_the_value_that_the_widget_shows() -> None:
    explorer = MatrixExplorer(mw.load(quiet=True), show="types", type_value="mean_synapses")
    picture, scale = explorer._still().axes
    expected = explorer._matrix.by_type().mean_synapses
    np.testing.assert_allclose(picture.collections[0].get_array().filled(np.nan), expected)
    assert scale.get_ylabel() == "mean synapses"


def test_where_a_ratio_is_impossible_the_still_picture_says_what_to_do(con: mw.Connectome) -> None:
    explorer = MatrixExplorer(
        con, [A, B], [A, X], show="types", type_value="ratio", null="distance"
    )
    picture, scale = explorer._still().axes
    assert picture.collections[0].get_array().mask.all()
    assert "run the cell" in scale.get_ylabel()


def test_the_build_of_the_site_shows_no_progress_bar(
    con: mw.Connectome, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MICRONS_SAVE_DATA", "1")
    draw = MatrixExplorer._chance

    def slowly(explorer: MatrixExplorer, *asked: Any) -> pd.DataFrame:
        time.sleep(0.5)
        return draw(explorer, *asked)

    monkeypatch.setattr(MatrixExplorer, "_chance", slowly)
    assert MatrixExplorer(con, show="types", type_value="ratio").chance is not None
    assert capsys.readouterr().err == ""
