"""The token panel, used by hand in a live notebook, against a CAVE server on loopback."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from small_world import cell_frame, synapse_frame

from tests.browser.accessibility import serious_faults
from tests.browser.hosts import HOSTS, Notebook
from tests.browser.panel_on_page import PanelOnPage, saved_file, show_panel
from tests.browser.server import Server
from tests.cave import auth
from tests.cave.auth import GOOD, NO_PERMISSION, NO_TERMS
from tests.cave.server import CaveServer
from tests.cave.world import world_of

UNKNOWN = "0123456789abcdef" * 2


@pytest.fixture(scope="module")
def cave() -> Iterator[CaveServer]:
    with CaveServer(world_of(cell_frame(), synapse_frame(), {})) as cave:
        yield cave


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def notebook(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser, cave: CaveServer, home: Path
) -> Iterator[Notebook]:
    server = Server(HOSTS["jupyterlab"], tmp_path_factory.mktemp("lab"))
    notebook = server.open(browser, [show_panel(cave, home)])
    notebook.run_all()
    yield notebook
    server.close(notebook)
    server.stop()


@pytest.fixture
def panel(notebook: Notebook, cave: CaveServer, home: Path) -> PanelOnPage:
    """A panel that knows nothing, and neither does the disk."""
    cave.clear_faults()
    cave.requests.clear()
    shutil.rmtree(home / ".cloudvolume", ignore_errors=True)
    panel = PanelOnPage(notebook)
    panel.kernel.run("panel.forget(); panel.use_sample = False")
    panel.expect("nothing_found")
    return panel


def test_without_a_token_the_panel_shows_the_steps_to_one(panel: PanelOnPage) -> None:
    panel.says("No CAVE token was found")
    links = panel.element.get_by_role("link")
    assert links.evaluate_all("links => links.map(link => new URL(link.href).pathname)") == [
        "/auth/api/v1/create_token",
        "/auth/api/v1/user/token",
    ]
    expect(panel.element).to_contain_text("may invalidate the old one")


def test_going_on_with_the_sample_is_one_click_that_python_hears(panel: PanelOnPage) -> None:
    panel.kernel.run("heard = []; panel.observe(heard.append, 'use_sample')")
    panel.click("Continue with the sample")
    panel.says("built-in sample")
    panel.kernel.expect("[change['new'] for change in heard]", [True])


def test_a_badly_formed_token_never_leaves_the_page(panel: PanelOnPage, cave: CaveServer) -> None:
    panel.enter("my password")
    panel.expect("badly_formed")
    panel.says("it has 11 characters. Expected 32 characters")
    expect(panel.element.locator("input")).to_have_value("")
    assert cave.requests == []


def test_cells_run_while_a_token_is_checked(panel: PanelOnPage, cave: CaveServer) -> None:
    cave.delay("/", 0.4)
    panel.enter(GOOD)
    panel.expect("checking")
    assert panel.kernel.value("6 * 7") == 42
    panel.expect("ready")


def test_a_good_token_gives_a_client_and_the_accounts_name(panel: PanelOnPage) -> None:
    panel.enter(f"  {GOOD.upper()} ")
    panel.expect("ready")
    panel.says("gives access to minnie65_public")
    panel.says("Account: Demo")
    panel.kernel.expect("panel.client.materialize.get_versions()", [1300, 1400])
    panel.kernel.expect("panel.account", "Demo")
    expect(panel.element.locator("input")).to_have_count(0)


def test_a_pasted_token_is_as_good_as_a_typed_one(panel: PanelOnPage) -> None:
    panel.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    panel.page.evaluate("text => navigator.clipboard.writeText(text)", f"{GOOD}\n")
    panel.element.locator("input").click()
    panel.page.keyboard.press("Control+v")
    panel.click("Check")
    panel.expect("ready")


def test_an_unknown_token_is_refused_and_another_can_be_entered(panel: PanelOnPage) -> None:
    panel.enter(UNKNOWN)
    panel.expect("refused")
    panel.says("does not accept this token")
    panel.enter(GOOD)
    panel.expect("ready")


def test_terms_are_accepted_by_a_link_on_the_panel(
    panel: PanelOnPage, cave: CaveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.kernel.run("import webbrowser; opened = []; webbrowser.open = opened.append")
    panel.enter(NO_TERMS)
    panel.expect("terms_not_accepted")
    link = panel.element.get_by_role("link", name="Open the terms of service")
    expect(link).to_have_attribute("href", f"{cave.url}/sticky_auth/api/v1/tos/2/accept")
    panel.kernel.expect("opened", [])
    monkeypatch.setattr(auth, "NO_TERMS", "accepted now")
    monkeypatch.setattr(auth, "GOOD", NO_TERMS)
    panel.click("Check again")
    panel.expect("ready")


def test_an_account_without_permission_is_reported(panel: PanelOnPage) -> None:
    panel.enter(NO_PERMISSION)
    panel.expect("no_permission")
    panel.says("its account has no access to minnie65_public")


def test_a_service_that_is_too_slow_can_be_tried_again(
    panel: PanelOnPage, cave: CaveServer
) -> None:
    cave.hang("/info/version")
    panel.enter(GOOD)
    panel.expect("unreachable")
    panel.says("with a limit of 0.5 s")
    cave.clear_faults()
    panel.click("Check again")
    panel.expect("ready")


def test_a_token_is_saved_for_its_owner_only_and_found_later(
    panel: PanelOnPage, home: Path, cave: CaveServer
) -> None:
    panel.enter(GOOD)
    panel.expect("ready")
    file = saved_file(cave, home)
    assert not file.exists()
    expect(panel.element).to_contain_text(f"~/.cloudvolume/secrets/{file.name}")
    panel.click("Save for next time")
    expect(panel.button("Save for next time")).to_have_count(0)
    assert json.loads(file.read_text()) == {"token": GOOD}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    found = f"mw.TokenPanel(server_address={cave.url!r}).wait()"
    panel.kernel.expect(found, "ready")


def test_another_saved_token_is_replaced_by_a_second_click_only(
    panel: PanelOnPage, home: Path, cave: CaveServer
) -> None:
    file = saved_file(cave, home)
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"token": UNKNOWN, "kept": 1}))
    panel.enter(GOOD)
    panel.expect("ready")
    panel.click("Save for next time")
    expect(panel.element).to_contain_text("Another token is saved")
    assert json.loads(file.read_text()) == {"token": UNKNOWN, "kept": 1}
    panel.click("Replace the saved token")
    expect(panel.button("Replace the saved token")).to_have_count(0)
    assert json.loads(file.read_text()) == {"token": GOOD, "kept": 1}


def test_a_disk_that_cannot_be_written_is_reported_and_the_client_stays(
    panel: PanelOnPage, home: Path
) -> None:
    panel.enter(GOOD)
    panel.expect("ready")
    # A file where the folder should be: root, who may run this, minds no permissions.
    (home / ".cloudvolume").write_text("")
    panel.click("Save for next time")
    panel.expect("not_saved")
    panel.says("could not be written")
    panel.kernel.expect("panel.client.materialize.get_versions()", [1300, 1400])
    (home / ".cloudvolume").unlink()
    panel.click("Save for next time")
    panel.expect("ready")


def test_forgetting_asks_separately_for_the_disk(
    panel: PanelOnPage, home: Path, cave: CaveServer
) -> None:
    panel.enter(GOOD)
    panel.expect("ready")
    panel.click("Save for next time")
    panel.click("Forget the token")
    panel.expect("nothing_found")
    assert saved_file(cave, home).exists()
    panel.click("Remove the token from the file")
    expect(panel.button("Remove the token from the file")).to_have_count(0)
    assert not saved_file(cave, home).exists()


def test_the_keyboard_alone_is_enough(panel: PanelOnPage, home: Path, cave: CaveServer) -> None:
    panel.element.locator("input").focus()
    panel.page.keyboard.type(UNKNOWN)
    panel.page.keyboard.press("Enter")
    panel.expect("refused")
    # The focus is where the next thing is done, and no letter was a command of the notebook.
    panel.page.keyboard.type(GOOD)
    panel.page.keyboard.press("Tab")
    panel.page.keyboard.press("Enter")
    panel.expect("ready")
    expect(panel.button("Save for next time")).to_be_focused()
    panel.page.keyboard.press("Space")
    expect(panel.button("Forget the token")).to_be_focused()
    assert saved_file(cave, home).exists()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_serious_fault(panel: PanelOnPage, theme: str) -> None:
    is_light = "light => document.body.setAttribute('data-jp-theme-light', light)"
    panel.page.evaluate(is_light, str(theme == "light").lower())
    expect(panel.element).to_have_attribute("data-theme", theme)
    assert serious_faults(panel.page, ".mw-token") == []
    panel.enter(NO_TERMS)
    panel.expect("terms_not_accepted")
    assert serious_faults(panel.page, ".mw-token") == []
    panel.kernel.run("panel.forget()")
    panel.enter(GOOD)
    panel.expect("ready")
    assert serious_faults(panel.page, ".mw-token") == []


def test_in_every_host_a_typed_token_gives_a_client_in_the_kernel(
    open_notebook: Callable[..., Notebook], cave: CaveServer, tmp_path: Path
) -> None:
    cave.clear_faults()
    panel_cell = show_panel(cave, tmp_path)
    notebook = open_notebook(panel_cell)
    notebook.run_all()
    panel = PanelOnPage(notebook)
    # In classic Notebook these letters are commands: cut, insert above, copy, delete.
    panel.enter(GOOD)
    panel.expect("ready")
    panel.kernel.expect("panel.client.materialize.get_versions()", [1300, 1400])
    assert [cell.source for cell in notebook.save().cells] == [panel_cell]
    assert notebook.foreign == []
    assert notebook.errors == []
