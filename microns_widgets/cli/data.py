"""``microns data``: query a version's tables from CAVE."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from microns_widgets.cli._app import app, told

if TYPE_CHECKING:
    from microns_widgets.sources.cave.secret import Secret


@app.command()
def data(
    out: Annotated[Path, typer.Option(help="Folder for the two files.")],
    version: Annotated[int | None, typer.Option(help="Materialization version.")] = None,
    block: Annotated[int, typer.Option(min=1, help="Cells asked for at once.")] = 50,
    datastack: Annotated[str, typer.Option(help="Which dataset.")] = "minnie65_public",
    server: Annotated[
        str, typer.Option(help="Address of the CAVE server.")
    ] = "https://global.daf-apis.com",
) -> None:
    """Query a version's tables from CAVE and write the workshop's two files.

    The token is taken from the environment variable CAVE_TOKEN, or from caveclient's own
    files, or asked for; it is neither printed nor saved. After an interruption the same
    command goes on where it stopped.

    Example: `microns data --version 1300 --out data/`
    """
    with told():
        # caveclient takes a second to import: only this command pays for it.
        from microns_widgets.sources.cave import connect, fetch_dataset

        client = connect(
            _token(server), datastack=datastack, server_address=server, version=version
        )
        cells, synapses = fetch_dataset(client, out, version=version, block=block)
    typer.echo(f"Wrote {cells} and {synapses}. Open them with load({str(out)!r}).")


def _token(server: str) -> Secret:
    """Take the token from where it is found, or ask."""
    from microns_widgets.sources.cave.tokens import checked, find_token

    found = find_token(server)
    return found.secret if found else checked(getpass.getpass("CAVE token (not shown): "))
