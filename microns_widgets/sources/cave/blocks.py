"""Finished parts of a long query, kept on disk with checksums until the whole is complete."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pandas as pd

from microns_widgets._files import write_text
from microns_widgets.errors import TableError
from microns_widgets.synapses.files import crc32
from microns_widgets.tables.reading import write_feather


def read_block(file: Path, read: Callable[[Path], pd.DataFrame]) -> pd.DataFrame | None:
    """Return a finished part; None if it is missing or damaged, and therefore queried again."""
    # Another process with the same task removes the parts once it has them all.
    with suppress(OSError, ValueError, TableError):
        if int(_checksum_file(file).read_text()) == crc32(file):
            return read(file)
    return None


def write_block(table: pd.DataFrame, file: Path) -> None:
    """Keep a finished part."""
    write_feather(table, file)
    write_text(_checksum_file(file), str(crc32(file)))


def _checksum_file(file: Path) -> Path:
    return file.with_suffix(".crc32")
