"""What was handed in, and by whom, as far as the structure of an export says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath

from microns_widgets.errors import SubmissionError
from microns_widgets.grading.intake.beside import Beside, beside
from microns_widgets.grading.intake.handed_in import GIT, HandedIn, files_of
from microns_widgets.grading.intake.layout import Known, Layout, layout_of
from microns_widgets.grading.intake.learning_systems import (
    GRADESCOPE_LIST,
    LearningSystem,
    Owner,
    gradescope,
    read_gradescope_list,
)
from microns_widgets.grading.limits import MIB
from microns_widgets.grading.untrusted_text import plain

#: What students hand in instead of the notebook. Other files without a notebook say nothing.
_INSTEAD = (".html", ".htm", ".pdf", ".py", ".docx", ".doc", ".odt", ".md", ".png", ".jpg", ".jpeg")
_LIST_BYTES = 16 * MIB


@dataclass(frozen=True)
class Submission:
    """One notebook that was handed in, or what was handed in instead of one.

    Attributes
    ----------
    owner : Owner
        Whose it is, as the structure of the export says.
    file : str
        Path of the file, for display; empty if nothing was handed in.
    read, read_choices : callable
        Read the notebook, and the file of choices beside it if there is one.
    files : mapping
        Small files beside the notebook that it may need: name to a function that reads it.
    left_out : tuple of str
        Files beside the notebook that do not come along, with the reason.
    time : float
        When the file was last changed, in seconds since 1970; 0 if unknown.
    instead : tuple of str
        Names of what was handed in if there is no notebook.
    problem : str
        Why it cannot be read at all; empty if it can.
    """

    owner: Owner
    file: str
    read: Callable[[], bytes]
    read_choices: Callable[[], bytes] | None = None
    files: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    time: float = 0.0
    instead: tuple[str, ...] = ()
    problem: str = ""

    @property
    def who(self) -> str:
        """The student, as the export identifies them: an id, or the name of a folder or file."""
        return self.owner.who

    @property
    def name(self) -> str:
        """Name for display."""
        return self.owner.name

    @property
    def email(self) -> str:
        """The student's e-mail, if the learning system provides it."""
        return self.owner.email

    @property
    def late(self) -> bool:
        """Whether the learning system marks it as late."""
        return self.owner.late


def find_submissions(
    path: Path,
    notebook_bytes: int,
    *,
    exercises: Collection[str] = (),
    known: Known | None = None,
    one_student: bool = False,
) -> list[Submission]:
    """Find what was handed in, sorted by student and file.

    Parameters
    ----------
    path : path
        A folder, a learning system's zip export, or one notebook.
    notebook_bytes : int
        Size above which a notebook is not read.
    exercises : collection of str
        Names of the exercises: folders with these names are not students.
    known : callable, optional
        Says whether a name or an id is in the roster, to find the folders of students.
    one_student : bool
        Whether all files are of one student, as in Gradescope's autograder.

    Raises
    ------
    SubmissionError
        If there is nothing, or it is not an archive.
    """
    found = files_of(path)
    repositories = [file.place.parent for file in found if file.place.name == GIT]
    files = [file for file in found if file.place.name != GIT]
    notebooks = [file for file in files if _is_notebook(file.place)]
    if not notebooks:
        raise SubmissionError(
            f"There is no notebook (.ipynb) in {path}. Name the folder or the archive that "
            "contains the submissions."
        )
    layout = (
        Layout(_only_student)
        if one_student
        else layout_of(
            [file.place for file in notebooks],
            gradescope=_gradescope(files),
            repositories=repositories,
            around=path.resolve().name,
            exercises=exercises,
            known=known,
        )
    )
    submissions = list(_submissions(files, layout, notebook_bytes))
    return sorted(submissions, key=lambda one: (one.who, one.file))


def _only_student(place: PurePosixPath) -> Owner:
    return Owner("submission", "submission", "folder")


def _is_notebook(place: PurePosixPath) -> bool:
    return place.suffix.lower() == ".ipynb"


def _gradescope(files: list[HandedIn]) -> tuple[int, LearningSystem] | None:
    lists = [file for file in files if file.place.name == GRADESCOPE_LIST and not file.problem]
    if not lists:
        return None
    # The outermost one is Gradescope's; a student may hand in another.
    own = min(lists, key=lambda file: len(file.place.parts))
    text = own.read(_LIST_BYTES).decode("utf-8", "replace")
    return len(own.place.parts) - 1, gradescope(read_gradescope_list(text))


def _submissions(
    files: list[HandedIn], layout: Layout, notebook_bytes: int
) -> Iterator[Submission]:
    owned = [(file, owner) for file in files if (owner := layout.owner(file.place))]
    notebooks = [(file, owner) for file, owner in owned if _is_notebook(file.place)]
    others = [Beside(file, owner) for file, owner in owned if not _is_notebook(file.place)]
    owners: dict[PurePosixPath, set[str]] = {}
    for file, owner in notebooks:
        owners.setdefault(file.place.parent, set()).add(owner.who)
    near: dict[tuple[str, PurePosixPath], list[Beside]] = {}
    for one in others:
        folder = one.file.place.parent
        who = one.owner.who
        if one.owner.chosen and len(owners.get(folder, ())) == 1:
            # The only student of a folder: the choices in it are theirs.
            who = next(iter(owners[folder]))
        near.setdefault((who, folder), []).append(one)
    found = {place: beside(near[place], near[place][0].owner) for place in near}
    for file, owner in notebooks:
        choices, small, left_out = found.get((owner.who, file.place.parent), (None, {}, ()))
        yield from _shared(
            Submission(
                owner,
                plain(str(file.place)),
                partial(file.whole, notebook_bytes),
                choices,
                small,
                left_out,
                file.time,
                problem=file.problem,
            )
        )
    students = {owner.who for _, owner in notebooks}
    instead: dict[str, list[Beside]] = {}
    for one in others:
        if one.owner.who not in students and one.file.place.suffix.lower() in _INSTEAD:
            instead.setdefault(one.owner.who, []).append(one)
    for files_of_one in instead.values():
        yield from _shared(_without_notebook(files_of_one))


def _without_notebook(instead: list[Beside]) -> Submission:
    names = tuple(plain(one.name) for one in instead)
    problem = (
        f"Only {', '.join(names[:3])}{' and others' if len(names) > 3 else ''} was handed in, and "
        "no notebook. Hand in the .ipynb file itself."
    )

    def read() -> bytes:
        raise SubmissionError(problem)

    first = instead[0]
    return Submission(
        first.owner,
        plain(str(first.file.place)),
        read,
        instead=names,
        time=first.file.time,
        problem=problem,
    )


def _shared(submission: Submission) -> Iterator[Submission]:
    """Yield the work of a group once for each of its members."""
    yield submission
    for partner in submission.owner.partners:
        yield replace(submission, owner=replace(partner, partners=(submission.owner,)))
