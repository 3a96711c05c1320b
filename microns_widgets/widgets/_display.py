"""How a widget is displayed: its view, its still picture, and a line below the picture.

They are three outputs of the cell, because a program shows only one format of each output: where
the view's model is gone, JupyterLab shows an error although the output has a picture too. While the
widget is on the page, its front end hides picture and line (``frontend/src/shared/still.ts``).
"""

from __future__ import annotations

import base64
import html
from collections.abc import Callable, Iterator
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
    """Displays a widget as several outputs if it has a picture."""

    # From the top, since the cell above alone would lack the imports.
    _note = (
        "This is a picture. "
        "Run the notebook from the top (Run, Run All Cells) to make it interactive."
    )
    """What to do if there is only the picture."""

    _view_bundle: Callable[[], Any]
    _saved_still: Callable[[], tuple[bytes | None, str]]

    # IPython prefers this method to the MIME bundle, and ipywidgets 7, which Colab has, uses it.
    def _ipython_display_(self, **_kwargs: Any) -> None:
        # Outside a kernel IPython is not always installed.
        from IPython import get_ipython
        from IPython.display import display

        # Without one there are no pictures, and a terminal would print a line for each output.
        in_kernel = hasattr(get_ipython(), "kernel")
        for data, metadata in self._outputs():
            display(data, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]
            if not in_kernel:
                return

    def _outputs(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Yield data and metadata of the view, the picture, and the line below it."""
        name = repr(self)
        bundle = self._view_bundle()
        if bundle is None:
            yield {"text/plain": name}, {}
            return
        yield bundle if isinstance(bundle, tuple) else (bundle, {})
        # The picture is drawn when the view is on its way, so that the page loads it meanwhile.
        picture, problem = self._saved_still()
        if picture is not None:
            described = f"Picture of {name}"
            encoded = base64.b64encode(picture).decode("ascii")
            data = {"image/png": encoded, "text/plain": described}
            yield data, {"image/png": {"alt": described}}
            yield {"text/html": still_note(self._note), "text/plain": self._note}, {}
        if problem:
            yield {"text/plain": problem}, {}


def still_note(note: str) -> str:
    """Return the line as HTML, with the style that hides the missing view above the picture."""
    return f'<div class="{STILL_NOTE}"><style>{_STYLE}</style>{html.escape(note)}</div>'
