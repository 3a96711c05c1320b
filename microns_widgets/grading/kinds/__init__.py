"""The kinds of answers: how each is captured, checked in practice, and judged.

A kind is a module with

- ``EXPECTED``, a description, and ``Options``, a dataclass with the options of its answers;
- ``capture(value, answer)``: turns the variable into plain, bounded JSON, the payload. It runs
  beside the student's code;
- ``practice(payload, answer)``: complaints that use public information only;
- ``judge(payload, key, answer)``: compares the payload with the key's. It runs outside the
  sandbox, on a payload that may be forged;
- ``summary(payload)``: a brief description for a person.

A kind that judges more than whether payloads are equal, such as an axis's label, also has
``alike(payload, other, answer)``: whether two payloads are the same answer, right or wrong.

A kind that needs more than the master's own answer for judging also has ``private(answer)``: the
variable of the master's KEY cells, as an answer of some kind. The key stores its payload as
``private``.

A kind whose answers others may follow from also has ``restore(payload, answer)``: the payload as a
variable again. It runs in a sandbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

from microns_widgets.grading.kinds import choice, figure, ids, matrix, number, table, text, written
from microns_widgets.grading.kinds._judgement import Judgement
from microns_widgets.grading.kinds._payload import Damaged
from microns_widgets.grading.kinds._values import NotStarted, TooLarge, Unfit
from microns_widgets.grading.kinds.answer import Answer

__all__ = [
    "FOLLOWED",
    "KINDS",
    "Capture",
    "Judgement",
    "State",
    "alike",
    "capture_answer",
    "judge_answer",
    "practice_complaints",
    "private_of",
    "restored",
    "summary_of",
]

KINDS: Mapping[str, ModuleType] = {
    "number": number,
    "text": text,
    "ids": ids,
    "table": table,
    "matrix": matrix,
    "figure": figure,
    "choice": choice,
    "written": written,
}

#: Kinds whose values others may follow from, since they can be restored.
FOLLOWED = tuple(name for name, kind in KINDS.items() if hasattr(kind, "restore"))

State = Literal["there", "missing", "not started", "failed", "too large"]
_MISSING = object()
#: Without a key nobody knows whether the answer is true, and no page may say so.
_OF_THE_FORM = Judgement(1.0, credit="only its form is judged.")


@dataclass(frozen=True)
class Capture:
    """The content of a notebook's variable.

    Attributes
    ----------
    state : str
        ``"there"``, ``"missing"`` (no such variable), ``"not started"`` (still ``...``),
        ``"failed"`` (not of its kind) or ``"too large"``.
    payload : JSON
        Its content as JSON; None unless it is there.
    why : str
        For ``"failed"`` and ``"too large"``: what it is and what was expected.
    """

    state: State
    payload: Any = None
    why: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as it leaves the sandbox."""
        return {"state": self.state, "payload": self.payload, "why": self.why}


def private_of(answer: Answer) -> Answer | None:
    """Return the KEY variable that is needed for judging an answer, if any."""
    function = getattr(KINDS[answer.kind], "private", None)
    private = function(answer) if function else None
    assert private is None or isinstance(private, Answer)
    return private


def restored(payload: object, answer: Answer) -> Any:
    """Return the variable of which a payload was made: a number, text, ids or a table.

    Raises
    ------
    Damaged
        If the payload is not one that `capture_answer` returns.
    """
    return KINDS[answer.kind].restore(payload, answer)


def capture_answer(namespace: Mapping[str, object], answer: Answer) -> Capture:
    """Capture an answer from a notebook's variables; this never raises an error."""
    value = namespace.get(answer.name, _MISSING)
    if value is _MISSING:
        return Capture("missing")
    if value is ...:
        return Capture("not started")
    kind = KINDS[answer.kind]
    try:
        return Capture("there", kind.capture(value, answer))
    except NotStarted:
        return Capture("not started")
    except TooLarge as error:
        return Capture("too large", why=f"has {error}.")
    except Unfit as error:
        return Capture("failed", why=f"is {error}; expected {kind.EXPECTED}.")
    except Exception as error:  # noqa: BLE001  a student's object may raise anything
        name = type(error).__name__[:60]
        return Capture("failed", why=f"could not be read ({name}); expected {kind.EXPECTED}.")


def practice_complaints(capture: Capture, answer: Answer) -> list[str]:
    """Return what is wrong with an answer, using public information only."""
    match capture.state:
        case "missing":
            return [f"is missing. Is the variable's name spelled {answer.name!r}?"]
        case "not started":
            return ["is not answered yet."]
        case "there":
            return list(KINDS[answer.kind].practice(capture.payload, answer))
        case _:
            return [capture.why]


def judge_answer(payload: object, key: object, answer: Answer) -> Judgement:
    """Compare a payload with the key's; a forged or damaged one gets no points.

    If it is judged by its form, or by a person, the key plays no part.
    """
    kind = KINDS[answer.kind]
    try:
        if answer.judged == "form":
            complaints = kind.practice(payload, answer)
            judgement = Judgement(0.0, tuple(complaints)) if complaints else _OF_THE_FORM
        elif answer.judged == "person" and kind is not written:
            judgement = Judgement(None, (*kind.practice(payload, answer), "is marked by a person."))
        else:
            judgement = kind.judge(payload, key, answer)
    except Damaged:
        return Judgement(0.0, ("could not be read: the notebook's output is damaged.",))
    assert isinstance(judgement, Judgement)
    return judgement


def alike(payload: object, other: object, answer: Answer) -> bool:
    """Return whether two payloads are the same answer, right or wrong."""
    compare = getattr(KINDS[answer.kind], "alike", None)
    if compare is None:
        return judge_answer(payload, other, answer).share == 1
    try:
        return bool(compare(payload, other, answer))
    except Damaged:
        return False


def summary_of(payload: object, answer: Answer) -> str:
    """Describe a payload briefly for a person; a written answer is returned in full.

    The text is plain and untrusted.
    """
    try:
        return str(KINDS[answer.kind].summary(payload))
    except Damaged:
        return ""
