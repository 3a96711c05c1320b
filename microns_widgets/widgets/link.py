"""One selection out of several widgets."""

from __future__ import annotations

import weakref
from functools import partial
from typing import Any

from microns_widgets.widgets._link_rules import TRAITS, said, taken
from microns_widgets.widgets._linkable import Linkable


def link(*widgets: Linkable) -> None:
    """Let what is chosen in one widget be shown in the others.

    ======================================  ===================================================
    one chooses                             the others
    ======================================  ===================================================
    a cell: ``picker.value``, a click on    the picker has it as `value`, the viewer shows it,
    a synapse (``viewer.partner``), the     the explorer marks its row and column
    one cell in ``viewer.cells``
    a pair: ``explorer.pair``               the viewer shows both and marks their synapses, the
                                            picker has the presynaptic cell as `value`
    several: ``picker.selected``,           the picker selects them, and the explorer those that
    ``explorer.selected_pre`` and           are on its axes
    ``selected_post``
    ======================================  ===================================================

    The widget in which one chooses stays as it is. An id that a widget does not have is left
    out. At first the others follow the first widget in which something is chosen. Widgets
    that are linked already bring along those they are linked with. The link ends with
    `unlink`; it keeps no widget alive.

    On a page without a kernel, the browser does the same.

    Parameters
    ----------
    *widgets : CellPicker, SkeletonViewer or MatrixExplorer
        Two or more, of any kinds; they should be about the same data set.

    Raises
    ------
    TypeError
        If a widget is of another kind, or fewer than two are given.

    Examples
    --------
    >>> picker, viewer = mw.CellPicker(con), mw.SkeletonViewer(con)
    >>> mw.link(picker, viewer)
    >>> picker.value = con.select(cell_type="MC", proofread=True)[0]
    >>> viewer.cells
    (864691135000000003,)
    """
    members = _checked("link", widgets)
    if len(members) < 2:
        raise TypeError(
            f"link was given {len(members)} widget, expected two or more: mw.link(picker, viewer)."
        )
    groups = [group for widget in members if (group := _GROUPS.get(widget))]
    group = _Group([*members, *(widget for known in groups for widget in known.members)])
    group.lead()


def unlink(*widgets: Linkable) -> None:
    """Take widgets out of their link; those that are left stay linked.

    Parameters
    ----------
    *widgets : CellPicker, SkeletonViewer or MatrixExplorer
        One that is not linked is left as it is.

    Raises
    ------
    TypeError
        If a widget is of another kind.
    """
    for widget in _checked("unlink", widgets):
        if group := _GROUPS.get(widget):
            group.drop(widget)


class _Group:
    """Widgets that are linked; each observes for it, and it knows them weakly."""

    def __init__(self, widgets: list[Linkable]) -> None:
        self._members = [weakref.ref(widget) for widget in dict.fromkeys(widgets)]
        self._busy = False
        for widget in self.members:
            before = _GROUPS.get(widget)
            if before:
                widget.unobserve(before.hear, TRAITS[widget._kind])
            widget.observe(self.hear, TRAITS[widget._kind])
            _GROUPS[widget] = self
        self._tell()

    @property
    def members(self) -> list[Linkable]:
        return [widget for known in self._members if (widget := known()) is not None]

    def hear(self, change: Any) -> None:
        """Tell the others of a change, unless one of them has followed just now."""
        if not self._busy:
            self._follow(change["owner"], change["name"])

    def lead(self) -> None:
        """Let the others follow the first widget in which a cell or several are chosen."""
        led: set[bool] = set()
        for widget in self.members:
            for trait in TRAITS[widget._kind]:
                choice = said(trait, partial(getattr, widget))
                if choice and choice.ids and (choice.what == "selection") not in led:
                    led.add(choice.what == "selection")
                    self._follow(widget, trait)

    def drop(self, widget: Linkable) -> None:
        widget.unobserve(self.hear, TRAITS[widget._kind])
        widget.set_trait("linked", {})
        del _GROUPS[widget]
        self._members = [known for known in self._members if known() is not widget]
        self._tell()

    def _follow(self, source: Linkable, trait: str) -> None:
        choice = said(trait, partial(getattr, source))
        if choice is None:
            return
        self._busy = True
        try:
            # A viewer is told last: drawing takes it longest.
            for widget in sorted(self.members, key=lambda member: member._kind == "viewer"):
                if widget is not source:
                    for name, value in taken(widget._kind, choice, widget._has).items():
                        widget.set_trait(name, value)
        finally:
            self._busy = False

    def _tell(self) -> None:
        kinds = {widget.model_id: widget._kind for widget in self.members}
        for widget in self.members:
            others = {name: kind for name, kind in kinds.items() if name != widget.model_id}
            widget.set_trait("linked", others)


_GROUPS: weakref.WeakKeyDictionary[Linkable, _Group] = weakref.WeakKeyDictionary()


def _checked(what: str, widgets: tuple[Linkable, ...]) -> list[Linkable]:
    for widget in widgets:
        if not isinstance(widget, Linkable):
            raise TypeError(
                f"{what} was given {type(widget).__name__}, expected CellPicker, SkeletonViewer "
                f"or MatrixExplorer: mw.{what}(picker, viewer)."
            )
    return list(dict.fromkeys(widgets))
