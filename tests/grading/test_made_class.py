"""A class with everything that happens in one gets the marks of a fair person."""

from __future__ import annotations

from pathlib import Path

import pytest
from grading.made_class import ACCIDENTS, ROOT, made_class, write_class

from microns_widgets.grading.grade import Options, grade
from microns_widgets.grading.sandbox.settings import RunSettings

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("with_bubblewrap")]


def test_every_accident_gets_the_marks_of_a_fair_person(tmp_path: Path) -> None:
    works = made_class(len(ACCIDENTS), seed=14, names=("degree",))
    assert {kind for kind, _ in works} == set(ACCIDENTS)
    export, roster = write_class(works, tmp_path)
    options = Options(
        export,
        tmp_path / "results",
        ROOT / "solutions",
        ROOT / "exercises",
        roster=roster,
        jobs=2,
        settings=RunSettings(),
    )
    graded = {one.entry.who: one for one in grade(options)}
    given = {kind: graded[work.student].points for kind, work in works if work.student in graded}
    assert given == {
        kind: pytest.approx(work.fair) for kind, work in works if work.student in graded
    }
    assert len(given) == len(works)
    [undecided] = [work for kind, work in works if not work.decided]
    assert graded[undecided.student].open == graded[undecided.student].most
