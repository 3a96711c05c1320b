"""Installing the package where Colab's versions are replaces none of them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from packaging.utils import canonicalize_name

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
    entries = json.loads(listing.stdout)
    installed = {canonicalize_name(entry["name"]): entry["version"] for entry in entries}
    assert {name: installed.get(name) for name in pinned} == pinned
    assert "microns-widgets" in installed


def test_what_is_installed_there_goes_together() -> None:
    python = COLAB_ENVIRONMENT / "bin" / "python"
    check = subprocess.run([python, "-m", "pip", "check"], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout


def test_check_own_cells_and_choices_work_there(tmp_path: Path) -> None:
    cells = """
import microns_widgets as mw
con = mw.load(quiet=True)
cell = mw.own_cell(con, "ada@uni.edu", "outputs")
n_outputs, n_inputs = len(con.outputs(cell)), len(con.inputs(cell))
n_targets = con.outputs(cell)["post_pt_root_id"].nunique()
picker = mw.CellPicker(con)
martinotti = mw.choice("by_hand.martinotti", picker)
picker.value = int(mw.own_cells(con, "ada@uni.edu", "by_hand")[0])
cells = mw.own_cells(con, "ada@uni.edu", "by_hand")
import numpy as np
states = [mw.check(name).state for name in ("outputs.count", "by_hand.martinotti")]
print(states)
"""
    code = (
        "from IPython.core.interactiveshell import InteractiveShell as Shell\n"
        f"Shell.instance().run_cell({cells!r}).raise_error()"
    )
    done = subprocess.run(
        [COLAB_ENVIRONMENT / "bin" / "python", "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert "['the form is right', 'the form is right']" in done.stdout
    assert (tmp_path / "choices.json").is_file()
