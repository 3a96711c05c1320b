"""Positions in whatever form an export has them, as whole nm on three axes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from microns_widgets._typing import Array
from microns_widgets.errors import TableError

# What a point in space begins with in PostGIS's extended well-known binary, little-endian:
# byte order, then the type "point" with the flag for z (and, in the second, for a reference
# system, whose number follows in four bytes).
_POINT_Z = b"\x01\x01\x00\x00\x80"
_POINT_Z_WITH_SYSTEM = b"\x01\x01\x00\x00\xa0"
# The largest z of the volume in voxels is below this, and the smallest in nm far above.
_LARGEST_VOXEL_Z = 60_000.0


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
        Three columns, or three times the one that holds points.
    resolution : tuple of float, optional
        Size of a voxel in nm where positions are in voxels; nm without it.
    where : str
        What an error message calls the block.
    """
    if len(set(names)) == 1:
        axes = [pa.chunked_array([axis]) for axis in _split(block.column(names[0]), where)]
    else:
        axes = [block.column(name) for name in names]
    if resolution is None:
        return axes
    highest = pc.max(axes[2]).as_py()  # None in an empty block
    if highest is not None and resolution[2] > 1 and highest > _LARGEST_VOXEL_Z:
        raise TableError(
            f"{where}: z reaches {highest:,}, more than the volume has voxels. The positions "
            "look like nm already: leave the resolution out."
        )
    # Whole nm: a voxel's edge is none of ours to halve.
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
        f"{where}: a column of points is {kind}, expected lists of three numbers, or PostGIS "
        "points as hexadecimal text. Split it into three columns."
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
        f"{where}: {wrong!r} is no PostGIS point with three coordinates. Export positions with "
        "ST_X, ST_Y and ST_Z, one column each."
    )
