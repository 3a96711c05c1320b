"""Pages for people: feedback for each student, and a summary.

All text is escaped by the template engine, whoever wrote it, and the security policy of each page
forbids scripts from elsewhere and requests to other sites.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from microns_widgets.grading.analysis.analysis import Analysis
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.report.analysed import shown
from microns_widgets.grading.report.numbers import ExerciseNumbers, QuestionNumbers, numbers
from microns_widgets.grading.report.tables import points_so_far
from microns_widgets.grading.report.words import answer_comment, number, question_verdict, verdict

FOLDER = Path(__file__).with_name("templates")
#: Height of the tallest bar and place of the baseline in the summary's distribution.
_TALL, _FLOOR = 80, 98
_WORDS = {
    "full": "right",
    "part": "partly right",
    "none": "wrong or missing",
    "open": "to be marked",
}


@cache
def environment() -> Any:
    """Return the template engine, which escapes all text."""
    # Only grading needs the template engine.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _page(template: str, **content: object) -> str:
    return str(environment().get_template(template).render(script_hash="", **content))


def page_name(who: str) -> str:
    """Return a file name for a student's page: readable, unique and safe, whatever the id is."""
    ascii_only = unicodedata.normalize("NFKD", who).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9]+", "-", ascii_only).strip("-")[:40]
    return f"{words}-{hashlib.sha256(who.encode()).hexdigest()[:8]}.html"


def student_page(works: Sequence[Graded], regrade: str = "") -> str:
    """Return one student's page, with all exercises, and how to ask for another look at a mark."""
    return _page(
        "student.html",
        name=works[0].entry.name,
        works=[_work(graded) for graded in works],
        regrade=regrade if any(one.marks for one in works) else "",
    )


def _work(graded: Graded) -> dict[str, Any]:
    return {
        "title": graded.exercise.title if graded.exercise else graded.entry.submission.file,
        "points": number(graded.points),
        "most": number(graded.most),
        "open": number(graded.open) if graded.open else "",
        "status": graded.status,
        "late": graded.entry.submission.late,
        "late_note": graded.late_note,
        "earned": number(graded.earned),
        "taken_off": number(graded.taken_off) if graded.taken_off else "",
        "file": graded.entry.submission.file,
        "student_id": graded.entry.student_id,
        "notes": graded.notes,
        "questions": [
            _question(graded, question, place)
            for place, question in enumerate(graded.exercise.questions if graded.marks else ())
        ]
        if graded.exercise
        else [],
    }


def _question(graded: Graded, question: Question, place: int) -> dict[str, Any]:
    mark = graded.marks[place]
    return {
        "number": question.number,
        "title": question.title,
        "version": mark.version,
        "points": "open" if mark.decided is None else number(mark.points),
        "most": number(mark.most),
        "verdict": question_verdict(mark),
        "comments": mark.comments,
        "remarks": graded.remarks.get(question.id, ()),
        "answers": [
            {
                "name": answer.name,
                "about": answer.about,
                "points": number(answer.points),
                "most": number(answer.most),
                "verdict": verdict(answer.points, answer.most, answer.state),
                "comment": answer_comment(answer),
                "summary": answer.summary,
            }
            for answer in mark.answers
        ],
    }


def summary_page(
    graded: Sequence[Graded],
    sandbox: str,
    version: str,
    unsafe: bool,
    notices: Sequence[str] = (),
    exports: Sequence[str] = (),
    analysis: Analysis | None = None,
) -> str:
    """Return the teacher's page."""
    rows = [
        {
            "page": f"feedback/{page_name(one.entry.who)}",
            "name": one.entry.name,
            "who": one.entry.who,
            "exercise": one.entry.exercise,
            "points": f"{points_so_far(one) or '–'} / {number(one.most)}" if one.marks else "",
            "status": "" if one.status == "final" else one.status,
            "flags": (*(one.notes if not one.marks else ()), *one.flags),
        }
        for one in graded
    ]
    handed_in = [one for one in graded if one.handed_in]
    analysed = {one.exercise: shown(one) for one in analysis.exercises} if analysis else {}
    return _page(
        "summary.html",
        graded=len(handed_in),
        people=len({one.entry.who for one in handed_in}),
        nothing=len(graded) - len(handed_in),
        version=version,
        written=sum(1 for one in graded for mark in one.marks for a in mark.answers if a.text),
        notices=notices,
        exports=exports,
        sandbox=sandbox,
        unsafe=unsafe,
        missing=Counter(name for one in graded for name in one.missing).most_common(),
        exercises=[
            _exercise(one) | {"analysis": analysed.get(one.exercise.name)}
            for one in numbers(graded)
        ],
        flagged=[row for row in rows if row["flags"]],
        rows=rows,
    )


def _exercise(results: ExerciseNumbers) -> dict[str, Any]:
    tallest = max(1, *results.bins)
    heights = [round(count / tallest * _TALL, 1) for count in results.bins]
    return {
        "exercise": results.exercise,
        "students": results.students,
        "final": results.final,
        "mean": "" if results.mean is None else f"{results.mean:.1f}",
        "median": "" if results.median is None else f"{results.median:.1f}",
        "most": number(results.most),
        "label": ", ".join(map(str, results.bins)),
        "bars": [
            {"x": 2 + place * 40, "y": _FLOOR - height, "height": height, "count": count}
            for place, (height, count) in enumerate(zip(heights, results.bins, strict=True))
        ],
        "questions": [_bar(one) for one in results.questions],
    }


def _bar(results: QuestionNumbers) -> dict[str, Any]:
    parts = [
        {"kind": kind, "count": count, "word": _WORDS[kind]}
        for kind, count in results.counts.items()
        if count
    ]
    return {
        "question": results.question,
        "points": number(results.question.points),
        "percent": "" if results.mean is None else f"{results.mean:.0%}".rstrip("%"),
        "parts": parts,
        "label": ", ".join(f"{part['count']} {part['word']}" for part in parts),
        "errors": results.errors,
    }
