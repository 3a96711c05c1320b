"""Whatever fails with a client, and however IPython prints it, the token is not in it."""

from __future__ import annotations

import re
import socket
import traceback
from collections.abc import Callable, Iterator

import pytest
from caveclient import CAVEclient
from IPython.core.interactiveshell import InteractiveShell

from microns_widgets.errors import ServiceUnreachable
from microns_widgets.sources.cave import connect
from microns_widgets.sources.cave.secret import Secret
from tests.cave import auth

CANARY = "5ca1ab1e" * 4
MODES = ("Plain", "Context", "Verbose", "Minimal", "Docs")

# What a student may write. The names are in the shell: server, client, connect, secret.
CELLS = {
    "a cell of one's own": "headers = client.info.session.headers\nvalues = vars(client)\n1 / 0",
    "a missing table": "client.materialize.query_table('no_such_table')",
    "another service": "client.schema.get_schemas()",
    "a hang": "server.hang('/materialize')\nclient.materialize.get_tables()",
    "a broken answer": (
        "server.break_body('/materialize', 'application/json')\nclient.materialize.get_tables()"
    ),
    "a lost connection": ("server.fail('/materialize', 503)\nclient.materialize.get_tables()"),
    "an expired token": "server.fail('/materialize', 401)\nclient.materialize.get_tables()",
    "a refusal at the start": (
        "server.fail('/info/api', 401)\nconnect(secret, server_address=server.url)"
    ),
    "nobody there": "connect(secret, server_address='http://127.0.0.1:9')",
    "a wrong version": "connect(secret, server_address=server.url, version=9)",
    "an interruption": "interrupt_sending()\nclient.materialize.get_tables()",
}


@pytest.fixture(autouse=True)
def _canary_is_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "GOOD", CANARY)


@pytest.fixture
def interrupt_sending(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """As Ctrl-C while the connection is made: http.client holds the request as bytes then."""

    def connecting(*_: object) -> None:
        raise KeyboardInterrupt

    def interrupt() -> None:
        monkeypatch.setattr(socket.socket, "connect", connecting)
        monkeypatch.setattr(socket.socket, "sendall", connecting)

    return interrupt


@pytest.fixture
def shell(server, interrupt_sending) -> Iterator[InteractiveShell]:
    secret = Secret(CANARY)
    shell = InteractiveShell()
    shell.history_manager.enabled = False
    shell.user_ns |= {
        "server": server,
        "connect": connect,
        "secret": secret,
        "client": connect(secret, server_address=server.url, timeout=0.2),
        "interrupt_sending": interrupt_sending,
    }
    yield shell
    shell.restore_sys_module_state()


def traceback_of(shell: InteractiveShell, code: str, mode: str) -> str:
    """Run a cell and return what IPython prints of its error."""
    lines: list[str] = []
    shell._showtraceback = lambda _kind, _value, printed: lines.extend(printed)
    shell.run_line_magic("xmode", mode)
    shell.run_cell(code)
    return re.sub(r"\x1b\[[\d;]*m", "", "\n".join(lines))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("code", CELLS.values(), ids=CELLS.keys())
def test_no_mode_of_ipython_prints_the_token(shell, code, mode):
    printed = traceback_of(shell, code, mode)
    assert "Error" in printed or "Interrupt" in printed or "Refused" in printed
    assert CANARY not in printed


def test_without_the_guard_the_verbose_mode_prints_it(shell, server):
    shell.user_ns["client"] = CAVEclient(
        "minnie65_public", server_address=server.url, auth_token=CANARY, write_server_cache=False
    )
    assert CANARY in traceback_of(shell, CELLS["an interruption"], "Verbose")


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
