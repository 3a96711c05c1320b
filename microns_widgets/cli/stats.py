"""``microns stats``: statistics of a whole dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from microns_widgets.cli._app import app


@app.command()
def stats(
    folder: Annotated[Path, typer.Argument(help="Folder that `microns index --out` built.")],
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the Parquet tables. Default: FOLDER/statistics."),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(help="Count on a Dask cluster: its address (tcp://...), or `local`."),
    ] = None,
) -> None:
    """Count degrees, synapse sizes, and connections by type and distance in a whole dataset.

    Connection probabilities are those of proofread cells onto all cells of the cell table.

    Example: `microns stats whole`
    """
    target = out if out is not None else folder / "statistics"
    from microns_widgets.scale.statistics import dataset_statistics

    statistics = dataset_statistics(folder, dask=dask)
    statistics.write(target)
    for side, kind in (("pre", "outputs"), ("post", "inputs")):
        of_side = statistics.degrees[statistics.degrees["side"] == side]
        cells = int(of_side["n_cells"].sum())
        synapses = int((of_side["n_cells"] * of_side["n_synapses"]).sum())
        typer.echo(
            f"{cells:,} root ids with {kind}, {synapses / max(cells, 1):.3g} each on average."
        )
    if statistics.connections.empty:
        typer.echo("No pairs were counted: the folder has no cell table with proofread cells.")
    else:
        possible, connected = (
            int(statistics.connections[f"pairs_{name}"].sum()) for name in ("possible", "connected")
        )
        typer.echo(f"{connected:,} of {possible:,} pairs from proofread cells are connected.")
    typer.echo(f"Tables: {target}")
