"""Unpacks a gzip stream that can be resumed far from its beginning, even by another process.

The state of a zlib decompressor cannot be saved. But a stream consists of blocks, and unpacking can
continue at the start of any block if the 32 kB of text before it are known. zlib does not report
where blocks start, so `Gunzip.point_in` searches for a start. The header of a block yields no text,
so a long gap in the text shows the byte at which a block starts, though not the bit. Each candidate
is then tested: a second decompressor that starts there must yield the same text as the first. The
checksum at the end of the stream covers the whole text, including what earlier processes unpacked.
"""

from __future__ import annotations

import base64
import zlib
from dataclasses import asdict, dataclass
from typing import Any

#: A symbol in a block has at most six bytes. A longer gap in the text is the header of a block.
_GAP = 12
_WINDOW = 32 << 10
#: Bytes of text that must be the same before a candidate is accepted.
_PROOF = 16 << 10
_GZIP, _RAW = 31, -15
_TRAILER = 8
#: By the bit at which a block starts: blocks without text (RFC 1951) that end just before this bit
#: of the last byte. They are put in front of a block, since zlib begins at the first bit of a byte.
_FILLERS = tuple(
    map(
        bytes.fromhex,
        (
            "00",
            "04e081000000000010fc5f43000100",
            "0200",
            "04e081000000000010fc5f4300010400",
            "020800",
            "04e081000000000010fc5f03",
            "02082000",
            "04e081000000000010fc5f4300",
        ),
    )
)


@dataclass(frozen=True)
class Point:
    """A place at which unpacking can be resumed.

    Attributes
    ----------
    offset, bit : int
        The byte of the compressed stream, and the bit in it, at which a block starts.
    window : bytes
        The text before it, up to 32 kB.
    crc, length : int
        CRC-32 and number of bytes of all text before it in the same member of the stream.
    """

    offset: int
    bit: int
    window: bytes
    crc: int
    length: int

    def to_json(self) -> dict[str, Any]:
        """Return the point as JSON."""
        return asdict(self) | {"window": base64.b64encode(self.window).decode()}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Point:
        """Return the point that `to_json` wrote."""
        return cls(**content | {"window": base64.b64decode(content["window"])})


class Gunzip:
    """Unpacks the bytes of a gzip stream as they arrive.

    Parameters
    ----------
    point : Point, optional
        Where to resume: the first byte to be fed is the one at its `offset`. Default: the start.

    Attributes
    ----------
    offset : int
        Place in the compressed stream of the next byte to be fed.
    complete : bool
        Whether the stream may end here.
    """

    def __init__(self, point: Point | None = None) -> None:
        self.offset = 0
        self.complete = False
        self._window, self._crc, self._length = b"", 0, 0
        self._inflate = zlib.decompressobj(_GZIP)
        # Only of a member that is resumed: its first bit, and what was received of its trailer.
        self._bit: int | None = None
        self._trailer: bytes | None = None
        if point is not None:
            self.offset, self._bit, self._trailer = point.offset, point.bit, b""
            self._window, self._crc, self._length = point.window, point.crc, point.length
            self._inflate = _from(point.bit, point.window)

    def feed(self, data: bytes) -> bytes:
        """Return the text of the next bytes.

        Raises
        ------
        zlib.error
            If they are damaged, or the text does not have the checksum of the stream.
        """
        self.offset += len(data)
        texts = []
        while data:
            if self.complete and not (data := data.lstrip(b"\0")):
                break
            if self.complete:  # another member follows
                self.complete, self._crc, self._length = False, 0, 0
                self._inflate = zlib.decompressobj(_GZIP)
            if self._inflate.eof:
                data = self._end(data)
                continue
            if self._bit is not None:
                data, self._bit = _with_filler(data, self._bit), None
            texts.append(self._inflate.decompress(data))
            self._crc = zlib.crc32(texts[-1], self._crc)
            self._length += len(texts[-1])
            self._window = (self._window + texts[-1][-_WINDOW:])[-_WINDOW:]
            data = self._inflate.unused_data
            # zlib itself checks the trailer of a member that it unpacked as a whole.
            self.complete = self._inflate.eof and self._trailer is None
        return b"".join(texts)

    def _end(self, data: bytes) -> bytes:
        """Check the trailer of a member that was resumed; return the bytes after it."""
        assert self._trailer is not None
        missing = _TRAILER - len(self._trailer)
        self._trailer += data[:missing]
        if len(self._trailer) == _TRAILER:
            crc, length = (int.from_bytes(self._trailer[at : at + 4], "little") for at in (0, 4))
            if crc != self._crc or length != self._length % (1 << 32):
                raise zlib.error("incorrect data check")
            self.complete, self._trailer = True, None
        return data[missing:]

    def point_in(self, ahead: bytes) -> tuple[Point, int] | None:
        """Find a place to resume in the next bytes, which are not consumed.

        Parameters
        ----------
        ahead : bytes
            The next bytes; a few hundred kB usually contain the start of a block.

        Returns
        -------
        point, n_text : Point and int
            The place, and the number of bytes of text before it. None if no place is found.
        """
        if self.complete or self._inflate.eof or self._bit is not None:
            return None
        try:
            text, n = self._inflate.copy().decompress(ahead), 0
            scan, last = self._inflate.copy(), 0
            for at in range(len(ahead)):
                if piece := scan.decompress(ahead[at : at + 1]):
                    n, last = n + len(piece), at
                if scan.eof or len(text) - n < _PROOF:
                    return None
                if at - last != _GAP:
                    continue
                window = (self._window + text[:n])[-_WINDOW:]
                for start in range(last, last + 3):
                    for bit in range(8):
                        if _unpacked(ahead[start:], bit, window) == text[n:]:
                            crc = zlib.crc32(text[:n], self._crc)
                            offset = self.offset + start
                            return Point(offset, bit, window, crc, self._length + n), n
        except zlib.error:  # `feed` will report the damage
            pass
        return None


def _from(bit: int, window: bytes) -> Any:
    """Return a decompressor that is ready for a block that starts at a bit of the next byte."""
    inflate = zlib.decompressobj(_RAW, zdict=window)
    inflate.decompress(_FILLERS[bit][:-1])
    return inflate


def _with_filler(data: bytes, bit: int) -> bytes:
    """Return the bytes from a block on, with the end of a filler before the block's first bit."""
    return bytes([data[0] >> bit << bit | _FILLERS[bit][-1]]) + data[1:]


def _unpacked(data: bytes, bit: int, window: bytes) -> bytes | None:
    try:
        return bytes(_from(bit, window).decompress(_with_filler(data, bit)))
    except zlib.error:
        return None
