"""What the summary shows of the analysis of an exercise, as its template needs it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from microns_widgets.grading.analysis.analysis import (
    ADVICE,
    Excerpt,
    ExerciseAnalysis,
    Pair,
    QuestionNumbers,
    Times,
)
from microns_widgets.grading.analysis.items import ENOUGH
from microns_widgets.grading.report.words import number

#: Pairs and other remarks that are shown; the file has all.
_PAIRS, _FOREIGN = 30, 20
#: Width of the figure of times, and height of its tallest bar.
_WIDTH, _TALL = 400, 40


def shown(analysis: ExerciseAnalysis) -> dict[str, Any]:
    """Return the analysis of an exercise for the template."""
    few = [one for one in analysis.questions if one.discrimination_n < ENOUGH]
    return {
        "questions": [_question(one) for one in analysis.questions],
        "small": f"With fewer than {ENOUGH} students these numbers are mostly chance."
        if few
        else "",
        "remarks": list(_remarks(analysis)),
        "wrong": [
            {"number": one.number, **vars(way)} for one in analysis.questions for way in one.wrong
        ],
        "times": _times(analysis.times) if analysis.times else None,
        "compared": analysis.compared,
        "advice": ADVICE,
        "notes": analysis.notes,
        "pairs": [_pair(pair) for pair in analysis.pairs[:_PAIRS]],
        "more": max(0, len(analysis.pairs) - _PAIRS),
        "foreign": [one.words for one in analysis.foreign[:_FOREIGN]],
    }


def _question(one: QuestionNumbers) -> dict[str, Any]:
    value = one.discrimination
    return {
        **vars(one),
        "percent": round(100 * one.right / one.n) if one.n else 0,
        "mean": number(one.mean),
        "most": number(one.most),
        "discrimination": "" if value is None else f"{value:.2f}".replace("-", "–"),
        "positive": value is None or value >= 0,
        "length": round(50 * abs(value or 0.0)),
    }


def _remarks(analysis: ExerciseAnalysis) -> Iterator[str]:
    """Yield what a teacher should know: questions that separate badly, and unequal versions."""
    for one in analysis.questions:
        if one.discrimination is not None and one.discrimination < 0:
            yield f"{one.number} {one.title}: {one.words}"
        for comparison in one.comparisons:
            if comparison.shown:
                yield f"{one.number} {one.title}: {comparison.words}"


def _times(times: Times) -> dict[str, Any]:
    tallest = max(times.bins)
    step = _WIDTH / len(times.bins)
    return {
        "words": words_of_times(times),
        "label": ", ".join(map(str, times.bins)),
        "earliest": written_time(times.earliest),
        "latest": written_time(times.latest),
        "bars": [
            {
                "x": round(place * step, 1),
                "width": round(step - 2, 1),
                "height": round(count / tallest * _TALL, 1),
                "y": round(_TALL + 2 - count / tallest * _TALL, 1),
            }
            for place, count in enumerate(times.bins)
        ],
    }


def words_of_times(times: Times) -> str:
    """Return when the work was handed in, in a sentence."""
    end = "before it was due" if times.due else "before the last one"
    words = (
        f"Of {times.known} students whose time is known ({times.source}), {times.last_hour} handed "
        f"in within the last hour {end}"
    )
    return words + (f", and {times.after} after it was due." if times.due else ".")


def written_time(stamp: float) -> str:
    """Return a time, in this machine's zone, to the minute."""
    return f"{datetime.fromtimestamp(stamp).astimezone():%Y-%m-%d %H:%M}"


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        **vars(pair),
        "percent": round(100 * pair.share),
        "score": round(pair.score),
        "passages": [
            {
                "number": one.number,
                "kind": one.kind,
                "sides": [
                    (pair.first_name, _excerpt(one.first)),
                    (pair.second_name, _excerpt(one.second)),
                ],
            }
            for one in pair.passages
        ],
    }


def _excerpt(excerpt: Excerpt) -> dict[str, Any]:
    cells = ", ".join(str(cell + 1) for cell in excerpt.cells)
    return {
        "where": f"cell {cells}" if len(excerpt.cells) == 1 else f"cells {cells}",
        "lines": [
            {"text": line, "alike": place in excerpt.alike}
            for place, line in enumerate(excerpt.text.split("\n"))
        ],
    }
