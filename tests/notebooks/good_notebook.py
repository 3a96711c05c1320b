"""A small chapter that keeps to every rule, to break one at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tools.lint_notebooks.conventions import install_cell, repository_url
from tools.lint_notebooks.notebook import Notebook, read

_TITLE = """\
# Synapses

**After this chapter you can**

- count the synapses of a cell (5 minutes),
- tell a synapse from a connection (10 minutes).

**Time:** 15 minutes."""
_DATA = """\
import os

import numpy as np
import microns_widgets as mw

VERSION = os.environ.get("MICRONS_VERSION", "sample")  # "1300" for the real data
SEED = 7
con = mw.load(VERSION)
con"""
_CHECK = """\
**Explain.** The axon makes them.

<details>
<summary><b>Check yourself.</b> Is a connection a synapse?</summary>

No: it is a pair of cells.

</details>"""
_END = f"""\
## In short

- A synapse is one contact.
- A connection is a pair of cells.
- Sizes are in voxels.

Something unclear or wrong? [Tell us]({repository_url()}/issues/new).

**References**

- MICrONS Consortium 2025, [doi:10.1038/s41586-025-08790-w](https://doi.org/10.1038/s41586-025-08790-w)"""
_ALT = "Histogram of the sizes of all synapses of one cell, with one peak."


def _cell(kind: str, cell_id: str, source: str, **metadata: Any) -> dict[str, Any]:
    cell = {"cell_type": kind, "id": cell_id, "metadata": metadata, "source": source}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def good_notebook() -> dict[str, Any]:
    """Return the content of the notebook file."""
    drawn = {"mystnb": {"image": {"alt": _ALT}}}
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "cells": [
            _cell("markdown", "title", _TITLE),
            _cell("code", "install", install_cell(repository_url()), tags=["hide-cell"]),
            _cell("code", "data", _DATA),
            _cell("markdown", "count-text", "## Count them (5 minutes)\n\nOne row is one contact."),
            _cell("code", "count", "rng = np.random.default_rng(SEED)\nlen(con.synapses)"),
            _cell("markdown", "predict-sizes", "## Sizes (10 minutes)\n\n**Predict.** How large?"),
            _cell("code", "sizes", 'con.synapses["size"].plot(kind="hist");', **drawn),
            _cell("markdown", "check-pair", _CHECK),
            _cell("markdown", "summary", _END),
        ],
    }


def write(folder: Path, raw: dict[str, Any], name: str = "synapses.ipynb") -> Notebook:
    """Write a notebook where its kind belongs, and read it as the linter does."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(json.dumps(raw), encoding="utf-8")
    return read(path)
