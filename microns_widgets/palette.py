"""One colour and one marker per label, the same in Python and in the browser.

The table is ``palette.json``. Related types have related hues: blue in layers 2 to 4, violet in
layer 5, green in layer 6, red to orange for inhibitory cells, greys and browns for glia. Within
these ranges, ``tools/tune_palette.py`` placed the sixteen automatic types as far apart as
possible, also for people with common colour-vision deficiencies. Because so many colours remain
hard to distinguish, each type also has a marker, and every figure has a legend.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from microns_widgets._arguments import checks_arguments
from microns_widgets._typing import FloatArray
from microns_widgets.errors import InvalidType, quoted


@cache
def table() -> Mapping[str, Any]:
    """Return the contents of ``palette.json``, from which all other functions read.

    Returns
    -------
    mapping
        Groups of labels, such as ``"types"`` and ``"compartments"``, and their colours.

    Examples
    --------
    >>> mw.palette.table()["compartments"]["soma"] == mw.palette.color("soma")
    True
    """
    content: dict[str, Any] = json.loads(
        files("microns_widgets").joinpath("palette.json").read_text(encoding="utf-8")
    )
    return content


@cache
def _types() -> Mapping[str, Mapping[str, str]]:
    return {entry["label"]: entry for entry in table()["types"]}


@cache
def _rank() -> Mapping[str, int]:
    return {label: place for place, label in enumerate([*_types(), *table()["strategies"]])}


@checks_arguments
def color(label: str) -> str:
    """Return a label's colour as ``"#rrggbb"``.

    Parameters
    ----------
    label : str
        A cell type (automatic, manual or coarse), region, compartment, ``"input"`` or
        ``"output"``. Any other label has the colour of "unknown".

    Returns
    -------
    str

    Examples
    --------
    >>> mw.palette.color("BC")
    '#ff300f'
    """
    entry = _types().get(label)
    if entry is not None:
        return entry["color"]
    for group in ("coarse", "directions", "compartments", "regions"):
        if label in table()[group]:
            return str(table()[group][label])
    return str(table()["unknown"]["color"])


@checks_arguments
def colors(labels: Iterable[str]) -> FloatArray:
    """Return the colours of several labels, for matplotlib.

    Parameters
    ----------
    labels : iterable of str
        n labels; see `color`.

    Returns
    -------
    numpy.ndarray, shape (n, 4)
        Red, green, blue and alpha from 0 to 1.

    Examples
    --------
    >>> mw.palette.colors(["BC", "MC"]).shape
    (2, 4)
    """
    # numpy's own strings would drop a NUL character at the end of a name.
    names: dict[str, int] = {}
    code = [names.setdefault(str(label), len(names)) for label in _several(labels)]
    hexes = [color(name) for name in names]
    rgb = np.array([[int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)] for text in hexes])
    rgba = np.hstack([rgb.reshape(-1, 3), np.ones((len(names), 1))])
    return rgba[np.array(code, dtype=np.int64)]


@checks_arguments
def marker(label: str) -> str:
    """Return a type's marker in matplotlib's notation.

    Parameters
    ----------
    label : str
        A cell type. Any other label has the marker of "unknown".

    Returns
    -------
    str

    Examples
    --------
    >>> mw.palette.marker("BC") != mw.palette.marker("MC")
    True
    """
    entry = _types().get(label)
    return entry["marker"] if entry is not None else str(table()["unknown"]["marker"])


@checks_arguments
def type_order(labels: Iterable[str]) -> list[str]:
    """Return the distinct labels in the order of the palette.

    Excitatory types come first, layer by layer, then inhibitory types and cells that are not
    neurons, then proofreading strategies (the most complete first), then any other labels in
    alphabetical order, and ``""`` (unknown) last.

    Parameters
    ----------
    labels : iterable of str
        Labels; repeats are fine.

    Returns
    -------
    list of str

    Examples
    --------
    >>> mw.palette.type_order(["BC", "", "4P", "BC", "23P"])
    ['23P', '4P', 'BC', '']
    """
    last = len(_rank())
    distinct = {str(label) for label in _several(labels)}
    return sorted(distinct, key=lambda label: (label == "", _rank().get(label, last), label))


def _several(labels: Iterable[str]) -> Iterable[str]:
    try:
        iter(labels)
    except TypeError:
        raise InvalidType(f"labels are {quoted(labels)}, expected a list of text.") from None
    return labels
