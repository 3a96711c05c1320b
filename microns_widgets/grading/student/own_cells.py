"""Each student's own cells: `own_cell` and `own_cells`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np

from microns_widgets._arguments import checks_arguments
from microns_widgets._typing import IntArray
from microns_widgets.connectome import Connectome
from microns_widgets.errors import InvalidArgument, InvalidType, UnknownCell
from microns_widgets.grading.exercise.exercise import find_exercise
from microns_widgets.grading.exercise.provenance import SAMPLE, release_of
from microns_widgets.grading.student.notebook_place import place_of

#: The ids with which cells were asked for, and the exercises: the grader reads them after a run.
asked: list[tuple[str, str]] = []
#: Exercises whose practice cells are in use, and the source of the data.
practised: dict[str, str] = {}


@dataclass(frozen=True)
class Issued:
    """The cells that an exercise gave out last.

    Attributes
    ----------
    own, practice : frozenset of int
        Root ids of the cells that were given out, which are the practice cells if the id is empty,
        and of the practice cells.
    """

    own: frozenset[int]
    practice: frozenset[int]

    def fault(self, ids: Collection[int]) -> Literal["", "practice", "foreign"]:
        """Return why ids would not count: ``""`` if they would."""
        if self.own.issuperset(ids):
            return ""
        return "practice" if self.practice.issuperset(ids) else "foreign"


#: By exercise; empty before its cells were asked for.
issued: dict[str, Issued] = {}


@checks_arguments
def own_cell(con: Connectome, student: str | int, exercise: str | int) -> int:
    """Return the cell that a student works on.

    The same id always gives the same cell, on every machine. Students share about 20 cells, which
    are balanced over cell types.

    Parameters
    ----------
    con : Connectome
        The data on which the student works.
    student : str
        Student number or e-mail, as requested by the teacher; spaces and upper or lower case do
        not matter. An empty id (``""``) gives a practice cell, and a printed line says so.
    exercise : str
        Name of the exercise, such as ``"outputs"``.

    Returns
    -------
    int
        Root id.

    Raises
    ------
    InvalidType
        If the first argument is not a Connectome.
    UnknownQuestion
        If there is no such exercise.
    InvalidArgument
        If the exercise gives several cells to each student, or if the exercise's public file is
        not the one that came with the notebook.
    UnknownCell
        If the cell is not in this data.

    Examples
    --------
    >>> cell = mw.own_cell(con, "ada@uni.edu", "outputs")
    """
    cells = _cells("own_cell", con, student, exercise)
    if len(cells) != 1:
        raise InvalidArgument(
            f"Exercise {exercise!r} gives {len(cells)} cells to each student: "
            f"use own_cells(con, {student!r}, {exercise!r})."
        )
    return int(cells[0])


@checks_arguments
def own_cells(con: Connectome, student: str | int, exercise: str | int) -> IntArray:
    """Return the cells that a student works on, for exercises with several cells per student.

    Parameters
    ----------
    con, student, exercise
        As for `own_cell`.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        Root ids, in table order.

    Raises
    ------
    InvalidType, UnknownQuestion, InvalidArgument, UnknownCell
        As for `own_cell`.

    Examples
    --------
    >>> cells = mw.own_cells(con, "ada@uni.edu", "inhibitory")
    """
    return _cells("own_cells", con, student, exercise)


def _cells(function: str, con: Connectome, student: str | int, exercise: str | int) -> IntArray:
    if not isinstance(con, Connectome):
        # The old order of arguments: student, exercise, connectome.
        order = (con, student) if isinstance(exercise, Connectome) else ("ada@uni.edu", "outputs")
        raise InvalidType(
            f"{function} was given {type(con).__name__} as its first argument, expected the "
            f"Connectome: {function}(con, {order[0]!r}, {order[1]!r})."
        )
    # A number typed without quotation marks is the same number.
    public, student = find_exercise(exercise), str(student)
    release = release_of(con.source)
    if release == SAMPLE and (conflict := public.provenance.conflict(public.provenance, release)):
        raise InvalidArgument(conflict.replace("The notebook", "The exercise", 1))
    if conflict := place_of().conflict(public):
        raise InvalidArgument(conflict)
    variants, variant = public.variants(con), public.cells_variant(student)
    cells = np.array(variants[variant], dtype=np.int64)
    missing = cells[~np.isin(cells, con.root_ids)]
    if len(missing):
        raise UnknownCell(
            f"The exercise gives out cell {missing[0]}, which is not in this dataset "
            f"({con.source or 'unnamed'}). Load the version that your teacher named."
        )
    asked.append((student, public.name))
    issued[public.name] = Issued(
        *(frozenset(map(int, given)) for given in (variants[variant], variants[0]))
    )
    if variant:
        practised.pop(public.name, None)
    else:
        practised[public.name] = con.source
        print(
            "No id yet: these are practice cells, which do not count. Put your id in STUDENT above."
        )
    return cells
