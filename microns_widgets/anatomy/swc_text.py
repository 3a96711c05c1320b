"""The text of SWC files in the dialects that programs write: rows of seven numbers, and a header.

What can be read in one way only is read; anything else is an error that names file, line and cause.
"""

from __future__ import annotations

import gzip
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from microns_widgets._typing import BoolArray, FloatArray, IntArray
from microns_widgets.errors import SkeletonError

#: A skeleton of a million vertices has 60 MB of text.
_MAX_BYTES = 500_000_000
_COMMENT_SIGNS = ("#", "//", "%", ";", "!")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")
_UNKNOWN = {"", "na", "nan", "n/a", "none", "null", "inf", "+inf", "-inf"}
#: What unsigned programs write for -1.
_UNSIGNED_NONE = {2**32 - 1, 2**64 - 1}

#: Id, type, x, y, z, radius (NaN if unknown) and parent (None if there is none).
_Row = tuple[int, int, float, float, float, float, int | None]


@dataclass(frozen=True)
class SwcText:
    """The rows of a file as arrays, and its comments without their signs.

    Attributes
    ----------
    ids, types, parents : numpy.ndarray of int64, shape (n,)
        As written; a parent counts only where `has_parent`.
    positions : numpy.ndarray, shape (n, 3)
    radius : numpy.ndarray, shape (n,)
        NaN where it is unknown.
    has_parent : numpy.ndarray of bool, shape (n,)
    comments : list of str
    """

    ids: IntArray
    types: IntArray
    positions: FloatArray
    radius: FloatArray
    parents: IntArray
    has_parent: BoolArray
    comments: list[str]


def read_text(file: Path) -> SwcText:
    """Read an SWC file's text.

    Raises
    ------
    SkeletonError
        If a line is not a row, or the file is of another kind.
    """
    rows: list[tuple[int, str, str]] = []
    comments: list[str] = []
    for number, line in enumerate(_lines(file), start=1):
        content, comment = _split_comment(line)
        if comment:
            comments.append(comment)
        if not content:
            continue
        if not rows and not any(_NUMBER.fullmatch(word) for word in _words(content)):
            comments.append(content)  # a header line without a comment sign
            continue
        rows.append((number, line, content))
    if not rows:
        raise SkeletonError(f"{file.name}: the file has no rows, expected one per vertex.")
    return _plain(rows, comments) or _any_dialect(rows, comments, file)


def _plain(rows: list[tuple[int, str, str]], comments: list[str]) -> SwcText | None:
    """Read rows of seven plain numbers, as most files have them, in a tenth of the time."""
    try:
        table = np.array([content.split() for _, _, content in rows], dtype=np.float64)
    except ValueError:
        return None
    whole = table[:, [0, 1, 6]] if table.shape[1:] == (7,) else np.array([[np.nan]])
    exact = np.isfinite(table).all() and (whole == np.trunc(whole)).all()
    if not exact or np.abs(whole).max() >= 2**31 or (table[:, 5] < 0).any():
        return None
    ids, types, parents = whole.astype(np.int64).T
    own = parents == ids
    return SwcText(ids, types, table[:, 2:5], table[:, 5], parents, (parents >= 0) & ~own, comments)


def _any_dialect(rows: list[tuple[int, str, str]], comments: list[str], file: Path) -> SwcText:
    read = [_row(_words(content), number, line, file) for number, line, content in rows]
    ids, types, x, y, z, radius, parents = zip(*read, strict=True)
    has_parent = np.array([parent is not None for parent in parents])
    return SwcText(
        np.array(ids, dtype=np.int64),
        np.array(types, dtype=np.int64),
        np.array([x, y, z], dtype=np.float64).T,
        np.array(radius, dtype=np.float64),
        np.array([-1 if parent is None else parent for parent in parents], dtype=np.int64),
        has_parent,
        comments,
    )


def _lines(file: Path) -> Iterator[str]:
    with file.open("rb") as opened:
        content = opened.read(_MAX_BYTES + 1)
    if content.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(file) as unpacked:
                content = unpacked.read(_MAX_BYTES + 1)
        except (OSError, EOFError) as error:
            raise SkeletonError(f"{file.name}: the gzip file is damaged ({error}).") from error
    if len(content) > _MAX_BYTES:
        raise SkeletonError(f"{file.name}: the file is too large for a skeleton (over 500 MB).")
    text = _decoded(content)
    beginning = text.lstrip()[:200].casefold()
    if beginning.startswith(("<!doctype", "<html", "<?xml")):
        raise SkeletonError(
            f"{file.name}: this is a web page, not an SWC file. Open the address that it came from "
            "in a browser to see what is there."
        )
    if beginning.startswith("version https://git-lfs"):
        raise SkeletonError(
            f"{file.name}: this is a Git LFS pointer, not the file itself. Run `git lfs pull` in "
            "the repository that it came from."
        )
    # Old files end in zeros or in Ctrl-Z. splitlines() would also cut at form feeds.
    yield from re.split(r"\r\n|\r|\n", text.rstrip("\0\x1a\r\n \t"))


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    for encoding, zeros in (("utf-16-le", content[1:200:2]), ("utf-16-be", content[0:200:2])):
        if len(zeros) > 3 and not any(zeros):
            return content.decode(encoding, errors="replace")
    # Only comments hold anything but ASCII, so that their encoding does not matter.
    return content.decode("utf-8-sig", errors="replace")


def _split_comment(line: str) -> tuple[str, str]:
    stripped = line.strip()
    for sign in _COMMENT_SIGNS:
        if stripped.startswith(sign):
            return "", stripped.lstrip("#/%;! ")
    content, _, comment = stripped.partition("#")
    return content.strip(), comment.strip()


def _words(content: str) -> list[str]:
    words = content.replace('"', "").replace("'", "").split()
    if len(words) >= 7 and any(map(_DECIMAL_COMMA.fullmatch, words)):
        # Separated by spaces already, so that a comma inside of a word is a decimal one.
        return [
            word.replace(",", ".") if _DECIMAL_COMMA.fullmatch(word) else word for word in words
        ]
    if ";" in content:
        cells = [cell.strip().replace(",", ".") for cell in content.replace('"', "").split(";")]
    elif "," in content:
        cells = [cell.strip() for cell in content.replace('"', "").replace("'", "").split(",")]
    else:
        return words
    return [word for cell in cells for word in (cell.split() or [""])]


def _row(words: list[str], number: int, line: str, file: Path) -> _Row:
    try:
        if len(words) < 7:
            raise ValueError(f"{len(words)} values, expected seven")
        x, y, z = (_finite(word, name) for word, name in zip(words[2:5], "xyz", strict=True))
        own = _whole(words[0], "id")
        kind, parent = _whole(words[1], "type"), _parent(words[6], own)
        if not all(abs(value) < 2**63 for value in (own, kind, parent or 0)):
            raise ValueError("an id of more than 64 bits")
        return own, kind, x, y, z, _radius(words[5]), parent
    except ValueError as error:
        raise SkeletonError(
            f"{file.name}, line {number}: {line.strip()[:60]!r} has {error}. Expected the seven "
            "numbers of a row: id, type, x, y, z, radius, parent."
        ) from None


def _finite(word: str, name: str) -> float:
    if not _NUMBER.fullmatch(word):
        raise ValueError(f"the {name} {word!r}, expected a number")
    return float(word)


def _whole(word: str, name: str) -> int:
    if re.fullmatch(r"[+-]?\d+", word):
        return int(word)  # not through a float, which loses the last digits of large ids
    value = _finite(word, name)
    if not value.is_integer():
        raise ValueError(f"the {name} {word}, expected a whole number")
    return int(value)


def _radius(word: str) -> float:
    if word.casefold() in _UNKNOWN:
        return math.nan
    value = _finite(word, "radius")
    return value if value >= 0 else math.nan


def _parent(word: str, own: int) -> int | None:
    if word.casefold() in _UNKNOWN:
        return None
    parent = _whole(word, "parent")
    return None if parent < 0 or parent == own or parent in _UNSIGNED_NONE else parent
