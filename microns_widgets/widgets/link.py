"""One selection shared by several widgets."""

from __future__ import annotations

import uuid
import weakref
from functools import partial
from typing import Any

from microns_widgets._arguments import checks_arguments
from microns_widgets.errors import InvalidType
from microns_widgets.widgets._link_rules import TRAITS, choice_in, trait_updates
from microns_widgets.widgets._linkable import Linkable


@checks_arguments
def link(*widgets: Linkable) -> None:
    """Show in all of these widgets what the user chooses in one of them.

    ======================================  ===================================================
    The user chooses                        The other widgets
    ======================================  ===================================================
    a cell: ``picker.value``, a click on    the picker sets its `value`, the viewer shows the
    a synapse (``viewer.partner``), the     cell, the matrix marks its row and column, the
    only cell in ``viewer.cells``,          player marks the cell
    ``player.cell``
    a pair: ``matrix.pair``, or two         the viewer shows both cells and only the synapses
    ``viewer.cells`` of which the second    between them, the picker's `value` is the
    one is ``viewer.partner``               presynaptic cell, the matrix marks the pair
    several: ``picker.selected``,           the picker selects them, the matrix selects those
    ``matrix.selected_pre`` and             on its axes and says how many are not, and the
    ``selected_post``,                      player stimulates those that it has
    ``player.stimulus_cells``
    nothing: ``matrix.pair = None``         the others show the matrix's ``cell`` again, if any
    ======================================  ===================================================

    The widget in which the user chooses stays as it is. Ids that a widget does not have are left
    out. Initially, the others follow the first widget that has a choice. Widgets that are already
    linked bring their partners along. A link does not keep widgets alive; `unlink` ends it.

    On a page without a kernel, the browser applies the same rules.

    Parameters
    ----------
    *widgets : CellPicker, SkeletonViewer, MatrixExplorer or ActivityPlayer
        Two or more, of any kind; they should show the same dataset.

    Raises
    ------
    InvalidType
        If a widget is of another kind, or there are fewer than two.

    Examples
    --------
    >>> picker, viewer = mw.CellPicker(con), mw.SkeletonViewer(con)
    >>> mw.link(picker, viewer)
    >>> picker.value = con.select(cell_type="MC", proofread=True)[0]
    >>> viewer.cells == (picker.value,)
    True
    """
    members = _linkable("link", widgets)
    if len(members) < 2:
        raise InvalidType(
            f"link was given {len(members)} widget{'s' if len(members) != 1 else ''}, expected "
            "two or more: mw.link(picker, viewer)."
        )
    groups = [group for widget in members if (group := _GROUPS.get(widget))]
    group = _Group([*members, *(widget for other in groups for widget in other.members)])
    group.follow_first_choice()


def link_as_they_are(*widgets: Linkable) -> None:
    """Link widgets whose choices agree already, without a change of any of them."""
    _Group([*widgets])


@checks_arguments
def unlink(*widgets: Linkable) -> None:
    """Remove widgets from their link; the remaining ones stay linked.

    Parameters
    ----------
    *widgets : CellPicker, SkeletonViewer, MatrixExplorer or ActivityPlayer
        A widget without a link stays as it is.

    Raises
    ------
    InvalidType
        If a widget is of another kind.

    Examples
    --------
    >>> picker, viewer = mw.CellPicker(con), mw.SkeletonViewer(con)
    >>> mw.link(picker, viewer)
    >>> mw.unlink(picker, viewer)
    """
    for widget in _linkable("unlink", widgets):
        if group := _GROUPS.get(widget):
            group.remove(widget)


class _Group:
    """Linked widgets, observed by the group and held by weak references."""

    def __init__(self, widgets: list[Linkable]) -> None:
        self._members = [weakref.ref(widget) for widget in dict.fromkeys(widgets)]
        self._busy = False
        self._name = uuid.uuid4().hex
        for widget in self.members:
            before = _GROUPS.get(widget)
            if before:
                widget.unobserve(before.on_change, TRAITS[widget._kind])
            widget.observe(self.on_change, TRAITS[widget._kind])
            _GROUPS[widget] = self
        self._set_linked()

    @property
    def members(self) -> list[Linkable]:
        return [widget for member in self._members if (widget := member()) is not None]

    def on_change(self, change: Any) -> None:
        """Update the other widgets, unless this change is such an update itself."""
        if not self._busy:
            self._follow(change["owner"], change["name"])

    def follow_first_choice(self) -> None:
        """Update all widgets from the first one with a cell or pair, and with a selection."""
        done: set[bool] = set()
        for widget in self.members:
            for trait in TRAITS[widget._kind]:
                choice = choice_in(trait, partial(getattr, widget))
                if choice and choice.ids and (choice.what == "selection") not in done:
                    done.add(choice.what == "selection")
                    self._follow(widget, trait)

    def remove(self, widget: Linkable) -> None:
        widget.unobserve(self.on_change, TRAITS[widget._kind])
        widget.set_trait("linked", {})
        widget.set_trait("link_group", "")
        del _GROUPS[widget]
        self._members = [member for member in self._members if member() is not widget]
        self._set_linked()

    def _follow(self, source: Linkable, trait: str) -> None:
        choice = choice_in(trait, partial(getattr, source))
        if choice is None:
            return
        self._busy = True
        try:
            # Viewers come last: drawing takes them longest.
            for widget in sorted(self.members, key=lambda member: member._kind == "viewer"):
                if widget is not source:
                    for name, value in trait_updates(widget._kind, choice, widget._has).items():
                        widget.set_trait(name, value)
        finally:
            self._busy = False

    def _set_linked(self) -> None:
        kinds = {widget.model_id: widget._kind for widget in self.members}
        for widget in self.members:
            others = {name: kind for name, kind in kinds.items() if name != widget.model_id}
            widget.set_trait("linked", others)
            widget.set_trait("link_group", self._name)


_GROUPS: weakref.WeakKeyDictionary[Linkable, _Group] = weakref.WeakKeyDictionary()


def _linkable(function: str, widgets: tuple[Linkable, ...]) -> list[Linkable]:
    for widget in widgets:
        if not isinstance(widget, Linkable):
            raise InvalidType(
                f"{function} was given {type(widget).__name__}, expected CellPicker, "
                f"SkeletonViewer, MatrixExplorer or ActivityPlayer: mw.{function}(picker, viewer)."
            )
    return list(dict.fromkeys(widgets))
