"""Links that show cells and their synapses in Neuroglancer, on the images themselves.

The state is the one that the package nglui builds for the same request; a test compares
them. Root ids are strings here, where nglui writes numbers, which JavaScript would round.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import pandas as pd

from microns_widgets import palette

#: Where the public volume can be looked at.
SITE = "https://spelunker.cave-explorer.org/"
_IMAGES = "precomputed://https://bossdb-open-data.s3.amazonaws.com/iarpa_microns/minnie/minnie65/em"
_SEGMENTATION = (
    "graphene://middleauth+https://minnie.microns-daf.com/segmentation/table/minnie65_public"
)
#: nm of a voxel.
VOXEL = (4, 4, 40)
#: A link with more synapses would be longer than browsers take.
MOST_SYNAPSES = 3000


def neuroglancer_sources(source: str) -> dict[str, Any] | None:
    """Return what a link needs of the data set; None where there are no images of it.

    Returns
    -------
    dict or None
        ``url`` of the site, ``state`` without cells and synapses, ``most`` synapses in it.
    """
    if "minnie65" not in source:
        return None
    state = {
        "dimensions": _dimensions(VOXEL),
        "layers": [
            {"type": "image", "source": [_source(_IMAGES)], "name": "imagery"},
            {
                "type": "segmentation",
                "source": [_source(_SEGMENTATION)],
                "segments": [],
                "selectedAlpha": 0.2,
                "notSelectedAlpha": 0.0,
                "objectAlpha": 0.9,
                "segmentColors": {},
                "meshSilhouetteRendering": 0.0,
                "pick": True,
                "name": "segmentation",
            },
            *(_annotation_layer(direction) for direction in ("input", "output")),
        ],
        "layout": "xy-3d",
        "showSlices": False,
        "crossSectionScale": 1.0,
        "projectionScale": 50000.0,
    }
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
        As `_viewer_data.world` makes it.
    cells : iterable of int
        Root ids.
    synapses : pandas.DataFrame
        As `_viewer_data.synapse_table` makes it; of more than 3,000 the largest go along.
    position : sequence of float, optional
        Where to begin, in nm.

    Raises
    ------
    ValueError
        If the data set has no images that could be shown.
    """
    known = world["neuroglancer"]
    if known is None:
        raise ValueError(
            f"There are no images of this data set ({world['source'] or 'its source is not said'}):"
            " Neuroglancer can show cells of MICrONS's minnie65_public."
        )
    state: dict[str, Any] = copy.deepcopy(known["state"])
    if position is not None:
        state["position"] = [value / nm for value, nm in zip(position, VOXEL, strict=True)]
    _, segmentation, *sides = state["layers"]
    segmentation["segments"] = [str(root_id) for root_id in cells]
    largest = synapses
    if len(synapses) > known["most"]:
        largest = synapses.sort_values("size", ascending=False, kind="stable")[: known["most"]]
        largest = largest.sort_index()
    for side in sides:
        own = largest[largest["direction"] + "s" == side["name"]]
        side["annotations"] = [_point(row) for row in own.to_dict("records")]
    return state


def state_url(state: Mapping[str, Any], site: str = SITE) -> str:
    """Return the link that opens a state."""
    # The characters that encodeURI leaves alone, as the front end and nglui do.
    return f"{site}#!{quote(json.dumps(state, separators=(',', ':')), safe=_LEFT_ALONE)}"


_LEFT_ALONE = "!#$&'()*+,/:;=?@~"


def _dimensions(nm: Iterable[float]) -> dict[str, Any]:
    return {axis: [value * 1e-9, "m"] for axis, value in zip("xyz", nm, strict=True)}


def _source(url: str) -> dict[str, Any]:
    return {
        "url": url,
        "transform": {"outputDimensions": _dimensions(VOXEL)},
        "subsources": {},
        "enableDefaultSubsources": True,
    }


def _annotation_layer(direction: str) -> dict[str, Any]:
    local = {
        "url": "local://annotations",
        "transform": {"outputDimensions": _dimensions((1, 1, 1))},
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
