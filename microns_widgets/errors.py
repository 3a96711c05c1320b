"""Every error that a user of the package can meet.

Each message says what was given, what was expected and what to do next. All of them are
`MicronsError`; each is also the built-in exception that a careful caller would have caught.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches


class MicronsError(Exception):
    """Base class of all errors that this package raises on purpose."""


class InvalidArgument(MicronsError, ValueError):
    """An argument has a value that is not possible."""


class InvalidType(MicronsError, TypeError):
    """An argument is of a type that cannot serve."""


class UnknownArgument(MicronsError, TypeError):
    """A keyword argument of this name does not exist."""


class InvalidRootIds(MicronsError, ValueError):
    """Root ids are not whole numbers, or one is 0 or repeated where each must be a cell."""


class TooManyCells(MicronsError, ValueError):
    """More cells were given than can be shown or chosen at once."""


class TableError(MicronsError, ValueError):
    """A cell table or a synapse table is not what it should be."""


class SkeletonError(MicronsError, ValueError):
    """A skeleton is not a forest of vertices in nm with radii and compartments."""


class MatrixError(MicronsError, ValueError):
    """A connectivity matrix was asked for something it cannot give."""


class _LookupFailure(MicronsError, KeyError):
    # KeyError prints the repr of its argument; a message for people must not be quoted.
    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class UnknownCell(_LookupFailure):
    """No cell has this root id."""


class UnknownLabel(_LookupFailure):
    """A type, region or proofreading strategy does not occur in the cell table."""


class UnknownColumn(_LookupFailure):
    """A table has no column of this name."""


class SkeletonNotFound(_LookupFailure):
    """There is no skeleton for this cell here."""


class IndexDamaged(MicronsError):
    """The files of a synapse index are incomplete or contradict each other."""


class WriteError(MicronsError, OSError):
    """A file or a folder cannot be written: the disk is full, or permission is missing.

    Attributes
    ----------
    reason : str
        What the operating system says.
    """

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


class MissingLibrary(MicronsError, ImportError):
    """A library that only some functions need is not installed."""


class IndexExists(MicronsError, FileExistsError):
    """A folder holds another index, or one is being built in it."""


class ClusterError(MicronsError, RuntimeError):
    """A Dask cluster cannot be reached, or cannot do what is asked of it."""


class DownloadError(MicronsError, OSError):
    """A file could not be fetched, or what came is not that file."""


class FrontendNotBuilt(MicronsError, FileNotFoundError):
    """The JavaScript of a widget is not there: it is built from ``frontend/``."""


class ExportRefused(MicronsError, ValueError):
    """A page would be too large, or would hold what must not be passed on."""


class SiteNotBuilt(MicronsError, RuntimeError):
    """A notebook of the course fails or warns, or a page is not as it should be."""


class CaveError(MicronsError, RuntimeError):
    """CAVE answered with an error, or not at all."""


class TokenRefused(CaveError):
    """The CAVE token is missing, malformed, unknown or expired."""


class TokenNotSaved(WriteError):
    """The file with tokens cannot be written, or is not what it should be."""


class OtherTokenSaved(MicronsError, FileExistsError):
    """Another token is saved already, and was not overwritten."""


class TermsNotAccepted(CaveError):
    """The account has not accepted the dataset's terms of service.

    Attributes
    ----------
    url : str
        The page on which the terms can be accepted.
    """

    def __init__(self, message: str, url: str = "") -> None:
        super().__init__(message)
        self.url = url


class NoPermission(CaveError):
    """The account may not see this datastack."""


class VersionNotFound(CaveError):
    """The service does not have, or no longer has, this version or table."""


class ServiceUnreachable(CaveError):
    """The service is down, too slow, or there is no network."""


class QueryTruncated(CaveError):
    """The service cut an answer at its row limit and it could not be split further."""


class SandboxUnavailable(MicronsError, RuntimeError):
    """Submissions cannot be kept in on this machine, so they are not run."""


class SubmissionError(MicronsError, ValueError):
    """A submission, a roster or an archive of them is not what it should be."""


class MasterError(MicronsError, ValueError):
    """A master notebook, or what was made of it, is not what it should be."""


class UnknownQuestion(_LookupFailure):
    """There is no exercise or question of this name here."""


def check_choice(argument: str, value: object, choices: Collection[str]) -> None:
    """Raise `InvalidArgument` unless a value is one of the choices."""
    if value not in choices:
        raise InvalidArgument(
            f"{argument}={value!r} is not a valid choice.{suggestion(value, choices)} Expected "
            f"one of {', '.join(map(repr, choices))}."
        )


def check_column(column: str, columns: Iterable[str], table: str = "The cell table") -> None:
    """Raise `UnknownColumn` unless a table has the column."""
    names = list(map(str, columns))
    if column not in names:
        raise UnknownColumn(
            f"{table} has no column {column!r}.{suggestion(column, names)} "
            f"Expected one of {', '.join(names)}."
        )


def check_keywords(function: str, keywords: Iterable[str], known: Collection[str]) -> None:
    """Raise `UnknownArgument` unless a function knows all the keywords."""
    for keyword in keywords:
        if keyword not in known:
            raise UnknownArgument(
                f"{function}() has no argument {keyword!r}.{suggestion(keyword, known)} "
                f"Expected one of {', '.join(known)}."
            )


def suggestion(value: object, choices: Iterable[str]) -> str:
    """Return ``" Did you mean 'x'?"`` for the nearest choice, or ``""`` if none is near."""
    # Compared without case and underscores: "celltype" and "Cell_Type" mean the same.
    plain = {_plain(choice): choice for choice in choices if choice}
    near = get_close_matches(_plain(str(value)), plain, n=1)
    return f" Did you mean {plain[near[0]]!r}?" if near else ""


def _plain(name: str) -> str:
    return name.casefold().replace("_", "").replace(" ", "")
