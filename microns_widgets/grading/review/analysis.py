"""What ``analysis.json`` says about the class, for the teacher's page.

The file is read as plain JSON. Its excerpts were written by students, and ids are replaced by the
page's own names, so that a review without names stays one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from microns_widgets.grading.review.session import Session

_FILE, _FORMAT = "analysis.json", 1
#: Wrong ways of a question, and pairs, that are shown.
_WAYS, _PAIRS = 5, 100


def analysis(session: Session) -> dict[str, Any]:
    """Return what the page shows of the analysis; empty if it cannot be read."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        plain = json.loads((session.out / _FILE).read_text(encoding="utf-8"))
        if plain["format"] == _FORMAT:
            exercises = plain["exercises"]
            return {
                "questions": [
                    _question(one, session) for each in exercises for one in each["questions"]
                ],
                "pairs": [
                    pair
                    for each in exercises
                    for one in each["pairs"][:_PAIRS]
                    if (pair := _pair(one, each["exercise"], session))
                ],
                "notes": [
                    session.text(note) for each in exercises for note in each.get("notes", ())
                ],
            }
    return {}


def _question(plain: Mapping[str, Any], session: Session) -> dict[str, Any]:
    return {
        "id": str(plain["id"]),
        "number": str(plain["number"]),
        "title": str(plain["title"]),
        "n": int(plain["n"]),
        "right": int(plain["right"]),
        "discrimination": plain["discrimination"],
        "words": session.text(str(plain["words"])),
        "wrong": [
            {"text": session.text(str(way["text"])), "count": int(way["count"])}
            for way in plain["wrong"][:_WAYS]
        ],
        "comparisons": [session.text(str(one["words"])) for one in plain.get("comparisons", ())],
    }


def _pair(plain: Mapping[str, Any], exercise: str, session: Session) -> dict[str, Any] | None:
    works = [session.work_of(str(plain[side]), exercise) for side in ("first", "second")]
    if None in works:
        return None
    return {
        "works": works,
        "exercise": exercise,
        "share": float(plain["share"]),
        "reasons": [session.text(str(one)) for one in plain["reasons"]],
        "passages": [
            {
                "question": str(one["question"]),
                "number": str(one["number"]),
                "kind": str(one["kind"]),
                "sides": [
                    _excerpt(one[side], work, session)
                    for side, work in zip(("first", "second"), works, strict=True)
                ],
            }
            for one in plain["passages"]
        ],
    }


def _excerpt(plain: Mapping[str, Any], work: str | None, session: Session) -> list[dict[str, Any]]:
    """Return the lines of a passage, each with whether the other has it, too."""
    alike = set(plain["alike"])
    return [
        {"text": session.text(line, work), "alike": place in alike}
        for place, line in enumerate(str(plain["text"]).split("\n"))
    ]
