"""Every error that a user of the package can meet.

Each message says what was given, what was expected and what to do next. The
classes also inherit from the built-in exception that a careful caller would
have caught anyway.
"""

from __future__ import annotations

from collections.abc import Collection


class MicronsError(Exception):
    """Base class of all errors that this package raises on purpose."""


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
    """A root id, type, region or strategy does not occur in the connectome."""


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


def check_choice(argument: str, given: object, expected: Collection[str]) -> None:
    """Raise ValueError unless an argument is one of the words that are expected."""
    if given not in expected:
        raise ValueError(
            f"There is no {argument} {given!r}, expected one of {', '.join(map(repr, expected))}."
        )
