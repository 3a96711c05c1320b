"""What is done to the explorer's parts by mouse, and the same by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import microns_widgets as mw
from tests.browser.frame import Frame, open_explorer
from tests.browser.touch import middle

by_both = pytest.mark.parametrize("hand", ["mouse", "keyboard"])


@pytest.fixture(scope="module")
def con() -> mw.Connectome:
    return mw.load(quiet=True)


@pytest.fixture(scope="module")
def ids(con: mw.Connectome) -> list[int]:
    """Cells of which the first two are connected both ways, the second also with itself."""
    all_ids = con.select(proofread=True)
    count = con.matrix(all_ids, all_ids, "count").to_frame().to_numpy()
    both = count * count.T * count.diagonal()[None, :]
    pre, post = next((i, j) for i, j in zip(*both.nonzero(), strict=True) if i != j)
    others = [place for place in range(8) if place not in (pre, post)]
    return [int(all_ids[place]) for place in (pre, post, *others)]


@pytest.fixture(scope="module")
def without_skeleton(con: mw.Connectome) -> int:
    proofread = set(con.select(proofread=True).tolist())
    return next(root_id for root_id in con.root_ids.tolist() if root_id not in proofread)


@pytest.fixture(scope="module")
def explorer(con: mw.Connectome, ids: list[int]) -> mw.Explorer:
    explorer = mw.Explorer(con, value=ids[2], pre=ids, post=ids)
    explorer.matrix.sort("given")
    return explorer


@pytest.fixture
def frame(
    browser: Browser,
    probe_folder: Path,
    explorer: mw.Explorer,
    ids: list[int],
    without_skeleton: int,
) -> Iterator[Frame]:
    frame = open_explorer(browser, probe_folder / "page.js", explorer, [*ids, without_skeleton])
    frame.page.set_viewport_size({"width": 1280, "height": 700})
    expect(frame.page.locator(".skv-summary")).to_contain_text(f"{ids[2]}: ")
    expect(frame.page.locator(".mx-plot")).to_be_visible()
    expect(frame.page.locator(".skp tbody tr").first).to_be_visible()
    yield frame
    assert (frame.foreign, frame.errors) == ([], [])
    frame.page.context.close()


def entry(page: Page, pre: int, post: int) -> tuple[float, float]:
    """Return the point of a pair in the matrix, found by the tooltip at the pointer."""
    canvas = page.locator(".mx-plot > canvas").first
    tip = page.locator(".mx-plot .mw-tip")
    box = canvas.bounding_box()
    assert box

    def found(x: float, y: float, what: str) -> bool:
        page.mouse.move(x, y)
        canvas.evaluate("() => new Promise(requestAnimationFrame)")
        return what in (tip.text_content() or "") and tip.is_visible()

    steps = [step / 40 for step in range(2, 39)]
    middle_x = box["x"] + box["width"] / 2
    rows = [box["y"] + step * box["height"] for step in steps]
    y = next(y for y in rows if found(middle_x, y, f"from {pre}"))
    columns = [box["x"] + step * box["width"] for step in steps]
    x = next(x for x in columns if found(x, y, f"onto {post}"))
    return x, y


def choose_pair(page: Page, hand: str, pre: int, post: int, ids: list[int]) -> None:
    if hand == "mouse":
        page.mouse.click(*entry(page, pre, post))
        return
    page.locator(".mx-plot").focus()
    for key in ("ArrowUp", "ArrowLeft"):
        for _ in ids:
            page.keyboard.press(key)
    for key, cell in (("ArrowDown", pre), ("ArrowRight", post)):
        for _ in range(ids.index(cell)):
            page.keyboard.press(key)
    page.keyboard.press("Enter")


def drawn(place: Locator) -> str:
    """Return what a canvas shows, once it has been drawn."""
    place.page.wait_for_timeout(250)
    return str(place.evaluate("(canvas) => canvas.toDataURL()"))


@by_both
def test_a_pair_of_the_matrix_is_exactly_between(
    frame: Frame, con: mw.Connectome, ids: list[int], hand: str
) -> None:
    page, (pre, post) = frame.page, ids[:2]
    choose_pair(page, hand, pre, post, ids)
    box = page.locator("[aria-label=Pair]")
    tables = {"A → B": con.between(pre, post), "B → A": con.between(post, pre)}
    for name, table in tables.items():
        n, size = len(table), int(table["size"].sum())
        expect(box).to_contain_text(f"{name}: {n} synapse{'' if n == 1 else 's'}, {size:,} voxels")
    autapses = len(con.between(post, post))
    expect(box).to_contain_text(f"{autapses} autapse{'' if autapses == 1 else 's'} of B")
    expect(page.locator(".skv-chosen")).to_have_count(sum(map(len, tables.values())))


@by_both
def test_a_fragment_offers_no_cell_to_go_to(frame: Frame, hand: str) -> None:
    page = frame.page
    page.get_by_role("combobox", name="Partner type").select_option("fragments")
    row = page.locator(".skp tbody tr").first
    expect(row.get_by_role("button")).to_have_count(0)
    if hand == "mouse":
        row.locator("td").nth(1).click()
    else:
        row.focus()
        page.keyboard.press("Enter")
    box = page.locator("[aria-label='Chosen partner']")
    expect(box).to_contain_text("A fragment: a piece of an axon or dendrite")
    expect(box.get_by_role("button", name="show this cell")).to_have_count(0)


@by_both
def test_cells_of_the_matrix_are_a_filter_and_another_cell_is_not_said_to_be_in_it(
    frame: Frame, ids: list[int], without_skeleton: int, hand: str
) -> None:
    page = frame.page
    picker = page.locator(".mw-picker")
    picker.locator(".mw-chip button").first.click()
    picker.get_by_role("button", name="Filters", exact=True).click()
    for name, n in (("in the matrix", len(ids)), ("has a skeleton", len(ids))):
        box = picker.get_by_role("checkbox", name=name)
        if hand == "mouse":
            box.click()
        else:
            box.focus()
            page.keyboard.press("Space")
        expect(page.locator(".mw-status")).to_contain_text(f"{n} of ")
    picker.get_by_role("button", name="Clear all").click()
    picker.locator("input[type=search]").first.fill(str(without_skeleton))
    picker.get_by_role("button", name="Filters").click()
    page.locator(".mw-row:visible", has_text=str(without_skeleton)).click()
    expect(page.locator(".mx-matrix .mx-readout")).to_contain_text(
        f"Cell {without_skeleton} is not in this matrix"
    )


@by_both
def test_the_reason_why_a_skeleton_is_missing_unfolds(
    frame: Frame, without_skeleton: int, hand: str
) -> None:
    page = frame.page
    page.locator(".mw-chip button").first.click()
    page.locator(".mw-picker input[type=search]").first.fill(str(without_skeleton))
    page.locator(".mw-row:visible", has_text=str(without_skeleton)).click()
    notes = page.locator(".skv-notes")
    why = notes.get_by_text("Why")
    expect(notes.get_by_text("con.select(proofread=True)")).to_be_hidden()
    if hand == "mouse":
        why.click()
    else:
        why.focus()
        page.keyboard.press("Enter")
    expect(notes.get_by_text("con.select(proofread=True)")).to_be_visible()


def test_a_tooltip_is_at_the_pointer_in_the_matrix_and_on_the_map(
    frame: Frame, ids: list[int]
) -> None:
    page = frame.page
    x, y = entry(page, ids[0], ids[1])
    expect_near(page.locator(".mx-plot .mw-tip"), x, y)
    page.locator(".mw-picker").get_by_role("button", name="Map", exact=True).click()
    box = page.locator(".mw-map").bounding_box()
    assert box
    tip = page.locator(".mw-plot .mw-tip")
    for step in range(1, 200):
        x = box["x"] + box["width"] * (step * 0.618 % 1)
        y = box["y"] + box["height"] * step / 200
        page.mouse.move(x, y)
        if tip.is_visible():
            break
    expect_near(tip, x, y)
    expect(tip).to_contain_text("root id")


def expect_near(tip: Locator, x: float, y: float) -> None:
    expect(tip).to_be_visible()
    box = tip.bounding_box()
    assert box
    across = max(box["x"] - x, 0, x - box["x"] - box["width"])
    down = max(box["y"] - y, 0, y - box["y"] - box["height"])
    assert max(across, down) < 30


@by_both
def test_the_minimap_is_hidden(frame: Frame, hand: str) -> None:
    page = frame.page
    plot, minimap = page.locator(".mx-plot"), page.locator(".mx-minimap")
    plot.focus()
    for _ in range(4):
        page.keyboard.press("+")
    expect(minimap).to_be_visible()
    close = minimap.get_by_role("button", name="Hide the map")
    if hand == "mouse":
        close.click()
    else:
        close.focus()
        page.keyboard.press("Enter")
    expect(minimap).to_be_hidden()
    assert frame.part_state("matrix", "pair") is None


@by_both
def test_size_and_opacity_of_the_synapses_are_set(frame: Frame, hand: str) -> None:
    page = frame.page
    page.locator(".skv-bar summary", has_text="More").click()
    for trait in ("synapse_scale", "synapse_opacity"):
        before = frame.part_state("viewer", trait)
        slider = page.locator(f"input[data-trait={trait}]")
        if hand == "mouse":
            box = slider.bounding_box()
            assert box
            page.mouse.click(box["x"] + 0.1 * box["width"], box["y"] + box["height"] / 2)
        else:
            slider.focus()
            page.keyboard.press("ArrowLeft")
        assert frame.part_state("viewer", trait) < before


VIEWS = """() => JSON.stringify(
  [["viewer", "camera"], ["matrix", "view"]].map(([part, name]) => window.part(part).get(name)))"""


@pytest.mark.parametrize("part", [".skv-stage", ".mx-plot > canvas"])
def test_the_wheel_scrolls_the_page_until_a_part_is_clicked(frame: Frame, part: str) -> None:
    page = frame.page
    page.evaluate("() => { document.body.style.paddingBottom = '900px'; }")
    place = page.locator(part).first
    before = page.evaluate(VIEWS)
    # The focus alone does not take the wheel either.
    page.locator(part.split(" ")[0]).first.focus()
    page.mouse.move(*middle(place))
    page.mouse.wheel(0, 60)
    page.wait_for_function("() => scrollY === 60")
    page.wait_for_timeout(400)
    assert page.evaluate(VIEWS) == before
    x, y = middle(place)
    page.mouse.click(x, y)
    page.mouse.wheel(0, -120)
    page.wait_for_function(f"(before) => ({VIEWS})() !== before", arg=before)
    assert page.evaluate("() => scrollY") == 60


def test_the_wheel_on_the_map_always_scrolls_the_page(frame: Frame) -> None:
    page = frame.page
    page.evaluate("() => { document.body.style.paddingBottom = '900px'; }")
    page.locator(".mw-picker").get_by_role("button", name="Map", exact=True).click()
    page.mouse.click(*middle(page.locator(".mw-map")))
    page.mouse.wheel(0, 60)
    page.wait_for_function("() => scrollY === 60")


@by_both
def test_a_cell_is_lit_in_the_other_parts(
    frame: Frame, con: mw.Connectome, ids: list[int], hand: str
) -> None:
    """From the list, the table of partners and the matrix; by keyboard from the table."""
    page, partner = frame.page, ids[1]
    page.locator(".mw-row:visible", has_text=str(ids[0])).click()
    expect(page.locator(".skv-summary")).to_contain_text(f"{ids[0]}: ")
    # The table has the partner among its first rows only if it lists one type.
    partner_type = con.cell(partner)["cell_type_auto"]
    page.get_by_role("combobox", name="Partner type").select_option(label=partner_type)
    overlay = page.locator(".mx-plot > canvas").nth(1)
    listed = page.locator(".mw-row:visible", has_text=str(partner))
    row = page.locator(".skp tbody tr", has_text=str(partner))
    page.mouse.move(2, 2)
    plain = drawn(overlay)
    if hand == "mouse":
        row.hover()
    else:
        page.locator(".skp tbody tr").first.focus()
        for _ in range(row.evaluate("(row) => row.rowIndex - 1")):
            page.keyboard.press("ArrowDown")
        expect(row).to_be_focused()
    expect(listed).to_have_attribute("data-lit", "")
    expect(page.locator(".skv-lit").first).to_be_attached()
    assert drawn(overlay) != plain
    page.mouse.move(2, 2)
    page.evaluate("() => document.activeElement?.blur()")
    expect(listed).not_to_have_attribute("data-lit", "")
    expect(page.locator(".skv-lit")).to_have_count(0)
    if hand == "keyboard":
        return
    listed.hover()
    expect(row).to_have_class("skp-lit")
    expect(page.locator(".skv-lit").first).to_be_attached()
    assert drawn(overlay) != plain
    page.mouse.move(*entry(page, ids[0], partner))
    expect(listed).to_have_attribute("data-lit", "")
    expect(row).to_have_class("skp-lit")


@by_both
def test_each_of_several_cells_is_hidden_and_shown(frame: Frame, ids: list[int], hand: str) -> None:
    page = frame.page
    page.evaluate("(ids) => window.part('viewer').set('cells', ids)", [str(i) for i in ids[:2]])
    expect(page.locator(".skv-summary")).to_contain_text("2 cells: ")
    stage = page.locator(".skv-stage")

    def picture() -> bytes:
        page.wait_for_timeout(400)
        return stage.screenshot(style=".skv-beside, .skv-fold { visibility: hidden }")

    both = picture()
    page.get_by_role("button", name="Legend").click()
    box = page.locator(f".skv-legend [data-cell='{ids[0]}']")
    for hidden in (True, False):
        if hand == "mouse":
            box.click()
        else:
            box.focus()
            page.keyboard.press("Space")
            expect(box).to_be_focused()
        expect(box).to_be_checked(checked=not hidden)
        expect(page.locator(".skv-soma")).to_have_count(1 if hidden else 2)
        assert (picture() == both) is not hidden
    assert frame.part_state("viewer", "cells") == [str(i) for i in ids[:2]]


@by_both
def test_the_table_of_partners_is_made_higher_and_reset(frame: Frame, hand: str) -> None:
    page = frame.page
    divider = page.get_by_role("separator", name="Height of the partner table")
    rows = page.locator(".skp-scroll")
    height = "(rows) => rows.clientHeight"
    before = rows.evaluate(height)
    x, y = middle(divider)
    if hand == "mouse":
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x, y - 96, steps=4)
        page.mouse.up()
    else:
        divider.focus()
        for _ in range(4):
            page.keyboard.press("ArrowUp")
    assert rows.evaluate(height) == before + 96
    now = page.locator(".skp").evaluate("(table) => table.offsetHeight")
    expect(divider).to_have_attribute("aria-valuenow", str(now))
    # It stays as the user has set it when another cell is shown.
    page.locator(".mw-row:visible").first.click()
    page.wait_for_timeout(300)
    assert rows.evaluate(height) == pytest.approx(before + 96, abs=2)
    divider.dblclick()
    assert rows.evaluate(height) == pytest.approx(before, abs=2)
