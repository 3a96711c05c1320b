"""Several tables in one block of bytes for the browser, and connections in few bytes.

A block is a gzip of one uint32 for each table (its length), a 0, and the tables, packed by
`columns.pack`. Connections are listed row by row and from left to right, each by the columns since
the previous one of its row (for the first one, the column itself): most of these gaps are small.
The front end unpacks both in ``frontend/src/shared/tables-block.ts``.
"""

from __future__ import annotations

import gzip

import numpy as np
import scipy

from microns_widgets._typing import IntArray


def tables_block(*tables: bytes) -> bytes:
    """Return packed tables as one compressed block."""
    lengths = np.array([*map(len, tables), 0], dtype="<u4").tobytes()
    # Level 1 halves the size in a fifth of a second; higher levels take seconds.
    return gzip.compress(b"".join([lengths, *tables]), compresslevel=1, mtime=0)


def gaps(matrix: scipy.sparse.csr_array) -> IntArray:
    """Return the gap before each connection of a matrix whose indices are sorted."""
    begin, places = matrix.indptr, matrix.indices.astype(np.int64)
    gap: IntArray = np.diff(places, prepend=0)
    first = begin[:-1][np.diff(begin) > 0]
    gap[first] = places[first]
    return gap
