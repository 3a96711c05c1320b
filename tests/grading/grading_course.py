"""A course of one small exercise, its submissions, and how they are graded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from grading.small_course import write_master, write_submissions

from microns_widgets.grading.grade import Graded, Options, grade
from microns_widgets.grading.sandbox.steps import choose_way


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
            way=choose_way("auto"),
            jobs=2,
        )

    def hand_in(self, notebooks: Mapping[str, str]) -> None:
        """Put notebooks where submissions are, by the student's name."""
        write_submissions(self.submissions, notebooks)

    def grade(self, **changed: object) -> dict[str, Graded]:
        """Grade all that was handed in, and give it by the student's name."""
        graded = grade(replace(self.options, **changed))
        return {one.entry.name: one for one in graded}
