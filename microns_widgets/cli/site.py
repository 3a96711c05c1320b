"""``microns site``: build the course's pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from microns_widgets.cli._app import app
from microns_widgets.errors import InvalidCall, MissingLibrary


@app.command()
def site(
    root: Annotated[Path, typer.Argument(help="Root of the repository, with _config.yml.")] = Path(
        "."
    ),
    out: Annotated[
        Path | None, typer.Option(help="Folder for the site. Default: _build/html.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Notebooks executed at once. Default: one per CPU.")
    ] = None,
    lite: Annotated[
        bool,
        typer.Option("--lite", help="Add JupyterLite, and a link to it on the notebooks' pages."),
    ] = False,
    pyodide: Annotated[
        Path | None,
        typer.Option(
            help="For --lite: Pyodide's full distribution, as its archive (.tar.bz2) or unpacked. "
            "Default: what is needed of it is downloaded."
        ),
    ] = None,
) -> None:
    """Execute all notebooks of the course and build the site.

    An error or a warning, in a cell or from Jupyter Book, stops the build; the message names the
    notebook and the cell, and the old site stays. `make site` installs everything first, and
    `make lite` also what --lite needs.

    Example: `microns site`, then open `_build/html/index.html`
    """
    try:
        # Imported here: only this command needs nbclient and the rest of the extra "site".
        from microns_widgets.site import build_site
    except ImportError as error:
        raise MissingLibrary(
            f"{error.name} is not installed. In the folder of the repository, run `make site`, "
            "which installs everything that is needed, or `pip install '.[site]'`."
        ) from error

    if pyodide is not None and not lite:
        raise InvalidCall("--pyodide is only used with --lite. Add --lite.")
    built = build_site(root, out, jobs, lite=lite, pyodide=pyodide)
    page, heaviest = max(built.weights.items(), key=lambda item: item[1])
    typer.echo(
        f"Built {len(built.weights)} pages in {built.seconds:.0f} s; the heaviest is {page} "
        f"({heaviest:.1f} MB). Open {built.html / 'index.html'}."
    )
