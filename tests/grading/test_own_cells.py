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
from microns_widgets.grading.authoring.assign import give_out
from microns_widgets.grading.exercise.exercise import Exercise
from microns_widgets.grading.exercise.provenance import Provenance
from microns_widgets.grading.exercise.variants import CellsRule, as_text, make_variants
from microns_widgets.grading.kinds.answer import read_dataclass
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


def test_an_empty_id_is_told_directly_and_an_id_is_not(sample, capsys):
    mw.own_cell(sample, " ", "one")
    mw.own_cells(sample, "", "many")
    line = "No id yet: these are practice cells, which do not count. Put your id in STUDENT above."
    assert capsys.readouterr().out.splitlines() == [line, line]
    mw.own_cell(sample, "ada", "one")
    assert capsys.readouterr().out == ""


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


ALL = replace(RULE, variants="all")


def test_all_gives_each_cell_that_meets_the_rule_to_somebody(tmp_path, sample):
    exercise = replace(ONE, cells=ALL)
    made = give_out(exercise, tmp_path / "none.json", ["sample"])
    number = len(RULE.eligible(sample)) - 1
    assert made.cells == replace(RULE, variants=number)
    variants = made.variants(sample)
    assert len(variants) == len(set(variants)) == number + 1
    assert {made.variant(f"student-{n}") for n in range(2_000)} == set(range(1, number + 1))


def test_a_number_of_variants_that_was_given_out_stays(tmp_path):
    earlier = tmp_path / "one.json"
    made = give_out(replace(ONE, cells=ALL), tmp_path / "none.json", ["sample"])
    fewer = replace(
        made,
        cells=replace(RULE, variants=7),
        issued={source: cells[:8] for source, cells in made.issued.items()},
    )
    earlier.write_text(json.dumps(fewer.to_json(), indent=1))
    again = give_out(replace(ONE, cells=ALL), earlier, ["sample"])
    assert again.cells.variants == 7
    assert again.issued == fewer.issued
    next_edition = give_out(replace(ONE, cells=ALL, edition=2), earlier, ["sample"])
    assert next_edition.cells == made.cells


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (CellsRule({"proofread": True}, share=0.5, variants="all"), 'one: variants = "all" is'),
        (CellsRule({"proofread": True}, each=3, variants="all"), "possible only with one cell"),
        (replace(ALL, at_least_outputs=10**6), "selects 0 cells of this dataset, expected at leas"),
    ],
)
def test_all_needs_one_cell_each_and_enough_of_them(tmp_path, rule, says):
    with pytest.raises(MasterError, match=says):
        give_out(replace(ONE, cells=rule), tmp_path / "none.json", ["sample"])


def test_a_master_alone_does_not_know_how_many_all_are():
    with pytest.raises(MasterError, match="run `microns assign`"):
        replace(ONE, cells=ALL).variant("ada")


@pytest.mark.parametrize(
    ("variants", "says"), [("some", "expected a whole number"), (2.5, "whole")]
)
def test_variants_are_a_number_or_all(variants, says):
    assert read_dataclass(CellsRule, {"variants": "all"}, "CELLS").variants == "all"
    assert read_dataclass(CellsRule, {"variants": 30}, "CELLS").number == 30
    with pytest.raises(MasterError, match=says):
        read_dataclass(CellsRule, {"variants": variants}, "CELLS")
