"""CSV files, plain or gzip: parsed once, into an Arrow file that can be read in pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.ipc

from microns_widgets.errors import TableError
from microns_widgets.scale.inputs import POINT, Source, checked_block, unpacked
from microns_widgets.tables.files import arrow_name, explained_reading
from microns_widgets.tables.reading import SYNAPSE_COLUMNS

# Bytes of text that are parsed at once. Arrow reads several such pieces ahead; larger ones need
# more memory and are slower.
_TEXT = 1 << 20


def convert(source: Source, target: Path, rows: int, report: Callable[[int], None]) -> None:
    """Convert a CSV file to an Arrow file: checked, with positions in nm.

    Parameters
    ----------
    source : Source
        A CSV file.
    target : path
        The file to write.
    rows : int
        Approximate number of rows of each record batch.
    report : callable
        Progress callback: called with the number of bytes read so far, of the file as it is on
        disk, compressed or not.
    """
    schema = pa.schema([(name, kind) for name, kind in SYNAPSE_COLUMNS.items()])
    with pa.OSFile(arrow_name(target), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        for block in _blocks(source, rows, report):
            writer.write_batch(block)


def conversion(source: Source) -> pa.csv.ConvertOptions:
    """Return how the columns of the synapse table are read from the text of a CSV file."""
    # Ids are read as integers: as floats they would lose their last digits.
    types = {
        theirs: pa.string()
        if theirs == POINT
        else pa.int64()
        if ours.endswith("id")
        else pa.float64()
        for ours, theirs in source.names.items()
    }
    return pa.csv.ConvertOptions(column_types=types, include_columns=list(dict.fromkeys(types)))


def _blocks(source: Source, rows: int, report: Callable[[int], None]) -> Iterator[pa.RecordBatch]:
    waiting: list[pa.RecordBatch] = []
    first = n = 0
    for batch in _batches(source, report):
        waiting.append(batch)
        n += batch.num_rows
        if n >= rows:
            yield _checked(waiting, source, first)
            waiting, first, n = [], first + n, 0
    if waiting:
        yield _checked(waiting, source, first)


def _checked(batches: list[pa.RecordBatch], source: Source, first: int) -> pa.RecordBatch:
    where = f"{Path(source.path).name}, from row {first:,} on"
    return pa.record_batch(checked_block(pa.Table.from_batches(batches), source, where))


def _batches(source: Source, report: Callable[[int], None]) -> Iterator[pa.RecordBatch]:
    """Read the text in small pieces, with the columns of the file."""
    path, first = Path(source.path), 0
    with (
        explained_reading(path),
        pa.OSFile(arrow_name(path)) as file,
        unpacked(file, path) as stream,
    ):
        reader = pa.csv.open_csv(
            stream,
            read_options=pa.csv.ReadOptions(block_size=_TEXT, column_names=source.header),
            convert_options=conversion(source),
        )
        while True:
            try:
                batch = reader.read_next_batch()
            except StopIteration:
                return
            except pa.ArrowException as error:
                raise TableError(
                    f"{path.name}, after row {first:,}: the file cannot be read ({error}). If the "
                    "file is incomplete, download it again."
                ) from error
            first += batch.num_rows
            report(file.tell())
            yield batch
