"""Skeletons from files and from the service, with their unit and their soma."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from microns_widgets.anatomy import swc
from microns_widgets.anatomy.checks import finite_array, whole_number
from microns_widgets.anatomy.compartments import COMPARTMENTS
from microns_widgets.anatomy.units import check_size, declared_scale, unit_factor
from microns_widgets.errors import SkeletonError, quoted
from microns_widgets.tables.root_ids import one_id

#: Root ids of MICrONS have 18 digits; no other number in a header is that long.
_ROOT_ID = re.compile(r"(?<!\d)\d{17,19}(?!\d)")
_KEYS = ("vertices", "edges", "radius", "compartment", "root")


def swc_arguments(path: str | PathLike[str], root_id: int, unit: str | None) -> dict[str, Any]:
    """Return the arguments of `Skeleton` for an SWC file; see `Skeleton.from_swc`."""
    name = Path(path).name
    own = one_id(root_id)
    tree = swc.read(path)
    _check_cell(own, name, tree.comments)
    declared = declared_scale(tree.comments, name) if unit is None else None
    scale = np.full(3, unit_factor(unit or "um")) if declared is None else declared
    if tree.n_unknown_radii:
        warnings.warn(
            f"{name}: {tree.n_unknown_radii:,} of {len(tree.radius):,} radii are unknown; they are "
            "0 here, and drawn as thin lines.",
            stacklevel=3,
        )
    vertices, radius = tree.positions * scale, tree.radius * scale[0]
    check_size(vertices, radius, name)
    return {
        "vertices": vertices * 1000,
        "edges": tree.edges,
        "radius": radius * 1000,
        "compartment": tree.types,
        "root": tree.root,
        "root_id": own,
    }


def _check_cell(root_id: int, name: str, comments: Iterable[str]) -> None:
    """Raise `SkeletonError` if the header (or the file name) has only other root ids."""
    ids = _ROOT_ID.findall("\n".join(comments)) or _ROOT_ID.findall(name)
    declared = [int(digits) for digits in ids]
    if root_id and declared and root_id not in declared:
        raise SkeletonError(
            f"{name}: according to the file, this is the skeleton of cell {declared[0]}, not of "
            f"cell {root_id}. Use the file of cell {root_id}. If both ids belong to one neuron in "
            f"different versions, use the id in the file: root_id={declared[0]}."
        )


def service_arguments(d: Mapping[str, Any], root_id: int, unit: str) -> dict[str, Any]:
    """Return the arguments of `Skeleton` for the service's dictionary; see `Skeleton.from_cave`."""
    if not isinstance(d, Mapping):
        raise SkeletonError(
            f"A skeleton was expected as the dictionary that CAVE's service returns, not as "
            f'{quoted(d)}. Ask the service for output_format="dict".'
        )
    missing = [key for key in _KEYS if key not in d]
    if missing:
        raise SkeletonError(
            f"The dictionary lacks {', '.join(map(repr, missing))}; it has "
            f"{', '.join(map(repr, d)) or 'nothing'}. Ask the service for "
            'output_format="dict".'
        )
    meta = d.get("meta")
    asked = one_id(root_id)
    own = one_id((meta.get("root_id") if isinstance(meta, Mapping) else None) or asked)
    if asked and own != asked:
        raise SkeletonError(
            f"The skeleton is of cell {own}, not of cell {asked}. Ask for that cell's again."
        )
    # 1000 * 0.001 is exactly 1: the service's own unit changes no digit.
    nm = 1000 * unit_factor(unit)
    vertices = finite_array("vertices", d["vertices"], np.float64, (-1, 3)) * nm
    radius = finite_array("radius", d["radius"], np.float64, (len(vertices),)) * nm
    check_size(vertices / 1000, radius / 1000, "The dictionary")
    root = whole_number("root", d["root"])
    soma = np.flatnonzero(np.asarray(d["compartment"]) == COMPARTMENTS["soma"])
    return {
        "vertices": vertices,
        "edges": d["edges"],
        "radius": radius,
        "compartment": d["compartment"],
        "root": int(soma[0]) if len(soma) and root not in soma else root,
        "root_id": own,
    }


@contextmanager
def named(path: str | PathLike[str]) -> Iterator[None]:
    """Let a `SkeletonError` of the block name the file."""
    try:
        yield
    except SkeletonError as error:
        name = Path(path).name
        message = str(error)
        raise SkeletonError(message if name in message else f"{name}: {message}") from None
