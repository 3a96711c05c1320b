"""An exported page, opened from the disk: no Python, no network, and all widgets linked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import microns_widgets as mw
from tests.browser.accessibility import serious_faults
from tests.browser.hosts import watch_requests


@dataclass
class Opened:
    """A page from a file; what it asked for elsewhere, and its uncaught errors."""

    page: Page
    foreign: list[str]
    errors: list[str]
    cells: list[int]


@pytest.fixture(scope="module")
def connected() -> list[int]:
    """Cells of the sample of which the first is connected onto the second."""
    con = mw.load(quiet=True)
    ids = con.select(proofread=True)
    rows, columns = con.matrix(ids, ids).count.nonzero()
    pre, post = next((i, j) for i, j in zip(rows, columns, strict=True) if i != j)
    return list(dict.fromkeys([int(ids[pre]), int(ids[post]), *ids[:4].tolist()]))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, connected: list[int]) -> Path:
    con = mw.load(quiet=True)
    explorer = mw.Explorer(con, value=connected[0], pre=connected, post=connected)
    explorer.matrix.sort("given")
    path = tmp_path_factory.mktemp("page") / "a page#1.html"
    return mw.to_html(explorer, path, title="Some cells", cells=connected)


@pytest.fixture
def opened(browser: Browser, file: Path, connected: list[int]) -> Iterator[Opened]:
    context = browser.new_context(viewport={"width": 1300, "height": 900})
    foreign = watch_requests(context, file.as_uri()[:-1])
    # Only the file itself is there.
    context.route(lambda url: not url.startswith("file:"), lambda route: route.abort())
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda text: errors.append(text.text) if text.type == "error" else None)
    page.goto(file.as_uri())
    expect(page.locator(".skv-summary")).to_contain_text(f"{connected[0]}: ")
    expect(page.locator(".mx-matrix .mx-readout")).to_contain_text(str(connected[0]))
    yield Opened(page, [url for url in foreign if url != file.as_uri()], errors, connected)
    context.close()


def test_a_cell_that_is_picked_is_shown_in_all_widgets(opened: Opened) -> None:
    page, cells = opened.page, opened.cells
    page.locator(".mw-row:visible", has_text=str(cells[1])).click()
    expect(page.locator(".skv-summary")).to_contain_text(f"{cells[1]}: ")
    expect(page.locator(".mx-matrix .mx-readout")).to_contain_text(f"row and column of {cells[1]}")
    assert (opened.foreign, opened.errors) == ([], [])


def test_the_matrix_is_sorted_and_a_click_chooses_a_pair(opened: Opened) -> None:
    page, (pre, post) = opened.page, opened.cells[:2]
    box = page.locator(".mx-plot canvas").first.bounding_box()
    assert box
    order = page.get_by_role("combobox", name="Order", exact=True)
    order.select_option("depth")
    order.select_option("given")
    page.locator(".mx-plot").focus()
    page.keyboard.press("ArrowRight")
    at = page.locator(".mx-matrix .mx-readout")
    # The first row and the second column, wherever the keys begin.
    for key in ("ArrowUp", "ArrowLeft"):
        for _ in opened.cells:
            page.keyboard.press(key)
    page.keyboard.press("ArrowRight")
    expect(at).to_contain_text(f"{pre} (")
    page.keyboard.press("Enter")
    expect(page.locator(".mx-pair")).to_contain_text(str(post))
    expect(page.locator(".skv-summary")).to_contain_text("2 cells: ")
    expect(page.locator("[aria-label=Pair]")).to_contain_text(str(post))
    expect(page.locator(".mw-row[data-value]:visible")).to_contain_text(str(pre))
    assert (opened.foreign, opened.errors) == ([], [])


def test_the_keyboard_alone_picks_a_cell(opened: Opened) -> None:
    page, cells = opened.page, opened.cells
    page.locator(".mw-bar input[type=search]").focus()
    page.keyboard.type(str(cells[2]))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".skv-summary")).to_contain_text(f"{cells[2]}: ")
    assert opened.errors == []


def test_a_partner_leads_to_its_own_cell(opened: Opened) -> None:
    page, (pre, post) = opened.page, opened.cells[:2]
    page.locator(".mw-row:visible", has_text=str(post)).click()
    expect(page.locator(".skv-summary")).to_contain_text(f"{post}: ")
    page.locator(".mx-plot").focus()
    for key in ("ArrowUp", "ArrowLeft"):
        for _ in opened.cells:
            page.keyboard.press(key)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    # Over the picture the box begins as one line.
    page.locator("[aria-label=Pair] summary").click()
    page.get_by_role("button", name="show B alone").click()
    expect(page.locator(".skv-summary")).to_contain_text(f"{post}: ")
    expect(page.locator(".mw-row[data-value]:visible")).to_contain_text(str(post))
    assert pre != post


def test_a_cell_that_is_not_saved_is_reported_as_missing(opened: Opened) -> None:
    page = opened.page
    page.get_by_role("button", name="Remove filter").click()
    page.locator(".mw-bar input[type=search]").fill("astrocyte")
    other = page.locator(".mw-row:visible:not([data-no-segment])", has_text="astrocyte").first
    other.click()
    expect(page.locator(".skv")).to_contain_text("saved without this cell")
    assert opened.errors == []


@pytest.mark.parametrize("width", [320, 768, 1600])
def test_nothing_sticks_out_of_the_page(opened: Opened, width: int) -> None:
    opened.page.set_viewport_size({"width": width, "height": 800})
    opened.page.wait_for_timeout(200)
    assert opened.page.evaluate("() => document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(opened: Opened, scheme: str) -> None:
    opened.page.emulate_media(color_scheme=scheme)
    expect(opened.page.locator(".mw-picker")).to_have_attribute("data-theme", scheme)
    assert serious_faults(opened.page, "html") == []


def test_it_says_that_the_sample_is_synthetic(opened: Opened) -> None:
    expect(opened.page.locator("h1")).to_have_text("Some cells")
    expect(opened.page.locator("header").first).to_contain_text("Synthetic data")


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """The address of public SWC files that other origins may read, and the cell in them."""
    con = mw.load(quiet=True)
    cell = int(con.select(cell_type="MC", proofread=True)[0])
    folder = tmp_path_factory.mktemp("bucket")
    (folder / "proofread").mkdir()
    con.skeleton(cell).to_swc(folder / "proofread" / f"{cell}.swc")

    class Bucket(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def end_headers(self) -> None:
            self.send_header("Access-Control-Allow-Origin", "*")
            super().end_headers()

    handler = partial(Bucket, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", cell
        server.shutdown()


def test_a_page_whose_author_allows_it_loads_the_skeleton_of_another_cell(
    browser: Browser, bucket: tuple[str, int], tmp_path: Path, connected: list[int]
) -> None:
    address, cell = bucket
    con = mw.load(quiet=True)
    picker = mw.CellPicker(con)
    viewer = mw.SkeletonViewer(con, connected[0], skeleton_url=address)
    mw.link(picker, viewer)
    file = mw.to_html([picker, viewer], tmp_path / "page.html")
    context = browser.new_context()
    page = context.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(file.as_uri())
    expect(page.locator(".skv-summary")).to_contain_text(f"{connected[0]}: ")
    assert not [url for url in requests if url.startswith("http")]
    page.locator(".mw-bar input[type=search]").fill(str(cell))
    page.locator(".mw-row:visible", has_text=str(cell)).click()
    expect(page.locator(".skv-notes")).to_contain_text("without the synapses of this cell")
    expect(page.locator(".skv-summary")).to_contain_text(f"{cell}: ")
    loaded = {url for url in requests if url.startswith("http")}
    assert loaded == {f"{address}/proofread/{cell}.swc"}
    context.close()
