"""`mw.hand_in`: what is still missing in a notebook, and what exactly to hand in."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from microns_widgets._arguments import checks_arguments
from microns_widgets.grading.choices import FILE
from microns_widgets.grading.exercise.exercise import Exercise, find_exercise
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.kinds._values import comma_list, quantity
from microns_widgets.grading.student import own_cells
from microns_widgets.grading.student.check import CheckResult, check_answers
from microns_widgets.grading.student.notebook_place import NotebookPlace, code_of, place_of
from microns_widgets.grading.student.run_order import Difference, Values

_RUN_ALL = {
    "Colab": "Runtime > Restart session and run all",
    "VS Code": "Restart, then Run All, above the notebook",
    "Jupyter": "Kernel > Restart Kernel and Run All Cells",
    "a script": "run the whole script",
}


@dataclass(frozen=True)
class HandIn:
    """The result of `hand_in`; displays itself in a notebook.

    Attributes
    ----------
    title : str
        Title of the exercise.
    missing : tuple of str
        What to do before handing in.
    how : tuple of str
        What to hand in, and how.
    """

    title: str
    missing: tuple[str, ...]
    how: tuple[str, ...]

    @property
    def heading(self) -> str:
        """The title, and how much is missing."""
        return f"{self.title}: {_things(len(self.missing))} before you hand in"

    def __repr__(self) -> str:
        missing = [f"  - {line}" for line in self.missing]
        how = [f"  {number}. {line}" for number, line in enumerate(self.how, 1)]
        return "\n".join([self.heading, *missing, "To hand in:", *how])

    def _repr_html_(self) -> str:
        # Without colours for text: it is readable in light and dark themes, and on a phone.
        colour = "#d55e00" if self.missing else "#0072b2"
        missing = f"<ul {_LIST}>{_items(self.missing)}</ul>" if self.missing else ""
        return (
            f'<div style="border-left: 4px solid {colour}; padding: 2px 10px; max-width: 70ch; '
            f'overflow-wrap: anywhere"><b>{escape(self.heading)}</b>{missing}'
            f'<div style="margin-top: 8px"><b>To hand in:</b></div>'
            f"<ol {_LIST}>{_items(self.how)}</ol></div>"
        )


_LIST = 'style="margin: 4px 0; padding-left: 24px"'


def _items(lines: Iterable[str]) -> str:
    return "".join(f'<li style="margin-top: 4px">{escape(line)}</li>' for line in lines)


def _things(number: int) -> str:
    return "nothing to fix" if not number else f"{quantity(number, 'thing')} to do"


@checks_arguments
def hand_in(exercise: str | float) -> HandIn:
    """List what is still missing in an exercise, and say exactly what to hand in.

    It finds answers that are missing or whose form is wrong, an empty id, choices that were not
    made, and answers that may change when the notebook is run from top to bottom, as it is after
    you hand in. It does not know whether an answer is right.

    Parameters
    ----------
    exercise : str
        Name or number of the exercise, such as ``"outputs"``.

    Returns
    -------
    HandIn
        Displays itself.

    Raises
    ------
    UnknownQuestion
        If there is no such exercise; the message lists those that exist.

    Examples
    --------
    >>> mw.hand_in("outputs")  # doctest: +ELLIPSIS
    Exercise 1: outputs of one neuron: ...
    """
    # The notebook's own variables: called from a cell, by way of `checks_arguments`.
    return review(find_exercise(exercise), sys._getframe(2).f_globals)


def review(exercise: Exercise, variables: Mapping[str, object]) -> HandIn:
    """Return what is missing among a notebook's variables, and how to hand the notebook in."""
    place = place_of(exercise.name)
    results = [check_answers(question, variables) for question in exercise.questions]
    conflict = place.conflict(exercise)
    missing = [
        *([conflict] if conflict else []),
        *_id(exercise, variables),
        *(line for result in results for line in _unanswered(result)),
        *_order(exercise, place, variables),
    ]
    return HandIn(exercise.title, tuple(missing), tuple(_how(exercise, variables, place, missing)))


def _id(exercise: Exercise, variables: Mapping[str, object]) -> Iterator[str]:
    if exercise.cells is None and "STUDENT" not in variables:
        return
    typed = str(variables.get("STUDENT", "")).strip()
    ids = [student for student, name in own_cells.asked if name == exercise.name]
    if not typed and not (ids and ids[-1].strip()):
        given = "practice cells" if exercise.cells else "practice versions"
        yield (
            f"Your id is missing, so these are the {given}. Write your student number or "
            "e-mail after STUDENT =, then run all cells."
        )
    elif ids and exercise.variant(ids[-1]) != exercise.variant(typed):
        yield (
            f"STUDENT is {typed!r} now, but the cells are those of {ids[-1]!r}. Run the cell that "
            "sets STUDENT again, and all cells below."
        )


def _unanswered(result: CheckResult) -> Iterator[str]:
    question = result.question
    where = f"{question.number} {question.title}"
    choices = {answer.name for answer in question.answers if answer.kind == "choice"}
    open_choices = [name for name in result.untouched if name in choices]
    others = [name for name in result.untouched if name not in choices]
    if open_choices:
        yield f"{where}: nothing is chosen yet for {', '.join(open_choices)}. Use the widget."
    if others:
        verb = "is" if len(others) == 1 else "are"
        yield f"{where}: {', '.join(others)} {verb} not answered yet."
    for name, complaints in result.complaints.items():
        if name not in result.untouched:
            yield f"{where}: {name} {' '.join(complaints)}"
    yield from (f"{where}: {message}" for message in result.failed)


def _order(
    exercise: Exercise, place: NotebookPlace, variables: Mapping[str, object]
) -> Iterator[str]:
    """Yield what may change when the notebook is run from top to bottom."""
    if place.host == "a script":
        return
    shell = sys.modules["IPython"].get_ipython()
    run = Values.after(_plain(shell, map(str, shell.history_manager.input_hist_raw)))
    names = [
        answer.name
        for question in exercise.questions
        for answer in question.answers
        if variables.get(answer.name, ...) is not ...
    ]
    if place.cells is None:
        # Only the cell with the id is known to come before all answers.
        if outdated := [name for name in names if run.outdated(name, "STUDENT")]:
            yield f"STUDENT was changed after {_listed(outdated)}. Run all cells in order."
        return
    saved = Values.after(_plain(shell, code_of(place.cells)))
    reasons: dict[Difference, list[str]] = {}
    for name in names:
        if (difference := run.difference(name, saved)) is not None:
            reasons.setdefault(difference, []).append(name)
    yield from (_reason(difference, names) for difference, names in reasons.items())


def _listed(names: list[str]) -> str:
    verb = "was" if len(names) == 1 else "were"
    return f"{comma_list(names, 6)} {verb} computed"


def _reason(difference: Difference, names: list[str]) -> str:
    if difference.cause == "deleted":
        return f"No cell of the saved notebook sets {comma_list(names, 6)}. Save the notebook."
    if difference.cause == "changed":
        return (
            f"The saved notebook's code for {comma_list(names, 6)} is not what was run last. "
            "Run all cells in order, and save the notebook."
        )
    if difference.cause == "unsaved":
        return (
            f"The saved notebook's code for {difference.source} is not what was run last: save the "
            f"notebook. If you changed {difference.source} since, run all cells in order first."
        )
    return (
        f"{_listed(names)} with another {difference.source} than the notebook has when it is run "
        "from top to bottom. Run all cells in order."
    )


def _plain(shell: Any, sources: Iterable[str]) -> Iterator[str]:
    """Turn IPython's own syntax into Python; leave out what is not valid."""
    for source in sources:
        try:
            yield shell.transform_cell(source)
        except SyntaxError:
            continue


def _how(
    exercise: Exercise,
    variables: Mapping[str, object],
    place: NotebookPlace,
    missing: list[str],
) -> Iterator[str]:
    if missing:
        yield "First do what is listed above, then run this cell again."
    yield (
        f"Run everything once from top to bottom ({_RUN_ALL[place.host]}): that is how your "
        "notebook is run after you hand it in."
    )
    chosen = any(_made_by_hand(question, variables) for question in exercise.questions)
    name = place.name or f"the notebook ({exercise.name}.ipynb, if you did not rename it)"
    if place.host == "Colab":
        yield f"Download it: File > Download > Download .ipynb. Hand in {name}."
        if chosen:
            yield (
                f"Also hand in {FILE}, which has what you chose by hand. Click the folder at the "
                "left, then the three dots beside the file, and Download."
            )
    else:
        if place.host != "a script":
            yield "Save the notebook: Ctrl+S (Cmd+S on a Mac)."
        files = f"{name} and, from the same folder, {FILE}" if chosen else name
        yield f"Hand in {files}. The folder is {place.folder}."
        if place.host == "Jupyter":
            yield (
                "If Jupyter runs on a server, download each file first: right-click it in the "
                "list of files, then Download."
            )
    yield (
        "Hand in the .ipynb file itself, not a PDF, a web page or a link. Whether your answers "
        "are correct is decided after you hand in."
    )


def _made_by_hand(question: Question, variables: Mapping[str, object]) -> bool:
    """Return whether a choice was made in a widget: only `mw.choice` records it in a file."""
    return any(
        answer.kind == "choice" and bool(getattr(variables.get(answer.name), "ids", ()))
        for answer in question.answers
    )
