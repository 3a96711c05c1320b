"""Converts positions from the various forms of exports to whole nm on three axes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from microns_widgets._typing import Array
from microns_widgets.errors import TableError

# First bytes of a point in space in PostGIS's extended well-known binary, little-endian: byte
# order, then the type "point" with the flag for z (and, in the second, the flag for a reference
# system, whose number follows in four bytes).
_POINT_Z = b"\x01\x01\x00\x00\x80"
_POINT_Z_WITH_SYSTEM = b"\x01\x01\x00\x00\xa0"
#: Every z of the volume is below this in voxels, and far above it in nm.
LARGEST_VOXEL_Z = 60_000.0


def nanometres(
    block: pa.Table,
    names: Sequence[str],
    resolution: tuple[float, float, float] | None,
    where: str,
) -> list[pa.ChunkedArray]:
    """Return x, y and z of a block in nm.

    Parameters
    ----------
    block : pyarrow.Table
        With the columns `names`.
    names : sequence of str
        Three columns, or three times the column that holds points.
    resolution : tuple of float, optional
        Voxel size in nm, if positions are in voxels. Default: positions are in nm.
    where : str
        Name of the block in error messages.
    """
    if len(set(names)) == 1:
        axes = [pa.chunked_array([axis]) for axis in _split(block.column(names[0]), where)]
    else:
        axes = [block.column(name) for name in names]
    if resolution is None:
        return axes
    highest = pc.max(axes[2]).as_py()  # None in an empty block
    if highest is not None and resolution[2] > 1 and highest > LARGEST_VOXEL_Z:
        raise TableError(
            f"{where}: z reaches {highest:,}, which is outside the volume. The positions seem "
            "to be in nm already: omit the resolution."
        )
    # Rounded, because the table holds whole nm.
    return [
        pc.round(pc.multiply(axis, pa.scalar(edge)))
        for axis, edge in zip(axes, map(float, resolution), strict=True)
    ]


def _split(points: pa.ChunkedArray, where: str) -> list[Array]:
    kind = points.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        flat = pc.list_flatten(points)
        if flat.null_count == 0 and len(flat) == 3 * len(points):
            return list(np.reshape(flat.to_numpy(), (-1, 3)).T)
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _from_hex(points, where)
    raise TableError(
        f"{where}: the column of points is of type {kind}. Expected lists of three numbers, or "
        "PostGIS points as hexadecimal text. Split it into three columns."
    )


def _from_hex(points: pa.ChunkedArray, where: str) -> list[Array]:
    texts = points.to_pylist()
    try:
        raw = [bytes.fromhex(text) for text in texts]
    except (TypeError, ValueError):
        raw = [b""]
    if not raw:
        return [np.zeros(0)] * 3
    for head, length in ((_POINT_Z, 29), (_POINT_Z_WITH_SYSTEM, 33)):
        if all(len(one) == length and one.startswith(head) for one in raw):
            return list(np.frombuffer(b"".join(one[-24:] for one in raw), "<f8").reshape(-1, 3).T)
    wrong = next((text for text in texts if not str(text).startswith("01010000")), texts[0])
    raise TableError(
        f"{where}: {wrong!r} is not a PostGIS point with three coordinates. Export the positions "
        "with ST_X, ST_Y and ST_Z, as three columns."
    )
