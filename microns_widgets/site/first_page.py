"""The explorer of the sample on the site's first page, in place of the picture of the text."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import nbformat

from microns_widgets.errors import SiteNotBuilt
from microns_widgets.site.execute import execute
from microns_widgets.site.page_files import PageFiles
from microns_widgets.site.place_widgets import place_widgets

# Lower than in a notebook: below the title, it is to fit on a laptop's screen.
_CODE = "import microns_widgets as mw\nmw.Explorer(mw.load(quiet=True), height=500)"
_PAGE = Path("index.md")
_PICTURE = re.compile(r"```\{image\}.*?\n(?:.*\n)*?```\n")
_ALT = (
    "Explorer of the course's synthetic sample: its cells as a table, one cell with its synapses, "
    "and the connectivity matrix."
)


def show_explorer(source: Path, files: PageFiles, cells: Mapping[str, Sequence[str]]) -> None:
    """Replace the first page's picture by an explorer; its own picture is seen until it has loaded.

    Parameters
    ----------
    source : pathlib.Path
        Folder with the texts of the site, where the page is changed.
    files, cells
        As those of `place_widgets`.

    Raises
    ------
    SiteNotBuilt
        If the explorer cannot be made. A first page without a picture stays as it is.
    """
    text = (source / _PAGE).read_text(encoding="utf-8")
    if not _PICTURE.search(text):
        return
    path = source / "_first_page.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(_CODE)]), path)
    if fault := execute(path):
        raise SiteNotBuilt(f"The explorer of the first page: {fault}")
    notebook = nbformat.read(path, as_version=4)
    path.unlink()
    place_widgets(notebook, _PAGE, files, cells)
    replacement = "\n".join(_as_text(output.data, source) for output in notebook.cells[0].outputs)
    text = _PICTURE.sub(lambda _: f"```{{raw}} html\n{replacement}\n```\n", text, count=1)
    (source / _PAGE).write_text(text, encoding="utf-8")


def _as_text(data: Mapping[str, str], source: Path) -> str:
    if "image/png" not in data:
        return data.get("text/html", "")
    picture = source / "_vendor" / "vendor" / "explorer.png"
    picture.write_bytes(base64.b64decode(data["image/png"]))
    return f'<img class="explorer-picture" src="vendor/{picture.name}" alt="{html.escape(_ALT)}">'
