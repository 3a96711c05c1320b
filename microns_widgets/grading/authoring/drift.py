"""Notices that a master has changed since `microns assign` made the exercise from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from microns_widgets.errors import MasterError
from microns_widgets.grading.authoring.master import Master
from microns_widgets.grading.exercise.exercise import Exercise

#: What may differ: it is text for students, and changes no mark.
_TEXT = frozenset({"about", "points"})


def check_unchanged(master: Master, public: Exercise, path: Path) -> None:
    """Check that a master and an exercise's public file declare the same questions.

    Parameters
    ----------
    master : Master
        The master as it is now.
    public : Exercise
        The exercise as it was given to students.
    path : path
        Its file.

    Raises
    ------
    MasterError
        If questions, points, tolerances or the edition differ; the message lists all differences.
    """
    differences = list(_differences(master.exercise, public))
    if differences:
        listing = "\n".join(f"- {one}" for one in differences)
        raise MasterError(
            f"{master.path} has changed since {path} was made from it:\n{listing}\n"
            f"Run `microns assign {master.path} --out {path.parent}` and grade again (the cells "
            "that were given out stay the same, and notebooks that were run are not run again), "
            "or change the master back."
        )


def _differences(master: Exercise, public: Exercise) -> Iterator[str]:
    """Yield what differs, in words."""
    if master.edition != public.edition:
        yield f"It is edition {master.edition}, not {public.edition}."
    now = {one["id"]: one for one in map(_declared, master.to_json()["questions"])}
    then = {one["id"]: one for one in map(_declared, public.to_json()["questions"])}
    for name in [*now, *(name for name in then if name not in now)]:
        if name not in then:
            yield f"{name} is new."
        elif name not in now:
            yield f"{name} is missing."
        else:
            yield from _of_question(name, now[name], then[name])


def _declared(question: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": question["id"],
        "points": question["points"],
        "answers": question["answers"],
        "versions": [version["name"] for version in question.get("versions", ())],
    }


def _of_question(name: str, now: Mapping[str, Any], then: Mapping[str, Any]) -> Iterator[str]:
    if now["points"] != then["points"]:
        yield f"{name} has {now['points']:g} points, not {then['points']:g}."
    if now["versions"] != then["versions"]:
        yield f"{name} has the versions {now['versions']}, not {then['versions']}."
    for answer in [*now["answers"], *(one for one in then["answers"] if one not in now["answers"])]:
        if answer not in then["answers"]:
            yield f"{name} has a new answer, {answer}."
        elif answer not in now["answers"]:
            yield f"{name} has no answer {answer} any more."
        else:
            yield from _of_answer(
                f"{name}, {answer}", now["answers"][answer], then["answers"][answer]
            )


def _of_answer(name: str, now: Mapping[str, Any], then: Mapping[str, Any]) -> Iterator[str]:
    if abs(now["points"] - then["points"]) > 1e-9:
        yield f"{name}: {now['points']:g} points, not {then['points']:g}."
    options = {*now, *then} - _TEXT
    for option in sorted(one for one in options if now.get(one) != then.get(one)):
        yield f"{name}: {option} = {now.get(option)!r}, not {then.get(option)!r}."
