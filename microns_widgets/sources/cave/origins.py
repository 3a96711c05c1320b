"""Decides where the token may be sent: only to its own servers, and never unencrypted.

A server is identified by scheme, host and port together: the same host without encryption, or on
another port, is a different server. Plain http is accepted only on this machine, for a test server.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from ipaddress import ip_address
from typing import Any, NamedTuple

import requests
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from microns_widgets.errors import CaveError, InvalidArgument, quoted

CREDENTIALS = ("Authorization", "Cookie")
_PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """A server: scheme, host and port."""

    scheme: str
    host: str
    port: int

    @property
    def encrypted(self) -> bool:
        """Whether requests to it are encrypted."""
        return self.scheme == "https"

    @property
    def on_this_machine(self) -> bool:
        """Whether it is a loopback address."""
        try:
            return ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return self.host == "localhost"


def origin_of(address: object) -> Origin | None:
    """Return the server of an address; None if it is not an http or https address."""
    try:
        # Parsed by urllib3, which is also what connects.
        url = parse_url(str(address))
    except (LocationParseError, ValueError):
        return None
    if url.scheme not in _PORTS or not url.host or url.port == 0:
        return None
    return Origin(url.scheme, url.host.lower().rstrip("."), url.port or _PORTS[url.scheme])


class Origins:
    """The servers that receive the token of one client.

    Parameters
    ----------
    server_address : str
        The CAVE server.

    Raises
    ------
    InvalidArgument
        If it is not an address, or one on another machine without encryption.
    """

    def __init__(self, server_address: str) -> None:
        server = origin_of(server_address)
        if server is None:
            raise InvalidArgument(
                f"server_address={quoted(server_address)} is not the address of a server. "
                "Expected one such as 'https://global.daf-apis.com'."
            )
        self._encrypted_only = server.encrypted or not server.on_this_machine
        if self._encrypted_only and not server.encrypted:
            raise InvalidArgument(
                f"server_address={quoted(server_address)} is not encrypted, so others on the "
                f"network could read your token. Use https://{server.host}."
            )
        self._servers = {server}

    def add(self, address: str) -> None:
        """Add the datastack's own server, as reported by the info service.

        Raises
        ------
        CaveError
            If it is not encrypted. The message names it.
        """
        server = origin_of(address)
        if server is None or not (server.encrypted or server in self._servers):
            raise CaveError(
                f"CAVE's info service names {quoted(address)} as the server of this datastack. "
                "That is not an encrypted address (https://), so nothing was sent there. Tell the "
                "datastack's maintainers."
            )
        self._servers.add(server)

    def admit(self, request: requests.PreparedRequest, options: MutableMapping[str, Any]) -> None:
        """Remove the token from a request to another server.

        Parameters
        ----------
        request : requests.PreparedRequest
            The request, possibly the target of a redirect.
        options : dict
            Options of `send`. Proxies are removed from them for a server on this machine.

        Raises
        ------
        CaveError
            If the request would not be encrypted.
        """
        server = origin_of(request.url)
        if server is None or self._is_exposed(server):
            host = server.host if server else "an unreadable address"
            raise CaveError(
                f"CAVE redirected a request to {host} without encryption (http://). The redirect "
                "was not followed. Try again later; if the error persists, tell the server's "
                "maintainers."
            )
        if not server.encrypted:
            options["proxies"] = {}
        if server not in self._servers:
            for name in CREDENTIALS:
                request.headers.pop(name, None)

    def _is_exposed(self, server: Origin) -> bool:
        """Whether others on the network could read a request to this server."""
        return not server.encrypted and (self._encrypted_only or not server.on_this_machine)
