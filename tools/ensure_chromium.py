"""Install Chromium for the browser tests where there is none.

A browser that is there already is used: the one that the variable CHROMIUM names, or one on
the PATH. Otherwise Debian's package is installed where that is possible without a password,
and Playwright's own build elsewhere.
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
    found = chromium()
    if found is None and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "--quiet"], check=True)
        subprocess.run(["apt-get", "install", "--yes", "--quiet", "chromium"], check=True)
        found = chromium()
    if found is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
    print("Browser for the tests:", found or "Playwright's Chromium")


if __name__ == "__main__":
    main()
