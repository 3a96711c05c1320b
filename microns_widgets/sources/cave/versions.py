"""Which releases CAVE has now, those included that this package does not know yet."""

from __future__ import annotations

from microns_widgets.releases import CAVE, Release
from microns_widgets.sources.cave.client import connect
from microns_widgets.sources.cave.guard import explained
from microns_widgets.sources.cave.secret import Secret


def current_releases(secret: Secret, datastack: str, server_address: str) -> dict[int, Release]:
    """Ask CAVE which releases of a datastack it has, and until when.

    Parameters
    ----------
    secret : Secret
        The token.
    datastack : str
        Name of the dataset.
    server_address : str
        Address of the CAVE server.

    Returns
    -------
    dict of int to Release
        By version, the newest first.

    Raises
    ------
    CaveError
        If the service refuses or fails.
    """
    client = connect(secret, datastack=datastack, server_address=server_address)
    with explained(f"the versions of {datastack}"):
        described = {
            int(entry["version"]): entry for entry in client.materialize.get_versions_metadata()
        }
    current = {}
    for version in sorted(described, reverse=True):
        with explained(f"the list of tables of version {version}"):
            tables = tuple(client.materialize.get_tables(version=version))
            published, expires = (
                described[version][name] and described[version][name].date()
                for name in ("time_stamp", "expires_on")
            )
        current[version] = Release(version, published, False, False, (CAVE,), tables, expires)
    return current
