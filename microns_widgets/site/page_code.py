"""The widgets' code on the site: one file, loaded with the first widget that is seen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from microns_widgets.site.page_files import PageFiles
from microns_widgets.widgets._base import STATIC, built_files

#: Loaded by each page that has widgets.
SCRIPT = "microns-widgets.js"
#: File with the code of all widgets.
CODE = "code"
#: The module that mounts widgets without a kernel; its style is that of a page of its own.
_PAGE = "page"
_ON_PAGE = Path(__file__).with_name("on_page.js")


def modules() -> dict[str, dict[str, str]]:
    """Return the built module and style sheet of each widget, by name."""
    names = sorted(path.stem for path in STATIC.glob("*.js") if path.stem != _PAGE)
    return {
        name: dict(zip(("esm", "css"), built_files(STATIC, name), strict=True)) for name in names
    }


def write_code(files: PageFiles) -> None:
    """Write the code of all widgets, once for the whole site."""
    module, _ = built_files(STATIC, _PAGE)
    styles = "\n".join(code["css"] for code in modules().values())
    files.write(CODE, {"module": module, "style": styles})


def write_script(folder: Path, cells: Mapping[str, Sequence[str]]) -> None:
    """Write the script of the pages, which knows the cells that have a file."""
    call = f"micronsOnPage({json.dumps(cells)});\n"
    text = f"{_ON_PAGE.read_text(encoding='utf-8')}{call}"
    (folder / SCRIPT).write_text(text, encoding="utf-8")
