"""Takes the place of a synapse index if a release was opened without its synapses."""

from __future__ import annotations

from typing import NoReturn

from microns_widgets.errors import SynapsesNotLoaded
from microns_widgets.synapses.index import SynapseIndex


class NoSynapseIndex(SynapseIndex):
    """Stands in for an index whose synapses are not loaded; any use of them raises an error.

    An empty table would mean that the cells have no synapses. That would be wrong, and nobody would
    notice.

    Parameters
    ----------
    advice : str
        Why the synapses are not loaded, and how to get them.
    """

    loaded = False
    # The fields of an index are not set, so any use of the synapses ends in `__getattr__`.

    def __init__(self, advice: str) -> None:
        object.__setattr__(self, "advice", advice)

    def __repr__(self) -> str:
        return f"<NoSynapseIndex: {self.in_words}>"

    @property
    def in_words(self) -> str:
        """The fact that the synapses are not loaded, in words."""
        return "synapses not loaded"

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__") or name == "advice":  # as copying and pickling ask for
            raise AttributeError(name)
        raise SynapsesNotLoaded(self.advice)
