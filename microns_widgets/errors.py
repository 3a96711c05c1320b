"""Every error that this package raises on purpose.

Each message says what was given, what was expected and what to do next. All of them are
subclasses of `MicronsError`; most are also subclasses of the built-in exception that fits, such as
`ValueError` or `KeyError`, so that existing ``except`` clauses work.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from numbers import Real
from reprlib import Repr

# Long enough for a path or a mistyped name, short enough for a line.
_shortened = Repr()
_shortened.maxstring = _shortened.maxother = 80


class MicronsError(Exception):
    """Base class of all errors that this package raises on purpose."""


class InvalidArgument(MicronsError, ValueError):
    """An argument has an impossible value."""


class InvalidType(MicronsError, TypeError):
    """An argument has the wrong type."""


class UnknownArgument(MicronsError, TypeError):
    """A function does not have this keyword argument."""


class UnknownAttribute(MicronsError, AttributeError):
    """A widget does not have the attribute that was assigned."""


class InvalidCall(MicronsError, TypeError):
    """An argument is missing, or there are too many."""


class InvalidRootIds(MicronsError, ValueError):
    """Root ids are not whole numbers, or one is 0 or repeated where distinct cells are needed."""


class TooManyCells(MicronsError, ValueError):
    """More cells were given than can be shown or selected at once."""


class TableError(MicronsError, ValueError):
    """A cell table or synapse table is unreadable, or has missing columns or invalid values."""


class SkeletonError(MicronsError, ValueError):
    """The vertices, edges, radii or compartments of a skeleton are invalid."""


class MatrixError(MicronsError, ValueError):
    """A cell is not in a connectivity matrix, or labels and orders do not fit its cells."""


class RatesDiverged(MicronsError, ArithmeticError):
    """Rates of an unstable network grew beyond the largest number of the computer."""


class NoDecay(MicronsError, ValueError):
    """Activity in a network did not decay in the simulated time."""


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
    """The data source has no skeleton of this cell."""


class SynapsesNotLoaded(MicronsError, LookupError):
    """A release was opened without its synapses; the message says how to get them."""


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
    """A folder already contains another index, or one is being built there."""


class ClusterError(MicronsError, RuntimeError):
    """A Dask cluster cannot be reached, has no workers, or cannot read the folder."""


class DownloadError(MicronsError, OSError):
    """A file could not be downloaded, or the download is not the expected file."""


class NotInBrowser(MicronsError, RuntimeError):
    """Python runs inside a web page, from where the data's servers cannot be reached."""


class FrontendNotBuilt(MicronsError, FileNotFoundError):
    """The JavaScript of a widget is missing; it is built from ``frontend/``."""


class ExportRefused(MicronsError, ValueError):
    """An exported page would be too large, or would contain data that must not be shared."""


class SiteNotBuilt(MicronsError, RuntimeError):
    """A notebook of the course fails or warns, or a page cannot be built."""


class CaveError(MicronsError, RuntimeError):
    """CAVE responded with an error, or not at all."""


class TokenRefused(CaveError):
    """The CAVE token is missing, malformed, unknown or expired."""


class TokenNotSaved(WriteError):
    """The token file cannot be written, or is not a token file of caveclient."""


class OtherTokenSaved(MicronsError, FileExistsError):
    """Another token is already saved, and was not overwritten."""


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
    """The service is down or too slow, or there is no network connection."""


class QueryTruncated(CaveError):
    """Fewer rows arrived than the service has, and the query cannot be split further."""


class SandboxUnavailable(MicronsError, RuntimeError):
    """No sandbox is available on this machine, so submissions are not run."""


class SubmissionError(MicronsError, ValueError):
    """A submission, an archive of submissions, or a roster cannot be read."""


class MasterError(MicronsError, ValueError):
    """A master notebook, or an exercise generated from it, is invalid."""


class UnknownQuestion(_LookupFailure):
    """No exercise or question has this name."""


def check_choice(argument: str, value: object, choices: Collection[str]) -> None:
    """Raise `InvalidArgument` unless a value is one of the choices."""
    if not isinstance(value, str) or value not in choices:
        raise InvalidArgument(
            f"{argument}={quoted(value)} is not a valid choice.{suggestion(value, choices)} "
            f"Expected one of {', '.join(map(repr, choices))}."
        )


def check_positive(argument: str, value: object, expected: str = "a number above 0") -> None:
    """Raise `InvalidArgument` unless a value is a finite number above 0."""
    # A bool is a number to Python, but a length or a factor is never True.
    if isinstance(value, bool) or not (isinstance(value, Real) and 0 < float(value) < math.inf):
        raise InvalidArgument(f"{argument}={quoted(value)} is not valid: expected {expected}.")


def check_column(column: str, columns: Iterable[str], table: str = "The cell table") -> None:
    """Raise `UnknownColumn` unless a table has the column."""
    names = list(map(str, columns))
    if not isinstance(column, str) or column not in names:
        raise UnknownColumn(
            f"{table} has no column {quoted(column)}.{suggestion(column, names)} "
            f"Expected one of {', '.join(names)}."
        )


def check_keywords(function: str, keywords: Iterable[str], known: Collection[str]) -> None:
    """Raise `UnknownArgument` unless a function has all the keywords."""
    check_names(f"{function}() has no argument", keywords, known)


def check_names(refusal: str, names: Iterable[str], known: Collection[str]) -> None:
    """Raise `UnknownArgument` unless all names are known; `refusal` comes before the name."""
    for name in names:
        if name not in known:
            expected = f"Expected one of {', '.join(known)}." if known else "It has none."
            raise UnknownArgument(f"{refusal} {name!r}.{suggestion(name, known)} {expected}")


def one_line(text: str, most: int) -> str:
    """Return a text on one line of at most `most` characters, cut in the middle."""
    line = " ".join(text.split())
    half = (most - 3) // 2
    return line if len(line) <= most else f"{line[:half]}...{line[-half:]}"


def quoted(value: object) -> str:
    """Return a value as a message quotes it: short, on one line, whatever the value is."""
    return one_line(_shortened.repr(value), 200)


def suggestion(value: object, choices: Iterable[str]) -> str:
    """Return ``" Did you mean 'x'?"`` for the nearest choice, or ``""`` if none is near."""
    if not isinstance(value, str):
        return ""
    from difflib import get_close_matches  # takes longer to import than this module

    # Compared without case and underscores: "celltype" and "Cell_Type" mean the same.
    plain = {_plain(choice): choice for choice in map(str, choices) if choice}
    near = get_close_matches(_plain(value), plain, n=1)
    return f" Did you mean {plain[near[0]]!r}?" if near else ""


def _plain(name: str) -> str:
    return name.casefold().replace("_", "").replace(" ", "")
