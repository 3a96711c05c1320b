"""Installs the system packages that the tests need, if they are missing: Chromium and bubblewrap.

The browser is the one that the environment variable CHROMIUM names, or one on the PATH, preferably
Chromium's headless shell: without the browser's own windows, the tests take a quarter less time.
Debian's packages are installed if that is possible without a password. If there is no browser
then, Playwright installs its own, and the tests of the sandbox report what is missing.
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
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Return the path of an installed browser, or None."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def _apt(*arguments: str) -> bool:
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    return subprocess.run(["apt-get", "--quiet", *arguments], check=False).returncode == 0


def main() -> None:
    shell = os.environ.get("CHROMIUM") or shutil.which(SHELL)
    sandbox = shutil.which("bwrap")
    if not (shell and sandbox):
        _apt("update")
    if not shell and not _apt("install", "--yes", SHELL) and chromium() is None:
        # Older systems have only the whole browser.
        _apt("install", "--yes", "chromium")
    if not sandbox:
        _apt("install", "--yes", "bubblewrap")
    if chromium() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
    print("Browser for the tests:", chromium() or "Playwright's Chromium")
    print("Sandbox for grading:", shutil.which("bwrap") or "none; install bubblewrap")


if __name__ == "__main__":
    main()
