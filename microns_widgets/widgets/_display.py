"""How a widget is displayed: its view, its still picture, and a line below the picture.

They are three outputs of the cell, because a program shows only one format of each output: where
the view's model is gone, JupyterLab shows an error although the output has a picture too. While the
widget is on the page, its front end hides picture and line (``frontend/src/shared/still.ts``).
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any

#: Class of the line below the picture.
STILL_NOTE = "mw-still"
#: Class of the element in which a widget is running.
ALIVE = "mw-alive"
# Above the picture JupyterLab and Notebook 7 leave an error, or a view that will never be filled.
_AREA = ".jp-OutputArea-child"
_STYLE = (
    f"{_AREA}:has(+ {_AREA} + {_AREA} .{STILL_NOTE}):not(:has(.{ALIVE})){{display:none}}"
    f".{STILL_NOTE}{{font:italic 13px system-ui,sans-serif}}"
)


class DisplayedInParts:
    """Displays the MIME bundle of a widget as several outputs if it includes a picture."""

    # From the top, since the cell above alone would lack the imports.
    _note = (
        "This is a picture. "
        "Run the notebook from the top (Run, Run All Cells) to make it interactive."
    )
    """What to do if there is only the picture."""

    _repr_mimebundle_: Callable[..., Any]

    # IPython prefers this method to the MIME bundle, and ipywidgets 7, which Colab has, uses it.
    def _ipython_display_(self, **_kwargs: Any) -> None:
        # Outside a kernel IPython is not always installed.
        from IPython import get_ipython
        from IPython.display import display

        # Without one there are no pictures, and a terminal would print a line for each output.
        in_kernel = hasattr(get_ipython(), "kernel")
        for data, metadata in in_parts(self._repr_mimebundle_(), self._note, repr(self)):
            display(data, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]
            if not in_kernel:
                return


def in_parts(bundle: Any, note: str, name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Split a MIME bundle into the view, the picture, and the line below it.

    Parameters
    ----------
    bundle : dict, or tuple of dict
        Data, or data and metadata; None for a widget that has no view.
    note : str
        The line.
    name : str
        Describes the picture to those who do not see it.
    """
    if bundle is None:
        return [({"text/plain": name}, {})]
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    picture = data.get("image/png")
    view = _without(data, "image/png"), _without(metadata, "image/png")
    if picture is None:
        return [view]
    return [
        view,
        (
            {"image/png": picture, "text/plain": f"Picture of {name}"},
            {"image/png": {"alt": f"Picture of {name}"}},
        ),
        ({"text/html": still_note(note), "text/plain": note}, {}),
    ]


def still_note(note: str) -> str:
    """Return the line as HTML, with the style that hides the missing view above the picture."""
    return f'<div class="{STILL_NOTE}"><style>{_STYLE}</style>{html.escape(note)}</div>'


def _without(values: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != key}
