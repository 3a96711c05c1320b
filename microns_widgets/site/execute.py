"""Executes notebooks in parallel, each in a fresh kernel; any error or warning is a failure."""

from __future__ import annotations

import multiprocessing
import os
import site
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import matplotlib as mpl
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from tqdm.auto import tqdm

from microns_widgets._machine import cpu_count
from microns_widgets.errors import SiteNotBuilt

#: A chapter's cells take a few seconds each; one that takes longer than this is stuck.
CELL_SECONDS = 180
#: Environment variables that would make a page show other data than the sample.
_OTHER_DATA = ("MICRONS_VERSION", "MICRONS_REAL_DATA", "CAVE_TOKEN")


def execute_all(folder: Path, notebooks: Sequence[Path], jobs: int | None = None) -> None:
    """Execute notebooks in place.

    Parameters
    ----------
    folder : pathlib.Path
        Folder that the paths are relative to. Each notebook runs in its own folder.
    notebooks : sequence of pathlib.Path
        Relative to `folder`.
    jobs : int, optional
        Number of notebooks executed at once. Default: one per CPU.

    Raises
    ------
    SiteNotBuilt
        If a cell raises, warns or writes to stderr, takes over 3 minutes, or ends its kernel. All
        notebooks are executed first; the message names the first such cell of each.
    """
    # Spawned, not forked: a fork would copy locks that the caller's threads hold.
    context = multiprocessing.get_context("spawn")
    workers = max(1, min(jobs or cpu_count(), len(notebooks)))
    faults: dict[Path, str] = {}
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        running = {pool.submit(execute, folder / path): path for path in notebooks}
        bar = tqdm(as_completed(running), total=len(running), desc="Executing", unit="notebook")
        for future in bar:
            bar.set_postfix_str(running[future].name)
            if fault := future.result():
                faults[running[future]] = fault
    if faults:
        messages = [f"{path}, {faults[path]}" for path in notebooks if path in faults]
        raise SiteNotBuilt("\n\n".join(messages))


def execute(path: Path) -> str:
    """Execute a notebook in place; return the cell that failed and its message, else ``""``."""
    notebook = nbformat.read(path, as_version=4)
    # Sockets instead of ports: kernels that start at the same time may pick the same port.
    with tempfile.TemporaryDirectory(prefix="kernel-") as sockets:
        client = NotebookClient(
            notebook,
            kernel_name="python3",
            timeout=CELL_SECONDS,
            resources={"metadata": {"path": str(path.parent)}},
        )
        manager = client.create_kernel_manager()
        manager.transport, manager.ip = "ipc", str(Path(sockets) / "ipc")
        try:
            client.execute(env=_environment(Path(sockets)))
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            return _fault(notebook) or f"{type(error).__name__}: {error}"
    if fault := _fault(notebook):
        return fault
    nbformat.write(notebook, path)
    return ""


def _environment(home: Path) -> dict[str, str]:
    """Return the kernel's environment, without personal tokens, settings or data."""
    inherited = {name: value for name, value in os.environ.items() if name not in _OTHER_DATA}
    # By default these are in the home folder, which is replaced; all notebooks can share them.
    shared = {"MPLCONFIGDIR": mpl.get_cachedir(), "PYTHONUSERBASE": site.getuserbase()}
    own = {"HOME": str(home), "PYTHONPATH": python_path(), "MICRONS_SAVE_DATA": "1"}
    return {**shared, **inherited, **own}


def python_path() -> str:
    """Return a PYTHONPATH on which the package that builds the site comes first."""
    here = str(Path(__file__).parents[2])
    return os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))


def _fault(notebook: nbformat.NotebookNode) -> str:
    """Return the first cell with an error or a warning, and its message; else ``""``."""
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            where = f"cell {number} ({cell.id}):\n{cell.source}\n\n"
            if output.output_type == "error":
                return where + f"{output.ename}: {output.evalue}"
            if output.output_type == "stream" and output.name == "stderr":
                return where + f"It wrote to stderr:\n{output.text}"
    return ""
