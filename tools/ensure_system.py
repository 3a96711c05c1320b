"""Installs the system packages that the tests need, if they are missing: Chromium and bubblewrap.

An existing browser is used: the one that the environment variable CHROMIUM names, or one on the
PATH. Otherwise Debian's packages are installed if that is possible without a password. If not,
Playwright installs its own browser, and the tests of the sandbox report what is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

#: Command-line arguments of Chromium in tests and benchmarks.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # WebGL is drawn in software. Compositing whole pages in software, too, took most of the time.
    "--use-angle=swiftshader",
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
    # Only loopback is reachable, whatever a page requests.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Return the path of an installed browser, or None."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def main() -> None:
    installed = {"chromium": chromium(), "bubblewrap": shutil.which("bwrap")}
    missing = [package for package, path in installed.items() if path is None]
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "--quiet"], check=True)
        subprocess.run(["apt-get", "install", "--yes", "--quiet", *missing], check=True)
    if chromium() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
    print("Browser for the tests:", chromium() or "Playwright's Chromium")
    print("Sandbox for grading:", shutil.which("bwrap") or "none; install bubblewrap")


if __name__ == "__main__":
    main()
