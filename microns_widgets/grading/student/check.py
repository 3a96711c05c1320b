"""`mw.check`: checks an answer, as far as is possible before it is handed in.

It needs only the package and the exercise's public file, and does not know the key: it checks
whether the answers exist, have the right kind, are within public bounds, and pass the question's
public checks. Whether they are correct is decided after it is handed in. Only for practice cells
that are nobody's own does it say whether an answer is right.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import Literal

from microns_widgets._arguments import checks_arguments
from microns_widgets.grading.exercise.exercise import find_exercise, find_question
from microns_widgets.grading.exercise.practice_key import PracticeKey
from microns_widgets.grading.exercise.question import Check, Question
from microns_widgets.grading.kinds import capture_answer, choice, practice_complaints
from microns_widgets.grading.kinds._values import quantity
from microns_widgets.grading.kinds.answer import Answer
from microns_widgets.grading.student.own_cells import issued, practised

State = Literal["not started", "needs fixing", "the form is right"]

_LATER = {
    "key": "compared with the key",
    "person": "marked by a person",
    "form": "judged by form alone",
}


@dataclass(frozen=True)
class CheckResult:
    """The result of `check`; displays itself in a notebook.

    Attributes
    ----------
    question : Question
        The question that was checked.
    complaints : dict
        By answer: what needs fixing, in words that follow the variable's name. An answer
        without complaints has the right form.
    untouched : tuple of str
        Answers that are still ``...``.
    failed : tuple of str
        Messages of public checks that failed.
    waiting : int
        Number of public checks that cannot run before their answers are fixed.
    practice : dict
        By answer, for practice cells whose answers are public: what is not right.
    practising : bool
        Whether the notebook has practice cells, which do not count.
    """

    question: Question
    complaints: Mapping[str, list[str]] = field(default_factory=dict)
    untouched: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    waiting: int = 0
    practice: Mapping[str, list[str]] = field(default_factory=dict)
    practising: bool = False

    @property
    def state(self) -> State:
        """Whether the question is not started, needs fixing, or has answers of the right form."""
        if len(self.untouched) == len(self.question.answers):
            return "not started"
        whole = self.passed == self.total and not any(self.practice.values())
        return "the form is right" if whole else "needs fixing"

    @property
    def total(self) -> int:
        """Number of checks of the form: one per answer, and those of the question."""
        return len(self.question.answers) + len(self.question.checks)

    @property
    def passed(self) -> int:
        """Number of checks of the form that pass."""
        return self.total - len(self.complaints) - len(self.failed) - self.waiting

    @property
    def lines(self) -> list[str]:
        """The message, line by line."""
        if not self.practising:
            return self._about_answers()
        return [
            *self._about_answers(),
            "Practice cells: these do not count. Put your id in STUDENT.",
        ]

    def _about_answers(self) -> list[str]:
        about = {answer.name: answer.about for answer in self.question.answers}
        if self.state == "not started":
            if all(answer.kind == "choice" for answer in self.question.answers):
                return ["Not started. Choose in the widget:", *about.values()]
            prompts = [f"{name} = ...  # {about[name]}" for name in self.untouched]
            return ["Not started. Replace each ... with your answer:", *prompts]
        lines = [f"{name} is not answered yet: {about[name]}." for name in self.untouched]
        for name, complaints in self.complaints.items():
            if name not in self.untouched:
                lines += [f"{name} {complaint}" for complaint in complaints]
        lines += self.failed
        lines += [
            f"{name} is not right for the practice cells: {name} {complaint}"
            for name, complaints in self.practice.items()
            for complaint in complaints
        ]
        return [*lines, self._summary(), *self._practised()]

    def _summary(self) -> str:
        if self.passed < self.total:
            summary = f"{self.passed} of {self.total} checks of the form pass"
            if self.waiting:
                summary += f"; {self.waiting} can run once the answers above are fixed"
            return f"{summary}."
        judged: list[str] = [answer.judged for answer in self.question.answers]
        later = [
            f"{quantity(n, 'answer')} {'is' if n == 1 else 'are'} {what}"
            for by, what in _LATER.items()
            if (n := judged.count(by))
        ]
        if judged.count("form") == len(judged):
            return "All answers have the right form, and that is all that counts here."
        form, they = (
            ("Your answer has", "it is")
            if len(self.question.answers) == 1
            else ("Your answers have", "they are")
        )
        return (
            f"{form} the right form. Whether {they} correct is decided after you hand in: "
            f"{', and '.join(later)}."
        )

    def _practised(self) -> list[str]:
        right = [name for name, complaints in self.practice.items() if not complaints]
        if not right:
            return []
        return [
            f"Right for the practice cells: {', '.join(right)}. Your own cells have other answers."
        ]

    @property
    def heading(self) -> str:
        """Number, title and points."""
        points = f"{self.question.points:g} point{'' if self.question.points == 1 else 's'}"
        return f"{self.question.number} {self.question.title} ({points}): {self.state}"

    def __repr__(self) -> str:
        return "\n".join([self.heading, *(f"  {line}" for line in self.lines)])

    def _repr_html_(self) -> str:
        # A border and a word: readable without colours and in dark themes too.
        # Not green: a right form does not make an answer right.
        colour = {"not started": "#808080", "needs fixing": "#d55e00"}.get(self.state, "#0072b2")
        items = "".join(
            f'<div style="margin-top: 5px">{self._line(one)}</div>' for one in self.lines
        )
        return (
            f'<div style="border-left: 4px solid {colour}; padding: 2px 10px; max-width: 70ch; '
            'overflow-wrap: anywhere">'
            f"<b>{escape(self.heading)}</b>{items}</div>"
        )

    def _line(self, line: str) -> str:
        """Return a line as HTML, with the variable at its start as code."""
        name, _, rest = line.partition(" ")
        if name not in {answer.name for answer in self.question.answers}:
            return escape(line)
        return f"<code>{escape(name)}</code> {escape(rest)}"


@checks_arguments
def check(question: str | float) -> CheckResult:
    """Check the answers to a question, as far as is possible before you hand in.

    Call it as often as you like. It checks the form: whether the answers are correct is decided
    after you hand in. With an empty id, for practice, it says that the cells do not count and, if
    nobody has them as their own, which answers are right.

    Parameters
    ----------
    question : str
        The question's id, such as ``"outputs.by-type"``, or its number, ``"1.3"``.

    Returns
    -------
    CheckResult
        Displays itself; ``state`` is ``"not started"``, ``"needs fixing"`` or
        ``"the form is right"``.

    Raises
    ------
    UnknownQuestion
        If there is no such question; the message lists those that exist.

    Examples
    --------
    >>> mw.check("outputs.by-type")  # doctest: +ELLIPSIS
    1.3 Count the targets' types (5 points): ...
    """
    # The notebook's own variables: check is called from a cell, by way of `checks_arguments`.
    found = find_question(question)
    result = check_answers(found, sys._getframe(2).f_globals, _practice_key(found))
    return replace(result, practising=_exercise_of(found) in practised)


def _practice_key(question: Question) -> PracticeKey | None:
    """Return the answers for the practice cells, if the notebook uses them."""
    name = _exercise_of(question)
    if name not in practised:
        return None
    key = find_exercise(name).practice
    return key if key and key.source == practised[name] else None


def _exercise_of(question: Question) -> str:
    return question.id.partition(".")[0]


def check_answers(
    question: Question, namespace: Mapping[str, object], practice: PracticeKey | None = None
) -> CheckResult:
    """Check a question's answers among a notebook's variables.

    Parameters
    ----------
    question : Question
        The question.
    namespace : mapping
        The notebook's variables.
    practice : PracticeKey, optional
        The right answers, for practice cells. If omitted, only the form is checked.
    """
    captures = {answer.name: capture_answer(namespace, answer) for answer in question.answers}
    complaints = {
        answer.name: own
        for answer in question.answers
        if (
            own := practice_complaints(captures[answer.name], answer)
            or _not_own(question, answer, captures[answer.name].payload)
        )
    }
    fit = {name: one.payload for name, one in captures.items() if name not in complaints}
    possible = [one for one in question.checks if not one.names & complaints.keys()]
    return CheckResult(
        question,
        complaints,
        tuple(name for name, one in captures.items() if one.state == "not started"),
        tuple(message for one in possible if (message := _failure(one, namespace))),
        len(question.checks) - len(possible),
        practice.complaints(question, fit) if practice else {},
    )


def _not_own(question: Question, answer: Answer, payload: object) -> list[str]:
    """Return the complaint about a choice that would not count because of its cells."""
    cells = issued.get(_exercise_of(question))
    if cells is None or answer.kind != "choice" or not answer.read(choice.Options).own:
        return []
    chosen = choice.restore(payload, answer)
    fault = cells.fault([chosen] if isinstance(chosen, int) else chosen)
    if fault == "practice":
        return ["was chosen for the practice cells: choose again."]
    if not fault:
        return []
    if isinstance(chosen, int):
        return ["is not one of your own cells. Choose a row of your list."]
    return ["contains cells that are not your own. Choose among your own cells."]


def _failure(check: Check, namespace: Mapping[str, object]) -> str:
    try:
        n = check.faults(namespace)
    except NameError as error:
        # Says nothing about the answer: an earlier cell has not run since the kernel started.
        return (
            f"A check could not run: {error.name} is not defined. Run the notebook from the top "
            "down to this question, and check again."
        )
    except Exception as error:  # noqa: BLE001  a student's values may raise anything
        return f"{check.message} (The check could not run: {type(error).__name__}: {error})"
    return check.message.replace("{n}", f"{n:,}") if n else ""
