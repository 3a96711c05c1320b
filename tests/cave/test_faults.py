"""Whatever fails at the service, the request ends with a message that says what to do."""

from __future__ import annotations

import pytest

from microns_widgets.errors import CaveError, ServiceUnreachable, VersionNotFound
from microns_widgets.sources.cave.cells import query_table

TABLE = "nucleus_detection_v0"


def ask(client):
    return query_table(client, TABLE, 1300)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_fault_that_passes_is_not_noticed(client, server, sample, status):
    server.fail("/query", status, times=2)
    assert len(ask(client)) == len(sample.cells)


@pytest.mark.parametrize("status", [500, 503])
def test_a_fault_that_stays_ends_after_some_tries(client, server, status):
    server.fail("/query", status)
    with pytest.raises(ServiceUnreachable, match=f"status {status}"):
        ask(client)
    assert server.count("/query") == 4


def test_a_retry_after_of_hours_is_not_waited_for(client, server, sample):
    server.fail("/query", 429, times=1, Retry_After="21600")
    assert len(ask(client)) == len(sample.cells)


def test_a_missing_table_is_reported_as_missing(client):
    with pytest.raises(VersionNotFound, match="no_such_table"):
        query_table(client, "no_such_table", 1300)


def test_a_hang_ends_with_the_timeout(server):
    from microns_widgets.sources.cave import connect
    from tests.cave.auth import GOOD

    client = connect(GOOD, server_address=server.url, version=1300, timeout=0.2)
    server.hang("/query")
    with pytest.raises(ServiceUnreachable):
        ask(client)


def test_a_broken_body_is_reported_as_unreadable(client, server):
    server.break_body("/query")
    with pytest.raises(CaveError, match="could not be read"):
        ask(client)


def test_a_client_created_elsewhere_is_guarded_too(server):
    from caveclient import CAVEclient

    from tests.cave.auth import GOOD

    client = CAVEclient(
        "minnie65_public", server_address=server.url, auth_token=GOOD, write_server_cache=False
    )
    server.fail("/query", 503)
    with pytest.raises(ServiceUnreachable):
        ask(client)
