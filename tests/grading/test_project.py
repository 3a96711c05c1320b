"""An open project: its form is judged, and a person gives the other points with the rubric."""

from __future__ import annotations

import copy
import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from grading.made_class import solved

from microns_widgets.grading.exercise.exercise import read_exercise
from microns_widgets.grading.grade import Options, grade
from microns_widgets.grading.report.pages import page_name
from microns_widgets.grading.report.results import write_again, write_results
from microns_widgets.grading.review.session import Session
from microns_widgets.grading.sandbox.settings import RunSettings
from microns_widgets.grading.sandbox.steps import choose_sandbox

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("with_bubblewrap")]

ROOT = Path(__file__).parents[2]
#: Another honest project: one number per cell, a shuffle of one's own, and a difference.
SHUFFLE = """
cells = con.select(cell_type="BC", proofread=True)
degrees = con.degrees().loc[cells]
n_random, seed = 499, 11
rng = np.random.default_rng(seed)


def correlation(outputs):
    return np.corrcoef(np.log1p(degrees["n_inputs"]), np.log1p(outputs))[0, 1]


outputs = degrees["n_outputs"].to_numpy()
shuffled = np.array([correlation(rng.permutation(outputs)) for _ in range(n_random)])
observed, expected = correlation(outputs), shuffled.mean()
effect = observed - expected
few, many = np.quantile(shuffled, [0.025, 0.975])
low, high = observed - many, observed - few
p_value = (np.sum(shuffled >= observed) + 1) / (n_random + 1)
"""
#: What each student changes in the solved notebook, by the end of the cell's id.
CHANGES: dict[str, dict[str, str]] = {
    "Ada": {},
    "Ben": {
        "null-solution": 'null_kind, n_random, seed = "my own", 499, 11\n'
        'why_null = "It keeps both lists of numbers and breaks which cell has which, so that only '
        'the pairing within the type is left to test, and neither the type nor the lists."',
        "comparison-solution": SHUFFLE,
        "figure-solution": "ax_result = pd.Series(shuffled).plot.hist()\n"
        'ax_result.set(xlabel="correlation", ylabel="shuffles")',
        "result-solution": 'result = "Cells with many inputs have many outputs: " + "yes " * 40',
    },
    "Cid": {"limits-solution": "limit = ...\nchange_mind = ...", "figure-solution": "1 / 0"},
    "Dee": {},
    "Eve": {
        "null-solution": 'null_kind, n_random, seed = "degree", 20, SEED\nwhy_null = "Because."',
        "comparison-solution": "observed, expected, effect = 4, 2, 3.0\n"
        "low, high, p_value = 1.5, 2.5, 0.0",
        "figure-solution": "ax_result = plt.figure().add_subplot()",
    },
}


def notebook(name: str) -> str:
    made: dict[str, Any] = copy.deepcopy(solved("project"))
    if name == "Dee":
        made = json.loads((ROOT / "exercises" / "project.ipynb").read_text())
    for cell in made["cells"]:
        if cell["id"] == "student":
            cell["source"] = f"STUDENT = {name.casefold()!r}"
        for end, source in CHANGES[name].items():
            if cell["id"].endswith(end):
                cell["source"] = source
    return json.dumps(made)


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "solutions").mkdir()
    shutil.copy(ROOT / "solutions" / "project.ipynb", folder / "solutions")
    (folder / "in").mkdir()
    for name in CHANGES:
        (folder / "in" / f"{name}.ipynb").write_text(notebook(name))
    options = Options(
        *(folder / "in", folder / "results", folder / "solutions", ROOT / "exercises"),
        jobs=2,
        settings=RunSettings(sandbox=choose_sandbox("auto")),
    )
    write_results(grade(options), options)
    return options.out


def rows(out: Path) -> dict[str, dict[str, str]]:
    with (out / "grades.csv").open(newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


def test_a_class_is_graded_by_form_and_marked_by_hand_with_the_rubric(results):
    review = Session(results)
    works = {one.entry.name: one for one in review.works.values()}
    so_far = {name: (one.points, one.open) for name, one in works.items()}
    assert so_far == {
        "Ada": (5, 20),
        "Ben": (5, 20),
        "Cid": (5, 13),  # neither figure nor limits
        "Dee": (0, 0),
        # Only cells, seed and three of six numbers: 4 is not 3 * 2, 3 is above 2.5, and p is 0.
        "Eve": (2.75, 20),
    }
    rubrics = review.data()["rubrics"]
    exercise = read_exercise(ROOT / "exercises" / "project.json")
    by_person = [a for q in exercise.questions for a in q.answers if a.judged == "person"]
    assert set(rubrics) == {f"project/{answer.name}" for answer in by_person}
    for name, level in (("Ada", 0), ("Ben", 1), ("Cid", 0), ("Eve", -1)):
        answers = [answer for mark in works[name].marks for answer in mark.answers]
        for answer in (one for one in answers if one.points is None):
            item = rubrics[f"project/{answer.name}"]["items"][level]
            place = (works[name].entry.who, "project", answer.name)
            patch = {"item": item["id"], "on": True}
            review.store.change(f"{name}-{answer.name}", "Tina", place, patch)
    assert not write_again(results).problems
    after = rows(results)
    assert {name: (row["status"], float(row["points"])) for name, row in after.items()} == {
        "Ada": ("final", 25),
        "Ben": ("final", 17),  # each of eight answers one level lower
        "Cid": ("final", 18),
        "Dee": ("final", 0),
        "Eve": ("final", 2.75),
    }
    page = (results / "feedback" / page_name(works["Ben"].entry.who)).read_text()
    assert "says what is kept and which explanations this rules out" in page
    assert "only its form is judged" in page
    page = (results / "feedback" / page_name(works["Eve"].entry.who)).read_text()
    assert "neither observed divided by expected nor observed minus expected" in page
    assert "not within its own interval" in page


def test_the_page_for_marking_without_the_package_has_levels_and_figures(results):
    page = (results / "marking.html").read_text()
    assert "a topic rather than a question" in page
    assert 'data-answer="ax_result"' in page
