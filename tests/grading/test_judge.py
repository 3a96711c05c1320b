"""Marks and comments: from payloads alone, the same whenever they are judged."""

from __future__ import annotations

import json
from dataclasses import replace

from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.key import Alternative, Key, QuestionKey
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.judge import judge, judge_question, matching_wrong_answers
from microns_widgets.grading.marks import QuestionMark
from microns_widgets.grading.report.words import answer_comment

QUESTION = Question.from_toml(
    """
id = "tiny.sum"
title = "Sums"
points = 4
[answers.total]
kind = "number"
about = "the sum"
points = 2
[answers.count]
kind = "number"
about = "how many"
points = 1
[answers.why]
kind = "written"
about = "why"
points = 1
""",
    "9.1",
)


def numbers(**values: float) -> dict:
    return {name: {"value": value} for name, value in values.items()}


KEY = QuestionKey(
    right=numbers(total=6, count=3) | {"why": {"text": "They add up."}},
    wrong=(
        Alternative("swapped", "Sum and count are exchanged.", numbers(total=3, count=6)),
        Alternative("twice", "You counted all of it twice.", numbers(total=12, count=6)),
        Alternative("zero", "Begin with one.", numbers(count=2)),
    ),
    same=(),
)


def taken(why: str = "Because.", **values: float) -> dict:
    payloads = numbers(**values) | {"why": {"text": why}}
    return {name: {"state": "there", "payload": one, "why": ""} for name, one in payloads.items()}


def test_right_answers_get_their_points_and_a_person_reads_the_rest():
    mark = judge_question(QUESTION, taken(total=6, count=3.0), KEY)
    assert (mark.points, mark.open, mark.most) == (3, 1, 4)
    assert mark.answers[2].text == "Because."
    assert mark.comments == ()


def test_each_answer_gets_points_by_itself():
    mark = judge_question(QUESTION, taken(total=6, count=4), KEY)
    assert [answer.points for answer in mark.answers] == [2, 0, None]
    assert mark.answers[1].comments == ("count is not the expected number.",)


def test_an_authored_wrong_way_is_told_by_its_message():
    mark = judge_question(QUESTION, taken(total=3, count=6), KEY)
    assert (mark.wrong_answer, mark.comments) == ("swapped", ("Sum and count are exchanged.",))


def test_the_author_decides_what_a_recognised_wrong_answer_gets():
    alternatives = (Alternative("twice", "Counted twice.", numbers(total=12), 0.5),)
    mark = judge_question(
        QUESTION, taken(total=12, count=3), QuestionKey(KEY.right, alternatives, ())
    )
    assert [answer.points for answer in mark.answers] == [1, 1, None]
    assert mark.answers[0].credit == "this wrong answer gets 50% of the points."
    assert answer_comment(mark.answers[0]) == (
        "1 of 2 points: this wrong answer gets 50% of the points. total is not the expected number."
    )


def test_an_author_may_give_less_than_the_kind_of_answer_does():
    question = Question.from_toml(
        'id = "a.b"\ntitle = "T"\npoints = 4\n[answers.x]\nkind = "ids"\nabout = "cells"'
    )
    right, wrong = ({"ids": [str(n) for n in range(1, most)]} for most in (5, 4))
    key = QuestionKey({"x": right}, (Alternative("few", "Too few.", {"x": wrong}),), ())
    answers = {"x": {"state": "there", "payload": wrong}}
    assert judge_question(question, answers, key).points == 3
    strict = QuestionKey({"x": right}, (Alternative("few", "Too few.", {"x": wrong}, 0.0),), ())
    mark = judge_question(question, answers, strict)
    assert (mark.points, mark.answers[0].credit, mark.comments) == (0, "", ("Too few.",))


def test_what_is_right_for_the_students_own_earlier_value_gets_its_points():
    ratio = replace(QUESTION.answer("total"), follows=("count",))
    question = replace(QUESTION, answers=(ratio, *QUESTION.answers[1:]))
    answers = taken(total=10, count=5)
    assert judge_question(question, answers, KEY).points == 0
    mark = judge_question(question, answers, KEY, {"total": {"value": 10}})
    assert [answer.points for answer in mark.answers] == [2, 0, None]
    assert mark.answers[0].credit == (
        "this follows from your own count, so it was judged with your values."
    )
    # What is right by the key stays right, whatever follows from a wrong earlier value.
    mark = judge_question(question, taken(total=6, count=5), KEY, {"total": {"value": 10}})
    assert (mark.answers[0].points, mark.answers[0].credit) == (2, "")


def test_a_way_that_explains_more_is_told_alone():
    payloads = numbers(total=12, count=6)
    assert list(matching_wrong_answers(QUESTION, payloads, KEY)) == ["twice"]
    assert list(matching_wrong_answers(QUESTION, numbers(total=6, count=2), KEY)) == ["zero"]


def test_a_right_answer_is_not_blamed_for_a_way_that_gives_it_too():
    key = QuestionKey(KEY.right, (Alternative("odd", "No.", numbers(total=6, count=5)),), ())
    assert matching_wrong_answers(QUESTION, numbers(total=6, count=3), key) == {}


def test_what_is_absent_is_told_apart():
    answers = {
        "total": {"state": "not started", "payload": None, "why": ""},
        "count": {"state": "failed", "payload": None, "why": "is None; expected a number."},
    }
    mark = judge_question(QUESTION, answers, KEY)
    assert [answer.comments[0] for answer in mark.answers] == [
        "total is not answered yet.",
        "count is None; expected a number.",
        "why is missing: the answer must be in a variable of this name.",
    ]
    assert (mark.points, mark.open) == (0, 0)


def test_forged_records_get_nothing():
    for one in ({}, {"state": "there"}, {"state": "right", "points": 4}, {"state": 7}):
        mark = judge_question(QUESTION, dict.fromkeys(("total", "count", "why"), one), KEY)
        assert (mark.points, mark.open) == (0, 0)


def test_a_whole_exercise_is_judged_in_its_order_and_again_alike():
    exercise = Exercise("tiny", 9, 1, "Tiny", (QUESTION,))
    key = Key("tiny", 0, "sample", {QUESTION.id: KEY})
    answers = {QUESTION.id: taken(total=6, count=3)}
    first = judge(exercise, answers, key)
    again = judge(exercise, json.loads(json.dumps(answers)), Key.from_json(key.to_json()))
    assert first == again
    assert [mark.id for mark in judge(exercise, {}, key)] == ["tiny.sum"]
    assert QuestionMark.from_json(json.loads(json.dumps(first[0].to_json()))) == first[0]
