"""Files with the sample's cells, so that a viewer without a kernel can show any of them."""

from __future__ import annotations

from microns_widgets.site.page_files import PageFiles
from microns_widgets.sources import load
from microns_widgets.widgets.export import as_json
from microns_widgets.widgets.skeleton_viewer import SkeletonViewer


def write_cells(files: PageFiles) -> dict[str, list[str]]:
    """Write a file for each proofread cell of the sample; a page loads it when the cell is shown.

    Returns
    -------
    dict
        Source of the data set -> root ids, both as the viewer names them.
    """
    con = load(quiet=True)
    cells = con.select(proofread=True).tolist()
    data = SkeletonViewer(con)._page_state(cells)["data"]
    for root_id, cell in data.items():
        files.write(f"cells/{root_id}", as_json(cell))
    return {con.source: list(data)}
