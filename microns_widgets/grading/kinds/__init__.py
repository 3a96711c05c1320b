"""The kinds of answers: what each captures, says in practice, and judges.

A kind is a module with

- ``EXPECTED``, in words, and ``Options``, a dataclass with what an author may say of it;
- ``capture(value, answer)``: from the variable to plain, bounded JSON, beside the student's code;
- ``practice(payload, answer)``: complaints in words, from what is public;
- ``judge(payload, key, answer)``: how much is right, from JSON alone. It runs outside the
  sandbox on what a submission may have forged;
- ``shown(payload)``: in brief, for a person.

A kind whose judgement also holds something that is no comparison, such as an axis's label, has
``alike(payload, other, answer)``: whether two payloads are the same answer, right or wrong.

A kind that is judged by more than the master's own answer has ``private(answer)``: the variable
of the master's KEY cells, as an answer of a kind. Its payload stands in the key as ``private``.
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
    "KINDS",
    "Captured",
    "Judgement",
    "State",
    "alike",
    "captured",
    "judged",
    "practised",
    "private_of",
    "shown",
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

State = Literal["there", "missing", "not started", "failed", "too large"]
_MISSING = object()


@dataclass(frozen=True)
class Captured:
    """What a notebook's variable holds.

    Attributes
    ----------
    state : str
        ``"there"``, ``"missing"`` (no such variable), ``"not started"`` (still ``...``),
        ``"failed"`` (not of its kind) or ``"too large"``.
    payload : JSON
        What it holds; None unless it is there.
    why : str
        For ``"failed"`` and ``"too large"``: what was found and what was expected.
    """

    state: State
    payload: Any = None
    why: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as it crosses from the sandbox."""
        return {"state": self.state, "payload": self.payload, "why": self.why}


def private_of(answer: Answer) -> Answer | None:
    """Return the KEY variable that judging an answer needs, if any."""
    find = getattr(KINDS[answer.kind], "private", None)
    found = find(answer) if find else None
    assert found is None or isinstance(found, Answer)
    return found


def captured(namespace: Mapping[str, object], answer: Answer) -> Captured:
    """Capture an answer from a notebook's variables. Whatever is there, this does not raise."""
    value = namespace.get(answer.name, _MISSING)
    if value is _MISSING:
        return Captured("missing")
    if value is ...:
        return Captured("not started")
    kind = KINDS[answer.kind]
    try:
        return Captured("there", kind.capture(value, answer))
    except NotStarted:
        return Captured("not started")
    except TooLarge as error:
        return Captured("too large", why=f"has {error}.")
    except Unfit as error:
        return Captured("failed", why=f"is {error}; expected {kind.EXPECTED}.")
    except Exception as error:  # noqa: BLE001  a student's object may raise anything
        name = type(error).__name__[:60]
        return Captured("failed", why=f"could not be read ({name}); expected {kind.EXPECTED}.")


def practised(found: Captured, answer: Answer) -> list[str]:
    """Say what is wrong with an answer as far as that is public; nothing for a good one."""
    match found.state:
        case "missing":
            return [f"is not there: is the variable spelled {answer.name!r}?"]
        case "not started":
            return ["is not started."]
        case "there":
            return list(KINDS[answer.kind].practice(found.payload, answer))
        case _:
            return [found.why]


def judged(payload: object, key: object, answer: Answer) -> Judgement:
    """Compare a payload with the key's; a forged or damaged one gets nothing."""
    try:
        found = KINDS[answer.kind].judge(payload, key, answer)
    except Damaged:
        return Judgement(0.0, ("could not be read: it did not come out of the notebook whole.",))
    assert isinstance(found, Judgement)
    return found


def alike(payload: object, other: object, answer: Answer) -> bool:
    """Tell whether two payloads are the same answer, be it right or wrong."""
    same = getattr(KINDS[answer.kind], "alike", None)
    if same is None:
        return judged(payload, other, answer).share == 1
    try:
        return bool(same(payload, other, answer))
    except Damaged:
        return False


def shown(payload: object, answer: Answer) -> str:
    """Say in brief what a payload holds, for a person; a written answer whole.

    It is plain text, and may be a stranger's.
    """
    try:
        return str(KINDS[answer.kind].shown(payload))
    except Damaged:
        return ""
