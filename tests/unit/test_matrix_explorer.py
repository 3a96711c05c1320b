"""What a matrix explorer shows can be read and set in Python."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small_world import A, B, C, D, E, X, cell_frame, synapse_frame

import microns_widgets as mw
from microns_widgets.errors import (
    InvalidArgument,
    InvalidRootIds,
    InvalidType,
    MatrixError,
    TooManyCells,
    UnknownArgument,
    UnknownColumn,
)
from microns_widgets.widgets._base import STATIC
from microns_widgets.widgets._matrix_view import VIEW_TRAITS
from microns_widgets.widgets.matrix_explorer import MatrixExplorer

pytestmark = pytest.mark.usefixtures("built")


@pytest.fixture(scope="module")
def built() -> None:
    assert (STATIC / "matrix-explorer.js").is_file(), "Run `make frontend` first."


@pytest.fixture
def con() -> mw.Connectome:
    return mw.Connectome(cell_frame(), synapse_frame(), source="a small world")


@pytest.fixture
def explorer(con: mw.Connectome) -> MatrixExplorer:
    return MatrixExplorer(con, [A, B, C, D], [X, B, A, E])


def sent(explorer: MatrixExplorer, name: str) -> Any:
    return explorer.get_state(name)[name]


def answer(explorer: MatrixExplorer, name: str, content: Any = None) -> tuple[dict, list[bytes]]:
    """Ask as the front end does, and return the answer's message and buffers."""
    messages: list[tuple[dict, list[bytes]]] = []
    explorer.send = lambda message, buffers: messages.append((message, list(buffers)))
    explorer._receive(explorer, {"kind": "ask", "id": "1", "name": name, "content": content}, [])
    return messages[0]


def test_of_a_connectome_it_shows_proofread_cells_among_themselves(con: mw.Connectome) -> None:
    explorer = MatrixExplorer(con)
    assert explorer.matrix.pre_ids.tolist() == [A, B, C]
    assert explorer.matrix.shape == (3, 3)
    assert explorer.value == "log10_sum"


def test_a_matrix_keeps_its_value_and_can_be_cut(con: mw.Connectome) -> None:
    explorer = MatrixExplorer(con.matrix(value="count"), pre=[B, A])
    assert explorer.value == "count"
    assert explorer.matrix.pre_ids.tolist() == [B, A]
    assert explorer.matrix.post_ids.tolist() == [A, B, C]


def test_something_else_is_refused() -> None:
    with pytest.raises(TypeError, match="given list, expected a Connectome or a Connectivity"):
        MatrixExplorer([1, 2])


def test_a_matrix_without_cells_is_refused(con: mw.Connectome) -> None:
    with pytest.raises(MatrixError, match=r"matrix has 0 x 1 cells\. Expected at least one row"):
        MatrixExplorer(con.matrix(np.zeros(0, dtype=np.int64), [A]))
    for lists, message in (
        ({"pre": []}, r"^pre is empty\. Expected at least one root id; con\.select"),
        ({"pre": [A], "post": []}, r"^post is empty\."),
        ({"pre": [], "post": []}, r"^pre and post are empty\."),
    ):
        for widget in (MatrixExplorer, mw.Explorer):
            with pytest.raises(MatrixError, match=message):
                widget(con, **lists)


def test_a_trait_that_it_does_not_have_is_refused(con: mw.Connectome) -> None:
    with pytest.raises(UnknownArgument, match=r"no argument 'color_map'.*Did you mean 'colormap'"):
        MatrixExplorer(con, color_map="viridis")


def test_root_ids_are_strings_on_the_way_to_the_browser(explorer: MatrixExplorer) -> None:
    explorer.pair = (A, B)
    explorer.selected_pre = [A, C]
    assert sent(explorer, "pair") == [str(A), str(B)]
    assert sent(explorer, "selected_pre") == [str(A), str(C)]
    explorer.set_state({"pair": [str(B), str(A)], "selected_post": [str(X)]})
    assert explorer.pair == (B, A)
    assert explorer.selected_post == (X,)


def test_the_data_are_no_part_of_the_saved_state_unless_asked_for(con: mw.Connectome) -> None:
    assert sent(MatrixExplorer(con), "data") is None
    explorer = MatrixExplorer(con, save_data=True)
    assert answer(explorer, "matrix")[1] == [sent(explorer, "data")]


@pytest.mark.parametrize(
    ("name", "value", "error", "message"),
    [
        ("pair", (A, D), MatrixError, f"{D} is not on the postsynaptic axis"),
        ("pair", A, InvalidType, "pair was given int, expected a presynaptic and a postsynaptic"),
        ("pair", (float(A), B), InvalidRootIds, "is not a valid root id"),
        ("cell", E + 100, MatrixError, "is on neither axis"),
        ("selected_pre", [X], MatrixError, f"{X} is not on the presynaptic axis"),
        ("order_pre", "height", InvalidArgument, "Expected one of 'given', 'own', 'depth'"),
        ("order_pre", "own", MatrixError, r'Set it with explorer.sort\(ids, axis="pre"\)'),
        ("order_pre", 5, InvalidType, "order_pre was given int, expected"),
        ("by", "volume", UnknownColumn, "no column 'volume'.*Expected one of cell_type_auto"),
        (
            "view",
            {"rows": [0, 9]},
            InvalidArgument,
            r"is \[0, 9\]. Expected the start and",
        ),
        ("view", {"left": 0}, InvalidArgument, "key 'left'. Expected 'rows' and 'columns'"),
        ("view", {"rows": 3}, InvalidArgument, "is 3. Expected"),
        ("view", [0, 3], InvalidType, "view was given list, expected a dict"),
        ("value", "size", InvalidArgument, "value='size' is not a valid choice"),
        ("colormap", "virdis", InvalidArgument, "Did you mean 'viridis'"),
    ],
)
def test_what_it_cannot_show_is_refused(
    explorer: MatrixExplorer, name: str, value: Any, error: type[Exception], message: str
) -> None:
    before = getattr(explorer, name)
    with pytest.raises(error, match=message):
        setattr(explorer, name, value)
    assert getattr(explorer, name) == before


def test_a_pair_can_be_cleared(explorer: MatrixExplorer) -> None:
    explorer.pair = (A, B)
    explorer.pair = None
    assert sent(explorer, "pair") is None


def test_too_many_cells_cannot_be_selected(monkeypatch: pytest.MonkeyPatch, explorer) -> None:
    monkeypatch.setattr("microns_widgets.widgets._matrix_data.LARGEST_SELECTION", 2)
    with pytest.raises(TooManyCells, match="has 3 cells, expected at most 2"):
        explorer.selected_pre = [A, B, C]


def test_selections_can_be_observed(explorer: MatrixExplorer) -> None:
    seen = []
    explorer.observe(lambda change: seen.append(change["new"]), "selected_pre")
    explorer.set_state({"selected_pre": [str(B), str(B)]})
    assert seen == [(B,)]


def test_the_matrix_is_the_one_that_is_shown(explorer: MatrixExplorer) -> None:
    explorer.value = "count"
    explorer.sort("cell_type_auto")
    assert explorer.matrix.pre_ids.tolist() == [A, D, B, C]
    assert explorer.matrix.post_ids.tolist() == [A, B, E, X]
    explorer.view = {"rows": [0, 1], "columns": [1, 4]}
    assert explorer.visible.to_numpy().tolist() == [[2, 0, 1]]


@pytest.mark.parametrize("by", ["cell_type_auto", "region", "depth", "degree", "clustering"])
@pytest.mark.parametrize("axis", ["pre", "post", "both"])
def test_it_sorts_as_a_matrix_does(explorer: MatrixExplorer, by: str, axis: str) -> None:
    expected = explorer._matrix.sort(by, axis=axis)
    explorer.sort(by, axis=axis)
    assert explorer.matrix.pre_ids.tolist() == expected.pre_ids.tolist()
    assert explorer.matrix.post_ids.tolist() == expected.post_ids.tolist()


def test_an_order_of_ones_own_goes_to_the_browser(explorer: MatrixExplorer) -> None:
    explorer.sort([D, A, B, C], axis="pre")
    assert explorer.order_pre == "own"
    assert explorer.order_post == "given"
    assert np.frombuffer(sent(explorer, "own_pre"), "<u4").tolist() == [3, 0, 1, 2]
    assert explorer.matrix.pre_ids.tolist() == [D, A, B, C]
    with pytest.raises(MatrixError, match="2 ids were given to sort 4 cells"):
        explorer.sort([A, B], axis="pre")


def test_python_clusters_for_the_browser(explorer: MatrixExplorer) -> None:
    _, [block] = answer(explorer, "order", {"axis": "pre", "by": "clustering"})
    order = np.frombuffer(block, "<u4")
    expected = explorer._matrix.sort("clustering", axis="pre").pre_ids
    assert explorer._matrix.pre_ids[order].tolist() == expected.tolist()


def test_the_synapses_of_a_pair_are_listed_largest_first(explorer: MatrixExplorer) -> None:
    message, _ = answer(explorer, "synapses", [str(A), str(B)])
    assert message["content"] == {
        "n": 2,
        "synapses": [
            {"id": "2", "position_um": [700.01, 600.0, 850.0], "size": 300},
            {"id": "1", "position_um": [700.0, 600.0, 850.0], "size": 100},
        ],
    }


def test_a_matrix_alone_lists_no_synapses_but_says_how(con: mw.Connectome) -> None:
    explorer = MatrixExplorer(con.matrix())
    assert sent(explorer, "lists_synapses") is False
    message, _ = answer(explorer, "synapses", [str(A), str(B)])
    assert "MatrixExplorer(matrix, con=con)" in message["error"]["message"]
    with_synapses = MatrixExplorer(con.matrix(), con=con)
    assert sent(with_synapses, "lists_synapses") is True
    assert answer(with_synapses, "synapses", [str(A), str(B)])[0]["content"]["n"] == 2


def test_whole_views_are_empty(explorer: MatrixExplorer) -> None:
    explorer.view = {"rows": [0, 4], "columns": (0, 4)}
    assert explorer.view == {}
    explorer.view = {"rows": [1, 3]}
    assert explorer.view == {"rows": [1, 3], "columns": [0, 4]}


def test_its_line_of_python_makes_the_same_view(con: mw.Connectome) -> None:
    pre, post = [A, B, C, D], [X, B, A, E]
    shown: dict[str, Any] = {
        "value": "count",
        "order_pre": "depth",
        "view": {"rows": [0, 2], "columns": [1, 3]},
        "pair": (A, B),
        "selected_pre": (A,),
    }
    line = MatrixExplorer(con, pre, post, **shown).to_code()
    again = eval(line, {"mw": mw, "con": con, "pre": pre, "post": post})
    for name in VIEW_TRAITS:
        assert getattr(again, name) == shown.get(name, getattr(MatrixExplorer(con), name))
    assert again.matrix.post_ids.tolist() == MatrixExplorer(con, pre, post).matrix.post_ids.tolist()


def test_its_picture_shows_the_view_and_says_where_the_data_are_from(con: mw.Connectome) -> None:
    explorer = MatrixExplorer(con, [A, B, C, D], [X, B, A, E])
    explorer.view = {"rows": [0, 2], "columns": [1, 4]}
    ax = explorer._still().axes[0]
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("2 presynaptic cells", "3 postsynaptic cells")
    assert "a small world" in [text.get_text() for text in ax.texts]
    bundle = explorer._repr_mimebundle_()
    assert bundle is not None
    assert bundle[0]["image/png"].startswith("iVBOR")


def test_the_sample_is_called_synthetic() -> None:
    explorer = MatrixExplorer(mw.load(quiet=True))
    assert "synthetic" in sent(explorer, "source")
    n = len(explorer.matrix.pre)
    assert repr(explorer).startswith(f"<MatrixExplorer {n} x {n}, ")
