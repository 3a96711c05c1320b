"""Each reason for denied access has its own error and next step, and no token is shown."""

from __future__ import annotations

import copy
import logging
import pickle
import traceback
import webbrowser

import pytest
from caveclient import CAVEclient

from microns_widgets.errors import (
    CaveError,
    InvalidArgument,
    InvalidType,
    NoPermission,
    ServiceUnreachable,
    TermsNotAccepted,
    TokenRefused,
    VersionNotFound,
)
from microns_widgets.sources.cave import CaveSkeletons, connect
from microns_widgets.sources.cave.cells import query_table
from tests.cave import auth
from tests.cave.auth import GOOD, NO_PERMISSION, NO_TERMS
from tests.cave.server import CaveServer

CANARY = "deadbeefdeadbeefdeadbeefdeadbeef"


def test_a_good_token_gives_caveclients_own_client(client):
    from caveclient.frameworkclient import CAVEclientFull

    assert isinstance(client, CAVEclientFull)
    assert client.materialize.get_versions() == [1300, 1400]


@pytest.mark.parametrize("spoilt", ["  {} ", "{}\n", "\t{}"])
def test_white_space_around_a_token_does_no_harm(server, spoilt):
    client = connect(spoilt.format(GOOD.upper()), server_address=server.url)
    assert client.materialize.get_versions()


@pytest.mark.parametrize("token", ["", "short", "PASTE_TOKEN_HERE", GOOD + "0", "g" * 32])
def test_a_malformed_token_is_reported_before_anything_is_sent(server, token):
    with pytest.raises(TokenRefused, match=r"malformed: .* Expected 32 characters"):
        connect(token, server_address=server.url)
    assert server.requests == []


def test_an_unknown_token_is_refused_with_where_to_get_one(server):
    with pytest.raises(TokenRefused, match=r"unknown or expired.*create_token"):
        connect(CANARY, server_address=server.url)


def test_terms_that_are_not_accepted_come_with_their_page_and_open_no_browser(server, monkeypatch):
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    with pytest.raises(TermsNotAccepted, match="accept them, and try again") as error:
        connect(NO_TERMS, server_address=server.url)
    assert error.value.url == f"{server.url}/sticky_auth/api/v1/tos/2/accept"
    assert opened == []


def test_an_account_without_permission_is_reported(server):
    with pytest.raises(NoPermission, match="has no access to this datastack"):
        connect(NO_PERMISSION, server_address=server.url)


def test_a_token_that_expires_later_is_refused_then(client, server):
    server.fail("/materialize", 401)
    with pytest.raises(TokenRefused):
        client.materialize.query_table("nucleus_detection_v0")


def test_terms_that_change_later_open_no_browser_either(client, server, monkeypatch):
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    server.fail("/materialize", 403)
    with pytest.raises(NoPermission):
        client.materialize.query_table("nucleus_detection_v0")
    assert opened == []


def test_a_server_that_is_not_there_is_unreachable():
    with pytest.raises(ServiceUnreachable, match=r"load\(\)"):
        connect(GOOD, server_address="http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"version": 999}, VersionNotFound, r"does not have version 999.* Available: 1300, 1400"),
        ({"version": 0}, InvalidArgument, "version=0 is not a materialization version"),
        ({"version": 1300.0}, InvalidArgument, "version=1300.0"),
        ({"timeout": 0}, InvalidArgument, "timeout=0 is not valid"),
        ({"timeout": float("nan")}, InvalidArgument, "timeout=nan"),
        ({"timeout": None}, InvalidArgument, "timeout=None"),
        ({"server_address": "daf-apis.com"}, InvalidArgument, "Expected one such as 'https://"),
        ({"server_address": "http://[x"}, InvalidArgument, "Expected one such as 'https://"),
        ({"server_address": "http://x:99999"}, InvalidArgument, "Expected one such as 'https://"),
    ],
)
def test_invalid_arguments_of_a_client_are_explained(server, options, error, message):
    with pytest.raises(error, match=message):
        connect(GOOD, **{"server_address": server.url} | options)


def test_a_server_that_hangs_ends_in_an_error(server):
    server.hang("/info")
    with pytest.raises(ServiceUnreachable):
        connect(GOOD, server_address=server.url, timeout=0.2)


def test_the_users_own_record_of_servers_is_left_alone(server, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    connect(GOOD, server_address=server.url)
    assert list(tmp_path.rglob("*")) == []


def provoke(server, fault: str) -> None:
    client = connect(CANARY, server_address=server.url, timeout=0.3, version=1300)
    if fault == "hang":
        server.hang("/query")
    elif fault == "broken":
        server.break_body("/query")
    else:
        server.fail("/query", int(fault))
    query_table(client, "nucleus_detection_v0", 1300)


@pytest.mark.parametrize("fault", ["refused", "hang", "500", "broken", "404"])
def test_the_token_is_in_no_error_and_no_log(server, monkeypatch, caplog, fault):
    if fault != "refused":
        monkeypatch.setattr(auth, "GOOD", CANARY)
    caplog.set_level(logging.DEBUG)
    with pytest.raises(CaveError) as caught:
        provoke(server, fault)
    error = caught.value
    assert CANARY not in str(error) + repr(error) + caplog.text
    assert error.__cause__ is None
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if "microns_widgets" in frame.f_code.co_filename:
            # IPython's verbose tracebacks print the local variables of each frame.
            assert CANARY not in str(frame.f_locals)


def test_a_redirect_to_another_host_takes_no_token_along(client, server):
    with CaveServer(server.world) as elsewhere:
        target = elsewhere.url.replace("127.0.0.1", "localhost")
        server.fail("/query", 307, Location=f"{target}/info/version")
        with pytest.raises(CaveError):
            query_table(client, "nucleus_detection_v0", 1300)
        assert elsewhere.requests
        assert GOOD not in str([seen.headers for seen in elsewhere.requests])


@pytest.mark.parametrize("give_away", [pickle.dumps, copy.copy, copy.deepcopy])
def test_neither_a_client_nor_its_container_can_be_pickled_or_copied(server, give_away):
    client = connect(GOOD, server_address=server.url)
    elsewhere = CAVEclient(
        "minnie65_public", server_address=server.url, auth_token=GOOD, write_server_cache=False
    )
    for holder in (client, CaveSkeletons(client), CaveSkeletons(elsewhere)):
        with pytest.raises(InvalidType, match="create a client where it is needed"):
            give_away(holder)
