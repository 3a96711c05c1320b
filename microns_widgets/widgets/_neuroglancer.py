"""Links that show cells and their synapses in Neuroglancer, on top of the EM images.

The state equals the one that the package nglui builds for the same cells; a test compares the
two. Root ids are strings here; nglui writes numbers, which JavaScript would round.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from microns_widgets import palette
from microns_widgets.errors import InvalidArgument
from microns_widgets.tables.cell_links import (
    SITE,
    dimensions,
    has_images,
    images_state,
    voxels,
)

#: A link with more synapses would be too long for browsers.
MOST_SYNAPSES = 3000


def neuroglancer_sources(source: str) -> dict[str, Any] | None:
    """Return what a link needs to know about the dataset, or None if it has no images.

    Returns
    -------
    dict or None
        ``url`` of the site, ``state`` without cells and synapses, ``most`` synapses in a link.
    """
    if not has_images(source):
        return None
    state = images_state(source)
    state["layers"] += [_annotation_layer(direction) for direction in ("input", "output")]
    return {"url": SITE, "state": state, "most": MOST_SYNAPSES}


def neuroglancer_state(
    world: Mapping[str, Any],
    cells: Iterable[int],
    synapses: pd.DataFrame,
    position: Sequence[float] | None = None,
) -> dict[str, Any]:
    """Return Neuroglancer's state for cells and synapses.

    Parameters
    ----------
    world : mapping
        Result of `_viewer_data.world`.
    cells : iterable of int
        Root ids.
    synapses : pandas.DataFrame
        Result of `_viewer_data.synapse_table`. The link contains the 3,000 largest.
    position : sequence of float, optional
        Centre of the first view, in nm.

    Raises
    ------
    InvalidArgument
        If the dataset has no images to show.
    """
    sources = world["neuroglancer"]
    if sources is None:
        raise InvalidArgument(
            f"This dataset ({world['source'] or 'unknown source'}) has no images to show. "
            "Neuroglancer links work for cells of the MICrONS dataset minnie65_public: "
            "mw.load(1300)."
        )
    state: dict[str, Any] = copy.deepcopy(sources["state"])
    if position is not None:
        state["position"] = voxels(position)
    _, segmentation, *sides = state["layers"]
    segmentation["segments"] = [str(root_id) for root_id in cells]
    largest = synapses
    if len(synapses) > sources["most"]:
        if "size" in synapses:
            synapses = synapses.sort_values("size", ascending=False, kind="stable")
        largest = synapses[: sources["most"]]
        largest = largest.sort_index()
    for side in sides:
        own = largest[largest["direction"] + "s" == side["name"]]
        side["annotations"] = [_point(row) for row in own.to_dict("records")]
    return state


def _annotation_layer(direction: str) -> dict[str, Any]:
    local = {
        "url": "local://annotations",
        "transform": {"outputDimensions": dimensions((1, 1, 1))},
    }
    return {
        "type": "annotation",
        "source": [local],
        "annotationColor": palette.color(direction),
        "annotations": [],
        "linkedSegmentationLayer": {"segments": "segmentation"},
        "annotationProperties": [],
        "toolBindings": {},
        "swapVisbleSegmentsOnMove": True,
        "name": f"{direction}s",
    }


def _point(synapse: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "point",
        "id": str(synapse["id"]),
        "description": synapse["partner_type"] or "unknown",
        "segments": [[str(synapse["partner_root_id"])]],
        "props": [],
        "point": [float(synapse[axis]) for axis in "xyz"],
    }
