"""CSV, plain or gzip: parsed once, into an Arrow file that the rest can read in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.ipc

from microns_widgets.errors import TableError
from microns_widgets.scale.inputs import POINT, Source, checked_block, opened_csv
from microns_widgets.tables import SYNAPSE_COLUMNS


def convert(source: Source, target: Path, rows: int) -> None:
    """Write a CSV file's blocks, checked and in nm, as record batches of an Arrow file.

    Parameters
    ----------
    source : Source
        A CSV file.
    target : path
        The file to write.
    rows : int
        Most rows of a batch.
    """
    schema = pa.schema([(name, kind) for name, kind in SYNAPSE_COLUMNS.items()])
    with pa.OSFile(str(target), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        for block in _blocks(source, rows):
            writer.write_batch(block)


def _blocks(source: Source, rows: int) -> Iterator[pa.RecordBatch]:
    path = Path(source.path)
    # Numbers that may have a fraction are read as such; ids never, or they lose their last digits.
    types = {
        theirs: pa.string()
        if theirs == POINT
        else pa.int64()
        if ours.endswith("id")
        else pa.float64()
        for ours, theirs in source.names.items()
    }
    first = 0
    with opened_csv(path) as stream:
        reader = pa.csv.open_csv(
            stream,
            read_options=pa.csv.ReadOptions(
                # A line of an export has about 170 characters.
                block_size=min(max(rows * 170, 1 << 16), 1 << 26),
                column_names=source.header,
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types=types, include_columns=list(dict.fromkeys(types))
            ),
        )
        while True:
            try:
                batch = reader.read_next_batch()
            except StopIteration:
                return
            except pa.ArrowException as error:
                raise TableError(
                    f"{path.name}, after row {first:,}: the file cannot be read ({error}). If it "
                    "was cut short, fetch it again."
                ) from error
            where = f"{path.name}, from row {first:,} on"
            first += batch.num_rows
            table = pa.Table.from_batches([batch])
            columns = checked_block(table, source, where)
            whole = pa.record_batch(columns)
            yield from (whole.slice(at, rows) for at in range(0, whole.num_rows, rows))
