"""`mw.check`: what can be said of an answer before it is handed in.

It needs nothing but the package and the exercise's public file, and knows no key: it says whether
the answers are there, are of the right kind and within public bounds, and pass the question's
public checks. Whether they are right is judged later.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Literal

import numpy as np

from microns_widgets.grading.exercise.exercise import find_question
from microns_widgets.grading.exercise.question import Check, Question
from microns_widgets.grading.kinds import captured, practised

State = Literal["not started", "to mend", "practice checks pass"]


@dataclass(frozen=True)
class CheckResult:
    """What `check` found; shows itself in a notebook.

    Attributes
    ----------
    question : Question
        What was checked.
    complaints : dict
        By answer: what to mend, in words that follow the variable's name. An answer without
        any is fine as far as practice goes.
    untouched : tuple of str
        Answers that still are ``...``.
    failed : tuple of str
        Messages of public checks that failed.
    not_made : int
        Public checks that wait for their answers.
    """

    question: Question
    complaints: Mapping[str, list[str]] = field(default_factory=dict)
    untouched: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    not_made: int = 0

    @property
    def state(self) -> State:
        """Whether it is not started, has something to mend, or passes in practice."""
        if len(self.untouched) == len(self.question.answers):
            return "not started"
        return "practice checks pass" if self.passed == self.made else "to mend"

    @property
    def made(self) -> int:
        """Number of practice checks: one an answer, and the question's own."""
        return len(self.question.answers) + len(self.question.checks)

    @property
    def passed(self) -> int:
        """Number of those that pass."""
        return self.made - len(self.complaints) - len(self.failed) - self.not_made

    @property
    def lines(self) -> list[str]:
        """What to say, line by line."""
        about = {answer.name: answer.about for answer in self.question.answers}
        if self.state == "not started":
            if all(answer.kind == "choice" for answer in self.question.answers):
                return ["Not started. Choose in the widget:", *about.values()]
            asked = [f"{name} = ...  # {about[name]}" for name in self.untouched]
            return ["Not started. Replace each ... by your answer:", *asked]
        lines = [f"{name} is not started: {about[name]}." for name in self.untouched]
        for name, says in self.complaints.items():
            if name not in self.untouched:
                lines += [f"{name} {one}" for one in says]
        lines += self.failed
        return [*lines, self._tail()]

    def _tail(self) -> str:
        tail = f"{self.passed} of {self.made} practice checks pass"
        if self.not_made:
            tail += f"; {self.not_made} can be made once the answers above are mended"
        read = sum(answer.kind == "written" for answer in self.question.answers)
        judged = len(self.question.answers) - read
        after = [f"{judged} more {'is' if judged == 1 else 'are'} made" if judged else ""]
        after += [f"{read} {'is' if read == 1 else 'are'} read by a person" if read else ""]
        return f"{tail}. After you hand in, {' and '.join(filter(None, after))}."

    @property
    def heading(self) -> str:
        """Number, title and points."""
        points = f"{self.question.points:g} point{'' if self.question.points == 1 else 's'}"
        return f"{self.question.number} {self.question.title} ({points}): {self.state}"

    def __repr__(self) -> str:
        return "\n".join([self.heading, *(f"  {line}" for line in self.lines)])

    def _repr_html_(self) -> str:
        # A border and a word, so that it reads without colours and in dark themes alike.
        colour = {"not started": "#808080", "to mend": "#d55e00"}.get(self.state, "#009e73")
        items = "".join(
            f'<div style="margin-top: 5px">{self._line(one)}</div>' for one in self.lines
        )
        return (
            f'<div style="border-left: 4px solid {colour}; padding: 2px 10px; max-width: 70ch">'
            f"<b>{escape(self.heading)}</b>{items}</div>"
        )

    def _line(self, line: str) -> str:
        """Return a line as HTML, the variable that it begins with as code."""
        name, _, rest = line.partition(" ")
        if name not in {answer.name for answer in self.question.answers}:
            return escape(line)
        return f"<code>{escape(name)}</code> {escape(rest)}"


def check(question: str) -> CheckResult:
    """Say what can be said of a question's answers before they are handed in.

    Call it as often as you like. What it says is for practice: the answers' values are judged
    after you hand in.

    Parameters
    ----------
    question : str
        The question's id, such as ``"outputs.by-type"``, or its number, ``"1.3"``.

    Returns
    -------
    CheckResult
        Shows itself; ``state`` is ``"not started"``, ``"to mend"`` or
        ``"practice checks pass"``.

    Raises
    ------
    UnknownQuestion
        If there is no such question; the message lists those that there are.

    Examples
    --------
    >>> mw.check("outputs.by-type")
    """
    # The notebook's own variables: check is called from a cell.
    return check_answers(find_question(question), sys._getframe(1).f_globals)


def check_answers(question: Question, namespace: Mapping[str, object]) -> CheckResult:
    """Check a question's answers among a notebook's variables."""
    found = {answer.name: captured(namespace, answer) for answer in question.answers}
    complaints = {
        answer.name: says
        for answer in question.answers
        if (says := practised(found[answer.name], answer))
    }
    made = [one for one in question.checks if not one.names & complaints.keys()]
    return CheckResult(
        question,
        complaints,
        tuple(name for name, one in found.items() if one.state == "not started"),
        tuple(message for one in made if (message := _failed(one, namespace))),
        len(question.checks) - len(made),
    )


def _failed(check: Check, namespace: Mapping[str, object]) -> str:
    try:
        result = eval(check.expression, dict(namespace))
        if check.expect:
            return "" if bool(np.all(result)) else check.message
        n = len(result)
    except Exception as error:  # noqa: BLE001  a student's values may raise anything
        return f"{check.message} (It could not be computed: {type(error).__name__}: {error})"
    return check.message.replace("{n}", f"{n:,}") if n else ""
