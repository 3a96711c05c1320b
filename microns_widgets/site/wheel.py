"""The package's wheel on the site, from which a notebook in Colab installs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from microns_widgets.errors import SiteNotBuilt

_INDEX = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Wheels of microns-widgets</title>
</head>
<body>
<h1>Wheels of microns-widgets</h1>
<p>pip finds the package here: <code>pip install microns-widgets --find-links</code> and this
page's address. The course's notebooks do so by themselves.</p>
<ul>
{links}
</ul>
</body>
</html>
"""


def write_wheels(root: Path, folder: Path) -> None:
    """Build the wheel of a checkout into a folder, with a page that pip reads.

    Raises
    ------
    SiteNotBuilt
        If the build fails.
    """
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet"]
    done = subprocess.run(
        [*command, "--disable-pip-version-check", "--wheel-dir", folder, root],
        # The front end is built already, and is taken as it lies there.
        env={**os.environ, "HATCH_BUILD_NO_HOOKS": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    wheels = sorted(path.name for path in folder.glob("*.whl"))
    if done.returncode or not wheels:
        raise SiteNotBuilt(f"The wheel could not be built:\n{done.stderr}")
    links = "\n".join(f'<li><a href="{name}">{name}</a></li>' for name in wheels)
    (folder / "index.html").write_text(_INDEX.format(links=links), encoding="utf-8")
