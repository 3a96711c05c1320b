"""Questions about a matrix, answered by keyboard and by what a screen reader says.

No test looks at a picture or at positions: each one walks with Tab and keys, and reads the
accessible text of what has the focus.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from microns_widgets.sources import load
from microns_widgets.widgets.matrix_explorer import MatrixExplorer
from tests.browser.frame import Frame
from tests.browser.matrix_frame import matrix_frame

MOST_TABS = 60


@pytest.fixture(scope="module")
def explorer() -> MatrixExplorer:
    return MatrixExplorer(load(quiet=True), save_data=True)


@dataclass
class Reader:
    """Somebody who hears the page and has a keyboard.

    Attributes
    ----------
    transcript : list of str
        What was pressed and heard.
    """

    page: Page
    transcript: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> str:
        for key in keys:
            self.page.keyboard.press(key)
            self.transcript.append(f"{key}: {self.heard()}")
        return self.heard()

    def heard(self) -> str:
        """Return role, name and text of what has the focus."""
        focused = self.page.locator("*:focus")
        return focused.first.aria_snapshot() if focused.count() else ""

    def announced(self) -> str:
        """Return what the table has announced last."""
        return self.page.locator(".mx-table [aria-live]").inner_text()

    def tab_to(self, pattern: str) -> str:
        for _ in range(MOST_TABS):
            if re.search(pattern, self.press("Tab")):
                return self.heard()
        raise AssertionError("\n".join([f"No {pattern!r} was reached:", *self.transcript]))

    def choose(self, what: str) -> None:
        """Choose an option of the list "Show" by its first letters."""
        self.tab_to(r'combobox "Show"')
        self.page.keyboard.type(what)
        expect(self.page.locator(".mx-table")).to_be_visible()

    def row(self) -> list[str]:
        """Return the values of the row that has the focus."""
        return re.findall(r'gridcell "([^"]*)"', self.heard())


@pytest.fixture
def frame(browser: Browser, probe_folder: Path, explorer: MatrixExplorer) -> Iterator[Frame]:
    yield from matrix_frame(browser, probe_folder, explorer)


@pytest.fixture
def reader(frame: Frame) -> Reader:
    return Reader(frame.page)


def test_which_pair_of_types_has_the_highest_probability(
    reader: Reader, explorer: MatrixExplorer
) -> None:
    reader.choose("table of types")
    reader.tab_to('button "probability"')
    reader.press("Enter")
    assert "Sorted by probability, descending" in reader.announced()
    reader.tab_to("^- row")
    probability = explorer.matrix.by_type().probability
    pre, post = probability.stack().idxmax()
    heard = reader.row()
    assert heard[:2] == [pre, post]
    assert heard[4] == f"{100 * probability.loc[pre, post]:.2g} %"


def test_which_cell_has_the_most_outputs(reader: Reader, explorer: MatrixExplorer) -> None:
    reader.choose("table of cells")
    reader.tab_to('button "output synapses"')
    reader.press("Enter")
    reader.tab_to("^- row")
    outputs = explorer.matrix.count.sum(axis=1)
    heard = reader.row()
    assert int(heard[3].replace(",", "")) == outputs.max()
    assert int(heard[0]) in explorer.matrix.pre_ids[outputs == outputs.max()]
    reader.press("Enter")
    assert reader.page.evaluate("() => window.model.get('cell')") == heard[0]


def test_two_cells_that_contact_each_other(reader: Reader, explorer: MatrixExplorer) -> None:
    reader.choose("table of con")
    reader.tab_to('button "synapses back"')
    reader.press("Enter")
    reader.tab_to("^- row")
    pre, post = int(reader.row()[0]), int(reader.row()[2])
    # The first ones may be cells that contact themselves.
    while pre == post:
        reader.press("ArrowDown")
        pre, post = int(reader.row()[0]), int(reader.row()[2])
    assert f"presynaptic {pre}" in reader.announced() or reader.row()[6] != "0"
    reader.press("Enter")
    pair = reader.page.evaluate("() => window.model.get('pair')")
    assert pair == [str(pre), str(post)]
    matrix = explorer.matrix
    for one, other in ((pre, post), (post, pre)):
        assert matrix.select([one], [other]).n_connections == 1


def test_the_strongest_connection_between_two_types(
    reader: Reader, explorer: MatrixExplorer
) -> None:
    reader.choose("table of types")
    reader.tab_to('button "connected pairs"')
    reader.press("Enter")
    reader.tab_to("^- row")
    pre, post = reader.row()[:2]
    reader.press("Enter")
    expect(reader.page.locator(".mx-range")).to_contain_text("connections in view")
    reader.tab_to('button "summed size"')
    reader.press("Enter")
    reader.tab_to("^- row")
    heard = reader.row()
    assert [heard[1], heard[3]] == [pre, post]
    matrix = explorer.matrix
    rows = matrix.pre_ids[(matrix.pre["cell_type_auto"] == pre).to_numpy()]
    columns = matrix.post_ids[(matrix.post["cell_type_auto"] == post).to_numpy()]
    strongest = matrix.select(rows, columns).total.max()
    assert int(heard[5].replace(",", "")) == strongest
