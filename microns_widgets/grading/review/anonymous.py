"""Hides who wrote an answer, wherever a name or an id is written."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence

from microns_widgets.grading.graded import Graded
from microns_widgets.grading.typed_ids import typed_ids

#: Stands for what is hidden.
HIDDEN = "●●●"
#: Shorter names and ids would hide half of the code.
_SHORTEST = 3
_WORD = re.compile(r"[\w.@+-]*\w")
#: What the line that sets the id assigns, whatever it is.
_STUDENT = re.compile(r"^(\s*STUDENT\b[^=\n]*=)(?!=)[^\n]*", re.MULTILINE)


class Anonymous:
    """Hides the names and ids of a class.

    Parameters
    ----------
    graded : sequence of Graded
        All work.
    """

    def __init__(self, graded: Sequence[Graded]) -> None:
        self._all = {
            one.casefold()
            for work in graded
            for one in _identities(work)
            if len(one) >= _SHORTEST and _WORD.fullmatch(one)
        }

    def hidden(self, text: str, work: Graded, sources: Iterable[str] = ()) -> str:
        """Return a text about one student's work without names and ids.

        Parameters
        ----------
        text : str
            The text.
        work : Graded
            The work.
        sources : iterable of str
            The cells of the notebook: an id that they type is hidden, too.
        """
        text = _STUDENT.sub(rf"\1 {HIDDEN}", text)
        own = {*_identities(work), *_names(work), *typed_ids(sources).ids}
        longest = sorted((one for one in own if len(one) >= _SHORTEST), key=len, reverse=True)
        if longest:
            either = "|".join(map(re.escape, longest))
            text = re.sub(rf"(?<!\w)(?:{either})(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
        # Students copy the ids of others, and flags name them.
        return self.hidden_ids(text)

    def hidden_ids(self, text: str) -> str:
        """Return a text about the class without ids."""
        return _WORD.sub(
            lambda match: HIDDEN if match[0].casefold() in self._all else match[0], text
        )


def shuffled(graded: Sequence[Graded], seed: str) -> list[Graded]:
    """Return work in an order that says nothing, the same each time."""
    order = sorted(graded, key=lambda one: one.entry.task)
    random.Random(seed).shuffle(order)
    return order


def _identities(work: Graded) -> set[str]:
    entry, owner, person = work.entry, work.entry.submission.owner, work.entry.person
    ids = {entry.who, entry.student_id, owner.who, owner.email, *owner.others, entry.name}
    if person:
        ids |= {*person.typed, person.lms, person.email, person.name}
    return {one.strip() for one in ids if one and one.strip()}


def _names(work: Graded) -> set[str]:
    names = [work.entry.name, work.entry.submission.owner.name]
    return {part for name in names for part in re.split(r"[\s,]+", name) if part}
