"""Submissions as a learning system hands them out: a folder, or its archive.

Nothing of an archive is ever unpacked to the disk. What is wanted of it (notebooks and recorded
choices) is read into memory with a limit, so that no name in it leads anywhere.
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
from microns_widgets.grading.sandbox.records import plain

#: Files of one archive or folder that are looked at.
_MOST = 100_000
#: An archive inside of an archive: a student's zipped folder.
_NESTED = 64 * MIB
_CHOICES, _CHOICES_BYTES = "choices.json", MIB
#: What zipfile raises for damaged, unknown and locked members, beside its own.
_UNREADABLE = (OSError, EOFError, NotImplementedError, RuntimeError)
_SKIPPED = {".ipynb_checkpoints", "__MACOSX"}

#: Canvas: name_LATE_user_submission_file. Moodle: Full Name_number_assignsubmission_file_.
_CANVAS = re.compile(r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_(?P<turn>\d+)_(?P<file>.+)")
_MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_file_?")
_GRADESCOPE = re.compile(r"submission_(?P<id>\d+)")
_SUBMITTER = re.compile(r"^\s+-?\s*:(?P<what>name|email|sid):\s*(?P<value>.+)$")


@dataclass(frozen=True)
class Submission:
    """One notebook that was handed in, and who says so.

    Attributes
    ----------
    who : str
        Who it is to the learning system: the id it gives, or a name.
    name : str
        Name to show.
    file : str
        Where it was found, for people.
    late : bool
        Whether the learning system says so.
    email : str
        If the learning system tells it.
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
    """A file in a folder or in an archive: its place, and how its first bytes are read."""

    place: PurePosixPath
    size: int
    read: Callable[[int], bytes]
    problem: str = ""


def find_submissions(path: Path, notebook_bytes: int) -> list[Submission]:
    """Find what was handed in, in the order of its names.

    Parameters
    ----------
    path : path
        A folder, a learning system's zip export, or one notebook.
    notebook_bytes : int
        A larger notebook is not read; it is told so.

    Raises
    ------
    SubmissionError
        If there is nothing, or it is no archive.
    """
    if path.is_dir():
        entries = list(_folder(path))
    elif path.is_file() and path.suffix == ".zip":
        entries = list(_archive(path))
    elif path.is_file() and path.suffix == ".ipynb":
        entries = [_Entry(PurePosixPath(path.name), path.stat().st_size, partial(_head, path))]
    else:
        raise SubmissionError(
            f"There is no folder, zip export or notebook {path}. Give the folder with the "
            "notebooks, or the archive that the learning system made."
        )
    found = list(_submissions(entries, notebook_bytes))
    if not found:
        raise SubmissionError(f"There is no notebook (.ipynb) in {path}.")
    return sorted(found, key=lambda one: (one.who, one.file))


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
        # In a folder of several students nobody can tell whose choices they are.
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
    """Count the folders around all notebooks alike; below them a name is a student's."""
    if len(notebooks) == 1:
        # There is nobody to take it for: the folder that it lies in is its student's.
        return max(0, len(notebooks[0].parent.parts) - 1)
    ways = zip(*(place.parent.parts for place in notebooks), strict=False)
    return len(list(takewhile(lambda parts: len(set(parts)) == 1, ways)))


def _identity(
    place: PurePosixPath, depth: int, people: dict[str, dict[str, str]]
) -> dict[str, str]:
    # Deeper folders are the student's own, and may be called as another's.
    for part in place.parts[:-1][: depth + 1]:
        if found := _MOODLE.fullmatch(part):
            return {"who": found["id"], "name": plain(found["name"])}
        if found := _GRADESCOPE.fullmatch(part):
            known = people.get(part, {})
            who = known.get("sid") or known.get("email") or found["id"]
            name = known.get("name", found["id"])
            return {"who": who, "name": name, "email": known.get("email", "")}
    if found := _CANVAS.fullmatch(place.stem):
        late = found["late"] or ""
        return {"who": found["id"], "name": plain(found["name"]), "late": late}
    # A folder a student, or a notebook a student.
    own = place.parts[depth] if len(place.parts) > depth + 1 else place.stem
    return {"who": plain(own), "name": plain(own)}


def _gradescope_people(entries: list[_Entry]) -> dict[str, dict[str, str]]:
    """Read who is who from Gradescope's list: the few lines of its YAML that matter."""
    people: dict[str, dict[str, str]] = {}
    lists = [entry for entry in entries if entry.place.name == "submission_metadata.yml"]
    # The outermost one is Gradescope's; a student may hand in another.
    for entry in sorted(lists, key=lambda entry: len(entry.place.parts))[:1]:
        current: dict[str, str] = {}
        for line in entry.read(16 * MIB).decode("utf-8", "replace").splitlines():
            if line.startswith("submission_") and line.endswith(":"):
                current = people.setdefault(line[:-1], {})
            elif found := _SUBMITTER.match(line):
                # The first submitter of a group stands for it.
                current.setdefault(found["what"], plain(found["value"].strip("'\"")))
    return people


def _folder(base: Path) -> Iterator[_Entry]:
    seen = 0
    for root, folders, files in os.walk(base):
        folders[:] = sorted(set(folders) - _SKIPPED)
        for name in sorted(files):
            seen += 1
            if seen > _MOST:
                raise SubmissionError(f"{base} has more than {_MOST:,} files.")
            path = Path(root) / name
            place = PurePosixPath(path.relative_to(base).as_posix())
            # A link may lead to a file of the teacher's; what is no file may never end.
            mode = path.lstat().st_mode
            if not stat.S_ISREG(mode):
                yield _Entry(place, 0, _nothing, "It is a link or a device, not a file.")
            elif path.suffix == ".zip" and path.stat().st_size <= _NESTED:
                yield from _inside(place, partial(_head, path))
            else:
                yield _Entry(place, path.stat().st_size, partial(_head, path))


def _archive(path: Path) -> Iterator[_Entry]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise SubmissionError(f"{path} is no archive that can be read: {error}.") from None
    if len(members) > _MOST:
        raise SubmissionError(f"{path} has more than {_MOST:,} members.")
    for member in members:
        entry = _member(member, partial(_head_in, path, member))
        if entry is None:
            continue
        if entry.place.suffix == ".zip" and not entry.problem and entry.size <= _NESTED:
            yield from _inside(entry.place, entry.read)
        else:
            yield entry


def _inside(place: PurePosixPath, archived: Callable[[int], bytes]) -> Iterator[_Entry]:
    """Give the notebooks of a student's own archive; what archives that one holds is not seen."""
    try:
        with zipfile.ZipFile(io.BytesIO(archived(_NESTED))) as archive:
            members = archive.infolist()[:1000]
    except (SubmissionError, zipfile.BadZipFile, *_UNREADABLE):
        yield _Entry(place.with_suffix(".ipynb"), 0, _nothing, "Its archive cannot be read.")
        return
    for member in members:
        entry = _member(member, partial(_head_in, archived, member))
        if entry is not None and entry.place.suffix == ".ipynb":
            # It belongs to whoever handed in the archive, whatever its own folders are called.
            inner = place.parent / f"{place.stem}.{entry.place.name}"
            yield _Entry(inner, entry.size, entry.read, entry.problem)


def _member(member: zipfile.ZipInfo, read: Callable[[int], bytes]) -> _Entry | None:
    # Names are never used as paths: `..` and drives are only dropped so that people are not misled.
    parts = [part for part in re.split(r"[\\/]+", member.filename) if part not in ("", ".", "..")]
    if member.is_dir() or not parts or set(parts) & _SKIPPED or parts[-1].startswith("._"):
        return None
    problem = ""
    if stat.S_ISLNK(member.external_attr >> 16):
        problem = "It is a link, not a file."
    elif member.flag_bits & 1:
        problem = "It is locked with a password."
    return _Entry(PurePosixPath(*parts), member.file_size, read, problem)


def _head(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        return file.read(most)


def _head_in(source: Path | Callable[[int], bytes], member: zipfile.ZipInfo, most: int) -> bytes:
    # A student's archive is read again each time: thousands of them are not kept in memory.
    opened = source if isinstance(source, Path) else io.BytesIO(source(_NESTED))
    try:
        with zipfile.ZipFile(opened) as archive, archive.open(member) as file:
            return file.read(most)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, *_UNREADABLE) as error:
        raise SubmissionError(f"It cannot be read from the archive: {error}.") from None


def _nothing(most: int) -> bytes:
    return b""


def _whole(entry: _Entry, most: int) -> bytes:
    """Read a file whole, whatever size the archive claims for it."""
    if entry.problem:
        raise SubmissionError(entry.problem)
    content = entry.read(most + 1) if entry.size <= most else b""
    if entry.size > most or len(content) > most:
        raise SubmissionError(
            f"The notebook has {max(entry.size, len(content)) / MIB:,.0f} MB or more, at most "
            f"{most / MIB:,.0f} are read. Clear its outputs (Edit, Clear Outputs of All Cells), "
            "save, and hand it in again."
        )
    if not content:
        raise SubmissionError("The file is empty. Save the notebook and hand it in again.")
    return content
