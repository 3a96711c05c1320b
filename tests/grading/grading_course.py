"""A course of one small exercise, its submissions, and how they are graded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from grading.small_course import write_master, write_submissions

from microns_widgets.grading.grade import Options, grade
from microns_widgets.grading.graded import Graded
from microns_widgets.grading.sandbox.settings import RunSettings
from microns_widgets.grading.sandbox.steps import choose_sandbox


class Course:
    """A folder with a master, submissions and results.

    Parameters
    ----------
    folder : path
        An empty folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.submissions = folder / "submissions"
        write_master(folder / "solutions")
        self.options = Options(
            self.submissions,
            folder / "results",
            folder / "solutions",
            folder / "exercises",
            jobs=2,
            settings=RunSettings(sandbox=choose_sandbox("auto")),
        )

    def hand_in(self, notebooks: Mapping[str, str]) -> None:
        """Put notebooks where submissions are, by the student's name."""
        write_submissions(self.submissions, notebooks)

    def grade(self, **changed: Any) -> dict[str, Graded]:
        """Grade all that was handed in, and return it by the student's name.

        What is `changed` are options, or settings of the runs.
        """
        names = {one.name for one in fields(RunSettings)} & changed.keys()
        settings = replace(self.options.settings, **{name: changed.pop(name) for name in names})
        graded = grade(replace(self.options, settings=settings, **changed))
        return {one.entry.name: one for one in graded}
