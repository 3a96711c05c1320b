"""Partners, pairs and going back in the viewer, by mouse and keyboard in a notebook host."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.accessibility import serious_faults
from tests.browser.hosts import Notebook
from tests.browser.server import Server

pytestmark = pytest.mark.parametrize("server", ["jupyterlab"], indirect=True, scope="session")
SHOW = """\
import microns_widgets as mw
con = mw.load(quiet=True)
ids = con.select(proofread=True)
count = con.matrix(ids, ids, "count", autapses=False).to_frame().to_numpy()
own = con.matrix(ids, ids, "count").to_frame().to_numpy().diagonal()
# Connected in both directions, and the second cell has autapses, if there is such a pair.
places = sorted(zip(*(count * count.T).nonzero()), key=lambda at: -own[at[1]])
pre, post = (int(ids[i]) for i in places[0])
viewer, matrix, picker = mw.SkeletonViewer(con, pre), mw.MatrixExplorer(con), mw.CellPicker(con)
mw.link(viewer, matrix, picker)
known = set(con.root_ids.tolist())
fragment = next(i for i in con.partners(pre)["partner_root_id"].tolist() if i not in known)
viewer"""


@pytest.fixture(scope="module")
def opened(server: Server, browser: Browser) -> Iterator[Notebook]:
    yield from server.open_and_run(browser, [SHOW], '.skv-summary:has-text("of cable")')


@pytest.fixture
def shown(opened: Notebook) -> Notebook:
    opened.kernel.run("viewer.cells, viewer.partner = [pre], None")
    pre = opened.kernel.value("pre")
    expect(opened.page.locator(".skv-summary")).to_contain_text(f"{pre}: ")
    return opened


def test_a_pair_of_the_matrix_has_the_numbers_of_between(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    kernel.run("matrix.pair = (pre, post)")
    box = page.locator("[aria-label=Pair]")
    for name, call in (("A → B", "con.between(pre, post)"), ("B → A", "con.between(post, pre)")):
        n, size = kernel.value(f"[len({call}), int({call}['size'].sum())]")
        synapses = f"{n} synapse{'' if n == 1 else 's'}"
        expect(box).to_contain_text(f"{name}: {synapses}, {size:,} voxels")
    if autapses := kernel.value("len(con.between(post, post))"):
        expect(box).to_contain_text(f"{autapses} autapse")
    n = kernel.value("len(con.between(pre, post)) + len(con.between(post, pre))")
    expect(page.locator(".skv-chosen")).to_have_count(n)
    assert kernel.value("len(viewer.shown_synapses())") == n
    swatches = box.locator("rect").evaluate_all(
        "marks => marks.map(m => m.parentElement.getAttribute('fill'))"
    )
    assert len(set(swatches)) == 2
    box.get_by_role("button", name="show all synapses").click()
    kernel.expect("viewer.partner", None)
    expect(box).to_be_hidden()


def test_back_to_a_pair_brings_the_matrix_and_the_picker_along(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    kernel.run("matrix.pair = (pre, post)")
    expect(page.locator("[aria-label=Pair]")).to_be_visible()
    page.wait_for_timeout(300)
    kernel.run("other = int(ids[ids != pre][3]); picker.value = other")
    expect(page.locator(".skv-summary")).to_contain_text(f"{kernel.value('other')}: ")
    page.wait_for_timeout(300)
    kernel.expect("matrix.pair", None)
    page.get_by_role("button", name="Back", exact=True).click()
    kernel.expect("viewer.cells == (pre, post) and viewer.partner == post", True)
    kernel.expect("[matrix.pair == (pre, post), picker.value == pre]", [True, True])
    page.locator(".skv-stage").focus()
    page.keyboard.press("Alt+ArrowRight")
    kernel.expect("viewer.cells == (other,) and picker.value == other", True)
    page.keyboard.press("Control+z")
    kernel.expect("viewer.cells == (pre, post)", True)


def test_a_pair_that_was_left_can_be_chosen_again(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    kernel.run("matrix.pair = (pre, post)")
    expect(page.locator("[aria-label=Pair]")).to_be_visible()
    kernel.run("viewer.cells, viewer.partner = [pre], None")
    expect(page.locator("[aria-label=Pair]")).to_be_hidden()
    kernel.expect("matrix.pair", None)
    kernel.run("matrix.pair = (pre, post)")
    expect(page.locator("[aria-label=Pair]")).to_be_visible()


def test_a_row_marks_a_partner_and_its_id_leads_there(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    table = kernel.value(
        "[[str(i), int(n)] for i, n in con.partners(pre).groupby('partner_root_id')['n_synapses']"
        ".sum().items()]"
    )
    page.get_by_role("combobox", name="Partner type").select_option(label="23P")
    row = page.locator(".skp tbody tr").first
    partner = row.locator("td").first.inner_text()
    counts = [int(row.locator("td").nth(column).inner_text()) for column in (2, 3)]
    assert sum(counts) == dict(table)[partner]
    row.locator("td").nth(1).click()
    kernel.expect("viewer.partner", int(partner))
    kernel.expect("picker.value", int(partner))
    expect(page.locator(".skv-chosen")).to_have_count(sum(counts))
    page.keyboard.press("Escape")
    kernel.expect("viewer.partner", None)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    second = page.locator(".skp tbody tr").nth(1).locator("td").first.inner_text()
    kernel.expect("viewer.partner", int(second))
    # Otherwise both could be one action, and one step back.
    page.wait_for_timeout(300)
    row.get_by_role("button").click()
    kernel.expect("[list(viewer.cells), viewer.partner]", [[int(partner)], None])
    page.wait_for_timeout(300)
    # The row that had the focus is gone; the keys still reach the viewer.
    page.keyboard.press("Alt+ArrowLeft")
    kernel.expect("[list(viewer.cells), viewer.partner]", [[kernel.value("pre")], int(second)])
    page.keyboard.press("Alt+ArrowRight")
    kernel.expect("[list(viewer.cells), viewer.partner]", [[int(partner)], None])
    page.get_by_role("button", name="Back", exact=True).click()
    kernel.expect("[list(viewer.cells), viewer.partner]", [[kernel.value("pre")], int(second)])


def test_a_fragment_is_not_shown_as_a_cell(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    kernel.run("viewer.partner = fragment")
    box = page.locator("[aria-label='Chosen partner']")
    expect(box).to_contain_text("A fragment: a piece of an axon or dendrite")
    expect(box.get_by_role("button", name="show this cell")).to_have_count(0)
    kernel.run("viewer.partner, viewer.cells = None, [fragment]")
    notes = page.locator(".skv-notes")
    expect(notes).to_contain_text("is not a cell of this dataset")
    expect(notes).not_to_contain_text("soma and synapses")


def test_axe_finds_no_serious_fault_light_or_dark(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    kernel.run("matrix.pair = (pre, post)")
    expect(page.locator("[aria-label=Pair]")).to_be_visible()
    assert serious_faults(page, ".skv") == []
    page.evaluate("() => { document.body.dataset.jpThemeLight = 'false'; }")
    expect(page.locator(".skv")).to_have_attribute("data-theme", "dark")
    assert serious_faults(page, ".skv") == []
    page.evaluate("() => { document.body.dataset.jpThemeLight = 'true'; }")
    assert shown.errors == []
