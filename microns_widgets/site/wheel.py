"""The package's wheel on the site, from which a notebook in Colab installs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from microns_widgets.errors import SiteNotBuilt


def write_wheel(root: Path, folder: Path) -> Path:
    """Build the wheel of a checkout into a folder.

    The notebooks install it by its address, which ends with the wheel's name. They never install it
    by the package's name: an index may serve another package under that name.

    Returns
    -------
    pathlib.Path
        The wheel.

    Raises
    ------
    SiteNotBuilt
        If the build fails.
    """
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet"]
    process = subprocess.run(
        [*command, "--disable-pip-version-check", "--wheel-dir", folder, root],
        # The front end is already built: the hook that would build it again is switched off.
        env={**os.environ, "HATCH_BUILD_NO_HOOKS": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    wheels = list(folder.glob("*.whl"))
    if process.returncode or len(wheels) != 1:
        raise SiteNotBuilt(f"The wheel could not be built:\n{process.stderr}")
    return wheels[0]
