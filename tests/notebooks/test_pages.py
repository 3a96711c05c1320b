"""The pages beside the chapters say what the package and the notebooks say."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

import microns_widgets as mw
from tools.lint_notebooks.conventions import ROOT

REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
TEACHERS = (ROOT / "docs" / "teachers.md").read_text(encoding="utf-8")
NOTEBOOKS = sorted([*(ROOT / "course").glob("*.ipynb"), *(ROOT / "exercises").glob("*.ipynb")])


@pytest.mark.parametrize("name", mw.__all__)
def test_the_reference_has_every_public_name_once(name: str) -> None:
    entry = rf"^\.\. auto\w+:: (?:microns_widgets\.)?{name}$"
    assert len(re.findall(entry, REFERENCE, re.MULTILINE)) == 1


@pytest.mark.parametrize("name", re.findall(r"^\.\. auto\w+:: (\S+)$", REFERENCE, re.MULTILINE))
def test_the_reference_has_no_name_that_is_gone(name: str) -> None:
    assert name.removeprefix("microns_widgets.") in mw.__all__


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_teachers_are_told_the_title_and_the_minutes_that_a_notebook_tells(path: Path) -> None:
    opening = nbformat.read(path, as_version=4).cells[0].source
    title = opening.splitlines()[0].removeprefix("# ")
    [minutes] = re.findall(r"\*\*Time:\*\* (\d+) minutes", opening)
    assert f"| [{title}](../{path.parent.name}/{path.name}) | {minutes} |" in TEACHERS
