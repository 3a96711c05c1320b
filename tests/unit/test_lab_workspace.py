"""The workspace of `microns lab`: the notebook in front, the file browser at the root."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from microns_widgets.cli._workspace import with_notebook, workspace_for
from microns_widgets.cli.lab import _root_and_page

START = "course/start.ipynb"
TAB = f"notebook:{START}"
BROWSER = "file-browser-filebrowser:cwd"


def tabs(*names: str, current: int = 0) -> dict[str, Any]:
    return {"type": "tab-area", "currentIndex": current, "widgets": [*names]}


def layout(dock: dict[str, Any] | None, current: str | None = None) -> dict[str, Any]:
    return {"main": {"dock": dock, "current": current}, "left": {"collapsed": True}}


@pytest.mark.parametrize(
    "before",
    [
        {},
        {"layout-restorer:data": None},
        {"layout-restorer:data": {"main": None, "left": None}},
        {"layout-restorer:data": {"main": {"dock": None}}},
    ],
)
def test_a_workspace_without_documents_gets_the_notebook(before: dict[str, Any]) -> None:
    data = with_notebook(before, START)
    assert data[BROWSER] == {"path": ""}
    assert data[TAB] == {"data": {"path": START, "factory": "Notebook"}}
    assert data["layout-restorer:data"]["main"] == {"dock": tabs(TAB), "current": TAB}
    assert data["layout-restorer:data"]["left"]["current"] == "filebrowser"


def test_what_the_user_has_arranged_stays() -> None:
    dock = {
        "type": "split-area",
        "orientation": "horizontal",
        "sizes": [0.5, 0.5],
        "children": [tabs("notebook:a.ipynb"), tabs("terminal:1", TAB)],
    }
    before = {
        "layout-restorer:data": layout(dock, "notebook:a.ipynb"),
        "notebook:a.ipynb": {"data": {"path": "a.ipynb", "factory": "Notebook"}},
        BROWSER: {"path": "course"},
    }
    copied = json.dumps(before)
    data = with_notebook(before, START)
    assert json.dumps(before) == copied
    [first, second] = data["layout-restorer:data"]["main"]["dock"]["children"]
    assert (first, second) == (tabs("notebook:a.ipynb"), tabs("terminal:1", TAB, current=1))
    assert data["layout-restorer:data"]["main"]["current"] == TAB
    assert data["layout-restorer:data"]["left"] == {"collapsed": True}
    assert data["notebook:a.ipynb"] == before["notebook:a.ipynb"]
    assert data[BROWSER] == {"path": ""}
    # Another notebook comes beside the open ones.
    again = with_notebook(data, "b.ipynb")["layout-restorer:data"]["main"]
    assert again["dock"]["children"][0] == tabs("notebook:a.ipynb", "notebook:b.ipynb", current=1)


def test_each_folder_has_a_workspace_which_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("jupyterlab")
    monkeypatch.setenv("JUPYTERLAB_WORKSPACES_DIR", str(tmp_path / "workspaces"))
    names = [workspace_for(tmp_path / folder, START) for folder in ("a", "b")]
    assert len(set(names)) == 2
    assert workspace_for(tmp_path / "a", "course/dataset.ipynb") == names[0]
    files = {
        json.loads(file.read_text())["metadata"]["id"]: file
        for file in (tmp_path / "workspaces").iterdir()
    }
    assert set(files) == set(names)
    [dock] = [
        json.loads(files[names[0]].read_text())["data"]["layout-restorer:data"]["main"]["dock"]
    ]
    assert dock == tabs(TAB, "notebook:course/dataset.ipynb", current=1)
    dock = '{"data": {"layout-restorer:data": {"main": {"dock": {"widgets": 1}}}}, "metadata": {}}'
    for damaged in ("{ damaged", "[]", "{}", '{"data": {}}', '{"metadata": {}}', dock):
        files[names[1]].write_text(damaged, encoding="utf-8")
        workspace_for(tmp_path / "b", START)
        assert TAB in json.loads(files[names[1]].read_text())["data"]


def test_without_a_folder_for_workspaces_the_notebook_is_opened_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("jupyterlab")
    (tmp_path / "file").touch()
    monkeypatch.setenv("JUPYTERLAB_WORKSPACES_DIR", str(tmp_path / "file" / "workspaces"))
    monkeypatch.chdir(tmp_path)
    notebook = tmp_path / "my course" / "start.ipynb"
    assert _root_and_page(notebook) == (tmp_path, "/lab/tree/my%20course/start.ipynb")
