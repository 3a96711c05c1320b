"""The explorer on a phone, by real touches alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import microns_widgets as mw
from tests.browser.touch import PHONE, Fingers, middle, phone, too_small


@pytest.fixture(scope="module")
def cells() -> list[str]:
    return [str(root_id) for root_id in mw.load(quiet=True).select(proofread=True)[:10]]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> Path:
    ids = [int(cell) for cell in cells]
    explorer = mw.Explorer(mw.load(quiet=True), value=ids[0], pre=ids[:6])
    return mw.to_html(explorer, tmp_path_factory.mktemp("touch") / "cells.html", cells=ids)


@pytest.fixture
def page(browser: Browser, file: Path, cells: list[str]) -> Iterator[Page]:
    with phone(browser, file.as_uri()) as page:
        expect(page.locator(".mw-row").first).to_be_visible()
        expect(page.locator(".skv-summary")).to_contain_text(f"{cells[0]}: ")
        yield page


def show(page: Page, part: str) -> None:
    page.get_by_role("tab", name=part).tap()
    expect(page.get_by_role("tabpanel", name=part)).to_be_visible()


def in_sight(place: Locator) -> bool:
    """Return whether something is larger than a dot, as what only screen readers read is not."""
    box = place.bounding_box()
    return bool(box) and min(box["width"], box["height"]) > 1 and place.is_visible()


def scrolled(page: Page) -> float:
    # The page goes on for a moment after the finger has left.
    page.wait_for_timeout(400)
    return float(page.evaluate("() => scrollY"))


def camera(page: Page) -> str:
    """Return what the address says of the camera, once it has come to rest."""
    page.wait_for_timeout(800)
    return str(page.evaluate("() => location.hash.split('&').filter((s) => /camera/.test(s)) + ''"))


def test_a_row_is_chosen_and_the_button_leads_to_the_neuron(page: Page, cells: list[str]) -> None:
    page.locator(".mw-row:visible", has_text=cells[1]).tap()
    page.get_by_role("button", name="Show neuron").tap()
    expect(page.get_by_role("tabpanel", name="Neuron")).to_be_visible()
    expect(page.locator(".skv-summary")).to_contain_text(f"{cells[1]}: ")


def test_the_list_is_scrolled_by_a_finger_and_nothing_is_chosen(
    page: Page, cells: list[str]
) -> None:
    show(page, "Cells")
    grid = page.locator(".mw-table [role=grid]")
    x, y = middle(grid)
    Fingers(page).move(((x, y), (x, y - 60)))
    page.wait_for_timeout(400)
    assert grid.evaluate("(grid) => grid.scrollTop") > 20
    expect(page.locator(".skv-summary")).to_contain_text(f"{cells[0]}: ")


def test_a_finger_turns_the_neuron_and_two_zoom_it(page: Page) -> None:
    show(page, "Neuron")
    stage = page.locator(".skv-stage")
    x, y = middle(stage)
    before = camera(page)
    Fingers(page).move(((x - 60, y), (x + 60, y + 4)))
    turned = camera(page)
    assert "camera.yaw" in turned
    assert turned != before
    Fingers(page).move(((x - 20, y), (x - 90, y)), ((x + 20, y), (x + 90, y)))
    assert "camera.height" in camera(page)
    assert scrolled(page) == 0


def test_a_swipe_up_scrolls_the_page_until_the_picture_is_tapped(page: Page) -> None:
    show(page, "Neuron")
    assert page.evaluate("() => document.documentElement.scrollHeight") > PHONE["height"]
    x, y = middle(page.locator(".skv-stage"))
    before = camera(page)
    Fingers(page).move(((x, y + 60), (x, y - 60)))
    assert scrolled(page) > 30
    assert camera(page) == before
    expect(page.locator(".skv-hint")).to_be_hidden()
    page.evaluate("() => scrollTo(0, 0)")
    Fingers(page).tap((x + 90, y + 40))
    Fingers(page).move(((x, y + 60), (x, y - 60)))
    assert scrolled(page) == 0
    assert "camera.pitch" in camera(page)


def test_a_tap_in_the_matrix_chooses_a_pair_after_which_two_fingers_zoom(page: Page) -> None:
    show(page, "Matrix")
    canvas = page.locator(".mx-plot > canvas").first
    x, y = middle(canvas)
    Fingers(page).move(((x, y + 60), (x, y - 60)))
    assert scrolled(page) > 30
    page.evaluate("() => scrollTo(0, 0)")
    expect(page.locator(".mx-pair:visible")).to_have_count(0)
    # Beside the diagonal, on which a cell meets itself.
    Fingers(page).tap((x + 60, y))
    expect(page.get_by_role("tab", name="Neuron")).to_contain_text("changed")
    Fingers(page).move(((x - 20, y), (x - 80, y)), ((x + 20, y), (x + 80, y)))
    page.wait_for_function("() => location.hash.includes('view.rows')")
    assert scrolled(page) == 0
    show(page, "Neuron")
    expect(page.locator("[aria-label=Pair]")).to_contain_text("A → B")


def test_the_controls_of_the_matrix_are_one_row(page: Page) -> None:
    show(page, "Matrix")
    panel = page.get_by_role("tabpanel", name="Matrix").bounding_box()
    plot = page.locator(".mx-plot").bounding_box()
    assert panel
    assert plot
    assert plot["y"] - panel["y"] < 60


def test_a_finger_makes_the_partner_table_higher(page: Page) -> None:
    show(page, "Neuron")
    rows = page.locator(".skp-scroll")
    before = rows.evaluate("(rows) => rows.clientHeight")
    x, y = middle(page.get_by_role("separator", name="Height of the partner table"))
    # A little above the line, as a finger does.
    Fingers(page).move(((x, y - 12), (x, y - 52)))
    assert rows.evaluate("(rows) => rows.clientHeight") == pytest.approx(before + 40, abs=2)
    assert scrolled(page) == 0


#: What is opened in each part before its controls are measured.
OPENED = {"Cells": ["Filters", "Map"], "Neuron": ["Legend", "More"], "Matrix": ["More"]}


@pytest.mark.parametrize("part", OPENED)
def test_nothing_lies_beside_the_page_and_all_controls_can_be_hit(page: Page, part: str) -> None:
    show(page, part)
    assert (
        page.locator(".mwx").evaluate("(root) => root.offsetHeight") <= 0.85 * PHONE["height"] + 1
    )
    panel = page.get_by_role("tabpanel", name=part)
    for name in ["", *OPENED[part]]:
        if name:
            panel.locator("button, summary").filter(has_text=name).first.tap()
        assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
        assert too_small(page, ".mwx") == [], name
        # No hint mentions keys, which a phone does not have.
        for hint in [*page.get_by_text("Shift").all(), *page.get_by_text("arrow").all()]:
            assert not in_sight(hint), hint.inner_text()


def test_the_menu_of_the_explorer_is_reached(page: Page) -> None:
    page.locator(".mwx-bar").get_by_role("button", name="More").tap()
    expect(page.get_by_role("button", name="Copy link")).to_be_visible()
