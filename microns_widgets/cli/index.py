"""``microns index``: lay a synapse table out for fast questions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from microns_widgets.cli._app import app, errors, told


@app.command()
def index(
    file: Annotated[Path, typer.Argument(help="A synapse table, feather or Parquet.")],
    verify: Annotated[bool, typer.Option(help="Compare every byte with its checksum.")] = False,
) -> None:
    """Lay a synapse table out for fast questions, or check what is laid out.

    Loading does this by itself on first use; this does it beforehand.

    Example: `microns index data/synapses_proofread_V1_neurons_1300.feather --verify`
    """
    with told():
        from microns_widgets.index_cache import open_index

        with errors.status(f"Indexing {file.name} ..."):
            opened = open_index(file, verify=verify)
    typer.echo(
        f"{len(opened):,} synapses, {len(opened.pre.ids):,} presynaptic and "
        f"{len(opened.post.ids):,} postsynaptic ids."
    )
