"""The layout of an export: at which level of it a name stands for a student."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath

from microns_widgets.grading.intake.learning_systems import (
    LEARNING_SYSTEMS,
    Evidence,
    LearningSystem,
    Owner,
)
from microns_widgets.grading.intake.learning_systems import gradescope as gradescope_rule
from microns_widgets.grading.untrusted_text import plain

#: Folders around the students' own: course, exercise, archive.
_DEEPEST = 5
#: Archives into which Google Drive divides a folder.
_DRIVE = re.compile(r".+-\d{8}T\d{6}Z-\d+(?:-\d+)?\.zip")
#: Google Classroom names a student's copy "Ada Lovelace - title".
_CLASSROOM = re.compile(r"(?P<name>.+?) - (?P<title>[^-].*)")

#: Says whether a name or an id is that of somebody in the roster.
Known = Callable[[str], bool]
_OwnerOf = Callable[[PurePosixPath], Owner | None]


@dataclass(frozen=True)
class Layout:
    """Whose the files of an export are.

    Attributes
    ----------
    owner : callable
        Returns the owner of a place, or None if it is nobody's.
    system : str
        The learning system that named the files; empty if it is unknown.
    """

    owner: _OwnerOf
    system: str = ""


def layout_of(
    notebooks: Sequence[PurePosixPath],
    *,
    gradescope: tuple[int, LearningSystem] | None = None,
    repositories: Collection[PurePosixPath] = (),
    around: str = "",
    exercises: Collection[str] = (),
    known: Known | None = None,
) -> Layout:
    """Recognise the layout of an export as a whole.

    All notebooks fit the rule of one learning system at one level, or none does. Then a folder
    that each student has; a name that students can choose is the weakest evidence.

    Parameters
    ----------
    notebooks : sequence of PurePosixPath
        The places of all notebooks.
    gradescope : int and LearningSystem, optional
        Gradescope's rule and its level, if its list is there.
    repositories : collection of PurePosixPath
        Folders that are git repositories.
    around : str
        Name of the folder or archive itself.
    exercises : collection of str
        Names of the exercises, which are not names of students.
    known : callable, optional
        Whether a name is in the roster.
    """
    levels = range(min([_DEEPEST, *(len(place.parts) for place in notebooks)]))
    listed, by_list = gradescope or (None, gradescope_rule({}))
    for level in levels:
        for system in (*LEARNING_SYSTEMS, by_list):
            if system is by_list and listed not in (None, level):
                continue
            if all(system.pattern.fullmatch(place.parts[level]) for place in notebooks):
                return Layout(_by_system(system, level), system.name)
        prefix = _classroom_prefix(notebooks, level, repositories, around, exercises)
        if prefix:
            return Layout(_by_repository(prefix, level), "GitHub Classroom")
    level = _student_level(notebooks, exercises, known)
    copies = _copies(notebooks, level, exercises)
    if copies:
        return Layout(copies, "Google Classroom")
    flat = [place.parts[level] for place in notebooks if not _in_folder(place, level)]
    named = known is not None and all(known(_bare(name)) for name in flat)
    return Layout(_by_folder(level, "name" if named else "nothing"))


def _by_system(system: LearningSystem, level: int) -> _OwnerOf:
    def owner(place: PurePosixPath) -> Owner | None:
        match = system.pattern.fullmatch(place.parts[level]) if len(place.parts) > level else None
        return system.owner(match) if match else None

    return owner


def _by_repository(prefix: str, level: int) -> _OwnerOf:
    def owner(place: PurePosixPath) -> Owner | None:
        if len(place.parts) <= level + 1 or not place.parts[level].startswith(prefix):
            return None
        folder = place.parts[level]
        user = plain(folder.removeprefix(prefix))
        # If all users' names begin alike, the prefix contains the start of their names.
        words = folder.split("-")
        longer = ["-".join(words[n:]) for n in range(folder.count("-") - user.count("-"))]
        return Owner(user, user, others=tuple(longer))

    return owner


def _by_folder(level: int, flat: Evidence) -> _OwnerOf:
    def owner(place: PurePosixPath) -> Owner | None:
        if len(place.parts) <= level:
            return None
        folder = _in_folder(place, level)
        name = plain(place.parts[level] if folder else PurePosixPath(place.parts[level]).stem)
        return Owner(name, name, "folder" if folder else flat)

    return owner


def _in_folder(place: PurePosixPath, level: int) -> bool:
    """Return whether a place is in a folder of this level; a student may name an archive."""
    return len(place.parts) > level + 1 and not place.parts[level].lower().endswith(".zip")


def _student_level(
    notebooks: Sequence[PurePosixPath], exercises: Collection[str], known: Known | None
) -> int:
    """Return the level at which names stand for students, if no system says so."""
    parts = [place.parts for place in notebooks]
    if known is not None:
        # The first folders of which most are in the roster: no student can move all others.
        for level in range(min([_DEEPEST, *(len(one) - 1 for one in parts)])):
            names = {_bare(one[level]) for one in parts}
            if sum(map(known, names)) * 2 > len(names):
                return level
    if len(notebooks) == 1:
        # The only student: the folder that contains it, or their archive, is theirs.
        outer = [n for n, name in enumerate(parts[0]) if name.lower().endswith((".zip", ".ipynb"))]
        return max(0, outer[0] - 1)
    level = 0
    while all(len(one) > level + 1 for one in parts):
        if not _around({one[level] for one in parts}, exercises):
            break
        level += 1
    return level


def _bare(name: str) -> str:
    """Return a name without the suffix of a notebook or an archive."""
    return re.sub(r"\.(?:ipynb|zip)$", "", name, flags=re.IGNORECASE)


def _around(names: set[str], exercises: Collection[str]) -> bool:
    """Return whether the names of one level are those of folders around the students'."""
    if len(names) == 1:
        return True
    return all(PurePosixPath(name).stem in exercises or _DRIVE.fullmatch(name) for name in names)


def _classroom_prefix(
    notebooks: Sequence[PurePosixPath],
    level: int,
    repositories: Collection[PurePosixPath],
    around: str,
    exercises: Collection[str],
) -> str:
    """Return what GitHub Classroom puts before the names of users, or an empty text.

    ``gh classroom clone student-repos`` makes ``<assignment>-submissions`` with a repository
    ``<assignment>-<user>`` for each student.
    """
    if not all(len(place.parts) > level + 1 for place in notebooks):
        return ""
    folders = {PurePosixPath(*place.parts[: level + 1]) for place in notebooks}
    parents = {folder.parent.name or around for folder in folders}
    if len(parents) == 1:
        parent = PurePosixPath(parents.pop()).name.removesuffix(".zip")
        prefix = f"{parent.removesuffix('-submissions')}-"
        if parent.endswith("-submissions") and all(one.name.startswith(prefix) for one in folders):
            return prefix
    if not folders <= set(repositories):
        return ""
    for name in sorted(exercises, key=len, reverse=True):
        if all(one.name.startswith(f"{name}-") for one in folders):
            return f"{name}-"
    first, last = min(one.name for one in folders), max(one.name for one in folders)
    shared = "".join(
        a for a, _ in takewhile(lambda p: p[0] == p[1], zip(first, last, strict=False))
    )
    return shared[: shared.rfind("-") + 1] if first != last else ""


def _copies(
    notebooks: Sequence[PurePosixPath], level: int, exercises: Collection[str]
) -> _OwnerOf | None:
    """Return whose copy a file of Google Classroom is, if all files are named alike.

    https://support.google.com/edu/classroom/answer/6020265: with "Make a copy for each student",
    the student's name is added to the title. Students can rename their copies.
    """
    if not all(len(place.parts) == level + 1 for place in notebooks):
        return None
    matches = [_CLASSROOM.fullmatch(place.stem) for place in notebooks]
    titles = {_title(match["title"]) if match else "" for match in matches}
    if len(titles) != 1 or "" in titles or (len(matches) == 1 and not titles <= set(exercises)):
        return None

    def owner(place: PurePosixPath) -> Owner | None:
        match = _CLASSROOM.fullmatch(place.stem) if len(place.parts) == level + 1 else None
        return Owner(plain(match["name"]), plain(match["name"]), "name") if match else None

    return owner


def _title(text: str) -> str:
    return re.sub(r"[ -]?\(\d+\)$", "", text)
