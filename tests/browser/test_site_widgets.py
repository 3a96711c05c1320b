"""The site's widgets are used by mouse and keyboard, with no Python behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.built_site import Visit

PAGE = "course/inputs_outputs.html"


@pytest.fixture(params=["http", "file"])
def visit(request: pytest.FixtureRequest, visit_site: Callable[..., Visit]) -> Iterator[Visit]:
    """Open the page with linked widgets, on a server and on the disk in turn."""
    visit: Visit = visit_site(request.getfixturevalue(f"site_by_{request.param}"), PAGE)
    visit.widgets_drawn()
    yield visit
    assert (visit.foreign, visit.missing, visit.errors) == ([], [], [])


def row_of_proofread_cell(visit: Visit) -> Locator:
    """Leave proofread Martinotti cells in the picker, and return the first one's row."""
    picker = visit.page.locator(".mw-picker").first
    picker.locator("input[type=search]").fill("axon_fully_extended MC")
    expect(picker.locator(".mw-status")).not_to_contain_text("4,537 of")
    return picker.locator(".mw-row").first


def test_a_cell_picked_by_mouse_is_seen_in_the_viewer(visit: Visit) -> None:
    row = row_of_proofread_cell(visit)
    row.click()
    root_id = row.locator(".mw-ids").inner_text()
    expect(visit.page.locator(".skv-summary").first).to_contain_text(f"MC cell {root_id}: ")
    expect(visit.page.locator(".skv-summary").first).to_contain_text("of cable")


def test_a_cell_picked_by_keyboard_is_seen_in_the_viewer(visit: Visit) -> None:
    row_of_proofread_cell(visit)
    visit.page.keyboard.press("Tab")
    visit.page.locator(".mw-picker input[type=search]").first.press("ArrowDown")
    for key in ("Home", "ArrowDown", "Enter"):
        visit.page.keyboard.press(key)
    chosen = visit.page.locator(".mw-picker").first.locator(".mw-row[data-value] .mw-ids")
    root_id = chosen.inner_text()
    expect(visit.page.locator(".skv-summary").first).to_contain_text(f"MC cell {root_id}: ")


def test_the_matrix_is_sorted_and_a_pair_is_chosen_and_seen(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("combobox", name="Rows by").first.select_option("cell_type_auto")
    expect(page.get_by_role("combobox", name="Columns by").first).to_have_value("cell_type_auto")
    page.locator(".mx-plot").first.focus()
    for key in ("Home", *["Control+ArrowUp"] * 12, "n", "Enter"):
        page.keyboard.press(key)
    pair = page.locator(".mx-pair").first.locator("code").all_inner_texts()[:2]
    expect(page.locator(".skv-summary").first).to_contain_text("2 cells: ")
    legend = page.locator(".skv-legend").first
    for root_id in pair:
        expect(legend).to_contain_text(root_id)


def test_the_widgets_follow_the_switch_of_the_theme(visit: Visit) -> None:
    picker = visit.page.locator(".mw-picker").first
    for theme in ("dark", "light"):
        visit.switch_theme(theme)
        expect(picker).to_have_attribute("data-theme", theme)


def test_the_widgets_code_is_on_the_page_once(visit: Visit) -> None:
    modules = visit.page.evaluate(
        """() => {
          const saved = document.querySelector('script[type$="widget-state+json"]').textContent;
          const codes = Object.values(JSON.parse(saved).state).map(({ state }) => state._esm);
          return codes.filter(Boolean).map((code) => code.length);
        }"""
    )
    styles = visit.page.evaluate(
        "() => [...document.querySelectorAll('style')].map(({ textContent }) => textContent)"
    )
    assert len(modules) > 2
    assert max(modules) < 100
    assert len([style for style in styles if ".mw-picker" in style]) == 1
