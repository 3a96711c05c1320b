"""The command ``microns``."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from microns_widgets.errors import MicronsError

if TYPE_CHECKING:
    from microns_widgets.sources.cave.secret import Secret

app = typer.Typer(
    name="microns",
    help="Learn the connectome of the mouse visual cortex, by hand and in code.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
_errors = Console(stderr=True)

#: Exit code when the data or the service are at fault; 2 is a wrong command line.
FAILED = 1


@contextmanager
def _told() -> Iterator[None]:
    """Print an error of the package as a message, not as a traceback."""
    try:
        yield
    except MicronsError as error:
        _errors.print(f"[bold red]Error[/] {type(error).__name__}")
        _errors.print(str(error), markup=False, highlight=False)
        raise typer.Exit(FAILED) from None


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
    with _told():
        # caveclient takes a second to import: only this command pays for it.
        from microns_widgets.sources.cave import connect, fetch_dataset

        client = connect(
            _token(server), datastack=datastack, server_address=server, version=version
        )
        cells, synapses = fetch_dataset(client, out, version=version, block=block)
    typer.echo(f"Wrote {cells} and {synapses}. Open them with load({str(out)!r}).")


@app.command()
def index(
    file: Annotated[Path, typer.Argument(help="A synapse table, feather or Parquet.")],
    verify: Annotated[bool, typer.Option(help="Compare every byte with its checksum.")] = False,
) -> None:
    """Lay a synapse table out for fast questions, or check what is laid out.

    Loading does this by itself on first use; this does it beforehand.

    Example: `microns index data/synapses_proofread_V1_neurons_1300.feather --verify`
    """
    with _told():
        from microns_widgets.index_cache import open_index

        with _errors.status(f"Indexing {file.name} ..."):
            opened = open_index(file, verify=verify)
    typer.echo(
        f"{len(opened):,} synapses, {len(opened.pre.ids):,} presynaptic and "
        f"{len(opened.post.ids):,} postsynaptic ids."
    )


@app.command()
def lab(
    folder: Annotated[Path, typer.Argument(help="Folder to open.")] = Path("course"),
    browser: Annotated[bool, typer.Option(help="Whether a browser is opened.")] = True,
) -> None:
    """Open JupyterLab on the course."""
    if not folder.is_dir():
        _errors.print(f"There is no folder {folder}. Run this beside the course, or name a folder.")
        raise typer.Exit(FAILED)
    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={folder}"]
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # In a container one is often root, and Jupyter would refuse; it listens on loopback only.
        command.append("--allow-root")
    os.execv(sys.executable, command)


def _token(server: str) -> Secret:
    """Take the token from where it is found, or ask."""
    from microns_widgets.sources.cave.tokens import checked, find_token

    found = find_token(server)
    return found.secret if found else checked(getpass.getpass("CAVE token (not shown): "))


if __name__ == "__main__":
    app()
