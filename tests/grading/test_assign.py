"""What students get: it runs, holds no solution, and is the same for the same master."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

import microns_widgets as mw
from microns_widgets.cli import app
from microns_widgets.errors import MasterError
from microns_widgets.grading.authoring.assign import assign, student_notebook
from microns_widgets.grading.authoring.master import read_master
from microns_widgets.grading.exercise.exercise import read_exercise
from microns_widgets.grading.notebook_json import source_of
from microns_widgets.sources.sample.storage import NUMBER
from tests.grading.small_master import replacing, without, write_small_master

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def given(tmp_path_factory) -> Path:
    """A folder with what students get of the small master."""
    folder = tmp_path_factory.mktemp("assigned")
    assign([write_small_master(folder / "solutions")], folder / "exercises")
    return folder


def sources(given: Path) -> dict[str, str]:
    notebook = json.loads((given / "exercises" / "small.ipynb").read_text())
    return {cell["id"]: source_of(cell) for cell in notebook["cells"]}


def test_the_notebook_has_prompts_checks_and_nothing_that_judges(given):
    cells = sources(given)
    assert cells["count-solution"] == (
        "n_outputs = ...  # synapses that your cell makes\n"
        "targets = ...  # whom it contacts\n"
        'print("done")'
    )
    assert cells["check-count"] == 'mw.check("small.count")'
    assert cells["types-written"] == "# At least ten words.\nwhy = ..."
    text = (given / "exercises" / "small.ipynb").read_text()
    for hidden in ("WRONG", "SAME", "SOLUTION", "QUESTION", "CELLS", "guide", "len(outputs)"):
        assert hidden not in text


def test_its_last_cell_says_what_to_hand_in(given):
    name, source = list(sources(given).items())[-1]
    assert name == "hand-in"
    assert source.splitlines()[-1] == 'mw.hand_in("small")'


def test_a_check_that_the_master_has_is_not_made_twice(given):
    text = (given / "exercises" / "small.ipynb").read_text()
    assert text.count("mw.check(") == 2


def test_a_question_is_headed_by_its_number_and_says_what_it_asks_for(given):
    assert sources(given)["types-question"] == (
        "### 7.2 Outputs by type (4 points)\n\n"
        "- `by_type`: One row a type. A table with the columns:\n"
        "  - `cell_type_auto`\n"
        "  - `n_synapses`: synapses\n"
        "- `ax_types`: A bar for each type. A figure.\n"
        "- `why`: What surprises you. In your own words."
    )


def test_outputs_and_what_editors_leave_are_gone(given):
    notebook = json.loads((given / "exercises" / "small.ipynb").read_text())
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    made_for = {"edition": 1, "sample": NUMBER, "releases": ["sample"]}
    assert notebook["metadata"] == {"microns": {"exercise": "small", "number": 7, **made_for}}


@pytest.mark.long
def test_the_same_master_gives_the_same_bytes(given, tmp_path):
    assign([write_small_master(tmp_path / "solutions")], tmp_path)
    assign([write_small_master(tmp_path / "solutions")], tmp_path)
    for name in ("small.ipynb", "small.json"):
        assert (tmp_path / name).read_bytes() == (given / "exercises" / name).read_bytes()


def test_the_public_file_has_expected_values_for_practice_cells_only(given):
    public = json.loads((given / "exercises" / "small.json").read_text())
    assert set(public) == {
        *("exercise", "number", "edition", "sample", "releases", "course", "title"),
        *("questions", "cells", "issued", "practice"),
    }
    for question in public["questions"]:
        assert set(question) == {"id", "number", "title", "points", "answers", "checks"}
    exercise = read_exercise(given / "exercises" / "small.json")
    con = mw.load(quiet=True)
    (practice,), *others = exercise.variants(con)
    assert practice not in {cell for cells in others for cell in cells}
    assert exercise.practice is not None
    known = exercise.practice.answers["small.count"]
    assert known["n_outputs"] == {"value": len(con.outputs(practice))}
    own = {con.outputs(cell)["post_pt_root_id"].nunique() for (cell,) in others}
    assert len(known["targets"]["ids"]) not in own
    assert set(exercise.practice.answers["small.by-type"]) == {"by_type"}


def test_where_students_share_the_practice_cells_no_value_is_public(tmp_path):
    several = replacing("cells", "variants = 5", "share = 0.9\nvariants = 2")
    one = replacing(
        "student",
        'mw.own_cell(con, STUDENT, "small")',
        'int(mw.own_cells(con, STUDENT, "small")[0])',
    )
    assign(
        [write_small_master(tmp_path / "solutions", lambda cells: one(several(cells)))], tmp_path
    )
    assert read_exercise(tmp_path / "small.json").practice is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            [
                replacing("count-partners", "len(targets)", "len(outputs)"),
                replacing("count-same", "set(targets)", "list(targets)[1:]"),
                replacing("count-question", "at_least = 1", "at_least = 1000000"),
                replacing("count-question", "len(targets) <=", "len(targets) >"),
                replacing("count-solution", 'print("done")', "print(n_outputs + 1)"),
            ],
            [
                "small.count: WRONG partners gives the right answers.",
                "SAME lists does not get all points: targets lacks 1 of the expected ids.",
                "its own answers do not pass its checks",
                "expected at least 1e+06 synapses",
                "(count-solution) of their notebook fails: TypeError",
            ],
        ),
        (
            [
                replacing("count-partners", "len(targets)", "len(con.inputs(cell))"),
                replacing("count-question", "len(targets) <=", "len(targets) >"),
                replacing("types-unlabelled", "Say what the bars count.", "Count all of them."),
                replacing("count-solution", 'print("done")', "n_outputs = len(con.outputs(cell))"),
            ],
            [
                "WRONG partners cannot be told apart from WRONG inputs",
                "There are more targets than synapses.",
                "WRONG unlabelled has the same message as another one.",
                "small.count should be `not started`, but its answers are: {'n_outputs': 'there',",
            ],
        ),
        (
            [replacing("count-solution", "len(outputs)", "len(nothing)")],
            ["Cell 7 (count-solution) fails: NameError"],
        ),
        pytest.param(
            [replacing("types-solution", "ax_types = by_type", "ax_types = 3; by_type")],
            ["ax_types is failed. ax_types is an int; expected a figure"],
            marks=pytest.mark.long,
        ),
    ],
    ids=["not right", "not told apart", "fails", "no answer"],
)
def test_a_master_that_does_not_hold_is_refused_and_nothing_is_written(tmp_path, changes, says):
    def change(cells):
        for one in changes:
            cells = one(cells)
        return cells

    with pytest.raises(MasterError) as error:
        assign([write_small_master(tmp_path / "solutions", change)], tmp_path / "exercises")
    for one in [*says, "Nothing was written."]:
        assert one in str(error.value)
    assert not (tmp_path / "exercises").exists()


@pytest.mark.long
def test_two_exercises_with_one_number_are_refused(tmp_path):
    other = write_small_master(tmp_path / "a").read_text().replace("small", "other")
    (tmp_path / "a" / "other.ipynb").write_text(other)
    masters = sorted((tmp_path / "a").glob("*.ipynb"))
    with pytest.raises(MasterError, match="both have the number 7"):
        assign(masters, tmp_path / "exercises")


def test_cells_that_were_given_out_stay_until_the_edition_is_raised(given, tmp_path):
    before = read_exercise(given / "exercises" / "small.json")
    (tmp_path / "small.json").write_text((given / "exercises" / "small.json").read_text())
    wider = replacing("cells", '"axon_fully_extended"', "true")
    with pytest.raises(MasterError, match=r"raise the edition .* from 1 to 2"):
        assign([write_small_master(tmp_path / "solutions", wider)], tmp_path)
    assign([write_small_master(tmp_path / "solutions", wider, edition=2)], tmp_path)
    after = read_exercise(tmp_path / "small.json")
    assert after.issued != before.issued


def test_cells_of_another_sample_are_not_given_out_under_the_same_edition(given, tmp_path):
    public = json.loads((given / "exercises" / "small.json").read_text())
    assert (public["sample"], public["releases"]) == (NUMBER, ["sample"])
    (tmp_path / "small.json").write_text(json.dumps(public | {"sample": NUMBER + 1}))
    with pytest.raises(MasterError, match=r"sample has changed .* from 1 to 2"):
        assign([write_small_master(tmp_path / "solutions")], tmp_path)


@pytest.mark.long
def test_cells_that_were_given_out_stay_although_the_rule_would_give_others(given, tmp_path):
    public = json.loads((given / "exercises" / "small.json").read_text())
    (source,) = public["issued"]
    public["issued"][source] = public["issued"][source][::-1]
    (tmp_path / "small.json").write_text(json.dumps(public))
    assign([write_small_master(tmp_path / "solutions")], tmp_path)
    con = mw.load(quiet=True)
    kept = read_exercise(tmp_path / "small.json").variants(con)
    assert kept == [tuple(map(int, cells)) for cells in public["issued"][source]]


def test_every_id_of_a_cell_stays(given):
    master = read_master(given / "solutions" / "small.ipynb")
    made = [cell["id"] for cell in student_notebook(master, master.exercise.provenance)["cells"]]
    assert len(set(made)) == len(made)
    assert {"title", "data", "student", "count-question", "types-solution"} <= set(made)


def test_the_command_makes_notebooks_and_an_archive_for_gradescope(tmp_path):
    write_small_master(tmp_path / "solutions")
    words = ["assign", tmp_path / "solutions", "--out", tmp_path / "exercises"]
    words += ["--gradescope", tmp_path / "upload", "--private", tmp_path / "class"]
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    said = result.stdout.replace("\n", "")
    most = len(mw.load(quiet=True).select(proofread="axon_fully_extended")) - 1
    assert f"2 questions, 7 points. 5 variants (at most {most:,} with a cell of their" in said
    assert (tmp_path / "class" / "exercises" / "small.json").read_bytes() == (
        tmp_path / "exercises" / "small.json"
    ).read_bytes()
    with zipfile.ZipFile(tmp_path / "upload" / "small-gradescope.zip") as archive:
        names = archive.namelist()
        assert {"setup.sh", "run_autograder", "solutions/small.ipynb"} <= set(names)
        assert archive.getinfo("run_autograder").external_attr >> 16 & 0o111 == 0o111
        assert archive.read("run_autograder").startswith(b"#!/usr/bin/env bash\n")


def test_the_command_says_what_is_wrong(tmp_path):
    write_small_master(tmp_path / "solutions", without("count-first"))
    result = CliRunner().invoke(app, ["assign", str(tmp_path / "solutions")])
    assert result.exit_code == 1
    assert "2 `# WRONG` cells" in result.stderr
    assert "Traceback" not in result.output
    assert CliRunner().invoke(app, ["assign", str(tmp_path / "upload")]).exit_code == 1
