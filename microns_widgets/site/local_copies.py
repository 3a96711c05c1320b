"""Local copies of every script that Jupyter Book's pages take from elsewhere by default.

They are installed from npm by ``site/package-lock.json``, but for anywidget's, which comes with
its wheel. Where they lie matters. In ``_static`` each widget would be drawn twice; and the widget
manager asks for its fonts beside each page.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from microns_widgets.errors import SiteNotBuilt

#: Where the packages are listed, below the repository's root.
PACKAGES = "site"
_MODULES = {
    "require.js": "requirejs/require.js",
    "embed-amd.js": "@jupyter-widgets/html-manager/dist/embed-amd.js",
}
_MATHJAX = "mathjax/es5"
_FONTS = "@jupyter-widgets/html-manager/dist"
# html-manager asks require.js for the module "anywidget".
_PATHS = """\
require.config({ paths: { anywidget: new URL("anywidget", document.currentScript.src).href } });
"""


def install(root: Path) -> Path:
    """Install the packages where that is not done yet, and return their folder.

    Raises
    ------
    SiteNotBuilt
        If npm is not there, or fails.
    """
    folder = root / PACKAGES
    installed, wanted = folder / "node_modules" / ".package-lock.json", folder / "package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < wanted.stat().st_mtime:
        npm = shutil.which("npm")
        if npm is None:
            raise SiteNotBuilt("There is no npm, expected Node 20 or later on the PATH.")
        # Scripts of packages are not run: none of these needs one.
        done = subprocess.run(
            [npm, "ci", "--ignore-scripts", "--loglevel=error"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SiteNotBuilt(f"npm ci failed in {folder}:\n{done.stderr}")
        installed.touch()
    return folder / "node_modules"


def copy_scripts(packages: Path, vendor: Path) -> None:
    """Copy what pages load into a folder that becomes ``vendor/`` on the site."""
    vendor.mkdir(parents=True)
    for name, source in _MODULES.items():
        shutil.copyfile(packages / source, vendor / name)
    shutil.copyfile(_anywidget(), vendor / "anywidget.js")
    (vendor / "widgets-config.js").write_text(_PATHS, encoding="utf-8")
    shutil.copytree(packages / _MATHJAX, vendor / "mathjax")


def copy_fonts(packages: Path, folders: Iterable[Path]) -> None:
    """Copy the widget manager's fonts to where each folder's pages ask for them."""
    for folder in folders:
        target = folder / _FONTS
        target.mkdir(parents=True, exist_ok=True)
        for font in (packages / _FONTS).glob("*.woff*"):
            shutil.copyfile(font, target / font.name)


def _anywidget() -> Path:
    path = Path(sys.prefix, "share", "jupyter", "nbextensions", "anywidget", "index.js")
    if not path.is_file():
        raise SiteNotBuilt(f"anywidget's front end is not at {path}. Install anywidget again.")
    return path
