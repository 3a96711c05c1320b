"""``microns lab``: open the course in JupyterLab."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from microns_widgets.cli._app import FAILED, app, errors
from microns_widgets.cli._workspace import workspace_for

#: JupyterLab reads defaults of settings in folders of this list; a user's own settings come first.
_CONFIG_PATH = "JUPYTER_CONFIG_PATH"
#: Asks for no news, and not whether to ask for news.
_DEFAULTS = Path(__file__).with_name("jupyter")


@app.command()
def lab(
    path: Annotated[Path, typer.Argument(help="Notebook or folder to open.")] = Path(
        "course/start.ipynb"
    ),
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
) -> None:
    """Open the course in JupyterLab.

    If a notebook in the current folder is opened, the file browser shows that folder. Documents
    that were open the last time are opened again.
    """
    # Unlike a Path's, these never raise.
    is_notebook = os.path.isfile(path) and path.suffix == ".ipynb"
    if not (is_notebook or os.path.isdir(path)):
        errors.print(
            f"There is no notebook or folder {path}. Run this command in the repository, or name "
            "another notebook or folder."
        )
        raise typer.Exit(FAILED)
    if find_spec("jupyterlab") is None:
        errors.print("JupyterLab is not installed. Install it: pip install jupyterlab")
        raise typer.Exit(FAILED)
    root, page = _root_and_page(path.resolve())
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root}"]
    command.append(f"--LabApp.default_url={page}")
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # In a container the user is often root, and Jupyter would refuse to start. It listens on
        # loopback only.
        command.append("--allow-root")
    os.environ[_CONFIG_PATH] = os.pathsep.join(
        filter(None, (os.environ.get(_CONFIG_PATH), str(_DEFAULTS)))
    )
    os.execv(sys.executable, command)


def _root_and_page(path: Path) -> tuple[Path, str]:
    """Return the folder that the file browser shows, and the address of the first page."""
    if path.is_dir():
        return path, "/lab"
    root = Path.cwd() if path.is_relative_to(Path.cwd()) else path.parent
    notebook = path.relative_to(root).as_posix()
    try:
        return root, f"/lab/workspaces/{workspace_for(root, notebook)}"
    except OSError:
        # A home folder that cannot be written: the file browser shows the notebook's own folder.
        return root, f"/lab/tree/{quote(notebook)}"
