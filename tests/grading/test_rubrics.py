"""Answers that are judged by form or by a person, and rubrics of masters for whoever marks."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from grading.graded_class import sums, work
from grading.reviewed_class import PLACES

from microns_widgets.errors import MasterError
from microns_widgets.grading.authoring.wording import heading
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.kinds import capture_answer, judge_answer
from microns_widgets.grading.report.marking import marking_page
from microns_widgets.grading.review.rubric import HandState, Item, Rubric
from microns_widgets.grading.review.store import RUBRICS, Store
from microns_widgets.grading.student.check import check_answers

OPEN = """
id = "own.result"
title = "Report it"
points = 4
[answers.n_random]
kind = "number"
judged = "form"
about = "number of random networks"
at_least = 99
points = 1
[answers.ax]
kind = "figure"
judged = "person"
marks = "any"
about = "your figure"
points = 1
[answers.limit]
kind = "written"
about = "one limit"
at_least_words = 3
points = 2
[[answers.limit.rubric]]
points = 2
about = "a limit and its consequence"
[[answers.limit.rubric]]
points = 0.5
about = "a limit"
[[answers.limit.rubric]]
points = 0
about = "none"
"""
QUESTION = Question.from_toml(OPEN, "3.1")
LEVELS = Rubric.of(QUESTION.answer("limit").rubric)
WHY = ("sums", "why")
ADA = ("ada", *WHY)


def judged(name: str, value: object):
    answer = QUESTION.answer(name)
    capture = json.loads(json.dumps(capture_answer({name: value}, answer).payload))
    return judge_answer(capture, None, answer)


def test_what_students_get_has_the_levels_and_gives_the_question_back():
    public = json.loads(json.dumps(QUESTION.to_public()))
    assert Question.from_table(public, "3.1") == QUESTION
    assert [one["points"] for one in public["answers"]["limit"]["rubric"]] == [2, 0.5, 0]
    assert "judged" not in public["answers"]["limit"]


def test_the_heading_lists_the_levels_below_their_answer():
    *_, limit = heading(QUESTION).partition("- `limit`")
    assert limit.splitlines()[1:] == [
        "  - 2 points: a limit and its consequence",
        "  - 0.5 points: a limit",
        "  - 0 points: none",
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("points = 0.5", "points = 2", "expected fewer from level to level"),
        ('points = 2\nabout = "a limit and', 'points = 3\nabout = "a limit and', "all 2 points"),
        ("points = 0\n", "points = -1\n", "expected fewer from level to level"),
        ("points = 0\n", "point = 0\n", "a level of the rubric has no option 'point'"),
        ('judged = "form"', 'judged = "eye"', "judged is 'eye', expected one of 'key', 'form'"),
        ('kind = "written"', 'kind = "written"\njudged = "form"', "expected one of 'person'"),
        ('kind = "written"', 'kind = "text"', 'which only judged = "person" uses'),
        ('judged = "form"', 'judged = "form"\nfollows = ["limit"]', "is not compared with the key"),
    ],
)
def test_a_rubric_or_a_judge_that_makes_no_sense_is_refused(old, new, says):
    text = OPEN.replace("at_least_words = 3\n", "") if '"text"' in new else OPEN
    assert old in text
    with pytest.raises(MasterError) as error:
        Question.from_toml(text.replace(old, new))
    assert says in str(error.value)


def test_an_answer_judged_by_form_gets_its_points_if_it_passes_its_practice_check():
    assert judged("n_random", 99).share == judged("n_random", 1000).share == 1
    few = judged("n_random", 20)
    assert (few.share, few.complaints) == (0, ("is 20, expected at least 99.",))
    assert judge_answer({"forged": 1}, None, QUESTION.answer("n_random")).share == 0


def test_a_figure_of_any_marks_is_left_to_a_person_with_what_it_lacks():
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, 4)
    for ax in axes:
        assert judged("ax", ax).complaints == (
            "shows no points, bars or lines.",
            "is marked by a person.",
        )
    axes[0].plot([1, 2], [3, 4])
    axes[1].scatter([1, 2], [3, 4])
    axes[2].bar([1, 2], [3, 4])
    axes[3].imshow([[1, 2], [3, 4]])
    for ax in (*axes, figure):
        assert (judged("ax", ax).share, judged("ax", ax).complaints) == (
            *(None,),
            ("is marked by a person.",),
        )
    assert judge_answer({"axes": "forged"}, None, QUESTION.answer("ax")).share == 0


def test_check_says_what_is_judged_how():
    from matplotlib import pyplot as plt

    _, ax = plt.subplots()
    ax.plot([1, 2])
    values = {"n_random": 99, "ax": ax, "limit": "Axons are unfinished."}
    result = check_answers(QUESTION, values)
    assert result.state == "the form is right"
    assert result.lines[-1].endswith(
        "2 answers are marked by a person, and 1 answer is judged by form alone."
    )
    alone = replace(QUESTION, answers=(QUESTION.answer("n_random"),))
    assert check_answers(alone, values).lines[-1].startswith("All answers have the right form")


def test_of_two_levels_only_the_last_one_applies_and_other_items_stay():
    state = HandState(("own",)).patched({"item": "level-0", "on": True})
    state = state.patched({"item": "level-2", "on": True})
    assert state.items == ("own", "level-2")
    assert state.patched({"item": "level-2", "on": False}).items == ("own",)


def test_the_levels_are_there_before_anybody_has_changed_a_rubric(tmp_path):
    store = Store(tmp_path, PLACES, {WHY: LEVELS})
    assert store.rubrics == {WHY: LEVELS}
    store.change("1", "Tina", ADA, {"item": "level-0", "on": True})
    store.change("2", "Tina", ADA, {"item": "level-1", "on": True})
    assert store.mark(ADA) == (0.5, "a limit")
    assert not (tmp_path / RUBRICS).exists()


def test_a_teachers_rubric_replaces_the_masters_and_stays_when_it_is_empty(tmp_path):
    store = Store(tmp_path, PLACES, {WHY: LEVELS})
    store.change("1", "Tina", ADA, {"item": "level-1", "on": True})
    kinder = Rubric((LEVELS.items[0], Item("level-1", 1.0, "a limit")))
    store.change_rubric("2", "Tina", WHY, kinder)
    assert store.mark(ADA) == (1, "a limit")
    assert Store(tmp_path, PLACES, {WHY: LEVELS}).rubrics == {WHY: kinder}
    store.change_rubric("3", "Tina", WHY, Rubric())
    assert Store(tmp_path, PLACES, {WHY: LEVELS}).rubrics == {WHY: Rubric()}
    store.undo("4", "Tina")
    store.undo("5", "Tina")
    assert Store(tmp_path, PLACES, {WHY: LEVELS}).rubrics == {WHY: LEVELS}


def test_the_marking_page_lists_the_levels_and_figures_too(tmp_path):
    exercise = replace(sums(tmp_path), questions=(QUESTION,))
    ada = work(exercise, "Ada", {"n_random": 1.0, "ax": None, "limit": None})
    page = marking_page([ada], {"sums": exercise})
    assert "<br>0.5: a limit<br>" in page
    assert 'data-answer="ax"' in page
    assert 'data-answer="n_random"' not in page


@pytest.mark.parametrize(
    ("rubric", "says"),
    [
        ("3", 'its rubric is 3, expected a list of levels.*points = 2, about = "..."'),
        ("'all'", "its rubric is 'all', expected a list of levels"),
        ("{ points = 2 }", "expected a list of levels"),
        ("[2, 1]", "a level of the rubric is 2, expected a table"),
        ("[{ points = nan, about = 'a' }]", "points is nan, expected a number"),
        ("[{ points = 2, about = ' ' }]", "lacks 'about'"),
    ],
)
def test_a_rubric_of_another_form_is_refused_with_the_form_it_needs(rubric, says):
    text = (
        'id = "a.b"\ntitle = "t"\npoints = 2\n[answers.why]\nkind = "written"\nabout = "why"\n'
        f"rubric = {rubric}\n"
    )
    with pytest.raises(MasterError, match=says):
        Question.from_toml(text)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("why = 3", "why is 3, expected a table"),
        ('why = { kind = "written", about = "a", points = "2" }', "why has '2' points"),
        ('why = { kind = "written", about = "a", points = nan }', "why has nan points"),
        (
            'why = { kind = "written", about = "a", points = -1 }\n'
            'how = { kind = "written", about = "a", points = 3 }',
            "why has -1 points, expected a number from 0 on",
        ),
    ],
)
def test_an_answer_of_another_form_is_refused(answer, says):
    with pytest.raises(MasterError, match=says):
        Question.from_toml(f'id = "a.b"\ntitle = "t"\npoints = 2\n[answers]\n{answer}\n')
