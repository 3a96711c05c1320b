"""Files beside a notebook that it may need: which come along into the sandbox, and which do not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from microns_widgets.errors import SubmissionError
from microns_widgets.grading.choices import FILE as CHOICES
from microns_widgets.grading.exercise.exercise import is_public_file
from microns_widgets.grading.intake.handed_in import HandedIn
from microns_widgets.grading.intake.learning_systems import Owner
from microns_widgets.grading.intake.names import natural
from microns_widgets.grading.limits import MIB
from microns_widgets.grading.untrusted_text import plain

#: What notebooks import and read. Archives, pages and notebooks are none of it.
_SUFFIXES = (
    *(".py", ".csv", ".tsv", ".txt", ".json", ".toml", ".yaml", ".yml", ".md"),
    *(".npy", ".npz", ".feather", ".parquet", ".xlsx", ".swc", ".png", ".jpg", ".jpeg", ".svg"),
)
_MOST, _LARGEST, _TOTAL = 20, 2 * MIB, 8 * MIB
#: The package itself, and the settings that programs read from any folder.
_NEVER = re.compile(r"microns_widgets(?:\.\w+)?|(?:site|user)customize\.py|matplotlibrc")
_PLAIN = re.compile(r"[\w][\w .()+-]{0,99}")
#: Canvas numbers files that are handed in again.
_NUMBERED = re.compile(r"(?P<stem>.+?)-\d+")

Read = Callable[[], bytes]


@dataclass(frozen=True)
class Beside:
    """A file that is not a notebook, and whose it is."""

    file: HandedIn
    owner: Owner

    @property
    def name(self) -> str:
        """Its name, as the student called it."""
        own = self.owner.file
        return own if own and self.file.place.name.endswith(own) else self.file.place.name


def beside(
    near: Sequence[Beside], owner: Owner
) -> tuple[Read | None, Mapping[str, Read], tuple[str, ...]]:
    """Return what comes along with the notebooks of one student in one folder.

    Parameters
    ----------
    near : sequence of Beside
        The other files in the folder that are the student's.
    owner : Owner
        The student. If students can choose what says whose a file is, only choices come along.

    Returns
    -------
    callable or None
        Reads the file of choices, if there is one.
    mapping
        Other files: name to a function that reads it.
    tuple of str
        What does not come along, and why.
    """
    # A later attempt's file is the newer one; in the order of their numbers the last one stays.
    same = sorted(near, key=lambda one: (one.owner.attempt, one.file.time, natural(one.name)))
    choices: Read | None = None
    files: dict[str, Read] = {}
    left_out: dict[str, str] = {}
    total = 0
    for one in same:
        name, original = one.name, _original(one)
        if original == CHOICES:
            choices = partial(one.file.whole, MIB, "file of choices")
            continue
        if owner.chosen or PurePosixPath(name).suffix.lower() not in _SUFFIXES:
            continue
        if _is_of_the_course(one):
            continue
        why = _reason(name, one.file, len(files.keys() - {name}), total)
        if why:
            left_out[name] = f"{plain(one.name)} ({why})"
            continue
        files[name] = files[original] = partial(one.file.whole, _LARGEST, "file")
        total += one.file.size
    return choices, files, tuple(left_out.values())


def _is_of_the_course(one: Beside) -> bool:
    """Return whether it is an exercise's public file: grading has its own, of the right edition."""
    if one.file.place.suffix.lower() != ".json" or one.file.problem:
        return False
    try:
        return is_public_file(one.file.read(40))
    except SubmissionError:
        return False


def _reason(name: str, file: HandedIn, count: int, total: int) -> str:
    """Return why a file does not come along, or an empty text if it does."""
    if file.problem:
        return "a link or not readable"
    if _NEVER.fullmatch(name) or not _PLAIN.fullmatch(name):
        return "its name is not allowed"
    if file.size > _LARGEST:
        return f"{file.size / MIB:,.1f} MB; at most {_LARGEST / MIB:g} MB each"
    if total + file.size > _TOTAL:
        return f"at most {_TOTAL / MIB:g} MB together"
    if count >= _MOST:
        return f"at most {_MOST} files"
    return ""


def _original(one: Beside) -> str:
    """Return the name in the notebook: a system that renames calls it ``helpers-1.py``."""
    place = PurePosixPath(one.name)
    match = _NUMBERED.fullmatch(place.stem) if one.owner.file else None
    return f"{match['stem']}{place.suffix}" if match else one.name
