"""A token is typed, checked, saved, refused and misused; afterwards it is nowhere else.

All of it happens once, in a JupyterLab whose server and kernel write what they do into logs
at DEBUG; the tests then look for the token where it must not be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from playwright.sync_api import Browser
from small_world import cell_frame, synapse_frame

from tests.browser.hosts import HOSTS, ROOT
from tests.browser.kernel import Kernel, KernelError
from tests.browser.panel_on_page import PanelOnPage, saved_file, show_panel
from tests.browser.server import Server
from tests.cave import auth
from tests.cave.server import CaveServer
from tests.cave.world import world_of

CANARY = "0ddba11cafe5eed5" * 2
# The others are tried in tests/cave/test_no_traceback_shows_the_token.py.
MODES = ("Context", "Verbose")
# In the kernel; `printed` of each is looked at.
FAILING = (
    "client = panel.client\nheaders = client.info.session.headers\n1 / 0",
    "panel.client.materialize.query_table('no_such_table')",
    "mw.load(client=panel.client, root_ids=['no id'])",
)
SHOWING = (
    "panel",
    "vars(panel)",
    "panel.get_state()",
    "panel.trait_values()",
    "panel._repr_mimebundle_()",
    "panel.client",
    "vars(panel.client)",
    "panel.client.auth",
    "vars(panel.client.auth)",
    "vars(panel.client.info)",
    "vars(panel.client.info.session)",
    "vars(panel.client.materialize.session)",
    "get_ipython().kernel.get_parent('shell')",
    "globals()",
)
LOGGING = (
    "import logging\n"
    "logging.basicConfig(level=logging.DEBUG, filename='kernel-debug.log', force=True)\n"
)


@dataclass
class Traces:
    """What is left after all that was done with the token."""

    folder: Path
    cave: CaveServer
    elsewhere: CaveServer
    saved: Path
    tracebacks: list[str]
    shown: list[str]
    notebooks: dict[str, str]
    page: str
    clipboard: str
    storage: str

    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("canary")
    (folder / "home").mkdir()
    _save_widget_state(folder)
    _log_everything_of_kernels(folder)
    lab = HOSTS["jupyterlab"]
    server = Server(replace(lab, options=(*lab.options, "--debug")), folder)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def cave() -> Iterator[CaveServer]:
    with CaveServer(world_of(cell_frame(), synapse_frame(), {})) as cave:
        yield cave


@pytest.fixture(scope="module")
def elsewhere(cave: CaveServer) -> Iterator[CaveServer]:
    with CaveServer(cave.world) as elsewhere:
        yield elsewhere


@pytest.fixture(scope="module")
def traces(
    server: Server, browser: Browser, cave: CaveServer, elsewhere: CaveServer
) -> Iterator[Traces]:
    home = server.folder / "home"
    notebook = server.open(browser, [LOGGING + show_panel(cave, home)])
    notebook.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    notebook.page.evaluate("navigator.clipboard.writeText('what was there before')")
    notebook.run_all()
    panel = PanelOnPage(notebook)
    panel.enter(CANARY)
    panel.expect("refused")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(auth, "GOOD", CANARY)
        panel.enter(CANARY)
        panel.expect("ready")
        panel.click("Save for next time")
        panel.kernel.expect("panel.status['saved']", "yes")
        tracebacks = [
            _traceback(panel.kernel, f"get_ipython().run_line_magic('xmode', {mode!r})\n{code}")
            for mode in MODES
            for code in chain(FAILING, _requests_that_fail(cave, elsewhere))
        ]
        shown = [
            panel.kernel.run(f"{show}({expression}))")
            for expression in SHOWING
            for show in ("print(repr", "print(get_ipython().display_formatter.format")
        ]
        by_hand = notebook.save()
        executed = _execute(cave, home, server.folder)
    yield Traces(
        server.folder,
        cave,
        elsewhere,
        saved_file(cave, home),
        tracebacks,
        shown,
        {
            "saved by hand": nbformat.writes(by_hand),
            "executed by nbclient": nbformat.writes(executed),
            "HTML of the former": HTMLExporter().from_notebook_node(by_hand)[0],
            "HTML of the latter": HTMLExporter().from_notebook_node(executed)[0],
        },
        notebook.page.evaluate(_WHOLE_PAGE),
        notebook.page.evaluate("navigator.clipboard.readText()"),
        json.dumps(notebook.page.context.storage_state(indexed_db=True)),
    )
    server.close(notebook)


# All attributes and texts, the content of inputs, and the session's storage.
_WHOLE_PAGE = """() => [
    document.documentElement.outerHTML,
    ...[...document.querySelectorAll("input, textarea")].map(input => input.value),
    JSON.stringify({...sessionStorage}),
    document.cookie,
    location.href,
].join("\\n")"""


def _save_widget_state(folder: Path) -> None:
    settings = folder / "settings" / "@jupyter-widgets" / "jupyterlab-manager"
    settings.mkdir(parents=True)
    (settings / "plugin.jupyterlab-settings").write_text('{"saveState": true}')


def _log_everything_of_kernels(folder: Path) -> None:
    profile = folder / "ipython" / "profile_default"
    profile.mkdir(parents=True)
    (profile / "ipython_kernel_config.py").write_text("c.IPKernelApp.log_level = 10\n")


def _requests_that_fail(cave: CaveServer, elsewhere: CaveServer) -> Iterator[str]:
    """Return cells one after another, each with another fault at the service."""
    ask = "panel.client.materialize.get_versions()"
    target = elsewhere.url.replace("127.0.0.1", "localhost")
    for fault in (
        lambda: cave.fail("/materialize", 401),
        lambda: cave.fail("/materialize", 500),
        lambda: cave.hang("/materialize"),
        lambda: cave.break_body("/materialize", "text/plain"),
        lambda: cave.fail("/materialize", 307, Location=f"{target}/info/api/x"),
    ):
        fault()
        yield ask
        cave.clear_faults()


def _traceback(kernel: Kernel, code: str) -> str:
    with pytest.raises(KernelError) as caught:
        kernel.run(code)
    return re.sub(r"\x1b\[[\d;]*m", "", str(caught.value))


def _execute(cave: CaveServer, home: Path, folder: Path) -> nbformat.NotebookNode:
    """Execute a notebook without a person; the token is found where it was saved."""
    sources = (show_panel(cave, home), "%xmode Verbose\npanel.wait()", *FAILING)
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        return NotebookClient(notebook, allow_errors=True).execute()


def test_what_was_done_was_done(traces: Traces) -> None:
    assert len(traces.tracebacks) == len(MODES) * (len(FAILING) + 5)
    assert "MESSAGE TYPE:comm_msg" in traces.log()
    assert traces.elsewhere.requests
    assert any(CANARY in str(seen.headers) for seen in traces.cave.requests)
    executed = nbformat.reads(traces.notebooks["executed by nbclient"], as_version=4)
    assert "'ready'" in str(executed.cells[1].outputs)
    for name in ("saved by hand", "executed by nbclient"):
        notebook = nbformat.reads(traces.notebooks[name], as_version=4)
        assert "gives access to" in str(notebook.metadata.widgets)
        assert "Demo" not in str(notebook.metadata.widgets)


def test_the_token_is_in_no_traceback(traces: Traces) -> None:
    assert [text for text in traces.tracebacks if CANARY in text] == []


def test_the_token_is_in_no_trait_and_no_repr(traces: Traces) -> None:
    assert [text for text in traces.shown if CANARY in text] == []


def test_the_token_is_in_no_notebook_and_no_exported_page(traces: Traces) -> None:
    assert [name for name, text in traces.notebooks.items() if CANARY in text] == []


def test_the_token_is_in_no_attribute_storage_or_clipboard_of_the_page(traces: Traces) -> None:
    assert CANARY not in traces.page
    assert CANARY not in traces.storage
    assert traces.clipboard == "what was there before"


def test_the_token_goes_to_no_other_host(traces: Traces) -> None:
    assert CANARY not in str([seen.headers for seen in traces.elsewhere.requests])


def test_on_disk_the_token_is_only_where_it_was_saved(traces: Traces) -> None:
    """Logs of server and kernel, history, checkpoints, workspaces, caches and all else."""
    files = [file for file in traces.folder.rglob("*") if file.is_file()]
    assert len(files) > 10
    assert [file for file in files if CANARY.encode() in file.read_bytes()] == [traces.saved]
