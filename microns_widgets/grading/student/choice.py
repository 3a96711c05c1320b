"""`mw.choice`: records what a student chooses by hand in a widget, so that it can be graded."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from microns_widgets._arguments import checks_arguments
from microns_widgets._files import write_text
from microns_widgets.errors import InvalidType, UnknownQuestion, WriteError
from microns_widgets.grading.choices import FILE, MIME, read_choices
from microns_widgets.grading.exercise.exercise import find_question
from microns_widgets.grading.kinds import KINDS
from microns_widgets.grading.notebook_json import as_json

#: Traits of widgets that hold a choice; the first that a widget has is used.
_TRAITS = {
    # A matrix explorer has a `value` too, which is not a cell.
    "cell": ("cell", "value", "cells"),
    "pair": ("pair",),
    "cells": ("selected", "selected_pre", "cells"),
}


class Choice:
    """What is chosen in a widget; it follows the widget and is saved with the notebook.

    Attributes
    ----------
    question : str
        Id of the question that it answers.
    ids : tuple of int
        Root ids that are chosen now; a pair is presynaptic, postsynaptic. A pair is kept until
        another one is chosen: a matrix clears its pair when a linked widget shows another cell.
    """

    def __init__(self, question: str, what: str, widget: Any) -> None:
        self.question = question
        self._what = what
        self._widget, self._trait = _part(widget, what)
        # An Explorer shows a cell from the start, which the student has not chosen.
        self.ids = self._ids_in_widget() if self._widget is widget else ()
        self._unsaved = ""
        self._handle: Any = None
        if not self.ids and (earlier := read_choices(Path(FILE)).get(question)):
            self._set([int(root_id) for root_id in earlier])
            self.ids = self._ids_in_widget()
        self._record()
        self._widget.observe(self._changed, names=self._trait)

    def _ids_in_widget(self) -> tuple[int, ...]:
        value = getattr(self._widget, self._trait)
        if value is None:
            return ()
        return (int(value),) if isinstance(value, int) else tuple(int(one) for one in value)

    def _set(self, ids: list[int]) -> None:
        one = self._what == "cell" and self._trait != "cells"
        setattr(self._widget, self._trait, ids[0] if one else tuple(ids))

    def _changed(self, _change: object) -> None:
        ids = self._ids_in_widget()
        if ids or self._what != "pair":
            self.ids = ids
            self._record()

    def _record(self) -> None:
        choices = read_choices(Path(FILE))
        ids = [str(root_id) for root_id in self.ids]
        if choices.get(self.question, []) != ids:
            choices[self.question] = ids
            try:
                write_text(Path(FILE), as_json({q: i for q, i in choices.items() if i}))
                self._unsaved = ""
            except WriteError as error:
                self._unsaved = f" {FILE} could not be written ({error.reason})."
        self._show()

    def _show(self) -> None:
        # Imported here: widgets have imported IPython already, and scripts do not need it.
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
            MIME: {"question": self.question, "ids": [str(root_id) for root_id in self.ids]},
        }

    def __repr__(self) -> str:
        if not self.ids:
            return f"{self.question}: nothing is chosen yet. Choose a {self._what} in the widget."
        ids = ", ".join(map(str, self.ids[:3]))
        more = f" and {len(self.ids) - 3} more" if len(self.ids) > 3 else ""
        return f"{self.question}: chosen {ids}{more}. Save the notebook."


@checks_arguments
def choice(question: str | float, widget: Any) -> Choice:
    """Record what is chosen by hand in a widget as the answer to a question.

    Parameters
    ----------
    question : str
        The question's id or number.
    widget : CellPicker, MatrixExplorer, SkeletonViewer or Explorer
        Where it is chosen: a cell, a pair, or several cells, depending on the question.

    Returns
    -------
    Choice
        Follows the widget. The choice is saved in ``choices.json`` beside the notebook and in
        the cell's output: save the notebook after choosing.

    Raises
    ------
    UnknownQuestion
        If there is no such question, or it does not ask for a choice.
    InvalidType
        If nothing of the kind can be chosen in the widget.

    Examples
    --------
    >>> picker = mw.CellPicker(con)
    >>> martinotti = mw.choice("by_hand.martinotti", picker)  # doctest: +ELLIPSIS
    {'text/plain': 'by_hand.martinotti: nothing is chosen yet. ...
    """
    target = find_question(question)
    for answer in target.answers:
        if answer.kind == "choice":
            return Choice(target.id, answer.read(KINDS["choice"].Options).what, widget)
    raise UnknownQuestion(
        f"Question {question!r} does not ask for a choice. Use mw.choice only where the exercise "
        "says 'chosen by hand'."
    )


def _part(widget: Any, what: str) -> tuple[Any, str]:
    """Return the widget, or the one in a layout, that has the trait for a choice."""
    # Only a layout has a picker; the `matrix` of a matrix explorer is something else.
    names = ("picker", "matrix", "viewer") if hasattr(widget, "picker") else ()
    parts = [widget, *(getattr(widget, name) for name in names)]
    for part in parts:
        for trait in _TRAITS[what]:
            if hasattr(part, "has_trait") and part.has_trait(trait):
                return part, trait
    raise InvalidType(
        f"choice was given {type(widget).__name__}, expected a widget in which you can choose a "
        f"{what}: {'MatrixExplorer' if what == 'pair' else 'CellPicker'} or Explorer."
    )
