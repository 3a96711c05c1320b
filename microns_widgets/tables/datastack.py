"""Describes a datastack other than MICrONS: its tables, columns, types and units, as TOML."""

from __future__ import annotations

import dataclasses
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any

from microns_widgets import palette
from microns_widgets._files import expanded
from microns_widgets.errors import InvalidArgument, quoted, suggestion
from microns_widgets.tables.source import NO_DEPTH, NO_SIZES

#: The file's name in a folder of data.
DATASTACK_FILE = "datastack.toml"
_SHIPPED = ("flywire_fafb_public", "v1dd_public")


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table or view of the datastack.

    Attributes
    ----------
    table : str
        Its name in CAVE.
    view : bool
        Whether it is a view.
    voxel_nm : tuple of three floats, optional
        Size of a voxel in nm, if its positions are in voxels whose size CAVE does not know.
        Default: CAVE converts positions to nm.
    """

    table: str
    view: bool = False
    voxel_nm: tuple[float, float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class Cells(Table):
    """The table that lists the cells, one row per nucleus or cell.

    Attributes
    ----------
    root_id, position, id : str
        Columns: root id, position of the nucleus or cell, and the row's id, to which other tables
        refer.
    nucleus_id, volume : str, optional
        Columns: an id that does not change when a cell is edited, and the volume of the nucleus
        (um^3).
    """

    root_id: str = "pt_root_id"
    position: str = "pt_position"
    id: str = "id"
    nucleus_id: str = ""
    volume: str = ""


@dataclass(frozen=True, kw_only=True)
class Lookup(Table):
    """A column of a table that says something about cells, such as their type.

    Attributes
    ----------
    column : str
        The column.
    key : str
        The column that identifies the cell.
    cell_key : str
        The column of the cells' table with the same values.
    where : mapping of str to str
        Only rows that have these values in other columns are used.
    names : mapping of str to str
        New names for some of the values. The other values stay as they are.
    """

    column: str
    key: str = "target_id"
    cell_key: str = "id"
    where: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Synapses(Table):
    """The synapse table.

    Attributes
    ----------
    id, pre, post, position : str
        Columns: id, root ids on both sides, position.
    size : str, optional
        Column with the size. Default: synapses have no size, and only their number counts.
    """

    id: str = "id"
    pre: str = "pre_pt_root_id"
    post: str = "post_pt_root_id"
    position: str = "ctr_pt_position"
    size: str = ""


@dataclass(frozen=True, kw_only=True)
class Datastack:
    """A datastack of CAVE, as a file ``datastack.toml`` describes it.

    Attributes
    ----------
    name : str
        Its name in CAVE.
    server : str, optional
        Address of the CAVE server. Default: that of MICrONS.
    version : int, optional
        Materialization version. Default: the latest.
    depth : {"", "minnie65"}
        ``"minnie65"`` if positions are in the space of MICrONS, so that the depth in the cortex is
        known; otherwise there are no depths and no layers.
    volume_nm : pair of corners, optional
        Lowest and highest (x, y, z) of the volume, in nm; a position outside is an error.
    region : str, optional
        The area in which all cells are, if no table gives their areas.
    all_proofread : bool
        Whether all cells were proofread.
    synapses_of : tuple of str
        Types of the proofread cells whose synapses are queried. Default: all proofread cells.
    cells, synapses, types, coarse_types, proofreading, regions
        The tables; only the first two are required.
    type : tuple of mappings
        The types in order, with their colours; see `palette.add_types`.
    """

    name: str
    cells: Cells
    synapses: Synapses
    server: str = ""
    version: int | None = None
    depth: str = ""
    volume_nm: tuple[tuple[float, float, float], tuple[float, float, float]] | None = None
    region: str = ""
    all_proofread: bool = False
    synapses_of: tuple[str, ...] = ()
    types: Lookup | None = None
    coarse_types: Lookup | None = None
    proofreading: Lookup | None = None
    regions: Lookup | None = None
    type: tuple[Mapping[str, str], ...] = ()

    @property
    def has_sizes(self) -> bool:
        """Whether synapses have a size."""
        return self.synapses.size != ""

    def source(self, version: int | None) -> str:
        """Return the source of the data, which says what they lack."""
        parts = [f"CAVE {self.name}" + (f", version {version}" if version is not None else "")]
        parts += [NO_DEPTH] if self.depth == "" else []
        parts += [] if self.has_sizes else [NO_SIZES]
        return "; ".join(parts)

    def add_types(self) -> None:
        """Add the types to the palette."""
        palette.add_types(self.type)


def shipped_datastacks() -> tuple[str, ...]:
    """Return the names of the datastacks that the package describes."""
    return _SHIPPED


def datastack_text(name: str | PathLike[str]) -> str:
    """Return the description of a datastack as TOML: a file, or one that the package has.

    Raises
    ------
    InvalidArgument
        If there is no such file, or it cannot be read.
    """
    if str(name) in _SHIPPED:
        own = files("microns_widgets").joinpath("datastacks", f"{name}.toml")
        return own.read_text(encoding="utf-8")
    path = expanded(name)
    try:
        return path.read_text(encoding="utf-8-sig")  # Windows editors write a mark at the start
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise InvalidArgument(
            f"{path}: the description of a datastack cannot be read ({reason}). Expected a TOML "
            f"file, or one of {', '.join(_SHIPPED)}; docs/adapt.md shows how to write one."
        ) from error


def read_datastack(name: str | PathLike[str]) -> Datastack:
    """Read the description of a datastack; see `datastack_text`.

    Raises
    ------
    InvalidArgument
        If it is not valid; the message names the key.
    """
    return parse_datastack(datastack_text(name), Path(name).name)


def parse_datastack(text: str, where: str) -> Datastack:
    """Return the datastack that a TOML text describes; `where` is its name, for errors."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidArgument(f"{where} is not valid TOML: {error}.") from error
    stack: Datastack = _record(Datastack, content, where, "")
    if stack.depth not in ("", "minnie65"):
        raise InvalidArgument(
            f"{where}: depth = {quoted(stack.depth)}. Expected 'minnie65'. Omit the line if "
            "positions are in another space."
        )
    return stack


#: The kind of each key's value: a section is read as a record.
_SECTIONS: Mapping[str, type] = MappingProxyType(
    {
        "cells": Cells,
        "synapses": Synapses,
        "types": Lookup,
        "coarse_types": Lookup,
        "proofreading": Lookup,
        "regions": Lookup,
    }
)
_NUMBERS = "three numbers, such as [4, 4, 40]"


def _record(kind: type, content: Mapping[str, Any], where: str, path: str) -> Any:
    fields = {one.name: one for one in dataclasses.fields(kind)}
    for key in content:
        if key not in fields:
            raise InvalidArgument(
                f"{where}: there is no key {quoted(path + key)}.{suggestion(key, fields)} "
                f"Possible keys: {', '.join(fields)}."
            )
    missing = [
        name
        for name, one in fields.items()
        if name not in content
        and one.default is dataclasses.MISSING
        and one.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise InvalidArgument(
            f"{where}: {', '.join(path + name for name in missing)} "
            f"{'is' if len(missing) == 1 else 'are'} missing. docs/adapt.md says what each key "
            "means."
        )
    for key, value in content.items():
        if value == "" and fields[key].default != "":
            raise InvalidArgument(f"{where}: {path}{key} is empty. Expected a name.")
    return kind(**{key: _value(key, value, where, path) for key, value in content.items()})


def _value(key: str, value: Any, where: str, path: str) -> Any:
    if key in _SECTIONS and path == "":
        if isinstance(value, dict):
            return _record(_SECTIONS[key], value, where, f"{key}.")
        expected = f"a section [{key}]"
    elif key == "voxel_nm":
        if _is_point(value) and min(value) > 0:
            return tuple(map(float, value))
        expected = _NUMBERS
    elif key == "volume_nm":
        if (
            isinstance(value, list)
            and len(value) == 2
            and all(map(_is_point, value))
            and all(low < high for low, high in zip(*value, strict=True))
        ):
            return tuple(tuple(map(float, corner)) for corner in value)
        expected = f"the lowest and the highest corner, each {_NUMBERS}"
    elif key in ("where", "names"):
        if _is_text_table(value):
            return MappingProxyType(value)
        expected = 'pairs of text, such as {excitatory = "E"}'
    elif key == "type":
        if isinstance(value, list) and all(_is_text_table(one) and "label" in one for one in value):
            return tuple(value)
        expected = "sections [[type]] with a label, and text only"
    elif key == "synapses_of":
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        expected = 'a list of types, such as ["LC4"]'
    elif key in ("view", "all_proofread"):
        if isinstance(value, bool):
            return value
        expected = "true or false"
    elif key == "name" and path == "":
        if isinstance(value, str) and re.fullmatch(r"\w[\w.-]*", value):  # it names files, too
            return value
        expected = "the name of a datastack: letters, digits, '_', '-' and '.'"
    elif key == "version":
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        expected = "a whole number"
    else:
        if isinstance(value, str):
            return value
        expected = "text"
    raise InvalidArgument(f"{where}: {path}{key} is {quoted(value)}. Expected {expected}.")


def _is_point(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 3
        and all(isinstance(one, int | float) and not isinstance(one, bool) for one in value)
        and all(map(math.isfinite, value))
    )


def _is_text_table(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
