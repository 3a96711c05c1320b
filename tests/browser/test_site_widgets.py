"""The site's widgets are used by mouse and keyboard, with no Python behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.built_site import PLACES, Visit

PICKER_AND_VIEWER = "course/inputs_outputs.html"
EXPLORER = "course/matrix_by_type.html"
#: Places of widgets that are wider than the text; a question is not.
WIDE = f"{PLACES}.full-width"
MARTINOTTI_CELL = "864691136302312143"


linked = pytest.mark.parametrize("name", [PICKER_AND_VIEWER, EXPLORER])


# That pages work from the disk is tested with each third page.
@pytest.fixture(params=["http", pytest.param("file", marks=pytest.mark.long)])
def site(request: pytest.FixtureRequest) -> str:
    """Return the site's address, on a server and on the disk in turn."""
    address: str = request.getfixturevalue(f"site_by_{request.param}")
    return address


@pytest.fixture
def visit(site: str, name: str, visit_site: Callable[..., Visit]) -> Iterator[Visit]:
    """Open a page with linked widgets; in the end nothing went wrong on it."""
    visit = visit_site(site, name)
    visit.wait_for_widgets()
    yield visit
    assert (visit.foreign, visit.missing, visit.errors) == ([], [], [])


def row_of_proofread_cell(visit: Visit) -> Locator:
    """Leave proofread Martinotti cells in the picker, and return the first one's row."""
    picker = visit.page.locator(".mw-picker").first
    picker.locator("input[type=search]").fill("axon_fully_extended MC")
    first = picker.locator(".mw-row").first
    expect(first).to_contain_text("MC")
    return first


@linked
def test_a_cell_picked_by_mouse_is_seen_in_the_viewer(visit: Visit) -> None:
    row = row_of_proofread_cell(visit)
    row.click()
    root_id = row.locator(".mw-ids").inner_text()
    expect(visit.page.locator(".skv-summary").first).to_contain_text(f"MC cell {root_id}: ")
    expect(visit.page.locator(".skv-summary").first).to_contain_text("of cable")


@linked
def test_a_cell_picked_by_keyboard_is_seen_in_the_viewer(visit: Visit) -> None:
    row_of_proofread_cell(visit)
    picker = visit.page.locator(".mw-picker").first
    second = picker.locator(".mw-row[data-place='1']")
    expect(second).to_contain_text("MC")
    root_id = second.locator(".mw-ids").inner_text()
    picker.locator("input[type=search]").press("ArrowDown")
    for key in ("Home", "ArrowDown", "Enter"):
        visit.page.keyboard.press(key)
    expect(visit.page.locator(".skv-summary").first).to_contain_text(f"MC cell {root_id}: ")


@pytest.mark.parametrize("name", [EXPLORER])
def test_the_matrix_is_sorted_and_a_pair_is_chosen_and_seen(visit: Visit) -> None:
    page = visit.page
    order = page.get_by_role("combobox", name="Order", exact=True).first
    order.select_option("cell_type_auto")
    expect(order).to_have_value("cell_type_auto")
    page.locator(".mx-plot").first.focus()
    for key in ("Home", *["Control+ArrowUp"] * 12, "n", "Enter"):
        page.keyboard.press(key)
    pair = page.locator(".mx-pair").first.locator("code").all_inner_texts()[:2]
    expect(page.locator(".skv-summary").first).to_contain_text("2 cells: ")
    expect(page.locator("[aria-label=Pair]").first).to_contain_text(pair[1])


@linked
def test_the_widgets_follow_the_switch_of_the_theme(visit: Visit) -> None:
    picker = visit.page.locator(".mw-picker").first
    for theme in ("dark", "light"):
        visit.switch_theme(theme)
        expect(picker).to_have_attribute("data-theme", theme)


@linked
def test_the_widgets_code_is_on_the_page_once(visit: Visit) -> None:
    scripts = visit.page.evaluate("() => [...document.scripts].map(({ src }) => src)")
    styles = visit.page.evaluate(
        "() => [...document.querySelectorAll('style')].map(({ textContent }) => textContent)"
    )
    assert len([script for script in scripts if script.endswith("/code.js")]) == 1
    assert len([style for style in styles if ".mw-picker" in style]) == 1


def boxes(visit: Visit, selector: str) -> list[dict[str, float]]:
    """Return where the visible elements are."""
    found: list[dict[str, float]] = visit.page.locator(selector).evaluate_all(
        """(elements) => elements
          .filter((element) => element.checkVisibility({ visibilityProperty: true }))
          .map((element) => element.getBoundingClientRect().toJSON())
          .filter(({ width, height }) => width > 0 && height > 0)"""
    )
    return found


@pytest.mark.parametrize("name", [EXPLORER])
@pytest.mark.parametrize(("width", "least"), [(1280, 900), (1600, 1150)])
def test_a_widget_uses_the_room_beside_the_text_and_covers_no_side_bar(
    visit_site: Callable[..., Visit], site: str, name: str, width: int, least: int
) -> None:
    visit = visit_site(site, name, width=width)
    visit.wait_for_widgets()
    place = visit.page.locator(WIDE).first
    place.evaluate("(place) => place.scrollIntoView({ block: 'start' })")
    visit.page.wait_for_timeout(1000)
    [box] = boxes(visit, WIDE)
    assert least <= box["width"] <= 1200
    assert box["right"] <= width
    for bar in boxes(visit, ".bd-sidebar-primary, .bd-sidebar-secondary"):
        beside = bar["right"] <= box["left"] or bar["left"] >= box["right"]
        assert beside or bar["bottom"] <= box["top"] or bar["top"] >= box["bottom"]


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1600, 1000), (390, 844)])
def test_the_first_page_has_the_explorer_in_its_first_screen(
    visit_site: Callable[..., Visit], site: str, width: int, height: int
) -> None:
    visit = visit_site(site, "index.html", width=width, height=height)
    # Nobody scrolls or clicks.
    expect(visit.page.locator(f"{WIDE} > section").first).to_be_visible()
    expect(visit.page.locator(".mw-row").first).to_be_visible()
    [box] = boxes(visit, WIDE)
    assert box["top"] < height / 2
    if width > 1000:
        assert box["bottom"] <= height
    expect(visit.page.get_by_text("Synthetic sample: a program")).to_be_visible()
    assert visit.page.locator(".explorer-picture").is_hidden()
    assert (visit.foreign, visit.missing, visit.errors) == ([], [], [])


def test_the_address_of_the_first_page_opens_a_state_of_the_explorer_and_follows_it(
    visit_site: Callable[..., Visit], site: str
) -> None:
    visit = visit_site(site, f"index.html#explore?cell={MARTINOTTI_CELL}&show=types")
    summary = visit.page.locator(".skv-summary").first
    expect(summary).to_contain_text(f"MC cell {MARTINOTTI_CELL}: ")
    row_of_proofread_cell(visit)
    row = visit.page.locator(f".mw-row:not(:has-text('{MARTINOTTI_CELL}'))").first
    row.click()
    root_id = row.locator(".mw-ids").inner_text()
    expect(summary).to_contain_text(f"MC cell {root_id}: ")
    visit.page.wait_for_function("(id) => location.hash.includes(`cell=${id}`)", arg=root_id)
    assert (visit.foreign, visit.missing, visit.errors) == ([], [], [])


@pytest.mark.parametrize(
    ("name", "anchor"),
    [("index.html", "how-to-use-these-pages"), (EXPLORER, "in-short")],
)
def test_a_heading_is_reached_by_its_address(
    visit_site: Callable[..., Visit], site: str, name: str, anchor: str
) -> None:
    """Widgets that are mounted above it do not push it away."""
    visit = visit_site(site, f"{name}#{anchor}", height=800)
    visit.wait_until_quiet()
    [box] = boxes(visit, f"section#{anchor} > h2")
    assert 0 <= box["top"] < 800
    assert (visit.foreign, visit.missing, visit.errors) == ([], [], [])


@pytest.mark.parametrize("name", [EXPLORER])
def test_the_theme_leaves_the_size_of_the_widgets_text(visit: Visit) -> None:
    sizes = visit.page.locator(f"{WIDE} *").evaluate_all(
        """(elements) => elements
          .filter(({ childNodes }) =>
            [...childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim()))
          .map((element) => parseFloat(getComputedStyle(element).fontSize))"""
    )
    assert len(sizes) > 100
    assert max(sizes) <= 13
