"""JupyterLite beside the pages: notebooks run in the reader's browser, without a server.

The folder holds JupyterLite, Pyodide, the package's wheel and all that it requires, so that no
other origin is asked. A link on each page of the course opens its notebook there.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from packaging.requirements import Requirement

from microns_widgets.errors import DownloadError, SiteNotBuilt
from microns_widgets.site.course import Course
from microns_widgets.site.local_copies import install
from microns_widgets.site.pyodide import LOCK, NOT_IN_BROWSER, Packages, write_pyodide
from microns_widgets.sources.downloads import download

#: Folder of the notebooks that run in the browser, relative to the site's first page.
FOLDER = "lite"
#: Where the packages of a version of Pyodide are, when the site is built.
PACKAGES_URL = "https://cdn.jsdelivr.net/pyodide/v{version}/full"
#: Folder with npm's lock file for Pyodide's core, relative to the repository's root.
_CORE = "site/pyodide"
_KERNEL = "@jupyterlite/pyodide-kernel-extension"
#: JupyterLab's extensions that notebooks of the course need.
_EXTENSIONS = (_KERNEL, "@jupyter-widgets/jupyterlab-manager", "anywidget")
#: What JupyterLite's kernel imports at its start.
_KERNEL_NEEDS = ("micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython")
#: Older versions of Pyodide have these outside of Python's standard library.
_STANDARD_LIBRARY = ("ssl", "sqlite3", "lzma")
_JUPYTERLITE = "from jupyterlite_core.app import main; main()"
_PACKAGE = "microns-widgets"
_ONLY_LITE = re.compile(r"<!-- lite\n(.*?)-->\n", re.DOTALL)


def build_lite(
    course: Course,
    wheel: Path,
    work: Path,
    distribution: Path | None = None,
    *,
    wheels: Sequence[Path] = (),
    any_version: bool = False,
    without: frozenset[str] = NOT_IN_BROWSER,
) -> Path:
    """Build JupyterLite with the course's notebooks and return its folder.

    Parameters
    ----------
    course : Course
        Its notebooks go in as they are in git.
    wheel : pathlib.Path
        The package's wheel.
    work : pathlib.Path
        A new folder for the build.
    distribution : pathlib.Path, optional
        Pyodide's full distribution, as its archive (``.tar.bz2``) or unpacked. Default: the core
        from npm, and the packages that are needed from `PACKAGES_URL`, with checked hashes.
    wheels, any_version, without
        As those of `Packages`.

    Raises
    ------
    SiteNotBuilt
        If Pyodide or a package is not available, or JupyterLite reports an error.
    """
    work.mkdir(parents=True)
    extensions = _extensions(work / "extensions")
    pyodide = _distribution(course.root, distribution, work)
    lock = json.loads((pyodide / LOCK).read_text(encoding="utf-8"))
    kernel = (extensions / _KERNEL / "static" / "pypi").glob("*.whl")
    (work / "wheels").mkdir()
    packages = Packages(
        lock, [*kernel, *wheels, wheel], work / "wheels", any_version=any_version, without=without
    )
    standard = [name for name in _STANDARD_LIBRARY if name in lock["packages"]]
    needed = [*_KERNEL_NEEDS, *standard, _PACKAGE]
    for name in needed:
        packages.require(Requirement(name))
    fetched = {} if distribution else _fetch(packages, lock["info"]["version"], work / "fetched")
    write_pyodide(pyodide, packages, work / "source" / "static" / "pyodide", fetched)
    _copy_notebooks(course, work / "contents")
    return _run_jupyterlite(work, extensions, needed)


def offer_trial(source: Path, notebook: Path) -> None:
    """Add a link to a page's notebook that opens it in JupyterLite, below the title."""
    page = nbformat.read(source / notebook, as_version=4)
    title, _, text = page.cells[0].source.partition("\n")
    up = "../" * (len(notebook.parts) - 1)
    address = html.escape(f"{up}{FOLDER}/notebooks/index.html?path={notebook.as_posix()}")
    link = f'<a class="try-here" href="{address}">Try it here</a>'
    note = '<span class="try-here-note">in your browser: nothing to install, no account</span>'
    page.cells[0].source = f"{title}\n\n{link} {note}\n{text}"
    nbformat.write(page, source / notebook)


def announce_trial(source: Path) -> None:
    """Show on the first page what it says of the trial; without one this is a comment."""
    first = source / "index.md"
    text = first.read_text(encoding="utf-8")
    first.write_text(_ONLY_LITE.sub(r"\1", text), encoding="utf-8")


def _extensions(folder: Path) -> Path:
    """Copy JupyterLab's extensions that the notebooks need out of this environment."""
    installed = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    for name in _EXTENSIONS:
        if not (installed / name).is_dir():
            raise SiteNotBuilt(
                f"JupyterLab's extension {name} is not installed. Run `make lite`, which installs "
                "what the build needs."
            )
        shutil.copytree(installed / name, folder / name)
    return folder


def _distribution(root: Path, distribution: Path | None, work: Path) -> Path:
    """Return a folder with Pyodide's core and lock file."""
    if distribution is None:
        return install(root, _CORE) / "pyodide"
    if distribution.is_dir():
        return distribution
    if not distribution.is_file():
        raise SiteNotBuilt(f"There is no {distribution}: expected Pyodide's archive, or a folder.")
    with tarfile.open(distribution) as archive:
        archive.extractall(work / "archive", filter="data")
    return next((work / "archive").rglob(LOCK)).parent


def _fetch(packages: Packages, version: str, folder: Path) -> dict[str, Path]:
    """Download the distribution's packages that were chosen."""
    own = {wheel.name for wheel in packages.added}
    address = PACKAGES_URL.format(version=version)
    fetched = {}
    for entry in packages.chosen.values():
        name = entry["file_name"]
        if name in own:
            continue
        try:
            fetched[name] = download(
                f"{address}/{name}", folder, sha256=entry["sha256"], progress=False
            )
        except DownloadError as error:
            raise SiteNotBuilt(
                f"Pyodide's package {name} could not be downloaded from {address}. Check your "
                "network, or download Pyodide's archive and name it with --pyodide."
            ) from error
    return fetched


def _copy_notebooks(course: Course, folder: Path) -> None:
    for notebook in course.notebooks:
        (folder / notebook).parent.mkdir(parents=True, exist_ok=True)
        content = nbformat.read(course.root / notebook, as_version=4)
        # JupyterLite asks for a kernel if it does not know the notebook's.
        content.metadata["kernelspec"] = {
            "name": "python",
            "display_name": "Python (Pyodide)",
            "language": "python",
        }
        nbformat.write(content, folder / notebook)


def _run_jupyterlite(work: Path, extensions: Path, needed: Sequence[str]) -> Path:
    """Run JupyterLite's own build and return its output folder."""
    source, out = work / "source", work / FOLDER
    kernel = {"disablePyPIFallback": True, "loadPyodideOptions": {"packages": list(needed)}}
    _write_json(
        source / "jupyter-lite.json",
        {
            "jupyter-lite-schema-version": 0,
            "jupyter-config-data": {
                "appName": "Learn the connectome",
                "litePluginSettings": {f"{_KERNEL}:kernel": kernel},
            },
        },
    )
    _write_json(
        source / "jupyter_lite_config.json",
        {
            "LiteBuildConfig": {
                "apps": ["lab", "notebooks", "tree", "edit"],
                "cache_dir": str(work / "cache"),
                "contents": [str(work / "contents")],
                # Only those named: this environment may have others.
                "ignore_sys_prefix": ["federated_extensions"],
                "no_sourcemaps": True,
                "output_dir": str(out),
            },
            "FederatedExtensionAddon": {"extra_labextensions_path": [str(extensions)]},
        },
    )
    process = subprocess.run(
        [sys.executable, "-c", _JUPYTERLITE, "build"],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    if process.returncode or not (out / "index.html").is_file():
        output = (process.stdout + process.stderr).strip()
        raise SiteNotBuilt(f"JupyterLite could not be built:\n{output[-2000:]}")
    return out


def _write_json(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")
