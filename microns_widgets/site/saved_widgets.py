"""The widgets that a notebook was saved with, in the form in which a page mounts them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import anywidget
from nbformat import NotebookNode

from microns_widgets.errors import SiteNotBuilt
from microns_widgets.site.page_code import modules
from microns_widgets.widgets.activity_player import ActivityPlayer
from microns_widgets.widgets.cell_picker import CellPicker
from microns_widgets.widgets.explorer import Explorer
from microns_widgets.widgets.matrix_explorer import MatrixExplorer
from microns_widgets.widgets.self_check import SelfCheck
from microns_widgets.widgets.skeleton_viewer import SkeletonViewer
from microns_widgets.widgets.token_panel import TokenPanel

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
#: Labels for screen readers, by module.
LABELS = {
    widget._module: widget._title
    for widget in (
        ActivityPlayer,
        CellPicker,
        Explorer,
        MatrixExplorer,
        SelfCheck,
        SkeletonViewer,
        TokenPanel,
    )
}
_REFERENCE = "IPY_MODEL_"
_ALONE = TokenPanel._module
_BOXES = ("BoxModel", "VBoxModel", "HBoxModel")

Widget = dict[str, Any]


class SavedWidgets:
    """The package's widgets in a notebook that was executed.

    Parameters
    ----------
    notebook : nbformat.NotebookNode

    Raises
    ------
    SiteNotBuilt
        If a widget's code is not the package's.
    """

    def __init__(self, notebook: NotebookNode) -> None:
        saved = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
        self._models: dict[str, Any] = dict(saved)
        names = {code["esm"]: name for name, code in modules().items()}
        self._widgets = {
            model_id: _widget(model_id, model, names)
            for model_id, model in self._models.items()
            if "_esm" in model["state"]
        }

    def __len__(self) -> int:
        return len(self._widgets)

    def values_of(self, module: str, trait: str) -> list[Any]:
        """Return the values of a trait, one for each widget of a module."""
        widgets = [one for one in self._widgets.values() if one["module"] == module]
        return [one["state"][trait] for one in widgets]

    def shown_by(self, view: Mapping[str, Any]) -> list[str]:
        """Return the ids of the widgets that a view shows, those of a box one after the other.

        Raises
        ------
        SiteNotBuilt
            If it shows none: a page has no code for widgets of other packages.
        """
        shown = list(self._leaves(view["model_id"]))
        if not shown:
            raise SiteNotBuilt(
                "A cell shows a widget of another package. The site supports only the package's "
                "own widgets, alone or in a VBox or HBox."
            )
        return shown

    def linked_with(self, ids: list[str]) -> list[Widget]:
        """Return these widgets and all that are linked with them or part of them."""
        together: dict[str, Widget] = {}
        waiting = list(ids)
        while waiting:
            model_id = waiting.pop()
            if model_id in together or model_id not in self._widgets:
                continue
            together[model_id] = self._widgets[model_id]
            waiting += [other for other in self._widgets if self._concern(model_id, other)]
        # A page has no Python that could use a token: a panel within a widget is left out.
        rest = {
            key: widget
            for key, widget in together.items()
            if key in ids or widget["module"] != _ALONE
        }
        left_out = {_REFERENCE + key for key in together.keys() - rest.keys()}
        return [
            {**widget, "state": _without(widget["state"], left_out)}
            for key, widget in sorted(rest.items())
        ]

    def _leaves(self, model_id: str) -> Iterator[str]:
        if model_id in self._widgets:
            yield model_id
        model = self._models.get(model_id, {})
        if model.get("model_name") in _BOXES:
            leaves = [list(self._leaves(_named(child))) for child in model["state"]["children"]]
            several = sum(map(len, leaves)) > 1
            for one in leaves:
                yield from (
                    leaf
                    for leaf in one
                    if not (several and self._widgets[leaf]["module"] == _ALONE)
                )

    def _concern(self, first: str, second: str) -> bool:
        return _names(self._widgets[first], second) or _names(self._widgets[second], first)


def _widget(model_id: str, model: Mapping[str, Any], names: Mapping[str, str]) -> Widget:
    code = model["state"]["_esm"]
    if code not in names:
        raise SiteNotBuilt(
            f"A widget was saved with a module that is not from this package: {code[:60]!r} ... "
            "The site supports only the package's own widgets. If this is one of them, the front "
            "end was rebuilt while the notebooks ran: try again."
        )
    inherited = anywidget.AnyWidget.class_traits(sync=True)
    state = {
        key: value
        for key, value in model["state"].items()
        if not key.startswith("_") and key not in inherited
    }
    for buffer in model.get("buffers", []):
        _put(state, buffer["path"], {"base64": buffer["data"]})
    module = names[code]
    return {"id": model_id, "module": module, "label": LABELS[module], "state": state}


def _put(state: dict[str, Any], path: list[Any], value: Any) -> None:
    place: Any = state
    for step in path[:-1]:
        place = place[step] if isinstance(place, list) else place.setdefault(step, {})
    place[path[-1]] = value


def _named(reference: str) -> str:
    return reference.removeprefix(_REFERENCE)


def _names(widget: Widget, other: str) -> bool:
    """Whether a widget's state names another model, as a part or as one that it is linked to."""
    state = widget["state"]
    return other in state.get("linked", {}) or _REFERENCE + other in [
        value for value in state.values() if isinstance(value, str)
    ]


def _without(state: Mapping[str, Any], references: set[str]) -> dict[str, Any]:
    return {
        key: None if isinstance(value, str) and value in references else value
        for key, value in state.items()
    }
