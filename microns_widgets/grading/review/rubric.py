"""Rubrics: points and comments that a marker gives again and again, one list for each answer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from microns_widgets.grading.kinds.answer import Level

#: Items of one rubric, and characters of a comment.
MOST_ITEMS, LONGEST = 50, 10_000
#: How the ids of levels begin: of these items at most one applies.
LEVEL = "level-"
#: Characters of all comments of a mark together. Readers of CSV files refuse longer fields.
_ALL = 100_000


@dataclass(frozen=True)
class Item:
    """One item of a rubric.

    Attributes
    ----------
    id : str
        Identifies it; never changes.
    points : float
        Points that it gives, or takes off if it is negative.
    comment : str
        For the student.
    """

    id: str
    points: float
    comment: str = ""


@dataclass(frozen=True)
class Rubric:
    """The items of one answer.

    Attributes
    ----------
    items : tuple of Item
        In the order in which they are shown.
    start : {"none", "all"}
        Whether points are counted up from none, or down from all.
    """

    items: tuple[Item, ...] = ()
    start: Literal["none", "all"] = "none"

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {"start": self.start, "items": [asdict(one) for one in self.items]}

    @classmethod
    def of(cls, levels: Sequence[Level]) -> Rubric:
        """Make one of the levels in a master."""
        named = enumerate(levels)
        return cls(tuple(Item(f"{LEVEL}{n}", one.points, one.about) for n, one in named))

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Rubric:
        """Read plain JSON; what is not valid raises a `ValueError`, `KeyError` or `TypeError`."""
        start = plain.get("start", "none")
        if start not in ("none", "all"):
            raise ValueError("start is none or all")
        items = tuple(
            Item(str(one["id"])[:40], finite(one["points"]), words(one.get("comment", "")))
            for one in plain["items"]
        )
        if len(items) > MOST_ITEMS or len({one.id for one in items}) != len(items):
            raise ValueError("too many items, or one twice")
        return cls(items, start)


@dataclass(frozen=True)
class HandState:
    """What a person decided on one answer.

    Attributes
    ----------
    items : tuple of str
        Ids of the rubric's items that apply.
    points : float, optional
        Points that were typed; they count instead of those of the items.
    comment : str
        Typed, besides the comments of the items.
    by, when : str
        Who decided last, and when.
    """

    items: tuple[str, ...] = ()
    points: float | None = None
    comment: str = ""
    by: str = field(default="", compare=False)
    when: str = field(default="", compare=False)

    @property
    def empty(self) -> bool:
        """Whether nothing was decided: the answer is as graded."""
        return not (self.items or self.comment or self.points is not None)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {"items": list(self.items), "points": self.points, "comment": self.comment}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any], by: str = "", when: str = "") -> HandState:
        """Read plain JSON."""
        points = plain["points"]
        return cls(
            tuple(str(one) for one in plain["items"]),
            None if points is None else finite(points),
            words(plain["comment"]),
            by,
            when,
        )

    def patched(self, patch: Mapping[str, Any]) -> HandState:
        """Return it with one change; what is not valid raises a `ValueError` or `KeyError`.

        Parameters
        ----------
        patch : mapping
            ``{"item": id, "on": bool}``, ``{"points": number or None}``, ``{"comment": text}`` or
            ``{"clear": True}``. Only what it names changes, so that two people who change
            different things of one mark lose nothing.
        """
        if patch.get("clear"):
            return HandState()
        if "item" in patch:
            item = str(patch["item"])
            level = bool(patch["on"]) and item.startswith(LEVEL)
            items = tuple(
                one for one in self.items if one != item and not (level and one.startswith(LEVEL))
            )
            # What is typed counts instead of the items, so that a key would seem to do nothing.
            return replace(self, items=(*items, item) if patch["on"] else items, points=None)
        if "comment" in patch:
            return replace(self, comment=words(patch["comment"]))
        points = patch["points"]
        return replace(self, points=None if points is None else finite(points))


def sum_of(state: HandState, rubric: Rubric, most: float) -> float | None:
    """Return the points of a state before they are clipped; None if it gives none."""
    if state.points is not None:
        return state.points
    items = [one for one in rubric.items if one.id in state.items]
    if not items:
        return None
    return round(sum(one.points for one in items) + (most if rubric.start == "all" else 0.0), 6)


def points_and_comment(
    state: HandState, rubric: Rubric, most: float, computed: float | None
) -> tuple[float, str] | None:
    """Return the mark of a state: points within 0 and `most`, and all comments; None for no mark.

    A comment alone leaves the computed points. While these are open, it waits for points.
    """
    if state.empty:
        return None
    points = sum_of(state, rubric, most)
    points = computed if points is None else min(max(points, 0.0), most)
    if points is None:
        return None
    comments = [one.comment for one in rubric.items if one.id in state.items and one.comment]
    comments += [state.comment] if state.comment else []
    return points, words(" ".join(comments), _ALL)


def finite(value: object) -> float:
    """Return a finite number; anything else raises a `ValueError`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is not a number")
    return float(value)


def words(text: object, longest: int = LONGEST) -> str:
    """Return a comment in the form in which a CSV file gives it back, cut if it is too long."""
    plain = str(text).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(sign for sign in plain if sign.isprintable() or sign in "\n\t\u200c\u200d")
    return kept.encode("utf-8", "replace").decode()[:longest].strip()


def renumbered(items: Sequence[str], rubric: Rubric) -> tuple[str, ...]:
    """Return those of some ids that the rubric still has."""
    known = {one.id for one in rubric.items}
    return tuple(one for one in items if one in known)
