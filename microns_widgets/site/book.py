"""Runs Jupyter Book on a folder of executed notebooks and treats its warnings as errors."""

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

#: Largest weight of a page; 1 MB is 1,000,000 bytes.
LARGEST_PAGE_MB = 8.0
# The command jupyter-book, run by the Python that runs this.
_JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"
# Sphinx's own warnings are errors; Python's warnings about its libraries are not ours to fix.
# A wide terminal keeps the name of a page on one line.
_QUIETLY = {"PYTHONWARNINGS": "ignore", "NO_COLOR": "1", "COLUMNS": "1000"}
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_LOADED = re.compile(r"""<(?:script|link|img)\b[^>]*?\b(?:src|href)="([^":?#]+)""")


def run_jupyter_book(source: Path, out: Path) -> Path:
    """Build a book and return the folder with its pages.

    Raises
    ------
    SiteNotBuilt
        If there are warnings or errors; the message lists them.
    """
    command = [sys.executable, "-c", _JUPYTER_BOOK, "build", str(source), "--path-output", str(out)]
    process = subprocess.run(
        [*command, "--warningiserror", "--keep-going", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **_QUIETLY, "PYTHONPATH": python_path()},
    )
    if process.returncode:
        text = _COLOURS.sub("", process.stdout + process.stderr)
        output = text.replace(f"{source}/", "").splitlines()
        faults = [line for line in output if re.search(r"WARNING|ERROR|CRITICAL|Error:", line)]
        raise SiteNotBuilt("Jupyter Book reported:\n" + "\n".join(faults or output[-30:]))
    return out / "_build" / "html"


def offer_originals(root: Path, html: Path, notebooks: Iterable[Path]) -> None:
    """Offer each notebook for download as it is in git, without the site's stubs."""
    for notebook in notebooks:
        shutil.copyfile(root / notebook, html / "_sources" / notebook)


def check_weights(html: Path, pages: Iterable[Path]) -> dict[Path, float]:
    """Return how much a browser loads for each page, in MB.

    Raises
    ------
    SiteNotBuilt
        If a page weighs more than `LARGEST_PAGE_MB`.
    """
    weights = {page: _weight(html, html / page.with_suffix(".html")) for page in pages}
    heavy = [f"{page}: {mb:.1f} MB" for page, mb in weights.items() if mb > LARGEST_PAGE_MB]
    if heavy:
        raise SiteNotBuilt(
            f"These pages load more than {LARGEST_PAGE_MB:g} MB: {', '.join(heavy)}. "
            "Show fewer widgets on them, or fewer cells in a viewer."
        )
    return weights


def _weight(html: Path, page: Path) -> float:
    text = page.read_text(encoding="utf-8")
    loaded = {(page.parent / name).resolve() for name in _LOADED.findall(text)}
    files = [path for path in loaded if path.is_file() and html.resolve() in path.parents]
    size: int = sum(path.stat().st_size for path in (page, *files))
    return size / 1e6
