"""The releases that CAVE has now, including those that this package does not know yet."""

from __future__ import annotations

from microns_widgets.releases import CAVE, Release
from microns_widgets.sources.cave.client import connect, table_names
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
    current = {}
    with explained(f"the versions of {datastack}"):
        for entry in [*client.materialize.get_versions_metadata()]:
            published, expires = (
                entry[name] and entry[name].date() for name in ("time_stamp", "expires_on")
            )
            version = int(entry["version"])
            tables = tuple(table_names(client, version))
            current[version] = Release(version, published, False, False, (CAVE,), tables, expires)
        if not current:
            raise ValueError
    return dict(sorted(current.items(), reverse=True))
