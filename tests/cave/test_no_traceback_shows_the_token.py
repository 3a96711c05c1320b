"""Whatever fails with a client, and however IPython prints it, the token is not in it."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator
from http.client import HTTPConnection

import pytest
from caveclient import CAVEclient
from IPython.core.interactiveshell import InteractiveShell
from requests import HTTPError

from microns_widgets.errors import CaveError, ServiceUnreachable, TokenRefused
from microns_widgets.sources.cave import connect
from microns_widgets.sources.cave.secret import Secret
from tests.cave import auth

pytestmark = pytest.mark.slow

CANARY = "5ca1ab1e" * 4
MODES = ("Plain", "Context", "Verbose", "Minimal", "Docs")

# What a student may write, and what is raised. The fixture `shell` has the names.
CELLS = {
    "a fault of one's own": (
        "headers = client.info.session.headers\nvalues = vars(client)\n1 / 0",
        ZeroDivisionError,
    ),
    "a missing table": ("client.materialize.query_table('no_such')", HTTPError),
    "a missing service": ("client.schema.get_schemas()", HTTPError),
    "a hang": ("server.hang('/materialize')\nclient.materialize.get_tables()", ServiceUnreachable),
    "a broken answer": (
        "server.break_body('/materialize', 'text/plain')\nclient.materialize.get_tables()",
        ValueError,
    ),
    "a fault that stays": (
        "server.fail('/materialize', 503)\nclient.materialize.get_tables()",
        HTTPError,
    ),
    "an expired token": (
        "server.fail('/materialize', 401)\nclient.materialize.get_tables()",
        TokenRefused,
    ),
    "a refusal at the start": (
        "server.fail('/info/api', 401)\nconnect(secret, server_address=server.url)",
        TokenRefused,
    ),
    "nobody there": ("connect(secret, server_address='http://127.0.0.1:9')", ServiceUnreachable),
    "a wrong version": ("connect(secret, server_address=server.url, version=9)", CaveError),
    "an interruption of who asks for accounts": (
        "interrupt()\nclient.auth.get_user_information([7])",
        KeyboardInterrupt,
    ),
    "an interruption": ("interrupt()\nclient.materialize.get_tables()", KeyboardInterrupt),
}


@pytest.fixture(autouse=True)
def _canary_is_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "GOOD", CANARY)


@pytest.fixture
def interrupt(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """As Ctrl-C while a request goes out: http.client holds it as bytes then."""

    def send(*_: object) -> None:
        raise KeyboardInterrupt

    return lambda: monkeypatch.setattr(HTTPConnection, "send", send)


@pytest.fixture
def shell(server, interrupt) -> Iterator[InteractiveShell]:
    secret = Secret(CANARY)
    shell = InteractiveShell()
    shell.history_manager.enabled = False
    shell.user_ns |= {
        "server": server,
        "connect": connect,
        "secret": secret,
        "client": connect(secret, server_address=server.url, timeout=0.2),
        "interrupt": interrupt,
    }
    yield shell
    shell.restore_sys_module_state()


@pytest.mark.parametrize(("code", "error"), CELLS.values(), ids=CELLS.keys())
def test_no_mode_of_ipython_prints_the_token(shell, capsys, code, error):
    for mode in MODES:
        shell.run_line_magic("xmode", mode)
        assert isinstance(shell.run_cell(code).error_in_exec, error)
        printed = "".join(capsys.readouterr())
        assert "File" in printed or mode in ("Minimal", "Docs")
        assert CANARY not in re.sub(r"\x1b\[[\d;]*m", "", printed), mode


def test_without_the_guard_the_verbose_mode_prints_it(shell, server, capsys):
    shell.user_ns["client"] = CAVEclient(
        "minnie65_public", server_address=server.url, auth_token=CANARY, write_server_cache=False
    )
    shell.run_line_magic("xmode", "Verbose")
    shell.run_cell(CELLS["an interruption"][0])
    assert CANARY in re.sub(r"\x1b\[[\d;]*m", "", "".join(capsys.readouterr()))


def test_an_error_leads_to_no_frame_below_the_guard(server):
    client = connect(CANARY, server_address=server.url, timeout=0.2)
    server.hang("/materialize")
    with pytest.raises(ServiceUnreachable) as caught:
        client.materialize.get_versions()
    error: BaseException | None = caught.value
    while error is not None:
        files = {frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__)}
        assert not [file for file in files if "urllib3" in file or "http/client" in file]
        error = error.__cause__ or error.__context__
