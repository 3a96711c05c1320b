"""One colour and one marker per label, the same in Python and in the browser.

The table is ``palette.json``. Related types have related hues: blue in layers 2 to 4, violet in
layer 5, green in layer 6, red to orange for inhibitory cells, greys and browns for glia. Within
these ranges, ``tools/tune_palette.py`` placed the sixteen automatic types as far apart as
possible, also for people with common colour-vision deficiencies. Because so many colours remain
hard to distinguish, each type also has a marker, and every figure has a legend.

A type of ``cell_type_multifeature_combo`` has the colour and marker of the corresponding automatic
type, if there is one (L4IT looks like 4P, and PV like BC). `add_types` adds the types of other
datasets. A type that is not in the palette gets a colour and a marker derived from its name: they
are always the same, but another type may share them.

Widgets on a dark page show colours with too little contrast in a lighter variant; ``"dark"`` in the
table lists the replacements where this variant would resemble the colour of another type.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from microns_widgets._arguments import checks_arguments
from microns_widgets._typing import Array, FloatArray
from microns_widgets.errors import InvalidArgument, InvalidType, check_choice, quoted


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


#: Types that `add_types` added, by label; they follow the types of the table.
_added: dict[str, dict[str, str]] = {}
_GROUPS = ("coarse", "directions", "compartments", "regions")


@cache
def _own_types() -> Mapping[str, Mapping[str, Any]]:
    return {entry["label"]: entry for entry in table()["types"]}


def _entry(label: str) -> Mapping[str, Any] | None:
    return _own_types().get(label) or _added.get(label)


@cache
def _own_rank() -> Mapping[str, int]:
    return {label: place for place, label in enumerate([*_own_types(), *table()["strategies"]])}


@checks_arguments
def types_of(system: str) -> list[str]:
    """Return the types of one system of cell types, in the order of the palette.

    Parameters
    ----------
    system : {"metamodel", "manual", "multifeature"}
        The automatic types of ``aibs_metamodel_celltypes_v661``, the manual ones of the V1 column,
        or those of ``cell_type_multifeature_combo``.

    Returns
    -------
    list of str

    Raises
    ------
    InvalidArgument
        If there is no such system.

    Examples
    --------
    >>> mw.palette.types_of("multifeature")[:3]
    ['L2IT', 'L3IT', 'L4IT']
    """
    check_choice("system", system, ("metamodel", "manual", "multifeature"))
    return [label for label, entry in _own_types().items() if system in entry["systems"]]


#: What the `group` of a type can be; "" if it is not known.
_CLASSES = ("E", "I", "NONNEURON", "")


@checks_arguments
def add_types(types: Iterable[Mapping[str, str]]) -> None:
    """Add the cell types of another dataset, in order; they come after those of the table.

    Parameters
    ----------
    types : iterable of mapping
        Each type has a ``label``. Optional are ``color`` (``"#rrggbb"``) or ``like`` (a type of
        the palette whose colour and marker it gets), ``marker`` (matplotlib's notation) and
        ``group`` (``"E"``, ``"I"``, ``"NONNEURON"`` or ``""``). A colour or marker that is
        omitted is derived from the label.

    Raises
    ------
    InvalidArgument
        If a label is empty, a colour, `like` or `group` is not valid, or the type already has
        another colour.

    Examples
    --------
    >>> mw.palette.add_types([{"label": "STC", "like": "NGC", "group": "I"}])
    >>> mw.palette.color("STC") == mw.palette.color("NGC")
    True
    """
    for given in types:
        label, other = given["label"], given.get("like")
        if label == "":
            raise InvalidArgument("A type has label=''. An empty label means an unknown type.")
        if given.get("group", "") not in _CLASSES:
            raise InvalidArgument(
                f"Type {quoted(label)} has group={quoted(given['group'])}. Expected one of "
                f"{', '.join(map(repr, _CLASSES))}."
            )
        if other is not None and _entry(other) is None:
            raise InvalidArgument(
                f"Type {quoted(label)} should look like {quoted(other)}, which is not a type of "
                "the palette. Choose one of mw.palette.table()['types'], or give a color."
            )
        hexes = given.get("color", color(other or label))
        if not re.fullmatch("#[0-9a-f]{6}", hexes):
            raise InvalidArgument(
                f"Type {quoted(label)} has color={quoted(hexes)}. Expected '#rrggbb' in lower case."
            )
        known = _entry(label)
        if known is not None and "color" not in given and other is None:
            continue
        if known is not None and known["color"] != hexes:
            raise InvalidArgument(
                f"Type {quoted(label)} already has the color {known['color']}, not {hexes}: each "
                "type has one color in all figures. Omit the color, or rename the type."
            )
        if known is None:
            _added[label] = {
                "label": label,
                "color": hexes,
                "marker": given.get("marker", marker(other or label)),
                "group": given.get("group", ""),
            }


@checks_arguments
def added_types() -> list[dict[str, str]]:
    """Return the types that `add_types` added; widgets send them to the browser."""
    return [dict(entry) for entry in _added.values()]


def _of_name(label: str) -> int:
    """Return a number derived from a label: FNV-1a over its UTF-16 code units."""
    number = 2166136261
    units = label.encode("utf-16-le")
    for place in range(0, len(units), 2):
        unit = units[place] | units[place + 1] << 8
        number = (number ^ unit) * 16777619 & 0xFFFFFFFF
    return number ^ number >> 15


@checks_arguments
def color(label: str) -> str:
    """Return a label's colour as ``"#rrggbb"``.

    Parameters
    ----------
    label : str
        A cell type (automatic, manual or coarse), region, compartment, ``"input"`` or
        ``"output"``. ``""`` has the colour of "unknown". Any other label gets one of a dozen
        colours that are used for nothing else; a label always gets the same one.

    Returns
    -------
    str

    Examples
    --------
    >>> mw.palette.color("BC")
    '#ff300f'
    """
    entry = _entry(label)
    if entry is not None:
        return str(entry["color"])
    for group in _GROUPS:
        if label in table()[group]:
            return str(table()[group][label])
    others = table()["others"]["colors"]
    return str(others[_of_name(label) % len(others)] if label else table()["unknown"]["color"])


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
        A cell type. A type that is not in the palette gets a marker derived from its name, and
        ``""`` gets that of "unknown".

    Returns
    -------
    str

    Examples
    --------
    >>> mw.palette.marker("BC") != mw.palette.marker("MC")
    True
    """
    entry = _entry(label)
    if entry is not None:
        return str(entry["marker"])
    others = table()["others"]["markers"]
    place = _of_name(label) // len(table()["others"]["colors"]) % len(others)
    return str(others[place] if label else table()["unknown"]["marker"])


@checks_arguments
def classes(labels: Iterable[str]) -> Array:
    """Return the class of each cell type: excitatory, inhibitory, or not a neuron.

    Parameters
    ----------
    labels : iterable of str
        n cell types, or classes themselves.

    Returns
    -------
    numpy.ndarray of str, shape (n,)
        ``"E"``, ``"I"``, ``"NONNEURON"``, or ``""`` if the class of the type is not known.

    Examples
    --------
    >>> mw.palette.classes(["23P", "BC", "astrocyte", "Unsure"]).tolist()
    ['E', 'I', 'NONNEURON', '']
    """
    several = [str(label) for label in _several(labels)]
    known = {label: _class_of(label) for label in set(several)}
    return np.array([known[label] for label in several], dtype=object)


def _class_of(label: str) -> str:
    entry = _entry(label)
    if entry is not None:
        return str(entry.get("group", ""))
    return label if label in _CLASSES else ""


@checks_arguments
def type_order(labels: Iterable[str]) -> list[str]:
    """Return the distinct labels in the order of the palette.

    Excitatory types come first, layer by layer, then inhibitory types and cells that are not
    neurons, then proofreading strategies (the most complete first), then the types of
    `add_types` in their own order, then any other labels in alphabetical order, and ``""``
    (unknown) last.

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
    first = len(_own_rank())
    rank = {**_own_rank(), **{label: first + place for place, label in enumerate(_added)}}
    distinct = {str(label) for label in _several(labels)}
    return sorted(distinct, key=lambda label: (label == "", rank.get(label, len(rank)), label))


def _several(labels: Iterable[str]) -> Iterable[str]:
    try:
        iter(labels)
    except TypeError:
        raise InvalidType(f"labels are {quoted(labels)}, expected a list of text.") from None
    return labels
