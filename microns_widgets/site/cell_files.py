"""The sample's cells beside the pages: a viewer without a kernel shows any that is chosen."""

from __future__ import annotations

import json
from pathlib import Path

from microns_widgets.sources import load
from microns_widgets.widgets.export import as_json
from microns_widgets.widgets.skeleton_viewer import SkeletonViewer


def write_cells(folder: Path) -> dict[str, list[str]]:
    """Write a file for each proofread cell of the sample, which a page loads when it is shown.

    Returns
    -------
    dict
        The root ids by the data set's source, as a viewer knows both.
    """
    con = load(quiet=True)
    cells = con.select(proofread=True).tolist()
    saved = SkeletonViewer(con)._page_state(cells)["data"]
    folder.mkdir(parents=True)
    for root_id, cell in saved.items():
        text = f"micronsCells.receive({json.dumps(root_id)}, {json.dumps(as_json(cell))});\n"
        (folder / f"{root_id}.js").write_text(text, encoding="utf-8")
    return {con.source: list(saved)}
