"""Builds the whole site next to the existing one, which it replaces at the end."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from rich.console import Console

from microns_widgets.site.book import (
    check_weights,
    load_icons_once,
    offer_originals,
    run_jupyter_book,
)
from microns_widgets.site.cell_files import write_cells
from microns_widgets.site.course import Course
from microns_widgets.site.execute import execute_all
from microns_widgets.site.first_page import show_explorer
from microns_widgets.site.lite import FOLDER, announce_trial, build_lite, offer_trial
from microns_widgets.site.local_copies import copy_scripts, install
from microns_widgets.site.page_code import write_code, write_script
from microns_widgets.site.page_files import PageFiles
from microns_widgets.site.place_widgets import place_widgets
from microns_widgets.site.progress import question_names, write_progress
from microns_widgets.site.wheel import write_wheel

#: Left out of the copy that is built: generated files, and files that are not part of the site.
_IGNORED = shutil.ignore_patterns(".*", "__pycache__", "_build", "node_modules")


@dataclass(frozen=True)
class Site:
    """The result of a build.

    Attributes
    ----------
    html : pathlib.Path
        Folder with the pages; ``index.html`` is the first.
    weights : dict
        MB that a browser loads for each page, keyed by the page's source file.
    seconds : float
        Duration of the build.
    """

    html: Path
    weights: dict[Path, float]
    seconds: float


def build_site(
    root: Path,
    out: Path | None = None,
    jobs: int | None = None,
    *,
    executed: Path | None = None,
    lite: bool = False,
    pyodide: Path | None = None,
) -> Site:
    """Execute the course's notebooks and turn them into pages that need no other server.

    Parameters
    ----------
    root : pathlib.Path
        Root of the repository, with ``_config.yml`` and ``_toc.yml``. The front end must be built.
    out : pathlib.Path, optional
        Folder for the site; an existing one is replaced once the new one is complete.
        Default: ``_build/html`` in `root`.
    jobs : int, optional
        Number of notebooks executed at once. Default: one per CPU.
    executed : pathlib.Path, optional
        A folder with the course's notebooks, already executed with their widgets' data.
        Default: the notebooks in `root` are executed.
    lite : bool
        Whether to add JupyterLite, in which the notebooks run without a server, and a link to it
        on each notebook's page.
    pyodide : pathlib.Path, optional
        For `lite`: the full distribution of Pyodide; see `build_lite`.

    Returns
    -------
    Site

    Raises
    ------
    SiteNotBuilt
        If a notebook fails or warns, if Jupyter Book warns, or if a page is too large. The
        existing site stays unchanged.
    FrontendNotBuilt
        If the front end has not been built.
    """
    began = time.monotonic()
    course = Course(root.resolve())
    html = (out or course.root / "_build" / "html").resolve()
    work = html.parent / f"{html.name}.new"
    shutil.rmtree(work, ignore_errors=True)
    try:
        pages = _make(course, work, jobs, executed, lite=lite)
        if lite:
            _add_lite(course, pages, work, pyodide)
        weights = check_weights(pages, course.pages)
        _replace(pages, html)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Site(html, weights, time.monotonic() - began)


def _make(
    course: Course, work: Path, jobs: int | None, executed: Path | None, *, lite: bool
) -> Path:
    """Build the site in a separate folder and return the folder with its pages."""
    console = Console()
    console.print("Copying texts and scripts ...")
    source = work / "source"
    _copy_texts(course, source)
    packages = install(course.root)
    beside = source / "_vendor"
    copy_scripts(packages, beside / "vendor")
    files = PageFiles(beside / "vendor")
    cells = write_cells(files)
    write_code(files)
    write_script(beside / "vendor", cells)

    if executed is None:
        execute_all(source, course.executed, jobs)
    questions = {}
    for notebook in course.executed:
        if executed is not None:
            shutil.copyfile(executed / notebook, source / notebook)
        executed_notebook = nbformat.read(source / notebook, as_version=4)
        questions[notebook] = question_names(executed_notebook)
        place_widgets(executed_notebook, notebook, files, cells)
        nbformat.write(executed_notebook, source / notebook)
    show_explorer(source, files, cells)
    write_progress(source / "_static", questions)
    if lite:
        announce_trial(source)
        for notebook in course.notebooks:
            offer_trial(source, notebook)

    console.print("Building the wheel ...")
    write_wheel(course.root, beside / "wheels")

    console.print("Building the pages ...")
    pages = run_jupyter_book(source, work / "book")
    load_icons_once(pages)
    offer_originals(course.root, pages, course.notebooks)
    return pages


def _add_lite(course: Course, pages: Path, work: Path, pyodide: Path | None) -> None:
    Console().print("Building JupyterLite (some minutes) ...")
    [wheel] = (pages / "wheels").glob("*.whl")
    shutil.copytree(build_lite(course, wheel, work / "lite", pyodide), pages / FOLDER)


def _copy_texts(course: Course, source: Path) -> None:
    """Copy the sources of the site to a folder in which notebooks can be executed and changed."""
    source.mkdir(parents=True)
    for name in sorted({page.parts[0] for page in course.pages} | {"_config.yml", "_toc.yml"}):
        path = course.root / name
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=_IGNORED)
        else:
            shutil.copyfile(path, source / name)
    for name in ("_static", "docs"):
        if (course.root / name).is_dir():
            shutil.copytree(course.root / name, source / name, ignore=_IGNORED, dirs_exist_ok=True)


def _replace(pages: Path, html: Path) -> None:
    """Replace the old site with the new one, in two renames."""
    old = html.with_name(f"{html.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if html.exists():
        html.rename(old)
    pages.rename(html)
    shutil.rmtree(old, ignore_errors=True)
