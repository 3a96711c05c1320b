"""Takes the place of a synapse index if a release was opened without its synapses."""

from __future__ import annotations

from typing import NoReturn

from microns_widgets.errors import SynapsesNotLoaded
from microns_widgets.synapses.index import SynapseIndex


class NoSynapseIndex(SynapseIndex):
    """An index that has no synapses, and says so instead of returning none.

    An empty table would mean that the cells have no synapses, which would be wrong without anybody
    noticing: every question about synapses is an error.

    Parameters
    ----------
    advice : str
        Why the synapses are not loaded, and how to get them.
    """

    loaded = False
    # Without the fields of an index, every question about synapses ends in `__getattr__`.

    def __init__(self, advice: str) -> None:
        object.__setattr__(self, "advice", advice)

    def __repr__(self) -> str:
        return f"<NoSynapseIndex: {self.in_words}>"

    @property
    def in_words(self) -> str:
        """That the synapses are not loaded, for a line of text."""
        return "synapses not loaded"

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__") or name == "advice":  # as copying and pickling ask for
            raise AttributeError(name)
        raise SynapsesNotLoaded(self.advice)
