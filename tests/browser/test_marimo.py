"""marimo: a click runs the dependent cells again, and the token stays where it was typed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from small_world import cell_frame, synapse_frame

import microns_widgets as mw
from tests.browser.marimo_server import MarimoPage, MarimoServer, cells_of_page
from tests.cave import auth
from tests.cave.server import CaveServer
from tests.cave.world import world_of

pytestmark = pytest.mark.slow

CANARY = "0ddba11cafe5eed5" * 2


@pytest.fixture(scope="module")
def cave() -> Iterator[CaveServer]:
    with CaveServer(world_of(cell_frame(), synapse_frame(), {})) as cave:
        yield cave


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, cave: CaveServer) -> Iterator[MarimoServer]:
    """The notebook of the documentation's page, with a panel for the imitated CAVE."""
    panel = f"mw.TokenPanel(server_address={cave.url!r}, timeout=5)"
    cells = [
        *cells_of_page(),
        f"local_panel = mo.ui.anywidget({panel})\nlocal_panel",
        "show = mo.ui.button(label='What is known', value=0, on_click=lambda n: n + 1)\nshow",
        "mo.stop(show.value == 0)\n"
        "known = [local_panel.value, vars(local_panel), local_panel.widget]\n"
        "known += [vars(local_panel.widget), local_panel.widget.get_state()]\n"
        "mo.plain_text(repr(known))",
        "explorer = mw.Explorer(con, value=con.examples()['BC'])\n"
        "mo.vstack([explorer, explorer.picker, explorer.viewer])",
    ]
    server = MarimoServer(tmp_path_factory.mktemp("marimo"), cells, log_level="info")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def notebook(server: MarimoServer, browser: Browser) -> Iterator[MarimoPage]:
    notebook = server.open(browser)
    yield notebook
    notebook.page.context.close()


def test_a_click_runs_the_dependent_cells_again(notebook: MarimoPage) -> None:
    con = mw.load(quiet=True)
    page = notebook.page
    rows = page.locator(".mw-row")
    for place in (0, 1):
        row = rows.nth(place)
        cell = int(re.findall(r"\d{18}", row.get_attribute("aria-label") or "")[0])
        row.click(position={"x": 100, "y": 12})
        first = con.partners(cell).head().index[0]
        expect(notebook.output("con.partners(cell)")).to_contain_text(str(first))
        expect(page.locator(".skv-summary").first).to_contain_text(str(cell))


def test_a_partner_of_the_viewer_runs_its_cell_again(notebook: MarimoPage) -> None:
    notebook.page.get_by_role("combobox", name="Direction").first.select_option("outputs")
    row = notebook.page.locator(".skp tbody tr").first
    partner = row.locator("td").first.inner_text()
    row.locator("td").nth(1).click()
    expect(notebook.output("con.between([cell]")).to_contain_text(partner)


def test_the_token_is_nowhere_after_it_was_typed(
    server: MarimoServer, notebook: MarimoPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "GOOD", CANARY)
    page = notebook.page
    panel = page.locator(".mw-token").last
    panel.locator("input").click()
    page.keyboard.type(CANARY)
    page.keyboard.press("Enter")
    expect(panel).to_have_attribute("data-state", "ready")
    page.get_by_role("button", name="What is known").click()
    shown = notebook.output("vars(local_panel)")
    expect(shown).to_contain_text("TokenPanel", timeout=15_000)
    known = shown.inner_text()
    assert "'state': 'ready'" in known
    notebook.save_as("saved.py")
    saved = server.folder / "saved.py"
    for _ in range(100):
        if saved.exists() and "local_panel" in saved.read_text():
            break
        page.wait_for_timeout(100)
    content = page.evaluate(_WHOLE_PAGE)
    assert "data-state" in content
    storage = json.dumps(page.context.storage_state(indexed_db=True))
    for text in (known, content, storage, server.log):
        assert CANARY not in text
    assert [path for path in _files(server.folder) if CANARY.encode() in path.read_bytes()] == []


def test_the_explorer_names_its_parts_which_stay_linked(notebook: MarimoPage) -> None:
    shown = notebook.output("explorer = mw.Explorer")
    expect(shown.locator(".mwx-failure")).to_contain_text("Show explorer.picker, explorer.viewer")
    row = shown.locator(".mw-row").nth(3)
    cell = re.findall(r"\d{18}", row.get_attribute("aria-label") or "")[0]
    row.click(position={"x": 100, "y": 12})
    expect(shown.locator(".skv-summary")).to_contain_text(cell)


def test_the_page_asks_no_other_server(notebook: MarimoPage) -> None:
    assert notebook.foreign == []


def _files(folder: Path) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {"saved.py", "server.log"} <= {path.name for path in files}
    return files


# All attributes and texts, those in shadow roots too, and the content of inputs.
_WHOLE_PAGE = """() => {
    const texts = [JSON.stringify({...sessionStorage}), JSON.stringify({...localStorage})];
    const look = (root) => {
        texts.push(root.innerHTML ?? "");
        for (const element of root.querySelectorAll("*")) {
            if (element.matches("input, textarea")) texts.push(element.value);
            if (element.shadowRoot) look(element.shadowRoot);
        }
    };
    look(document.documentElement);
    return texts.join("\\n");
}"""
