"""The activity player in an exported file: it simulates and plays there without Python."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

import microns_widgets as mw
from microns_widgets.widgets._base import STATIC
from microns_widgets.widgets.export import as_json
from tests.browser.accessibility import serious_faults
from tests.browser.frame import open_frame
from tests.browser.hosts import watch_requests
from tests.browser.touch import Fingers, phone, too_small

WIDE, PHONE = (1280, 800), (390, 800)


@pytest.fixture(scope="module")
def player() -> mw.ActivityPlayer:
    matrix = mw.load(quiet=True).matrix(autapses=False)
    return mw.ActivityPlayer(matrix, matrix.null("degrees", n=1, seed=7))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, player: mw.ActivityPlayer) -> Path:
    """A page with the player, and a picker and a matrix that are linked with it."""
    con = mw.load(quiet=True)
    explorer = mw.MatrixExplorer(con.matrix(autapses=False))
    picker = mw.CellPicker(con)
    mw.link(player, picker, explorer)
    path = tmp_path_factory.mktemp("player") / "activity.html"
    return mw.to_html([player, picker, explorer], path)


@pytest.fixture
def open_file(browser: Browser, file: Path) -> Iterator[Any]:
    opened = []

    def open_page(size: tuple[int, int] = WIDE, **options: Any) -> tuple[Page, list[str]]:
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, **options)
        opened.append(context)
        foreign = watch_requests(context, file.as_uri()[:-1])
        page = context.new_page()
        page.on("pageerror", lambda error: foreign.append(str(error)))
        page.goto(file.as_uri())
        expect(page.locator(".ap-status")).to_contain_text("decays")
        return page, foreign

    yield open_page
    for context in opened:
        context.close()


def number(page: Page, row: str, column: int) -> str:
    return page.locator(".ap-numbers tr", has_text=row).locator("td").nth(column).inner_text()


def test_the_page_has_the_numbers_of_python(open_file: Any, player: mw.ActivityPlayer) -> None:
    page, problems = open_file()
    for column, (label, response) in enumerate(player.responses.items()):
        assert number(page, "decays in", column) == f"{response.decay_time():.3g} s"
        model = player.models[label]
        assert number(page, "stability", column) == model.stability
        assert number(page, "spectral radius", column) == f"{model.spectral_radius:.3f}"
    assert [one for one in problems if not one.endswith("activity.html")] == []


def test_stability_without_python_is_that_of_every_place_of_the_slider(
    open_file: Any, player: mw.ActivityPlayer
) -> None:
    page, _ = open_file()
    slider = page.get_by_role("slider", name="inhibition / excitation")
    slider.focus()
    for key, ratio in (("Home", 0.0), ("ArrowRight", 0.1), ("End", 2.0)):
        page.keyboard.press(key)
        player.inhibition = ratio
        radius = player.models["shuffled"].spectral_radius
        cell = page.locator(".ap-numbers tr", has_text="spectral radius").locator("td").nth(1)
        expect(cell).to_have_text(f"{radius:.3f}")
    player.inhibition = None
    page.get_by_label("as in the model").check()
    expect(cell).to_have_text(f"{player.models['shuffled'].spectral_radius:.3f}")


def test_it_plays_and_what_lights_up_changes(open_file: Any) -> None:
    page, _ = open_file()
    lit = """() => { const map = document.querySelector('.ap-map');
      const { data } = map.getContext('2d').getImageData(0, 0, map.width, map.height);
      return data.reduce((sum, value, k) => k % 4 === 1 ? sum + value : sum, 0); }"""
    dark = page.evaluate(lit)
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".ap-time")).not_to_have_text("0.00 s")
    page.wait_for_timeout(900)
    page.get_by_role("button", name="Pause").click()
    assert page.evaluate(lit) != dark
    time = page.locator(".ap-time").inner_text()
    page.wait_for_timeout(200)
    assert page.locator(".ap-time").inner_text() == time


def test_a_cell_of_the_matrix_and_of_the_picker_is_the_players(open_file: Any) -> None:
    page, _ = open_file()
    page.locator(".ap-rows").first.focus()
    for key in ("End", "Enter"):
        page.keyboard.press(key)
    name = page.locator(".ap-numbers tr").last.locator("th").inner_text()
    cell = name.split()[-1]
    expect(page.locator(".mx-matrix .mx-readout")).to_contain_text(f"row and column of {cell}")
    expect(page.locator(".mw-row[data-value]:visible")).to_contain_text(cell)
    page.keyboard.press("s")
    expect(page.locator(".mw-status")).to_contain_text("1 selected")


def test_the_pointer_names_a_cell_and_its_rate(open_file: Any) -> None:
    page, _ = open_file()
    page.locator(".ap-raster").first.hover(position={"x": 120, "y": 30})
    tip = page.locator(".ap-network").first.locator(".mw-tip")
    expect(tip).to_contain_text("root id 864691")
    expect(tip).to_contain_text("rate 0")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_axe_finds_no_serious_fault(open_file: Any, scheme: str, size: tuple[int, int]) -> None:
    page, _ = open_file(size, color_scheme=scheme)
    page.locator(".ap-export summary").click()
    assert serious_faults(page, ".ap") == []


@pytest.mark.parametrize("width", [320, 390, 700, 900])
def test_nothing_sticks_out_of_a_narrow_page(open_file: Any, width: int) -> None:
    page, _ = open_file((width, 800))
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_a_finger_plays_draws_around_cells_and_finds_large_targets(
    browser: Browser, file: Path
) -> None:
    with phone(browser, file.as_uri()) as page:
        expect(page.locator(".ap-status")).to_contain_text("decays")
        assert too_small(page, ".ap") == []
        page.get_by_role("button", name="Play").tap()
        page.get_by_role("button", name="Pause").tap()
        page.get_by_role("button", name="Draw around cells").tap()
        map_ = page.locator(".ap-map").first
        map_.scroll_into_view_if_needed()
        box = map_.bounding_box()
        assert box is not None
        corners = [(0.05, 0.05), (0.95, 0.05), (0.95, 0.5), (0.05, 0.5)]
        at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
        Fingers(page).draw(at)
        count = page.locator(".ap-side .ap-soft")
        expect(count).not_to_contain_text("default")
        assert 50 < int(count.inner_text().split()[0]) < 300


def test_the_module_plays_alone_and_leaves_nothing_behind(
    browser: Browser, probe_folder: Path, player: mw.ActivityPlayer
) -> None:
    state = as_json({**player._page_state([]), "playing": True})
    frame = open_frame(browser, STATIC / "activity-player.js", probe_folder / "page.js", state)
    expect(frame.page.locator(".ap-time")).not_to_have_text("0.00 s")
    assert frame.traces() == {}
    frame.page.context.close()


def test_where_a_finger_draws_comes_into_sight(browser: Browser, file: Path) -> None:
    with phone(browser, file.as_uri()) as page:
        expect(page.locator(".ap-status")).to_contain_text("decays")
        page.get_by_role("button", name="Draw around cells").tap()
        expect(page.locator(".ap-map").first).to_be_in_viewport(ratio=0.9)
        expect(page.locator(".ap-status")).to_contain_text("Draw a line around cells")
        page.get_by_role("slider", name="Time").focus()
        page.keyboard.press("End")
        row = page.locator(".ap-numbers tr", has_text="mean rate now")
        expect(row.locator("td").first).to_have_text("< 0.001")
