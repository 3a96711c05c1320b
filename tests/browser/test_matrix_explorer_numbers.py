"""What the browser computes of a matrix is what scipy computes."""

from __future__ import annotations

import base64
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from large_matrix import large_matrix
from playwright.sync_api import Browser

from microns_widgets import ConnectivityMatrix
from microns_widgets.network.entries import VALUES
from microns_widgets.widgets._matrix_data import matrix_block
from tests.long_cases import every_third

PROBES = 10_000
ASK = """async ({ script, block, probe }) => {
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const { ask } = await import(url);
  const bytes = Uint8Array.from(atob(block), (byte) => byte.charCodeAt(0));
  return ask(new DataView(bytes.buffer), probe);
}"""


@pytest.fixture(scope="module")
def matrix() -> ConnectivityMatrix:
    return large_matrix(500, 20_000, 200_000)


def ask(browser: Browser, probe_folder: Path, matrix: ConnectivityMatrix, probe: Any) -> Any:
    page = browser.new_page()
    try:
        block = base64.b64encode(matrix_block(matrix)).decode()
        script = (probe_folder / "matrix.js").read_text()
        return page.evaluate(ASK, {"script": script, "block": block, "probe": probe})
    finally:
        page.close()


@pytest.mark.parametrize("value", every_third(VALUES))
@pytest.mark.parametrize("orders", [("given", "given"), ("cell_type_auto", "depth")])
def test_10_000_probes_of_value_and_sums_equal_scipys(
    browser: Browser,
    probe_folder: Path,
    matrix: ConnectivityMatrix,
    rng: np.random.Generator,
    value: str,
    orders: tuple[str, str],
) -> None:
    shown = matrix.with_value(value)
    for axis, by in zip(("pre", "post"), orders, strict=True):
        shown = shown if by == "given" else shown.sort(by, axis=axis)
    stored = shown.sparse.tocoo()
    connected = rng.integers(0, len(stored.data), PROBES // 2)
    anywhere = [rng.integers(0, length, PROBES // 2) for length in shown.shape]
    rows = np.concatenate([stored.row[connected], anywhere[0]]).astype(int)
    columns = np.concatenate([stored.col[connected], anywhere[1]]).astype(int)
    probe = {
        "rows": rows.tolist(),
        "columns": columns.tolist(),
        "value": value,
        "orders": dict(zip(("pre", "post"), orders, strict=True)),
    }
    said = ask(browser, probe_folder, matrix, probe)
    dense = shown.to_numpy(no_connection=np.nan)
    # The same numbers bit by bit; only the logarithm may differ in its last place.
    tolerance = 1e-15 if value == "log10_sum" else 0
    values = [math.nan if one is None else one for one in said["values"]]
    np.testing.assert_allclose(values, dense[rows, columns], rtol=tolerance)
    weights = shown.count if value == "count" else shown.total
    weights = shown.with_value("binary").sparse if value == "binary" else weights
    np.testing.assert_array_equal(said["rowSums"], weights.sum(axis=1)[rows])
    np.testing.assert_array_equal(said["columnSums"], weights.sum(axis=0)[columns])


def test_aggregates_by_type_equal_pythons(
    browser: Browser, probe_folder: Path, matrix: ConnectivityMatrix
) -> None:
    orders = {"pre": "given", "post": "given"}
    probe = {"rows": [], "columns": [], "value": "sum", "orders": orders}
    said = ask(browser, probe_folder, matrix, probe)
    summary = matrix.by_type()
    assert said["preLabels"] == list(summary.pairs_possible.index)
    assert said["postLabels"] == list(summary.pairs_possible.columns)
    assert (matrix.pre_ids[:, None] == matrix.post_ids[None, :]).sum() == len(matrix.pre_ids)
    names = ("pairs_possible", "pairs_connected", "n_synapses", "size_sum")
    for name, counts in zip(names, said["types"], strict=True):
        assert counts == getattr(summary, name).to_numpy().ravel().tolist()


@pytest.mark.parametrize("by", every_third(["cell_type_auto", "region", "depth", "degree"]))
@pytest.mark.parametrize("axis", ["pre", "post"])
def test_cells_are_in_the_same_order_as_in_python(
    browser: Browser, probe_folder: Path, matrix: ConnectivityMatrix, axis: str, by: str
) -> None:
    # A row's sum and its values identify its cell.
    other = "post" if axis == "pre" else "pre"
    n = matrix.shape[axis == "post"]
    places = list(range(n))
    probe = {
        "rows": places if axis == "pre" else [0] * n,
        "columns": places if axis == "post" else [0] * n,
        "value": "sum",
        "orders": {axis: by, other: "given"},
    }
    said = ask(browser, probe_folder, matrix, probe)
    sums = matrix.sort(by, axis=axis).total.sum(axis=1 if axis == "pre" else 0)
    assert said["rowSums" if axis == "pre" else "columnSums"] == sums.tolist()
