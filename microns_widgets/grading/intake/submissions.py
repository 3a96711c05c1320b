"""Submissions as learning systems export them: a folder, or an archive.

An archive is never unpacked to disk. Notebooks and recorded choices are read into memory with a
size limit, so that no path in the archive is ever used.
"""

from __future__ import annotations

import io
import lzma
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from pathlib import Path, PurePosixPath

from microns_widgets.errors import SubmissionError
from microns_widgets.grading.limits import MIB
from microns_widgets.grading.untrusted_text import plain

#: Largest number of files in an archive or folder.
_MOST = 100_000
#: Largest archive inside an archive: a student's zipped folder.
_NESTED = 64 * MIB
_CHOICES, _CHOICES_BYTES = "choices.json", MIB
#: Errors of zipfile for damaged, unknown and encrypted members, besides its own.
_UNREADABLE = (OSError, EOFError, NotImplementedError, RuntimeError)
_SKIPPED = {".ipynb_checkpoints", "__MACOSX"}

#: Canvas: name_LATE_user_submission_file. Moodle: Full Name_number_assignsubmission_file_.
_CANVAS = re.compile(r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_(?P<turn>\d+)_(?P<file>.+)")
_MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_file_?")
_GRADESCOPE = re.compile(r"submission_(?P<id>\d+)")
_SUBMITTER = re.compile(r"^\s+-?\s*:(?P<what>name|email|sid):\s*(?P<value>.+)$")


@dataclass(frozen=True)
class Submission:
    """One notebook that was handed in.

    Attributes
    ----------
    who : str
        The student, as the learning system identifies them: an id or a name.
    name : str
        Name for display.
    file : str
        Path of the file, for display.
    read, read_choices : callable
        Read the notebook, and the file of choices beside it if there is one.
    late : bool
        Whether the learning system marks it as late.
    email : str
        If the learning system provides it.
    problem : str
        Why it cannot be read at all; empty if it can.
    """

    who: str
    name: str
    file: str
    read: Callable[[], bytes]
    read_choices: Callable[[], bytes] | None = None
    late: bool = False
    email: str = ""
    problem: str = ""


@dataclass(frozen=True)
class _Entry:
    """A file in a folder or an archive: where it is, and how its first bytes are read."""

    place: PurePosixPath
    size: int
    read: Callable[[int], bytes]
    problem: str = ""


def find_submissions(path: Path, notebook_bytes: int) -> list[Submission]:
    """Find what was handed in, sorted by student and file.

    Parameters
    ----------
    path : path
        A folder, a learning system's zip export, or one notebook.
    notebook_bytes : int
        Size above which a notebook is not read.

    Raises
    ------
    SubmissionError
        If there is nothing, or it is not an archive.
    """
    if path.is_dir():
        entries = list(_folder(path))
    elif path.is_file() and path.suffix == ".zip":
        entries = list(_archive(path))
    elif path.is_file() and path.suffix == ".ipynb":
        entries = [_Entry(PurePosixPath(path.name), path.stat().st_size, partial(_head, path))]
    else:
        raise SubmissionError(
            f"There is no folder, zip export or notebook {path}. Name the folder with the "
            "notebooks, or the archive that the learning system exported."
        )
    submissions = list(_submissions(entries, notebook_bytes))
    if not submissions:
        raise SubmissionError(
            f"There is no notebook (.ipynb) in {path}. Name the folder or the archive that "
            "contains the submissions."
        )
    return sorted(submissions, key=lambda one: (one.who, one.file))


def _submissions(entries: list[_Entry], notebook_bytes: int) -> Iterator[Submission]:
    depth = _shared_folders([entry.place for entry in entries if entry.place.suffix == ".ipynb"])
    people = _gradescope_people(entries)
    choices = {entry.place.parent: entry for entry in entries if entry.place.name == _CHOICES}
    owners: dict[PurePosixPath, set[str]] = {}
    for entry in entries:
        if entry.place.suffix == ".ipynb":
            who = _identity(entry.place, depth, people)["who"]
            owners.setdefault(entry.place.parent, set()).add(who)
    for entry in entries:
        if entry.place.suffix != ".ipynb":
            continue
        about = _identity(entry.place, depth, people)
        # In a folder of several students the choices cannot be assigned to one of them.
        beside = choices.get(entry.place.parent) if len(owners[entry.place.parent]) == 1 else None
        yield Submission(
            who=about["who"],
            name=about["name"],
            email=about.get("email", ""),
            late=bool(about.get("late")),
            file=plain(str(entry.place)),
            read=partial(_whole, entry, notebook_bytes),
            read_choices=partial(_whole, beside, _CHOICES_BYTES) if beside else None,
            problem=entry.problem,
        )


def _shared_folders(notebooks: list[PurePosixPath]) -> int:
    """Count the folders that all notebooks share; the next name below is the student's."""
    if len(notebooks) == 1:
        # The only student: the folder that contains it is theirs.
        return max(0, len(notebooks[0].parent.parts) - 1)
    levels = zip(*(place.parent.parts for place in notebooks), strict=False)
    return len(list(takewhile(lambda parts: len(set(parts)) == 1, levels)))


def _identity(
    place: PurePosixPath, depth: int, people: dict[str, dict[str, str]]
) -> dict[str, str]:
    # Deeper folders are the student's own, and may be named like another student's.
    for part in place.parts[:-1][: depth + 1]:
        if match := _MOODLE.fullmatch(part):
            return {"who": match["id"], "name": plain(match["name"])}
        if match := _GRADESCOPE.fullmatch(part):
            person = people.get(part, {})
            who = person.get("sid") or person.get("email") or match["id"]
            name = person.get("name", match["id"])
            return {"who": who, "name": name, "email": person.get("email", "")}
    if match := _CANVAS.fullmatch(place.stem):
        late = match["late"] or ""
        return {"who": match["id"], "name": plain(match["name"]), "late": late}
    # One folder per student, or one notebook per student.
    own = place.parts[depth] if len(place.parts) > depth + 1 else place.stem
    return {"who": plain(own), "name": plain(own)}


def _gradescope_people(entries: list[_Entry]) -> dict[str, dict[str, str]]:
    """Read the students from Gradescope's list: the few lines of its YAML that matter."""
    people: dict[str, dict[str, str]] = {}
    lists = [entry for entry in entries if entry.place.name == "submission_metadata.yml"]
    # The outermost one is Gradescope's; a student may hand in another.
    for entry in sorted(lists, key=lambda entry: len(entry.place.parts))[:1]:
        current: dict[str, str] = {}
        for line in entry.read(16 * MIB).decode("utf-8", "replace").splitlines():
            if line.startswith("submission_") and line.endswith(":"):
                current = people.setdefault(line[:-1], {})
            elif match := _SUBMITTER.match(line):
                # The first submitter represents a group.
                current.setdefault(match["what"], plain(match["value"].strip("'\"")))
    return people


def _folder(base: Path) -> Iterator[_Entry]:
    count = 0
    for root, folders, files in os.walk(base):
        folders[:] = sorted(set(folders) - _SKIPPED)
        for name in sorted(files):
            count += 1
            if count > _MOST:
                raise SubmissionError(
                    f"{base} has more than {_MOST:,} files. Name the folder with the submissions "
                    "only."
                )
            path = Path(root) / name
            place = PurePosixPath(path.relative_to(base).as_posix())
            # A link may lead to a file of the teacher's; reading a device may never end.
            mode = path.lstat().st_mode
            if not stat.S_ISREG(mode):
                yield _Entry(place, 0, _empty, "It is a link or a device, not a file.")
            elif path.suffix == ".zip" and path.stat().st_size <= _NESTED:
                yield from _inside(place, partial(_head, path))
            else:
                yield _Entry(place, path.stat().st_size, partial(_head, path))


def _archive(path: Path) -> Iterator[_Entry]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise SubmissionError(
            f"{path} is not a readable archive: {error}. Export it again from the learning system."
        ) from None
    if len(members) > _MOST:
        raise SubmissionError(
            f"{path} has more than {_MOST:,} members. Export the submissions only."
        )
    for member in members:
        entry = _member(member, partial(_head_in, path, member))
        if entry is None:
            continue
        if entry.place.suffix == ".zip" and not entry.problem and entry.size <= _NESTED:
            yield from _inside(entry.place, entry.read)
        else:
            yield entry


def _inside(place: PurePosixPath, archived: Callable[[int], bytes]) -> Iterator[_Entry]:
    """Yield the notebooks of a student's own archive; archives inside it are ignored."""
    try:
        with zipfile.ZipFile(io.BytesIO(archived(_NESTED))) as archive:
            members = archive.infolist()[:1000]
    except (SubmissionError, zipfile.BadZipFile, *_UNREADABLE):
        yield _Entry(place.with_suffix(".ipynb"), 0, _empty, "Its archive cannot be read.")
        return
    for member in members:
        entry = _member(member, partial(_head_in, archived, member))
        if entry is not None and entry.place.suffix == ".ipynb":
            # It belongs to whoever handed in the archive, whatever its folders are called.
            inner = place.parent / f"{place.stem}.{entry.place.name}"
            yield _Entry(inner, entry.size, entry.read, entry.problem)


def _member(member: zipfile.ZipInfo, read: Callable[[int], bytes]) -> _Entry | None:
    # Names are never used as paths; `..` and drives are dropped so that nobody is misled.
    parts = [part for part in re.split(r"[\\/]+", member.filename) if part not in ("", ".", "..")]
    if member.is_dir() or not parts or set(parts) & _SKIPPED or parts[-1].startswith("._"):
        return None
    problem = ""
    if stat.S_ISLNK(member.external_attr >> 16):
        problem = "It is a link, not a file."
    elif member.flag_bits & 1:
        problem = "It is protected by a password."
    return _Entry(PurePosixPath(*parts), member.file_size, read, problem)


def _head(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        return file.read(most)


def _head_in(source: Path | Callable[[int], bytes], member: zipfile.ZipInfo, most: int) -> bytes:
    # A student's archive is read again each time, so that thousands do not fill the memory.
    archived = source if isinstance(source, Path) else io.BytesIO(source(_NESTED))
    try:
        with zipfile.ZipFile(archived) as archive, archive.open(member) as file:
            return file.read(most)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, *_UNREADABLE) as error:
        raise SubmissionError(f"It cannot be read from the archive: {error}.") from None


def _empty(most: int) -> bytes:
    return b""


def _whole(entry: _Entry, most: int) -> bytes:
    """Read a whole file, whatever size the archive claims for it."""
    if entry.problem:
        raise SubmissionError(entry.problem)
    content = entry.read(most + 1) if entry.size <= most else b""
    if entry.size > most or len(content) > most:
        raise SubmissionError(
            f"The notebook is {max(entry.size, len(content)) / MIB:,.0f} MB or larger; the "
            f"limit is {most / MIB:,.0f} MB. Clear its outputs (Edit > Clear Outputs of All "
            "Cells), save, and hand it in again."
        )
    if not content:
        raise SubmissionError("The file is empty. Save the notebook and hand it in again.")
    return content
