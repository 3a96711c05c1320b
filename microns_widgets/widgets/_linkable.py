"""The base class of the widgets that show data: they can be linked and exported."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

import traitlets

from microns_widgets.widgets._base import MicronsWidget


class Linkable(MicronsWidget):
    """A widget that `link` and `to_html` take."""

    _kind: ClassVar[str]
    """Its name in `_link_rules`."""

    linked = traitlets.Dict(read_only=True).tag(sync=True)
    """The kinds of the widgets that it is linked with, by the ids of their models, so that
    pages without a kernel know of the link."""

    _title: ClassVar[str]
    """What it is called on a page."""

    @property
    @abstractmethod
    def _source(self) -> str:
        """Where its data are from."""

    @abstractmethod
    def _has(self, side: str, root_id: int) -> bool:
        """Whether it has a cell, on the side ``"pre"`` or ``"post"``, or ``""`` for anywhere."""
