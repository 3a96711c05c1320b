"""Local copies of every script that Jupyter Book's pages take from elsewhere by default.

They are installed from npm by ``site/package-lock.json``, but for anywidget's, which comes with
its wheel. They lie beside ``_static``, since what lies in it Sphinx loads by itself as well, and
each widget would be drawn twice.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from microns_widgets.errors import SiteNotBuilt

#: Where the packages are listed, below the repository's root.
PACKAGES = "site"
_REQUIRE = "requirejs/require.js"
_MANAGER = "@jupyter-widgets/html-manager/dist/embed-amd.js"
# Modules in the manager's file for notebooks saved with ipywidgets 7: a quarter of it, and the
# notebooks here are executed with version 8.
_OF_VERSION_7 = ("@jupyter-widgets/base7", "@jupyter-widgets/controls7")
_MATHJAX = "mathjax/es5"
_FONTS = "@jupyter-widgets/html-manager/dist"
# The widget manager asks require.js for the module "anywidget", and takes its own fonts from where
# it thinks that its modules come from, which would be beside each page.
_PATHS = """\
(() => {
  const here = (name) => new URL(name, document.currentScript.src).href;
  const paths = { anywidget: here("anywidget"), "@jupyter-widgets": here("fonts") };
  require.config({ paths });
})();
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
    shutil.copyfile(packages / _REQUIRE, vendor / "require.js")
    manager = (packages / _MANAGER).read_text(encoding="utf-8")
    (vendor / "embed-amd.js").write_text(_without(manager, _OF_VERSION_7), encoding="utf-8")
    shutil.copyfile(_anywidget(), vendor / "anywidget.js")
    (vendor / "widgets-config.js").write_text(_PATHS, encoding="utf-8")
    shutil.copytree(packages / _MATHJAX, vendor / "mathjax")
    for folder in ("fonts", "fonts/html-manager/dist"):
        (vendor / folder).mkdir(parents=True)
        for font in (packages / _FONTS).glob("*.woff2"):
            shutil.copyfile(font, vendor / folder / font.name)


def _without(script: str, modules: Sequence[str]) -> str:
    """Return a file of several AMD modules without some of them; each begins a line."""
    parts = re.split(r'(?m)^(?=define\("|/\*! For license)', script)
    kept = [part for part in parts if not part.startswith(tuple(f'define("{m}"' for m in modules))]
    if len(kept) != len(parts) - len(modules):
        raise SiteNotBuilt(
            f"The widget manager's file has no modules {', '.join(modules)} to leave out. Is it "
            f"another version? See {_MANAGER}, and _OF_VERSION_7 in {Path(__file__).name}."
        )
    return "".join(kept)


def _anywidget() -> Path:
    path = Path(sys.prefix, "share", "jupyter", "nbextensions", "anywidget", "index.js")
    if not path.is_file():
        raise SiteNotBuilt(f"anywidget's front end is not at {path}. Install anywidget again.")
    return path
