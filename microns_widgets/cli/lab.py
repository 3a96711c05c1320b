"""``microns lab``: open the course in JupyterLab."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from microns_widgets.cli._app import FAILED, app, errors


@app.command()
def lab(
    folder: Annotated[Path, typer.Argument(help="Folder to open.")] = Path("course"),
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
) -> None:
    """Open the course in JupyterLab."""
    if not folder.is_dir():
        errors.print(
            f"There is no folder {folder}. Run this command in the repository, or name another "
            "folder."
        )
        raise typer.Exit(FAILED)
    if find_spec("jupyterlab") is None:
        errors.print("JupyterLab is not installed. Install it: pip install jupyterlab")
        raise typer.Exit(FAILED)
    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={folder}"]
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # In a container the user is often root, and Jupyter would refuse to start. It listens on
        # loopback only.
        command.append("--allow-root")
    os.execv(sys.executable, command)
