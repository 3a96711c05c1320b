"""What Python has of the token panel, without a page."""

from __future__ import annotations

import base64
import threading
from pathlib import Path

import pytest

import microns_widgets as mw
from microns_widgets.errors import (
    NoPermission,
    ServiceUnreachable,
    TermsNotAccepted,
    TokenRefused,
)
from tests.cave.auth import GOOD, NO_PERMISSION, NO_TERMS

UNKNOWN = "0123456789abcdef" * 2


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CAVE_TOKEN", raising=False)
    return tmp_path


def panel_of(server, token: str | None = GOOD) -> mw.TokenPanel:
    return mw.TokenPanel(server_address=server.url, token=token, timeout=0.5)


def test_load_takes_the_panels_client(server, sample, proofread_ids):
    con = mw.load(client=panel_of(server).client, root_ids=proofread_ids[:1], progress=False)
    assert len(con.cells) == len(sample.cells)


@pytest.mark.parametrize(
    ("token", "state", "error"),
    [
        (None, "nothing_found", TokenRefused),
        ("abc", "badly_formed", TokenRefused),
        (UNKNOWN, "refused", TokenRefused),
        (NO_TERMS, "terms_not_accepted", TermsNotAccepted),
        (NO_PERMISSION, "no_permission", NoPermission),
    ],
)
def test_a_panel_without_a_client_says_what_to_do(server, token, state, error):
    panel = panel_of(server, token)
    assert panel.wait() == state
    with pytest.raises(error) as raised:
        _ = panel.client
    assert panel.status["next_step"] in str(raised.value)
    assert getattr(raised.value, "url", "") == panel.status["url"]
    assert panel.account is None


def test_a_token_in_the_environment_needs_no_hand(server, monkeypatch):
    monkeypatch.setenv("CAVE_TOKEN", GOOD)
    assert panel_of(server, None).client.materialize.get_versions() == [1300, 1400]


def test_a_service_that_is_down_is_unreachable(server):
    server.fail("/auth", 503)
    panel = panel_of(server)
    with pytest.raises(ServiceUnreachable, match=r"with a limit of 0\.5 s"):
        _ = panel.client


def test_waiting_ends_with_its_own_timeout(server):
    server.hang("/info")
    assert panel_of(server).wait(0.05) == "checking"


def test_who_observes_the_status_can_take_the_client_at_once(server):
    server.delay("/info/version", 0.1)
    panel = panel_of(server)
    clients: list[object] = []
    panel.observe(lambda _: clients.append(panel.client), "status")
    client = panel.client
    for thread in threading.enumerate():
        if "_run_check" in thread.name:
            thread.join(10)
    assert clients == [client]


def test_an_abandoned_check_changes_nothing_when_it_ends(server):
    server.delay("/info/version", 0.3)
    panel = panel_of(server)
    checks = [thread for thread in threading.enumerate() if "_run_check" in thread.name]
    panel.forget()
    for check in checks:
        check.join(10)
    assert checks
    assert panel.state == "nothing_found"
    with pytest.raises(TokenRefused):
        _ = panel.client


def test_a_sample_that_was_chosen_is_named_by_the_error(server):
    panel = panel_of(server, None)
    panel.use_sample = True
    with pytest.raises(TokenRefused, match=r"load\(\)"):
        _ = panel.client


def test_only_a_token_that_is_ready_is_saved(server, home):
    with pytest.raises(TokenRefused):
        panel_of(server, UNKNOWN).save()
    assert list(home.iterdir()) == []
    assert panel_of(server).save().is_relative_to(home)


def test_forgetting_on_disk_removes_what_was_saved(server):
    panel = panel_of(server)
    file = panel.save()
    panel.forget()
    assert (file.exists(), panel.status["saved"]) == (True, "yes")
    panel.forget(on_disk=True)
    assert (file.exists(), panel.status["saved"]) == (False, "no")


def test_a_token_that_gets_lost_on_its_way_is_reported(server):
    sent: list[dict] = []
    panel = panel_of(server, None)
    panel.send = lambda content, _buffers: sent.append(content)
    panel._receive(panel, {"kind": "ask", "id": "1", "name": "check"}, [])
    assert "did not arrive" in sent[0]["error"]["message"]


def test_a_token_is_removed_from_the_message_that_brings_it(server):
    panel = panel_of(server, None)
    buffers = [memoryview(GOOD.encode())]
    panel._receive(panel, {"kind": "ask", "id": "1", "name": "check"}, buffers)
    assert buffers == []
    assert panel.client


def test_repr_state_and_picture_hold_a_state_and_no_token(server):
    panel = panel_of(server)
    panel.wait()
    assert repr(panel) == "<TokenPanel minnie65_public, ready>"
    data, _ = panel._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert GOOD not in str(data) + str(panel.get_state()) + str(vars(panel))


def test_a_panel_cannot_be_made_with_an_unknown_argument():
    with pytest.raises(TypeError, match="colour"):
        mw.TokenPanel(colour="red")
