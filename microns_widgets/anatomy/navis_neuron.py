"""A skeleton as a neuron of navis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from microns_widgets.errors import MissingLibrary

if TYPE_CHECKING:
    import navis

    from microns_widgets.anatomy.tree import Tree


def as_tree_neuron(skeleton: Tree) -> navis.TreeNeuron:
    """Return a skeleton as a neuron, as `Skeleton.to_navis` describes it.

    Raises
    ------
    MissingLibrary
        If navis is not installed.
    """
    try:
        # Optional, since it depends on 15 packages that nothing else here needs.
        import navis
    except ImportError as error:
        raise MissingLibrary(
            "to_navis() needs the package navis, which is not installed. Install it: "
            "pip install navis. Without it, navis on another machine can read the SWC file of "
            "to_swc(path)."
        ) from error
    # From 1, as in SWC files: navis takes a soma with the number 0 for no soma.
    nodes = pd.DataFrame(
        {
            "node_id": np.arange(1, skeleton.n_vertices + 1),
            "label": skeleton.compartment,
            # navis overwrites the labels when it writes a file, but can write another column there.
            "compartment": skeleton.compartment,
            "x": skeleton.vertices[:, 0],
            "y": skeleton.vertices[:, 1],
            "z": skeleton.vertices[:, 2],
            "radius": skeleton.radius,
            "parent_id": np.where(skeleton.parents < 0, -1, skeleton.parents + 1),
        }
    )
    name = {"name": str(skeleton.root_id)} if skeleton.root_id else {}
    neuron = navis.TreeNeuron(nodes, units="1 nm", id=skeleton.root_id or None, **name)
    # Otherwise navis takes the thickest node for the soma.
    neuron.soma = None if skeleton.soma is None else skeleton.soma + 1
    return neuron
