"""A master that has changed since its exercise was made is noticed before anything is graded."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from grading.small_course import write_master

from microns_widgets.errors import MasterError
from microns_widgets.grading.authoring.drift import check_unchanged
from microns_widgets.grading.authoring.master import read_master
from microns_widgets.grading.exercise.exercise import Exercise, read_exercise
from microns_widgets.grading.grade import Options, grade

ROOT = Path(__file__).parents[2]


@pytest.fixture
def changed(tmp_path):
    """Return a function that replaces text in the master, and checks it against the exercise."""
    path = write_master(tmp_path / "solutions")
    public = tmp_path / "exercises" / "sums.json"
    public.parent.mkdir()
    before = read_master(path).exercise
    public.write_text(json.dumps(before.to_json()))

    def check(old: str = "", new: str = "", exercise: Exercise = before) -> None:
        path.write_text(path.read_text().replace(old, new))
        check_unchanged(read_master(path), exercise, public)

    return check


def test_a_master_that_is_as_it_was_is_graded(changed):
    changed()
    # Its text and its key may change: what students got stays right.
    changed("the sum of the numbers", "the total of the numbers")
    changed("[1, 3, 5, 7, 9]", "[1, 3, 5, 7, 9, 11]")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("points = 2", "points = 5", "sums.total has 5 points, not 2."),
        ("points = 4", "points = 6", "sums.odd, n_odd: 3 points, not 2."),
        (
            r"of the numbers from 1 to 10\"\n",
            r"of the numbers from 1 to 10\"\nrel = 0.1\n",
            "sums.total, total: rel = 0.1, not None.",
        ),
        ("sums.odd", "sums.uneven", "sums.uneven is new.\n- sums.odd is missing."),
    ],
)
def test_changed_points_tolerances_and_ids_are_told(changed, old, new, told):
    with pytest.raises(MasterError, match="has changed since") as error:
        changed(old, new)
    assert told in str(error.value)
    assert "microns assign" in str(error.value)


def test_another_edition_is_told(changed):
    exercise = read_exercise(ROOT / "exercises" / "outputs.json")
    master = read_master(ROOT / "solutions" / "outputs.ipynb")
    check_unchanged(master, exercise, ROOT)
    with pytest.raises(MasterError, match="It is edition"):
        check_unchanged(master, replace(exercise, edition=exercise.edition + 1), ROOT)


def test_nothing_is_run_with_a_master_that_has_changed(tmp_path):
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises")
    path = tmp_path / "exercises" / "outputs.json"
    public = json.loads(path.read_text())
    question = public["questions"][0]
    question["points"] += 1
    next(iter(question["answers"].values()))["points"] += 1
    path.write_text(json.dumps(public))
    options = Options(
        ROOT / "exercises", tmp_path / "out", ROOT / "solutions", tmp_path / "exercises"
    )
    with pytest.raises(MasterError, match="points, not"):
        grade(options)
    assert not (tmp_path / "out").exists()
