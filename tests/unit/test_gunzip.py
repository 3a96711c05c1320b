"""A gzip stream is resumed in the middle, from what another process wrote down."""

from __future__ import annotations

import gzip
import json
import zlib

import numpy as np
import pytest

from microns_widgets.scale.gunzip import _FILLERS, Gunzip, Point

PIECE = 40_000


@pytest.fixture(scope="module")
def text() -> bytes:
    numbers = np.random.default_rng(1).integers(0, 10**9, (60_000, 4))
    return b"".join(b"%d,%d,%d,%d\n" % tuple(row) for row in numbers.tolist())


def resume(packed: bytes, point: Point) -> bytes:
    again = Gunzip(Point.from_json(json.loads(json.dumps(point.to_json()))))
    text = b"".join(
        again.feed(packed[at : at + PIECE]) for at in range(point.offset, len(packed), PIECE)
    )
    assert again.complete
    assert again.offset == len(packed)
    return text


@pytest.mark.parametrize("level", [1, 6, 9])
def test_it_is_resumed_at_any_bit_of_a_byte(text, level):
    packed = gzip.compress(text, level)
    bits = set()
    for start in range(5_000, len(packed) - 400_000, 30_000):
        gunzip = Gunzip()
        before = gunzip.feed(packed[:start])
        point, n = gunzip.point_in(packed[start : start + 200_000])
        assert before + gunzip.feed(packed[start:])[:n] + resume(packed, point) == text
        bits.add(point.bit)
    assert len(bits) > 4


def test_blocks_without_text_end_at_every_bit():
    for bit, filler in enumerate(_FILLERS):
        # A block of fixed codes with the letter A, shifted to the bit.
        block = int.from_bytes(zlib.compress(b"A", wbits=-15), "little") << bit
        content = bytearray(filler[:-1] + block.to_bytes(5, "little"))
        content[len(filler) - 1] |= filler[-1]
        assert zlib.decompressobj(-15).decompress(bytes(content)) == b"A"


def test_it_is_resumed_twice_and_in_each_of_several_members(text):
    members = [gzip.compress(text), gzip.compress(b"between\n"), gzip.compress(text[::-1])]
    packed = b"".join(members) + b"\0" * 100
    whole = text + b"between\n" + text[::-1]
    done, point, n_points = b"", None, 0
    while True:
        gunzip = Gunzip(point)
        gone = b""
        while gunzip.offset < len(packed):
            ahead = packed[gunzip.offset : gunzip.offset + 200_000]
            # Only after a while, so that the process gets on.
            found = gunzip.point_in(ahead) if len(gone) > 200_000 else None
            unpacked = gunzip.feed(ahead)
            if found:
                point, n = found
                done += gone + unpacked[:n]
                n_points += 1
                break
            gone += unpacked
        else:
            break
    assert gunzip.complete
    assert done + gone == whole
    assert n_points > 3


def test_a_damaged_stream_is_an_error_although_it_was_resumed(text):
    packed = gzip.compress(text)
    gunzip = Gunzip()
    gunzip.feed(packed[:100_000])
    point, _ = gunzip.point_in(packed[100_000:300_000])
    for damaged in (packed[:-8] + bytes(4) + packed[-4:], packed[:-4] + bytes(4)):
        with pytest.raises(zlib.error):
            Gunzip(point).feed(damaged[point.offset :])
    # Text before the place belongs to the checksum, too.
    other = Point(point.offset, point.bit, point.window, point.crc ^ 1, point.length)
    with pytest.raises(zlib.error, match="incorrect data check"):
        Gunzip(other).feed(packed[point.offset :])


@pytest.mark.parametrize("missing", [1, 5, 8, 9, 5_000])
def test_a_stream_that_ends_early_is_not_complete(text, missing):
    packed = gzip.compress(text)
    gunzip = Gunzip()
    gunzip.feed(packed[:100_000])
    point, _ = gunzip.point_in(packed[100_000:300_000])
    for one in (Gunzip(), Gunzip(point)):
        one.feed(packed[one.offset : -missing])
        assert not one.complete


def test_where_there_is_no_block_there_is_no_place(text):
    packed = gzip.compress(text)
    gunzip = Gunzip()
    gunzip.feed(packed[:100_000])
    assert gunzip.point_in(packed[100_000:100_100]) is None
    point, _ = gunzip.point_in(packed[100_000:300_000])
    wrong = packed[point.offset] | 0xFF << point.bit & 0xFF  # no block has these first bits
    damaged = packed[100_000 : point.offset] + bytes([wrong]) + b"\xff" * 100_000
    assert gunzip.point_in(damaged) is None
    with pytest.raises(zlib.error):
        gunzip.feed(damaged)
    assert Gunzip().point_in(gzip.compress(b"short")) is None
    gunzip = Gunzip()
    gunzip.feed(packed)
    assert gunzip.complete
    assert gunzip.point_in(packed) is None
