"""Each student's own cells: `own_cell` and `own_cells`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from microns_widgets.connectome import Connectome
from microns_widgets.errors import UnknownCell
from microns_widgets.grading.exercise.exercise import find_exercise


def own_cell(student: str, exercise: str, con: Connectome) -> int:
    """Return the cell that a student works on.

    The same id gives the same cell whenever and wherever it is asked for. Students share some
    20 cells, of all types alike.

    Parameters
    ----------
    student : str
        Student number or e-mail, as the teacher asked for it; spaces and capitals do not
        matter. Without one (``""``) it is a cell for practice.
    exercise : str
        Name of the exercise, such as ``"outputs"``.
    con : Connectome
        Where the cell is from.

    Returns
    -------
    int
        Root id.

    Raises
    ------
    UnknownQuestion
        If there is no such exercise.
    UnknownCell
        If the exercise gives several cells, or one that is not in this data.

    Examples
    --------
    >>> cell = mw.own_cell("ada@uni.edu", "outputs", con)
    """
    cells = own_cells(student, exercise, con)
    if len(cells) != 1:
        raise UnknownCell(
            f"Exercise {exercise!r} gives {len(cells)} cells to each student: "
            "ask for them with own_cells(...)."
        )
    return int(cells[0])


def own_cells(student: str, exercise: str, con: Connectome) -> npt.NDArray[np.int64]:
    """Return the cells that a student works on, where it is several; see `own_cell`.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        Root ids, in table order.
    """
    if not isinstance(student, str):
        # A number as typed, without quotation marks, is the same number.
        student = str(student)
    found = find_exercise(exercise)
    cells = np.array(found.variants(con)[found.variant(student)], dtype=np.int64)
    missing = cells[~np.isin(cells, con.root_ids)]
    if len(missing):
        raise UnknownCell(
            f"The exercise gives out cell {missing[0]}, which is not in this data "
            f"({con.source or 'without a name'}). Is it the version that your teacher named?"
        )
    return cells
