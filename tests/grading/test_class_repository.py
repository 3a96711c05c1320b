"""A class repository has exercises and chapters, and nothing of the masters."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import microns_widgets as mw
from microns_widgets.errors import MasterError
from microns_widgets.grading.authoring.assign import Assignment, give_out, student_notebook
from microns_widgets.grading.authoring.class_repository import leaks, write_class_repository
from microns_widgets.grading.authoring.master import read_master
from microns_widgets.grading.notebook_json import source_of
from tests.grading.small_master import write_small_master

ROOT = Path(__file__).parents[2]
MASTERS = sorted((ROOT / "solutions").glob("*.ipynb"))


def assignment(path: Path) -> Assignment:
    """What `assign` makes of a master, without running it."""
    master = read_master(path)
    exercise = give_out(master.exercise, path.with_name("none.json"), ["sample"])
    return Assignment(master, exercise, student_notebook(master, exercise.provenance))


@pytest.fixture
def small(tmp_path) -> Assignment:
    return assignment(write_small_master(tmp_path / "masters"))


def texts(folder: Path) -> dict[str, str]:
    """The text of each file: of a notebook, its cells one below the other."""
    found = {}
    for path in folder.rglob("*"):
        if path.suffix == ".ipynb":
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            found[path.name] = "\n".join(map(source_of, cells))
        elif path.is_file():
            found[path.name] = path.read_text(encoding="utf-8")
    return found


def test_of_the_courses_own_masters_nothing_is_in_it(tmp_path):
    write_class_repository([assignment(path) for path in MASTERS], tmp_path)
    written = texts(tmp_path)
    assert {"README.md", "outputs.ipynb", "outputs.json", "start.ipynb"} <= written.keys()
    everything = "\n".join(written.values())
    searched = 0
    for path in MASTERS:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for source in map(source_of, cells):
            parts = re.findall(r"# BEGIN SOLUTION\n(.*?)# END SOLUTION", source, re.DOTALL)
            parts += re.findall(r"# WRONG [^:]*: (.*)", source)
            parts += re.findall(r'^guide = "(.*)"$', source, re.MULTILINE)
            if source.startswith(("# KEY", "# SAME", "# WRONG")):
                parts.append(source.partition("\n")[2])
            for part in parts:
                assert part.strip() not in everything, part
                searched += 1
    assert searched > 200


def test_students_have_their_own_cells_and_checks_in_it(tmp_path, monkeypatch, small):
    write_class_repository([small], tmp_path / "class")
    monkeypatch.chdir(tmp_path / "class" / "exercises")
    con = mw.load(quiet=True)
    expected = small.exercise.variants(con)[small.exercise.variant("ada")]
    assert (mw.own_cell(con, "ada", "small"),) == expected
    assert mw.check("small.count").state == "needs fixing"
    readme = (tmp_path / "class" / "README.md").read_text()
    assert "| [A small exercise](exercises/small.ipynb) | 7 |" in readme
    assert "course/" not in readme


def test_chapters_beside_the_masters_come_along_unless_they_have_a_solution(tmp_path, small):
    (tmp_path / "course").mkdir()
    chapter = tmp_path / "course" / "start.ipynb"
    chapter.write_text(json.dumps({"cells": [{"cell_type": "code", "source": "con = 1"}]}))
    write_class_repository([small], tmp_path / "class")
    assert (tmp_path / "class" / "course" / "start.ipynb").read_bytes() == chapter.read_bytes()
    assert "course/start.ipynb" in (tmp_path / "class" / "README.md").read_text()
    (code,) = (cell for cell in small.master.cells if cell["id"] == "count-solution")
    solution = [line for line in code["source"] if "SOLUTION" not in line]
    chapter.write_text(json.dumps({"cells": [{"cell_type": "code", "source": solution}]}))
    with pytest.raises(MasterError, match=r"course/start.ipynb would contain a solution of small"):
        write_class_repository([small], tmp_path / "other")
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("# BEGIN SOLUTION", "a marker of a master's cell"),
        ('{"cells": [{"source": ["# WRONG a: b\\n", "x"]}]}', "a marker of a master's cell"),
        ("Take all targets.", "the message for a wrong answer of small"),
        ("Anything that is in the figure.", "a marker's guide of small"),
        ("Count the outputs of your cell. # KEYWORD", None),
    ],
)
def test_parts_of_masters_are_recognised(small, text, what):
    assert leaks(text, [small.master]) == ([what] if what else [])


def test_a_folder_in_the_masters_own_repository_is_refused(tmp_path, small):
    (tmp_path / ".git").mkdir()
    with pytest.raises(MasterError, match="It is in the Git repository"):
        write_class_repository([small], tmp_path / "class")
    (tmp_path / "class" / ".git").mkdir(parents=True)
    assert write_class_repository([small], tmp_path / "class")


def test_a_folder_with_a_master_is_refused(tmp_path, small):
    write_small_master(tmp_path / "class" / "old")
    with pytest.raises(MasterError, match=r"It has a master already: old/small.ipynb"):
        write_class_repository([small], tmp_path / "class")


def test_it_can_be_written_again_and_other_files_stay(tmp_path, small):
    write_class_repository([small], tmp_path / "class")
    (tmp_path / "class" / "LICENSE").write_text("mine")
    before = texts(tmp_path / "class")
    write_class_repository([replace(small)], tmp_path / "class")
    assert texts(tmp_path / "class") == before
