"""Installing the package where Colab's versions are replaces none of them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.browser.hosts import COLAB_ENVIRONMENT

PINS = Path(__file__).with_name("colab-versions.txt")


def test_colabs_versions_are_left_as_they_are() -> None:
    lines = PINS.read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if "==" in line)
    python = COLAB_ENVIRONMENT / "bin" / "python"
    listing = subprocess.run(
        [python, "-m", "pip", "list", "--format=json", "--disable-pip-version-check"],
        check=True,
        capture_output=True,
        text=True,
    )
    installed = {entry["name"].lower(): entry["version"] for entry in json.loads(listing.stdout)}
    assert {name: installed.get(name) for name in pinned} == pinned
    assert "microns-widgets" in {name.replace("_", "-") for name in installed}


def test_what_is_installed_there_goes_together() -> None:
    python = COLAB_ENVIRONMENT / "bin" / "python"
    check = subprocess.run([python, "-m", "pip", "check"], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout
