"""``microns index``: lay a synapse table out for fast questions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from microns_widgets.cli._app import app, errors, told

_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


@app.command()
def index(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="INPUT",
            help="A synapse table: feather or Parquet; with `--out` also CSV, or a folder of "
            "such files.",
        ),
    ],
    verify: Annotated[
        bool, typer.Option(help="Compare every byte with its checksum; build anew what is damaged.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="Build the index in this folder, for a table of any size."),
    ] = None,
    memory: Annotated[
        str | None, typer.Option(help="Memory the build may take; half of what is free without.")
    ] = None,
    rename: Annotated[
        list[str] | None,
        typer.Option(help="OURS=THEIRS: a column's name here and in the file. Repeatable."),
    ] = None,
    resolution: Annotated[
        str | None,
        typer.Option(help="Size of a voxel in nm (4,4,40) where positions are in voxels."),
    ] = None,
    cells: Annotated[
        Path | None, typer.Option(help="A cell table to put into the folder, too.")
    ] = None,
    connections: Annotated[
        Path | None,
        typer.Option(help="Write all connections to this Parquet file, too."),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(help="Build on a Dask cluster: its address (tcp://...), or `local`."),
    ] = None,
) -> None:
    """Lay a synapse table out for fast questions, or check what is laid out.

    Loading does this by itself on first use; this does it beforehand. With `--out`, the
    table may be larger than the memory, and `load("FOLDER")` opens the result.

    Example: `microns index data/synapses_proofread_V1_neurons_1300.feather --verify`

    Example: `microns index synapses.csv.gz --out whole --memory 8GB --resolution 4,4,40`
    """
    if out is None and any((memory, rename, resolution, cells, connections, dask)):
        raise typer.BadParameter("These options go with --out FOLDER.", param_hint="--out")
    size = None if memory is None else _bytes(memory)
    renamed = dict(_pair(one) for one in rename or [])
    edges = None if resolution is None else _lengths(resolution)
    with told():
        if out is None:
            from microns_widgets.synapses.cache import open_index

            with errors.status(f"Indexing {source.name} ..."):
                opened = open_index(source, verify=verify)
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
            opened = load_index(home, verify=False)
            if connections is not None:
                write_connections(opened, connections)
    typer.echo(
        f"{len(opened):,} synapses, {len(opened.pre.ids):,} presynaptic and "
        f"{len(opened.post.ids):,} postsynaptic ids."
    )
    if out is not None:
        typer.echo(f'Open it with microns_widgets.load("{out}").')


def _bytes(text: str) -> int:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?", text.strip(), re.IGNORECASE)
    if found is None:
        raise typer.BadParameter(
            f"{text!r} is no size, expected one such as 8GB.", param_hint="--memory"
        )
    return int(float(found[1]) * _UNITS[found[2].upper()])


def _pair(text: str) -> tuple[str, str]:
    ours, equals, theirs = text.partition("=")
    if not (ours and equals and theirs):
        raise typer.BadParameter(
            f"{text!r}, expected OURS=THEIRS, such as id=synapse_id.", param_hint="--rename"
        )
    return ours, theirs


def _lengths(text: str) -> list[float]:
    try:
        return [float(edge) for edge in text.split(",")]
    except ValueError:
        raise typer.BadParameter(
            f"{text!r}, expected three lengths in nm, such as 4,4,40.", param_hint="--resolution"
        ) from None
