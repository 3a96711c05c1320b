"""Executes notebooks side by side, each in a fresh kernel, and takes no error and no warning."""

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

#: A chapter's cell takes a few seconds; what takes longer than this hangs.
CELL_SECONDS = 180
#: Variables that would let a page show other data than the sample.
_OTHER_DATA = ("MICRONS_VERSION", "MICRONS_REAL_DATA", "CAVE_TOKEN")


def execute_all(folder: Path, notebooks: Sequence[Path], jobs: int | None = None) -> None:
    """Execute notebooks where they lie; each is replaced by its executed self.

    Parameters
    ----------
    folder : pathlib.Path
        Where the paths begin. A notebook's own folder is its working folder.
    notebooks : sequence of pathlib.Path
        Relative to `folder`.
    jobs : int, optional
        How many are executed at once; without it, as many as there are processors.

    Raises
    ------
    SiteNotBuilt
        If a cell raises, warns or writes to stderr, takes over 3 minutes, or ends its kernel. The
        message names each such cell; all notebooks are tried first.
    """
    # A new interpreter each: a fork would copy the threads' locks of whoever calls this.
    context = multiprocessing.get_context("spawn")
    workers = max(1, min(jobs or cpu_count(), len(notebooks)))
    faults: dict[Path, str] = {}
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        running = {pool.submit(execute, folder / path): path for path in notebooks}
        bar = tqdm(as_completed(running), total=len(running), desc="Executing", unit="notebook")
        for done in bar:
            bar.set_postfix_str(running[done].name)
            if fault := done.result():
                faults[running[done]] = fault
    if faults:
        told = [f"{path}, {faults[path]}" for path in notebooks if path in faults]
        raise SiteNotBuilt("\n\n".join(told))


def execute(path: Path) -> str:
    """Execute a notebook in place, and return what was wrong with it: the cell and its text."""
    notebook = nbformat.read(path, as_version=4)
    # Two kernels that choose their ports at the same moment may choose the same one.
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
    """Return the kernel's environment: nobody's token, settings or data get into the site."""
    kept = {name: value for name, value in os.environ.items() if name not in _OTHER_DATA}
    # These are looked for at home where nothing else is said, and are none of a notebook's own.
    shared = {"MPLCONFIGDIR": mpl.get_cachedir(), "PYTHONUSERBASE": site.getuserbase()}
    own = {"HOME": str(home), "PYTHONPATH": python_path(), "MICRONS_SAVE_DATA": "1"}
    return {**shared, **kept, **own}


def python_path() -> str:
    """Return where a new Python finds the very package that builds the site."""
    here = str(Path(__file__).parents[2])
    return os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))


def _fault(notebook: nbformat.NotebookNode) -> str:
    """Return the first cell that failed or complained, with what it said; else ``""``."""
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            where = f"cell {number} ({cell.id}):\n{cell.source}\n\n"
            if output.output_type == "error":
                return where + f"{output.ename}: {output.evalue}"
            if output.output_type == "stream" and output.name == "stderr":
                return where + f"It wrote to stderr:\n{output.text}"
    return ""
