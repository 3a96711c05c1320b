"""Attributes of widgets: a name that a widget does not have is refused, with the nearest one."""

from __future__ import annotations

import pytest
import traitlets

from microns_widgets import CellPicker, Explorer
from microns_widgets.errors import UnknownAttribute


@pytest.mark.parametrize(
    ("part", "name", "message"),
    [
        (
            "",
            "hight",
            r"'hight'\. Did you mean 'height'\? Its settings are value, height\.",
        ),
        ("", "selected", r"no attribute 'selected'\. Set it on its picker: \.picker\.selected = "),
        ("picker", "values", r"CellPicker has no attribute 'values'\. Did you mean 'value'\?"),
        ("viewer", "colour_by", r"Did you mean 'color_by'\?"),
        ("matrix", "colourmap", r"Did you mean 'colormap'\?"),
    ],
)
def test_an_attribute_that_does_not_exist_is_refused(sample, part, name, message) -> None:
    page = Explorer(sample)
    widget = getattr(page, part) if part else page
    with pytest.raises(UnknownAttribute, match=message):
        setattr(widget, name, None)
    assert not hasattr(widget, name)


def test_what_jupyter_sets_on_a_widget_is_accepted(sample) -> None:
    widget = CellPicker(sample)
    widget.layout = {"width": "50%"}
    widget.tooltip = "A cell"
    widget._ipython_display_ = None
    widget.add_traits(note=traitlets.Unicode())
    widget.note = "an added trait is an attribute of its class"
    widget.close()
