"""Downloads of very large public files, which continue where they stopped."""

from __future__ import annotations

import json
import os
import re
import time
import warnings
from collections.abc import Generator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from microns_widgets._files import explained_writes, write_text
from microns_widgets.errors import DownloadError
from microns_widgets.sources import downloads
from microns_widgets.sources.downloads import failed, status_of

if TYPE_CHECKING:
    import requests

#: Seconds to wait before each further attempt, if no data arrived in the last one.
WAITS = (1.0, 4.0, 15.0, 60.0)
#: Status codes after which the same request may succeed later.
_LATER = (408, 429, 500, 502, 503, 504)
_PIECE = 256 << 10
_AGAIN = "Run the same command again: it continues where it stopped."
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class RemoteFile:
    """A file on a server, in one state of its content.

    Attributes
    ----------
    url : str
        Its address.
    size : int
        Its size in bytes.
    tag : str
        The server's label for this state of the content (ETag); ``""`` if it gives none.
    """

    url: str
    size: int
    tag: str

    @property
    def name(self) -> str:
        """Its name on the server."""
        return self.url.rsplit("/", 1)[-1]

    def pieces(self, first: int = 0) -> Generator[bytes]:
        """Yield the bytes from position `first` on. A broken connection is opened again.

        Raises
        ------
        DownloadError
            If the server refuses or repeatedly fails, or if the file on it has changed.
        """
        waits = iter(WAITS)
        while first < self.size:
            before = first
            try:
                with closing(self._connection(first)) as connection:
                    for piece in connection:
                        yield piece
                        first += len(piece)
                problem: OSError = ConnectionError("the connection was closed")
            except DownloadError:
                raise
            except OSError as error:  # requests' errors are OSErrors, too
                if (status_of(error) or 500) not in _LATER:
                    raise failed(self.url, error, _AGAIN) from error
                problem = error
            if first > before:
                waits = iter(WAITS)
            elif (seconds := next(waits, None)) is not None:
                time.sleep(seconds)
            else:
                done = f"It stopped after {first / 1e9:.1f} of {self.size / 1e9:.1f} GB. {_AGAIN}"
                raise failed(self.url, problem, done) from problem

    def _connection(self, first: int) -> Generator[bytes]:
        """Yield bytes until the connection ends, which may be too early."""
        import requests
        from urllib3.exceptions import HTTPError

        from microns_widgets.sources.bounds import whole_time

        with (
            requests.Session() as session,
            _open(session, self.url, f"bytes={first}-", self.tag) as response,
        ):
            start, size = _extent(response)
            if start not in (0, first) or size != self.size or _tag(response) != self.tag:
                raise DownloadError(
                    f"{self.url} changed during the download. Run the same command again: it "
                    "starts from the beginning."
                )
            skipped = first - start
            if skipped:
                warnings.warn(
                    f"{self.name}: the server cannot continue a download, so its first "
                    f"{first / 1e9:.1f} GB are transferred again. The result is the same.",
                    stacklevel=2,
                )
            try:
                while True:
                    with whole_time(downloads.PIECE_S):
                        piece = response.raw.read(_PIECE, decode_content=False)
                    if not piece:
                        return
                    yield piece[skipped:]
                    skipped = max(skipped - len(piece), 0)
            except HTTPError as error:
                raise ConnectionError(type(error).__name__) from error


def look_up(url: str) -> RemoteFile:
    """Ask a server for the size and the state of a file.

    Raises
    ------
    OSError
        If the server does not respond, or responds with an error (requests.RequestException).
    """
    import requests

    with requests.Session() as session, _open(session, url, "bytes=0-0", "") as response:
        _, size = _extent(response)
        return RemoteFile(url, size, _tag(response))


def fetch(remote: RemoteFile, target: Path, *, progress: bool = True) -> None:
    """Download a file, or continue an interrupted download.

    Parameters
    ----------
    remote : RemoteFile
        The file, compressed with gzip.
    target : path
        The file, which appears only when it is complete. Until then, the data that have arrived
        are in ``{target}.part``.
    progress : bool
        Whether to show a progress bar.

    Raises
    ------
    DownloadError
        If the download fails; what has arrived is kept.
    WriteError
        If the file cannot be written.
    """
    from tqdm.auto import tqdm

    part = target.with_name(f"{target.name}.part")
    note = target.with_name(f"{target.name}.part.json")
    state = {"size": remote.size, "tag": remote.tag or remote.url}
    with explained_writes(target, f"Free some space. {_AGAIN}"):
        target.parent.mkdir(parents=True, exist_ok=True)
        if not _is(note, state):
            if part.exists():
                warnings.warn(
                    f"{remote.name} has changed on the server since the last attempt: the download "
                    "starts from the beginning.",
                    stacklevel=2,
                )
            part.unlink(missing_ok=True)
            write_text(note, json.dumps(state))
        with part.open("ab") as file:
            first = file.tell()
            if first > remote.size:  # not written by us
                first = file.truncate(0)
            bar = tqdm(
                total=remote.size,
                initial=first,
                desc=remote.name,
                unit="B",
                unit_scale=True,
                disable=not progress,
            )
            with bar, closing(remote.pieces(first)) as pieces:
                for piece in pieces:
                    if first == 0:
                        check_gzip(piece, remote.url)
                    first += file.write(piece)
                    bar.update(len(piece))
        os.replace(part, target)
        note.unlink(missing_ok=True)


def check_gzip(start: bytes, url: str) -> None:
    """Raise `DownloadError` unless these are the first bytes of a gzip file."""
    if not start.startswith(_GZIP):
        raise DownloadError(
            f"{url} is not a gzip file: it starts with {start[:20]!r}. If your network has a login "
            "page, log in there in a browser first; then run the same command again."
        )


def _is(note: Path, state: dict[str, object]) -> bool:
    with suppress(OSError, ValueError):
        return bool(json.loads(note.read_text()) == state)
    return False


def _open(session: requests.Session, url: str, extent: str, tag: str) -> requests.Response:
    """Ask for a part of a file, as it is stored; raise `requests.RequestException`."""
    from microns_widgets.sources.bounds import TimedAdapter, whole_time

    for scheme in ("http://", "https://"):
        session.mount(scheme, TimedAdapter())
    # A server that compresses once more, or unpacks, cannot send parts.
    headers = {"Range": extent, "Accept-Encoding": "identity"}
    if tag and not tag.startswith("W/"):
        headers["If-Range"] = tag  # if the file has changed, all of it is sent
    with whole_time(downloads.PIECE_S):
        response = session.get(url, stream=True, timeout=downloads.GAP_S, headers=headers)
    if not response.ok:
        response.close()
        response.raise_for_status()
    return response


def _extent(response: requests.Response) -> tuple[int, int]:
    """Return where the bytes of a response start in the file, and the size of the file."""
    import requests

    length = response.headers.get("Content-Length", "")
    part = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range", ""))
    if response.status_code == 206 and part:
        return int(part[1]), int(part[2])
    if response.status_code == 200 and length.isdecimal():
        return 0, int(length)
    raise requests.ConnectionError("the server does not say how long the file is")


def _tag(response: requests.Response) -> str:
    return response.headers.get("ETag", "")
