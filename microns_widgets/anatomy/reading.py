"""Skeletons from files and from the service, with their unit and their soma."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from microns_widgets.anatomy import swc
from microns_widgets.anatomy.compartments import COMPARTMENTS
from microns_widgets.anatomy.units import check_size, declared_scale, unit_factor
from microns_widgets.errors import SkeletonError

if TYPE_CHECKING:
    from microns_widgets.anatomy.skeleton import Skeleton

_KEYS = ("vertices", "edges", "radius", "compartment", "root")


def skeleton_from_swc(
    cls: type[Skeleton],
    path: str | PathLike[str],
    *,
    root_id: int,
    source: str,
    unit: str | None,
) -> Skeleton:
    """Read an SWC file; see `Skeleton.from_swc`."""
    name = Path(path).name
    tree = swc.read(path)
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
    with _named(name):
        return cls(
            vertices * 1000,
            tree.edges,
            radius * 1000,
            tree.types,
            root=tree.root,
            root_id=root_id,
            source=source,
        )


def skeleton_from_dictionary(
    cls: type[Skeleton], d: Mapping[str, Any], *, root_id: int, source: str, unit: str
) -> Skeleton:
    """Read the skeleton service's dictionary; see `Skeleton.from_cave`."""
    missing = [key for key in _KEYS if key not in d]
    if missing:
        raise SkeletonError(
            f"The dictionary lacks {', '.join(map(repr, missing))}; it has "
            f"{', '.join(map(repr, d)) or 'nothing'}. Ask the service for "
            'output_format="dict".'
        )
    meta = d.get("meta") or {}
    own = int(meta.get("root_id") or root_id)
    if root_id and own != root_id:
        raise SkeletonError(
            f"The skeleton is of cell {own}, not of cell {root_id}. Ask for that cell's again."
        )
    nm = 1000 * unit_factor(unit)
    skeleton = cls(
        np.asarray(d["vertices"], dtype=np.float64) * nm if unit != "nm" else d["vertices"],
        d["edges"],
        np.asarray(d["radius"], dtype=np.float64) * nm if unit != "nm" else d["radius"],
        d["compartment"],
        root=int(d["root"]),
        root_id=own,
        source=source,
    )
    check_size(skeleton.vertices / 1000, skeleton.radius / 1000, "The dictionary")
    soma = np.flatnonzero(skeleton.compartment == COMPARTMENTS["soma"])
    if len(soma) and skeleton.root not in soma:
        return cls(**{**vars_of(skeleton), "root": int(soma[0])})
    return skeleton


def vars_of(skeleton: Skeleton) -> dict[str, Any]:
    """The arguments that make a skeleton again."""
    names = ("vertices", "edges", "radius", "compartment", "root", "root_id", "source")
    return {name: getattr(skeleton, name) for name in names}


@contextmanager
def _named(name: str) -> Iterator[None]:
    try:
        yield
    except SkeletonError as error:
        raise SkeletonError(f"{name}: {error}") from None
