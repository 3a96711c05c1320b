"""Untrusted text and answers, in a form in which a person sees what is really there."""

from __future__ import annotations

import io
import threading
import unicodedata
from typing import Any

from microns_widgets.grading.kinds import restored, summary_of
from microns_widgets.grading.kinds._payload import Damaged
from microns_widgets.grading.kinds.answer import Answer

#: Rows and columns of a table that are shown.
_ROWS, _COLUMNS = 30, 12
#: Joins letters in several scripts, and the parts of an emoji.
_JOINERS = "\u200c\u200d"
# matplotlib is not made for several threads, and a page asks for two figures at once.
_DRAWING = threading.Lock()


def visible(text: str) -> str:
    """Return a text in which signs that are not seen, such as those that reverse it, are named."""
    return "".join(
        sign
        if sign in "\n\t" or sign in _JOINERS or unicodedata.category(sign) not in ("Cc", "Cf")
        else f"[U+{ord(sign):04X}]"
        for sign in text.replace("\r\n", "\n")
    )


def value_of(payload: object, answer: Answer) -> str:
    """Return a captured answer as text: a table's first rows, or else a summary."""
    if answer.kind == "table":
        try:
            table = restored(payload, answer)
            return str(table.to_string(max_rows=_ROWS, max_cols=_COLUMNS))
        except (Damaged, AttributeError, ValueError, TypeError):
            pass
    return summary_of(payload, answer)


def picture(payload: object) -> bytes | None:
    """Return a PNG of the marks that were captured of a figure; None if there is nothing to draw.

    It shows what is compared. What is not captured (sizes, fonts, lines behind the marks) is not
    drawn as the student drew it.
    """
    axes = payload.get("axes") if isinstance(payload, dict) else None
    with _DRAWING:
        return _drawn(axes)


def get_ready() -> None:
    """Import what draws, which takes a second, before somebody waits for a figure."""
    with _DRAWING:
        _drawn([])


def _drawn(axes: object) -> bytes | None:
    # matplotlib takes a second to import, and only figures need it.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from microns_widgets.grading.review.drawing import draw

    figure = Figure(figsize=(5.2, 3.9), dpi=110, layout="constrained")
    # It draws without a window, in any thread.
    FigureCanvasAgg(figure)
    content: Any = io.BytesIO()
    try:
        if not draw(figure, axes):
            return None
        figure.savefig(content, format="png")
    except (Damaged, ValueError, TypeError, KeyError, OverflowError, RuntimeError, MemoryError):
        return None
    return bytes(content.getvalue())
