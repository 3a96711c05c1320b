"""Local copies of the scripts that Jupyter Book's pages would otherwise load from the internet.

They are installed from npm according to ``site/package-lock.json``, except anywidget's, which
comes with its wheel. They are not in ``_static``: Sphinx would load them from there as well, and
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

#: Folder with the list of packages, relative to the repository's root.
PACKAGES = "site"
_REQUIRE = "requirejs/require.js"
_MANAGER = "@jupyter-widgets/html-manager/dist/embed-amd.js"
# Modules for notebooks saved with ipywidgets 7. They are a quarter of the manager's file, and the
# notebooks here are executed with version 8.
_OF_VERSION_7 = ("@jupyter-widgets/base7", "@jupyter-widgets/controls7")
_MATHJAX = "mathjax/es5"
_FONTS = "@jupyter-widgets/html-manager/dist"
# The widget manager asks require.js for the module "anywidget". It looks for its fonts where it
# assumes its modules are, which would be beside each page.
_PATHS = """\
(() => {
  const here = (name) => new URL(name, document.currentScript.src).href;
  const paths = { anywidget: here("anywidget"), "@jupyter-widgets": here("fonts") };
  require.config({ paths });
})();
"""


def install(root: Path) -> Path:
    """Install the packages if necessary and return their folder.

    Raises
    ------
    SiteNotBuilt
        If npm is missing or fails.
    """
    folder = root / PACKAGES
    lock = folder / "package-lock.json"
    installed_lock = folder / "node_modules" / ".package-lock.json"
    if not installed_lock.is_file() or installed_lock.stat().st_mtime < lock.stat().st_mtime:
        npm = shutil.which("npm")
        if npm is None:
            raise SiteNotBuilt(
                "npm was not found. Install Node 20 or later, and check that npm is on the PATH."
            )
        # Install scripts of packages are not run; none of these packages needs one.
        process = subprocess.run(
            [npm, "ci", "--ignore-scripts", "--loglevel=error"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if process.returncode:
            raise SiteNotBuilt(f"npm ci failed in {folder}:\n{process.stderr}")
        installed_lock.touch()
    return folder / "node_modules"


def copy_scripts(packages: Path, vendor: Path) -> None:
    """Copy the files that pages load to a folder that becomes ``vendor/`` on the site."""
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
    """Remove some AMD modules from a file; each module begins on a new line."""
    parts = re.split(r'(?m)^(?=define\("|/\*! For license)', script)
    rest = [part for part in parts if not part.startswith(tuple(f'define("{m}"' for m in modules))]
    if len(rest) != len(parts) - len(modules):
        raise SiteNotBuilt(
            f"The widget manager's file lacks one of the modules {', '.join(modules)}. It may be "
            f"another version: compare {_MANAGER} with _OF_VERSION_7 in {Path(__file__).name}."
        )
    return "".join(rest)


def _anywidget() -> Path:
    path = Path(sys.prefix, "share", "jupyter", "nbextensions", "anywidget", "index.js")
    if not path.is_file():
        raise SiteNotBuilt(
            f"anywidget's front end is missing: {path}. Reinstall it: "
            "pip install --force-reinstall anywidget"
        )
    return path
