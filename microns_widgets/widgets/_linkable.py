"""The base class of the widgets that show data: they can be linked and exported."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

import traitlets

from microns_widgets.connectome import Connectome
from microns_widgets.errors import InvalidType
from microns_widgets.widgets._base import MicronsWidget


class Linkable(MicronsWidget):
    """A widget that works with `link` and `to_html`."""

    _kind: ClassVar[str]
    """Its name in `_link_rules`."""

    linked = traitlets.Dict(read_only=True).tag(sync=True)
    """Kinds of the linked widgets by model id, so that pages without a kernel know the link."""

    link_group = traitlets.Unicode(read_only=True).tag(sync=True)
    """Name of the link, by which the widgets of a page share which cell the pointer is on."""

    @property
    @abstractmethod
    def _source(self) -> str:
        """Where its data come from."""

    @abstractmethod
    def _has(self, side: str, root_id: int) -> bool:
        """Whether it has a cell on the side ``"pre"`` or ``"post"``, or ``""`` for either."""


def check_connectome(widget: str, con: object) -> None:
    """Raise `InvalidType` unless the first argument of a widget is a connectome."""
    if not isinstance(con, Connectome):
        raise InvalidType(
            f"{widget} was given {type(con).__name__}, expected a Connectome: "
            f"mw.{widget}(mw.load())."
        )
