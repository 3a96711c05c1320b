"""`mw.choice`: records what a student chooses by hand in a widget, so that it can be graded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from html import escape
from pathlib import Path
from typing import Any

from microns_widgets._arguments import checks_arguments
from microns_widgets._files import write_text
from microns_widgets.errors import InvalidType, UnknownQuestion, WriteError
from microns_widgets.grading.choices import FILE, MIME, read_choices
from microns_widgets.grading.exercise.exercise import find_question
from microns_widgets.grading.kinds.choice import Options
from microns_widgets.grading.notebook_json import as_json
from microns_widgets.grading.student.own_cells import issued

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
        If only the student's own cells count, a choice of another cell does not replace it.
    """

    def __init__(self, question: str, options: Options, widget: Any) -> None:
        self.question = question
        self._what, self._own = options.what, options.own
        self._widget, self._trait = _part(widget, options.what)
        self.ids: tuple[int, ...] = ()
        self._note = ""
        self._unsaved = ""
        self._keeps_earlier = False
        self._handle: Any = None
        # An Explorer shows a cell from the start, which the student has not chosen.
        if self._widget is widget:
            self._choose(self._ids_in_widget())
        if not self.ids and (earlier := read_choices(Path(FILE)).get(question)):
            self._restore([int(root_id) for root_id in earlier])
        self._record()
        self._widget.observe(self._changed, names=self._trait)

    def _ids_in_widget(self) -> tuple[int, ...]:
        value = getattr(self._widget, self._trait)
        if value is None:
            return ()
        ids = (value,) if isinstance(value, int) else tuple(value)
        # A viewer may show others beside the cell.
        return tuple(int(one) for one in (ids[:1] if self._what == "cell" else ids))

    def _choose(self, ids: tuple[int, ...]) -> None:
        """Take over a choice, or say why it would not count and keep the one before."""
        self._note = ""
        if self._fault(ids):
            self._note = (
                "This cell is not one of yours, so it would not count. Choose a row of your list."
                if self._what == "cell"
                else "Not all of these cells are yours, so they would not count. Choose among your "
                "own cells."
            )
            ids = () if self._fault(self.ids) else self.ids
        self.ids = ids

    def _restore(self, earlier: list[int]) -> None:
        """Show what was chosen before the notebook was opened again, if it still counts."""
        fault = self._fault(earlier)
        if not fault:
            self._set(earlier)
            self.ids, self._note = self._ids_in_widget(), ""
            return
        chosen = f"{_listed(earlier)} {'was' if len(earlier) == 1 else 'were'} chosen"
        if fault == "practice":
            self._note = f"{chosen} for the practice cells: choose again."
        else:
            # It would count for that id, so the file keeps it until something else is chosen.
            self._keeps_earlier = True
            self._note = f"{chosen} among cells of another id: correct STUDENT, or choose again."

    def _fault(self, ids: Collection[int]) -> str:
        cells = issued.get(self.question.partition(".")[0]) if self._own else None
        return cells.fault(ids) if cells else ""

    def _set(self, ids: list[int]) -> None:
        one = self._what == "cell" and self._trait != "cells"
        setattr(self._widget, self._trait, ids[0] if one else tuple(ids))

    def _changed(self, _change: object) -> None:
        ids = self._ids_in_widget()
        if ids or self._what != "pair":
            self._choose(ids)
            self._record()

    def _record(self) -> None:
        choices = read_choices(Path(FILE))
        ids = [str(root_id) for root_id in self.ids]
        self._keeps_earlier &= not ids
        self._unsaved = ""
        if choices.get(self.question, []) != ids and not self._keeps_earlier:
            choices[self.question] = ids
            try:
                write_text(Path(FILE), as_json({q: i for q, i in choices.items() if i}))
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
        html, note = escape(text), escape(self._note)
        if note:
            html = html.replace(note, f"<strong>{note}</strong>")
        return {
            "text/plain": text,
            "text/html": f"<div>{html}</div>",
            MIME: {"question": self.question, "ids": [str(root_id) for root_id in self.ids]},
        }

    def __repr__(self) -> str:
        if self._note:
            record = (
                f"Still chosen: {_listed(self.ids)}. Save the notebook."
                if self.ids
                else "Nothing is chosen yet."
            )
            return f"{self.question}: {self._note} {record}"
        if not self.ids:
            what = "cells" if self._what == "cells" else f"a {self._what}"
            return f"{self.question}: nothing is chosen yet. Choose {what} in the widget."
        return f"{self.question}: chosen {_listed(self.ids)}. Save the notebook."


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
        Follows the widget. If only the student's own cells count, a choice of another cell is
        reported at once, and the one before it stays. The choice is saved in ``choices.json``
        beside the notebook and in the cell's output: save the notebook after choosing.

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
            return Choice(target.id, answer.read(Options), widget)
    raise UnknownQuestion(
        f"Question {question!r} does not ask for a choice. Use mw.choice only where the exercise "
        "says 'chosen by hand'."
    )


def _listed(ids: Sequence[int]) -> str:
    more = f" and {len(ids) - 3} more" if len(ids) > 3 else ""
    return f"{', '.join(map(str, ids[:3]))}{more}"


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
