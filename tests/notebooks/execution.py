"""Execute a notebook in a fresh kernel, on data of one's choice and without an account."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import matplotlib as mpl
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

COURSE = Path(__file__).parents[2] / "course"
CHAPTERS = sorted(COURSE.glob("*.ipynb"))


def execute(
    path: Path, *, version: str | Path, last: str = "", save_data: bool = False
) -> nbformat.NotebookNode:
    """Execute a notebook as a student without a CAVE token would.

    Parameters
    ----------
    path : path
        The notebook.
    version : str or path
        What `MICRONS_VERSION` says.
    last : str, optional
        Code of one more cell at its end, such as one that prints what was found.
    save_data : bool, optional
        Whether the widgets keep their data in the notebook, as for the course's site.

    Returns
    -------
    nbformat.NotebookNode
        With its outputs, as far as the first cell that failed.
    """
    notebook = nbformat.read(path, as_version=4)
    if last:
        notebook.cells.append(nbformat.v4.new_code_cell(last))
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ,
            "MICRONS_VERSION": str(version),
            # A home without a saved token, and with the fonts that matplotlib knows already.
            "HOME": home,
            "CAVE_TOKEN": "",
            "MPLCONFIGDIR": mpl.get_cachedir(),
            "MICRONS_SAVE_DATA": "1" if save_data else "",
        }
        client = NotebookClient(notebook, timeout=300, kernel_name="python3")
        # Ports of kernels that start at once may collide; paths of sockets do not.
        client.create_kernel_manager()
        client.km.transport, client.km.ip = "ipc", str(Path(home) / "kernel")
        with suppress(CellExecutionError):  # the error is in the notebook's outputs
            client.execute(env=environment, cwd=path.parent)
    return notebook


def problems(notebook: nbformat.NotebookNode) -> list[str]:
    """Return the errors and the warnings of an executed notebook, with the cell's id."""
    found = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                found.append(f"{cell.id}: {output['ename']}: {output['evalue']}")
            elif output.get("name") == "stderr":
                found.append(f"{cell.id}: {output['text']}")
    return found


def printed(notebook: nbformat.NotebookNode) -> str:
    """Return all that the cells printed."""
    streams = (output for cell in notebook.cells for output in cell.get("outputs", []))
    return "".join(output["text"] for output in streams if output.get("name") == "stdout")
