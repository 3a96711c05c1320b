"""The questions of all chapters: each has its right answer, and every other one tells something."""

from __future__ import annotations

import ast
import json
from collections import Counter
from pathlib import Path

import pytest

import microns_widgets as mw
from tests.notebooks.execution import COURSE
from tools.lint_notebooks.notebook import read

CHAPTERS = sorted(COURSE.glob("*.ipynb"))


def questions(chapter: Path, con: mw.Connectome) -> list[mw.SelfCheck]:
    """Return the questions of a chapter, made by its own code."""
    made = []
    for cell in read(chapter).code:
        if cell.is_self_check:
            code = compile(ast.Expression(cell.tree.body[-1].value), cell.id, "eval")
            made.append(eval(code, {"mw": mw, "con": con}))
    return made


@pytest.fixture(scope="module")
def choices(sample) -> list[list[dict[str, object]]]:
    """The options of all questions of the course with a single right one."""
    return [
        question.options
        for chapter in CHAPTERS
        for question in questions(chapter, sample)
        if question.options and not question.several
    ]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_question_has_its_right_answer_and_each_wrong_one_tells_its_own(chapter, sample) -> None:
    asked = questions(chapter, sample)
    assert len(asked) >= 3
    for question in asked:
        assert question.because
        if question.number:
            tells = [tells for _, tells in question.number["wrong"]]
        else:
            right = [option for option in question.options if option["right"]]
            assert question.several or len(right) == 1
            tells = [option["tells"] for option in question.options if not option["right"]]
        assert tells
        assert all(len(text.split()) > 5 for text in tells)
        assert len(set(tells)) == len(tells)
    names = [question.name for question in asked]
    assert len(set(names)) == len(names)


def test_neither_its_place_nor_its_length_gives_the_right_option_away(choices) -> None:
    places = Counter([option["right"] for option in options].index(True) for options in choices)
    assert max(places.values()) < 0.5 * len(choices)
    assert min(places[place] for place in range(3)) > 0.15 * len(choices)
    longest = sum(max(options, key=lambda one: len(one["text"]))["right"] for options in choices)
    assert longest < 0.4 * len(choices)


def test_no_question_offers_all_or_none_of_the_above(choices) -> None:
    text = json.dumps(choices).casefold()
    assert "of the above" not in text
