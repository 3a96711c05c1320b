"""``microns site``: build the course's pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from microns_widgets.cli._app import app, told


@app.command()
def site(
    root: Annotated[Path, typer.Argument(help="The repository, with _config.yml.")] = Path("."),
    out: Annotated[
        Path | None, typer.Option(help="Folder for the site; without it _build/html.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Notebooks executed at once; without it, one a core.")
    ] = None,
) -> None:
    """Execute every notebook of the course and build the site.

    An error or a warning in a cell, or in Jupyter Book, ends the build and is told with the
    notebook and the cell; the site that was there stays. `make site` sets everything up first.

    Example: `microns site`, then open `_build/html/index.html`
    """
    with told():
        # nbclient and the rest come with the extra "site": no other command needs them.
        from microns_widgets.site import build_site

        built = build_site(root, out, jobs)
    page, heaviest = max(built.weights.items(), key=lambda item: item[1])
    typer.echo(
        f"Built {len(built.weights)} pages in {built.seconds:.0f} s; the heaviest is {page} "
        f"({heaviest:.1f} MB). Open {built.html / 'index.html'}."
    )
