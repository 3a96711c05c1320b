"""Local copies of the scripts that Jupyter Book's pages would otherwise load from the internet.

They are installed from npm according to ``site/package-lock.json``. They are not in ``_static``,
from where each page would load them.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from microns_widgets.errors import SiteNotBuilt

#: Folder with the list of packages, relative to the repository's root.
PACKAGES = "site"
_MATHJAX = "mathjax/es5"


def install(root: Path, packages: str = PACKAGES) -> Path:
    """Install the packages that a lock file lists, if necessary, and return their folder.

    Parameters
    ----------
    root : pathlib.Path
        Root of the repository.
    packages : str
        Folder with the lock file, relative to `root`.

    Raises
    ------
    SiteNotBuilt
        If npm is missing or fails.
    """
    folder = root / packages
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
    shutil.copytree(packages / _MATHJAX, vendor / "mathjax")
