"""The bytes in which a matrix goes to the browser hold it exactly."""

from __future__ import annotations

import gzip
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_world import A, B, C, D, E, X, cell_frame, random_synapses, synapse_frame
from test_columns import read

from microns_widgets import ConnectivityMatrix, Connectome
from microns_widgets.widgets._matrix_data import matrix_block

FIXTURE = Path(__file__).parents[2] / "frontend" / "test" / "fixtures" / "matrix.bin"


def small_matrix() -> ConnectivityMatrix:
    con = Connectome(cell_frame(), synapse_frame(), source="a small world")
    return con.matrix([A, B, C, D], [X, B, A, E], "log10_sum")


def tables(block: bytes) -> list[dict[str, list]]:
    """Take a block apart as the front end does."""
    content = gzip.decompress(block)
    *lengths, zero = np.frombuffer(content[:16], dtype="<u4").tolist()
    assert zero == 0
    ends = np.cumsum([16, *lengths])
    assert ends[-1] == len(content)
    return [read(content[start:end]) for start, end in pairwise(ends)]


def test_rows_and_columns_go_with_their_types_and_depths() -> None:
    rows, columns, _ = tables(matrix_block(small_matrix()))
    assert rows["pt_root_id"] == [A, B, C, D]
    assert rows["n_connections"] == [2, 2, 1, 0]
    assert columns["pt_root_id"] == [X, B, A, E]
    assert columns["cell_type_auto"] == ["", "BC", "23P", "astrocyte"]
    assert columns["depth"][0] == np.inf
    assert rows["depth"][0] < rows["depth"][1] < rows["depth"][2]


def test_connections_go_as_gaps_counts_and_sizes() -> None:
    _, _, connections = tables(matrix_block(small_matrix()))
    assert connections == {
        "gap": [0, 1, 1, 1, 2],
        "count": [1, 2, 1, 1, 1],
        "largest": [50, 300, 20, 700, 1],
        "rest": [0, 100, 0, 0, 0],
    }


def test_any_matrix_comes_back(rng: np.random.Generator) -> None:
    ids = np.arange(1, 401) * 7919 + 864691135000000000
    cells = pd.concat([cell_frame().iloc[:1]] * len(ids), ignore_index=True)
    con = Connectome(cells.assign(pt_root_id=ids), random_synapses(20_000, ids, rng))
    matrix = con.matrix(rng.permutation(ids)[:150], rng.permutation(ids))
    rows, _, connections = tables(matrix_block(matrix))
    begin = np.cumsum([0, *rows["n_connections"]])
    np.testing.assert_array_equal(begin, matrix.count.indptr)
    gaps = np.split(np.array(connections["gap"]), begin[1:-1])
    places = np.concatenate([np.cumsum(gap) for gap in gaps])
    np.testing.assert_array_equal(places, matrix.count.indices)
    total = np.add(connections["largest"], connections["rest"])
    np.testing.assert_array_equal(total, matrix.total.data)
    np.testing.assert_array_equal(connections["count"], matrix.count.data)


def test_a_matrix_without_connections_goes_too() -> None:
    con = Connectome(cell_frame(), synapse_frame())
    rows, columns, connections = tables(matrix_block(con.matrix([D], [E])))
    assert (rows["pt_root_id"], columns["pt_root_id"]) == ([D], [E])
    assert connections == {"gap": [], "count": [], "largest": [], "rest": []}


def test_cells_without_positions_go_without_depth() -> None:
    matrix = small_matrix()
    bare = matrix.pre[["cell_type_auto"]]
    rows, _, _ = tables(matrix_block(ConnectivityMatrix(bare, matrix.post, *parts(matrix))))
    assert set(rows) == {"pt_root_id", "n_connections", "cell_type_auto"}


def parts(matrix: ConnectivityMatrix) -> tuple:
    return matrix.count, matrix.total, matrix.largest


def test_the_front_ends_tests_read_what_python_packs() -> None:
    # The bytes are not compared: zlib varies by version, and depth varies in its last digit.
    for written, made in zip(
        tables(FIXTURE.read_bytes()), tables(matrix_block(small_matrix())), strict=True
    ):
        assert written.keys() == made.keys()
        for name, values in made.items():
            assert written[name] == (pytest.approx(values) if name == "depth" else values)


if __name__ == "__main__":
    FIXTURE.write_bytes(matrix_block(small_matrix()))
