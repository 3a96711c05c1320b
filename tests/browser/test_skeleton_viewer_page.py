"""The skeleton viewer on a page without a kernel: what it draws is what Python has."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import matplotlib.image as mpl_image
import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, expect

import microns_widgets as mw
from microns_widgets import palette
from microns_widgets.anatomy.depth import to_cortical
from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.connectome import Connectome
from microns_widgets.sources.real_data import BASKET_CELL, load_basket_cell
from microns_widgets.widgets._base import STATIC
from tests.browser.accessibility import serious_faults
from tests.browser.frame import Frame, open_frame
from tests.viewer_fixture import saved_state

Show = Callable[[mw.SkeletonViewer], Frame]
SCRIPT = STATIC / "skeleton-viewer.js"
#: nm of a position in the file, which holds um with three decimals.
WITHIN = 1.0


@pytest.fixture
def show(browser: Browser, probe_folder: Path) -> Iterator[Show]:
    """Return a function that shows a viewer of one cell, which answers as Python would."""
    shown: list[Frame] = []

    def open_viewer(viewer: mw.SkeletonViewer) -> Frame:
        [root_id] = viewer.cells
        state = saved_state(viewer) | {"data": {}}
        about, synapses = viewer._synapse_reply(root_id)
        head, skeleton = viewer._skeleton_reply(root_id, viewer._skeletons.result(root_id))
        replies = {"synapses": (about, synapses), "skeleton": (head, skeleton)}
        shown.append(open_frame(browser, SCRIPT, probe_folder / "page.js", state, replies))
        expect(shown[-1].page.locator(".skv-summary")).to_contain_text("of cable")
        return shown[-1]

    yield open_viewer
    for frame in shown:
        frame.page.context.close()


@pytest.fixture(scope="module")
def sample() -> Connectome:
    return mw.load(quiet=True)


@pytest.fixture(scope="module")
def viewer(sample: Connectome) -> mw.SkeletonViewer:
    return mw.SkeletonViewer(sample, sample.select(cell_type="BC", proofread=True)[0])


@pytest.fixture(scope="module")
def real(real_data: Path) -> Connectome:
    return load_basket_cell(real_data)


def saved(frame: Frame, name: str) -> bytes:
    """Return the file that an item of the export menu saves."""
    menu = frame.page.locator(".skv-export")
    if menu.get_attribute("open") is None:
        menu.locator("summary").click()
    with frame.page.expect_download() as download:
        frame.page.locator(f"[data-export={name}]").click()
    return Path(download.value.path()).read_bytes()


# The real basket cell


def test_the_real_cells_vertices_and_compartments_are_pythons(
    show: Show, real: Connectome, tmp_path: Path
) -> None:
    frame = show(mw.SkeletonViewer(real, BASKET_CELL))
    file = tmp_path / "cell.swc"
    file.write_bytes(saved(frame, "swc"))
    ours, theirs = Skeleton.from_swc(file), real.skeleton(BASKET_CELL)
    assert ours.n_vertices == theirs.n_vertices == 16_720
    assert np.bincount(ours.compartment).tolist() == [0, 1, 14_153, 2_566]
    _, distance = theirs.nearest(ours.vertices)
    assert distance.max() < WITHIN
    assert ours.cable_length("axon") == pytest.approx(theirs.cable_length("axon"), rel=1e-4)


def test_the_real_cells_synapses_are_pythons(show: Show, real: Connectome) -> None:
    frame = show(mw.SkeletonViewer(real, BASKET_CELL))
    table = pd.read_csv(io.BytesIO(saved(frame, "csv")), keep_default_na=False)
    skeleton = real.skeleton(BASKET_CELL)
    for direction, frame_, partner in (
        ("input", real.inputs(BASKET_CELL), "pre_pt_root_id"),
        ("output", real.outputs(BASKET_CELL), "post_pt_root_id"),
    ):
        side = table[table["direction"] == direction]
        assert side["partner_root_id"].tolist() == frame_[partner].tolist()
        assert side["size"].tolist() == frame_["size"].tolist()
        positions = frame_[[f"ctr_pt_position_{axis}" for axis in "xyz"]].to_numpy()
        assert (side[["x_nm", "y_nm", "z_nm"]].to_numpy() == positions).all()
        np.testing.assert_allclose(side["depth_um"], to_cortical(positions)[:, 1], atol=0.01)
        vertex, _ = skeleton.nearest(positions)
        distance = side["distance_to_soma_um"].to_numpy(float)
        np.testing.assert_allclose(distance, skeleton.path_distance[vertex], atol=0.01)


def test_the_real_cells_counts_per_type_are_pythons(show: Show, real: Connectome) -> None:
    frame = show(mw.SkeletonViewer(real, BASKET_CELL))
    rows = frame.page.locator(".skv-legend label:has([data-type])").evaluate_all(
        "rows => rows.map(row => [row.querySelector('input').dataset.type,"
        " row.querySelector('.skv-count').textContent])"
    )
    counts = real.partners(BASKET_CELL).groupby("cell_type_auto")["n_synapses"].sum()
    assert {name: int(text.replace(",", "")) for name, text in rows} == counts.to_dict()


@pytest.mark.parametrize("view", ["front", "side", "top", "perspective"])
def test_the_soma_is_drawn_where_the_table_says_it_is(
    show: Show, real: Connectome, view: str
) -> None:
    nucleus = real.cell(BASKET_CELL)[[f"pt_position_{axis}" for axis in "xyz"]].to_numpy(float)
    [center] = to_cortical([nucleus])
    # Beside the middle, so that drawing in the middle by chance does not pass.
    away = {"front": [8, 5, 0], "side": [0, 5, 8], "top": [8, 0, 5], "perspective": [0, 0, 0]}
    height = 60.0
    camera = {"view": view, "center": (center - away[view]).tolist(), "height": height}
    frame = show(mw.SkeletonViewer(real, BASKET_CELL, synapses="none", camera=camera))
    frame.page.add_style_tag(content=".skv-overlay { visibility: hidden }")
    frame.page.wait_for_timeout(500)
    picture = frame.page.locator(".skv-stage").screenshot()
    pixels = mpl_image.imread(io.BytesIO(picture))[..., :3]
    # The soma's colour in any light: its hue is its own among the compartments.
    red, green, blue = np.array([int(palette.color("soma")[i : i + 2], 16) for i in (1, 3, 5)])
    assert blue < red == green
    like = (np.abs(pixels[..., 0] - pixels[..., 1]) < 0.05) & (pixels[..., 2] < 0.1)
    like &= pixels[..., 0] > 0.15
    rows, columns = np.nonzero(like)
    scale = pixels.shape[0] / height
    radius = real.skeleton(BASKET_CELL).radius[-1] / 1000 * scale
    middle = np.array([pixels.shape[1], pixels.shape[0]]) / 2
    across, down = {
        "front": (8, 5),
        "side": (8, 5),
        "top": (8, -5),
        "perspective": (0, 0),
    }[view]
    # The middle of its reach, within 0.6 um: neurites cover a part of it.
    found = np.array([np.ptp(columns) / 2 + columns.min(), np.ptp(rows) / 2 + rows.min()])
    assert found == pytest.approx(middle + scale * np.array([across, down]), abs=0.6 * scale)
    assert np.ptp(rows) / 2 == pytest.approx(radius, rel=0.1)


def test_the_link_to_neuroglancer_is_pythons(show: Show, real: Connectome) -> None:
    viewer = mw.SkeletonViewer(real, BASKET_CELL)
    frame = show(viewer)
    frame.page.locator(".skv-export summary").click()
    link = frame.page.locator("[data-export=neuroglancer]")
    # The menu is open a moment before its link is made.
    expect(link).to_have_attribute("href", re.compile("#!"))
    assert state_in(link.get_attribute("href") or "") == state_in(viewer.neuroglancer_url())
    assert frame.foreign == []


def state_in(url: str) -> dict[str, Any]:
    state: dict[str, Any] = json.loads(unquote(url.split("#!", 1)[1]))
    state["position"] = [round(value, 6) for value in state["position"]]
    return state


# Hands and eyes

MORE = """async (text) => {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const { default: widget } = await import(url);
  for (let i = 0; i < 29; i++) {
    const el = document.createElement("div");
    document.getElementById("output").append(el);
    widget.render({ model: window.model, el });
  }
}"""


def test_a_synapse_under_the_pointer_is_described_and_a_click_chooses_its_partner(
    show: Show, viewer: mw.SkeletonViewer
) -> None:
    frame = show(viewer)
    page = frame.page
    page.locator(".skv-stage").focus()
    page.keyboard.press("n")
    ring = page.locator(".skv-pointed")
    x, y = (float(ring.get_attribute(name) or 0) for name in ("cx", "cy"))
    page.locator(".skv-stage").click(position={"x": x, "y": y})
    partner = frame.state("partner")
    assert int(partner) in set(viewer.shown_synapses()["partner_root_id"])
    tip = page.locator(".mw-tip")
    for word in (partner, "type", "voxels", "path to soma"):
        expect(tip).to_contain_text(word)
    expect(page.locator(".skv-partner")).to_contain_text(partner)


def test_the_sample_is_called_synthetic(show: Show, viewer: mw.SkeletonViewer) -> None:
    expect(show(viewer).page.locator(".skv-source")).to_have_text("synthetic sample")


@pytest.mark.long
def test_thirty_viewers_on_a_page_lose_no_context(show: Show, viewer: mw.SkeletonViewer) -> None:
    frame = show(viewer)
    page, warnings = frame.page, []
    page.on("console", lambda message: warnings.append(message.text))
    page.evaluate(MORE, SCRIPT.read_text(encoding="utf-8"))
    summaries = page.locator(".skv-summary")
    expect(summaries).to_have_count(30)
    stages = page.locator(".skv-stage")
    for place in range(30):
        stages.nth(place).scroll_into_view_if_needed()
        expect(stages.nth(place).locator("canvas:not(.skv-picture)")).to_be_visible()
    assert page.locator(".skv-stage > canvas:not(.skv-picture)").count() <= 8
    assert [text for text in warnings if "context" in text.lower()] == []
    # The first has a picture, and draws again when one comes back to it.
    first = stages.first
    expect(first.locator(".skv-picture")).to_have_js_property("hidden", False)
    first.scroll_into_view_if_needed()
    expect(first.locator("canvas:not(.skv-picture)")).to_be_visible()
    assert frame.errors == []


def test_what_lies_on_white_is_drawn_light_whatever_the_theme(
    show: Show, viewer: mw.SkeletonViewer
) -> None:
    expect(show(viewer).page.locator(".skv")).to_have_attribute("data-theme", "light")


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_no_serious_fault(show: Show, viewer: mw.SkeletonViewer, dark: bool) -> None:
    frame = show(viewer)
    if dark:
        frame.page.evaluate("() => document.body.setAttribute('data-jp-theme-light', 'false')")
        expect(frame.page.locator(".skv")).to_have_attribute("data-theme", "dark")
    frame.page.locator(".skv-export summary").click()
    assert serious_faults(frame.page, ".skv") == []


@pytest.mark.parametrize("width", [320, 600])
def test_nothing_sticks_out_of_a_narrow_page(
    show: Show, viewer: mw.SkeletonViewer, width: int
) -> None:
    frame = show(viewer)
    frame.page.set_viewport_size({"width": width, "height": 800})
    frame.page.wait_for_timeout(200)
    assert frame.page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert serious_faults(frame.page, ".skv") == []


def test_a_removed_viewer_leaves_nothing_behind(show: Show, viewer: mw.SkeletonViewer) -> None:
    frame = show(viewer)
    assert frame.traces() == {}
