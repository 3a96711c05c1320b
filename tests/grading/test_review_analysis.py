"""The teacher's page shows numbers of the marks as they are now, and similar work."""

from __future__ import annotations

from dataclasses import replace

from grading.reviewed_class import session, write_class

from microns_widgets.grading.analysis.analysis import (
    Analysis,
    Excerpt,
    ExerciseAnalysis,
    ForeignAnswers,
    Pair,
    Passage,
    write_analysis,
)
from microns_widgets.grading.report.kept import keep, read_kept
from microns_widgets.grading.review.analysis import analysis


def _pair(first, second, text):
    passage = Passage("sums.why", "1.3", "code", 0.5, *[Excerpt((1,), text, (1,))] * 2)
    return Pair(first, second, first, second, 9.0, 0.5, ("Ada Lovelace wrote it.",), (passage,))


def _with_pairs(out, *pairs):
    others = ("ada lovelace", "gone")
    foreign = ForeignAnswers("ben", "Ben", ("total",), others, others, "Ben has Ada's.")
    one = ExerciseAnalysis("sums", "Sums", 3, (), None, 12, pairs, (foreign,))
    write_analysis(out, Analysis((one,)))


def test_the_analysis_has_the_marks_as_they_are_now(tmp_path):
    review = session(write_class(tmp_path, {"Ada": "a", "Ben": "b", "Cleo": "c"}))
    [before] = analysis(review)["exercises"]
    assert (before["judged"], before["final"]) == (3, 0)
    why = before["questions"][2]
    assert (why["n"], why["open"], why["mean"]) == (0, 3, None)
    for number, (who, points) in enumerate({"ada": 3, "ben": 0}.items()):
        review.store.change(str(number), "Tina", (who, "sums", "why"), {"points": points})
    [after] = analysis(review)["exercises"]
    why = after["questions"][2]
    assert (why["n"], why["open"], why["mean"], why["right"]) == (2, 1, 1.5, 1)
    assert why["bars"] == [1, *[0] * 8, 1]
    assert (after["final"], after["mean"], after["bars"][6], after["bars"][9]) == (2, 7.5, 1, 1)


def test_without_a_stored_analysis_only_similar_work_is_unknown(tmp_path):
    out = write_class(tmp_path, {"Ada": "a", "Ben": "b"})
    review = session(out)
    for content in (None, "{", '{"format": 0, "exercises": []}', '{"format": 1, "exercises": [3]}'):
        if content is not None:
            (out / "analysis.json").write_text(content)
        [found] = analysis(review)["exercises"]
        assert len(found["questions"]) == 3
        assert (found["compared"], found["pairs"]) == (0, [])
        assert "microns grade" in found["notes"][0]


def test_similar_passages_are_shown_with_the_students_own_works(tmp_path):
    out = write_class(tmp_path, {"Ada Lovelace": "a", "Ben": "b", "Cleo": "c"})
    text = "# by Ada\nx\u202e = 1"
    _with_pairs(out, _pair("ada lovelace", "ben", text), _pair("ada lovelace", "gone", text))
    review = session(out)
    [found] = analysis(review)["exercises"]
    [shown] = found["pairs"]
    assert [review.works[id].entry.name for id in shown["works"]] == ["Ada Lovelace", "Ben"]
    assert shown["reasons"] == ["Ada Lovelace wrote it."]
    assert shown["passages"][0]["sides"][0] == [
        {"text": "# by Ada", "alike": False},
        {"text": "x[U+202E] = 1", "alike": True},
    ]
    ada, ben = shown["works"]
    assert found["foreign"] == [{"work": ben, "answers": ["total"], "others": [ada]}]
    assert found["notes"] == []
    hidden = analysis(session(out, anonymous=True))
    assert len(hidden["exercises"][0]["pairs"]) == 1
    # A passage that was copied may name the one who wrote it.
    assert "ada" not in str(hidden["exercises"]).lower()
    assert "Lovelace" not in str(hidden["exercises"])


def first_two_answer(out, summary):
    """Give two of three works the same wrong answers to the first question."""
    kept = read_kept(out)

    def wrong(one):
        first, *others = one.marks
        answers = tuple(replace(a, points=0.0, summary=summary) for a in first.answers)
        return replace(one, marks=(replace(first, answers=answers), *others))

    keep(out, replace(kept, graded=[*map(wrong, kept.graded[:2]), kept.graded[2]]))


def test_those_who_went_a_wrong_way_are_listed(tmp_path):
    out = write_class(tmp_path, {"Ada": "a", "Ben": "b", "Cleo": "c"})
    first_two_answer(out, "54")
    review = session(out)
    [found] = analysis(review)["exercises"]
    [way] = found["questions"][0]["wrong"]
    assert (way["text"], way["answer"], way["count"]) == ("54", "total", 2)
    assert [review.works[one].entry.name for one in way["works"]] == ["Ada", "Ben"]


def test_a_wrong_answer_that_names_a_student_does_not_in_a_review_without_names(tmp_path):
    out = write_class(tmp_path, {"Ada Lovelace": "a", "Ben": "b", "Cleo": "c"})
    first_two_answer(out, "by Ada Lovelace")
    [found] = analysis(session(out, anonymous=True))["exercises"]
    [way] = found["questions"][0]["wrong"]
    assert way["count"] == 2
    assert "Ada" not in way["text"]
    assert "Lovelace" not in way["text"]
