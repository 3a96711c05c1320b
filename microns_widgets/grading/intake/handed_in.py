"""The files of an export: a folder, an archive, and archives within them.

An archive is never unpacked to disk, and no path in it is ever used: its files are read into
memory with a size limit. An archive within is a folder here, with the archive's name.
"""

from __future__ import annotations

import calendar
import io
import lzma
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath
from typing import ClassVar

from microns_widgets.errors import SubmissionError
from microns_widgets.grading.limits import MIB

#: Largest number of files in an export, and in an archive within it.
_MOST, _MOST_WITHIN = 100_000, 5_000
#: Largest archive within an archive, and how deep archives are looked into.
_NESTED, _DEPTH = 64 * MIB, 2
#: Size of all archives within one archive; an archive of archives can be a bomb.
_NESTED_TOTAL = 1024 * MIB
#: Errors of zipfile for damaged, unknown and encrypted members, besides its own.
_UNREADABLE = (OSError, EOFError, NotImplementedError, RuntimeError)
_SKIPPED = {".ipynb_checkpoints", "__MACOSX", "__pycache__", "node_modules", ".venv"}
#: A repository: its own folder says that it is one, and nothing else in it matters.
GIT = ".git"
_UTF8 = 0x800
_NOTEBOOK = "notebook"


@dataclass(frozen=True)
class HandedIn:
    """A file in a folder or an archive.

    Attributes
    ----------
    place : PurePosixPath
        Where it is; an archive within counts as a folder.
    size : int
        Its size in bytes, as the folder or archive claims.
    read : callable
        Reads at most the given number of bytes.
    time : float
        When it was last changed, in seconds since 1970 (in local time for archives); 0 if unknown.
    problem : str
        Why it cannot be read; empty if it can.
    """

    place: PurePosixPath
    size: int
    read: Callable[[int], bytes]
    time: float = 0.0
    problem: str = ""

    def whole(self, most: int, what: str = _NOTEBOOK) -> bytes:
        """Read the whole file, whatever size an archive claims for it.

        Raises
        ------
        SubmissionError
            If it cannot be read or is too large, or is an empty notebook. The message is for the
            student.
        """
        if self.problem:
            raise SubmissionError(self.problem)
        content = self.read(most + 1) if self.size <= most else b""
        if self.size > most or len(content) > most:
            advice = " Clear its outputs (Edit > Clear Outputs of All Cells), save, and hand it in"
            raise SubmissionError(
                f"The {what} is {max(self.size, len(content)) / MIB:,.0f} MB or larger; the "
                f"limit is {most / MIB:,.0f} MB.{f'{advice} again.' if what == _NOTEBOOK else ''}"
            )
        if not content and what == _NOTEBOOK:
            raise SubmissionError("The file is empty. Save the notebook and hand it in again.")
        return content


def files_of(path: Path) -> list[HandedIn]:
    """Return all files of an export, in the order of their names.

    Raises
    ------
    SubmissionError
        If it is neither a folder, a zip archive nor a notebook, or has too many files.
    """
    if path.is_dir():
        return list(_folder(path))
    if path.is_file() and path.suffix.lower() == ".zip":
        try:
            return list(_archive(PurePosixPath(), _OnDisk(path), _MOST, _DEPTH))
        except (zipfile.BadZipFile, *_UNREADABLE) as error:
            raise SubmissionError(
                f"{path} is not a readable archive: {error}. Export it again from the learning "
                "system."
            ) from None
    if path.is_file() and path.suffix == ".ipynb":
        return [_on_disk(path, PurePosixPath(path.name))]
    raise SubmissionError(
        f"There is no folder, zip export or notebook {path}. Name the folder with the "
        "notebooks, or the archive that the learning system exported."
    )


def _folder(base: Path) -> Iterator[HandedIn]:
    count = 0
    for root, folders, files in os.walk(base):
        if GIT in folders:
            place = PurePosixPath((Path(root) / GIT).relative_to(base).as_posix())
            yield HandedIn(place, 0, _empty)
        folders[:] = sorted(set(folders) - _SKIPPED - {GIT})
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
            if not stat.S_ISREG(path.lstat().st_mode):
                yield HandedIn(place, 0, _empty, problem="It is a link or a device, not a file.")
            elif path.suffix.lower() == ".zip":
                yield from _within(place, _OnDisk(path), _DEPTH)
            else:
                yield _on_disk(path, place)


def _on_disk(path: Path, place: PurePosixPath) -> HandedIn:
    about = path.stat()
    return HandedIn(place, about.st_size, partial(_head, path), about.st_mtime)


def _within(place: PurePosixPath, source: _OnDisk | _Nested, depth: int) -> Iterator[HandedIn]:
    """Yield the files of an archive within an export: a student's own, or one of an exercise."""
    try:
        yield from list(_archive(place, source, _MOST_WITHIN, depth - 1))
    except (SubmissionError, zipfile.BadZipFile, *_UNREADABLE) as error:
        many = str(error) if isinstance(error, SubmissionError) else "It cannot be read."
        problem = f"This is an archive, not a notebook. {many} Hand in the .ipynb file itself."
        yield HandedIn(place.with_suffix(".ipynb"), 0, _empty, problem=problem)


def _archive(
    place: PurePosixPath, source: _OnDisk | _Nested, most: int, depth: int
) -> Iterator[HandedIn]:
    members = source.archive().infolist()
    if len(members) > most:
        raise SubmissionError(
            f"{source.name} has more than {most:,} files. Export the submissions only."
        )
    nested = 0
    for member in members:
        file = _member(place, member, partial(_head_in, source, member))
        if file is None:
            continue
        inner = file.place.suffix.lower() == ".zip" and not file.problem and depth > 0
        nested += file.size if inner else 0
        if inner and file.size <= _NESTED and nested <= _NESTED_TOTAL:
            yield from _within(file.place, _Nested(file.place.name, file.read, depth), depth)
        else:
            yield file


def _member(
    place: PurePosixPath, member: zipfile.ZipInfo, read: Callable[[int], bytes]
) -> HandedIn | None:
    # Names are never used as paths; `..` and drives are dropped so that nobody is misled.
    parts = [part for part in re.split(r"[\\/]+", _name(member)) if part not in ("", ".", "..")]
    if GIT in parts:
        own = parts[: parts.index(GIT) + 1]
        return HandedIn(place.joinpath(*own), 0, _empty) if parts[-1] == "HEAD" else None
    if member.is_dir() or not parts or set(parts) & _SKIPPED or parts[-1].startswith("._"):
        return None
    problem = ""
    if stat.S_ISLNK(member.external_attr >> 16):
        problem = "It is a link, not a file."
    elif member.flag_bits & 1:
        problem = "It is protected by a password."
    return HandedIn(place.joinpath(*parts), member.file_size, read, _time(member), problem)


def _name(member: zipfile.ZipInfo) -> str:
    """Return a member's name; some programs write UTF-8 and do not say so."""
    if not member.flag_bits & _UTF8 and not member.filename.isascii():
        try:
            return member.filename.encode("cp437").decode()
        except UnicodeError:
            pass
    return member.filename


def _time(member: zipfile.ZipInfo) -> float:
    year, month, day, *clock = member.date_time
    if (year, month, day) <= (1980, 1, 1) or not (1 <= month <= 12 and 1 <= day <= 31):
        return 0.0
    return float(calendar.timegm((year, month, day, *clock, 0, 0, 0)))


class _OnDisk:
    """An archive that is a file; the last ones stay open, since large ones take time to open."""

    def __init__(self, path: Path) -> None:
        self.name, self._path = str(path), path

    def archive(self) -> zipfile.ZipFile:
        about = self._path.stat()
        return _opened(self._path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=4)
def _opened(path: Path, _time: int, _size: int) -> zipfile.ZipFile:
    return zipfile.ZipFile(path)


class _Nested:
    """An archive within another; the last one of each depth stays in memory."""

    _last: ClassVar[dict[int, tuple[_Nested, zipfile.ZipFile]]] = {}

    def __init__(self, name: str, read: Callable[[int], bytes], depth: int) -> None:
        self.name, self._read, self._depth = name, read, depth

    def archive(self) -> zipfile.ZipFile:
        # Threads may both read an archive; none of them gets another's.
        kept = _Nested._last.get(self._depth)
        if kept is None or kept[0] is not self:
            kept = (self, zipfile.ZipFile(io.BytesIO(self._read(_NESTED))))
            _Nested._last[self._depth] = kept
        return kept[1]


def _head(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        return file.read(most)


def _head_in(source: _OnDisk | _Nested, member: zipfile.ZipInfo, most: int) -> bytes:
    try:
        with source.archive().open(member) as file:
            return file.read(most)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, *_UNREADABLE) as error:
        raise SubmissionError(f"It cannot be read from the archive: {error}.") from None


def _empty(most: int) -> bytes:
    return b""
