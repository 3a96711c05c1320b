"""``microns index``: index a synapse table for fast lookups."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from microns_widgets.cli._app import app, errors

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


@app.command()
def index(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="INPUT",
            help="Synapse table: feather or Parquet. With `--out` also CSV, or a folder of "
            "such files.",
        ),
    ],
    verify: Annotated[
        bool,
        typer.Option(help="Compare the index with its checksums; rebuild it if it is damaged."),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="Build the index in this folder. Works for tables of any size."),
    ] = None,
    memory: Annotated[
        str | None,
        typer.Option(
            help="Memory the build may use, such as 8GB. Default: half of the free memory."
        ),
    ] = None,
    rename: Annotated[
        list[str] | None,
        typer.Option(
            help="OURS=THEIRS: a column's name in this package and in the file. Can be used "
            "several times."
        ),
    ] = None,
    resolution: Annotated[
        str | None,
        typer.Option(help="Voxel size in nm, such as 4,4,40, if positions are in voxels."),
    ] = None,
    cells: Annotated[Path | None, typer.Option(help="Cell table to copy into the folder.")] = None,
    connections: Annotated[
        Path | None,
        typer.Option(help="Also write all connections to this Parquet file."),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(help="Build on a Dask cluster: its address (tcp://...), or `local`."),
    ] = None,
) -> None:
    """Index a synapse table for fast lookups, or check an existing index.

    `load` indexes a table on first use; this command does it in advance. With `--out`, the
    table may be larger than memory, and `load("FOLDER")` opens the result.

    Example: `microns index data/synapses_proofread_V1_neurons_1300.feather --verify`

    Example: `microns index synapses.csv.gz --out whole --memory 8GB --resolution 4,4,40`
    """
    if out is None and any((memory, rename, resolution, cells, connections, dask)):
        raise typer.BadParameter(
            "--memory, --rename, --resolution, --cells, --connections and "
            "--dask need --out FOLDER.",
            param_hint="--out",
        )
    size = None if memory is None else _bytes(memory)
    renamed = dict(_pair(one) for one in rename or [])
    edges = None if resolution is None else _lengths(resolution)
    if out is None:
        from microns_widgets.synapses.cache import open_index

        with errors.status(f"Indexing {source.name} ..."):
            result = open_index(source, verify=verify)
    else:
        from microns_widgets.scale.build import build_folder
        from microns_widgets.scale.export import write_connections
        from microns_widgets.synapses.files import load_index

        home = build_folder(
            source,
            out,
            memory=size,
            renamed=renamed,
            resolution=edges,
            cells=cells,
            dask=dask,
            verify=verify,
        )
        result = load_index(home, verify=False)
        if connections is not None:
            write_connections(result, connections)
    typer.echo(
        f"{len(result):,} synapses, {len(result.pre.ids):,} presynaptic and "
        f"{len(result.post.ids):,} postsynaptic ids."
    )
    if out is not None:
        typer.echo(f'Open it with microns_widgets.load("{out}").')


def _bytes(text: str) -> int:
    size = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?", text.strip(), re.IGNORECASE)
    if size is None:
        raise typer.BadParameter(
            f"{text!r} is not a size. Expected one such as 8GB.", param_hint="--memory"
        )
    return int(float(size[1]) * _UNITS[size[2].upper()])


def _pair(text: str) -> tuple[str, str]:
    ours, equals, theirs = text.partition("=")
    if not (ours and equals and theirs):
        raise typer.BadParameter(
            f"{text!r} is not a pair of names. Expected OURS=THEIRS, such as id=synapse_id.",
            param_hint="--rename",
        )
    return ours, theirs


def _lengths(text: str) -> list[float]:
    try:
        return [float(edge) for edge in text.split(",")]
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a voxel size. Expected three lengths in nm, such as 4,4,40.",
            param_hint="--resolution",
        ) from None
