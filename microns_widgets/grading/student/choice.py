"""`mw.choice`: what is chosen by hand in a widget, found again when nobody is there.

A choice is kept twice: in ``choices.json`` beside the notebook, and in the output of the cell, so
that a notebook that is handed in carries it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from microns_widgets._files import write_text
from microns_widgets.errors import UnknownQuestion, WriteError
from microns_widgets.grading.authoring.notebooks import as_json
from microns_widgets.grading.exercise.exercise import find_question
from microns_widgets.grading.kinds import KINDS

FILE = "choices.json"
MIME = "application/vnd.microns.choice+json"
#: Ids that a choice may have.
LARGEST = 1000
#: Traits of widgets that hold a choice, the first that a widget has.
_TRAITS = {
    "cell": ("value", "cell", "cells"),
    "pair": ("pair",),
    "cells": ("selected", "selected_pre", "cells"),
}


class Choice:
    """What is chosen in a widget; it follows the widget, and remembers.

    Attributes
    ----------
    question : str
        Id of the question that it answers.
    ids : tuple of int
        Root ids that are chosen now; a pair is presynaptic, postsynaptic.
    """

    def __init__(self, question: str, what: str, widget: Any) -> None:
        self.question = question
        self._what = what
        self._widget, self._trait = _part(widget, what)
        # A layout shows some cell from the beginning, which nobody has chosen.
        self._chosen = self._widget is widget
        self._unsaved = ""
        self._handle: Any = None
        if not self.ids and (kept := read_choices(Path(FILE)).get(question)):
            self._set([int(one) for one in kept])
            self._chosen = True
        self._record()
        self._widget.observe(self._changed, names=self._trait)

    @property
    def ids(self) -> tuple[int, ...]:
        """Root ids that are chosen now."""
        chosen = getattr(self._widget, self._trait) if self._chosen else None
        if chosen is None:
            return ()
        return (int(chosen),) if isinstance(chosen, int) else tuple(int(one) for one in chosen)

    def _set(self, ids: list[int]) -> None:
        one = self._what == "cell" and self._trait != "cells"
        setattr(self._widget, self._trait, ids[0] if one else tuple(ids))

    def _changed(self, _change: object) -> None:
        self._chosen = True
        self._record()

    def _record(self) -> None:
        kept = read_choices(Path(FILE))
        ids = [str(root_id) for root_id in self.ids]
        if kept.get(self.question, []) != ids:
            kept[self.question] = ids
            try:
                write_text(Path(FILE), as_json({q: i for q, i in kept.items() if i}))
                self._unsaved = ""
            except WriteError as error:
                self._unsaved = f" {FILE} could not be written ({error.reason})."
        self._show()

    def _show(self) -> None:
        # IPython is there wherever a widget is; its import is spared where none is.
        from IPython.display import DisplayHandle

        if self._handle is None:
            handle: Callable[[], Any] = DisplayHandle  # IPython has no types here
            self._handle = handle()
            self._handle.display(self._bundle(), raw=True)
        else:
            self._handle.update(self._bundle(), raw=True)

    def _bundle(self) -> dict[str, object]:
        text = f"{self!r}{self._unsaved}"
        return {
            "text/plain": text,
            "text/html": f"<div>{escape(text)}</div>",
            MIME: {"question": self.question, "ids": [str(one) for one in self.ids]},
        }

    def __repr__(self) -> str:
        if not self.ids:
            return f"{self.question}: nothing is chosen yet. Choose a {self._what} in the widget."
        return f"{self.question}: chosen {', '.join(map(str, self.ids))}. Save the notebook."


def choice(question: str, widget: Any) -> Choice:
    """Record what is chosen by hand in a widget as the answer to a question.

    Parameters
    ----------
    question : str
        The question's id or number.
    widget : CellPicker, MatrixExplorer, SkeletonViewer or Explorer
        Where it is chosen: a cell, a pair, or several cells, as the question asks.

    Returns
    -------
    Choice
        Follows the widget. The choice is kept in ``choices.json`` beside the notebook and in
        the cell's output: save the notebook after choosing.

    Raises
    ------
    UnknownQuestion
        If there is no such question, or it asks for no choice.

    Examples
    --------
    >>> picker = mw.CellPicker(con)
    >>> martinotti = mw.choice("by_hand.martinotti", picker)
    """
    found = find_question(question)
    for answer in found.answers:
        if answer.kind == "choice":
            return Choice(found.id, answer.read(KINDS["choice"].Options).what, widget)
    raise UnknownQuestion(f"Question {question!r} asks for no choice: it has no such answer.")


def _part(widget: Any, what: str) -> tuple[Any, str]:
    """Return the widget, or the one in a layout, that has the trait for a choice."""
    parts = [widget, *(getattr(widget, name, None) for name in ("picker", "explorer", "viewer"))]
    for part in parts:
        for trait in _TRAITS[what]:
            if hasattr(part, "has_trait") and part.has_trait(trait):
                return part, trait
    raise TypeError(
        f"choice was given {type(widget).__name__}, expected a widget in which one chooses a "
        f"{what}: {'MatrixExplorer' if what == 'pair' else 'CellPicker'} or Explorer."
    )


def read_choices(path: Path) -> dict[str, list[str]]:
    """Return what is kept in a file of choices: question id to ids; nothing for a damaged one."""
    try:
        return choices_from(path.read_bytes())
    except OSError:
        return {}


def choices_from(content: bytes) -> dict[str, list[str]]:
    """Return what a file of choices holds, as `read_choices` does; it may be a stranger's."""
    try:
        kept = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    entries = kept.items() if isinstance(kept, dict) else ()
    return _fit({"question": question, "ids": ids} for question, ids in entries)


def choices_in(cells: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return the choices that a saved notebook carries in its outputs; the last one counts.

    Parameters
    ----------
    cells : sequence of dict
        The notebook's cells, as JSON. They may be a stranger's.
    """
    outputs = (out for cell in cells for out in _listed(cell.get("outputs")))
    bundles = (out.get("data") for out in outputs if isinstance(out, dict))
    return _fit(data.get(MIME) for data in bundles if isinstance(data, dict))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _fit(entries: Iterable[object]) -> dict[str, list[str]]:
    found = {}
    for entry in entries:
        if isinstance(entry, dict):
            question, ids = entry.get("question"), _listed(entry.get("ids"))
            digits = all(isinstance(i, str) and i.isdecimal() and len(i) < 20 for i in ids)
            if isinstance(question, str) and len(question) < 100 and len(ids) <= LARGEST and digits:
                found[question] = [str(i) for i in ids]
    return found
