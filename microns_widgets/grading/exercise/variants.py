"""Which cells a student gets: the rule, its variants, and the variant of a student.

Nothing here is random. Cells and students are ordered by a hash of their names, so that the same
exercise, edition and student always give the same cells, on every machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from microns_widgets.connectome import Connectome
from microns_widgets.errors import MasterError

#: Number of variants for students; variant 0 is for practice.
VARIANTS = 20


@dataclass(frozen=True)
class CellsRule:
    """Which cells an exercise gives out, as a master's CELLS cell declares it.

    Attributes
    ----------
    select : dict
        Arguments of `Connectome.select`.
    at_least_outputs, at_most_outputs, at_least_inputs, at_most_inputs : int, optional
        Bounds on a cell's synapses, so that each cell suffices for the questions and none is
        much harder than another.
    by : str
        Column of the cell table over which variants are balanced.
    each : int
        Number of cells per student.
    share : float, optional
        Instead of `each`: the share of the cells of each type, at least one cell. Students
        then get populations with the same proportions of types.
    variants : int or "all"
        Number of variants, besides the one for practice. With ``"all"``, each cell that meets the
        rule is a variant; `microns assign` replaces it by their number.
    """

    select: dict[str, Any] = field(default_factory=dict)
    at_least_outputs: int | None = None
    at_most_outputs: int | None = None
    at_least_inputs: int | None = None
    at_most_inputs: int | None = None
    by: str = "cell_type_auto"
    each: int = 1
    share: float | None = None
    variants: Literal["all"] | int = VARIANTS

    @property
    def number(self) -> int:
        """Number of variants for students.

        Raises
        ------
        MasterError
            If it is ``"all"``: that depends on the data.
        """
        if self.variants == "all":
            raise MasterError(
                'The CELLS cell has variants = "all". How many these are depends on the data: run '
                "`microns assign`, which writes the number into the exercise's public file."
            )
        return self.variants

    def most(self, con: Connectome) -> int | None:
        """Return how many variants have a cell of their own; None if students get several cells."""
        if self.share is not None or self.each != 1:
            return None
        return len(self.eligible(con)) - 1  # one is for practice

    def numbered(self, connectomes: Iterable[Connectome]) -> CellsRule:
        """Return the rule with the number of variants that all data allow instead of ``"all"``.

        Raises
        ------
        MasterError
            If students get several cells, or if there are too few.
        """
        if self.variants != "all":
            return self
        numbers = [self.most(con) for con in connectomes]
        if None in numbers:
            raise MasterError(
                'variants = "all" is possible only with one cell per student, but the CELLS cell '
                "has each or share. Write a number of variants."
            )
        number = min(one for one in numbers if one is not None)
        if number < 1:
            raise MasterError(
                f"The CELLS cell selects {number + 1} cells of this dataset, expected at least 2: "
                "one for practice, and one for students. Relax the bounds or the select."
            )
        return replace(self, variants=number)

    def to_json(self) -> dict[str, Any]:
        """Return it without unset values."""
        return {name: value for name, value in vars(self).items() if value not in (None, {})}

    def eligible(self, con: Connectome) -> pd.DataFrame:
        """Return the cells that meet the rule, by root id: inputs, outputs and the label."""
        ids = con.select(**self.select)
        cells = con.degrees().loc[ids, ["n_inputs", "n_outputs"]]
        cells["by"] = con.labels(ids, self.by)
        for column in ("n_outputs", "n_inputs"):
            kind = column.removeprefix("n_")
            low, high = getattr(self, f"at_least_{kind}"), getattr(self, f"at_most_{kind}")
            if low is not None:
                cells = cells[cells[column] >= low]
            if high is not None:
                cells = cells[cells[column] <= high]
        return cells


def make_variants(
    rule: CellsRule, con: Connectome, exercise: str, edition: int
) -> list[tuple[int, ...]]:
    """Return the cells of each variant, variant 0 first.

    Types take turns, so that variants are balanced over them; within a type, the hash decides
    the order. With one cell each, no cell occurs twice as long as there are enough of them.

    Raises
    ------
    MasterError
        If no cells, or fewer than a student gets, meet the rule.
    """
    cells = rule.eligible(con)
    if len(cells) < rule.each:
        raise MasterError(
            f"{len(cells)} cells of this dataset meet the conditions of exercise {exercise!r}, "
            f"expected at least {rule.each}. In the CELLS cell of its master, relax the bounds "
            "or the select."
        )
    if rule.share is None and rule.each == 1:
        order = _in_turns(cells, f"{exercise}/{edition}")
        return [(order[place % len(order)],) for place in range(rule.number + 1)]
    return [
        tuple(int(i) for i in cells.index[cells.index.isin(_selection(rule, cells, salt))])
        for salt in (f"{exercise}/{edition}/{variant}" for variant in range(rule.number + 1))
    ]


def _selection(rule: CellsRule, cells: pd.DataFrame, salt: str) -> list[int]:
    order = _in_turns(cells, salt)
    if rule.share is None:
        return order[: rule.each]
    labels = cells["by"].loc[order]
    own_type = labels.groupby(labels)
    selected = own_type.cumcount() < np.ceil(own_type.transform("size") * rule.share)
    return [int(i) for i in labels.index[selected]]


def _in_turns(cells: pd.DataFrame, salt: str) -> list[int]:
    """Return root ids, one of each label in turn."""
    ids = cells.index.to_numpy(dtype=np.int64)
    hashes = pd.Series([_hash(f"{salt}/{root_id}") for root_id in ids], index=ids).sort_values()
    labels = cells["by"].loc[hashes.index]
    turn = labels.groupby(labels).cumcount()
    order = pd.DataFrame({"turn": turn, "by": labels, "hash": hashes})
    return [int(i) for i in order.sort_values(["turn", "by", "hash"]).index]


def variant_of(course: str, exercise: str, edition: int, student: str, variants: int) -> int:
    """Return the variant of a student: 0 for an empty id, else 1 to `variants`.

    Spaces and upper or lower case do not matter: ``Ada@uni.edu`` and ``ada@uni.edu`` get the
    same cells.
    """
    name = "".join(str(student).split()).casefold()
    if not name:
        return 0
    return 1 + int(_hash(f"{course}/{exercise}/{edition}/{name}"), 16) % variants


def as_text(variants: Iterable[Sequence[int]]) -> list[list[str]]:
    """Return variants for JSON: root ids as strings."""
    return [[str(root_id) for root_id in cells] for cells in variants]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
