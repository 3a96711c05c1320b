"""Describes for students what a question asks for."""

from __future__ import annotations

from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.kinds import KINDS
from microns_widgets.grading.kinds.answer import Answer


def heading(question: Question) -> str:
    """Return a question's heading with the list of its answers, in Markdown."""
    answers = "\n".join(_item(answer) for answer in question.answers)
    return f"### {question.number} {question.title} ({_points(question.points)})\n\n{answers}"


def prompt(answer: Answer) -> str:
    """Return the comment after a prompt: a description and the unit."""
    unit = answer.unit
    return f"{answer.about}, {unit}" if unit and unit not in answer.about else answer.about


def _item(answer: Answer) -> str:
    about = answer.about[:1].upper() + answer.about[1:]
    item = f"- `{answer.name}`: {about.rstrip('.')}. {_kind(answer)}"
    lines = []
    if answer.kind == "table":
        columns = answer.read(KINDS["table"].Options).kinds
        lines = [f"  - `{name}`{_details(one.about, one.unit)}" for name, one in columns.items()]
    lines += [f"  - {_points(one.points)}: {one.about}" for one in answer.rubric]
    return "\n".join([item, *lines])


def _points(number: float) -> str:
    return f"{number:g} point{'' if number == 1 else 's'}"


def _details(about: str, unit: str) -> str:
    details = f"{about} ({unit})" if about and unit else about or unit
    return f": {details}" if details else ""


def _kind(answer: Answer) -> str:
    options = answer.read(KINDS[answer.kind].Options)
    match answer.kind:
        case "number":
            number = "A whole number" if options.whole else "A number"
            return f"{number} in {options.unit}." if options.unit else f"{number}."
        case "text":
            words = ", ".join(f'`"{word}"`' for word in options.one_of)
            return f"One of {words}." if words else "Text."
        case "table":
            return "A table with the columns:"
        case "choice":
            return {"cell": "A cell", "pair": "A pair of cells", "cells": "Several cells"}[
                options.what
            ] + ", chosen by hand."
        case other:
            return {
                "ids": "Root ids or synapse ids.",
                "matrix": "A matrix.",
                "figure": "A figure.",
                "written": "In your own words.",
            }[other]
