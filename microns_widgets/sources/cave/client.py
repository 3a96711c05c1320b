"""Creates CAVE clients whose requests time out and that do not reveal their token."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from typing import TYPE_CHECKING, Any

from packaging.specifiers import SpecifierSet

from microns_widgets import releases
from microns_widgets.errors import (
    InvalidArgument,
    MissingLibrary,
    TokenRefused,
    VersionNotFound,
    quoted,
)
from microns_widgets.sources.cave.guard import Guard, explained
from microns_widgets.sources.cave.origins import Origins
from microns_widgets.sources.cave.secret import Secret
from microns_widgets.sources.cave.tokens import (
    ENVIRONMENT_VARIABLE,
    SERVER,
    checked_token,
    find_token,
    token_page,
)
from microns_widgets.sources.downloads import refuse_in_browser

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull

DATASTACK = releases.datastack()
TIMEOUT_S = 60.0
LONGEST_TIMEOUT_S = 3600.0
#: The same limits as in the extra `cave`; 8.2 is the first version with `fetch_skeletons`.
_CAVECLIENT = ">=8.2,<9"

_SERVICES = ("info", "materialize", "chunkedgraph", "l2cache", "skeleton")
_MARK = "_microns_guard"


def connect(
    token: str | Secret | None = None,
    *,
    datastack: str = DATASTACK,
    server_address: str = SERVER,
    version: int | None = None,
    timeout: float = TIMEOUT_S,
) -> CAVEclientFull:
    """Create a CAVE client.

    Parameters
    ----------
    token : str or Secret, optional
        32 hexadecimal digits. Default: the environment variable CAVE_TOKEN, caveclient's own
        files, or Colab's secrets, in this order.
    datastack : str
        Name of the dataset.
    server_address : str
        Address of the CAVE server.
    version : int, optional
        Materialization version to query. Default: the latest.
    timeout : float
        Seconds to wait for the next part of a response. A whole request, including retries and
        the complete response, takes at most five times as long.

    Returns
    -------
    caveclient.CAVEclient
        caveclient's own client; all its requests are guarded (see `Guard`).

    Raises
    ------
    MissingLibrary
        If caveclient is not installed, or the installed version is not compatible.
    NotInBrowser
        If Python runs inside a web page.
    TokenRefused, TermsNotAccepted, NoPermission, ServiceUnreachable, VersionNotFound
        If the client cannot be created; the message says what to do.
    InvalidArgument
        If the address, the version or the timeout is not valid, or the address is not encrypted
        (https).
    CaveError
        If the datastack's own server is not encrypted.
    """
    # Verbose tracebacks print local variables: from here on, none of them holds the token.
    secret = None if token is None else Secret(token)
    del token
    others = {"datastack": datastack, "server_address": server_address}
    swapped = [name for name, text in others.items() if Secret(text).tidied().is_token]
    if swapped:
        del others, datastack, server_address
        raise InvalidArgument(f"connect() was given a token as {swapped[0]}. Use token=...")
    del others
    if secret is not None:
        secret = checked_token(secret)
    check_connection(server_address, timeout)
    number = None if version is None else version_number(version)
    refuse_in_browser(server_address)
    check_caveclient()
    if secret is None:
        match = find_token(server_address)
        if match is None:
            raise TokenRefused(
                f"No CAVE token was found. Create one at {token_page(server_address)} and enter it "
                f"in TokenPanel(), or set the environment variable {ENVIRONMENT_VARIABLE}."
            )
        secret = match.secret
    # Imported here: caveclient takes a second to import.
    from microns_widgets.sources.cave.quiet_client import QuietClient

    guard = Guard(Origins(server_address), timeout)
    with explained(f"the datastack {datastack}"), guard.during_construction():
        client = QuietClient(
            guard,
            datastack_name=datastack,
            server_address=server_address,
            auth_token=secret.reveal(),
        )
    if number is not None:
        with known_elsewhere(client, number):
            with explained(f"the versions of {datastack}"):
                available = sorted(client.materialize.get_versions(expired=True))
                if number in available:
                    client.version = number
            if number not in available:
                raise VersionNotFound(
                    f"CAVE does not have version {number} of {datastack}. Available: "
                    f"{', '.join(map(str, available)) or 'none'}."
                )
    return client


@contextmanager
def known_elsewhere(client: CAVEclientFull, version: int) -> Iterator[None]:
    """Add to the error for a version that CAVE does not have where else it is available."""
    try:
        yield
    except VersionNotFound as error:
        if client.datastack_name == DATASTACK:
            # Not a new error, whose context would lead to the frames of the request.
            error.args = (f"{error} {releases.other_sources(version)}".rstrip(),)
        raise


def table_names(client: CAVEclientFull, version: int) -> list[str]:
    """Return the names of a version's tables in CAVE."""
    with explained(f"the list of tables of version {version}"):
        names = client.materialize.get_tables(version=version)
        if not names or not all(isinstance(name, str) for name in [*names]):
            raise ValueError
        return list(names)


def view_names(client: CAVEclientFull, version: int) -> list[str]:
    """Return the names of a version's views in CAVE; there may be none."""
    with explained(f"the list of views of version {version}"):
        names = client.materialize.get_views(version=version)
        # The service describes each view, by its name.
        if not isinstance(names, list | dict) or not all(isinstance(name, str) for name in names):
            raise ValueError
        return list(names)


def check_connection(server_address: str, timeout: float) -> None:
    """Raise `InvalidArgument` for an address or a timeout that cannot be used."""
    Origins(server_address)  # raises the error that says what is wrong with it
    if not isinstance(timeout, int | float) or not 0 < timeout <= LONGEST_TIMEOUT_S:
        raise InvalidArgument(
            f"timeout={quoted(timeout)} is not valid. Expected a number of seconds above 0 and at "
            f"most {LONGEST_TIMEOUT_S:g}."
        )


def version_number(version: object) -> int:
    """Return a materialization version as an int; raise `InvalidArgument` if it is not one."""
    if not re.fullmatch(r"0*[1-9]\d{0,8}", str(version)):
        raise InvalidArgument(
            f"version={quoted(version)} is not a materialization version. Expected a whole number "
            "such as 1300; client.materialize.get_versions() lists them."
        )
    return int(str(version))


def check_caveclient() -> None:
    """Raise `MissingLibrary` unless a compatible version of caveclient is installed."""
    try:
        version = metadata.version("caveclient")
    except metadata.PackageNotFoundError:
        obstacle = "which is not installed"
    else:
        if version in SpecifierSet(_CAVECLIENT, prereleases=True):
            return
        obstacle = f"but the installed version, {version}, is not compatible"
    raise MissingLibrary(
        f"To query CAVE you need the library caveclient, {obstacle}. Install it with "
        f'pip install "caveclient{_CAVECLIENT}", then restart the kernel. It requires pandas below '
        "version 3; if you need a newer pandas, install caveclient in a separate environment."
    )


def guard_of(client: Any) -> Guard:
    """Return the guard of a client; a client that was created elsewhere gets one."""
    guard: Guard | None = getattr(client, _MARK, None)
    if guard is None:
        guard = Guard(Origins(client.server_address), TIMEOUT_S)
        guard.hosts.add(client.local_server)
        with explained("its services"), guard.during_construction():
            _put_on(client, guard)
    return guard


def _put_on(client: Any, guard: Guard) -> None:
    for name in _SERVICES:
        service = getattr(client, name)
        guard.put_on(service.session)
    setattr(client, _MARK, guard)
