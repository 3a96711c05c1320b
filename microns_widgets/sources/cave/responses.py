"""Checks that CAVE's responses can be read, and returns a clear error for those that cannot."""

from __future__ import annotations

import binascii
import json
import re
import zlib
from typing import Any

import pyarrow as pa
import requests
from urllib3.exceptions import ReadTimeoutError

from microns_widgets.errors import CaveError, ServiceUnreachable, VersionNotFound
from microns_widgets.sources.bounds import ResponseTooLarge, time_left

_TABLE = "data.arrow"
#: Part of the address from which skeletons come, and the maximum size of one of them in bytes.
_SKELETONS, _MOST_OF_SKELETON = "/bulk/get_cached_skeletons/", 64 << 20
#: A complete Arrow stream ends with a message of length 0.
_END_OF_TABLE = b"\xff\xff\xff\xff\0\0\0\0"


def check_readable(response: requests.Response) -> None:
    """Raise `CaveError` for a response that caveclient would misread."""
    kind = response.headers.get("Content-Type", "")
    if response.status_code >= 400:
        if not json_object(response):
            # caveclient expects an object in every error; its message quotes this.
            text = response.content[:300].decode("utf-8", "replace")
            response._content = json.dumps({"message": text}).encode()
        return
    reason = ""
    if kind == _TABLE:
        reason = _damage_of_table(response.content)
    elif kind.startswith("text/html") and not response.history:
        reason = (
            "it is a web page. If your network has a login page, log in there in a browser first"
        )
    elif kind.startswith("application/json") or _SKELETONS in (response.url or ""):
        try:
            body = response.json()
        except (ValueError, RecursionError):
            reason = "it is not valid JSON"
        else:
            if _SKELETONS in (response.url or ""):
                reason = _damage_of_skeletons(body)
    if reason:
        raise CaveError(
            f"CAVE's response could not be read: {reason}. It was discarded; try again. If the "
            "error persists, the service has a problem."
        )


def _damage_of_table(content: bytes) -> str:
    """Say what is wrong with an Arrow stream; pandas may crash on one that is damaged."""
    if not content.endswith(_END_OF_TABLE):
        return "the table is cut off before its end"
    try:
        with pa.ipc.open_stream(content) as stream:
            for batch in stream:
                batch.validate(full=True)
    except (OSError, ValueError, NotImplementedError, TypeError, KeyError, MemoryError):
        return "the table is damaged"
    return ""


def _damage_of_skeletons(body: object) -> str:
    """Say what is wrong with packed skeletons, which caveclient would take for missing ones."""
    if not isinstance(body, dict):
        return "it is not a dictionary of skeletons"
    for root_id, text in body.items():
        try:
            unpacked = zlib.decompressobj(wbits=31)
            content = unpacked.decompress(binascii.unhexlify(text), _MOST_OF_SKELETON)
            if not unpacked.eof or not isinstance(json.loads(content), dict):
                raise ValueError
        except (ValueError, TypeError, zlib.error, RecursionError):
            return f"the skeleton of cell {str(root_id)[:20]} is damaged"
    return ""


def failure(error: Exception, timeout: float, longest: float) -> CaveError:
    """Return the error for a request that got no complete response.

    The message names only the type of the exception, because its text may quote the request.
    """
    cause = error.args[0] if error.args else None
    waited = (cause, getattr(cause, "reason", None))
    if time_left() <= 0:
        return ServiceUnreachable(
            f"CAVE's response was not complete after {longest:g} s. Try again in a minute; "
            "what was downloaded so far is saved."
        )
    if isinstance(error, requests.Timeout) or any(isinstance(x, ReadTimeoutError) for x in waited):
        return ServiceUnreachable(
            f"CAVE did not respond within {timeout:g} s, in several attempts. Try again in a "
            "minute; what was downloaded so far is saved."
        )
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return ServiceUnreachable(
            "The connection to CAVE was closed before the response was complete. Try again; what "
            "was downloaded so far is saved."
        )
    if isinstance(error, ResponseTooLarge | MemoryError):
        return CaveError(
            f"CAVE's response is too large ({error or type(error).__name__}) and was discarded. "
            "Request less at a time, for instance with a smaller block; if the error persists, the "
            "service has a problem."
        )
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return CaveError(
            f"CAVE's response could not be read ({type(error).__name__}). It was discarded; try "
            "again. If the error persists, the service has a problem."
        )
    return ServiceUnreachable(
        f"CAVE could not be reached ({type(error).__name__}). Check your network connection and "
        "try again, or use the built-in sample: load()."
    )


def of_status(response: requests.Response | None, what: str) -> CaveError:
    """Return the error for a response with an error status; `what` was requested."""
    status = response.status_code if response is not None else 0
    if status == 404:
        return VersionNotFound(
            f"CAVE does not have {what}. client.materialize.get_versions() and get_tables() list "
            "what is available."
        )
    if status >= 500 or status == 429:
        return ServiceUnreachable(
            f"CAVE could not process the request for {what} (status {status}). Try again in a "
            "minute; what was downloaded so far is saved."
        )
    return CaveError(
        f"CAVE refused the request for {what} (status {status}). Check the arguments, or try again "
        "later."
    )


def json_object(response: requests.Response) -> dict[str, Any]:
    """Return the JSON object in a response, or an empty dict if it does not contain one."""
    if not re.match("application/json", response.headers.get("Content-Type", "")):
        return {}
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
