"""A notebook that ran without a person holds the widget's state and a picture."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.browser.hosts import ROOT
from tests.browser.probe import random_ids

CELL = "from tests.browser.probe import Probe, random_ids\nProbe(ids=random_ids())"
STATE = "application/vnd.jupyter.widget-state+json"


@pytest.fixture
def executed(
    tmp_path: Path, probe_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> nbformat.NotebookNode:
    monkeypatch.setenv("MICRONS_PROBE", str(probe_folder))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    nbformat.write(NotebookClient(notebook).execute(), tmp_path / "saved.ipynb")
    return nbformat.read(tmp_path / "saved.ipynb", as_version=4)


def test_a_saved_notebook_holds_a_picture_and_100_000_exact_root_ids(
    executed: nbformat.NotebookNode,
) -> None:
    _view, output, _line = executed.cells[0].outputs
    assert output.data["image/png"].startswith("iVBOR")
    states = executed.metadata.widgets[STATE]["state"].values()
    [probe] = [model["state"] for model in states if "ids" in model["state"]]
    assert [int(root_id) for root_id in probe["ids"]] == random_ids().tolist()
