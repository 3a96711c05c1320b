"""The notebooks run from a fresh kernel, and say what is true."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

COURSE = Path(__file__).parents[2] / "course"

_REPORT = """
import json
print(json.dumps({
    "vertices": skeleton.n_vertices,
    "cable_um": round(skeleton.cable_length()),
    "outputs": len(outputs),
    "inputs": len(inputs),
    "autapses": len(autapses),
    "on_axon": int(on_axon.sum()),
    "synapses_of_partners": int(partners["n_synapses"].sum()),
    "source": con.source,
}))
"""


def run(name: str, report: str) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
    """Execute a notebook, with one more cell at its end that prints JSON."""
    notebook = nbformat.read(COURSE / name, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(report))
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return notebook, json.loads(notebook.cells[-1].outputs[0]["text"])


def test_one_neuron_finds_what_is_published_of_the_real_basket_cell(real_data):
    _, found = run("one_neuron.ipynb", _REPORT)
    assert found == {
        "vertices": 16_720,
        "cable_um": 33_025,
        "outputs": 6_514,
        "inputs": 12_424,
        "autapses": 44,
        "on_axon": 6_474,
        "synapses_of_partners": 6_514 + 12_424,
        "source": "MICrONS minnie65_public, version 1300",
    }


def test_one_neuron_runs_on_the_sample_and_says_that_it_is_synthetic(monkeypatch):
    monkeypatch.delenv("MICRONS_REAL_DATA", raising=False)
    notebook, found = run("one_neuron.ipynb", _REPORT)
    assert found["source"] == "synthetic sample"
    assert found["on_axon"] / found["outputs"] > 0.8
    assert found["synapses_of_partners"] == found["outputs"] + found["inputs"]
    printed = json.dumps([cell.get("outputs", []) for cell in notebook.cells])
    assert "This is the built-in sample: a synthetic column" in printed
    assert printed.count("image/png") == 3


@pytest.mark.parametrize("path", sorted(COURSE.glob("*.ipynb")), ids=lambda path: path.name)
def test_a_notebook_is_kept_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code")
