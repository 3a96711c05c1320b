"""What the teacher's page shows about the class: numbers of questions, and similar work.

The numbers are those of the marks as they are now; pairs and times are read from ``analysis.json``.
Excerpts were written by students, and ids are replaced by the page's own names, so that a review
without names stays one.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from microns_widgets.grading.analysis.analyse import analysed_again
from microns_widgets.grading.analysis.analysis import (
    ADVICE,
    Analysis,
    Comparison,
    Excerpt,
    ExerciseAnalysis,
    Pair,
    QuestionNumbers,
    WrongWay,
    read_analysis,
)
from microns_widgets.grading.analysis.items import ENOUGH, went
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.marks import QuestionMark
from microns_widgets.grading.report.analysed import words_of_times, written_time
from microns_widgets.grading.report.by_hand import stored_marks
from microns_widgets.grading.report.decisions import applied_marks
from microns_widgets.grading.review.session import Session

#: Bars of a histogram of points.
_BARS = 10
#: Pairs, and other remarks, that are shown of an exercise.
_PAIRS, _FOREIGN = 100, 50
_NOT_COMPARED = (
    "Similar work is not known: analysis.json is missing, or another version of this package wrote "
    "it. Run the same microns grade command again; notebooks that were run already are not run "
    "again."
)


def analysis(session: Session) -> dict[str, Any]:
    """Return what the page shows of the class, by exercise."""
    works = applied_marks(session.kept.graded, stored_marks(session.out)).graded
    judged: dict[str, list[Graded]] = {}
    for one in works:
        if one.marks:
            judged.setdefault(one.entry.exercise, []).append(one)
    before = read_analysis(session.out) or Analysis(())
    there = {one.exercise for one in before.exercises}
    exercises = sorted(session.kept.exercises.values(), key=lambda one: one.number)
    new = [
        ExerciseAnalysis(one.name, one.title, len(judged[one.name]), (), notes=(_NOT_COMPARED,))
        for one in exercises
        if one.name in judged and one.name not in there
    ]
    again = analysed_again(Analysis((*before.exercises, *new)), works)
    return {
        "advice": ADVICE,
        "exercises": [
            _exercise(one, judged[one.exercise], session)
            for one in again.exercises
            if one.exercise in judged
        ],
    }


def _exercise(one: ExerciseAnalysis, works: Sequence[Graded], session: Session) -> dict[str, Any]:
    final = [work for work in works if not work.open]
    most = works[0].most
    pairs = [(pair, two) for pair in one.pairs if (two := _works_of(pair, one.exercise, session))]
    return {
        "exercise": one.exercise,
        "title": one.title,
        "judged": len(works),
        "final": len(final),
        "most": most,
        "mean": statistics.fmean(work.earned for work in final) if final else None,
        "median": statistics.median(work.earned for work in final) if final else None,
        "bars": _bars((work.earned for work in final), most),
        "times": one.times
        and {
            "words": words_of_times(one.times),
            "bars": list(one.times.bins),
            "earliest": written_time(one.times.earliest),
            "latest": written_time(one.times.latest),
        },
        "questions": [
            _question(each, place, works, session) for place, each in enumerate(one.questions)
        ],
        "compared": one.compared,
        "pairs": [_pair(pair, two, session) for pair, two in pairs[:_PAIRS]],
        "more": len(pairs[_PAIRS:]),
        "foreign": [
            {"work": work, "answers": list(each.answers), "others": others}
            for each in one.foreign[:_FOREIGN]
            if (work := session.work_of(each.student, one.exercise))
            and (others := [o for w in each.others if (o := session.work_of(w, one.exercise))])
        ],
        "notes": [session.text(note) for note in one.notes],
    }


def _question(
    one: QuestionNumbers, place: int, works: Sequence[Graded], session: Session
) -> dict[str, Any]:
    marks = {work.entry.who: work.marks[place] for work in works}
    return {
        "id": one.id,
        "number": one.number,
        "title": one.title,
        "n": one.n,
        "right": one.right,
        "mean": one.mean,
        "most": one.most,
        "open": one.open,
        "bars": _bars((mark.points for mark in marks.values() if not mark.open), one.most),
        "discrimination": one.discrimination,
        "few": one.discrimination_n < ENOUGH,
        "words": one.words,
        "wrong": [_wrong_way(way, marks, works[0].entry.exercise, session) for way in one.wrong],
        "comparisons": [_comparison(each) for each in one.comparisons if each.shown],
    }


def _wrong_way(
    way: WrongWay, marks: Mapping[str, QuestionMark], exercise: str, session: Session
) -> dict[str, Any]:
    works = [
        work
        for who, mark in marks.items()
        if went(mark, way) and (work := session.work_of(who, exercise))
    ]
    return {
        # A wrong text that several handed in may hold the name of one of them.
        "text": session.text(way.text, *works),
        "count": way.count,
        "answer": way.answer,
        "works": works,
    }


def _comparison(one: Comparison) -> str:
    if one.by != "version":
        return one.words
    groups = ", ".join(f"{each.name} {each.right} of {each.n}" for each in one.groups)
    return f"All points, by version: {groups}. {one.words}"


def _bars(points: Iterable[float], most: float) -> list[int]:
    """Return how many students have which share of the points, in equal steps."""
    counts = [0] * _BARS
    for one in points:
        # A sum of decimal fractions may be just below a step.
        counts[min(int(one / most * _BARS + 1e-9), _BARS - 1) if most else 0] += 1
    return counts


def _works_of(pair: Pair, exercise: str, session: Session) -> tuple[str, str] | None:
    first = session.work_of(pair.first, exercise)
    second = session.work_of(pair.second, exercise)
    return None if first is None or second is None else (first, second)


def _pair(pair: Pair, works: tuple[str, str], session: Session) -> dict[str, Any]:
    return {
        "works": works,
        "share": pair.share,
        # They name both, and so may a passage that one copied from the other.
        "reasons": [session.text(one, *works) for one in pair.reasons],
        "passages": [
            {
                "question": one.question,
                "number": one.number,
                "sides": [_excerpt(side, works, session) for side in (one.first, one.second)],
            }
            for one in pair.passages
        ],
    }


def _excerpt(excerpt: Excerpt, works: tuple[str, str], session: Session) -> list[dict[str, Any]]:
    """Return the lines of a passage, each with whether the other has it, too."""
    return [
        {"text": session.text(line, *works), "alike": place in excerpt.alike}
        for place, line in enumerate(excerpt.text.split("\n"))
    ]
