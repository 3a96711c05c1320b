"""The built-in sample: a small synthetic column of visual cortex that needs no network."""

from __future__ import annotations

from microns_widgets.connectome import Connectome
from microns_widgets.sources.sample import storage
from microns_widgets.synapses.index import build_index
from microns_widgets.tables.reading import SYNTHETIC, read_cells, read_synapse_table

_NOTICE = (
    "This is the built-in sample: a synthetic column of visual cortex, not real data. "
    "load(1300) opens the real tables."
)


def load_sample(*, quiet: bool = False) -> Connectome:
    """Open the sample.

    Parameters
    ----------
    quiet : bool
        Whether to omit the notice that the sample is synthetic.
    """
    if not quiet:
        print(_NOTICE)
    return Connectome(
        read_cells(storage.DATA / storage.CELLS),
        build_index(read_synapse_table(storage.DATA / storage.SYNAPSES)),
        storage.StoredSkeletons(storage.DATA / storage.SKELETONS),
        source=SYNTHETIC,
        targets=storage.DATA / storage.SYNAPSES,
        tuning=storage.DATA / storage.TUNING,
    )
