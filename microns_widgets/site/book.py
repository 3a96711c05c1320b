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
from microns_widgets.site.page_code import CODE
from microns_widgets.site.place_widgets import states_on

#: Largest weight of a page before the reader does anything; 1 MB is 1,000,000 bytes.
LARGEST_PAGE_MB = 3.0
#: Largest weight of a page with all its widgets.
LARGEST_WITH_WIDGETS_MB = 6.0
# The command jupyter-book, run by the Python that runs this.
_JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"
# Sphinx's own warnings are errors; Python's warnings about its libraries are not ours to fix.
# A wide terminal keeps the name of a page on one line.
_QUIETLY = {"PYTHONWARNINGS": "ignore", "NO_COLOR": "1", "COLUMNS": "1000"}
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_ICONS = re.compile(r"""<script [^>]*src="[^"]*scripts/fontawesome\.js[^>]*></script>\n?""")
_FILE = re.compile(r'"base64_file":"([^"]+)"')
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


def load_icons_once(html: Path) -> None:
    """Remove the theme's script of icons: 1.5 MB, and its font shows the same icons."""
    for page in html.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        page.write_text(_ICONS.sub("", text), encoding="utf-8")


def check_weights(html: Path, pages: Iterable[Path]) -> dict[Path, float]:
    """Return how much a browser loads for each page before any widget, in MB.

    Raises
    ------
    SiteNotBuilt
        If a page weighs more than `LARGEST_PAGE_MB`, or with its widgets more than
        `LARGEST_WITH_WIDGETS_MB`.
    """
    weights = {}
    heavy = []
    for page in pages:
        path = html / page.with_suffix(".html")
        text = path.read_text(encoding="utf-8")
        loaded = {(path.parent / name).resolve() for name in _LOADED.findall(text)} | {path}
        first = _megabytes(html, loaded)
        widgets = _megabytes(html, _files_of_widgets(html, text) - loaded)
        weights[page] = first
        if first > LARGEST_PAGE_MB:
            heavy.append(f"{page}: {first:.1f} MB, expected at most {LARGEST_PAGE_MB:g}")
        if first + widgets > LARGEST_WITH_WIDGETS_MB:
            heavy.append(
                f"{page} with its widgets: {first + widgets:.1f} MB, expected at most "
                f"{LARGEST_WITH_WIDGETS_MB:g}"
            )
    if heavy:
        raise SiteNotBuilt(
            f"These pages load too much: {'; '.join(heavy)}. Show fewer pictures or "
            "widgets on them, or fewer cells in a viewer."
        )
    return weights


def _files_of_widgets(html: Path, text: str) -> set[Path]:
    """Return the files that the widgets of a page load, other than cells chosen by the reader."""
    vendor = html / "vendor"
    states = [vendor / f"{name}.js" for name in states_on(text)]
    data = [name for state in states for name in _FILE.findall(state.read_text(encoding="utf-8"))]
    code = [vendor / f"{CODE}.js"] if states else []
    return {path.resolve() for path in (*states, *(vendor / f"{name}.js" for name in data), *code)}


def _megabytes(html: Path, paths: Iterable[Path]) -> float:
    site = html.resolve()
    files = [path for path in map(Path.resolve, paths) if path.is_file() and site in path.parents]
    return sum(path.stat().st_size for path in files) / 1e6
