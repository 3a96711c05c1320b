"""The explorer as one instrument: all parts on the screen at once, by mouse, touch and keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import microns_widgets as mw
from tests.browser.accessibility import serious_faults
from tests.browser.hosts import Notebook
from tests.browser.matrix_pointer import connected_entry
from tests.browser.server import Server

JUPYTERLAB = pytest.mark.parametrize("server", ["jupyterlab"], indirect=True, scope="session")
SHOW = """\
import microns_widgets as mw
con = mw.load(quiet=True)
page = mw.Explorer(con)
ids = con.select(proofread=True)
page"""
RESET = """\
page.matrix.pair, page.enlarged, page.columns = None, "", (27, 40, 33)
page.picker.filters, page.picker.value = {}, int(ids[0])"""
#: What a student must see without scrolling, and how high it must be at least, in pixels.
IN_SIGHT = {
    ".mw-picker [role=grid]": 300,
    ".skv-stage": 200,
    ".skp-scroll": 70,
    ".mx-plot > canvas": 150,
    ".mx-plot .mx-readout": 40,
}


@pytest.fixture(scope="module")
def opened(server: Server, browser: Browser) -> Iterator[Notebook]:
    yield from server.open_and_run(browser, [SHOW], ".mw-row", ".mx-plot", size=(1280, 800))


@pytest.fixture
def shown(opened: Notebook) -> Notebook:
    opened.page.set_viewport_size({"width": 1280, "height": 800})
    opened.kernel.run(RESET)
    root_id = opened.kernel.value("int(ids[0])")
    expect(opened.page.locator(".skv-summary")).to_contain_text(f"{root_id}: ")
    opened.page.locator(".mwx").scroll_into_view_if_needed()
    return opened


def box(place: Locator) -> dict[str, float]:
    found = place.bounding_box()
    assert found
    return dict(found)


def inside(inner: Locator, outer: dict[str, float]) -> bool:
    own = box(inner)
    return (
        own["x"] >= outer["x"] - 1
        and own["y"] >= outer["y"] - 1
        and own["x"] + own["width"] <= outer["x"] + outer["width"] + 1
        and own["y"] + own["height"] <= outer["y"] + outer["height"] + 1
    )


def widths(page: Page) -> list[float]:
    return [box(page.locator(f".mwx-part[data-part={part}]"))["width"] for part in PARTS]


def click_in_the_matrix(page: Page) -> None:
    page.mouse.click(*connected_entry(page))


def ring(place: Locator) -> str:
    return str(place.evaluate("(element) => getComputedStyle(element).boxShadow"))


PARTS = ("picker", "viewer", "matrix")


@JUPYTERLAB
def test_everything_is_on_the_screen_of_a_laptop(shown: Notebook) -> None:
    page = shown.page
    frame = page.locator(".mwx")
    expect(frame).to_have_attribute("data-layout", "columns")
    whole = box(frame)
    assert whole["height"] <= 601
    assert inside(frame, {"x": 0, "y": 0, "width": 1280, "height": 800})
    for part in PARTS:
        assert inside(page.locator(f".mwx-part[data-part={part}]"), whole)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 1280
    panel = page.locator(".jp-WindowedPanel-outer").first
    assert panel.evaluate("(el) => el.scrollWidth <= el.clientWidth")
    assert shown.errors == []


@JUPYTERLAB
def test_beside_the_file_browser_nothing_has_to_be_scrolled_to(shown: Notebook) -> None:
    page = shown.page
    tab = page.get_by_role("tab", name="File Browser")
    tab.click()
    expect(page.locator(".jp-FileBrowser")).to_be_visible()
    try:
        expect(page.locator(".mwx")).to_have_attribute("data-layout", "columns")
        page.locator(".mwx").scroll_into_view_if_needed()
        page.wait_for_timeout(500)
        notebook = box(page.locator(".jp-WindowedPanel-outer").first)
        whole = box(page.locator(".mwx"))
        assert whole["width"] < 1000
        for selector, height in IN_SIGHT.items():
            place = page.locator(selector).first
            assert inside(place, notebook), selector
            assert inside(place, whole), selector
            assert box(place)["height"] >= height, selector
    finally:
        tab.click()
        expect(page.locator(".jp-FileBrowser")).to_be_hidden()


@JUPYTERLAB
def test_a_click_in_each_part_changes_the_others(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    chosen = "[page.picker.value, list(page.viewer.cells), page.matrix.cell, page.matrix.pair]"
    other = kernel.value("int(ids[5])")
    page.locator(".mw-picker input[type=search]").first.fill(str(other))
    page.locator(".mw-row:visible", has_text=str(other)).click()
    kernel.expect(chosen, [other, [other], other, None])

    expect(page.locator(".skp-top")).to_contain_text(str(other)[-6:])
    # A narrow table shows the end of the id; the rest is there for screen readers.
    shown_id = page.locator(".skp tbody button").first.text_content() or ""
    partner = int("".join(filter(str.isdigit, shown_id)))
    page.locator(".skp tbody button").first.click()
    inside_matrix = kernel.value(f"{partner} in ids")
    kernel.expect(chosen, [partner, [partner], partner if inside_matrix else None, None])
    kernel.expect("page.matrix.outside", None if inside_matrix else partner)

    click_in_the_matrix(page)
    kernel.expect("page.matrix.pair is not None", True)
    pair = kernel.value("list(page.matrix.pair)")
    kernel.expect("[page.picker.value, list(page.viewer.cells)]", [pair[0], pair])
    expect(page.locator(".mwx-choice")).to_have_text(f"{pair[0]} → {pair[1]}")
    assert shown.errors == []


@JUPYTERLAB
def test_back_after_a_click_in_the_matrix_returns_to_the_former_cell(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    former = kernel.value("int(ids[0])")
    page.wait_for_timeout(500)
    click_in_the_matrix(page)
    kernel.expect("len(page.viewer.cells)", 2)
    page.wait_for_timeout(500)
    page.locator(".skv").get_by_role("button", name="Back", exact=True).click()
    kernel.expect("[list(page.viewer.cells), page.viewer.partner]", [[former], None])
    kernel.expect("[page.picker.value, page.matrix.cell]", [former, former])
    expect(page.locator(".mwx-choice")).to_have_text(f"cell {former}")
    # The cross-hair, which the text below the matrix describes, has left the pair too.
    text = f"Blue lines mark the row and column of {former}."
    expect(page.locator(".mx-plot .mx-readout")).to_contain_text(text)


@JUPYTERLAB
def test_the_cross_on_the_chosen_pair_closes_it_everywhere(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    click_in_the_matrix(page)
    kernel.expect("len(page.viewer.cells)", 2)
    first = kernel.value("page.matrix.pair[0]")
    page.locator(".mx-pair .mx-close").click()
    kernel.expect("[page.matrix.pair, page.matrix.cell]", [None, first])
    kernel.expect("[list(page.viewer.cells), page.viewer.partner]", [[first], None])
    kernel.expect("page.picker.value", first)
    expect(page.locator(".mwx-choice")).to_have_text(f"cell {first}")


@JUPYTERLAB
@pytest.mark.parametrize("part", [".mx-plot", ".mw-picker input[type=search]", ".mwx-divider"])
def test_back_and_forward_by_keyboard_from_any_part(shown: Notebook, part: str) -> None:
    page, kernel = shown.page, shown.kernel
    former = kernel.value("int(ids[0])")
    page.wait_for_timeout(500)
    kernel.run("page.picker.value = int(ids[4])")
    kernel.expect("list(page.viewer.cells)", [kernel.value("int(ids[4])")])
    page.wait_for_timeout(500)
    page.locator(part).first.focus()
    page.keyboard.press("Alt+ArrowLeft")
    kernel.expect("[list(page.viewer.cells), page.picker.value]", [[former], former])
    page.locator(part).first.focus()
    page.keyboard.press("Alt+ArrowRight")
    kernel.expect("page.picker.value == int(ids[4])", True)


@JUPYTERLAB
def test_hover_in_the_partner_table_lights_the_picker_and_the_matrix(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    partners = "con.partners(int(ids[0]))['partner_root_id']"
    partner = kernel.value(f"next(int(i) for i in {partners} if i in ids and i != ids[0])")
    page.locator(".mw-picker input[type=search]").first.fill(str(partner))
    listed = page.locator(".mw-row:visible", has_text=str(partner))
    expect(listed).to_be_visible()
    page.mouse.move(5, 5)
    overlay = page.locator(".mx-plot > canvas").nth(1)
    drawn = "(canvas) => canvas.toDataURL()"
    before, plain = overlay.evaluate(drawn), ring(listed)
    page.locator(".skp tbody tr", has_text=str(partner)).hover()
    expect(listed).to_have_attribute("data-lit", "")
    assert ring(listed) != plain
    page.wait_for_timeout(200)
    assert overlay.evaluate(drawn) != before
    page.mouse.move(5, 5)
    expect(listed).not_to_have_attribute("data-lit", "")
    page.wait_for_timeout(200)
    assert overlay.evaluate(drawn) == before


@JUPYTERLAB
def test_each_part_is_as_high_as_its_place(shown: Notebook) -> None:
    for pane in shown.page.locator(".mwx-pane").all():
        height, own = pane.evaluate(
            "(el) => [el.clientHeight, getComputedStyle(el).getPropertyValue('--mw-part-height')]"
        )
        assert abs(height - float(own.removesuffix("px"))) <= 1
        assert height > 480


@JUPYTERLAB
def test_a_divider_is_dragged_and_moved_by_keys(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    divider = page.get_by_role("separator", name="Between cells and neuron")
    before = widths(page)
    at = box(divider)
    page.mouse.move(at["x"] + 3, at["y"] + 200)
    page.mouse.down()
    page.mouse.move(at["x"] + 63, at["y"] + 220, steps=4)
    page.mouse.up()
    after = widths(page)
    assert after[0] - before[0] == pytest.approx(60, abs=4)
    assert after[2] == pytest.approx(before[2], abs=2)
    left = kernel.value("page.columns")[0]
    assert left > 30
    divider.focus()
    page.keyboard.press("ArrowLeft")
    kernel.expect("page.columns[0]", round(left - 2, 1))
    expect(divider).to_have_attribute("aria-valuenow", str(round(left - 2)))
    page.keyboard.press("Home")
    kernel.expect("page.columns[0] < 27", True)
    assert widths(page)[0] == pytest.approx(240, abs=8)
    divider.dblclick()
    kernel.expect("page.columns", [27, 40, 33])


@JUPYTERLAB
def test_a_part_is_enlarged_and_goes_back(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    whole = box(page.locator(".mwx"))
    page.get_by_role("button", name="Enlarge matrix").click()
    kernel.expect("page.enlarged", "matrix")
    large = page.locator(".mwx-part[data-part=matrix]")
    assert box(large)["width"] == pytest.approx(whole["width"], abs=3)
    expect(page.locator(".skv-stage")).to_be_hidden()
    page.keyboard.press("Escape")
    kernel.expect("page.enlarged", "")
    expect(page.locator(".skv-stage")).to_be_visible()
    kernel.run('page.enlarged = "viewer"')
    page.get_by_role("button", name="Show all parts").click()
    kernel.expect("page.enlarged", "")


@JUPYTERLAB
def test_it_fills_the_screen_and_leaves_it(shown: Notebook) -> None:
    page = shown.page
    page.get_by_role("button", name="Full screen").click()
    expect(page.locator(".mwx")).to_have_attribute("data-full", "")
    page.wait_for_timeout(300)
    assert box(page.locator(".mwx"))["height"] >= 790
    page.get_by_role("button", name="Leave full screen").press("Enter")
    expect(page.locator(".mwx")).not_to_have_attribute("data-full", "")
    assert box(page.locator(".mwx"))["height"] <= 601


@JUPYTERLAB
def test_where_full_screen_is_refused_it_fills_the_frame(shown: Notebook) -> None:
    page = shown.page
    page.evaluate(
        "() => { Element.prototype.requestFullscreen = () => Promise.reject(new Error('no')); }"
    )
    page.get_by_role("button", name="Full screen").click()
    expect(page.locator(".mwx")).to_have_attribute("data-fixed", "")
    page.keyboard.press("Escape")
    expect(page.locator(".mwx")).not_to_have_attribute("data-fixed", "")


@JUPYTERLAB
def test_in_a_narrow_place_the_parts_are_tabs_that_keep_their_state(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    page.locator(".mw-picker input[type=search]").first.fill("BC")
    kernel.expect("page.picker.filters", {"search": "BC"})
    page.set_viewport_size({"width": 900, "height": 800})
    expect(page.locator(".mwx")).to_have_attribute("data-layout", "tabs")
    expect(page.get_by_role("tabpanel", name="Cells")).to_be_visible()
    expect(page.locator(".skv-stage")).to_be_hidden()
    page.locator(".mw-row:visible").first.click()
    page.get_by_role("button", name="Show neuron").click()
    expect(page.locator(".skv-stage")).to_be_visible()
    expect(page.locator(".mw-picker")).to_be_hidden()
    expect(page.get_by_role("tab", name="Matrix")).to_contain_text("changed")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".mx-plot")).to_be_visible()
    expect(page.get_by_role("tab", name="Matrix")).not_to_contain_text(
        "changed", use_inner_text=True
    )
    page.keyboard.press("Home")
    expect(page.locator(".mw-picker input[type=search]").first).to_have_value("BC")
    assert shown.errors == []


@JUPYTERLAB
def test_the_code_in_the_clipboard_is_that_of_python(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    kernel.run(
        "page.matrix.pair = (int(ids[1]), int(ids[2]))\n"
        "page.matrix.order_pre, page.viewer.camera = 'depth', {'view': 'front'}\n"
        "page.picker.selected = ids[:3]"
    )
    expect(page.locator(".mwx-choice")).to_contain_text("→")
    page.get_by_role("button", name="Copy as Python").last.scroll_into_view_if_needed()
    page.locator(".mwx-tools").get_by_role("button", name="Copy as Python").click()
    expect(page.locator(".mwx-said")).to_have_text("Copied as Python.")
    assert page.evaluate("() => navigator.clipboard.readText()") == kernel.value("page.to_code()")
    kernel.run("page.picker.selected, page.matrix.order_pre = [], 'cell_type_auto'")
    kernel.run("page.viewer.camera = {}")


@JUPYTERLAB
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_serious_fault(shown: Notebook, theme: str) -> None:
    page = shown.page
    light = "true" if theme == "light" else "false"
    page.evaluate("(light) => { document.body.dataset.jpThemeLight = light; }", light)
    expect(page.locator(".mwx")).to_have_attribute("data-theme", theme)
    assert serious_faults(page, ".mwx") == []
    page.evaluate("() => { document.body.dataset.jpThemeLight = 'true'; }")


def test_it_shows_and_links_its_parts_in_each_host(shown: Notebook) -> None:
    page, kernel = shown.page, shown.kernel
    kernel.run("page.matrix.pair = (int(ids[1]), int(ids[2]))")
    pre, post = kernel.value("[int(ids[1]), int(ids[2])]")
    expect(page.locator(".skv-summary")).to_contain_text("2 cells: ")
    expect(page.locator(".mwx-choice")).to_have_text(f"{pre} → {post}")
    kernel.expect("page.viewer.cells", [pre, post])
    assert (shown.foreign, shown.errors) == ([], [])


# One file, without Python


@pytest.fixture(scope="module")
def cells() -> list[str]:
    return [str(root_id) for root_id in mw.load(quiet=True).select(proofread=True)[:6]]


def test_a_link_opens_the_same_state(
    browser: Browser, explorer_file: Path, cells: list[str]
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(explorer_file.as_uri())
    page.locator(".mw-row:visible", has_text=cells[2]).click()
    page.wait_for_function("(id) => location.hash.includes(`cell=${id}`)", arg=cells[2])
    page.locator(".skv").get_by_role("button", name="Front").click()
    page.wait_for_function("() => location.hash.includes('camera.view=front')")
    address = page.url
    other = context.new_page()
    other.goto(address)
    expect(other.locator(".skv-summary")).to_contain_text(f"{cells[2]}: ")
    expect(other.locator(".mwx-choice")).to_have_text(f"cell {cells[2]}")
    expect(other.locator(".mw-row[data-value]:visible")).to_contain_text(cells[2])
    wrong = context.new_page()
    wrong.goto(f"{explorer_file.as_uri()}#explore?cell=17&show=nothing")
    expect(wrong.locator(".mwx-said")).to_have_text("Ignored in this address: show, cell 17.")
    expect(wrong.locator(".skv-summary")).to_contain_text(f"{cells[0]}: ")
    context.close()
