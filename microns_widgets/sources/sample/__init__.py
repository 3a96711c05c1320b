"""The built-in sample: a small synthetic column of visual cortex that needs no network."""

from __future__ import annotations

from microns_widgets.connectome import Connectome
from microns_widgets.sources.sample import storage
from microns_widgets.tables.reading import SYNTHETIC

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
        storage.DATA / storage.CELLS,
        storage.DATA / storage.SYNAPSES,
        storage.StoredSkeletons(storage.DATA / storage.SKELETONS),
        source=SYNTHETIC,
        tuning=storage.DATA / storage.TUNING,
    )
