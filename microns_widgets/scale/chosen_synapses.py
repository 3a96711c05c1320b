"""Reads a bulk export during the download and keeps only the synapses of some cells.

At regular intervals, the rows kept so far are written to a work folder, with the place in the
compressed stream from which the next process can continue (`gunzip.Point`). Interruptions do not
change the result, since rows are kept in the order of the export.
"""

from __future__ import annotations

import base64
import json
import shutil
import warnings
import zlib
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.feather

from microns_widgets._files import explained_writes, whole_file, write_text
from microns_widgets._typing import IntArray
from microns_widgets.errors import DownloadError, TableError
from microns_widgets.scale.csv_tables import conversion
from microns_widgets.scale.gunzip import Gunzip, Point
from microns_widgets.scale.inputs import Source, checked_block
from microns_widgets.sources.chosen_cells import short_name
from microns_widgets.sources.resumable import RemoteFile, check_gzip
from microns_widgets.tables.files import arrow_name, read_columns
from microns_widgets.tables.reading import SYNAPSE_COLUMNS, read_synapses

#: Compressed bytes between two places from which reading can continue.
INTERVAL = 128 << 20
# Compressed bytes in which such a place is looked for, and bytes of text that are parsed at once.
_AHEAD, _TEXT = 512 << 10, 16 << 20
_STATE = "state.json"
_ORDER = ["post_pt_root_id", "pre_pt_root_id", "size", "id"]
_ADVICE = "Free some space and run the same command again: it continues where it stopped."


@dataclass
class _State:
    """What a later process needs in order to continue."""

    job: dict[str, Any]
    point: Point | None = None
    #: The beginning of a row whose end has not been read.
    begun: bytes = b""
    #: Number of files with rows.
    parts: int = 0

    def write(self, folder: Path) -> None:
        """Write it into a folder."""
        content = {
            "job": self.job,
            "point": self.point and self.point.to_json(),
            "begun": base64.b64encode(self.begun).decode(),
            "parts": self.parts,
        }
        write_text(folder / _STATE, json.dumps(content))

    @classmethod
    def read(cls, folder: Path, job: dict[str, Any]) -> _State:
        """Read it from a folder; return a new one if it belongs to another job."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            content = json.loads((folder / _STATE).read_text())
            if content["job"] == job:
                point = content["point"] and Point.from_json(content["point"])
                return cls(job, point, base64.b64decode(content["begun"]), content["parts"])
            warnings.warn(
                "The export has changed on the server since the last attempt: reading starts from "
                "the beginning.",
                stacklevel=4,
            )
        shutil.rmtree(folder, ignore_errors=True)
        return cls(job)


def filter_export(
    remote: RemoteFile, source: Source, ids: IntArray, work: Path, *, progress: bool = True
) -> pd.DataFrame:
    """Return the synapses that any of the cells makes or receives.

    Parameters
    ----------
    remote : RemoteFile
        The export: CSV without a header row, compressed with gzip.
    source : Source
        How the text of the export is read.
    ids : numpy.ndarray of int64
        The cells, each once.
    work : path
        Folder for what is needed to continue after an interruption. It is not removed.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    pandas.DataFrame
        The synapse table, positions in nm, sorted by post, pre, size and id.

    Raises
    ------
    DownloadError
        If the download fails (what was read is kept), or the file is damaged (what was read is
        discarded).
    WriteError
        If the work folder cannot be written.
    """
    job = {"size": remote.size, "tag": remote.tag or remote.url, "cells": short_name(ids)}
    with explained_writes(work, _ADVICE):
        state = _State.read(work, job)
        work.mkdir(parents=True, exist_ok=True)
        try:
            _Filter(remote, source, ids, work, state).run(progress=progress)
            parts = [
                read_columns(_part(work, number), list(SYNAPSE_COLUMNS))
                for number in range(state.parts)
            ]
            return _table(parts)
        except pa.ArrowCancelled as error:  # Ctrl-C while Arrow reads: the file is not damaged
            raise KeyboardInterrupt from error
        except (zlib.error, pa.ArrowException, TableError) as error:
            shutil.rmtree(work, ignore_errors=True)
            raise DownloadError(
                f"{remote.url} is damaged, or does not fit its header "
                f"({str(error).splitlines()[0][:200]}). What was read so far was discarded. Run "
                "the same command again; if the error persists, set MICRONS_STATIC_URL to a mirror."
            ) from error


@dataclass
class _Filter:
    remote: RemoteFile
    source: Source
    ids: IntArray
    work: Path
    state: _State
    kept: list[pa.RecordBatch] = field(default_factory=list)

    def run(self, *, progress: bool) -> None:
        """Read the rest of the export."""
        from tqdm.auto import tqdm

        gunzip, text = Gunzip(self.state.point), bytearray(self.state.begun)
        ahead, due = b"", gunzip.offset + INTERVAL
        bar = tqdm(
            total=self.remote.size,
            initial=gunzip.offset,
            desc=self.remote.name,
            unit="B",
            unit_scale=True,
            disable=not progress,
        )
        with bar, closing(self.remote.pieces(gunzip.offset)) as pieces:
            for piece in pieces:
                if gunzip.offset == 0 and not ahead:
                    check_gzip(piece, self.remote.url)
                bar.update(len(piece))
                ahead += piece
                if gunzip.offset < due:
                    text += gunzip.feed(ahead)
                elif len(ahead) < _AHEAD:
                    continue
                else:
                    found = gunzip.point_in(ahead)
                    unpacked = gunzip.feed(ahead)
                    if found is None:  # looking for it takes time: not again at once
                        text += unpacked
                        due = gunzip.offset + INTERVAL // 16
                    else:
                        point, n = found
                        text += unpacked[:n]
                        self._keep(text)
                        self._save(point, bytes(text))
                        text += unpacked[n:]
                        due = gunzip.offset + INTERVAL
                ahead = b""
                if len(text) >= _TEXT:
                    self._keep(text)
            text += gunzip.feed(ahead)
            if not gunzip.complete:
                raise zlib.error("it ends early")
            if text and not text.endswith(b"\n"):
                text += b"\n"
            self._keep(text)
            self._save(None, b"")

    def _keep(self, text: bytearray) -> None:
        """Keep the synapses in the complete rows, which are removed from the text."""
        stop = text.rfind(b"\n") + 1
        if not stop:
            return
        rows = pa.csv.read_csv(
            pa.BufferReader(bytes(memoryview(text)[:stop])),
            pa.csv.ReadOptions(column_names=self.source.header),
            convert_options=conversion(self.source),
        )
        del text[:stop]
        wanted = pa.array(self.ids)
        pre, post = (
            pc.is_in(rows.column(self.source.names[f"{side}_pt_root_id"]), value_set=wanted)
            for side in ("pre", "post")
        )
        rows = rows.filter(pc.or_(pre, post))
        if rows.num_rows:
            columns = checked_block(rows, self.source, self.remote.name)
            self.kept.append(pa.record_batch(columns))

    def _save(self, point: Point | None, begun: bytes) -> None:
        """Write the rows that were kept since the last time, and where to continue."""
        if self.kept:
            with whole_file(_part(self.work, self.state.parts)) as file:
                pa.feather.write_feather(pa.Table.from_batches(self.kept), arrow_name(file))
            self.state.parts += 1
            self.kept.clear()
        self.state.point, self.state.begun = point, begun
        if point is not None:
            self.state.write(self.work)


def _part(work: Path, number: int) -> Path:
    return work / f"part-{number:05}.feather"


def _table(parts: list[pa.Table]) -> pd.DataFrame:
    schema = pa.schema(list(SYNAPSE_COLUMNS.items()))
    table: pd.DataFrame = pa.concat_tables([schema.empty_table(), *parts]).to_pandas()
    return read_synapses(table.sort_values(_ORDER, ignore_index=True))
