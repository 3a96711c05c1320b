"""Install what the tests need of the system where it is missing: Chromium and bubblewrap.

A browser that is there already is used: the one that the variable CHROMIUM names, or one on
the PATH. Otherwise Debian's packages are installed where that is possible without a password;
elsewhere Playwright brings a browser of its own, and the tests of the sandbox say what is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Return the path of a browser that is there, or None."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def main() -> None:
    there = {"chromium": chromium(), "bubblewrap": shutil.which("bwrap")}
    missing = [package for package, path in there.items() if path is None]
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "--quiet"], check=True)
        subprocess.run(["apt-get", "install", "--yes", "--quiet", *missing], check=True)
    if chromium() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
    print("Browser for the tests:", chromium() or "Playwright's Chromium")
    print("Sandbox for grading:", shutil.which("bwrap") or "none; install bubblewrap")


if __name__ == "__main__":
    main()
