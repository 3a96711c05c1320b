"""The page on which a person gives points: written answers side by side, and any other mark."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from microns_widgets._csv import FORMULA
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.kinds.written import Options as Written
from microns_widgets.grading.report.pages import FOLDER, environment
from microns_widgets.grading.report.words import answer_comment, number


def marking_page(graded: Sequence[Graded], masters: Mapping[str, Exercise]) -> str:
    """Return the page on which a person gives points.

    Parameters
    ----------
    graded : sequence of Graded
        All submissions.
    masters : mapping
        Exercises as the masters declare them, with the guides for the marker.
    """
    from markupsafe import Markup

    script = (FOLDER / "marking.js").read_text(encoding="utf-8")
    script = script.replace('"FORMULA"', json.dumps(FORMULA))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    exercises = {one.exercise.name: one.exercise for one in graded if one.exercise}
    page = environment().get_template("marking.html")
    return str(
        page.render(
            groups=[*_undecided(graded), *_groups(graded, masters)],
            people=dict(sorted({one.entry.who: one.entry.name for one in graded}.items())),
            exercises=[
                {
                    "name": exercise.name,
                    "most": number(sum(question.points for question in exercise.questions)),
                    "answers": [
                        {"name": a.name, "number": q.number, "most": number(a.points)}
                        for q in exercise.questions
                        for a in q.answers
                    ],
                }
                for exercise in sorted(exercises.values(), key=lambda one: one.number)
            ],
            script=Markup(script),
            script_hash=f"sha256-{digest}",
        )
    )


def _undecided(graded: Sequence[Graded]) -> list[dict[str, Any]]:
    """Return whole exercises on which nobody has decided, with the reasons."""
    groups: dict[str, dict[str, Any]] = {}
    for one in graded:
        # A written answer alone is not decided either, but nothing has to be said about it.
        if one.exercise is None or one.status != "not decided" or not one.flags:
            continue
        group = groups.setdefault(
            one.exercise.name,
            {
                "exercise": one.exercise.name,
                "number": one.exercise.number,
                "title": one.exercise.title,
                "about": "points for the whole exercise",
                "answer": "",
                "guide": "",
                "rubric": [],
                "most": number(one.most),
                "texts": [],
            },
        )
        group["texts"].append(
            {
                "who": one.entry.who,
                "name": one.entry.name,
                "text": "\n".join(one.flags),
                "points": "",
                "comment": "",
            }
        )
    return list(groups.values())


def _groups(graded: Sequence[Graded], masters: Mapping[str, Exercise]) -> list[dict[str, Any]]:
    """Return the written answers, grouped by question."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for one in graded:
        for mark in one.marks:
            for answer in mark.answers:
                if not answer.text:
                    continue
                group = groups.setdefault(
                    (one.entry.exercise, answer.name),
                    _group(masters[one.entry.exercise], mark.id, answer.name),
                )
                group["texts"].append(
                    {
                        "who": one.entry.who,
                        "name": one.entry.name,
                        "text": answer.text,
                        "points": number(answer.points),
                        "comment": answer_comment(answer) if answer.points is not None else "",
                    }
                )
    return list(groups.values())


def _group(exercise: Exercise, question_id: str, name: str) -> dict[str, Any]:
    question = next(one for one in exercise.questions if one.id == question_id)
    answer = question.answer(name)
    return {
        "exercise": exercise.name,
        "number": question.number,
        "title": question.title,
        "about": answer.about,
        "answer": name,
        "guide": answer.read(Written).guide if answer.kind == "written" else "",
        "rubric": [f"{number(one.points)}: {one.about}" for one in answer.rubric],
        "most": number(answer.points),
        "texts": [],
    }
