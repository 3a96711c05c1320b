"""Runs Jupyter Book on a folder with executed notebooks; a warning is an error."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from microns_widgets.errors import SiteNotBuilt
from microns_widgets.site.execute import python_path

#: 1 MB is 1,000,000 bytes.
LARGEST_PAGE_MB = 8.0
# The command jupyter-book, of the Python that runs this.
_JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"
# Sphinx's own warnings are errors; what Python says of its libraries is not ours to mend.
# Long lines are not folded, so that a page's name stays whole.
_QUIETLY = {"PYTHONWARNINGS": "ignore", "NO_COLOR": "1", "COLUMNS": "1000"}
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_LOADED = re.compile(r"""<(?:script|link|img)\b[^>]*?\b(?:src|href)="([^":?#]+)""")


def run_jupyter_book(source: Path, out: Path) -> Path:
    """Build a book, and return the folder with its pages.

    Raises
    ------
    SiteNotBuilt
        With the warnings and errors, if there are any.
    """
    command = [sys.executable, "-c", _JUPYTER_BOOK, "build", str(source), "--path-output", str(out)]
    done = subprocess.run(
        [*command, "--warningiserror", "--keep-going", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **_QUIETLY, "PYTHONPATH": python_path()},
    )
    if done.returncode:
        said = _COLOURS.sub("", done.stdout + done.stderr).replace(f"{source}/", "").splitlines()
        faults = [line for line in said if re.search(r"WARNING|ERROR|CRITICAL|Error:", line)]
        raise SiteNotBuilt("Jupyter Book says:\n" + "\n".join(faults or said[-30:]))
    return out / "_build" / "html"


def offer_originals(root: Path, html: Path, notebooks: Iterable[Path]) -> None:
    """Let a page's download be the notebook as it is in git, not the one with the site's stubs."""
    for notebook in notebooks:
        shutil.copyfile(root / notebook, html / "_sources" / notebook)


def check_weights(html: Path, pages: Iterable[Path]) -> dict[Path, float]:
    """Return what a browser loads for each page from its markup, in MB.

    Raises
    ------
    SiteNotBuilt
        If a page weighs more than `LARGEST_PAGE_MB`.
    """
    weights = {page: _weight(html, html / page.with_suffix(".html")) for page in pages}
    heavy = [f"{page}: {mb:.1f} MB" for page, mb in weights.items() if mb > LARGEST_PAGE_MB]
    if heavy:
        raise SiteNotBuilt(
            f"Pages weigh more than {LARGEST_PAGE_MB:g} MB with their data: {', '.join(heavy)}. "
            "Show fewer widgets on them, or fewer cells in a viewer."
        )
    return weights


def _weight(html: Path, page: Path) -> float:
    text = page.read_text(encoding="utf-8")
    loaded = {(page.parent / name).resolve() for name in _LOADED.findall(text)}
    files = [path for path in loaded if path.is_file() and html.resolve() in path.parents]
    size: int = sum(path.stat().st_size for path in (page, *files))
    return size / 1e6
