"""``microns stats``: statistics over a whole dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from microns_widgets.cli._app import app, told


@app.command()
def stats(
    folder: Annotated[Path, typer.Argument(help="What `microns index --out` built.")],
    out: Annotated[
        Path | None,
        typer.Option(help="Where the tables go, as Parquet; FOLDER/statistics without it."),
    ] = None,
    dask: Annotated[
        str | None, typer.Option(help="Count on a Dask cluster: its address, or `local`.")
    ] = None,
) -> None:
    """Count degrees, synapse sizes, and connections by type and distance over everything.

    Connection probabilities are from proofread cells onto all cells of the cell table.

    Example: `microns stats whole`
    """
    target = out if out is not None else folder / "statistics"
    with told():
        from microns_widgets.scale.statistics import dataset_statistics

        found = dataset_statistics(folder, dask=dask)
        found.write(target)
    for side, what in (("pre", "outputs"), ("post", "inputs")):
        of_side = found.degrees[found.degrees["side"] == side]
        cells = int(of_side["n_cells"].sum())
        synapses = int((of_side["n_cells"] * of_side["n_synapses"]).sum())
        typer.echo(f"{cells:,} root ids with {what}, {synapses / max(cells, 1):.3g} on average.")
    if found.connections.empty:
        typer.echo("No pairs were counted: that takes a cell table with proofread cells.")
    else:
        possible, connected = (
            int(found.connections[f"pairs_{name}"].sum()) for name in ("possible", "connected")
        )
        typer.echo(f"{connected:,} of {possible:,} pairs from proofread cells are connected.")
    typer.echo(f"Tables: {target}")
