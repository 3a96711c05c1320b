"""The JupyterLab workspace in which ``microns lab`` opens a notebook.

A workspace stores which documents are open, how they are arranged, and which folder the file
browser shows. With an address such as ``/lab/tree/course/start.ipynb``, the file browser would show
the notebook's own folder, so that the folder `exercises` would be out of sight.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_LAYOUT = "layout-restorer:data"
_FOLDER = "file-browser-filebrowser:cwd"
#: The left side with the file browser unfolded.
_FILE_BROWSER = {
    "collapsed": False,
    "visible": True,
    "current": "filebrowser",
    "widgets": ["filebrowser"],
}

Data = dict[str, Any]


def workspace_for(root: Path, notebook: str) -> str:
    """Store a workspace that opens a notebook, and return its name.

    Parameters
    ----------
    root : Path
        Folder that the server shows. Each has a workspace of its own, since open documents are
        stored relative to it.
    notebook : str
        Path of the notebook, relative to `root`.

    Raises
    ------
    OSError
        If the workspace cannot be written.
    """
    # Not at the top: JupyterLab is an extra, and slow to import.
    from jupyterlab.commands import get_workspaces_dir
    from jupyterlab_server.workspaces_handler import WorkspacesManager

    name = f"microns-widgets-{hashlib.sha256(str(root).encode()).hexdigest()[:8]}"
    manager = WorkspacesManager(get_workspaces_dir())
    try:
        data = with_notebook(manager.load(name)["data"], notebook)
    except (ValueError, LookupError, TypeError, AttributeError):
        # Not a workspace, so that JupyterLab cannot read it either.
        data = with_notebook({}, notebook)
    workspace = {"data": data, "metadata": {"id": name}}
    manager.save(name, json.dumps(workspace))
    return name


def with_notebook(before: Data, notebook: str) -> Data:
    """Return a workspace with a notebook in front and the file browser at the root.

    What the user has opened and arranged earlier stays as it is: only these two things were asked
    for.
    """
    data = copy.deepcopy(before)
    name = f"notebook:{notebook}"
    data.setdefault(name, {"data": {"path": notebook, "factory": "Notebook"}})
    data[_FOLDER] = {"path": ""}
    # JupyterLab stores null for a part that it has not arranged.
    layout = data[_LAYOUT] = data.get(_LAYOUT) or {}
    # With a layout that says nothing of it, JupyterLab would fold the left side.
    layout["left"] = layout.get("left") or dict(_FILE_BROWSER)
    main = layout["main"] = layout.get("main") or {}
    areas = [*_tab_areas(main.get("dock"))]
    if not areas:
        main["dock"] = {"type": "tab-area", "currentIndex": 0, "widgets": []}
        areas = [main["dock"]]
    area = next((one for one in areas if name in one["widgets"]), areas[0])
    if name not in area["widgets"]:
        area["widgets"].append(name)
    area["currentIndex"] = area["widgets"].index(name)
    main["current"] = name
    return data


def _tab_areas(dock: Data | None) -> Iterator[Data]:
    """Yield the groups of tabs, which may be beside each other."""
    if not dock:
        return
    if dock["type"] == "tab-area":
        yield dock
    for child in dock.get("children", ()):
        yield from _tab_areas(child)
