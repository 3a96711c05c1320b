"""Writes files completely or not at all, and finds the folder for cached files.

A file is written under a unique temporary name next to the target and then renamed. A reader never
sees half of it, a process that is killed leaves the old file in place, and of two writers the later
one wins. A link stays a link, and a file keeps its permissions. Every failure to write raises a
`WriteError`.
"""

from __future__ import annotations

import os
import shutil
import stat
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from microns_widgets.errors import InvalidArgument, MicronsError, WriteError

#: Prefix of temporary names, which stay short however long the target's name is.
_PREFIX = ".microns-"
_DAY = 86_400


def cache_folder() -> Path:
    """Return the cache folder: ``MICRONS_CACHE`` if set, else the platform's own."""
    import platformdirs  # takes longer to import than this module

    folder = os.environ.get("MICRONS_CACHE")
    try:
        return expanded(folder) if folder else Path(platformdirs.user_cache_dir("microns_widgets"))
    except RuntimeError as error:
        raise WriteError(
            "There is no folder for cached files, because this account has no home folder. Set the "
            "environment variable MICRONS_CACHE to a folder that you can write to."
        ) from error


def expanded(path: str | os.PathLike[str]) -> Path:
    """Return a path with ``~`` at its beginning replaced by the home folder.

    Raises
    ------
    InvalidArgument
        If the home folder is not known.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise InvalidArgument(
            f"{str(path)!r}: the home folder (~) is unknown. Write the full path."
        ) from error


@contextmanager
def whole_file(path: Path, *, mode: int = 0o666, sync: bool = False) -> Iterator[Path]:
    """Yield a temporary file that becomes `path` if the block ends without an error.

    Parameters
    ----------
    path : path
        The target, or a link to it. Its folder is created if it does not exist. What processes
        that were killed left in the folder more than a day ago is removed.
    mode : int
        Permissions of a new file, less the process's umask. A file that exists already keeps
        those of its own that are among them.
    sync : bool
        Whether the content is flushed to the disk before the rename, so that it survives a
        power failure.

    Yields
    ------
    pathlib.Path
        An empty file beside the target, to be written to.

    Raises
    ------
    WriteError
        If the file cannot be written. The temporary file is removed and `path` stays as it was.
    """
    with explained_writes(path):
        path = Path(os.path.realpath(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep_once(path.parent)
        temporary = _unused_name(path.parent)
        kept = _permissions(path)
        # The owner may always write: a file is replaced even if it was made read-only.
        mode &= mode if kept is None else kept | 0o600
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode))
        try:
            if kept is not None:
                temporary.chmod(mode)  # the umask is for new files
            yield temporary
            if sync:
                _flush(temporary)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str, *, mode: int = 0o666) -> None:
    """Write a UTF-8 text file, completely or not at all; half a surrogate pair becomes ``?``."""
    with whole_file(path, mode=mode) as temporary:
        temporary.write_text(text, encoding="utf-8", errors="replace", newline="\n")


@contextmanager
def whole_folder(path: Path, advice: str = "") -> Iterator[Path]:
    """Yield a temporary folder that becomes `path` if the block ends without an error.

    If another process has created `path` in the meantime, that folder stays and this one is
    discarded: use this function only if both have the same content. Temporary files next to it
    that are more than a day old, left by processes that were killed, are removed. The error
    message ends with `advice` instead of the usual next step.

    Raises
    ------
    WriteError
        If the folder cannot be written.
    """
    with explained_writes(path, advice):
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path.parent)
        temporary = _unused_name(path.parent)
        temporary.mkdir()
        try:
            yield temporary
            try:
                temporary.rename(path)
            except OSError:
                if not path.is_dir():
                    raise
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def discard_folder(path: Path) -> None:
    """Remove a folder: rename it at once, then delete its content."""
    aside = _unused_name(path.parent)
    with suppress(FileNotFoundError):  # another process may have done it
        path.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def explained_writes(path: Path, advice: str = "") -> Iterator[None]:
    """Turn an `OSError` of the block into a `WriteError` that names `path` and the next step.

    If the block raises a `WriteError` itself, for a file in `path`, it gets the `advice`.
    """
    if not _possible(path):
        raise WriteError(f"{str(path)!r} cannot be written: no file can have this name.")
    try:
        yield
    except WriteError as error:
        if not (advice and error.reason):
            raise
        raise _write_error(path, error, error.reason, advice) from error
    except MicronsError:
        raise
    except UnicodeEncodeError as error:
        if _is_utf8(path):
            raise
        raise WriteError(
            f"{str(path)!r} cannot be written: its name is not valid UTF-8. Choose another name."
        ) from error
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        advice = advice or "Free some space, or choose a folder that you can write to."
        raise _write_error(path, error, reason, advice) from error


def _write_error(path: Path, cause: OSError, reason: str, advice: str) -> WriteError:
    error = WriteError(f"{path} cannot be written ({reason}). {advice}", reason)
    error.errno = cause.errno
    return error


def _unused_name(folder: Path) -> Path:
    return folder / f"{_PREFIX}{uuid.uuid4().hex}"


def _possible(path: Path) -> bool:
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def _is_utf8(path: Path) -> bool:
    try:
        return bool(str(path).encode())
    except UnicodeEncodeError:
        return False


def _permissions(path: Path) -> int | None:
    with suppress(FileNotFoundError):
        return stat.S_IMODE(path.stat().st_mode)
    return None


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sweep(folder: Path, older_than: float = _DAY) -> None:
    """Remove the temporary files of killed processes that are older than `older_than` seconds."""
    for path in folder.glob(_PREFIX + "?" * len(uuid.uuid4().hex)):
        with suppress(OSError):  # another process may be sweeping too
            if time.time() - path.stat().st_mtime > older_than:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


@cache
def _sweep_once(folder: Path) -> None:
    # Once for each folder and process: a folder of skeletons may have many thousands of files.
    sweep(folder)
