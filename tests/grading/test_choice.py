"""A choice by hand is kept beside the notebook and in it, and found again without a person."""

from __future__ import annotations

import json

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

import microns_widgets as mw
from microns_widgets.errors import UnknownQuestion, WriteError
from microns_widgets.grading.choices import MIME, choices_in, read_choices
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.question import Question
from microns_widgets.grading.kinds import capture_answer
from microns_widgets.grading.student import own_cells

ASKED = {
    "hand.cell": 'kind = "choice"\nwhat = "cell"\naccepts = "good"',
    "hand.pair": 'kind = "choice"\nwhat = "pair"\naccepts = "good"',
    "hand.cells": 'kind = "choice"\nwhat = "cells"\naccepts = "good"',
    "hand.own": 'kind = "choice"\nwhat = "cell"\naccepts = "good"\nown = true',
    "hand.own-pair": 'kind = "choice"\nwhat = "pair"\naccepts = "good"\nown = true',
    "hand.number": 'kind = "number"',
}
QUESTIONS = {
    name: Question.from_toml(
        f'id = "{name}"\ntitle = "Choose"\npoints = 1\n[answers.mine]\nabout = "it"\n{text}',
        f"14.{place}",
    )
    for place, (name, text) in enumerate(ASKED.items(), 1)
}


@pytest.fixture(autouse=True)
def beside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    public = Exercise("hand", 14, 1, "By hand", tuple(QUESTIONS.values()))
    (tmp_path / "hand.json").write_text(json.dumps(public.to_json(), indent=1))
    # Outputs are published by a shell, as in a kernel.
    InteractiveShell.instance()
    yield tmp_path
    InteractiveShell.clear_instance()


@pytest.fixture
def ids(sample) -> list[int]:
    return [int(one) for one in sample.select(cell_type="MC", proofread=True)[:3]]


def kept(beside) -> dict:
    return json.loads((beside / "choices.json").read_text())


def payload(choice, question: str):
    return capture_answer({"mine": choice}, QUESTIONS[question].answers[0])


def test_what_is_clicked_is_kept_beside_the_notebook(beside, sample, ids):
    picker = mw.CellPicker(sample)
    choice = mw.choice("hand.cell", picker)
    assert payload(choice, "hand.cell").state == "not started"
    picker.value = ids[0]
    picker.value = ids[1]
    assert choice.ids == (ids[1],)
    assert kept(beside) == {"hand.cell": [str(ids[1])]}
    assert payload(choice, "hand.cell").payload == {"ids": [str(ids[1])]}


def test_it_is_found_again_when_nobody_is_there(beside, sample, ids):
    picker = mw.CellPicker(sample)
    mw.choice("hand.cell", picker)
    picker.value = ids[0]
    again = mw.CellPicker(sample)
    assert mw.choice("14.1", again).ids == (ids[0],)
    assert again.value == ids[0]


def test_a_pair_is_chosen_in_the_matrix_and_several_cells_in_the_table(beside, sample, ids):
    page = mw.MatrixExplorer(sample, ids)
    pair = mw.choice("hand.pair", page)
    page.pair = (ids[0], ids[2])
    picker = mw.CellPicker(sample)
    several = mw.choice("hand.cells", picker)
    picker.selected = ids
    assert pair.ids == (ids[0], ids[2])
    assert several.ids == tuple(ids)
    assert set(kept(beside)) == {"hand.pair", "hand.cells"}
    assert mw.choice("hand.pair", mw.MatrixExplorer(sample, ids)).ids == (ids[0], ids[2])
    assert mw.choice("hand.cells", mw.CellPicker(sample)).ids == tuple(ids)


def test_a_cell_can_be_chosen_in_each_widget(sample, ids):
    assert mw.choice("hand.cell", mw.SkeletonViewer(sample, ids[0])).ids == (ids[0],)
    explorer = mw.MatrixExplorer(sample, ids)
    choice = mw.choice("hand.cell", explorer)
    explorer.cell = ids[1]
    assert choice.ids == (ids[1],)


def test_a_pair_is_chosen_in_the_matrix_of_a_layout(sample, ids):
    page = mw.Explorer(sample)
    pair = mw.choice("hand.pair", page)
    assert pair.ids == ()
    [matrix] = [one for one in page.widgets if isinstance(one, mw.MatrixExplorer)]
    matrix.pair = (ids[0], ids[2])
    assert pair.ids == (ids[0], ids[2])


def test_what_a_layout_shows_at_first_is_nobodys_choice(sample, ids):
    page = mw.Explorer(sample)
    choice = mw.choice("hand.cell", page)
    assert page.picker.value is not None
    assert choice.ids == ()
    page.picker.value = ids[1]
    assert choice.ids == (ids[1],)


def test_a_choice_that_is_taken_back_is_not_kept(beside, sample, ids):
    picker = mw.CellPicker(sample, value=ids[0])
    mw.choice("hand.cell", picker)
    assert kept(beside) == {"hand.cell": [str(ids[0])]}
    picker.value = None
    assert kept(beside) == {}


def test_the_cells_output_carries_it_and_follows(sample, ids):
    picker = mw.CellPicker(sample)
    with capture_output() as shown:
        mw.choice("hand.cell", picker)
        picker.value = ids[0]
    first, last = (output.data for output in shown.outputs)
    assert first[MIME] == {"question": "hand.cell", "ids": []}
    assert last[MIME] == {"question": "hand.cell", "ids": [str(ids[0])]}
    assert "nothing is chosen yet" in first["text/plain"]
    assert shown.outputs[1].update
    assert "Save the notebook" in last["text/plain"]


def test_a_folder_that_cannot_be_written_is_told_and_the_notebook_still_carries_it(
    beside, sample, ids
):
    (beside / "choices.json").mkdir()
    picker = mw.CellPicker(sample)
    with capture_output() as shown:
        choice = mw.choice("hand.cell", picker)
        picker.value = ids[0]
    assert choice.ids == (ids[0],)
    assert "choices.json could not be written" in shown.outputs[-1].data["text/plain"]


def test_a_failed_write_is_not_told_of_a_later_choice_that_the_file_has(
    beside, sample, ids, monkeypatch
):
    picker = mw.CellPicker(sample, value=ids[0])
    choice = mw.choice("hand.cell", picker)

    def fails(*_args):
        raise WriteError("no space", "the disk is full")

    with monkeypatch.context() as full, capture_output() as shown:
        full.setattr("microns_widgets.grading.student.choice.write_text", fails)
        picker.value = ids[1]
    assert "could not be written" in shown.outputs[-1].data["text/plain"]
    with capture_output() as shown:
        picker.value = ids[0]
    assert choice.ids == (ids[0],)
    assert kept(beside) == {"hand.cell": [str(ids[0])]}
    assert "could not be written" not in shown.outputs[-1].data["text/plain"]


def test_a_viewer_that_shows_more_than_the_cell_is_no_other_choice(sample, ids, issue):
    issue(ids[:1], ids[:1])
    viewer = mw.SkeletonViewer(sample, ids[0])
    choice = mw.choice("hand.own", viewer)
    viewer.cells = (ids[0], ids[1])
    assert choice.ids == (ids[0],)
    assert NOT_YOURS not in repr(choice)


def test_a_widget_in_which_it_cannot_be_chosen_is_refused(sample):
    with pytest.raises(TypeError, match="MatrixExplorer or Explorer"):
        mw.choice("hand.pair", mw.CellPicker(sample))


def test_a_question_that_asks_for_none_is_refused(sample):
    with pytest.raises(UnknownQuestion, match="does not ask for a choice"):
        mw.choice("hand.number", mw.CellPicker(sample))


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 3}', '{"a": ["x"]}', '{"a": [5]}'])
def test_a_damaged_file_of_choices_holds_nothing(tmp_path, text):
    (tmp_path / "choices.json").write_text(text)
    assert not any(read_choices(tmp_path / "choices.json").values())


def test_choices_are_read_out_of_a_saved_notebook_whatever_else_it_holds():
    def cell(*bundles: object) -> dict:
        return {"outputs": [{"data": bundle} for bundle in bundles]}

    good = {MIME: {"question": "a", "ids": ["1", "2"]}}
    cells = [
        {"cell_type": "markdown"},
        {"outputs": "none"},
        cell(3, None, {MIME: 5}, {MIME: {"question": 1, "ids": []}}),
        cell({MIME: {"question": "b", "ids": ["1; rm"]}}),
        cell({MIME: {"question": "c", "ids": ["1"] * 5000}}),
        cell({MIME: {"question": "a", "ids": ["7"]}}, good),
    ]
    assert choices_in(cells) == {"a": ["1", "2"]}


def test_a_pair_is_kept_when_another_cell_is_looked_at(beside, sample, ids):
    page = mw.Explorer(sample)
    pair = mw.choice("hand.pair", page)
    page.matrix.pair = (ids[0], ids[2])
    page.picker.value = ids[1]
    assert page.matrix.pair is None
    assert pair.ids == (ids[0], ids[2])
    assert kept(beside)["hand.pair"] == [str(ids[0]), str(ids[2])]


NOT_YOURS = "This cell is not one of yours, so it would not count. Choose a row of your list."


@pytest.fixture
def issue(monkeypatch):
    """Return a function that gives out cells, as `mw.own_cells` does."""

    def give(own: list[int], practice: list[int]) -> None:
        issued = own_cells.Issued(frozenset(own), frozenset(practice))
        monkeypatch.setitem(own_cells.issued, "hand", issued)

    return give


def test_a_look_at_another_cell_than_ones_own_does_not_replace_the_answer(
    beside, sample, ids, issue
):
    issue(ids[:2], [])
    picker = mw.CellPicker(sample)
    with capture_output() as shown:
        choice = mw.choice("hand.own", picker)
        picker.value = ids[2]
        assert choice.ids == ()
        assert repr(choice) == f"hand.own: {NOT_YOURS} Nothing is chosen yet."
        picker.value = ids[0]
        picker.value = ids[2]
    assert choice.ids == (ids[0],)
    assert kept(beside) == {"hand.own": [str(ids[0])]}
    last = shown.outputs[-1].data
    assert last["text/plain"] == (
        f"hand.own: {NOT_YOURS} Still chosen: {ids[0]}. Save the notebook."
    )
    assert f"<strong>{NOT_YOURS}</strong>" in last["text/html"]
    assert last[MIME]["ids"] == [str(ids[0])]
    picker.value = ids[1]
    assert repr(choice) == f"hand.own: chosen {ids[1]}. Save the notebook."


def test_a_pair_with_another_cell_than_ones_own_is_not_recorded(beside, sample, ids, issue):
    issue(ids[:2], [])
    page = mw.MatrixExplorer(sample, ids)
    pair = mw.choice("hand.own-pair", page)
    page.pair = (ids[0], ids[1])
    page.pair = (ids[0], ids[2])
    assert pair.ids == (ids[0], ids[1])
    assert "Not all of these cells are yours" in repr(pair)
    assert kept(beside) == {"hand.own-pair": [str(ids[0]), str(ids[1])]}


def test_a_choice_among_the_practice_cells_is_asked_for_again(beside, sample, ids, issue):
    issue(ids[:1], ids[:1])
    mw.choice("hand.own", mw.CellPicker(sample, value=ids[0]))
    issue(ids[1:2], ids[:1])
    picker = mw.CellPicker(sample)
    choice = mw.choice("hand.own", picker)
    assert choice.ids == ()
    assert picker.value is None
    assert repr(choice) == (
        f"hand.own: {ids[0]} was chosen for the practice cells: choose again. "
        "Nothing is chosen yet."
    )
    assert kept(beside) == {}
    picker.value = ids[1]
    assert kept(beside) == {"hand.own": [str(ids[1])]}


def test_a_choice_among_the_cells_of_another_id_is_asked_for_again(beside, sample, ids, issue):
    mw.choice("hand.own", mw.CellPicker(sample, value=ids[0]))
    issue(ids[1:2], ids[2:])
    picker = mw.CellPicker(sample)
    again = mw.choice("hand.own", picker)
    assert again.ids == ()
    assert (
        f"{ids[0]} was chosen among cells of another id: correct STUDENT, or choose again."
        in repr(again)
    )
    # With the right id it counts again.
    assert kept(beside) == {"hand.own": [str(ids[0])]}
    picker.value = ids[1]
    assert kept(beside) == {"hand.own": [str(ids[1])]}


def test_a_practice_choice_that_is_also_an_own_cell_stays(sample, ids, issue):
    issue(ids[:2], ids[:2])
    mw.choice("hand.own", mw.CellPicker(sample, value=ids[1]))
    issue(ids[1:], ids[:2])
    assert mw.choice("hand.own", mw.CellPicker(sample)).ids == (ids[1],)


def test_the_cells_given_out_last_decide_even_for_a_choice_that_was_not_run_again(
    beside, sample, ids, issue
):
    issue(ids[:1], ids[:1])
    picker = mw.CellPicker(sample)
    choice = mw.choice("hand.own", picker)
    picker.value = ids[0]
    issue(ids[1:2], ids[:1])
    picker.value = ids[2]
    assert choice.ids == ()
    assert kept(beside) == {}
