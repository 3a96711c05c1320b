"""The same student gets the same cells, and types take turns."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

import microns_widgets as mw
from microns_widgets.errors import (
    InvalidArgument,
    InvalidType,
    MasterError,
    UnknownCell,
    UnknownQuestion,
)
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.provenance import Provenance
from microns_widgets.grading.exercise.variants import CellsRule, as_text, make_variants
from microns_widgets.sources.sample.storage import NUMBER

RULE = CellsRule({"proofread": "axon_fully_extended", "coarse_type": "E"}, at_least_outputs=150)
ONE = Exercise("one", 11, 1, "One", (), cells=RULE)
MANY = Exercise(
    "many", 12, 1, "Many", (), cells=CellsRule({"proofread": True, "coarse_type": "I"}, share=0.5)
)


@pytest.fixture(autouse=True)
def beside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for exercise in (ONE, MANY):
        (tmp_path / f"{exercise.name}.json").write_text(json.dumps(exercise.to_json(), indent=1))
    return tmp_path


def test_spaces_and_capitals_of_an_id_do_not_matter(sample):
    first = mw.own_cell(sample, "Ada@Uni.edu", "one")
    assert mw.own_cell(sample, " ada@uni.edu\n", "one") == first
    assert mw.own_cell(sample, "ada@uni.edu", "11") == first


@pytest.mark.slow
def test_without_an_id_there_is_a_cell_for_practice_that_no_student_has(sample):
    practice = mw.own_cell(sample, "", "one")
    assert practice not in [mw.own_cell(sample, f"student-{n}", "one") for n in range(60)]


def test_a_number_without_quotation_marks_is_the_same_student(sample):
    assert mw.own_cell(sample, 4711, "one") == mw.own_cell(sample, "4711", "one")


def test_another_edition_or_course_gives_other_cells(sample):
    students = [f"student-{number}" for number in range(40)]
    for other in (replace(ONE, edition=2), replace(ONE, course="elsewhere")):
        assert [ONE.variant(one) for one in students] != [other.variant(one) for one in students]
    assert ONE.variants(sample) != replace(ONE, edition=2).variants(sample)


def test_types_take_turns(sample):
    variants = make_variants(RULE, sample, "one", 1)
    assert len(variants) == 21
    types = [sample.labels(list(cells))[0] for cells in variants]
    kinds = sorted(set(types))
    assert types[: len(kinds)] == kinds


def test_every_cell_meets_the_rule(sample):
    degrees = sample.degrees()
    for (cell,) in make_variants(replace(RULE, at_most_outputs=400), sample, "one", 1):
        assert 150 <= degrees.loc[cell, "n_outputs"] <= 400
        assert sample.cell(cell)["proofreading_strategy"] == "axon_fully_extended"


def test_where_cells_are_few_some_are_given_twice(sample):
    few = replace(RULE, select={"proofread": "axon_fully_extended", "cell_type": "MC"})
    variants = make_variants(few, sample, "one", 1)
    assert len(variants) == 21
    assert len(set(variants)) == len(few.eligible(sample))


def test_several_cells_keep_the_proportions_of_types(sample):
    cells = mw.own_cells(sample, "ada", "many")
    of_all = sample.labels(sample.select(proofread=True, coarse_type="I")).tolist()
    of_these = sample.labels(cells).tolist()
    for name in set(of_all):
        assert of_these.count(name) == -(-of_all.count(name) // 2)
    assert cells.tolist() != mw.own_cells(sample, "", "many").tolist()


def test_a_fixed_number_of_cells_is_balanced_over_types(sample):
    rule = CellsRule({"proofread": True, "coarse_type": "I"}, each=12)
    for cells in make_variants(rule, sample, "many", 1):
        types = sample.labels(list(cells)).tolist()
        assert {types.count(name) for name in set(types)} == {3}


def test_several_cells_are_not_taken_for_one(sample):
    with pytest.raises(InvalidArgument, match=r"own_cells\(con, 'ada', 'many'\)"):
        mw.own_cell(sample, "ada", "many")


@pytest.mark.parametrize("function", ["own_cell", "own_cells"])
def test_a_call_in_the_former_order_is_answered_with_the_right_one(sample, function):
    call = getattr(mw, function)
    with pytest.raises(InvalidType, match=rf"{function}\(con, 'ada', 'one'\)"):
        call("ada", "one", sample)
    with pytest.raises(InvalidType, match="str as its first argument, expected the Connectome"):
        call("ada", sample, "one")


def test_cells_given_out_count_more_than_the_rule(beside, sample):
    given = as_text([(one,) for one in sample.select(cell_type="NGC", proofread=True)[:3]] * 7)
    public = replace(ONE, issued={sample.source: given}).to_json()
    (beside / "one.json").write_text(json.dumps(public, indent=1))
    assert sample.cell(mw.own_cell(sample, "ada", "one"))["cell_type_auto"] == "NGC"


def test_an_exercise_for_another_sample_gives_out_no_cells(beside, sample):
    public = replace(ONE, provenance=Provenance(1, NUMBER + 1, ("sample",))).to_json()
    (beside / "one.json").write_text(json.dumps(public, indent=1))
    with pytest.raises(InvalidArgument, match=f"was made for sample {NUMBER + 1}"):
        mw.own_cell(sample, "ada", "one")


def test_a_cell_that_is_not_in_this_data_is_told(beside, sample):
    public = replace(ONE, issued={sample.source: [["5"]] * 21}).to_json()
    (beside / "one.json").write_text(json.dumps(public, indent=1))
    with pytest.raises(UnknownCell, match="which is not in this data"):
        mw.own_cell(sample, "ada", "one")


def test_a_rule_that_no_cell_meets_is_told_to_the_author(sample):
    with pytest.raises(MasterError, match="0 cells of this dataset meet the conditions"):
        make_variants(replace(RULE, at_least_outputs=10**6), sample, "one", 1)


def test_an_unknown_exercise_is_told(sample):
    with pytest.raises(UnknownQuestion, match="There is no exercise 'two'"):
        mw.own_cell(sample, "ada", "two")


def test_an_exercise_without_own_cells_has_one_variant(sample):
    plain = Exercise("plain", 13, 1, "Plain", ())
    assert plain.variant("ada") == 0
    with pytest.raises(MasterError, match="gives out no cells"):
        plain.variants(sample)
