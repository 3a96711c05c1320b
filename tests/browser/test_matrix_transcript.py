"""Questions about a matrix, answered by keyboard and by what a screen reader says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from microns_widgets.sources import load
from microns_widgets.widgets.matrix_explorer import MatrixExplorer
from tests.browser.frame import Frame
from tests.browser.matrix_frame import matrix_frame
from tests.browser.reader import Reader, number


@pytest.fixture(scope="module")
def explorer() -> MatrixExplorer:
    return MatrixExplorer(load(quiet=True), save_data=True)


@pytest.fixture
def frame(browser: Browser, probe_folder: Path, explorer: MatrixExplorer) -> Iterator[Frame]:
    yield from matrix_frame(browser, probe_folder, explorer)


@pytest.fixture
def reader(frame: Frame, reader_of: Callable[[Page], Reader]) -> Reader:
    return reader_of(frame.page)


def ids(row: str) -> list[int]:
    return [int(root_id) for root_id in re.findall(r"\d{18}", row)]


def types(row: str) -> list[str]:
    return re.findall(r"(?:synaptic|pre|post) type ([^,]+)", row)


def test_which_pair_of_types_has_the_highest_probability(
    reader: Reader, explorer: MatrixExplorer
) -> None:
    reader.choose("table of types")
    reader.tab_to('button "probability"')
    assert "Sorted by probability, descending" in reader.press("Enter")
    row = reader.tab_to("^row")
    probability = explorer.matrix.by_type().probability
    pre, post = probability.stack().idxmax()
    assert types(row) == [pre, post]
    assert f"probability {100 * probability.loc[pre, post]:.2g} %," in row


def test_which_cell_has_the_most_outputs(reader: Reader, explorer: MatrixExplorer) -> None:
    reader.choose("table of cells")
    reader.tab_to('button "output synapses"')
    reader.press("Enter")
    row = reader.tab_to("^row")
    outputs = explorer.matrix.count.sum(axis=1)
    assert number(row, r"output synapses ([\d,]+)") == outputs.max()
    assert ids(row)[0] in explorer.matrix.pre_ids[outputs == outputs.max()]
    assert "selected" in reader.press("Enter")
    assert reader.page.evaluate("() => window.model.get('cell')") == str(ids(row)[0])


def test_two_cells_that_contact_each_other(reader: Reader, explorer: MatrixExplorer) -> None:
    reader.choose("table of con")
    reader.tab_to('button "synapses back"')
    reader.press("Enter")
    row = reader.tab_to("^row")
    # The first ones may be cells that contact themselves.
    while len(set(ids(row))) == 1:
        row = reader.press("ArrowDown")
    assert number(row, "synapses back (\\d+)") > 0
    heard = reader.press("Enter")
    pre, post = types(row)
    assert f"Chosen pair: {pre} onto {post}, {number(row, 'synapses ([0-9]+)')} syn" in heard
    pair = reader.page.evaluate("() => window.model.get('pair')")
    assert pair == [str(root_id) for root_id in ids(row)]
    one, other = ids(row)
    for rows, columns in (([one], [other]), ([other], [one])):
        assert explorer.matrix.select(rows, columns).n_connections == 1


def test_the_strongest_connection_between_two_types(
    reader: Reader, explorer: MatrixExplorer
) -> None:
    reader.choose("table of types")
    reader.tab_to('button "connected pairs"')
    reader.press("Enter")
    pre, post = types(reader.tab_to("^row"))
    reader.press("Enter")
    reader.wait_to_hear("connections in view")
    reader.tab_to('button "summed size', back=True)
    reader.press("Enter")
    row = reader.tab_to("^row")
    assert types(row) == [pre, post]
    matrix = explorer.matrix
    rows = matrix.pre_ids[(matrix.pre["cell_type_auto"] == pre).to_numpy()]
    columns = matrix.post_ids[(matrix.post["cell_type_auto"] == post).to_numpy()]
    strongest = matrix.select(rows, columns).total.max()
    assert number(row, r"summed size \(voxels\) ([\d,]+)") == strongest


def test_in_the_view_by_type_the_arrows_speak_and_enter_leads_to_the_cells(
    reader: Reader, explorer: MatrixExplorer
) -> None:
    reader.choose("types")
    reader.tab_to("^button .* connected")
    pair = reader.press("ArrowRight", "ArrowDown", "ArrowRight")
    probability = explorer.matrix.by_type().probability
    pre, post = probability.index[1], probability.columns[2]
    assert f"{pre} → {post}: " in pair
    value = probability.loc[pre, post]
    assert f"({100 * value:.2g} %)" in pair
    heard = reader.press("Enter")
    # The focus goes to the cells, and what is in view is announced.
    assert heard.startswith('application "Connectivity matrix')
    assert f"In view: {pre} → {post}: " in heard
    entry = reader.press("n")
    assert re.search(rf"\({re.escape(pre)}, .* → .*\({re.escape(post)}, .*synapse", entry)
