"""Downloads of public files: complete or not at all, with limits on time and size."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from microns_widgets._machine import in_browser
from microns_widgets.errors import DownloadError, NotInBrowser

if TYPE_CHECKING:
    import requests

#: Seconds within which the server must respond, and within which each piece must arrive.
GAP_S, PIECE_S = 30.0, 60.0
_PIECE = 64 << 10
#: All files of the workshop are smaller.
MOST_BYTES = 4 << 30


def download(url: str, folder: Path, *, sha256: str | None = None, progress: bool = True) -> Path:
    """Download a file into a folder unless it is there. No partial file is left.

    Parameters
    ----------
    url : str
        Address of the file; its last part is the name of the file.
    folder : path
        The folder.
    sha256 : str, optional
        Expected hash of the content. A cached file with another hash is downloaded again.
    progress : bool
        Whether to show a progress bar.

    Raises
    ------
    DownloadError
        If the download fails, or the file is not the expected one.
    NotInBrowser
        If Python runs inside a web page.
    """
    refuse_in_browser(url)
    # Imported here: pooch and its dependencies take a fifth of a second to import.
    import pooch

    pooch.get_logger().setLevel("WARNING")  # the progress bar is enough
    name = url.rsplit("/", 1)[-1]
    expected = f"sha256:{sha256}" if sha256 else None
    fetch = partial(stream, progress=progress)
    try:
        # pooch writes to a temporary file and renames it once it is complete.
        path = pooch.retrieve(url, expected, fname=name, path=folder, downloader=fetch)
    except OSError as error:  # requests' errors are OSErrors; some are ValueErrors as well
        raise failed(url, error) from error
    except ValueError as error:  # the hash differs
        raise DownloadError(
            f"{name} from {url} is not the expected file, because its checksum differs. "
            "Try again, use a mirror with base_url=..., or call load() for the built-in sample."
        ) from error
    return Path(path)


def stream(
    url: str,
    file: str | Path,
    _pooch: Any = None,
    *,
    progress: bool = False,
    most_bytes: int = MOST_BYTES,
) -> None:
    """Download an address into a file, which is left incomplete if the download fails.

    Parameters
    ----------
    url : str
        The address; redirects are followed.
    file : path
        The file to be written.
    progress : bool
        Whether to show a progress bar if it takes longer than two seconds.
    most_bytes : int
        Maximum size of the file.

    Raises
    ------
    requests.RequestException
        If the server does not respond, responds with an error, stops or becomes too slow during
        the download, or sends more than `most_bytes`.
    OSError
        If the file cannot be written.
    NotInBrowser
        If Python runs inside a web page.
    """
    refuse_in_browser(url)
    import requests
    from tqdm.auto import tqdm
    from urllib3.exceptions import HTTPError

    from microns_widgets.sources.bounds import ResponseTooLarge, TimedAdapter, whole_time

    with requests.Session() as session, Path(file).open("wb") as target:
        for scheme in ("http://", "https://"):
            session.mount(scheme, TimedAdapter())
        with whole_time(PIECE_S):
            response = session.get(url, stream=True, timeout=GAP_S)
        response.raise_for_status()
        header = response.headers.get("Content-Length", "")
        length = int(header) if header.isdecimal() else None
        if length is None and response.headers.get("Transfer-Encoding") != "chunked":
            # A broken connection would look like the end of the file.
            raise requests.ConnectionError("the server does not say how long the file is")
        name = url.rsplit("/", 1)[-1]
        bar = tqdm(
            total=length, desc=name, unit="B", unit_scale=True, disable=not progress, delay=2
        )
        with bar:
            while True:
                try:
                    with whole_time(PIECE_S):
                        piece = response.raw.read(_PIECE, decode_content=True)
                except (HTTPError, TimeoutError) as error:
                    raise requests.ConnectionError(
                        f"the download stopped after {target.tell():,} bytes"
                    ) from error
                if not piece:
                    return
                target.write(piece)
                bar.update(response.raw.tell() - bar.n)  # as sent, which may be compressed
                if target.tell() > most_bytes:
                    raise ResponseTooLarge(f"more than {most_bytes >> 20} MB")


def refuse_in_browser(address: str) -> None:
    """Raise `NotInBrowser` if Python runs inside a web page.

    A web page has no sockets, on which the limits on time rest, and it may read from another
    server only with that server's consent.
    """
    if in_browser():
        raise NotInBrowser(
            "Python runs in your browser here, where nothing can be downloaded from "
            f"{urlsplit(address).netloc}. Use the built-in sample, load(), or open this notebook "
            "in Colab or on your own machine: the course's first chapter says how."
        )


def status_of(error: OSError) -> int | None:
    """Return the status of the response behind an error; None if there was no response."""
    response: requests.Response | None = getattr(error, "response", None)
    return None if response is None else response.status_code


def failed(url: str, error: OSError, advice: str = "") -> DownloadError:
    """Return the error for a download that failed.

    Parameters
    ----------
    url : str
        Address of the file.
    error : OSError
        What went wrong.
    advice : str
        The next step for the user. Default: the advice for the tables.
    """
    reason = type(error).__name__ if not str(error) else str(error).splitlines()[0][:200]
    return DownloadError(
        f"{url.rsplit('/', 1)[-1]} could not be downloaded from {url} ({reason}). "
        + (
            advice
            or "Check your network connection and try again, use a mirror with base_url=..., open "
            "local files with load('folder/'), or use the built-in sample: load()."
        )
    )
